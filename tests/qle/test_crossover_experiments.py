"""The experiments on omega_x see its powers and constant, on modes whose law is known."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from qle.verification import crossover
from qle.verification.comparison import Comparison

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
    return [one.quantity for one in run(True) if not one.within_tolerance]


@pytest.mark.parametrize("run", [crossover.weak, crossover.strong])
def test_the_law_of_omega_x_holds_where_it_is_put_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of modes below the bend: errors of 3 percent; the seed is fixed."""
    assert rejected(run, lambda place: 0.8 * place.predicted, monkeypatch) == []


PLANTED: list[tuple[Run, Truth, str]] = [
    (crossover.weak, lambda p: p.predicted * (p.h / 0.01) ** 0.25, "power of omega_x in h, weak coupling"),
    (crossover.weak, lambda p: p.predicted * p.kappa_0**0.5, "power of omega_x in kappa_0, weak coupling"),
    (crossover.weak, lambda p: 2.5 * p.predicted, "ln of omega_x over its estimate, weak coupling"),
    (crossover.strong, lambda p: p.predicted * (p.J / 0.2) ** 0.8, "power of omega_x in J, strong coupling"),
    (
        crossover.strong,
        lambda p: p.predicted * (3.0 / p.kappa_0) ** -0.6 * 2.0,
        "power of omega_x in kappa_0, strong coupling",
    ),
    (crossover.strong, lambda p: 2.5 * p.predicted, "ln of omega_x over its estimate, strong coupling"),
]


@pytest.mark.parametrize(("run", "truth", "quantity"), PLANTED, ids=[quantity for *_, quantity in PLANTED])
def test_another_law_is_noticed(
    run: Run, truth: Truth, quantity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert quantity in rejected(run, truth, monkeypatch)


def test_the_window_ends_below_the_bend() -> None:
    assert crossover.LAW_CUT < 0.8 / 2.0**0.25
    assert math.isclose(crossover._weak_place(0.01, 1.0).predicted, (4.5e-4) ** (1 / 6))  # (9 h^2/2)^(1/6)
