"""Normal modes: the dense reference, exact cases, and every route of `low_modes`."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import khgps
import quartic
from tests.oscillators import points, problems

PROBLEM = khgps.draw(khgps.KHGPS(N=400, J=0.2, h=0.05), seed=1, sample=0)
MINIMUM = quartic.minimize(PROBLEM).x


def test_participation_ratio_of_any_length_but_none() -> None:
    """Fourth powers of 1e-100 and 1e100 are beyond floats; two sites of three are 2/3 all the same."""
    for size in (1e-300, 1e-100, 1e100, 1e300):
        psi = size * np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
        np.testing.assert_allclose(quartic.participation_ratio(psi), [2 / 3, 1.0], rtol=1e-15)
    with pytest.raises(ValueError, match="vectors: one is zero on all sites"):
        quartic.participation_ratio([[1.0, 0.0], [1.0, 0.0]])


@given(st.data())
def test_low_modes_are_the_lowest_of_the_spectrum(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    k = data.draw(st.integers(1, problem.size))
    matrix = quartic.hessian(problem, x)
    values, vectors, residuals, method, complete = quartic.low_modes(problem, x, k)
    assert (method, complete) == ("dense", True)
    norm = float(np.linalg.norm(matrix, 2)) + 1e-300
    exact = np.linalg.eigvalsh(matrix)
    np.testing.assert_allclose(quartic.spectrum(problem, x), exact, rtol=0, atol=1e-13 * norm)
    np.testing.assert_allclose(values, exact[:k], rtol=0, atol=1e-13 * norm)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(k), rtol=0, atol=1e-12)
    assert np.all(np.linalg.norm(matrix @ vectors - vectors * values, axis=0) <= 1e-12 * norm)
    assert np.all(residuals <= 1e-12 * norm)
    assert np.all(np.max(vectors, axis=0) == np.max(np.abs(vectors), axis=0))


def test_a_residual_above_the_tolerance_is_refused() -> None:
    with pytest.raises(quartic.EigenError, match=re.escape("largest residual of 3 modes is")):
        quartic.low_modes(PROBLEM, MINIMUM, 3, tol=1e-30)


def test_uncoupled_modes_sit_on_single_sites() -> None:
    problem = khgps.draw(khgps.KHGPS(N=30, J=0.0, h=0.3), seed=1, sample=0)
    x = quartic.minimize(problem).x
    curvature = problem.stiffness + x**2 / 2
    low = quartic.low_modes(problem, x, 30)
    np.testing.assert_allclose(low.eigenvalues, np.sort(curvature), rtol=1e-14)
    np.testing.assert_allclose(quartic.participation_ratio(low.vectors), 1 / 30, rtol=1e-12)
    assert quartic.response(problem, x) == pytest.approx(np.mean(1 / curvature), rel=1e-13)


def test_participation_ratio_counts_the_sites_of_a_mode() -> None:
    for sites in (1, 4, 16):
        psi = np.zeros(16)
        psi[:sites] = 1.0
        assert quartic.participation_ratio(psi) == pytest.approx(sites / 16, rel=1e-15)
    with pytest.raises(ValueError, match=re.escape("vectors has shape (2, 2, 2): must be (N,) or (N, k)")):
        quartic.participation_ratio(np.ones((2, 2, 2)))


@given(arrays(np.float64, 7, elements=st.floats(0.1, 2.0)), st.floats(0.01, 100.0), st.permutations(range(7)))
def test_participation_ratio_ignores_scale_and_order(psi: np.ndarray, scale: float, order: list[int]) -> None:
    e = quartic.participation_ratio(psi)
    assert 1 / 7 - 1e-15 <= e <= 1 + 1e-15
    assert quartic.participation_ratio(scale * psi[order]) == pytest.approx(e, rel=1e-13)


def test_participation_ratio_of_gaussian_vectors() -> None:
    """E[psi^4] = 3 E[psi^2]^2, so e -> 1/3; its standard deviation is (8/3)^(1/2)/(3 N^(1/2)), here 5e-4.

    Five of them: false-alarm rate below 1e-6.
    """
    psi = np.random.default_rng(1).normal(size=1_000_000)
    assert quartic.participation_ratio(psi) == pytest.approx(1 / 3, abs=5 * 5.5e-4)


def test_response_is_the_mean_change_of_a_site_under_its_own_field() -> None:
    """tr(M^-1) by the eigenvalues, and dx_i/dh_i by moving the minimum with a small field."""
    exact = np.mean(1 / np.linalg.eigvalsh(quartic.hessian(PROBLEM, MINIMUM)))
    assert quartic.response(PROBLEM, MINIMUM) == pytest.approx(exact, rel=1e-11)
    inverse = np.linalg.inv(quartic.hessian(PROBLEM, MINIMUM))
    step = 1e-6
    field = PROBLEM.field.copy()
    field[7] += step
    pushed = quartic.Problem(PROBLEM.stiffness, PROBLEM.coupling, field, 1.0)
    moved = quartic.minimize(pushed, start=MINIMUM, tol=1e-13).x
    assert (moved[7] - MINIMUM[7]) / step == pytest.approx(inverse[7, 7], rel=1e-4)
    with pytest.raises(ValueError, match="the Hessian at x is not positive definite"):
        quartic.response(PROBLEM, np.zeros(PROBLEM.size))


@pytest.mark.parametrize("k", [0, 401, 2.5])
def test_bad_numbers_of_modes_are_refused(k: int) -> None:
    with pytest.raises(ValueError, match=re.escape(f"k = {k}: must be an integer from 1 to 400")):
        quartic.low_modes(PROBLEM, MINIMUM, k)
