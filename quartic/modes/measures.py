"""What is read off modes, and off the whole spectrum."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigvalsh, lapack

from arguments import array
from quartic.modes.curvature import real_displacement
from quartic.problem import Problem, Vector, hessian


def spectrum(problem: Problem, x: ArrayLike) -> Vector:
    """Return all eigenvalues lambda of the Hessian at x, shape (N,), ascending.

    Raises
    ------
    ValueError
        For an x so large that the Hessian is beyond floating-point numbers.
    """
    matrix = hessian(problem, real_displacement(problem, x))
    if not np.isfinite(matrix).all():
        raise ValueError("x: so large that the Hessian there is beyond floating-point numbers")
    return np.asarray(eigvalsh(matrix, overwrite_a=True, check_finite=False))


def participation_ratio(vectors: ArrayLike) -> Any:
    """Return e = (sum_i psi_i^2)^2 / (N sum_i psi_i^4) of each column (S 3).

    1/N for a mode on one site, 1 for one spread evenly over all. `vectors` has shape (N,), which gives a
    float, or (N, k), which gives (k,). Their lengths do not matter.

    Raises
    ------
    ValueError
        For vectors of another shape, and where one is zero.
    """
    psi = array("vectors", vectors, ("N",), ("N", "k"))
    largest = np.abs(psi).max(axis=0)
    if not np.all(largest > 0.0):
        raise ValueError("vectors: one is zero on all sites; a mode has a direction")
    weight = np.ldexp(psi, -np.frexp(largest)[1]) ** 2
    return weight.sum(axis=0) ** 2 / (psi.shape[0] * (weight**2).sum(axis=0))


def response(problem: Problem, x: ArrayLike) -> float:
    """Return chi = tr(M^-1)/N, the mean response dx_i/dh_i of a minimum x to a field of its own.

    Raises
    ------
    ValueError
        If the Hessian is not positive definite: x is no minimum.
    """
    matrix = hessian(problem, real_displacement(problem, x))
    factor, fault = lapack.dpotrf(matrix, lower=True, overwrite_a=True)
    if fault:
        raise ValueError(
            f"the Hessian at x is not positive definite (leading minor {fault}): x is no minimum"
        )
    inverse, _ = lapack.dpotri(factor, lower=True, overwrite_c=True)
    return float(np.trace(inverse)) / problem.size
