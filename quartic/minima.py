"""Minimisation of the energy: one face for all methods."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

import arguments
from arguments import brief
from landscape import disorder
from landscape.arrays import Vector
from landscape.modes.certificate import CERTIFIED_SIZE
from quartic.methods.cg import cg
from quartic.methods.descent import descent
from quartic.methods.fire import fire
from quartic.methods.lbfgs import lbfgs
from quartic.methods.newton import newton
from quartic.minimisation import Callback, Minimisation
from quartic.modes import low_modes, positive_definite
from quartic.problem import Problem
from quartic.starts import starting_point
from quartic.units import scaled

_METHODS: dict[str, Callable[[Minimisation], None]] = {
    "lbfgs": lbfgs,
    "cg": cg,
    "fire": fire,
    "descent": descent,
    "newton": newton,
}
METHODS = tuple(_METHODS)
_LEAST_FLOAT = 2.0**-1074
STATUSES = ("converged", "saddle", "max_products", "stalled")


@brief()
@dataclass(frozen=True, eq=False)
class Minimum:
    """Where a minimisation ended, and how.

    Attributes
    ----------
    x : (N,) array
        The configuration.
    energy : float
        H(x), of all N oscillators together.
    gradient_norm : float
        max_i |dH/dx_i|.
    force_scale : float
        The typical force: the root mean square over sites of
        |kappa_i x_i| + |sum_j J_ij x_j| + A |x_i|^3/6 + |h_i|. Without a field it is never less than
        1e-6 K (6 K/A)^(1/2), with K = `Problem.linear_strength`, so that a minimum at x = 0, where all forces
        vanish together, can be reached.
    products : int
        Coupling-matrix products J v made: the unit of work.
    lowest_eigenvalue : float or None
        Of the Hessian at x, where it was computed.
    status : {"converged", "saddle", "max_products", "stalled"}
        ``"converged"``: gradient_norm <= tol * force_scale, with J x from a product of its own.
        ``"saddle"``: converged, but the lowest eigenvalue is not positive. ``"max_products"``: the work
        allowed is used up. ``"stalled"``: rounding allows no further progress, or the result is beyond the
        range of floats.
    method, start, seed, tol
        The protocol. In a glassy landscape the minimum depends on it. `start` is ``"array"`` for a start
        that was given as one.
    """

    x: Vector
    energy: float
    gradient_norm: float
    force_scale: float
    products: int
    lowest_eigenvalue: float | None
    status: str
    method: str
    start: str
    seed: int
    tol: float


class MinimizationError(RuntimeError):
    """A minimisation did not end in a minimum; `result` holds where it ended."""

    def __init__(self, result: Minimum) -> None:
        super().__init__(_failure(result))
        self.result = result


def minimize(
    problem: Problem,
    *,
    method: str = "lbfgs",
    start: str | ArrayLike = "decoupled",
    tol: float = 1e-10,
    max_products: int = 100_000,
    seed: int = 0,
    certify: bool | None = None,
    check: bool = True,
    callback: Callback | None = None,
) -> Minimum:
    """Return a local minimum of the energy.

    Converged means max_i |dH/dx_i| <= tol * F, with F the typical force at x (`Minimum.force_scale`); both
    scale alike under the exact rescaling of H. The energy never rises along the path of any method. In a
    glassy landscape different protocols (method and start) end in different minima:

    * ``"descent"`` follows the overdamped gradient flow dx/dt = -grad H (`quartic.methods.descent` says how
      closely): the physical quench, and the only method whose minimum is that of the start's own basin.
    * ``"lbfgs"``, ``"cg"`` (quasi-Newton, nonlinear conjugate gradients): cheapest. Each step ends in
      the first minimum along its line, but steps are long: a minimum nearby, by no dynamics.
    * ``"newton"``: truncated Newton; few outer steps, quadratic convergence.
    * ``"fire"``: damped inertial dynamics, common in simulations of glasses.

    and ``"zero"`` starts from the point that the field drives out of, ``"decoupled"`` from what couplings
    switched on suddenly would find, ``"random"`` from high energy (a quench from infinite temperature),
    ``"kick"`` from x = 0 but for small random displacements: without a field, x = 0 is stationary.

    Parameters
    ----------
    problem : Problem
    method : {"lbfgs", "cg", "fire", "descent", "newton"}
    start : {"zero", "decoupled", "random", "kick"} or (N,) array
        See `quartic.starts.starting_point`.
    tol : float
        Relative to the typical force; in (0, 1).
    max_products : int
        Bound on the number of coupling-matrix products.
    seed : int in [0, 2**64)
        Address of the random starts; only they and "kick" use it.
    certify : bool, optional
        Whether to refuse a point whose Hessian is not positive definite; True computes its lowest eigenvalue.
        By default a Cholesky factor decides, up to N = 4000 (`quartic.positive_definite`), and it is computed
        only where it fails. A start that is itself stationary (x = 0 at zero field) is always looked at.
    check : bool
        Raise if the result is no minimum. False returns it, with its status, for the caller to judge.
    callback : callable, optional
        Called as callback(x, energy) after every step, with a copy of x.

    Returns
    -------
    Minimum

    Raises
    ------
    ValueError
        For an argument outside its range.
    MinimizationError
        If `check` and the status is not ``"converged"``.

    Examples
    --------
    A sample of the mean-field model where there is one minimum; its response is near that for N -> infinity:

    >>> import khgps, quartic
    >>> model = khgps.KHGPS(N=400, J=0.2, h=0.5, kappa_min=1.0)
    >>> problem = khgps.draw(model, seed=1, sample=0)
    >>> minimum = quartic.minimize(problem)
    >>> minimum.status, round(quartic.response(problem, minimum.x), 2), round(khgps.solve_rs(model).chi, 2)
    ('converged', 0.92, 0.92)

    Where there are many, what is found depends on the start:

    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, -0.1], [-0.1, 0.0]], 0.0, 6.0)
    >>> [round(quartic.minimize(pair, start=x).energy, 4) for x in ([1.0, 1.0], [1.0, -1.0])]
    [-0.605, -0.405]
    """
    tol, max_products, seed = check_protocol(problem, method, tol, max_products, seed)
    run = Minimisation(problem, starting_point(problem, start, seed), tol, max_products, callback)
    run.begin()
    stationary = run.at_goal
    status = run.to_end(_METHODS[method])
    lowest = None
    wanted = problem.size <= CERTIFIED_SIZE if certify is None else certify
    if status == "converged" and (wanted or stationary):
        status, lowest = judge(run.problem, run.x, exactly=bool(certify))
    result = summarise(run, status, lowest, method, start, seed)
    if check and result.status != "converged":
        raise MinimizationError(result)
    return result


def judge(problem: Problem, x: Vector, *, exactly: bool) -> tuple[str, float | None]:
    """Return the status of a stationary point, and its lowest eigenvalue where it was computed."""
    if not exactly and problem.size <= CERTIFIED_SIZE and positive_definite(problem, x):
        return "converged", None
    lowest = float(low_modes(problem, x, 1).eigenvalues[0])
    return "converged" if lowest > 0.0 else "saddle", lowest


def summarise(
    run: Minimisation, status: str, lowest: float | None, method: str, start: str | ArrayLike, seed: int
) -> Minimum:
    """Return the record of a run that has ended, in the units of the problem given."""
    length, energy = np.add(run.units, run.origin).tolist()
    norm, force = (float(scaled(f, energy - length)) for f in (run.gradient_norm, run.force_scale))
    return Minimum(
        x=scaled(run.x, length),
        energy=float(scaled(run.energy, energy)),
        gradient_norm=norm,
        force_scale=force,
        products=run.products,
        lowest_eigenvalue=None if lowest is None else float(scaled(lowest, energy - 2 * length)),
        status="stalled" if status == "converged" and beyond_floats(run) else status,
        method=method,
        start=start if isinstance(start, str) else "array",
        seed=seed,
        tol=run.tol,
    )


def beyond_floats(run: Minimisation) -> bool:
    """Return whether x or H(x) is no float in the units of the problem given, or x one without the digits."""
    length, energy = np.add(run.units, run.origin).tolist()
    size = float(scaled(np.abs(run.x).max(), length))
    short = bool(run.x.any()) and size * run.tol < _LEAST_FLOAT
    return short or not np.isfinite([size, float(scaled(run.energy, energy))]).all()


def check_protocol(
    problem: Problem, method: str, tol: float, max_products: int, seed: int
) -> tuple[float, int, int]:
    """Return tol, max_products and seed; raise ValueError for a bad one, or a problem that sets no scale."""
    arguments.choice("method", method, METHODS)
    tol, max_products = arguments.fraction("tol", tol), arguments.count("max_products", max_products)
    seed = arguments.seed(seed, below=disorder.WORD**2)
    if problem.linear_strength == 0.0 and not problem.field.any():
        raise ValueError(
            "stiffness, coupling and field are all zero: no force sets a scale for the minimum x = 0"
        )
    return tol, max_products, seed


def _failure(result: Minimum) -> str:
    state = (
        f"{result.method} from {result.start}: largest |gradient| {result.gradient_norm:.3g} after "
        f"{result.products} products, tol * typical force = {result.tol * result.force_scale:.3g}"
    )
    advice = {
        "saddle": f"ended in a saddle of lowest eigenvalue {result.lowest_eigenvalue}; "
        "try start='random' or 'kick'",
        "max_products": "max_products is used up",
        "stalled": "rounding allows no further progress; tol is too small",
    }
    largest = float(np.abs(result.x).max())
    if result.status == "stalled" and not (largest > sys.float_info.min and np.isfinite(result.energy)):
        advice["stalled"] = (
            f"displacements of {largest:.3g} or energy {result.energy:.3g} beyond the range of floats; "
            "rescale the problem"
        )
    return f"{advice[result.status]} ({state})"
