"""Specific heats of given densities, by adaptive quadrature: with a gap, an edge, at all temperatures."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

from khgps.heat import harmonic_heat, two_level_heat

Array = np.ndarray


def einstein(z: float) -> float:
    return float((0.5 * z / math.sinh(0.5 * z)) ** 2) if z < 600.0 else 0.0


def schottky(z: float) -> float:
    return float((0.5 * z / math.cosh(0.5 * z)) ** 2) if z < 600.0 else 0.0


def exact(
    density: Callable[[Array], Array], one: Callable[[float], float], T: float, ends: list[float]
) -> float:
    """Return int density(e) one(e/T) de, on pieces that follow T."""
    marks = sorted({*ends, *(e for e in ends[0] + T * np.array([0.1, 1.0, 5.0, 20.0, 60.0]) if e < ends[-1])})
    return math.fsum(
        quad(
            lambda e: float(density(np.array([e]))[0]) * one(e / T), a, b, epsabs=0.0, epsrel=1e-10, limit=200
        )[0]
        for a, b in itertools.pairwise(marks)
    )


T = np.array([[0.003, 0.02], [0.3, 40.0]])


@pytest.mark.parametrize(
    ("density", "low", "top"),
    [
        (lambda e: 3.0 * e**2 * (e < 1.0), 0.0, 1.0),  # Debye's: a step at the end
        (lambda e: e**4 * np.sqrt(np.maximum(1.0 - e, 0.0)), 0.0, 1.0),
        (
            lambda e: e * np.sqrt(np.maximum((e - 0.2) * (1.5 - e), 0.0)),
            0.2,
            1.5,
        ),  # a gap, roots at both ends
    ],
)
def test_modes_of_a_spectrum_that_ends_somewhere_below_the_bound(
    density: Callable[[Array], Array], low: float, top: float
) -> None:
    """The end is found to 1e-7 of the range, which a step feels; the roots at a gap cost more."""
    found = harmonic_heat(density, T, low, 2.2 * top)
    expected = [[exact(density, einstein, t, [low, top]) for t in row] for row in T.tolist()]
    assert found.shape == (2, 2)
    np.testing.assert_allclose(found, expected, rtol=2e-7)


@pytest.mark.parametrize("density", [lambda e: np.exp(-e), lambda e: 1.0 / (0.1 + e)])
def test_two_level_systems(density: Callable[[Array], Array]) -> None:
    """Up to 3, or to 45 T, beyond which is e^-45."""
    found = two_level_heat(density, T, 3.0)
    expected = [[exact(density, schottky, t, [0.0, 3.0]) for t in row] for row in T.tolist()]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_temperatures_in_any_shape() -> None:
    def density(e: Array) -> Array:
        return np.asarray(3.0 * e**2 * (e < 1.0))

    one = harmonic_heat(density, np.array(0.3), 0.0, 1.0)
    assert one.shape == ()
    assert float(one) == pytest.approx(exact(density, einstein, 0.3, [0.0, 1.0]), rel=1e-6)
    # all modes are classical far above: 1 - <omega^2>/(12 T^2) for a density of norm 1, <omega^2> = 3/5
    assert float(harmonic_heat(density, np.array(30.0), 0.0, 1.0)) == pytest.approx(
        1.0 - 0.05 / 30.0**2, rel=1e-7
    )
