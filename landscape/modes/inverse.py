"""M^-1 times blocks of vectors at a minimum, M the Hessian: one preparation for all of them."""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, choice, count, fraction
from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.hessian import SMALL, Hessian, sparse_factor
from landscape.linear.cholesky import Cholesky, factorise
from landscape.modes.elimination import Diagonal, Elimination, rough
from landscape.modes.low import FACTOR_SIZE
from landscape.modes.zero import Lifted, without_zero_modes

METHODS = ("factor", "products")
_FEW = 250  # sites that are not worth an elimination of the stiff ones: 100 and more are called soft
_SOFT = 20  # lowest modes that the elimination of the stiff sites looks at
_ABOVE = 1e-9  # of the size of the spectrum: how far a sparse matrix with zero modes is lifted above them
_LEAST = 1e-3  # by which its lowest eigenvalue is kept above zero, relative to the width of its spectrum


class InverseError(RuntimeError):
    """A solution did not reach the residual asked for."""


class Inverse:
    """M^-1 at a minimum; without zero modes, of which nothing is given back.

    Methods, chosen by size if not given:

    * ``"factor"``: a Cholesky factor in float32, or in float64 where M is too soft for that, then conjugate
      gradients with two or three float64 products. Up to N = 6000, or 1200 where M is known by its products
      alone; memory 12 N^2 bytes to prepare, 4 N^2 to keep. Of a sparse matrix with N > 1200, or
      few elements in a row, a sparse factor (`landscape.hessian.sparse_factor`), at any size.
    * ``"products"``: conjugate gradients, preconditioned by eliminating the stiff sites through their
      diagonal (`landscape.modes.elimination.rough`), or by the diagonal alone for N < 250.

    Attributes
    ----------
    method : {"factor", "products"}
    curvature : Hessian
        M as an operator, its zero modes lifted.

    Raises
    ------
    ValueError
        For an unknown method, or, by ``"factor"``, where M is not positive definite.
    """

    def __init__(self, hessian: Hessian, *, method: str | None = None) -> None:
        method = _default(hessian) if method is None else method
        choice("method", method, METHODS)
        self.method, self.curvature, self._zero = method, without_zero_modes(hessian), hessian.zero_modes
        with threads.single_blas():
            self._approximate: Callable[[Matrix], Matrix]
            if method == "factor" and sparse_factor(hessian):
                lift = self.curvature.lift if isinstance(self.curvature, Lifted) else 1.0
                self._approximate = partial(_by_sparse_factor, _sparse_factor(hessian), self._zero, lift)
            elif method == "factor":
                self._approximate = partial(_by_factor, _factor(self.curvature))
            else:
                few = hessian.size < _FEW
                elimination = Diagonal(self.curvature) if few else rough(self.curvature, _SOFT)
                self._approximate = partial(_by_elimination, elimination, _shift(elimination))

    def of(self, hessian: Hessian) -> "Inverse":
        """Return the inverse of another M not far from this one, by the preparation of this one."""
        other = copy.copy(self)
        other.curvature, other._zero = without_zero_modes(hessian), hessian.zero_modes
        return other

    def precondition(self, block: Matrix) -> Matrix:
        """Return nearly M^-1 X, shape (N, m), by a positive definite matrix; no product."""
        with threads.single_blas():
            return self._approximate(block)

    def solve(self, block: ArrayLike, *, tol: float = 1e-10, max_products: int = 1000) -> Matrix:
        """Return M^-1 X for one vector (N,) or a block of them (N, m), in the same shape.

        Parameters
        ----------
        tol : float
            Largest residual |M z - b| of a column that is accepted, relative to |b|, with M z from a float64
            product of its own; in (0, 1).
        max_products : int
            Bound on the products M z per column.

        Raises
        ------
        ValueError
            For an argument outside its range.
        InverseError
            If a residual is above `tol`; the message holds the numbers.
        """
        tol, max_products = fraction("tol", tol), count("max_products", max_products)
        b = array("block", block, (self.curvature.size,), (self.curvature.size, "m"))
        b = b.reshape(b.shape[0], -1)
        b = b - self._zero @ (self._zero.T @ b) if self._zero.size else b
        z = np.zeros(b.shape, order="F")
        residual, used, last = np.array(b, order="F"), 0, np.inf
        bound = tol * np.linalg.norm(b, axis=0)
        while True:
            norms = np.linalg.norm(residual, axis=0)
            todo = np.flatnonzero(norms > bound)
            worst = float(np.max(norms[todo] / bound[todo], initial=0.0))
            if not todo.size:
                return z.reshape(np.shape(block))
            if used >= max_products or worst > 0.5 * last:
                raise InverseError(
                    f"largest residual |M z - b|/|b| is {worst * tol:.3g} after {used} products: "
                    f"must be <= {tol}"
                )
            correction, steps = self._gradients(residual[:, todo], bound[todo], max_products - used - 1)
            z[:, todo] += correction
            residual[:, todo] = b[:, todo] - self.curvature.products(z[:, todo])
            used, last = used + steps + 1, worst

    def _gradients(self, b: Matrix, bound: Vector, most: int) -> tuple[Matrix, int]:
        """Return (M^-1 b, steps) by conjugate gradients, to residuals |r| <= bound/2 by the recurrence."""
        z, r = np.zeros_like(b), b.copy()
        p, old = np.zeros_like(b), np.ones(b.shape[1])
        for step in range(most):
            going = np.linalg.norm(r, axis=0) > bound / 2.0
            if not going.any():
                return z, step
            y = self.precondition(r)
            new = np.einsum("ij,ij->j", r, y)
            p = y + p * (new / old)
            mp = self.curvature.products(p)
            slope = np.einsum("ij,ij->j", p, mp)
            alpha = np.where(going & (slope > 0.0), new / np.where(slope > 0.0, slope, 1.0), 0.0)
            z, r, old = z + alpha * p, r - alpha * mp, np.where(new > 0.0, new, 1.0)
        return z, most


def _default(hessian: Hessian) -> str:
    """Return the method that is the fastest as a rule."""
    most = SMALL if hessian.form == "products" else FACTOR_SIZE
    return "factor" if hessian.size <= most or sparse_factor(hessian) else "products"


def _sparse_factor(hessian: Hessian) -> Any:
    """Return a factor of M, moved a little off its zero modes if there are any.

    Raises
    ------
    ValueError
        Where M is not positive definite.
    """
    from landscape.modes.sparse import factor, positive  # scipy.sparse takes a while to load

    zero, known = hessian.zero_modes, positive(hessian)
    if known is not None:
        return known.lu
    try:  # eigenvalues as near to zero as that
        found = factor(hessian.matrix, -_ABOVE * hessian.scale if zero.size else 0.0)  # type: ignore[attr-defined]
        good = found.below == 0
    except RuntimeError:  # singular to the last bit
        good = False
    if not good:
        raise ValueError("the Hessian at x is not positive definite: x is no minimum")
    return found.lu


def _by_sparse_factor(lu: Any, zero: Matrix, lift: float, block: Matrix) -> Matrix:
    """Return M^-1 X, and over the lift what it has of zero modes: as the curvature has them."""
    along = zero.T @ block
    out = lu.solve(np.ascontiguousarray(block - zero @ along))
    return np.asarray(out + zero @ (along / lift - zero.T @ out))


def _factor(hessian: Hessian) -> Cholesky:
    """Return a factor of M: in float32 if that can be, else in float64."""
    matrix = hessian.dense()
    factor = factorise(matrix.astype(np.float32)) or factorise(matrix)
    if factor is None:
        raise ValueError("the Hessian at x is not positive definite: x is no minimum")
    return factor


def _by_factor(factor: Cholesky, block: Matrix) -> Matrix:
    return factor.solve(block).astype(np.float64, copy=False)


def _by_elimination(elimination: Elimination | Diagonal, theta: float, block: Matrix) -> Matrix:
    return elimination.apply(block, np.full(block.shape[1], theta))


def _shift(elimination: Elimination | Diagonal) -> float:
    """Return the theta <= 0 nearest to 0 for which the approximate (M - theta)^-1 is positive definite.

    The lowest eigenvalues that the elimination finds are estimates, of either sign.
    """
    if isinstance(elimination, Diagonal):
        return 0.0
    values = elimination.values
    return min(0.0, float(values[0] - _LEAST * (values[-1] - values[0])))
