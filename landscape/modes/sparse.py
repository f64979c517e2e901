"""The lowest modes of a sparse matrix: Lanczos (ARPACK) of the inverse, and how many there are by its pivots.

A factor M - sigma = L D L^T without exchanges of rows has as many negative pivots as M has eigenvalues below
sigma (Sylvester). SuperLU keeps to the diagonal where it is told to; where it cannot, nothing is proven.
"""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import scipy

from landscape import disorder
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian

_NEAR = 1e-5  # of the size of the spectrum: how far below zero modes the first shift is
_BELOW = 1e-3  # and the next one, where the spectrum reaches below it
_ROUNDS = 7  # of shifts, and of searches for what a proof says is missing
_GAP = 1e-9  # of the size of the spectrum, above zero modes and the last mode, where modes are counted


class Factor(NamedTuple):
    """A factor of M - sigma.

    Attributes
    ----------
    lu : SuperLU
    below : int or None
        How many eigenvalues of M are below sigma; None where rows were exchanged.
    """

    lu: Any
    below: int | None


def factor(matrix: Any, sigma: float) -> Factor:
    """Return the factor of a sparse M - sigma.

    Raises
    ------
    RuntimeError
        Where M - sigma is singular to the last bit.
    """
    shifted = scipy.sparse.csc_matrix(matrix - sigma * scipy.sparse.identity(matrix.shape[0], format="csc"))
    lu = scipy.sparse.linalg.splu(
        shifted,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True, "Equil": False},
    )
    kept = np.array_equal(lu.perm_r, lu.perm_c)
    return Factor(lu, int(np.sum(lu.U.diagonal() < 0.0)) if kept else None)


_KEPT: "WeakKeyDictionary[Hessian, Factor | None]" = WeakKeyDictionary()


def at_zero(hessian: Hessian) -> float:
    """Return the shift in the place of 0: a little above it for a matrix with zero modes."""
    return _GAP * hessian.scale if hessian.zero_modes.size else 0.0


def kept(hessian: Hessian) -> Factor | None:
    """Return the factor of M - `at_zero`, made once for a Hessian; None where that is singular.

    The proof that x is a minimum, its lowest modes and solutions with M all begin with it.
    """
    if hessian not in _KEPT:
        try:
            _KEPT[hessian] = factor(hessian.matrix, at_zero(hessian))  # type: ignore[attr-defined]
        except RuntimeError:  # singular to the last bit
            _KEPT[hessian] = None
    return _KEPT[hessian]


def positive(hessian: Hessian) -> Factor | None:
    """Return that factor where it proves that all eigenvalues but the zero modes are above, else None."""
    found = kept(hessian)
    return found if found is not None and found.below == hessian.zero_modes.shape[1] else None


def count_below(hessian: Hessian, shift: float) -> int | None:
    """Return how many eigenvalues but the zero modes are below a shift; None where nothing is proven.

    A matrix with zero modes is looked at a little above a shift of 0, and they are taken off.
    """
    zero, least = hessian.zero_modes.shape[1], at_zero(hessian)
    if 0.0 <= shift <= least:
        found = kept(hessian)
        return None if found is None or found.below is None else found.below - zero
    below = factor(hessian.matrix, shift).below  # type: ignore[attr-defined]
    return below if below is None or shift <= 0.0 else below - zero


def lowest(hessian: Hessian, k: int, *, verify: bool) -> tuple[Vector, Matrix, int | None]:
    """Return the k lowest eigenvalues but the zero modes, their vectors, and how many more are below.

    That is None where nothing is proven.
    """
    matrix, zero = hessian.matrix, hessian.zero_modes  # type: ignore[attr-defined]
    found = positive(hessian) or _below(matrix, hessian.scale, singular=bool(zero.size))
    values, vectors = _near(matrix, found.lu, k, zero, np.zeros((hessian.size, 0)))
    if not verify:
        return values, vectors, None
    for _ in range(_ROUNDS):
        top = float(values[k - 1]) + _GAP * hessian.scale
        below = factor(matrix, top).below
        if below is None:
            return values[:k], vectors[:, :k], None
        missing = below - int(np.sum(values < top)) - (zero.shape[1] if top > 0.0 else 0)
        if missing <= 0:
            break
        _, more = _near(matrix, found.lu, missing, zero, vectors)
        values, vectors = _ritz(matrix, np.column_stack([vectors, more]))
    return values[:k], vectors[:, :k], max(missing, 0)


def _below(matrix: Any, scale: float, *, singular: bool) -> Factor:
    """Return a factor of M - sigma, sigma below the spectrum, as near to it as the first tries say.

    At a minimum that is 0, or a little below where zero modes make M singular.
    """
    sigma = -_NEAR * scale if singular else 0.0
    for k in range(_ROUNDS):
        try:
            found = factor(matrix, sigma)
        except RuntimeError:  # singular to the last bit
            found = None
        if found is not None and not found.below:
            return found
        sigma = -_BELOW * scale * 4.0**k
    return factor(matrix, sigma)


def _near(matrix: Any, lu: Any, k: int, zero: Matrix, known: Matrix) -> tuple[Vector, Matrix]:
    """Return the k eigenpairs nearest to the shift of a factor, beside zero and known modes, ascending."""
    away = np.column_stack([zero, known])

    def inverse(d: Vector) -> Vector:
        out = lu.solve(d - away @ (away.T @ d))
        return np.asarray(out - away @ (away.T @ out))

    size = matrix.shape[0]
    start = disorder.normal(size, seed=0, sample=known.shape[1], label="modes")
    operator = scipy.sparse.linalg.LinearOperator((size, size), matvec=inverse, dtype=np.float64)
    try:
        _, vectors = scipy.sparse.linalg.eigsh(operator, k=k, which="LM", v0=start - away @ (away.T @ start))
    except scipy.sparse.linalg.ArpackNoConvergence as error:
        vectors = error.eigenvectors
    return _ritz(matrix, vectors)


def _ritz(matrix: Any, vectors: Matrix) -> tuple[Vector, Matrix]:
    """Return the Ritz pairs of M in the span of some vectors, ascending."""
    q, _ = np.linalg.qr(vectors)
    values, y = np.linalg.eigh(q.T @ (matrix @ q))
    return values, q @ y
