"""Certificates by Cholesky factorisation: that M is positive definite, that no mode is missing.

A float32 factor L of A - m is found only if L L^T = A - m + E is positive definite. The signs of the rounding
errors E are random, so that |E| is a few times 2^-24 max_i A_ii and grows with the square root of N at most
(Higham and Mary 2019, SIAM J. Sci. Comput. 41, A2815). The margin m = 2^-22 N^(1/2) max_i |A_ii| is at least
ten times what is found for these matrices (the tests hold it there): a factor certifies A > 0.
"""

import numpy as np
from numpy.typing import NDArray

from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.linear.cholesky import factorise


def margin(matrix: NDArray[np.float64]) -> float:
    """Return m of a symmetric (N, N) matrix."""
    return float(2.0**-22 * np.sqrt(matrix.shape[0]) * np.abs(matrix.diagonal()).max())


def positive_definite(matrix: Matrix) -> bool:
    """Return whether a symmetric (N, N) matrix, which is overwritten, is positive definite.

    By a Cholesky factor in float32 where the lowest eigenvalue is above the margin, else in float64. Memory:
    4 N^2 bytes beside the matrix.
    """
    low = matrix.astype(np.float32)
    low.flat[:: matrix.shape[0] + 1] = matrix.diagonal() - margin(matrix)
    if factorise(low) is not None:
        return True
    return factorise(matrix) is not None


def none_missing(matrix: Matrix, values: Vector, vectors: Matrix) -> bool:
    """Return whether every eigenvalue of M clearly below the largest of `values` is one of them.

    Clearly: by more than 3 m, m the margin. The j modes below sigma = values[-1] - 2 m are lifted by 1.5
    times the largest diagonal element. If M - sigma is then positive definite, it had at most j negative
    eigenvalues, for a change of rank j moves no more; and j are known.

    Parameters
    ----------
    matrix : (N, N) array
        M.
    values, vectors : (k,) and (N, k) arrays
        Eigenpairs, ascending, orthonormal.
    """
    m = margin(matrix)
    sigma = float(values[-1]) - 2.0 * m
    below = vectors[:, values < sigma].astype(np.float32)
    low = matrix.astype(np.float32)
    low.flat[:: matrix.shape[0] + 1] = matrix.diagonal() - sigma
    lift = 1.5 * float(np.abs(matrix.diagonal()).max())
    with threads.single_blas():
        low += (np.float32(lift) * below) @ below.T
    return factorise(low) is not None
