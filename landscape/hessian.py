"""The second derivatives M at a configuration: dense, sparse, or known by products alone."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array
from landscape import disorder
from landscape.arrays import Matrix, Vector

SMALL = 1200  # coordinates up to which a matrix is made of products where its elements are wanted
_FILL = 40  # coordinates for each element of a row, from where a sparse factor costs less than a dense one
_PROBES = 16  # random vectors from which the lengths of rows are estimated


class Hessian(ABC):
    """A symmetric matrix M, (N, N), known at least by its products with blocks of vectors.

    M = diag(D) + R: D is the diagonal as far as it is known, the rows of R have the lengths `strength`.
    Preconditioners and estimates are made of these; no result hangs on them.

    Attributes
    ----------
    size : int
        N.
    masses : (N,) array or None
        Of the coordinates; None where all are 1.
    zero_modes : (N, z) array
        Orthonormal directions that M is known to take to zero, or nearly: they are no modes and no saddles.
    form : {"dense", "sparse", "products"}
    diagonal, strength : (N,) arrays
        D and sqrt(sum_j R_ij^2); from random vectors where M is known by products alone and N > 1200.
    error : float
        Relative error of products, by estimate; 0 where it is rounding.

    Examples
    --------
    That of a `Point` or of `Harmonic`:

    >>> import landscape
    >>> hessian = landscape.Harmonic([[2.0, 1.0], [1.0, 2.0]]).hessian()
    >>> hessian.form, hessian.diagonal, hessian.strength
    ('dense', array([2., 2.]), array([1., 1.]))
    """

    form = "products"
    error: float = 0.0

    def __init__(self, size: int, *, masses: Vector | None = None, zero_modes: Matrix | None = None) -> None:
        self.size, self.masses = size, masses
        self.zero_modes = np.zeros((size, 0)) if zero_modes is None else zero_modes

    @abstractmethod
    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return M X, shape (N, m), for a block X of m vectors, in the precision of the block."""

    def row(self, i: int) -> Vector:
        """Return row i of M, shape (N,), a new array."""
        unit = np.zeros((self.size, 1))
        unit[i] = 1.0
        return np.asarray(self.products(unit)[:, 0], np.float64)

    def dense(self) -> Matrix:
        """Return M as a new array of shape (N, N), symmetric to the last bit."""
        return self._matrix.copy()

    def lower(self, kind: type[np.floating[Any]]) -> NDArray[Any]:
        """Return a new array (N, N) of float32 or float64, its lower half that of M, the rest unset."""
        return self.dense().astype(kind, copy=False)

    def weighted(self) -> "Hessian":
        """Return m^-1/2 M m^-1/2, whose eigenvectors are normal modes; M itself where masses are 1."""
        return self if self.masses is None else Weighted(self, self.masses)

    @cached_property
    def diagonal(self) -> Vector:
        """D."""
        return self._split[0]

    @cached_property
    def strength(self) -> Vector:
        """The lengths of the rows of R."""
        return self._split[1]

    @cached_property
    def scale(self) -> float:
        """The size of the spectrum: max_i |D_i| + 2 (mean_i strength_i^2)^(1/2)."""
        typical = float(np.sqrt(np.mean(self.strength**2)))
        return float(np.abs(self.diagonal).max()) + 2.0 * typical

    @cached_property
    def soft_sites(self) -> bool:
        """Whether low modes are mostly on coordinates with small D, as those of oscillators.

        So it is where D varies more than the rows of R are long; a search for modes eliminates the others.
        """
        return bool(np.var(self.diagonal) > np.mean(self.strength**2))

    @cached_property
    def row_length(self) -> float:
        """Root mean square length of the rows of M; estimated where M is known by products alone."""
        return float(np.sqrt(np.mean(self.products(random_signs(self.size, 4)) ** 2)))

    @cached_property
    def _matrix(self) -> Matrix:
        matrix = self.products(np.eye(self.size))
        return np.asarray((matrix + matrix.T) / 2.0)

    @cached_property
    def _split(self) -> tuple[Vector, Vector]:
        if self.size <= SMALL:
            return split(self._matrix)
        signs = random_signs(self.size, _PROBES)
        images = self.products(signs)
        diagonal = np.mean(signs * images, axis=1)
        return diagonal, np.sqrt(np.mean((images - diagonal[:, None] * signs) ** 2, axis=1))


class DenseHessian(Hessian):
    """M as an array (N, N), symmetric; it is not copied."""

    form = "dense"

    def __init__(
        self, matrix: Matrix, *, masses: Vector | None = None, zero_modes: Matrix | None = None
    ) -> None:
        super().__init__(matrix.shape[0], masses=masses, zero_modes=zero_modes)
        self._given = matrix

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return M X."""
        matrix = self._single if block.dtype == np.float32 else self._given
        return np.asarray(matrix @ block)

    def row(self, i: int) -> Vector:
        """Return row i."""
        return np.array(self._given[i], np.float64)

    def dense(self) -> Matrix:
        """Return a copy."""
        return np.array(self._given, np.float64, order="C")

    @cached_property
    def row_length(self) -> float:
        """Root mean square length of the rows."""
        return float(np.sqrt(np.mean(np.einsum("ij,ij->i", self._given, self._given))))

    @cached_property
    def _single(self) -> NDArray[np.float32]:
        return self._given.astype(np.float32)

    @cached_property
    def _split(self) -> tuple[Vector, Vector]:
        return split(self._given)


class SparseHessian(Hessian):
    """M as a matrix of scipy.sparse, symmetric; no dense copy is made but by `dense`."""

    form = "sparse"

    def __init__(
        self, matrix: Any, *, masses: Vector | None = None, zero_modes: Matrix | None = None
    ) -> None:
        super().__init__(matrix.shape[0], masses=masses, zero_modes=zero_modes)
        self.matrix = matrix.tocsr()

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return M X."""
        return np.asarray(self.matrix @ block).astype(block.dtype, copy=False)

    def row(self, i: int) -> Vector:
        """Return row i."""
        return np.asarray(self.matrix[[i]].toarray()[0], np.float64)

    def dense(self) -> Matrix:
        """Return M as an array."""
        return np.asarray(self.matrix.toarray(order="C"), np.float64)

    @cached_property
    def row_length(self) -> float:
        """Root mean square length of the rows."""
        return float(np.sqrt(np.sum(self.matrix.data**2) / self.size))

    @cached_property
    def _split(self) -> tuple[Vector, Vector]:
        diagonal = np.asarray(self.matrix.diagonal(), np.float64)
        squares = np.asarray(self.matrix.multiply(self.matrix).sum(axis=1)).ravel()
        return diagonal, np.sqrt(np.maximum(squares - diagonal**2, 0.0))


class ProductHessian(Hessian):
    """M known by a function that multiplies it with a vector (N,), or with a block (N, m) of them."""

    def __init__(
        self,
        multiply: Any,
        size: int,
        *,
        blocks: bool,
        masses: Vector | None = None,
        zero_modes: Matrix | None = None,
    ) -> None:
        super().__init__(size, masses=masses, zero_modes=zero_modes)
        self._multiply, self._blocks = multiply, blocks

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return M X."""
        wide = np.asarray(block, np.float64)
        if self._blocks:
            out = self._multiply(wide)
        else:
            columns = [self._multiply(np.ascontiguousarray(d)) for d in wide.T]
            out = np.column_stack(columns) if columns else wide
        found: NDArray[Any] = array("products", out, block.shape).astype(block.dtype, copy=False)
        return found


class Weighted(Hessian):
    """m^-1/2 M m^-1/2, with products and elements from those of M."""

    def __init__(self, hessian: Hessian, masses: Vector) -> None:
        self._hessian, self._root = hessian, 1.0 / np.sqrt(masses)
        zero = hessian.zero_modes
        super().__init__(
            hessian.size, zero_modes=np.linalg.qr(zero / self._root[:, None])[0] if zero.size else zero
        )
        self.form = hessian.form

    @property
    def matrix(self) -> Any:
        """The sparse matrix, where M is one."""
        return self._hessian.matrix.multiply(self._root).multiply(self._root[:, None]).tocsr()  # type: ignore[attr-defined]

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return m^-1/2 M m^-1/2 X."""
        root = self._root.astype(block.dtype)[:, None]
        return np.asarray(root * self._hessian.products(root * block))

    def row(self, i: int) -> Vector:
        """Return row i."""
        return np.asarray(self._root[i] * self._hessian.row(i) * self._root)

    def dense(self) -> Matrix:
        """Return it as an array."""
        return np.asarray(self._root[:, None] * self._hessian.dense() * self._root)

    @cached_property
    def _split(self) -> tuple[Vector, Vector]:
        typical = float(np.sqrt(np.mean(self._root**2)))  # of the coordinates that a row couples to
        return self._hessian.diagonal * self._root**2, self._hessian.strength * self._root * typical


def split(matrix: Matrix) -> tuple[Vector, Vector]:
    """Return the diagonal and the lengths of the rows beside it."""
    diagonal = matrix.diagonal().copy()
    squares = np.einsum("ij,ij->i", matrix, matrix)
    return diagonal, np.sqrt(np.maximum(squares - diagonal**2, 0.0))


def sparse_factor(hessian: Hessian) -> bool:
    """Return whether M is factorised as a sparse matrix: one of scipy.sparse, N > 1200 or > 40 nnz/N."""
    if hessian.form != "sparse":
        return False
    return hessian.size > SMALL or hessian.size**2 > _FILL * hessian.matrix.nnz  # type: ignore[attr-defined]


def symmetric(name: str, matrix: ArrayLike) -> Matrix:
    """Return a matrix (N, N) of real numbers; raise ValueError where it is not symmetric to rounding."""
    found = array(name, matrix, ("N", "N"))
    off = float(np.abs(found - found.T).max(initial=0.0))
    if off > 1e-10 * float(np.abs(found).max(initial=0.0)):
        raise ValueError(f"{name} is not symmetric: elements (i, j) and (j, i) differ by up to {off:.3g}")
    return found


def random_signs(size: int, count: int) -> Matrix:
    """Return random vectors of elements +-1 in columns, always the same."""
    numbers = [disorder.normal(size, seed=0, sample=m, label="signs") for m in range(count)]
    return np.where(np.column_stack(numbers) < 0.0, -1.0, 1.0)
