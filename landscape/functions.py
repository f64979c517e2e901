"""A landscape of functions that a user has."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, choice, count, frozen, real
from landscape import rigid
from landscape.arrays import Matrix, Vector
from landscape.hessian import DenseHessian, Hessian, ProductHessian, SparseHessian, symmetric
from landscape.protocol import Landscape


class Functions(Landscape):
    """An energy and its gradient, and what else is at hand; the rest comes from differences of these.

    Parameters
    ----------
    energy : callable
        energy(x), a number, for x of shape (N,).
    gradient : callable
        gradient(x), shape (N,): minus the forces.
    size : int
        N.
    hessian : callable, optional
        hessian(x), an (N, N) array or matrix of scipy.sparse, symmetric.
    products : callable, optional
        products(x, d), M at x times a vector d (N,): less than the whole of M, enough for minima and modes.
    dimension : int
        Coordinates of a particle; divides N.
    masses : (N,) array, optional
        Of the coordinates, > 0.
    zero_modes : {"none", "translations", "rigid"} or callable
        Motions that leave the energy as it is: none, those of all particles together, these with rotations,
        or zero_modes(x), an (N, z) array of independent columns.
    length : float
        A displacement over which forces change much, > 0.

    Raises
    ------
    ValueError
        For an argument outside its range; later, for what a function returns, with its name.

    Examples
    --------
    Two particles in the plane at the ends of a spring of length 1: they turn and move freely, and stretch it.

    >>> import landscape, numpy as np
    >>> def stretch(x):
    ...     return np.hypot(*(x[2:] - x[:2])) - 1.0
    >>> def gradient(x):
    ...     along = (x[2:] - x[:2])/np.hypot(*(x[2:] - x[:2]))
    ...     return stretch(x)*np.concatenate([-along, along])
    >>> spring = landscape.Functions(lambda x: stretch(x)**2/2, gradient, 4, dimension=2, zero_modes="rigid")
    >>> landscape.spectrum(landscape.minimize(spring, [0.0, 0.0, 0.8, 0.9]).point.hessian).round(4)
    array([2.])
    """

    def __init__(
        self,
        energy: Callable[[Vector], Any],
        gradient: Callable[[Vector], ArrayLike],
        size: int,
        *,
        hessian: Callable[[Vector], Any] | None = None,
        products: Callable[[Vector, Vector], ArrayLike] | None = None,
        dimension: int = 1,
        masses: ArrayLike | None = None,
        zero_modes: str | Callable[[Vector], ArrayLike] = "none",
        length: float = 1.0,
    ) -> None:
        for name, function in (("energy", energy), ("gradient", gradient)):
            if not callable(function):
                raise ValueError(f"{name} = {function!r}: must be a function of x")
        self._energy, self._gradient, self._hessian, self._products = energy, gradient, hessian, products
        self._size, self.dimension = particles(size, dimension)
        self.masses = checked_masses(masses, self._size)
        self.length = real("length", length, above=0.0)
        if not callable(zero_modes):
            choice("zero_modes", zero_modes, rigid.KINDS, also=" or a function")
        self._zero_modes = zero_modes

    @property
    def size(self) -> int:
        """Number of coordinates N."""
        return self._size

    def energy(self, x: Vector) -> float:
        """Return H(x)."""
        return float(self._energy(x))

    def gradient(self, x: Vector) -> Vector:
        """Return dH/dx_i."""
        found = np.array(self._gradient(x), np.float64)  # a copy: a function may use its array again
        if found.shape != (self._size,):
            raise ValueError(f"gradient(x) has shape {found.shape}: must be {(self._size,)}")
        return found

    def zero_modes(self, x: Vector) -> Matrix:
        """Return the directions that change no energy, orthonormal."""
        if isinstance(self._zero_modes, str):
            return rigid.zero_modes(x, self.dimension, self._zero_modes)
        return orthonormal(self._zero_modes(x), self._size)

    @property
    def has_hessian(self) -> bool:
        """Whether it, or its products, are given."""
        return self._hessian is not None or self._products is not None

    def hessian(self, x: Vector) -> Hessian:
        """Return M at x: as given, or from differences of the gradient."""
        known: Any = {"masses": self.masses, "zero_modes": self.zero_modes(x)}
        if self._hessian is not None:
            return matrix_hessian("hessian(x)", self._hessian(x), self._size, **known)
        if (products := self._products) is not None:
            return ProductHessian(lambda d: products(x, d), self._size, blocks=False, **known)
        return super().hessian(x)


def matrix_hessian(name: str, given: Any, size: int | None, **known: Any) -> Hessian:
    """Return the Hessian of an array or sparse matrix, copied; ValueError where it is no symmetric (N, N)."""
    sparse = hasattr(given, "tocsr")  # a matrix of scipy.sparse, seen without loading it
    found = given if sparse else symmetric(name, given)
    wanted = (size or found.shape[0],) * 2
    if found.shape != wanted:
        raise ValueError(f"{name} has shape {found.shape}: must be {wanted}")
    if not sparse:
        return DenseHessian(frozen(found), **known)
    _check_sparse(name, given)
    return SparseHessian(given.copy(), **known)


def particles(size: int, dimension: int) -> tuple[int, int]:
    """Return size and dimension; raise ValueError where the one does not divide the other."""
    size, dimension = count("size", size), count("dimension", dimension)
    if size % dimension:
        raise ValueError(f"size = {size}: must be a multiple of dimension = {dimension}")
    return size, dimension


def checked_masses(masses: ArrayLike | None, size: int) -> Vector | None:
    """Return masses > 0 of all coordinates, read-only; None for none."""
    return None if masses is None else frozen(array("masses", masses, (size,), above=0.0))


def orthonormal(given: ArrayLike, size: int) -> Matrix:
    """Return independent columns (N, z) made orthonormal; raise ValueError where they are not independent."""
    block = array("zero_modes", given, (size, "z"))
    q, r = np.linalg.qr(block)
    lengths = np.abs(np.diagonal(r))
    if lengths.size and lengths.min() <= 1e-10 * np.linalg.norm(block, axis=0).max():
        raise ValueError(f"zero_modes: {block.shape[1]} columns are not independent")
    return np.asarray(q)


def _check_sparse(name: str, given: Any) -> None:
    values: NDArray[Any] = given.tocoo().data
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        raise ValueError(f"{name}: must hold finite real numbers")
    off = abs(given - given.T)
    if off.nnz and off.max() > 1e-10 * abs(given).max():
        raise ValueError(f"{name} is not symmetric: elements (i, j) and (j, i) differ by {off.max():.3g}")
