"""Normal modes of a configuration: M psi = lambda psi, omega = sqrt(lambda)."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import LinAlgError, cho_factor, cho_solve, eigh, eigvalsh, lapack
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, LinearOperator, eigsh

from quartic import disorder
from quartic.problem import Matrix, Problem, Vector, hessian

DENSE_SIZE = 2000  # up to here the dense eigensolver is the faster one
FACTOR_SIZE = 8192  # up to here a Cholesky factor of M is affordable (512 MiB)


class Modes(NamedTuple):
    """The lowest normal modes of a configuration, softest first.

    Attributes
    ----------
    eigenvalues : (k,) array
        lambda = omega^2, ascending.
    vectors : (N, k) array
        Column m belongs to eigenvalue m; |psi| = 1, the component of largest magnitude is positive.
    residuals : (k,) array
        |M psi - lambda psi|.
    """

    eigenvalues: Vector
    vectors: Matrix
    residuals: Vector


class EigenError(RuntimeError):
    """The eigensolver did not reach the residual asked for."""


def spectrum(problem: Problem, x: ArrayLike) -> Vector:
    """Return all eigenvalues lambda of the Hessian at x, shape (N,), ascending."""
    return np.asarray(eigvalsh(_real_hessian(problem, x), overwrite_a=True, check_finite=False))


def low_modes(problem: Problem, x: ArrayLike, k: int, *, tol: float = 1e-8) -> Modes:
    """Return the k softest normal modes at x.

    Dense (LAPACK) for N <= 2000 or where k is more than a tenth of N; otherwise Lanczos, on the inverse of M
    by its Cholesky factor while M is positive definite and N <= 8192, else on M itself.

    Parameters
    ----------
    k : int
        1 <= k <= N.
    tol : float
        Largest residual |M psi - lambda psi|, relative to the largest row sum of |M|, that is accepted.

    Raises
    ------
    ValueError
        For k out of range or x of the wrong shape.
    EigenError
        If a residual is above `tol`; the message holds the numbers.
    """
    if not (isinstance(k, int | np.integer) and 1 <= k <= problem.size):
        raise ValueError(f"k = {k}: must be an integer from 1 to N = {problem.size}")
    matrix = _real_hessian(problem, x)
    if problem.size <= DENSE_SIZE or 10 * k > problem.size:
        values, vectors = eigh(matrix, subset_by_index=(0, k - 1), check_finite=False)
    else:
        values, vectors = _lanczos(matrix, k)
    vectors = vectors * np.where(_largest_component(vectors) < 0.0, -1.0, 1.0)
    residuals = np.linalg.norm(matrix @ vectors - vectors * values, axis=0)
    bound = tol * float(np.max(np.abs(matrix).sum(axis=1)))
    if residuals.max() > bound:
        raise EigenError(f"largest residual of {k} modes is {residuals.max():.3g}: must be <= {bound:.3g}")
    return Modes(values, vectors, residuals)


def participation_ratio(vectors: ArrayLike) -> Any:
    """Return e = (sum_i psi_i^2)^2 / (N sum_i psi_i^4) of each column (S 3).

    1/N for a mode on one site, 1 for one spread evenly over all. `vectors` has shape (N,), which gives a
    float, or (N, k), which gives (k,).
    """
    psi = np.asarray(vectors, np.float64)
    if psi.ndim not in (1, 2) or psi.shape[0] == 0:
        raise ValueError(f"vectors has shape {psi.shape}: must be (N,) or (N, k)")
    weight = psi**2
    return weight.sum(axis=0) ** 2 / (psi.shape[0] * (weight**2).sum(axis=0))


def response(problem: Problem, x: ArrayLike) -> float:
    """Return chi = tr(M^-1)/N, the mean response dx_i/dh_i of a minimum x to a field of its own.

    Raises
    ------
    ValueError
        If the Hessian is not positive definite: x is no minimum.
    """
    factor, fault = lapack.dpotrf(_real_hessian(problem, x), lower=True, overwrite_a=True)
    if fault:
        raise ValueError(
            f"the Hessian at x is not positive definite (leading minor {fault}): x is no minimum"
        )
    inverse, _ = lapack.dpotri(factor, lower=True, overwrite_c=True)
    return float(np.trace(inverse)) / problem.size


def _lanczos(matrix: Matrix, k: int) -> tuple[Vector, Matrix]:
    """Return the k lowest eigenpairs, ascending, from a fixed starting vector."""
    n = matrix.shape[0]
    options = {
        "v0": disorder.normal(n, seed=0, sample=0, label="lanczos"),
        "tol": 1e-10,
        "ncv": max(3 * k, 40),
    }
    try:
        if n <= FACTOR_SIZE:
            factor = cho_factor(matrix, lower=True, check_finite=False)
            inverse = LinearOperator((n, n), lambda v: cho_solve(factor, v, check_finite=False), dtype=float)
            values, vectors = eigsh(matrix, k, sigma=0.0, OPinv=inverse, **options)
            order = np.argsort(values)
            return values[order], vectors[:, order]
    except LinAlgError:
        pass  # not positive definite: the lowest eigenvalues are not those nearest to zero
    try:
        values, vectors = eigsh(
            LinearOperator((n, n), lambda v: matrix @ v, dtype=float), k, which="SA", **options
        )
    except (ArpackError, ArpackNoConvergence) as error:
        raise EigenError(f"Lanczos found no {k} lowest modes of a {n} x {n} Hessian: {error}") from error
    order = np.argsort(values)
    return values[order], vectors[:, order]


def _real_hessian(problem: Problem, x: ArrayLike) -> Matrix:
    x = np.asarray(x)
    if x.dtype.kind == "c":
        raise ValueError("x is complex: normal modes need a real configuration")
    return hessian(problem, x)


def _largest_component(vectors: Matrix) -> Vector:
    largest: Vector = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None, :], axis=0)[0]
    return largest
