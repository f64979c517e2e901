"""The lowest normal modes: one face for all methods."""

from typing import NamedTuple

import numpy as np
import scipy

from arguments import brief, choice, count, real
from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian, sparse_factor
from landscape.modes.certificate import DOUBLE_SIZE, Definite, definite, margin, none_missing
from landscape.modes.certificate import FACTOR_SIZE as FACTOR_SIZE
from landscape.modes.davidson import ExhaustedError, davidson
from landscape.modes.elimination import Elimination, exact, rough
from landscape.modes.inverted import Inverted, inverted
from landscape.modes.krylov import lowest, space
from landscape.modes.zero import without_zero_modes

METHODS = ("dense", "factor", "davidson", "sparse")
DENSE_SIZE = 300  # up to here the dense eigensolver is the fastest
SADDLE_SIZE = 1200  # and up to here where M is not positive definite
BLOCK = 16  # residuals treated at a time: one tile of the block product
DENSE_RATIO = 12  # and up to N = 12 k, where many modes are asked for; with factors in float32 twice that
_SINGLE = 2.0**-22  # error of products in float32, over the size of the spectrum
_LEAST = 1e-30  # size of the spectrum, or one over the largest, that the range of float32 has room around
LEAST_RATIO = 8  # the iterative methods need N >= 8 (k + 4)


@brief()
class Modes(NamedTuple):
    """The lowest normal modes of a configuration, softest first.

    Attributes
    ----------
    eigenvalues : (k,) array
        lambda = omega^2, ascending.
    vectors : (N, k) array
        Column m belongs to eigenvalue m; |psi| = 1, the component of largest magnitude is positive. With
        masses they are those of m^-1/2 M m^-1/2, and m^-1/2 psi the displacements.
    residuals : (k,) array
        |M psi - lambda psi|.
    method : {"dense", "factor", "davidson", "sparse"}
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
    hessian: Hessian, k: int, *, tol: float = 1e-8, method: str | None = None, verify: bool | None = None
) -> Modes:
    """Return the k softest normal modes of a Hessian, its zero modes left out.

    Methods, chosen by size and form if not given (and ``"dense"`` where another fails up to N = 6000):

    * ``"dense"``: LAPACK; for N <= 300, N <= 12 k and, from N = 1000 to 6000, N <= 24 k; up to N = 1200
      also where M is not positive definite or no proof is asked for. Memory 24 N^2 bytes.
    * ``"factor"``: at a minimum block Lanczos of the inverse (`landscape.modes.krylov`), by the Cholesky
      factor that proves it to be one; up to N = 6000. Memory 16 N^2 bytes, above N = 1000 8 N^2. Where M is
      not positive definite, or modes were missed: block Davidson, guided by the inverse of M less a shift
      (`landscape.modes.inverted`). Oscillators, whose low modes are on soft sites, have the stiff ones
      eliminated instead (`landscape.modes.elimination`); where these have low modes of their own,
      ``"davidson"`` takes its place.
    * ``"davidson"``: guided by the diagonal of M, or the stiff sites eliminated by theirs; products only.
    * ``"sparse"``: Lanczos of the inverse, by a sparse factor (`landscape.modes.sparse`): what a matrix of
      scipy.sparse gets with N > 1200, or more than 40 coordinates for each element of a row, and no other
      can. No dense copy is made.

    Some spectra, highly degenerate ones among them, take ``"factor"`` and ``"davidson"`` many steps. Up to
    N = 6000 ``"dense"`` takes their place once they have made half as many operations as it needs, or three
    times as many where the method was given; at small N, as if there were 1200 coordinates.

    All give the same bits for any number of threads (`landscape.set_threads`).

    Parameters
    ----------
    hessian : Hessian
    k : int
        1 <= k <= N less the number of zero modes.
    tol : float
        Largest residual |M psi - lambda psi| that is accepted, relative to `Hessian.scale`.
    method : {"dense", "factor", "davidson", "sparse"}, optional
    verify : bool, optional
        Prove that no mode below the k-th is missing, to within rounding. ``"factor"`` and ``"sparse"`` do so
        on their way: the signs of the pivots count the eigenvalues below a shift just above the k-th, and
        that many are found. Elsewhere, and where the shift is too far off, it takes one more Cholesky factor
        (`landscape.modes.certificate`). Done up to N = 6000, and for sparse matrices, if not given.

    Returns
    -------
    Modes

    Raises
    ------
    ValueError
        For an argument out of range.
    EigenError
        If a residual is above `tol`, or a mode is missing; the message holds the numbers.

    Examples
    --------
    The softest mode of two masses, 1 and 4, on springs of stiffness 1 is that of the heavy one:

    >>> import landscape
    >>> masses = landscape.Harmonic([[1.0, 0.0], [0.0, 1.0]], masses=[1.0, 4.0])
    >>> modes = landscape.low_modes(masses.hessian(), 1)
    >>> modes.eigenvalues.round(6), modes.vectors[:, 0].round(6)
    (array([0.25]), array([0., 1.]))
    """
    size = hessian.size
    k, tol = count("k", k, most=size - hessian.zero_modes.shape[1]), real("tol", tol, above=0.0)
    few = size >= LEAST_RATIO * (k + 4)
    chosen = method is None
    if method is None:
        method = "sparse" if few and sparse_factor(hessian) else default_method(size, k)
    choice("method", method, METHODS)
    if method != "dense" and not few:
        raise ValueError(f"method = {method!r} needs N >= {LEAST_RATIO} (k + 4), but N = {size}, k = {k}")
    hessian = hessian.weighted()
    if method == "sparse":
        try:
            return _sparse(hessian, k, tol, verify is not False)
        except RuntimeError:  # an EigenError, or one of ARPACK or SuperLU
            if not chosen or size > FACTOR_SIZE:
                raise
            method = "dense"
    verify = size <= FACTOR_SIZE if verify is None else verify
    hessian = without_zero_modes(hessian)
    with threads.single_blas():
        if chosen and method == "factor" and size <= SADDLE_SIZE and not (verify and _proven(hessian)):
            method = "dense"
        try:
            most = _allowed(size, chosen=chosen)
            return _solve(hessian, k, tol, method, verify, most)
        except (EigenError, ExhaustedError) as error:
            own = isinstance(error, EigenError) and not chosen
            if own or method == "dense" or size > FACTOR_SIZE:
                raise
            return _solve(hessian, k, tol, "dense", verify, 0.0)


def _sparse(hessian: Hessian, k: int, tol: float, verify: bool) -> Modes:
    """Return the modes of a sparse matrix."""
    from landscape.modes.sparse import lowest  # scipy.sparse takes a while to load

    if hessian.form != "sparse":
        raise ValueError(
            f"method = 'sparse': the Hessian is {hessian.form}, must be a matrix of scipy.sparse"
        )
    values, vectors, missing = lowest(hessian, k, verify=verify)
    if missing:
        raise EigenError(f"sparse missed {missing} modes below the {k}-th, {values[-1]:.6g}")
    complete = None if missing is None else True
    return _checked(hessian, values, vectors, "sparse", complete, tol * hessian.scale)


def default_method(n: int, k: int) -> str:
    """Return the method that is the fastest as a rule for k modes of n coordinates."""
    ratio = DENSE_RATIO if n <= DOUBLE_SIZE else 2 * DENSE_RATIO
    if n < LEAST_RATIO * (k + 4) or n <= DENSE_SIZE or n <= min(ratio * k, FACTOR_SIZE):
        return "dense"
    return "factor" if n <= FACTOR_SIZE else "davidson"


def _allowed(n: int, *, chosen: bool) -> float:
    """Return the operations that a search may make: half of what ``"dense"`` does, or three times that."""
    dense = 4.0 / 3.0 * max(n, SADDLE_SIZE) ** 3
    return np.inf if n > FACTOR_SIZE else dense / 2.0 if chosen else 3.0 * dense


def _solve(hessian: Hessian, k: int, tol: float, method: str, verify: bool, most: float) -> Modes:
    bound = tol * hessian.scale
    found = _by_lanczos(hessian, k, bound, most) if method == "factor" and verify else None
    if found is not None:
        return _checked(hessian, *found, method, True, bound)
    matrix = hessian.dense() if verify or method != "davidson" else None
    complete = None
    if matrix is None:
        values, vectors = davidson(hessian, rough(hessian, k), k, tol=bound, block=BLOCK, most=most)
    elif method == "dense":
        values, vectors = scipy.linalg.eigh(matrix, subset_by_index=(0, k - 1), check_finite=False)
        complete = True
    else:
        method, values, vectors, complete = _with_matrix(hessian, matrix, k, bound, method, verify, most)
    return _checked(hessian, values[:k], vectors[:, :k], method, complete, bound)


def _proven(hessian: Hessian) -> Definite | None:
    """Return the proof that M is positive definite, if there is one and powers of M^-1 are in range."""
    return definite(hessian) if _LEAST <= hessian.scale <= 1.0 / _LEAST else None


def _by_lanczos(hessian: Hessian, k: int, bound: float, most: float) -> tuple[Vector, Matrix] | None:
    """Return the k lowest modes of a positive definite M, and no others; None where that is not proven."""
    factor = _proven(hessian)
    found = space(hessian, factor, k, bound) if factor is not None else None
    if found is None:
        return None
    values, vectors, residual = lowest(hessian, found, k, bound)
    if residual > bound:
        values, vectors = davidson(hessian, found, k, tol=bound, block=2 * BLOCK, most=most)
    return (values, vectors) if none_missing(hessian.lower(np.float32), values, vectors) else None


def _checked(
    hessian: Hessian, values: Vector, vectors: Matrix, method: str, complete: bool | None, bound: float
) -> Modes:
    """Return modes whose residuals are at most `bound`, with signs."""
    vectors = vectors * np.where(_largest(vectors) < 0.0, -1.0, 1.0)
    residuals = np.linalg.norm(hessian.products(vectors) - vectors * values, axis=0)
    if residuals.max() > bound:
        raise EigenError(
            f"largest residual of {values.size} modes is {residuals.max():.3g}: must be <= {bound:.3g}"
        )
    return Modes(values, vectors, residuals, method, complete)


def _with_matrix(
    hessian: Hessian, matrix: Matrix, k: int, bound: float, method: str, verify: bool, most: float
) -> tuple[str, Vector, Matrix, bool | None]:
    """Return (method, values, vectors, complete) of k modes or more, with the help of Cholesky factors."""
    inverse: Inverted | Elimination | None = None
    if method == "factor":
        inverse = exact(hessian, matrix, k) if hessian.soft_sites else inverted(hessian, matrix, k)
    if inverse is None:
        values, vectors = davidson(hessian, rough(hessian, k), k, tol=bound, block=BLOCK, most=most)
        method = "davidson"
    elif isinstance(inverse, Inverted):
        first = _SINGLE * hessian.scale
        values, vectors = davidson(hessian, inverse, k, tol=bound, block=BLOCK, most=most, first=first)
    else:
        count = int((inverse.values < inverse.sigma).sum())
        wanted = count if verify and k <= count <= k + k // 2 + 4 else k
        values, vectors = davidson(hessian, inverse, wanted, tol=bound, block=BLOCK, most=most)
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
