"""Approximate inverses of M - theta, from the stiff sites eliminated and the soft ones kept.

With the softest sites P and the stiff rest R, B = M_RP,

    (M - theta)^-1 r:  y = S(theta)^-1 (r_P - B^T G r_R),  z_R = G (r_R - B y),  z_P = y,
    G = (M_RR - theta)^-1,  S(theta) = M_PP - theta - B^T G B.

G is taken at one shift sigma, exactly by a Cholesky factor or roughly by the diagonal, and S linearised:

    S(theta) = S(sigma) - (theta - sigma) (1 + B^T G^2 B),

so that its eigenvectors serve every theta. The lowest of them, continued to R by -G B y, begin the search.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.jit import kernel
from landscape.linear.blocks import combine, inner
from landscape.linear.cholesky import factorise

Index = NDArray[np.intp]

_TABLE = 1 << 26  # bytes of the rows of the soft sites that are kept
_STIFF = 0.02  # least pivot of a stiff site, relative to the scale of M


class Elimination:
    """An approximate inverse of M - theta for theta in the low spectrum.

    Attributes
    ----------
    values : (p,) array
        Ascending estimates of the lowest eigenvalues of M: Ritz values where G is exact.
    sigma : float
        The shift. Where G is exact, as many eigenvalues of M are below it as `values` are: S(sigma) has as
        many negative ones as M - sigma, for the stiff sites have none (inertia of the Schur complement).
    """

    def __init__(
        self,
        soft: Index,
        stiff: Index,
        solve: Callable[[NDArray[Any]], NDArray[Any]],
        coefficients: NDArray[np.float32],
        schur: Matrix,
        sigma: float,
    ) -> None:
        """Take P, R, the action of G, C = G B of shape (N - p, p), S(sigma) and sigma."""
        self._soft, self._stiff, self._solve, self._c = soft, stiff, solve, coefficients
        mass = inner(coefficients, coefficients).astype(np.float64)
        mass.flat[:: soft.size + 1] += 1.0
        values, self._y = scipy.linalg.eigh(schur, mass, check_finite=False)
        self.values: Vector = values + sigma
        self.sigma = sigma

    def start(self, count: int) -> Matrix:
        """Return the `count` lowest approximate modes, shape (N, count), not orthonormal."""
        return self._extend(self._y[:, :count])

    def apply(self, residuals: Matrix, theta: Vector) -> Matrix:
        """Return (M - theta_m)^-1 r_m of each column, approximately, shape (N, m)."""
        r = residuals[self._stiff].astype(np.float32)
        reduced = residuals[self._soft] - inner(self._c, r)
        gap = self.values[:, None] - theta
        least = 0.02 * float(self.values[min(2 * theta.size, gap.shape[0] - 1)] - self.values[0])
        gap = np.where(gap < 0.0, np.minimum(gap, -least), np.maximum(gap, least))
        gap[gap == 0.0] = 1.0
        return self._extend(self._y @ ((self._y.T @ reduced) / gap), self._solve(r))

    def _extend(self, y: Matrix, at_rest: NDArray[Any] | None = None) -> Matrix:
        """Return (z_R, z_P) = (at_rest - C y, y) in the order of the sites."""
        z = np.empty((self._soft.size + self._stiff.size, y.shape[1]))
        rest = combine(self._c, y.astype(np.float32))
        z[self._soft] = y
        z[self._stiff] = -rest if at_rest is None else at_rest - rest
        return z


class Diagonal:
    """1/(D - theta), for sites too many to keep a table of rows."""

    def __init__(self, curvature: Hessian) -> None:
        self._d, self._least = curvature.diagonal, 1e-3 * curvature.scale

    def start(self, count: int) -> Matrix:
        """Return unit vectors at the `count` softest sites, shape (N, count)."""
        block = np.zeros((self._d.size, count))
        block[np.argsort(self._d, kind="stable")[:count], np.arange(count)] = 1.0
        return block

    def apply(self, residuals: Matrix, theta: Vector) -> Matrix:
        """Return r/|D - theta|, shape (N, m)."""
        return residuals / np.maximum(np.abs(self._d[:, None] - theta), self._least)


def rough(curvature: Hessian, k: int) -> Elimination | Diagonal:
    """Return the approximate inverse in which G is diagonal: no factorisation, p rows of M."""
    size = curvature.size
    soft, stiff = split(curvature, min(size // 20 + 100, size // 2, _TABLE // (4 * size)))
    if soft.size < 2 * k or not curvature.soft_sites:
        return Diagonal(curvature)
    rows = np.empty((stiff.size, soft.size), np.float32)
    square = np.empty((soft.size, soft.size))
    for column, site in enumerate(soft):
        row = curvature.row(int(site))
        rows[:, column] = row[stiff]
        square[column] = row[soft]
    pivot = np.maximum(np.abs(curvature.diagonal[stiff]), _STIFF * curvature.scale)[:, None].astype(
        np.float32
    )
    c = rows / pivot
    return Elimination(soft, stiff, lambda r: r / pivot, c, square - inner(rows, c), 0.0)


def exact(curvature: Hessian, matrix: Matrix, k: int) -> Elimination | None:
    """Return the approximate inverse in which G is exact but for float32 rounding.

    sigma is an estimate of the (k + 1)-th eigenvalue, rather above than below it. None where the stiff sites
    alone have an eigenvalue below it.

    Parameters
    ----------
    matrix : (N, N) array
        M.
    """
    soft, stiff = split(curvature, min(curvature.size // 20 + 100, curvature.size // 2))
    sigma = shift(curvature, matrix, soft, stiff, k)
    order = np.concatenate([stiff, soft])
    low = np.zeros(matrix.shape, np.float32)
    tiles = np.array_split(np.arange(order.size), max(1, order.size // 512))
    threads.run([partial(reorder, matrix, order, sigma, low, int(t[0]), int(t[-1]) + 1) for t in tiles])
    factor = factorise(low, stiff.size)
    if factor is None:
        return None
    return Elimination(soft, stiff, factor.solve, factor.eliminated(), factor.schur(), sigma)


def split(curvature: Hessian, count: int) -> tuple[Index, Index]:
    """Return the sites with the `count` smallest D, and the others."""
    order = np.argsort(curvature.diagonal, kind="stable")
    return order[:count], np.sort(order[count:])


def shift(curvature: Hessian, matrix: Matrix, soft: Index, stiff: Index, k: int) -> float:
    """Return an estimate of the (k + 1)-th eigenvalue, rather above than below it.

    The stiff sites are eliminated with the mean-field resolvent G_ii = 1/(D_i - chi sum_j J_ij^2).
    """
    least = _STIFF * curvature.scale
    chi = 0.0
    for _ in range(20):
        chi = float(np.mean(1.0 / np.maximum(curvature.diagonal - chi * curvature.strength**2, least)))
    pivot = np.maximum(curvature.diagonal[stiff] - chi * curvature.strength[stiff] ** 2, least)
    rows = matrix[soft].astype(np.float32).T[stiff]
    c = rows / pivot[:, None].astype(np.float32)
    mass = inner(c, c).astype(np.float64)
    mass.flat[:: soft.size + 1] += 1.0
    square = matrix[np.ix_(soft, soft)] - inner(rows, c)
    last = min(k, soft.size - 1)
    values = scipy.linalg.eigh(square, mass, eigvals_only=True, subset_by_index=(0, last), check_finite=False)
    return float(values[last] + 0.05 * (values[last] - values[0]))


@kernel
def reorder(matrix, order, sigma, out, first, last):  # type: ignore[no-untyped-def]
    """Fill the lower half of rows first ... last - 1 of `out` with M - sigma, the sites in this order."""
    for i in range(first, last):
        row = matrix[order[i]]
        for j in range(i + 1):
            out[i, j] = np.float32(row[order[j]])
        out[i, i] = np.float32(row[order[i]] - sigma)
