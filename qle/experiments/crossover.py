"""Crossovers: where weak coupling ends, at the largest A_g; and omega_x, where D leaves its omega^4 law."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.measurements.ensemble import Ensemble
from qle.measurements.soft_modes import soft_modes
from qle.statistics.crossover import crossover
from qle.statistics.resampling import resampled_sums
from qle.verification.comparison import Comparison, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
STEP = 1.25  # between couplings
COUPLINGS = STEP ** np.arange(-4.0, 5.0)  # in units of J_x
CUT = 0.45  # of the frequency of an oscillator of kappa = 0 in the field; D is half its law at 0.74
LAW_CUT = 0.5  # of omega_x as predicted: A_g is measured below
SIZES = {True: (250, 600), False: (500, 2000)}  # N, samples
SEED, RESAMPLES = 121, 200


def largest(quick: bool) -> list[Comparison]:
    """Count modes below one frequency at couplings about J_x, for three stiffness laws and two fields."""
    size, samples = 300, 150 if quick else 600
    places = ((0.01, 0.3), (0.01, 1.0), (0.01, 3.0), (0.08, 3.0))
    peaks = [_peaks(h, kappa_0, size, samples) for h, kappa_0 in places]
    how = (
        f"modes below {CUT:g} of the frequency of kappa = 0 at nine couplings, {samples} samples of N = "
        f"{size} each, maximum of a parabola through their logarithms; error from resampling samples; "
        "tolerance: "
    )
    found = []
    for (h, kappa_0), logs in zip(places, peaks, strict=True):
        quantity = f"ln(J/J_x) of the largest A_g, kappa_0 = {kappa_0:g}, h = {h:g}"
        text = f"{how}a factor of two, as the constant is an estimate"
        allowed = math.log(2.0)
        found.append(_between("glassy-crossover", quantity, 0.0, logs, text, tolerance=allowed))
    return [
        *found,
        _peak_power("kappa_0", (0.0, 1.0), (places[0], places[2]), (peaks[0], peaks[2]), how),
        _peak_power("h", (0.0, 2.0 / 3.0), (places[2], places[3]), (peaks[2], peaks[3]), how),
    ]


def _peaks(h: float, kappa_0: float, size: int, samples: int) -> Array:
    """Return ln(J/J_x) where there are most modes: of the samples, and of replicates of them."""
    J_x = float(formulas.crossover_coupling(np, h, kappa_0, 1.0))
    cut = CUT * float(formulas.crossover_frequency(np, h, 1.0))
    counts = np.empty((samples, COUPLINGS.size))
    for k, J in enumerate(J_x * COUPLINGS):
        params = khgps.KHGPS(N=size, J=float(J), h=h, kappa_0=kappa_0)
        counts[:, k] = soft_modes(params, cut, samples=samples, seed=120, lower=False).counts
    totals = np.vstack([counts.sum(axis=0), resampled_sums(counts, RESAMPLES)])
    fits = [np.polyfit(np.log(COUPLINGS), np.log(n), 2, w=np.sqrt(n)) for n in np.maximum(totals, 0.5)]
    return np.array([-0.5 * fall / rise for rise, fall, _ in fits])


def _peak_power(
    what: str,
    others: tuple[float, ...],
    places: Sequence[tuple[float, float]],
    peaks: Sequence[Array],
    how: str,
) -> Comparison:
    """Compare a power of the J of the largest A_g between two places (h, kappa_0).

    The reaction J^2 chi stands beside h^(2/3): if it is all that counts, J ~ h^(1/3)/chi^(1/2).
    """
    step = math.log(max(b / a for a, b in zip(*places, strict=True)))
    ends = [math.log(float(formulas.crossover_coupling(np, h, k, 1.0))) for h, k in places]
    logs = [k * abs(float(formulas.weak_response(np, h, k, 1.0))) for h, k in places]
    allowed = 0.5 * abs(math.log(logs[1] / logs[0])) / step
    powers = (ends[1] - ends[0] + peaks[1] - peaks[0]) / step
    text = f"{how}(kappa_0 chi)^(-1/2), what the reaction changes if it is all that counts"
    quantity, predicted = f"power of J of the largest A_g in {what}", (ends[1] - ends[0]) / step
    return _between(
        "glassy-crossover", quantity, predicted, powers, text,
        tolerance=allowed, alternatives={f"J_x ~ {what}^{x:.2g}": x for x in others},
    )  # fmt: skip


def _between(
    claim: str, quantity: str, predicted: float, values: Array, how: str, **options: Any
) -> Comparison:
    """Compare the first of the values; the others are replicates of it. `options` are those of `sampled`."""
    return sampled(claim, quantity, predicted, values[0], values[1:].std(ddof=1), how, **options)


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
    left = _leaving(places, quick)
    how = f"{_counted(quick)}, E0 = 1; tolerance: h^(2/3)/kappa_0, left out of ln omega_x, at most"
    pairs = {
        "h, weak coupling": ((0, 1), 8.0, (0.0, 2.0 / 3.0)),
        "kappa_0, weak coupling": ((0, 2), 3.0, (-0.5, 0.5)),
    }
    found = []
    for what, (pair, step, others) in pairs.items():
        allowed = max(places[k].h ** (2.0 / 3.0) / places[k].kappa_0 for k in pair)
        found.append(
            _power(what, [places[k] for k in pair], [left[k] for k in pair], step, allowed, how, others)
        )
    return [*found, _constant("weak coupling", places[0], left[0], quick)]


def strong(quick: bool) -> list[Comparison]:
    """Compare the powers of omega_x in J and kappa_0 in quenches from high energy; h has dropped out.

    The reaction J^2 chi, chi = 2 ln(kappa_0/J)/kappa_0, beside (J x_rms)^(2/3): if it is all that counts,
    omega_x ~ J (ln(kappa_0/J)/kappa_0)^(1/2).
    """
    places = [_strong_place(J, kappa_0) for J, kappa_0 in ((0.2, 3.0), (0.8, 3.0), (0.2, 1.0))]
    left = _leaving(places, quick)
    how = (
        f"{_counted(quick)}, h = 1e-6, started at random; tolerance: ln(kappa_0/J)^(1/2), what the reaction "
        "changes if it is all that counts"
    )
    pairs = {
        "J, strong coupling": ((0, 1), 4.0, (0.5, 1.5)),
        "kappa_0, strong coupling": ((2, 0), 3.0, (0.0, -1.0)),
    }
    found = []
    for what, (pair, step, others) in pairs.items():
        logs = [math.log(places[k].kappa_0 / places[k].J) for k in pair]
        allowed = 0.5 * abs(math.log(logs[1] / logs[0]))
        found.append(
            _power(what, [places[k] for k in pair], [left[k] for k in pair], step, allowed, how, others)
        )
    return [*found, _constant("strong coupling", places[0], left[0], quick)]


def _weak_place(h: float, kappa_0: float) -> _Place:
    J = math.sqrt(float(formulas.weak_exponent(np, 1.0, h, kappa_0, 1.0)))  # E0 ~ 1/J^2 is 1 there
    return _Place(J, h, kappa_0, "decoupled", float(formulas.crossover_frequency(np, h, 1.0)))


def _strong_place(J: float, kappa_0: float) -> _Place:
    predicted = float(formulas.strong_crossover_frequency(np, J, kappa_0))
    return _Place(J, 1e-6, kappa_0, "random", predicted)


def _counted(quick: bool) -> str:
    size, samples = SIZES[quick]
    return f"D half or twice its omega^4 law, {samples} samples of N = {size}"


def _leaving(places: Sequence[_Place], quick: bool) -> list[tuple[float, float]]:
    """Return ln omega_x at each place, and its standard error."""
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
    omega_x, errors = left["omega_x"].values, left["omega_x_error"].values
    return list(zip(np.log(omega_x).tolist(), (errors / omega_x).tolist(), strict=True))


def _frequencies(place: _Place, size: int, samples: int) -> np.ndarray:
    """Return all frequencies of minima, shape (samples, size)."""
    params = khgps.KHGPS(N=size, J=place.J, h=place.h, kappa_0=place.kappa_0)
    omega = np.empty((samples, size))
    ensemble = Ensemble(params=params, seed=SEED, protocol=Protocol(start=place.start, tol=1e-8))
    for sample, (problem, x) in enumerate(ensemble.minima(samples)):
        omega[sample] = np.sqrt(quartic.spectrum(problem, x))
    return omega


def _power(
    what: str,
    places: Sequence[_Place],
    left: Sequence[tuple[float, float]],
    step: float,
    allowed: float,
    how: str,
    others: tuple[float, ...],
) -> Comparison:
    """Compare a power of omega_x, between two places a factor `step` apart; `allowed` is of ln omega_x."""
    (low, low_error), (high, high_error) = left
    predicted = math.log(places[1].predicted / places[0].predicted) / math.log(step)
    measured, error, tolerance = (
        x / math.log(step) for x in (high - low, math.hypot(low_error, high_error), allowed)
    )
    quantity = f"power of omega_x in {what}"
    alternatives = {f"power {x:.2g} of {what}": x for x in others}
    return sampled(
        "glassy-omega_x", quantity, predicted, measured, error, how, tolerance=tolerance,
        alternatives=alternatives,
    )  # fmt: skip


def _constant(where: str, place: _Place, left: tuple[float, float], quick: bool) -> Comparison:
    how = f"{_counted(quick)}; tolerance: a factor of two, as the constant is that of one oscillator"
    quantity = f"ln of omega_x over its estimate, {where}"
    measured = left[0] - math.log(place.predicted)
    return sampled("glassy-omega_x", quantity, 0.0, measured, left[1], how, tolerance=math.log(2.0))


EXPERIMENTS = (
    Experiment(claims=("glassy-crossover",), run=largest, seconds=15.0),
    Experiment(claims=("glassy-omega_x",), run=weak, seconds=10.0),
    Experiment(claims=("glassy-omega_x",), run=strong, seconds=10.0),
)
