"""Certificates by Cholesky factorisation: that M is positive definite, that no mode is missing.

A float32 factor L of A - m is found only if L L^T = A - m + E is positive definite. The signs of the rounding
errors E are random, so that |E| is a few times 2^-24 max_i A_ii and grows with the square root of N at most
(Higham and Mary 2019, SIAM J. Sci. Comput. 41, A2815). The margin m = 2^-22 N^(1/2) max_i |A_ii| is at least
ten times what is found for these matrices (the tests hold it there): a factor certifies A > 0.
"""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import scipy
from numpy.typing import NDArray

from arguments import real
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian, sparse_factor
from landscape.linear.cholesky import Cholesky, factorise
from landscape.modes.zero import without_zero_modes

CERTIFIED_SIZE = 4000  # up to here minima are certified by default
FACTOR_SIZE = 6000  # up to here a factorisation pays, and so does the proof that no mode is missing
DOUBLE_SIZE = 1000  # and up to here one in float64 costs less than to correct what one in float32 gives


def margin(matrix: NDArray[Any]) -> float:
    """Return m of a symmetric (N, N) matrix."""
    return float(2.0**-22 * np.sqrt(matrix.shape[0]) * np.abs(matrix.diagonal()).max())


class Definite(NamedTuple):
    """The proof that M is positive definite: a Cholesky factor of it, or of M - shift with shift > 0."""

    factor: Cholesky
    shift: float


_UNKNOWN = Definite(Cholesky(np.zeros((0, 0)), 0), 0.0)
_KEPT: "WeakKeyDictionary[Hessian, Definite | None]" = WeakKeyDictionary()


def definite(hessian: Hessian) -> Definite | None:
    """Return the proof that a Hessian is positive definite, or None where it is not.

    By a factor in float32 above N = 1000, if the lowest eigenvalue is above the margin there, else in
    float64. That of the last Hessian is kept: the proof that x is a minimum and the search for its lowest
    modes begin with the same one.
    """
    found = _KEPT.get(hessian, _UNKNOWN)
    if found is _UNKNOWN:
        _KEPT.clear()  # before another takes its memory
        found = None if hessian.size <= DOUBLE_SIZE else _with_margin(hessian.lower(np.float32))
        if found is None and (factor := factorise(hessian.lower(np.float64))) is not None:
            found = Definite(factor, 0.0)
        _KEPT[hessian] = found
    return found


def _with_margin(lower: NDArray[np.float32]) -> Definite | None:
    """Return the factor of M - m, if there is one; the matrix is overwritten."""
    m = np.float32(margin(lower))
    lower.flat[:: lower.shape[0] + 1] = lower.diagonal() - m
    factor = factorise(lower)
    return None if factor is None else Definite(factor, float(m))


def positive_definite(matrix: Matrix) -> bool:
    """Return whether a symmetric (N, N) matrix, which is overwritten, is positive definite.

    By a Cholesky factor in float32 where the lowest eigenvalue is above the margin, else in float64. Memory:
    4 N^2 bytes beside the matrix.
    """
    return _with_margin(matrix.astype(np.float32)) is not None or factorise(matrix) is not None


def none_missing(lower: NDArray[Any], values: Vector, vectors: Matrix) -> bool:
    """Return whether every eigenvalue of M clearly below the largest of `values` is one of them.

    Clearly: by more than 3 m, m the margin. The j modes below sigma = values[-1] - 2 m are lifted by 1.5
    times the largest diagonal element. If M - sigma is then positive definite, it had at most j negative
    eigenvalues, for a change of rank j moves no more; and j are known.

    Parameters
    ----------
    lower : (N, N) array
        M, of which only the lower half is read. Overwritten if it is of float32.
    values, vectors : (k,) and (N, k) arrays
        Eigenpairs, ascending, orthonormal.
    """
    m = margin(lower)
    sigma = float(values[-1]) - 2.0 * m
    below = vectors[:, values < sigma].astype(np.float32)
    diagonal = lower.diagonal() - sigma
    low = lower.astype(np.float32, copy=False)
    low.flat[:: low.shape[0] + 1] = diagonal
    if below.shape[1]:
        lift = 1.5 * float(np.abs(diagonal + sigma).max())
        scipy.linalg.blas.ssyrk(lift, below, beta=1.0, c=low.T, overwrite_c=True)
    return factorise(low) is not None


def inertia(hessian: Hessian, shift: float = 0.0) -> int | None:
    """Return how many eigenvalues of M but its zero modes are below a shift; None where nothing is proven.

    By the pivots of a factor of M - shift (Sylvester): of a sparse one for a sparse matrix with N > 1200 or
    few elements in a row (`landscape.hessian.sparse_factor`), else up to N = 6000, where a Cholesky factor
    that exists says 0. To within rounding, of the size of the margin for Cholesky factors in float32, 2^-52
    of the spectrum else.

    Returns
    -------
    int or None

    Examples
    --------
    >>> import landscape
    >>> pair = landscape.Harmonic([[2.0, 1.0], [1.0, 2.0]]).hessian()  # lambda = 1 and 3
    >>> [landscape.inertia(pair, shift) for shift in (0.0, 2.0, 4.0)]
    [0, 1, 2]
    """
    shift = real("shift", shift)
    if sparse_factor(hessian):
        from landscape.modes.sparse import count_below  # scipy.sparse takes a while to load

        return count_below(hessian, shift)
    if hessian.size > FACTOR_SIZE:
        return None
    others = without_zero_modes(hessian)
    if shift == 0.0 and definite(others) is not None:
        return 0
    matrix = others.dense()
    matrix.flat[:: hessian.size + 1] -= shift
    if shift != 0.0 and positive_definite(matrix.copy()):
        return 0
    _, d, _ = scipy.linalg.ldl(matrix, overwrite_a=True)
    return int(np.sum(scipy.linalg.eigvalsh_tridiagonal(d.diagonal().copy(), d.diagonal(-1).copy()) < 0.0))


def judge(hessian: Hessian, *, exactly: bool) -> tuple[str, float | None]:
    """Return ``"converged"`` or ``"saddle"`` for a stationary point, and its lowest eigenvalue if computed.

    Zero modes do not count. `exactly` asks for the eigenvalue always.
    """
    from landscape.modes.low import low_modes

    if hessian.zero_modes.shape[1] >= hessian.size:
        return "converged", None
    if not exactly and inertia(hessian) == 0:
        return "converged", None
    lowest = float(low_modes(hessian, 1).eigenvalues[0])
    return "converged" if lowest > 0.0 else "saddle", lowest
