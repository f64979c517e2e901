"""A coupling matrix stored once per pair."""

from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from arguments import count, frozen, plain, real
from landscape import disorder, threads
from quartic.couplings import normal, row_panels
from quartic.couplings.halved import Halved

_RUN = 512  # blocks drawn at a time


class Packed(Halved):
    """J_ij = scale * q_ij with the q_ij stored: N^2 bytes for int16, 2 N^2 for float32.

    Parameters
    ----------
    n : int
        N, at least 1.
    values : (blocks, 8, 32) array of int16 or float32
        The q_ij in the order of `quartic.couplings.row_panels`, not inspected; copied, unless read-only.
    scale : float
        Finite.

    Raises
    ------
    ValueError
        With the offending value and the rule.
    """

    def __init__(self, n: int, values: NDArray[Any], scale: float) -> None:
        super().__init__(n, scale)
        values = plain("values", values)
        shape = (int(self._offset[-1]), row_panels.ROWS, row_panels.COLUMNS)
        if values.shape != shape or values.dtype not in (np.int16, np.float32):
            raise ValueError(
                f"values have shape {values.shape} and type {values.dtype}: must be {shape}, int16 or float32"
            )
        self._values = frozen(values)

    @classmethod
    def normal(cls, n: int, *, scale: float, seed: int, sample: int, label: str) -> Self:
        """Return J_ij = scale * g_ij with g_ij standard normal, in steps of 1/4096.

        g_ij depends on (seed, sample, label, n, i, j) only (`quartic.couplings.normal`).
        """
        scale, n = real("scale", scale), count("n", n)
        keys = disorder.pair_keys(n, seed=seed, sample=sample, label=label)
        offset = row_panels.offsets(n)
        values = np.empty((int(offset[-1]), row_panels.ROWS, row_panels.COLUMNS), np.int16)

        def draw(first: int, last: int) -> None:
            address = row_panels.addresses(offset, first, last)
            normal.fill(values[offset[first] : offset[last]], *address, n, keys)

        runs = [pair for task in row_panels.tasks(offset, _RUN) for pair in task]
        threads.run([partial(draw, *pair) for pair in runs])
        values.flags.writeable = False
        return cls(n, values, scale / normal.UNIT)

    @property
    def nbytes(self) -> int:
        """Bytes of the q_ij."""
        return self._values.nbytes

    def _panels(self, first: int, last: int) -> NDArray[Any]:
        return self._values[self._offset[first] : self._offset[last]]

    def _blocks(self, panel: row_panels.Index, column: row_panels.Index) -> NDArray[Any]:
        begin = row_panels.ROWS * panel // row_panels.COLUMNS
        blocks: NDArray[Any] = self._values[self._offset[panel] + column - begin]
        return blocks
