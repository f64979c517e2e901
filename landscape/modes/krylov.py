"""Krylov spaces of the inverse, by block Lanczos from a Cholesky factor that is at hand.

That of K = (M - m)^-1 has the lowest modes first, whatever the matrix, in about 4 vectors for each. Of a Ritz
vector u of K, with value mu and residual w, the next power K u = mu u + w costs nothing more, and
M K u - (m + 1/mu) K u = -w/mu.
"""

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from landscape import disorder
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.linear.blocks import orthonormal
from landscape.linear.microkernels import lanczos
from landscape.modes.certificate import Definite

_BLOCK = 4  # vectors of a block, which the kernel relies on
_FIRST, _EACH = 32, 4  # vectors until modes are first looked at, in all and for each of them
_MORE = 6  # a part of them is added where these were too few
_MOST = 3  # times as many at most
_NOISE = 0.02  # of the first block on sites that are not among the softest, 3 for each mode
_GUARDS = 4  # modes beside those wanted
_CORRECTIONS = 2  # of all vectors together, each a product in float32
_TERMS = 3  # of the series for what the space leaves out


class Krylov:
    """A Krylov space in which the lowest modes of M have been found, and an approximate inverse of M - theta.

    Attributes
    ----------
    values : (m,) array
        Ritz values mu of K, descending.
    beyond : (k,) array
        Residuals of the wanted modes of M, but for what rounding adds to them.
    """

    def __init__(self, definite: Definite, basis: NDArray[Any], t: Matrix, wanted: int) -> None:
        """Take K, the vectors as rows and four more, K in their space (m + 4, m), and the modes wanted."""
        count = t.shape[1]
        self._definite, self._basis = definite, basis
        square = t[:count]
        values, y = np.linalg.eigh((square + square.T) / 2.0)
        least = np.finfo(basis.dtype).eps * values[-1]  # rounding, where some are many orders apart
        self.values, self._y, self._wanted = np.maximum(values[::-1], least), y[:, ::-1], wanted
        beyond = np.linalg.norm(t[count:] @ self._y[:, :wanted], axis=0)
        self.beyond: Vector = beyond / self.values[:wanted] ** 2
        self._powers = t @ (self._y[:, : wanted + _GUARDS] / self.values[: wanted + _GUARDS])

    def start(self, count: int) -> Matrix:
        """Return the lowest approximate modes, at most four more than are wanted, shape (N, count)."""
        return self._vectors(self._powers[:, :count])

    def apply(self, residuals: Matrix, theta: Vector) -> Matrix:
        """Return (M - theta_m)^-1 r_m of each column, approximately, shape (N, m).

        z = K (r + (theta - m) z) is made good in the space by its Ritz vectors, and in the rest, where
        theta K is small, by going on from there.
        """
        shift = theta - self._definite.shift
        size = np.linalg.norm(residuals, axis=0)
        size[size == 0.0] = 1.0  # the range of float32 is narrow
        r = (residuals / size).astype(self._basis.dtype)
        among = self._y.T @ (self._basis[: self._y.shape[0]] @ r).astype(np.float64)
        gap = 1.0 / self.values[:, None] - shift
        among[: self._wanted] = 0.0
        z = self._vectors(self._y @ (among / np.maximum(gap, 0.02 / self.values[:, None])))
        for _ in range(_TERMS):
            z = self._definite.factor.solve((r + shift * z).astype(r.dtype)).astype(np.float64)
        return np.asarray(z * size)

    def _vectors(self, coefficients: Matrix) -> Matrix:
        part = self._basis[: coefficients.shape[0]].T @ coefficients.astype(self._basis.dtype)
        return np.asarray(part, np.float64)


def space(hessian: Hessian, definite: Definite, k: int, bound: float) -> Krylov | None:
    """Return a space with the k lowest modes, their residuals likely to be below `bound` but for rounding.

    None where the space closes before: then it may have missed modes of any kind.
    """
    size, kind = hessian.size, definite.factor.lower.dtype
    count = _whole(_FIRST + _EACH * k)
    most = min(_MOST * count, size // 2 // _BLOCK * _BLOCK)
    v = np.zeros((most + 3 * _BLOCK, _whole(size)), kind)
    t = np.zeros((most, v.shape[0]))
    v[:_BLOCK, :size] = np.linalg.qr(_start(hessian, k))[0].T
    have, count = 0, min(count, most)
    while lanczos(definite.factor.lower, v, t, have, count) == count:
        within = count + _BLOCK
        found = Krylov(definite, v[:within, :size], t[:count, :within].T, k)
        if found.beyond.max() <= bound / 2.0 or count == most:
            return found
        have, count = count, min(most, count + _whole(count // _MORE))
    return None


def lowest(hessian: Hessian, found: Krylov, k: int, bound: float) -> tuple[Vector, Matrix, float]:
    """Return k Ritz values and vectors of M, ascending, and their largest residual.

    In the span of the lowest vectors of the space, and if that is not enough, of corrections of each.
    """
    x = found.start(k + _GUARDS)
    image = hessian.products(x)
    values, y = scipy.linalg.eigh(x.T @ image, x.T @ x, check_finite=False)
    for turn in range(_CORRECTIONS + 1):
        x, image = x @ y, image @ y
        residuals = image - x * values
        worst = float(np.linalg.norm(residuals[:, :k], axis=0).max())
        if worst <= bound or turn == _CORRECTIONS:
            break
        z = orthonormal(found.apply(residuals, values), x)
        x, image = np.column_stack([x, z]), np.column_stack([image, hessian.products(z.astype(np.float32))])
        values, y = np.linalg.eigh(x.T @ image)  # of the lower half, z^T M x, which has all digits
        values, y = values[: k + _GUARDS], y[:, : k + _GUARDS]
    return values[:k], x[:, :k], worst


def _start(hessian: Hessian, k: int) -> Matrix:
    """Return a block to begin with: noise, of oscillators mostly on the softest sites."""
    noise = [disorder.normal(hessian.size, seed=0, sample=m, label="lanczos") for m in range(_BLOCK)]
    block = np.column_stack(noise)
    if hessian.soft_sites:
        block[np.argsort(hessian.diagonal, kind="stable")[3 * k :]] *= _NOISE
    return block


def _whole(count: int) -> int:
    return -(-count // _BLOCK) * _BLOCK
