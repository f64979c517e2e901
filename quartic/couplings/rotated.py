"""A coupling matrix of given eigenvalues in a random frame, multiplied by fast transforms."""

import itertools
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, count
from landscape import disorder, threads
from landscape.arrays import Matrix, Vector
from quartic.couplings.base import Coupling
from quartic.couplings.hadamard import (
    LONGEST_ROW,
    load,
    mix_columns,
    mix_rows,
    multiply,
    strip_width,
    unload,
)

_TASKS = 8  # parts of a pass over a vector, whatever the number of threads
_THREADED = 1 << 16  # length from which a product is shared out between threads
_BLOCK = 64  # columns of the matrix made at a time


class Rotated(Coupling):
    """J = P Q^T S Q P^T, in O(N) memory, with products in O(N log N).

    S is the diagonal matrix of M = 2^p >= N given eigenvalues in random order, P keeps the first N of M
    sites, and Q = H D_3 H D_2 H D_1 is an orthogonal matrix in place of a random rotation: H is the
    Walsh-Hadamard transform over sqrt(M), D_1 to D_3 are diagonal matrices of random signs. The diagonal of
    J is not zero: it belongs to the matrix, as in the Gaussian orthogonal ensemble.

    The limiting spectrum is that of S where N = M, else its free compression; for a semicircle a semicircle
    of N/M the variance.

    Products are sums and differences in a fixed order and one multiplication by each eigenvalue: their bits
    depend neither on the number of threads nor on the vector width of the processor.

    Parameters
    ----------
    n : int
        N, 1 <= N <= M.
    eigenvalues : (M,) array
        Finite; M a power of two. In any order.
    seed, sample : int
        In [0, 2**32). With n, label and the eigenvalues they determine the matrix.
    label : str

    Attributes
    ----------
    strength : (N,) array
        The mean over rotations: the same number for all sites. Rows scatter about it by 1/sqrt(N), relative.

    Raises
    ------
    ValueError
        With the name of the argument, its value and the rule.
    """

    def __init__(self, n: int, eigenvalues: ArrayLike, *, seed: int, sample: int, label: str) -> None:
        self.size, values = _checked(n, eigenvalues)
        full = values.size
        self._shape = max(1, full // LONGEST_ROW), min(full, LONGEST_ROW)
        address = {"seed": seed, "sample": sample}
        keys = disorder.uniform(full, label=f"{label} of {self.size}: order", **address)
        words = disorder.vector_words(1, full, label=f"{label} of {self.size}: signs", **address)[:full]
        order = np.argsort(keys, kind="stable")
        signs = [1 - 2 * ((words >> np.uint64(bit)) & np.uint64(1)).astype(np.int8) for bit in range(3)]
        self._signs = np.stack(signs).reshape(3, *self._shape)
        # six transforms that are not divided by sqrt(M) each; a power of two, so exact
        self._spectrum = (values[order] / float(full) ** 3).reshape(self._shape)
        self.strength = np.full(self.size, _mean_strength(self.size, values))
        self.strength.flags.writeable = False

    @property
    def nbytes(self) -> int:
        """8 (N + M) for strengths and eigenvalues, 3 M for signs."""
        return self.strength.nbytes + self._spectrum.nbytes + self._signs.nbytes

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x, shape (N,), in `out` if given; seven passes over M numbers."""
        out = np.empty(self.size) if out is None else out
        work = np.empty(self._shape)
        if work.size < _THREADED:
            multiply(x, self._signs, self._spectrum, work, out)
        else:
            self._multiply_in_parts(x, work, out)
        return out

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return J X, shape (N, m), Fortran-ordered: each column as `product` does, to the last bit.

        A float32 block is transformed in float64 all the same, for it costs no more, and rounded at the end.
        """
        if self._spectrum.size >= _THREADED:  # threads together on one column: fewer numbers in the cache
            return super().products(block)
        out = np.empty(block.shape, order="F")

        def column(k: int) -> None:
            x = np.ascontiguousarray(block[:, k], np.float64)
            multiply(x, self._signs, self._spectrum, np.empty(self._shape), out[:, k])

        threads.run([partial(column, k) for k in range(block.shape[1])])
        return out.astype(block.dtype, copy=False)

    def row(self, i: int) -> Vector:
        """Return row i of J, shape (N,): the product with a unit vector."""
        unit = np.zeros(self.size)
        unit[i] = 1.0
        return self.product(unit)

    def dense(self) -> Matrix:
        """Return J, shape (N, N), symmetric to the last bit; N products."""
        n = self.size
        out = np.empty((n, n))
        for first in range(0, n, _BLOCK):
            columns = self.products(np.eye(n, min(_BLOCK, n - first), -first))
            for k, column in enumerate(columns.T, first):
                out[k, k:] = out[k:, k] = column[k:]
        return out

    def _multiply_in_parts(self, x: Vector, work: Matrix, out: Vector) -> None:
        """Do what `multiply` does, the tasks of each pass shared out between threads."""
        first, second, third = self._signs
        strips = work.shape[1] // strip_width(work.shape[0])
        _share(partial(load, x, first, work), work.shape[0])
        _share(partial(mix_columns, work, second), strips)
        _share(partial(mix_rows, work, third), work.shape[0])
        _share(partial(mix_columns, work, self._spectrum), strips)
        _share(partial(mix_rows, work, third), work.shape[0])
        _share(partial(mix_columns, work, second), strips)
        _share(partial(unload, work, first, out), work.shape[0])


def _share(part: Callable[[int, int], object], length: int) -> None:
    """Call `part(low, high)` on parts that cover [0, length)."""
    bounds = [length * task // _TASKS for task in range(_TASKS + 1)]
    threads.run([partial(part, low, high) for low, high in itertools.pairwise(bounds)])


def _mean_strength(n: int, values: Vector) -> float:
    """Return sqrt(E sum_j J_ij^2) over the N columns, for rotations from the Haar measure.

    With t_k = tr S^k: E W_ij^2 = (t_2 - t_1^2/M)/((M - 1)(M + 2)) off the diagonal of the M x M matrix W and
    E W_ii^2 = (t_1^2 + 2 t_2)/(M (M + 2)) on it.
    """
    full = values.size
    if full == 1:
        return abs(float(values[0]))
    first, second = float(values.sum()), float(values @ values)
    pair = (second - first**2 / full) / ((full - 1) * (full + 2))
    diagonal = (first**2 + 2.0 * second) / (full * (full + 2))
    return math.sqrt((n - 1) * pair + diagonal)


def _checked(n: int, eigenvalues: ArrayLike) -> tuple[int, Vector]:
    values = array("eigenvalues", eigenvalues, ("M",))
    if values.size & (values.size - 1):
        raise ValueError(f"eigenvalues has shape {values.shape}: must be (M,) with M a power of two")
    return count("n", n, most=values.size), values
