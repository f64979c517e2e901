"""Solutions of A d = b by conjugate gradients: products with blocks of vectors, nothing else."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from landscape.arrays import Matrix

_MOST = 4  # products for each of the N directions, at most


def conjugate_gradients(
    products: Callable[[Matrix], Matrix], scale: Matrix, b: Matrix, *, tol: float
) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return (X, stopped): solutions of A_m x_m = b_m side by side, one matrix A_m for each column.

    Each column is a preconditioned conjugate gradient iteration of its own; one call of `products` serves
    all. A column that meets a direction of negative curvature stops where it is, at its preconditioned right
    side if that is the first; so does one that has made 4 N iterations.

    Parameters
    ----------
    products : callable
        Takes a block (N, m) to the block of A_m x_m.
    scale : (N, m) or (N, 1) array
        The preconditioner, a positive diagonal.
    b : (N, m) array
    tol : float
        Largest |A_m x_m - b_m| / |b_m|.

    Returns
    -------
    X : (N, m) array
    stopped : (m,) array of bool
        True for the columns that did not reach `tol`.
    """
    x = np.zeros_like(b)
    residual = b.copy()
    goal = tol * np.linalg.norm(b, axis=0)
    stopped = np.zeros(b.shape[1], bool)
    p = residual / scale
    size = np.sum(residual * p, axis=0)
    for _ in range(_MOST * b.shape[0]):
        active = ~stopped & (np.linalg.norm(residual, axis=0) > goal)
        if not active.any():
            return x, stopped
        image = products(p)
        curvature = np.sum(p * image, axis=0)
        bent = active & (curvature <= 0.0)
        first = bent & ~x.any(axis=0)
        x[:, first] = p[:, first]
        stopped |= bent
        active &= ~bent
        step = np.where(active, size, 0.0) / np.where(active, curvature, 1.0)
        x += step * p
        residual -= step * image
        z = residual / scale
        new = np.sum(residual * z, axis=0)
        p = z + np.where(active, new, 0.0) / np.where(active, size, 1.0) * p
        size = new
    return x, stopped | (np.linalg.norm(residual, axis=0) > goal)
