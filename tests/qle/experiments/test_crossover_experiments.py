"""The experiments on omega_x see its powers and constant, on modes whose law is known."""

import math
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

import khgps
from qle.experiments import crossover, strong_coupling
from qle.verification.comparison import Comparison
from qle.verification.power import POWER, power
from qle.verification.verdicts import rejections
from theory import formulas

Run = Callable[[bool], list[Comparison]]
Truth = Callable[[crossover._Place], float]
BELOW, MODES, SAMPLES = 20.0, 100, 1000  # modes of a sample below the bend, all of them


def bent(truth: Truth) -> Callable[[crossover._Place, int, int], np.ndarray]:
    """Return independent modes of D ~ omega^4 up to b and constant beyond: half the law at 2^(1/4) b."""

    def frequencies(place: crossover._Place, size: int, samples: int) -> np.ndarray:
        rng = np.random.default_rng(round(1e6 * place.J))
        number = np.cumsum(rng.exponential(size=(SAMPLES, MODES)), axis=1) / BELOW
        beyond = 1.0 + (np.maximum(number, 1.0) - 1.0) / 5.0  # the slope of omega^5 at 1 is 5
        bend = truth(place) / 2.0**0.25
        return np.asarray(bend * np.where(number < 1.0, np.minimum(number, 1.0) ** 0.2, beyond))

    return frequencies


def rejected(run: Run, truth: Truth, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(crossover, "_frequencies", bent(truth))
    comparisons = run(True)
    return [one.quantity for one, no in zip(comparisons, rejections(comparisons), strict=True) if no]


@pytest.mark.parametrize("run", [crossover.weak, crossover.strong])
def test_the_law_of_omega_x_holds_where_it_is_put_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of modes below the bend: errors of 3 percent; the seed is fixed."""
    assert rejected(run, lambda place: 0.8 * place.predicted, monkeypatch) == []


# other powers: h^(2/3) for h^(1/3), kappa_0^(1/2) for kappa_0^0, J^(3/2) for J, kappa_0^-1 for kappa_0^(-1/2)
PLANTED: list[tuple[Run, Truth, str]] = [
    (
        crossover.weak,
        lambda p: p.predicted * (p.h / 0.01) ** (1.0 / 3.0),
        "power of omega_x in h, weak coupling",
    ),
    (crossover.weak, lambda p: p.predicted * p.kappa_0**0.5, "power of omega_x in kappa_0, weak coupling"),
    (crossover.strong, lambda p: p.predicted * (p.J / 0.2) ** 0.5, "power of omega_x in J, strong coupling"),
    (
        crossover.strong,
        lambda p: p.predicted * (3.0 / p.kappa_0) ** -0.5,
        "power of omega_x in kappa_0, strong coupling",
    ),
]


@pytest.mark.parametrize(("run", "truth", "quantity"), PLANTED, ids=[quantity for *_, quantity in PLANTED])
def test_another_law_is_noticed(
    run: Run, truth: Truth, quantity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert quantity in rejected(run, truth, monkeypatch)


def test_a_constant_beyond_a_factor_of_two_is_noticed() -> None:
    """2.5 with an error of 4 percent: ln 1.25 beyond the tolerance are 5.6 sigma; 1.9 is within it."""
    place = crossover._weak_place(0.01, 1.0)
    far, near = (
        crossover._constant("there", place, (math.log(factor * place.predicted), 0.04), True)
        for factor in (2.5, 1.9)
    )
    assert far.pull == pytest.approx(math.log(1.25) / 0.04)
    assert rejections([far, near]) == [True, False]


def test_the_window_ends_below_the_bend() -> None:
    assert crossover.LAW_CUT < 0.8 / 2.0**0.25
    assert math.isclose(crossover._weak_place(0.01, 1.0).predicted, (4.5e-4) ** (1 / 6))  # (9 h^2/2)^(1/6)


def test_the_peak_of_a_parabola_is_found_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poisson numbers of modes, the logarithm of their mean a parabola with its maximum at 1.2 J_x.

    The seeds are fixed; 5 sigma: 6e-7.
    """

    def counted(params: khgps.KHGPS, cut: float, *, samples: int, seed: int, lower: bool) -> SimpleNamespace:
        rng = np.random.default_rng(round(1e9 * params.J))
        J_x = float(formulas.crossover_coupling(np, params.h, params.kappa_0, 1.0))
        mean = 0.5 * math.exp(-2.0 * math.log(params.J / (1.2 * J_x)) ** 2)
        return SimpleNamespace(counts=rng.poisson(mean, samples).astype(float))

    monkeypatch.setattr(crossover, "soft_modes", counted)
    peaks = crossover._peaks(0.01, 1.0, 300, 1000)
    assert abs(peaks[0] - math.log(1.2)) < 5.0 * peaks[1:].std() < 0.25
    assert not any(rejections(crossover.largest(True)))


@pytest.mark.parametrize("change", [{"kappa_0": 0.5}, {"kappa_0": -0.5}, {"h": 1.0 / 3.0}, {"h": -1.0 / 3.0}])
def test_another_power_of_the_coupling_of_the_peak_is_noticed(
    change: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """J ~ kappa_0^0, kappa_0^1, h^(2/3) and h^0 for kappa_0^(1/2) h^(1/3), errors of 0.05 in ln J."""

    def peaks(h: float, kappa_0: float, size: int, samples: int) -> np.ndarray:
        rng = np.random.default_rng(round(100 * h + 10 * kappa_0))
        middle = change.get("h", 0.0) * math.log(h / 0.03) + change.get("kappa_0", 0.0) * math.log(kappa_0)
        return middle + 0.03 * rng.standard_normal(201)

    monkeypatch.setattr(crossover, "_peaks", peaks)
    comparisons = crossover.largest(True)
    (name,) = change
    quantity = f"power of J of the largest A_g in {name}"
    assert quantity in [
        one.quantity for one, no in zip(comparisons, rejections(comparisons), strict=True) if no
    ]


@pytest.mark.parametrize(("name", "row", "change"), [("A_g", 1, 0.5), ("A_g", 1, -0.5), ("x_rms", 0, 1.0)])
def test_other_powers_at_strong_coupling_are_noticed_by_the_full_run(
    name: str, row: int, change: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A_g ~ J^(-5/2) and J^(-7/2) for J^-3, <x^2> ~ J^5 for J^4; as many modes as at J = 0.1 in samples.

    4.4e-4 of the sites there: 1300 modes of 3000 samples of N = 1000. The stated power is 0.9 or more.
    """

    def made(J: float, size: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(round(100 * J))
        ratio = J / 0.1
        mean = 4.4e-4 * size * ratio**2.0
        counts = rng.poisson(mean * ratio ** (change * (row == 1)), samples)
        squares = ratio ** (4.0 + change * (row == 0)) * rng.exponential(size=samples)
        return squares, counts * ratio**-5.0

    monkeypatch.setattr(strong_coupling, "_sampled", made)
    comparisons = strong_coupling.powers(False)
    (one,) = (c for c in comparisons if c.quantity == f"power of {name} in J")
    assert all(power(one, value, 0.01 / 160.0) >= POWER for _, value in one.alternatives)
    assert dict(zip((c.quantity for c in comparisons), rejections(comparisons), strict=True))[one.quantity]
