"""Rotating a direction: the polynomial along the circle, its first maximum, and steps that never raise B."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.nonlinear.diagonal import coefficients, first_maximum, level, rotate, slope, value

seeds = st.integers(0, 2**16)


def drawn(seed: int, n: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A positive definite matrix, weights of either sign, and two directions."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(n, n))
    return a @ a.T + 0.1 * np.eye(n), rng.normal(size=n), rng.normal(size=n), rng.normal(size=n)


@given(seeds, st.sampled_from([3, 4]), st.floats(0.0, 3.2))
def test_the_polynomial_is_b_along_the_circle(seed: int, order: int, t: float) -> None:
    _, w, z, d = drawn(seed)
    exact = np.sum(w * (z * np.cos(t) + d * np.sin(t)) ** order)
    size = np.sum(np.abs(w) * (np.abs(z) + np.abs(d)) ** order)
    assert value(coefficients(z, w, d, order), t) == pytest.approx(exact, abs=1e-14 * size)


@given(st.lists(st.floats(-1.0, 1.0, width=16), min_size=4, max_size=5), st.floats(0.01, 1.0))
def test_the_first_maximum(numbers: list[float], size: float) -> None:
    """It is no lower than the start, stationary, and |value| rises from cell to cell all the way to it."""
    c = np.array(numbers)
    c[0] = size if c[0] >= 0 else -size
    c[1] = c[0] * (abs(c[1]) + 0.01)
    t = first_maximum(c)
    assert 0.0 < t < np.pi
    assert abs(slope(c, t)) <= 1e-13 * np.abs(c).sum() * c.size**2
    heights = [abs(value(c, k * np.pi / 64)) for k in range(int(t * 64 / np.pi) + 1)]
    assert heights == sorted(heights)
    assert abs(value(c, t)) >= heights[-1] * (1 - 1e-14)


@given(seeds, st.sampled_from([3, 4]), st.booleans())
def test_a_turn_keeps_its_promises(seed: int, order: int, plain: bool) -> None:
    """z.M.z stays 1, M z goes along, |b_p| does not fall, and the gradient turns away from d at a maximum."""
    matrix, w, z, d = drawn(seed)
    mz, g = matrix @ z, np.empty(5)
    residual, largest = level(z, mz, w, order, g)
    before = abs(np.sum(w * z**order))
    np.testing.assert_allclose([z @ mz, g @ z], [1.0, 0.0], atol=1e-12 * (1 + largest))
    assert residual == pytest.approx(np.linalg.norm(g) / np.linalg.norm(mz), rel=1e-12)
    d *= -np.sign(d @ g)
    md = matrix @ d
    t, _, taken = rotate(z, mz, w, order, g, d, md, plain)
    assert 0.0 < t < np.pi
    assert taken <= plain
    assert z @ matrix @ z == pytest.approx(1.0, rel=1e-10)
    np.testing.assert_allclose(mz, matrix @ z, atol=1e-10 * np.abs(matrix).max())
    assert abs(np.sum(w * z**order)) >= before * (1 - 1e-10)
    assert d @ matrix @ z == pytest.approx(0.0, abs=1e-9 * np.sqrt(d @ matrix @ d))
    if not taken:
        slope = order * np.sum(w * z ** (order - 1) * d) / np.sqrt(d @ matrix @ d)
        assert slope == pytest.approx(0.0, abs=1e-8 * np.sum(np.abs(w * z ** (order - 1) * d)) + 1e-12)


def test_a_plain_step_that_would_raise_the_barrier_is_not_taken() -> None:
    """From z = (-1, 1) with M and x as below the scheme goes to B five times as high, worked out by hand."""
    matrix, x = np.array([[4.0, 2.0], [2.0, 2.0]]), np.array([-3.0, -2.0])
    z = np.array([-1.0, 1.0])
    mz, g = matrix @ z, np.empty(2)
    level(z, mz, x, 3, g)
    before = np.sum(x * z**3)
    d = -np.linalg.solve(matrix, g)
    _, _, taken = rotate(z, mz, x, 3, g, d, matrix @ d, True)
    assert not taken
    assert abs(np.sum(x * z**3)) > abs(before)


def test_directions_that_lead_nowhere() -> None:
    matrix, w, z, _ = drawn(1)
    mz, g = matrix @ z, np.empty(5)
    level(z, mz, w, 3, g)
    for d in (z.copy(), np.linalg.solve(matrix, g), np.zeros(5)):  # along z, up, and none
        start = z.copy()
        assert rotate(start, mz.copy(), w, 3, g, d, matrix @ d, False)[0] == 0.0
        np.testing.assert_array_equal(start, z)
    assert np.isnan(level(z, -mz, w, 3, g)).all()
    assert np.isnan(level(z, mz, np.zeros(5), 3, g)).all()
