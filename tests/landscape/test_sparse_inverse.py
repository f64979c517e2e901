"""M^-1 of sparse Hessians, by a sparse factor, against dense solutions."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import diags

from landscape.hessian import SparseHessian
from landscape.modes.inverse import Inverse

N = 1500  # above 1200, from where factors are sparse
STIFFNESS = 0.1 + np.random.default_rng(1).random(N)


def ring(*, held: float = 0.0, zero: bool = True) -> SparseHessian:
    """Return a ring of springs, which can be moved as a whole where nothing holds it."""
    middle = STIFFNESS + np.roll(STIFFNESS, 1) + held
    matrix = diags([-STIFFNESS[:-1], middle, -STIFFNESS[:-1]], [-1, 0, 1]).tolil()
    matrix[0, N - 1] = matrix[N - 1, 0] = -STIFFNESS[-1]
    return SparseHessian(matrix.tocsr(), zero_modes=np.full((N, 1), N**-0.5) if zero else None)


def block() -> NDArray[np.float64]:
    return np.asarray(np.random.default_rng(2).normal(size=(N, 3)))


def test_with_a_zero_mode() -> None:
    hessian, b = ring(), block()
    across = b - b.mean(axis=0)
    wanted = np.linalg.solve(hessian.dense() + 1.0 / N, across)
    inverse = Inverse(hessian)
    assert inverse.method == "factor"
    found = inverse.solve(b, tol=1e-8)  # |M||M^-1| is 2e5: rounding leaves residuals of 1e-10
    np.testing.assert_allclose(found, wanted, atol=1e-8 * np.abs(wanted).max())
    assert np.abs(found.mean(axis=0)).max() < 1e-12 * np.abs(found).max()
    # the lowest eigenvalue is 1e-5 of the size of the spectrum, the factor lifts it by 1e-9
    np.testing.assert_allclose(inverse.precondition(across), wanted, atol=1e-3 * np.abs(wanted).max())


def test_without() -> None:
    hessian, b = ring(held=0.3, zero=False), block()
    found = Inverse(hessian).solve(b)
    np.testing.assert_allclose(found, np.linalg.solve(hessian.dense(), b), atol=1e-9)


@pytest.mark.parametrize("zero", [False, True])
def test_what_is_not_positive_definite_is_refused(zero: bool) -> None:
    with pytest.raises(ValueError, match="not positive definite"):
        Inverse(ring(held=-0.01, zero=zero))


def test_of_another_matrix_nearby_by_the_same_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    inverse, other = Inverse(ring()), ring(held=1e-3, zero=True)
    monkeypatch.setattr("landscape.modes.sparse.factor", lambda *given: pytest.fail("another factor"))
    b = block() - block().mean(axis=0)
    found = inverse.of(other).solve(b, tol=1e-8)
    np.testing.assert_allclose(other.matrix @ found, b, rtol=0, atol=1e-7 * np.linalg.norm(b, axis=0).max())
    np.testing.assert_allclose(ring().matrix @ inverse.solve(b, tol=1e-8), b, rtol=0, atol=1e-5)
