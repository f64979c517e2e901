"""The interface of all coupling matrices: products with vectors and blocks, rows, the dense matrix."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from arguments import numbers
from landscape.arrays import Matrix, Vector


class Coupling(ABC):
    """A real symmetric coupling matrix J of shape (N, N).

    ``coupling @ x`` takes a vector (N,) or a block (N, m), complex ones too, and ``np.asarray(coupling)``
    gives the matrix itself.

    Attributes
    ----------
    size : int
        N.
    strength : (N,) array
        sqrt(sum_j J_ij^2), or its mean over the disorder where the rows are not at hand; read-only.
    """

    size: int
    strength: Vector

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Bytes of memory that the representation holds."""

    @abstractmethod
    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x, shape (N,), in `out` if given. x is a contiguous float64 vector, not checked."""

    @abstractmethod
    def row(self, i: int) -> Vector:
        """Return row i of J, shape (N,), a new array."""

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return J X, shape (N, m), for a block X of m vectors; Fortran-ordered.

        A float32 block is summed in float32: half the cost or less, where errors are corrected later.
        """
        out = np.empty(block.shape, np.float64, order="F")
        for column in range(block.shape[1]):
            self.product(np.ascontiguousarray(block[:, column], np.float64), out[:, column])
        return out.astype(block.dtype, copy=False)

    def dense(self) -> Matrix:
        """Return J as a new float64 array of shape (N, N)."""
        out = np.empty((self.size, self.size))
        for i in range(self.size):
            out[i] = self.row(i)
        return out

    def lower(self, kind: type[np.floating[Any]]) -> NDArray[Any]:
        """Return a new array (N, N) of float32 or float64, its lower half that of J, the rest unset."""
        return self.dense().astype(kind, copy=False)

    def rescaled(self, power: int) -> "Coupling":
        """Return 2^power J."""
        return Multiple(self, power)

    @property
    def shape(self) -> tuple[int, int]:
        """(N, N)."""
        return self.size, self.size

    def __matmul__(self, x: ArrayLike) -> NDArray[Any]:
        x = numbers("operand", x, (self.size,), (self.size, "m"))
        if x.dtype.kind == "c":
            return np.asarray((self @ x.real) + 1j * (self @ x.imag))
        if x.ndim == 2:
            return self.products(x)
        return self.product(x)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("the matrix of a coupling is computed: it cannot be had without a copy")
        return self.dense().astype(dtype or np.float64, copy=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(N={self.size}, {self.nbytes} bytes)"


class Multiple(Coupling):
    """2^power J of a coupling that knows no better: its products, multiplied."""

    def __init__(self, coupling: Coupling, power: int) -> None:
        self._coupling, self._power = coupling, power
        self.size, self.strength = coupling.size, np.ldexp(coupling.strength, power)

    @property
    def nbytes(self) -> int:
        """Bytes of the coupling itself."""
        return self._coupling.nbytes

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return 2^power J x."""
        out = self._coupling.product(x, out)
        return np.ldexp(out, self._power, out=out)

    def row(self, i: int) -> Vector:
        """Return row i."""
        return np.ldexp(self._coupling.row(i), self._power)
