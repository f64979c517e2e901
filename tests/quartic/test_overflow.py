"""Energies, gradients and lines where powers leave the range of floats, against exact fractions."""

import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import quartic

KAPPA, H, A = [1.0, -0.5, 2.0], [0.3, -0.2, 0.1], [1.0, 0.25, 4.0]
J = np.array([[0.0, -3.0, 0.7], [-3.0, 0.0, 1.5], [0.7, 1.5, 0.0]])
PROBLEM = quartic.Problem(KAPPA, J, H, A)

Terms = list[Fraction]
decimal = st.tuples(st.floats(0.1, 9.0), st.sampled_from([-1.0, 1.0])).map(lambda pair: pair[0] * pair[1])
decades = st.sampled_from([-60, 0, 60, 90, 103, 154, 199, 250, 300])
vectors = st.tuples(st.lists(decimal, min_size=3, max_size=3), decades).map(
    lambda pair: np.array(pair[0]) * 10.0 ** pair[1]
)


def exact_line(x: list[Fraction], d: list[Fraction]) -> list[Terms]:
    """Return the terms of c_0 .. c_4, multiplied out by hand."""
    sites = range(3)
    kappa, h, a = ([Fraction(value) for value in values] for values in (KAPPA, H, A))
    pairs = [(Fraction(J[i, j]), i, j) for i in sites for j in range(i)]
    return [
        [kappa[i] * x[i] ** 2 / 2 for i in sites] + [c * x[i] * x[j] for c, i, j in pairs]
        + [a[i] * x[i] ** 4 / 24 for i in sites] + [-h[i] * x[i] for i in sites],
        [kappa[i] * x[i] * d[i] for i in sites] + [c * x[i] * d[j] for c, i, j in pairs]
        + [c * x[j] * d[i] for c, i, j in pairs]
        + [a[i] * x[i] ** 3 * d[i] / 6 for i in sites] + [-h[i] * d[i] for i in sites],
        [kappa[i] * d[i] ** 2 / 2 for i in sites] + [c * d[i] * d[j] for c, i, j in pairs]
        + [a[i] * x[i] ** 2 * d[i] ** 2 / 4 for i in sites],
        [a[i] * x[i] * d[i] ** 3 / 6 for i in sites],
        [a[i] * d[i] ** 4 / 24 for i in sites],
    ]  # fmt: skip


def agrees(found: float, terms: Terms) -> bool:
    """Say whether a number is the sum to 1e-13 of its terms, or infinite where that is beyond floats."""
    total, least = sum(terms), Fraction(1, 10**13) * sum(map(abs, terms)) + Fraction(1, 10**300)
    if np.isinf(found):
        return total * (1 if found > 0 else -1) + least > Fraction(sys.float_info.max)
    return not np.isnan(found) and abs(Fraction(found) - total) <= least


@given(vectors, vectors)
def test_a_line_is_that_of_exact_fractions_at_every_scale(x: np.ndarray, d: np.ndarray) -> None:
    terms = exact_line([Fraction(v) for v in x], [Fraction(v) for v in d])
    found = quartic.line_coefficients(PROBLEM, x, d)
    assert all(agrees(float(c), of) for c, of in zip(found, terms, strict=True))
    assert agrees(float(quartic.energy(PROBLEM, x)), terms[0])


@given(vectors)
def test_a_gradient_is_that_of_exact_fractions_at_every_scale(x: np.ndarray) -> None:
    assert_gradient(x)


@pytest.mark.parametrize("x", [[3e120, -2e115, 1e119], [1e-200, 0.0, -1e150]])
def test_so_is_one_of_sites_of_many_scales(x: list[float]) -> None:
    assert_gradient(np.array(x))


def assert_gradient(x: np.ndarray) -> None:
    exact = [Fraction(v) for v in x]
    for unit, g in zip(np.eye(3), quartic.gradient(PROBLEM, x), strict=True):
        assert agrees(float(g), exact_line(exact, [Fraction(v) for v in unit])[1])


def test_infinities_of_both_signs_make_no_nan() -> None:
    """Two sites pull at each other with 3e398, which the quartic terms, 1e796, outweigh."""
    far = [1e199, 1e199, 0.0]
    assert quartic.energy(PROBLEM, far) == np.inf
    assert quartic.line_coefficients(PROBLEM, far, [1.0, -1.0, 0.0])[1] == np.inf  # (A_0 - A_1) x^3/6 > 0


@pytest.mark.parametrize("size", [1.0, 1e-160, 1e150])
def test_the_largest_stiffnesses_and_couplings_are_only_floats(size: float) -> None:
    """Three sites of kappa = J_ij = 1e308: x.M.x/2 is 4.5e308 at x = 1, and finite where x is small."""
    stiff = quartic.Problem(np.full(3, 1e308), 1e308 * (np.ones((3, 3)) - np.eye(3)), 0.0, 1.0)
    x = np.full(3, size)
    exact = Fraction(9, 2) * Fraction(1e308) * Fraction(size) ** 2 + Fraction(size) ** 4 / 8
    assert agrees(float(quartic.energy(stiff, x)), [exact])
    for g in quartic.gradient(stiff, x):
        assert agrees(float(g), [3 * Fraction(1e308) * Fraction(size), Fraction(size) ** 3 / 6])
    assert agrees(float(quartic.line_coefficients(stiff, x, -x)[2]), [exact, Fraction(size) ** 4 * 5 / 8])


def test_zeros_stay_zeros() -> None:
    """One site far out, no direction: every coefficient but the energy is nought."""
    found = quartic.line_coefficients(PROBLEM, [1e200, 0.0, 0.0], np.zeros(3))
    assert found.tolist() == [np.inf, 0.0, 0.0, 0.0, 0.0]
