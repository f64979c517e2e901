"""Couplings J g_ij / r_ij^d of the lattice: made anew for every product, or stored."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import disorder, threads
from lattice_gps import bonds, geometry
from quartic.couplings import Packed, row_panels
from quartic.couplings.halved import Halved

_RUN = 256  # blocks made at a time: 256 KiB, which stay in the processor's cache
_UNIT = 2.0**-25  # half the step of g


class RegeneratedLattice(Halved):
    """J_ij = J g_ij / r_ij^d between all sites of a periodic lattice, in O(N) memory.

    g_ij is uniform on [-1/2, 1/2], one of 2^24 equidistant numbers, and depends on (seed, sample, L, d, i, j)
    only. r_ij is the distance of the nearest images (`lattice_gps.geometry`). The numbers that the couplings
    are defined by are v_ij = g_ij r_ij^-d as `lattice_gps.bonds` rounds them to float32, off by less than
    2^-23 of themselves; J_ij = J v_ij.

    Parameters
    ----------
    L, d : int
        At least 2; among 1, 2, 3.
    J : float
        Finite.
    seed, sample : int
        In [0, 2**32).

    Raises
    ------
    ValueError
        With the name of the argument, its value and the rule.
    """

    def __init__(self, L: int, d: int, *, J: float, seed: int, sample: int) -> None:
        L, d = geometry.check(L, d)
        super().__init__(L**d, J, run=_RUN)
        self._keys = disorder.pair_keys(L**d, seed=seed, sample=sample, label=f"lattice coupling, d = {d}")
        self._lines = (L, L if d == 3 else 1, L if d >= 2 else 1)  # sites of a line, lines: rows and columns
        self._table = weights(L, d)

    @property
    def nbytes(self) -> int:
        """Bytes of the keys of the sites and of the table of distances."""
        return self._keys.nbytes + self._table.nbytes

    def stored(self) -> Packed:
        """Return the same numbers stored, in `stored_bytes`; every product has the same bits."""
        values = np.empty((int(self._offset[-1]), row_panels.ROWS, row_panels.COLUMNS), np.float32)

        def draw(first: int, last: int) -> None:
            self._fill(
                values[self._offset[first] : self._offset[last]],
                *row_panels.addresses(self._offset, first, last),
            )

        threads.run([partial(draw, *run) for task in self._tasks for run in task])
        values.flags.writeable = False
        return Packed(self.size, values, self.scale)

    def _panels(self, first: int, last: int) -> NDArray[Any]:
        return self._blocks(*row_panels.addresses(self._offset, first, last))

    def _blocks(self, panel: row_panels.Index, column: row_panels.Index) -> NDArray[Any]:
        values = np.empty((panel.size, row_panels.ROWS, row_panels.COLUMNS), np.float32)
        self._fill(values, panel, column)
        values.flags.writeable = False  # as stored ones are: kernels are compiled for one kind
        return values

    def _fill(self, values: NDArray[Any], panel: row_panels.Index, column: row_panels.Index) -> None:
        bonds.fill(values, panel, column, self._keys, *self._lines, self._table)


def stored_bytes(n: int) -> int:
    """Return the bytes that the stored couplings of n sites take, a little more than 2 n^2.

    A panel of 8 rows (`quartic.couplings.row_panels`) lacks a block of 32 columns for every four panels
    above it.
    """
    panel, column = -(-n // row_panels.ROWS), -(-n // row_panels.COLUMNS)
    fours, rest = divmod(panel, row_panels.COLUMNS // row_panels.ROWS)
    lacking = row_panels.COLUMNS // row_panels.ROWS * (fours * (fours - 1) // 2) + rest * fours
    return 4 * row_panels.ROWS * row_panels.COLUMNS * (panel * column - lacking)


def weights(L: int, d: int) -> NDArray[np.float32]:
    """Return the table of r^-d / 2^25, 0 at r = 0, that `bonds.fill` reads, with a margin at both ends.

    A line of the table holds the steps -L ... L - 1 along the last axis; there is one for every distance
    dx, dy <= L/2 along the others, in C order. The power of r is the root of an integer that is exact, so
    that the same table comes from every machine.
    """
    half = [np.arange(L // 2 + 1)] * (d - 1)
    last = (np.arange(-L, L) + L // 2) % L - L // 2
    power = np.sqrt(sum(axis**2 for axis in np.meshgrid(*half, last, indexing="ij")) ** d)
    table = np.divide(_UNIT, power, out=np.zeros(power.shape), where=power > 0.0)
    return np.pad(table.astype(np.float32).ravel(), bonds.MARGIN)
