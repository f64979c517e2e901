"""The gradient flow of infinitely many oscillators: dynamical mean field, by samples of one site."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, choice, count, real
from arguments import seed as checked_seed
from khgps.dynamics import batch
from khgps.dynamics.ensemble import Ensemble
from khgps.dynamics.points import normal_points, uniform_points
from khgps.model import KHGPS
from khgps.stiffness import law_nodes
from landscape.memory import memory
from quartic.oscillator import lone_minima

Array = NDArray[np.float64]
STARTS = ("zero", "decoupled", "random")
FIRST = 0.5  # step, over the largest stiffness


@brief()
@dataclass(frozen=True, kw_only=True, eq=False)
class Dynamics:
    """The flow x' = -grad H at the times reached, N -> infinity; errors are standard errors of the batches.

    Attributes
    ----------
    times : (n,) array
        Those reached.
    energy, energy_error : (n,) arrays
        Per oscillator: the mean of the three estimates. The error holds their spread.
    energies : (3, n) array
        With the coupling's energy as -J^2 int R(t,s) C(t,s) ds; as -E[x F]/2, F the coupling force; and
        e(0) - int E[x'^2] dt. They agree but for noise.
    mean_x, mean_x_error : (n,) arrays
        E[x].
    dissipation, dissipation_error : (n,) arrays
        E[x'^2] = -de/dt.
    C, C_error : (n, n) arrays
        E[x(t) x(s)] at the times.
    R, R_error : (n, n) arrays
        R[i, j] = E[dx(t_i)/dx(t_j)], the response to a jump at t_j: 0 before it, 1 just after it.
    chi, chi_error : (n,) arrays
        int_0^t R(t, s) ds, the response of E[x] to a field on each site itself since t = 0.
    x : (n, batches, samples) array
        The samples, all of the same weight: their law is that of one site.
    stiffness : (batches, samples) array
        Of the samples.
    steps : (batches,) array
        Steps taken.
    local_error : float
        Local errors of the steps, added up, root mean square over that of x; the largest of the batches. They
        are estimated at an order below that of the steps: errors are smaller.
    status : {"complete", "noise"}
        ``"noise"``: before the next of the times asked for, the estimates of the energy came apart in one of
        the batches, by more than 5 percent of what it has fallen by and a thousandth of itself.
    """

    times: Array
    energy: Array
    energy_error: Array
    energies: Array
    mean_x: Array
    mean_x_error: Array
    dissipation: Array
    dissipation_error: Array
    C: Array
    C_error: Array
    R: Array
    R_error: Array
    chi: Array
    chi_error: Array
    x: Array
    stiffness: Array
    steps: NDArray[np.int64]
    local_error: float
    status: str


def solve_dynamics(
    params: KHGPS,
    *,
    times: ArrayLike,
    start: str = "zero",
    samples: int = 4096,
    batches: int = 3,
    seed: int = 0,
    rtol: float = 5e-4,
    longest: float | None = None,
) -> Dynamics:
    """Return the gradient flow x' = -grad H in the limit of large N, from a start that knows no couplings.

    A = 1. Each site moves by

        x' = -kappa x - x^3/6 + h + J^2 int_0^t R(t,s) x(s) ds + J xi(t),    <xi(t) xi(s)> = C(t,s),

    with C = E[x(t) x(s)] and R = E[dx(t)/dx(s)] of the same law (`khgps.dynamics.ensemble`). Averages are
    over scrambled Sobol points, independent between batches.

    Parameters
    ----------
    params : KHGPS
        N, which is infinite here, is ignored, and so is `coupling`.
    times : (n,) array
        Where to look, ascending, >= 0.
    start : {"zero", "decoupled", "random"}
        As in `quartic.minimize`: x = 0; the minima without couplings; independent normal x, far up.
    samples : int
        Of each batch, a power of two from 64 to 2^20. They take 6 samples (steps)^2 (3 + n/steps) bytes.
    batches : int
        At least 2 for errors, which are nan otherwise.
    seed : int
        In [0, 2**32). With it results are the same for any number of threads.
    rtol : float
        Largest local error of a step, of the root mean square x.
    longest : float, optional
        Largest step.

    Returns
    -------
    Dynamics

    Raises
    ------
    ValueError
        For an argument outside its range.
    MemoryError
        Where the tangents of 100 steps find no room.

    Examples
    --------
    Without coupling, oscillators of stiffness 1 in a small field go as h (1 - e^-t):

    >>> import khgps
    >>> model = khgps.KHGPS(N=2, J=0.0, h=1e-3, kappa_min=1.0)
    >>> flow = khgps.solve_dynamics(model, times=[0.5, 1.0], samples=64)
    >>> (flow.mean_x * 1e3).round(4), flow.R.round(4).tolist(), flow.status
    (array([0.3935, 0.6321]), [[1.0, 0.0], [0.6065, 1.0]], 'complete')
    """
    times = array("times", times, ("n",), least=0.0)
    for place in np.flatnonzero(np.diff(times) <= 0.0):
        before, after = times[place : place + 2]
        raise ValueError(f"times[{place + 1}] = {after}: must be above times[{place}] = {before}")
    choice("start", start, STARTS)
    samples = count("samples", samples, least=64, most=2**20)
    if samples & (samples - 1):
        raise ValueError(f"samples = {samples}: must be a power of two")
    batches, seed = count("batches", batches), checked_seed(seed)
    rtol = real("rtol", rtol, above=0.0, most=1.0)
    longest = math.inf if longest is None else real("longest", longest, above=0.0)
    _check_memory(samples, times.size)
    first = FIRST / _stiffness(params)
    records, stiffness = [], np.empty((batches, samples))
    for k in range(batches):
        ensemble = _ensemble(params, start, samples, seed, k)
        stiffness[k] = ensemble.kappa
        records.append(batch.run(ensemble, times, first, rtol, longest))
    return _summary(params, times, stiffness, records)


def _stiffness(params: KHGPS) -> float:
    """Return the largest stiffness that counts where a flow begins."""
    anharmonic = float(np.cbrt(params.h**2 * params.A))
    return max(abs(params.kappa_min), abs(params.kappa_0), anharmonic) + 2.0 * params.J


def _ensemble(params: KHGPS, start: str, samples: int, seed: int, k: int) -> Ensemble:
    """Return the samples of a batch at t = 0, in units of A = 1: x = y/A^(1/2)."""
    points = normal_points(uniform_points(samples, seed=seed, batch=k))
    kappa, h = params.law.quantile(points[0]), params.h * math.sqrt(params.A)
    x = np.zeros(samples)
    if start == "decoupled":
        lone_minima(kappa, np.full(samples, h), np.ones(samples), x)
    if start == "random":
        x = _random_amplitude(params, h) * points[1]
    return Ensemble(kappa, x, points[2:], params.J, h)


def _random_amplitude(params: KHGPS, h: float) -> float:
    """Return `quartic.starts.random_amplitude` for N -> infinity, at A = 1."""
    nodes, weights = law_nodes(params.law, params.kappa_min, 1.0)
    K = math.sqrt(float(weights @ nodes**2) + params.J**2)
    return max(float(np.cbrt(6.0 * h)), math.sqrt(6.0 * K))


def _check_memory(samples: int, times: int) -> None:
    need, free = samples * 100**2 * (18 + 6 * times // 100), memory()
    if free is not None and need > free:
        raise MemoryError(f"samples = {samples}: 100 steps need {need / 2**30:.3g} GiB; take fewer")


def _summary(params: KHGPS, times: Array, stiffness: Array, records: list[batch.Record]) -> Dynamics:
    """Return means and errors at the times that all batches reached, in the units of the parameters."""
    n, A = min(one.chi.size for one in records), params.A
    energies = np.array([one.energies[:, :n] for one in records]) / A
    energy, scatter = _mean(energies.mean(axis=1))
    spread = energies.mean(axis=0).std(axis=0)
    mean_x, mean_x_error = _mean(np.array([one.mean_x[:n] for one in records]) / math.sqrt(A))
    dissipation, dissipation_error = _mean(np.array([one.dissipation[:n] for one in records]) / A)
    C, C_error = _mean(np.array([one.C[:n, :n] for one in records]) / A)
    R, R_error = _mean(np.array([one.R[:n, :n] for one in records]))
    chi, chi_error = _mean(np.array([one.chi[:n] for one in records]))
    return Dynamics(
        times=times[:n], energy=energy, energy_error=np.hypot(scatter, spread),
        energies=energies.mean(axis=0), mean_x=mean_x, mean_x_error=mean_x_error,
        dissipation=dissipation, dissipation_error=dissipation_error,
        C=C, C_error=C_error, R=R, R_error=R_error, chi=chi, chi_error=chi_error,
        x=np.stack([one.x[:n] for one in records], axis=1) / math.sqrt(A), stiffness=stiffness,
        steps=np.array([one.steps for one in records]), local_error=max(one.local_error for one in records),
        status="noise" if any(one.noisy for one in records) else "complete",
    )  # fmt: skip


def _mean(values: Array) -> tuple[Array, Array]:
    """Return mean and standard error over batches, nan for one."""
    count = values.shape[0]
    mean = values.mean(axis=0)
    return mean, values.std(axis=0, ddof=1) / math.sqrt(count) if count > 1 else np.full(mean.shape, math.nan)
