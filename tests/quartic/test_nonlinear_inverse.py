"""M^-1 times blocks: against LAPACK, by both methods, also where M is soft or no minimum."""

import re

import numpy as np
import pytest

import khgps
import quartic
from quartic.nonlinear import Inverse, InverseError

PROBLEM = khgps.draw(khgps.KHGPS(N=300, J=0.2, h=0.05), seed=1, sample=0)
MINIMUM = quartic.minimize(PROBLEM).x
BLOCK = np.random.default_rng(1).normal(size=(300, 7))


def with_lowest(value: float) -> quartic.Problem:
    """The same at x = 0, with all stiffnesses shifted so that the lowest eigenvalue of M is `value`."""
    lowest = np.linalg.eigvalsh(quartic.hessian(PROBLEM, np.zeros(300)))[0]
    return quartic.Problem(PROBLEM.stiffness + (value - lowest), PROBLEM.coupling, 0.0, 1.0)


@pytest.mark.parametrize("method", ["factor", "products"])
def test_solutions_are_those_of_lapack(method: str) -> None:
    inverse = Inverse(PROBLEM, MINIMUM, method=method)
    exact = np.linalg.solve(quartic.hessian(PROBLEM, MINIMUM), BLOCK)
    found = inverse.solve(BLOCK, tol=1e-12)
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-9 * np.abs(exact).max())  # tol times condition
    one = inverse.solve(BLOCK[:, 2], tol=1e-12)
    assert one.shape == (300,)
    np.testing.assert_allclose(one, exact[:, 2], rtol=0, atol=1e-9 * np.abs(exact).max())
    np.testing.assert_array_equal(inverse.solve(0.0 * BLOCK), 0.0 * BLOCK)


@pytest.mark.parametrize("method", ["factor", "products"])
@pytest.mark.parametrize("lowest", [1e-3, 1e-6, 1e-9])
def test_soft_matrices(method: str, lowest: float) -> None:
    """At 1e-9 the float32 factor fails or is poor: half of the bits of M are above it."""
    problem = with_lowest(lowest)
    matrix = quartic.hessian(problem, np.zeros(300))
    found = Inverse(problem, np.zeros(300), method=method).solve(BLOCK, tol=1e-7)
    residual = np.linalg.norm(matrix @ found - BLOCK, axis=0) / np.linalg.norm(BLOCK, axis=0)
    assert residual.max() <= 1.1e-7  # tol, and the rounding of the check itself


@pytest.mark.parametrize("method", ["factor", "products"])
def test_the_approximate_inverse_is_symmetric_and_positive(method: str) -> None:
    """To within float32 rounding; else conjugate gradients would not be."""
    inverse = Inverse(PROBLEM, MINIMUM, method=method)
    matrix = inverse.precondition(np.eye(300))
    np.testing.assert_allclose(matrix, matrix.T, rtol=0, atol=1e-5 * np.abs(matrix).max())
    assert np.linalg.eigvalsh((matrix + matrix.T) / 2)[0] > 0.0


def test_a_matrix_that_float32_cannot_factorise() -> None:
    """In float32 it is [[1, 1], [1, 1]], singular; its inverse is known by hand."""
    c = 1.0 - 2.0**-30
    problem = quartic.Problem(np.ones(2), np.array([[0.0, c], [c, 0.0]]), 0.0, 1.0)
    found = Inverse(problem, np.zeros(2)).solve(np.eye(2), tol=1e-6)
    exact = np.array([[1.0, -c], [-c, 1.0]]) / (1.0 - c**2)
    np.testing.assert_allclose(found, exact, rtol=1e-5)


def test_the_approximate_inverse_stays_positive_where_its_estimates_are_not() -> None:
    """Stiff sites of common coupling 0.5: their diagonal overrates how they give way, 6.7 instead of 0.1."""
    n, soft = 400, 120
    kappa = np.where(np.arange(n) < soft, 1.0, 2.0)
    j = np.zeros((n, n))
    j[soft:, soft:], j[:soft, soft:], j[soft:, :soft] = 0.5, 0.02, 0.02
    np.fill_diagonal(j, 0.0)
    problem = quartic.Problem(kappa, j, 0.0, 1.0)
    assert np.linalg.eigvalsh(quartic.hessian(problem, np.zeros(n)))[0] > 0.5
    inverse = Inverse(problem, np.zeros(n), method="products")
    matrix = inverse.precondition(np.eye(n))
    assert np.linalg.eigvalsh((matrix + matrix.T) / 2)[0] > 0.0
    block = np.random.default_rng(1).normal(size=(n, 2))
    exact = np.linalg.solve(quartic.hessian(problem, np.zeros(n)), block)
    np.testing.assert_allclose(inverse.solve(block), exact, rtol=0, atol=1e-8)


def test_what_cannot_be_inverted() -> None:
    saddle = with_lowest(-1e-3)
    with pytest.raises(ValueError, match="not positive definite: x is no minimum"):
        Inverse(saddle, np.zeros(300))
    with pytest.raises(InverseError, match=re.escape("must be <= 1e-30")):
        Inverse(PROBLEM, MINIMUM).solve(BLOCK, tol=1e-30)
    with pytest.raises(InverseError, match=re.escape("after 3 products: must be <= 1e-10")):
        Inverse(PROBLEM, MINIMUM, method="products").solve(BLOCK, max_products=3)
    with pytest.raises(ValueError, match=re.escape("method = 'lu': must be one of factor, products")):
        Inverse(PROBLEM, MINIMUM, method="lu")
    with pytest.raises(ValueError, match=re.escape("block has shape (4,): must be (")):
        Inverse(PROBLEM, MINIMUM).solve(np.ones(4))
