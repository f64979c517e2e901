"""A_g at weak coupling, constants included: samples of KHGPS against the cavity equations and their limit."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from khgps import OneState, solve_one_state
from qle.measurements.ensemble import Ensemble
from qle.measurements.soft_modes import SoftModes, soft_modes
from qle.statistics.pooled import exponent_below
from qle.verification.comparison import BESIDE_4, Comparison, computed, counted, law, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
h = 0.01
EXCESS = 0.01  # of the modes below the cut over A_g omega^5/5, by the cavity equations
SEED = 1
SIZES = {True: (500, 1500), False: (1000, 4000)}  # N, samples
SOURCE = "the source, without what is of order J^2 in <x^2>"
CLAIMS = (
    "glassy-weak-A_g", "glassy-omega4", "S6", "softest-mode", "glassy-weak-single-well",
)  # fmt: skip


def soft(quick: bool) -> list[Comparison]:
    """Measure at kappa_0 = 0.3, E0 = 2.84."""
    return _point(0.03, 0.3, quick)


def middle(quick: bool) -> list[Comparison]:
    """Measure at kappa_0 = 0.5, E0 = 2.66."""
    return _point(0.04, 0.5, quick)


def stiff(quick: bool) -> list[Comparison]:
    """Measure at kappa_0 = 1, E0 = 2.36."""
    return _point(0.06, 1.0, quick)


def descended(quick: bool) -> list[Comparison]:
    """Count modes of minima reached by gradient descent, and those of them that are in upper wells."""
    found = []
    size, samples = SIZES[quick][0], SIZES[quick][1] // 2
    for J, kappa_0 in ((0.03, 0.3), (0.06, 1.0)):
        state = solve_one_state(J=J, h=h, kappa_0=kappa_0)
        cut = 0.09
        params = khgps.KHGPS(N=size, J=J, h=h, kappa_0=kappa_0)
        modes = soft_modes(params, cut, samples=samples, seed=SEED, method="descent", lower=False)
        how = (
            f"modes in {samples} samples of N = {size}, gradient descent from the minimum without couplings; "
            "predicted by khgps.solve_one_state"
        )
        predicted = state.fraction_below(cut, descended=True)
        place = f"below {cut:g}, J = {J:g}, kappa_0 = {kappa_0:g}"
        text = f"{modes.frequency.size} {how}; error from samples"
        quantity = f"modes per sample {place}"
        found.append(
            _moment("glassy-descended", quantity, predicted * size, modes.counts, text, scale="root")
        )
        share = state.upper_fraction_below(cut) / predicted
        found.append(
            counted(
                "glassy-descended", f"share of modes in upper wells {place}", share, modes.in_upper_well, how,
                alternatives={f"lower wells alone, kappa_0 = {kappa_0:g}": 0.0},
            )
        )  # fmt: skip
    return found


def steps(quick: bool) -> list[Comparison]:
    """Compare the slope of ln(J A_g) against E0, between E0 = 3.5 and 1.6, and in the limit of large E0."""
    found, ends = [], [solve_one_state(J=J, h=h, kappa_0=0.3) for J in (0.027, 0.04)]
    size, most = SIZES[quick]
    counts = (most, most // 5)  # the second state has twenty times the modes
    logs = []
    for state, samples in zip(ends, counts, strict=True):
        cut, modes = _sampled(state, size, samples)
        value, error = _prefactor(state, modes, cut, size)
        logs.append((math.log(state.J * value), error / value))
    gap = _weak_exponent(ends[1]) - _weak_exponent(ends[0])
    predicted = math.log(ends[1].J * ends[1].A_g / (ends[0].J * ends[0].A_g)) / gap
    slope, error = (logs[1][0] - logs[0][0]) / gap, math.hypot(logs[0][1], logs[1][1]) / abs(gap)
    quantity = "slope of ln(J A_g) in E0, between J = 0.027 and 0.04, kappa_0 = 0.3, h = 0.01"
    how = (
        f"{counts[0]} and {counts[1]} samples of N = {size}; predicted by khgps.solve_one_state, the limit -1"
    )
    others = {"half of E0": 0.5 * predicted, "twice E0": 2.0 * predicted}
    found.append(sampled("glassy-weak-exponent", quantity, predicted, slope, error, how, alternatives=others))
    near, far = (_slope(E0) for E0 in (400.0, 200.0))
    how = (
        "khgps.solve_one_state at h = 1e-9, kappa_0 = 0.3; tolerance: 1.5 times the next order, 1/E0^2, from "
        "E0 = 200"
    )
    quantity = "slope of ln(J A_g) in E0 at E0 = 400"
    found.append(computed("glassy-weak-exponent", quantity, -1.0, near, 0.5 * abs(far - near), how))
    return found


def limit(quick: bool) -> list[Comparison]:
    """Compare what order J^2 in <x^2> does to p_f(0), as J -> 0: cavity equations and closed form."""
    field, exponent = 1e-9, 3e3
    here, larger, weaker = (
        _softening(*at) for at in ((field, exponent), (field, 0.5 * exponent), (8.0 * field, exponent))
    )
    left, *changed = (measured - predicted for predicted, measured in (here, larger, weaker))
    tolerance = 1.5 * sum(abs(other - left) for other in changed)
    how = (
        "khgps.solve_one_state, kappa_0 = 0.3; tolerance: 1.5 times the changes of the difference to E0/2 "
        "and to 8 h, for corrections ~ 1/E0 and ~ E0 h^(2/3)"
    )
    quantity = f"E0 - h^2/(2 J^2 <x^2>) at h = {field:g}, E0 = {exponent:g}"
    return [computed("glassy-weak-A_g", quantity, *here, tolerance, how, alternatives={SOURCE: 0.0})]


def replicon(quick: bool) -> list[Comparison]:
    """Compare 1 - J^2 E[1/k^2] with k_i = 1/(M^-1)_ii of minima, and to order J^2."""
    state, (size, samples) = solve_one_state(J=0.03, h=h, kappa_0=0.3), SIZES[quick]
    cut, samples = 0.09, samples // 10
    softest = cut**2 / state.replicon  # sites below it have P(k) ~ k^(3/2), with no variance of 1/k^2
    predicted = state.replicon + state.J**2 * 5.0 * state.fraction_below(cut) / softest**2
    values = np.empty(samples)
    params = khgps.KHGPS(N=size, J=state.J, h=h, kappa_0=0.3)
    for sample, (problem, x) in enumerate(Ensemble(params=params, seed=SEED).minima(samples)):
        inverse = np.diag(np.linalg.inv(quartic.hessian(problem, x)))
        values[sample] = 1.0 - state.J**2 * np.mean(inverse**2 * (inverse < 1.0 / softest))
    how = (
        f"{samples} samples of N = {size}, sites of k > {softest:.2g} only; predicted by "
        "khgps.solve_one_state; error from samples"
    )
    quantity = "1 - J^2 <1/k^2>, J = 0.03, kappa_0 = 0.3"
    alone = {"other sites do not soften": 1.0}
    found = [_moment("glassy-replicon", quantity, predicted, values, how, alternatives=alone)]
    near, far = (_inverse_square(E0) for E0 in (600.0, 300.0))
    how = (
        "khgps.solve_one_state at h = 1e-9, kappa_0 = 0.3; tolerance: 1.5 times the next order, ~ 1/E0, from "
        "E0 = 300"
    )
    quantity = "J^2 E[1/k^2] over its first order in J^2, at E0 = 600"
    found.append(computed("glassy-replicon", quantity, 1.0, near, 1.5 * abs(far - near), how))
    return found


def _point(J: float, kappa_0: float, quick: bool) -> list[Comparison]:
    """Compare everything that the soft modes of one (J, kappa_0) say."""
    state = solve_one_state(J=J, h=h, kappa_0=kappa_0)
    size, samples = SIZES[quick]
    cut, modes = _sampled(state, size, samples)
    place = f"J = {J:g}, kappa_0 = {kappa_0:g}, h = {h:g}"
    value, error = _prefactor(state, modes, cut, size)
    n = modes.frequency.size
    window = f"modes below omega = {cut:.3g} in {samples} samples of N = {size}"
    how = f"{n} {window}"
    wells = (
        f"; {modes.upper} more in upper wells were moved to the lower ones; predicted by "
        f"khgps.solve_one_state, E0 = {_weak_exponent(state):.2f}; error from samples"
    )
    softening = float(formulas.weak_softening_factor(np, h, kappa_0, 1.0))
    found = [
        sampled(
            "glassy-weak-A_g", f"A_g, {place}", state.A_g, value, error, how + wells, scale="root",
            alternatives={SOURCE: state.A_g / softening},
        )
    ]  # fmt: skip
    found.append(_moment("glassy-weak-A_g", f"<x^2>, {place}", state.q, modes.mean_x2, how))
    exponent, error = exponent_below(modes.frequency, cut)
    found.append(
        sampled(
            "glassy-omega4", f"exponent of D, {place}", 4.0, exponent, error, f"{how}; maximum likelihood",
            scale="power", alternatives={f"{name}, kappa_0 = {kappa_0:g}": x for name, x in BESIDE_4.items()},
        )
    )  # fmt: skip
    found.append(_share(modes, cut, place, window))
    return [*found, _softest(modes, size, cut, place, how), _upper_stiffness(state, modes, place, window)]


def _sampled(state: OneState, size: int, samples: int) -> tuple[float, SoftModes]:
    """Return where the state first has EXCESS more modes than its limit, and the modes below."""
    cut = 0.02
    while 5.0 * state.fraction_below(cut) < (1.0 + EXCESS) * state.A_g * cut**5:
        cut *= 1.01
    params = khgps.KHGPS(N=size, J=state.J, h=state.h, kappa_0=state.kappa_0)
    return cut, soft_modes(params, cut, samples=samples, seed=SEED)


def _prefactor(state: OneState, modes: SoftModes, cut: float, size: int) -> tuple[float, float]:
    """Return A_g from the number of modes below the cut, and its standard error over samples."""
    scale = 5.0 / (size * cut**5 * (1.0 + EXCESS))
    counts = modes.counts
    return float(scale * counts.mean()), float(scale * counts.std(ddof=1) / math.sqrt(counts.size))


def _share(modes: SoftModes, cut: float, place: str, how: str) -> Comparison:
    """Compare the modes below 3/4 of the cut with those below it: numbers A_g omega_g^5 of two omega_g."""
    predicted = float(formulas.mode_number(np, 1.0, 0.75) / formulas.mode_number(np, 1.0, 1.0))
    quantity = f"modes below {0.75 * cut:.3g} over those below {cut:.3g}, {place}"
    others = {name: 0.75 ** (1.0 + x) for name, x in BESIDE_4.items()}
    return counted("S6", quantity, predicted, modes.frequency < 0.75 * cut, how, alternatives=others)


def _softest(modes: SoftModes, size: int, cut: float, place: str, how: str) -> Comparison:
    """Test the law of the softest modes below the cut, with the A_g that the number of modes gives."""
    first = np.unique(modes.sample, return_index=True)[1]  # modes of a sample are in ascending order
    A_g = 5.0 * modes.counts.mean() / (size * cut**5)
    end = formulas.softest_mode_law(np, cut, size, A_g)

    def cumulative(omega: Array) -> Array:
        return np.asarray(formulas.softest_mode_law(np, omega, size, A_g) / end)

    quantity = f"softest modes below {cut:.3g}, {place}"
    return law("softest-mode", quantity, modes.frequency[first], cumulative, f"{how}, A_g from their number")


def _upper_stiffness(state: OneState, modes: SoftModes, place: str, how: str) -> Comparison:
    """Compare the fraction of soft sites of kappa' < 0, which is what 4 sqrt(3) has beyond 4 sqrt(2)."""
    single, double = (
        float(formula(np, state.J, h, state.kappa_0, 1.0))
        for formula in (formulas.weak_prefactor_single_well, formulas.weak_prefactor_two_wells)
    )
    below = modes.stiffness < state.J**2 * state.chi
    quantity = f"fraction of soft sites with kappa' < 0, {place}"
    others = {"wells of kappa' >= 0 alone": 0.0}
    return counted(
        "glassy-weak-single-well", quantity, 1.0 - single / double, below, how, alternatives=others
    )


def _moment(
    claim: str, quantity: str, predicted: float, values: Array, how: str, **options: Any
) -> Comparison:
    """Compare a mean over samples; `options` are those of `sampled`."""
    error = values.std(ddof=1) / math.sqrt(values.size)
    return sampled(claim, quantity, predicted, values.mean(), error, how, **options)


def _weak_exponent(state: OneState) -> float:
    """Return E0."""
    return float(formulas.weak_exponent(np, state.J, state.h, state.kappa_0, state.A))


def _coupling(exponent: float, field: float) -> float:
    """Return J of an exponent of E0 at kappa_0 = 0.3."""
    return math.sqrt(0.3 * math.cbrt(field**2 / 6.0) / (3.0 * exponent))


def _slope(exponent: float) -> float:
    """Return the slope of ln(J A_g) in E0 by the cavity equations, at fixed h << kappa_0^(3/2)."""
    ends = []
    for value in (exponent, 1.02 * exponent):
        J = _coupling(value, 1e-9)
        ends.append(math.log(J * solve_one_state(J=J, h=1e-9, kappa_0=0.3).A_g))
    return (ends[1] - ends[0]) / (0.02 * exponent)


def _inverse_square(exponent: float) -> float:
    """Return J^2 E[1/k^2] of the cavity equations over that of `weak_replicon`."""
    J = _coupling(exponent, 1e-9)
    exact = 1.0 - solve_one_state(J=J, h=1e-9, kappa_0=0.3).replicon
    return exact / (1.0 - float(formulas.weak_replicon(np, J, 1e-9, 0.3, 1.0)))


def _softening(field: float, exponent: float) -> tuple[float, float]:
    """Return ln of the softening factor: in closed form, and by the <x^2> of the cavity equations."""
    J = _coupling(exponent, field)
    q = solve_one_state(J=J, h=field, kappa_0=0.3).q
    stated = float(formulas.weak_softening_factor(np, field, 0.3, 1.0))
    return math.log(stated), exponent - 0.5 * (field / J) ** 2 / q


EXPERIMENTS = (
    Experiment(claims=CLAIMS, run=soft, seconds=15.0),
    Experiment(claims=CLAIMS, run=middle, seconds=15.0),
    Experiment(claims=CLAIMS, run=stiff, seconds=15.0),
    Experiment(claims=("glassy-descended",), run=descended, seconds=18.0),
    Experiment(claims=("glassy-weak-exponent",), run=steps, seconds=20.0),
    Experiment(claims=("glassy-weak-A_g",), run=limit),
    Experiment(claims=("glassy-replicon",), run=replicon, seconds=3.0),
)
