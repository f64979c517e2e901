"""The sums over sites of a step, in lanes: against plain sums, at sizes around the number of lanes."""

import math

import numpy as np
import pytest

from quartic.line import LANES, evaluate, line, take_step
from quartic.methods.lbfgs import dot, next_direction, quasi_newton
from quartic.oscillator import preconditioner

SIZES = [1, 7, LANES - 1, LANES, LANES + 1, 3 * LANES + 5]


def site_arrays(n: int, count: int) -> np.ndarray:
    return np.random.default_rng(n).normal(size=(count, n))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("n", SIZES)
def test_the_order_of_a_sum_is_that_of_its_lanes(n: int, kind: type) -> None:
    """Element i is added to lane i modulo 128, and the lanes are added half to half: to the last bit."""
    a, b = site_arrays(n, 2)
    b = b.astype(kind)
    lanes = np.zeros(LANES)
    for i in range(n):
        lanes[i % LANES] += a[i] * b[i]
    while lanes.size > 1:
        lanes = lanes[: lanes.size // 2] + lanes[lanes.size // 2 :]
    assert dot(a, b) == lanes[0]


@pytest.mark.parametrize("n", SIZES)
def test_the_line_has_the_derivatives_of_the_energy(n: int) -> None:
    """c1 ... c4 from H(x + s d) with terms written out; rounding is below 1e-14 of the sum of magnitudes."""
    kappa, h, x, jx, d, jd, shares = site_arrays(n, 7)
    shares, gradient = np.abs(shares), np.empty(n)
    a = 1.7 * shares
    energy, largest, force, distance = evaluate(kappa, h, 1.7, shares, x, jx, gradient)
    assert energy == pytest.approx(
        math.fsum(kappa * x**2 / 2 + x * jx / 2 + a * x**4 / 24 - h * x), rel=1e-12, abs=1e-13 * n
    )
    np.testing.assert_allclose(gradient, kappa * x + jx + a * x**3 / 6 - h, rtol=0, atol=1e-13)
    assert largest == np.abs(gradient).max()
    forces = np.abs(kappa * x) + np.abs(jx) + a * np.abs(x) ** 3 / 6 + np.abs(h)
    assert force == pytest.approx(math.sqrt(math.fsum(forces**2) / n), rel=1e-14)
    assert distance == pytest.approx(math.fsum(np.abs(x)), rel=1e-14)
    expected = (
        math.fsum(gradient * d),
        math.fsum(d * ((kappa + a * x**2 / 2) * d + jd)) / 2,
        math.fsum(a * x * d**3) / 6,
        math.fsum(a * d**4) / 24,
    )
    np.testing.assert_allclose(
        line(kappa, 1.7, shares, x, gradient, d, jd), expected, rtol=1e-12, atol=1e-13 * n
    )


@pytest.mark.parametrize("n", SIZES)
def test_a_step_moves_everything_along(n: int) -> None:
    """The fall of the energy by the quartic is that of the energies, and the line is level where it ends."""
    kappa, h, x, d, shares = site_arrays(n, 5)
    shares = np.abs(shares) + 0.1
    jx, jd = -0.3 * x, -0.3 * d  # J = -0.3 times the unit matrix
    gradient = np.empty(n)
    before = evaluate(kappa, h, 1.0, shares, x, jx, gradient)[0]
    d *= -np.sign(gradient @ d)
    jd = -0.3 * d
    start = x.copy()
    s, fall, energy, *_ = take_step(kappa, h, 1.0, shares, x, jx, gradient, d, jd, np.inf)
    assert s > 0.0
    np.testing.assert_array_equal(x, start + s * d)
    np.testing.assert_allclose(jx, -0.3 * x, rtol=1e-13, atol=1e-14)
    scale = np.abs(kappa * x**2).sum() + np.abs(h * x).sum() + (x**4).sum() + abs(before)
    assert before - energy == pytest.approx(fall, abs=1e-13 * scale)
    assert abs(gradient @ d) <= 1e-12 * (np.abs(gradient) @ np.abs(d) + (x**4).sum() + scale)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("n", [3, LANES + 2])
def test_the_direction_is_that_of_the_bfgs_matrix(n: int, count: int) -> None:
    """H -> (1 - rho s y^T) H (1 - rho y s^T) + rho s s^T, oldest pair first (Nocedal 1980); a ring of 3."""
    gradient, *steps = site_arrays(n, 4)
    scale = 1.0 + np.arange(n) / n
    s = np.array(steps)
    y = s * (2.0 + np.sin(np.arange(n)))  # changes of a convex quadratic: y . s > 0
    rho = 1.0 / np.sum(s * y, axis=1)
    newest = 1
    inverse = np.diag(1.0 / scale)
    for back in range(count - 1, -1, -1):
        k = (newest - back) % 3
        side = np.eye(n) - rho[k] * np.outer(s[k], y[k])
        inverse = side @ inverse @ side.T + rho[k] * np.outer(s[k], s[k])
    out = np.empty(n)
    slope = quasi_newton(gradient, scale, s, y, rho, newest, count, out)
    expected = -inverse @ gradient
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-11 * np.abs(expected).max())
    assert slope == pytest.approx(expected @ gradient, rel=1e-11)


def test_pairs_are_remembered_in_a_ring_and_bad_ones_dropped() -> None:
    """A pair of negative curvature takes the place of the oldest, and is forgotten with it."""
    n = 5
    old, d, scale = np.zeros(n), np.zeros(n), np.ones(n)
    s, y, rho = np.zeros((2, n)), np.zeros((2, n)), np.zeros(2)
    gradients = site_arrays(n, 4)
    newest, count = next_direction(
        gradients[0], old, scale, 0.0, s, y, rho, -1, 0, d
    )  # nothing to remember yet
    assert count == 0
    np.testing.assert_array_equal(d, -gradients[0])
    for following in (1, 2):
        step = 0.5 * np.sign(d @ (gradients[following] - old))
        before, last = old.copy(), d.copy()
        newest, count = next_direction(gradients[following], old, scale, step, s, y, rho, newest, count, d)
        assert count == following
        np.testing.assert_array_equal(s[newest], step * last)
        np.testing.assert_array_equal(y[newest], gradients[following] - before)
        assert rho[newest] == pytest.approx(1.0 / (s[newest] @ y[newest]), rel=1e-14)
        np.testing.assert_array_equal(old, gradients[following])
        assert d @ old < 0.0
    step = -0.5 * np.sign(d @ (gradients[3] - old))
    kept = s[newest].copy()
    latest, count = next_direction(gradients[3], old, scale, step, s, y, rho, newest, count, d)
    assert (latest, count) == (newest, 1)
    np.testing.assert_array_equal(s[latest], kept)


@pytest.mark.parametrize("n", SIZES)
def test_the_preconditioner_is_its_formula(n: int) -> None:
    kappa, x, strength, shares = site_arrays(n, 4)
    strength, shares, out = np.abs(strength), np.abs(shares), np.empty(n)
    for anharmonic in (0.0, 1e6):
        preconditioner(kappa, 1.7, shares, x, strength, anharmonic, out)
        plain = np.abs(kappa + 0.5 * 1.7 * shares * x * x) + strength
        expected = np.maximum(plain, 1e-4 * max(plain.max(), anharmonic))
        np.testing.assert_allclose(out, expected, rtol=1e-15)
