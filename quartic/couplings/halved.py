"""What couplings that come in panels have in common, whether the panels are stored or made when needed."""

import copy
import threading
from abc import abstractmethod
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from arguments import count, real
from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.linear.tiles import interleave
from landscape.memory import line_zeros
from quartic.couplings import multiply, row_panels
from quartic.couplings.base import Coupling

_VECTORS = 32  # of a pass over J
_TILED = 5  # columns from which a tile of them costs less than one by one
_LAST = threading.local()  # the room of the last product: to allocate it takes longer than to fill it


class Halved(Coupling):
    """J_ij = scale * q_ij, the q_ij above the diagonal in panels (`quartic.couplings.row_panels`).

    Sums are plain additions in an order that depends on N alone: the bits of all results are the same for any
    number of threads and on any processor.

    Parameters
    ----------
    n : int
        N, at least 1.
    scale : float
        Finite.
    run : int, optional
        How many blocks of 8 x 32 elements to ask for at a time; all of a task if not given.
    """

    def __init__(self, n: int, scale: float, *, run: int | None = None) -> None:
        n, self.scale = count("n", n), real("scale", scale)
        self.size = n
        self._width = row_panels.width(n)
        self._offset = row_panels.offsets(n)
        self._tasks = row_panels.tasks(self._offset, run)

    @abstractmethod
    def _panels(self, first: int, last: int) -> NDArray[Any]:
        """Return the q_ij of panels first ... last - 1 in blocks, shape (blocks, 8, 32)."""

    @abstractmethod
    def _blocks(self, panel: row_panels.Index, column: row_panels.Index) -> NDArray[Any]:
        """Return the q_ij of the blocks in these panels and block columns, shape (k, 8, 32)."""

    @cached_property
    def strength(self) -> Vector:  # type: ignore[override]
        """sqrt(sum_j J_ij^2), shape (N,), read-only; the first use costs about one product."""
        squares = self._gather(row_panels.add_squares, np.zeros(self._width))[: self.size]
        norm: Vector = abs(self.scale) * np.sqrt(squares)
        norm.flags.writeable = False
        return norm

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x, shape (N,)."""
        if len(self._tasks) > 1:
            wide = line_zeros((self._width,))
            wide[: self.size] = x
            sums = self._gather(multiply.multiply, wide)
        else:
            wide, sums = _room(self._width, self.size)
            wide[: self.size] = x
            for first, last in self._tasks[0]:
                multiply.multiply(self._panels(first, last), first, last, wide, sums)
        out = np.empty(self.size) if out is None else out
        np.multiply(sums[: self.size], self.scale, out=out)
        return out

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return J X, shape (N, m), Fortran-ordered; in float32 for a float32 block, else in float64.

        A pass over J serves 32 columns. The additions are fused and so not those of `product`, but for a few
        columns left over. float32 rounding is about 3e-7 of the typical |(J x)_i|, N <= 8000.
        """
        kind = np.float32 if block.dtype == np.float32 else np.float64
        out = np.empty(block.shape[::-1], kind)

        def part(first: int) -> None:
            columns = slice(first, first + _VECTORS)
            vectors = np.ascontiguousarray(block[:, columns].T, kind)
            (self._tiles if len(vectors) >= _TILED else self._each)(vectors, out[columns])

        threads.run([partial(part, first) for first in range(0, len(out), _VECTORS)])
        return out.T

    def _each(self, vectors: NDArray[Any], out: NDArray[Any]) -> None:
        """Fill the rows of `out` with J x of each, row after row while a part of J is at hand."""
        wide = line_zeros((len(vectors), self._width), vectors.dtype.type)
        wide[:, : self.size] = vectors
        np.multiply(self._gather(multiply.multiply_each, wide)[:, : self.size], self.scale, out=out)

    def _tiles(self, vectors: NDArray[Any], out: NDArray[Any]) -> None:
        """Fill the rows of `out` with J x of each, at the cost of whole tiles of them."""
        count = multiply.TILE // vectors.itemsize
        tiles = line_zeros((-(-len(vectors) // count), self._width, count), vectors.dtype.type)
        interleave(vectors, tiles)
        multiply.separate(self._gather(multiply.multiply_tiles, tiles), self.scale, out)

    def _gather(self, add: Callable[..., None], x: NDArray[Any]) -> NDArray[Any]:
        """Return the sum over tasks of what `add` adds for their panels, of the shape of x."""
        sums = line_zeros((len(self._tasks), *x.shape), x.dtype.type)

        def task(k: int) -> None:
            for first, last in self._tasks[k]:
                add(self._panels(first, last), first, last, x, sums[k])

        threads.run([partial(task, k) for k in range(len(sums))])
        total: NDArray[Any] = sums[0] if len(sums) == 1 else sums.sum(axis=0)
        return total

    def rescaled(self, power: int) -> Self:
        """Return 2^power J: the same q_ij, another scale."""
        other = copy.copy(self)
        other.scale = float(np.ldexp(self.scale, power))
        other.__dict__.pop("strength", None)
        return other

    def row(self, i: int) -> Vector:
        """Return row i of J, shape (N,)."""
        panel, column = i // row_panels.ROWS, i // row_panels.COLUMNS
        above = self._blocks(np.arange(panel + 1), np.full(panel + 1, column))
        right = np.arange(column, self._width // row_panels.COLUMNS)
        beside = self._blocks(np.full(right.size, panel), right)
        q = np.zeros(self._width)
        q[: row_panels.ROWS * (panel + 1)] = above[:, :, i % row_panels.COLUMNS].ravel()
        q[column * row_panels.COLUMNS :] += beside[:, i % row_panels.ROWS].ravel()
        return self.scale * q[: self.size]

    def dense(self) -> Matrix:
        """Return J as a new float64 array of shape (N, N)."""
        return self._written(row_panels.mirror, np.empty((self.size, self.size)))

    def lower(self, kind: type[np.floating[Any]]) -> NDArray[Any]:
        """Return a new array (N, N) whose lower half is that of J; the other is zero."""
        return self._written(row_panels.transpose, np.zeros((self.size, self.size), kind))

    def _written(self, write: Callable[..., None], out: NDArray[Any]) -> NDArray[Any]:
        """Return `out` with the elements of all panels written to it, the diagonal zero."""
        np.fill_diagonal(out, 0.0)

        def task(runs: list[tuple[int, int]]) -> None:
            for first, last in runs:
                write(self._panels(first, last), first, last, self.scale, out)

        threads.run([partial(task, runs) for runs in self._tasks])
        return out


def _room(width: int, n: int) -> tuple[Vector, Vector]:
    """Return room for n numbers, zeros after them, and `width` zeros: that of this thread's last product."""
    if getattr(_LAST, "size", None) != (width, n):
        _LAST.size, _LAST.room = (width, n), line_zeros((2, width))
    wide, sums = _LAST.room
    sums[:] = 0.0
    return wide, sums
