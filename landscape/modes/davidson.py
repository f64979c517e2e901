"""Block Davidson with thick restarts that keep the previous directions too (GD+k: Stathopoulos 1998)."""

import math
from typing import Any, Protocol

import numpy as np

from landscape import disorder
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.linear.blocks import combine, inner, orthonormal, residual, rotate
from landscape.linear.microkernels import TILE

_GUARDS = 4  # random vectors in the first block, against modes that the rest of it does not meet
_MEMORY = 600 << 20  # bytes of the basis and its image
_GAIN = 1e-6  # factor by which float32 products lower the residual, before W is made afresh
_PASSES = 8
_TALL = 6  # operations on the basis for each new vector, residual and orthogonalisation, in inner products
_EIGH = 9.0  # operations of a full diagonalisation, over the cube of the size
_PATIENCE = 50  # steps without progress after which a search gives up


class ExhaustedError(ArithmeticError):
    """The work that a search may take is used up."""


class Inverse(Protocol):
    """An approximate inverse of M - theta, and what to begin with."""

    def start(self, count: int) -> Matrix:
        """Return `count` vectors to begin with, shape (N, count)."""

    def apply(self, residuals: Matrix, theta: Vector) -> Matrix:
        """Return (M - theta_m)^-1 r_m of each column, approximately."""


class Search:
    """A subspace V that grows towards the lowest modes, its image W = M V and H = V^T W.

    The first block is multiplied in float64, new directions in float32: their part in a mode shrinks with the
    residual, and so does the error. `compress` makes W of the lowest vectors afresh in float64.

    Attributes
    ----------
    left : float
        Multiplications and additions that may still be made; where there is none, `append` and `ritz` raise
        ExhaustedError.
    """

    def __init__(
        self, curvature: Hessian, inverse: Inverse, k: int, block: int, most: float = math.inf
    ) -> None:
        n, self.left = curvature.size, most
        room = _MEMORY // (16 * n)
        self.curvature, self.inverse, self.k = curvature, inverse, k
        self.block = min(block, max(1, (room - k) // 4))
        self.width = min(max(160, 4 * k), n // 2, max(k + 16, room))
        self.keep = min(2 * k, (self.width - self.block) // 2 + k // 2)
        guards = [disorder.normal(n, seed=0, sample=m, label="modes") for m in range(_GUARDS)]
        self.v, self.w = np.empty((n, self.width)), np.empty((n, self.width))
        self.h = np.zeros((self.width, self.width))
        self.size = 0
        self.previous = np.zeros((0, 0))
        self.kind: type[np.floating[Any]] = np.float64
        self._ritz: tuple[Vector, Matrix] | None = None  # of the present H
        self.append(np.column_stack([inverse.start(k + _GUARDS), *guards]))
        self.kind = np.float32

    def append(self, block: Matrix) -> None:
        """Add the span of a block to the subspace."""
        block = orthonormal(block, self.v[:, : self.size])
        begin, end = self.size, self.size + block.shape[1]
        n, whole = self.curvature.size, -(-block.shape[1] // TILE) * TILE
        self._spend(2.0 * n * whole * (n + _TALL * end))
        self.v[:, begin:end] = block
        self.w[:, begin:end] = self.curvature.products(block.astype(self.kind))
        self.h[:begin, begin:end] = inner(self.w[:, :begin], block)  # the older, the more exact
        self.h[begin:end, :begin] = self.h[:begin, begin:end].T
        self.h[begin:end, begin:end] = inner(block, self.w[:, begin:end])
        self.size, self._ritz = end, None

    def _spend(self, operations: float) -> None:
        self.left -= operations
        if self.left < 0.0:
            raise ExhaustedError

    def ritz(self) -> tuple[Vector, Matrix]:
        """Return the Ritz values, ascending, and their coefficients in V."""
        if self._ritz is None:
            self._spend(_EIGH * self.size**3)
            h = self.h[: self.size, : self.size]
            self._ritz = np.linalg.eigh((h + h.T) / 2)
        return self._ritz

    def residuals(self, values: Vector, y: Matrix) -> Matrix:
        """Return W y - theta V y."""
        return residual(self.v[:, : self.size], self.w[:, : self.size], y, values)

    def restart(self, y: Matrix) -> Matrix:
        """Shrink the subspace to the lowest Ritz vectors and the previous ones."""
        z = y[:, : self.keep]
        old = np.zeros((self.size, self.previous.shape[1]))
        old[: self.previous.shape[0]] = self.previous
        z = np.column_stack([z, orthonormal(old, z)]) if old.shape[1] else z
        count = z.shape[1]
        self._spend(4.0 * self.curvature.size * self.size * count)
        rotate(self.v, z)
        rotate(self.w, z)
        self.h[:count, :count] = z.T @ self.h[: self.size, : self.size] @ z
        self.size, self._ritz = count, None
        return self.ritz()[1]

    def compress(self) -> None:
        """Shrink the subspace, and make W of the lowest Ritz vectors afresh by float64 products."""
        self.restart(self.ritz()[1])
        count = min(self.k + _GUARDS, self.size)
        v = self.v[:, : self.size]
        self.w[:, :count] = self.curvature.products(v[:, :count])
        self.h[: self.size, :count] = inner(v, self.w[:, :count])
        self.h[:count, : self.size] = self.h[: self.size, :count].T
        self.previous, self._ritz = np.zeros((0, 0)), None

    def advance(self, norms: Vector, target: float) -> None:
        """Let the subspace grow until all residuals, now `norms`, are at most `target` or none falls."""
        best, idle, norms = np.inf, 0, norms.copy()
        while idle < _PATIENCE:
            values, y = self.ritz()
            worst = np.argsort(-norms, kind="stable")[: self.block]
            wanted = np.sort(worst[norms[worst] > target])
            r = self.residuals(values[wanted], y[:, wanted])
            norms[wanted] = np.linalg.norm(r, axis=0)
            if np.all(norms <= target):
                norms = self.norms()  # those found long ago may have been pushed up by new ones
                if np.all(norms <= target):
                    return
                continue
            progress = float(np.log(np.maximum(norms, target)).sum())
            idle = 0 if progress < best else idle + 1
            best = min(best, progress)
            if self.size + wanted.size > self.width:
                y = self.restart(y)
            self.previous = y[:, wanted]
            self.append(self.inverse.apply(r, values[wanted]))

    def norms(self) -> Vector:
        """Return the norms of the residuals of the k lowest Ritz vectors, shape (k,)."""
        values, y = self.ritz()
        return np.asarray(np.linalg.norm(self.residuals(values[: self.k], y[:, : self.k]), axis=0))


def davidson(
    curvature: Hessian,
    inverse: Inverse,
    k: int,
    *,
    tol: float,
    block: int,
    most: float = math.inf,
    first: float = 0.0,
) -> tuple[Vector, Matrix]:
    """Return estimates of the k lowest eigenvalues, ascending, and vectors (N, k), orthonormal.

    It ends where the residuals, from float64 products, are at most `tol`, or where they stop to fall.

    Parameters
    ----------
    tol : float
        Absolute.
    block : int
        Residuals treated at a time, the largest.
    most : float
        Multiplications and additions that may be made.
    first : float
        Least residual to be led to before products are made afresh in float64 once.

    Raises
    ------
    ExhaustedError
        If these are used up.
    """
    search = Search(curvature, inverse, k, block, most)
    norms = search.norms()
    last = float(norms.max())
    target = max(first, _goal(last, tol))
    for _ in range(_PASSES):
        search.advance(norms, target)
        search.compress()
        norms = search.norms()
        worst = float(norms.max())
        if worst <= tol:
            break
        if worst > 0.1 * last:
            search.kind = np.float64
        target, last = _goal(worst, tol), worst
    values, y = search.ritz()
    return values[:k], combine(search.v[:, : search.size], y[:, :k])


def _goal(worst: float, tol: float) -> float:
    """Return the residual to lead to next: tol/2, or a part of the way, of as few as float32 allows."""
    ratio = max(tol / 2, 1e-18) / max(worst, tol / 2, 1e-18)
    parts = max(1, math.ceil(math.log(ratio) / math.log(_GAIN)))
    return max(tol / 2, worst * float(ratio ** (1 / parts)))
