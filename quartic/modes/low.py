"""The lowest normal modes: one face for all methods."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigh

from arguments import choice, count, real
from landscape import threads
from quartic.modes.certificate import margin, none_missing
from quartic.modes.curvature import Curvature, real_displacement
from quartic.modes.davidson import ExhaustedError, davidson
from quartic.modes.elimination import exact, rough
from quartic.problem import Matrix, Problem, Vector, hessian
from quartic.units import curvature_units, scaled

METHODS = ("dense", "factor", "davidson")
DENSE_SIZE = 1200  # up to here the dense eigensolver is the fastest
BLOCK = 16  # residuals treated at a time: one tile of the block product
FACTOR_SIZE = 6000  # up to here a factorisation pays, and so does the proof that no mode is missing
DENSE_RATIO = 50  # and up to N = 50 k, where many modes are asked for
LEAST_RATIO = 8  # the iterative methods need N >= 8 (k + 4)


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
    method : {"dense", "factor", "davidson"}
    complete : bool or None
        True where it is proven that no lower mode is missing, None where it is not.
    """

    eigenvalues: Vector
    vectors: Matrix
    residuals: Vector
    method: str
    complete: bool | None


class EigenError(RuntimeError):
    """The eigensolver did not reach the residual asked for, or missed a mode."""


def low_modes(
    problem: Problem,
    x: ArrayLike,
    k: int,
    *,
    tol: float = 1e-8,
    method: str | None = None,
    verify: bool | None = None,
) -> Modes:
    """Return the k softest normal modes at x.

    Methods, chosen by size if not given (and ``"dense"`` where another fails up to N = 6000):

    * ``"dense"``: LAPACK; for N <= 1200 and, up to N = 6000, for N <= 50 k. Memory 24 N^2 bytes.
    * ``"factor"``: block Davidson, with the stiff sites eliminated by a Cholesky factor in float32
      (`quartic.modes.elimination`); up to N = 6000. Memory 12 N^2 bytes. Where the stiff sites have low
      modes of their own, ``"davidson"`` takes its place.
    * ``"davidson"``: the same with the stiff sites eliminated by their diagonal; products only.

    Some spectra, highly degenerate ones among them, take the last two many steps. Up to N = 6000 ``"dense"``
    takes their place once they have made half as many operations as it needs, or three times as many where
    the method was given; at small N, as if there were 1200 sites.

    All give the same bits for any number of threads (`quartic.set_threads`).

    Parameters
    ----------
    k : int
        1 <= k <= N.
    tol : float
        Largest residual |M psi - lambda psi| that is accepted, relative to the size of the spectrum
        max_i |kappa_i + A x_i^2/2| + 2 (mean_i sum_j J_ij^2)^(1/2).
    method : {"dense", "factor", "davidson"}, optional
    verify : bool, optional
        Prove that no mode below the k-th is missing, to within rounding. ``"factor"`` does so on its way: the
        signs of the pivots count the eigenvalues below a shift just above the k-th, and that many are found.
        Elsewhere, and where the shift is too far off, it takes one more Cholesky factor
        (`quartic.modes.certificate`). Done up to N = 6000 if not given.

    Raises
    ------
    ValueError
        For an argument out of range or x of the wrong shape.
    EigenError
        If a residual is above `tol`, or a mode is missing; the message holds the numbers.
    """
    k, tol = count("k", k, most=problem.size), real("tol", tol, above=0.0)
    few = problem.size >= LEAST_RATIO * (k + 4)
    chosen = method is None
    if method is None:
        method = default_method(problem.size, k)
    choice("method", method, METHODS)
    if method != "dense" and not few:
        raise ValueError(
            f"method = {method!r} needs N >= {LEAST_RATIO} (k + 4), but N = {problem.size}, k = {k}"
        )
    verify = problem.size <= FACTOR_SIZE if verify is None else verify
    x = real_displacement(problem, x)
    units = curvature_units(problem, x)
    problem, x = units.problem(problem), scaled(x, -units.length)
    curvature = Curvature(problem, x)
    with threads.single_blas():
        try:
            most = _allowed(problem.size, chosen=chosen)
            found = _solve(problem, curvature, x, k, tol, method, verify, most)
        except (EigenError, ExhaustedError) as error:
            own = isinstance(error, EigenError) and not chosen
            if own or method == "dense" or problem.size > FACTOR_SIZE:
                raise
            found = _solve(problem, curvature, x, k, tol, "dense", verify, 0.0)
    power = units.energy - 2 * units.length
    return found._replace(
        eigenvalues=scaled(found.eigenvalues, power), residuals=scaled(found.residuals, power)
    )


def default_method(n: int, k: int) -> str:
    """Return the method that is the fastest as a rule for k modes of n sites."""
    if n < LEAST_RATIO * (k + 4) or n <= DENSE_SIZE or n <= min(DENSE_RATIO * k, FACTOR_SIZE):
        return "dense"
    return "factor" if n <= FACTOR_SIZE else "davidson"


def _allowed(n: int, *, chosen: bool) -> float:
    """Return the operations that a search may make: half of what ``"dense"`` does, or three times that."""
    dense = 4.0 / 3.0 * max(n, DENSE_SIZE) ** 3
    return np.inf if n > FACTOR_SIZE else dense / 2.0 if chosen else 3.0 * dense


def _solve(
    problem: Problem,
    curvature: Curvature,
    x: ArrayLike,
    k: int,
    tol: float,
    method: str,
    verify: bool,
    most: float,
) -> Modes:
    bound = tol * curvature.scale
    matrix = hessian(problem, x) if verify or method != "davidson" else None
    complete = None
    if matrix is None:
        values, vectors = davidson(curvature, rough(curvature, k), k, tol=bound, block=BLOCK, most=most)
    elif method == "dense":
        values, vectors = eigh(matrix, subset_by_index=(0, k - 1), check_finite=False)
        complete = True
    else:
        method, values, vectors, complete = _with_matrix(curvature, matrix, k, bound, method, verify, most)
    values, vectors = values[:k], vectors[:, :k] * np.where(_largest(vectors[:, :k]) < 0.0, -1.0, 1.0)
    residuals = np.linalg.norm(curvature.products(vectors) - vectors * values, axis=0)
    if residuals.max() > bound:
        raise EigenError(f"largest residual of {k} modes is {residuals.max():.3g}: must be <= {bound:.3g}")
    return Modes(values, vectors, residuals, method, complete)


def _with_matrix(
    curvature: Curvature, matrix: Matrix, k: int, bound: float, method: str, verify: bool, most: float
) -> tuple[str, Vector, Matrix, bool | None]:
    """Return (method, values, vectors, complete) of k modes or more, with the help of Cholesky factors."""
    inverse = exact(curvature, matrix, k) if method == "factor" else None
    if inverse is None:
        values, vectors = davidson(curvature, rough(curvature, k), k, tol=bound, block=BLOCK, most=most)
        method = "davidson"
    else:
        count = int((inverse.values < inverse.sigma).sum())
        wanted = count if verify and k <= count <= k + k // 2 + 4 else k
        values, vectors = davidson(curvature, inverse, wanted, tol=bound, block=BLOCK, most=most)
        if wanted == count and values[-1] < inverse.sigma - margin(matrix) - np.sqrt(wanted) * bound:
            return method, values, vectors, True
    if not verify:
        return method, values, vectors, None
    if not none_missing(matrix, values, vectors):
        raise EigenError(f"{method} missed a mode below the {k}-th, {values[-1]:.6g}; use method='dense'")
    return method, values, vectors, True


def _largest(vectors: Matrix) -> Vector:
    largest: Vector = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None, :], axis=0)[0]
    return largest
