"""Crossovers: where weak coupling ends, at the largest A_g; and omega_x, where D leaves its omega^4 law."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

import khgps
import quartic
from qle.statistics.crossover import crossover
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from qle.verification.soft_modes import soft_modes
from theory import formulas

STEP = 1.25  # between couplings
COUPLINGS = STEP ** np.arange(-4.0, 5.0)  # in units of J_x
CUT = 0.3  # of the frequency of an oscillator of kappa = 0 in the field
LAW_CUT = 0.5  # of omega_x as predicted: A_g is measured below
SIZES = {True: (250, 600), False: (500, 2000)}  # N, samples
SEED = 121


def largest(quick: bool) -> list[Comparison]:
    """Count modes below one frequency at couplings about J_x, for three stiffness laws."""
    size, samples = 300, 150 if quick else 500
    found = []
    for h, kappa_0 in ((0.01, 0.3), (0.01, 1.0), (0.01, 3.0)):
        J_x = float(formulas.crossover_coupling(np, h, kappa_0, 1.0))
        cut = CUT * float(formulas.crossover_frequency(np, h, 1.0))
        counts = []
        for J in J_x * COUPLINGS:
            params = khgps.KHGPS(N=size, J=float(J), h=h, kappa_0=kappa_0)
            modes = soft_modes(params, cut, samples=samples, seed=120, lower=False)
            counts.append(modes.frequency.size)
        rise, fall, _ = np.polyfit(np.log(COUPLINGS), np.log(np.maximum(counts, 0.5)), 2, w=np.sqrt(counts))
        how = (
            f"modes below {cut:.3g} at nine couplings, {samples} samples of N = {size} each, maximum of a "
            "parabola through their logarithms; tolerance: a factor of two, as the constant is an estimate"
        )
        quantity = f"ln(J/J_x) of the largest A_g, kappa_0 = {kappa_0:g}, h = {h:g}"
        found.append(computed("glassy-crossover", quantity, 0.0, -0.5 * fall / rise, math.log(2.0), how))
    return found


class _Place(NamedTuple):
    """Parameters, where the minimisation starts, and omega_x by the formula."""

    J: float
    h: float
    kappa_0: float
    start: str
    predicted: float


def weak(quick: bool) -> list[Comparison]:
    """Compare the powers of omega_x in h and kappa_0 at E0 = 1, where fields keep the shape of their law."""
    places = [_weak_place(h, kappa_0) for h, kappa_0 in ((0.01, 1.0), (0.08, 1.0), (0.01, 3.0))]
    logs, error = _leaving(places, quick)
    left_out = places[1].h ** (2.0 / 3.0)
    how = (
        f"{_counted(quick)}, E0 = 1; tolerance: h^(2/3)/kappa_0 = {left_out:.2g}, left out of ln omega_x, "
        f"and three standard errors, {3.0 * error:.2g}"
    )
    allowed = left_out + 3.0 * error
    return [
        _power("h, weak coupling", places[:2], logs[:2], 8.0, allowed, how),
        _power("kappa_0, weak coupling", places[::2], logs[::2], 3.0, allowed, how),
        _constant("weak coupling", logs[0] - math.log(places[0].predicted), quick),
    ]


def strong(quick: bool) -> list[Comparison]:
    """Compare the powers of omega_x in J and kappa_0 in quenches from high energy; h has dropped out."""
    places = [_strong_place(J, kappa_0) for J, kappa_0 in ((0.2, 3.0), (0.8, 3.0), (0.2, 1.0))]
    logs, error = _leaving(places, quick)
    how = (
        f"{_counted(quick)}, h = 1e-6, started at random; tolerance: 1/ln(kappa_0/J), as what is left out is "
        f"of relative order ln(kappa_0/J); standard error {error:.2g} of ln omega_x"
    )
    left_out = [1.0 / math.log(ratio) for ratio in (3.0 / 0.4, math.sqrt(3.0) / 0.2)]
    return [
        _power("J, strong coupling", places[:2], logs[:2], 4.0, left_out[0] * math.log(4.0), how),
        _power("kappa_0, strong coupling", places[::-2], logs[::-2], 3.0, left_out[1] * math.log(3.0), how),
        _constant("strong coupling", logs[0] - math.log(places[0].predicted), quick),
    ]


def _weak_place(h: float, kappa_0: float) -> _Place:
    J = math.sqrt(float(formulas.weak_exponent(np, 1.0, h, kappa_0, 1.0)))  # E0 ~ 1/J^2 is 1 there
    return _Place(J, h, kappa_0, "decoupled", float(formulas.crossover_frequency(np, h, 1.0)))


def _strong_place(J: float, kappa_0: float) -> _Place:
    predicted = float(formulas.strong_crossover_frequency(np, J, kappa_0))
    return _Place(J, 1e-6, kappa_0, "random", predicted)


def _counted(quick: bool) -> str:
    size, samples = SIZES[quick]
    return f"D half or twice its omega^4 law, {samples} samples of N = {size}"


def _leaving(places: Sequence[_Place], quick: bool) -> tuple[list[float], float]:
    """Return ln omega_x at each place, and the largest standard error of a difference of two of them."""
    size, samples = SIZES[quick]
    omega = np.stack([_frequencies(place, size, samples) for place in places])
    meaning = {"flag_values": np.zeros(1, np.int8), "flag_meanings": "converged"}
    dataset = xr.Dataset(
        {
            "status": (("place", "sample"), np.zeros(omega.shape[:2], np.int8), meaning),
            "frequency": (("place", "sample", "mode"), omega),
        },
        coords={"place": np.arange(len(places)), "N": size},
    )
    cutoff = xr.DataArray([LAW_CUT * place.predicted for place in places], dims="place")
    left = crossover(dataset, cutoff=cutoff.assign_coords(place=dataset["place"]))
    errors = np.sort(left["omega_x_error"].values / left["omega_x"].values)
    return np.log(left["omega_x"].values).tolist(), float(np.hypot(*errors[-2:]))


def _frequencies(place: _Place, size: int, samples: int) -> np.ndarray:
    """Return all frequencies of minima, shape (samples, size)."""
    params = khgps.KHGPS(N=size, J=place.J, h=place.h, kappa_0=place.kappa_0)
    omega = np.empty((samples, size))
    for sample in range(samples):
        problem = khgps.draw(params, seed=SEED, sample=sample)
        x = quartic.minimize(problem, start=place.start, seed=sample, tol=1e-8).x
        omega[sample] = np.sqrt(quartic.spectrum(problem, x))
    return omega


def _power(
    what: str, places: Sequence[_Place], logs: Sequence[float], step: float, allowed: float, how: str
) -> Comparison:
    """Compare a power of omega_x, between two places a factor `step` apart; `allowed` is of ln omega_x."""
    ends = [math.log(place.predicted) for place in places]
    predicted, measured = ((high - low) / math.log(step) for low, high in (ends, logs))
    quantity = f"power of omega_x in {what}"
    return computed("glassy-omega_x", quantity, predicted, measured, allowed / math.log(step), how)


def _constant(where: str, measured: float, quick: bool) -> Comparison:
    how = f"{_counted(quick)}; tolerance: a factor of two, as the constant is that of one oscillator"
    return computed(
        "glassy-omega_x", f"ln of omega_x over its estimate, {where}", 0.0, measured, math.log(2.0), how
    )


EXPERIMENTS = (
    Experiment(claims=("glassy-crossover",), run=largest, seconds=15.0),
    Experiment(claims=("glassy-omega_x",), run=weak, seconds=10.0),
    Experiment(claims=("glassy-omega_x",), run=strong, seconds=10.0),
)
