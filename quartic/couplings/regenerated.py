"""A coupling matrix that is made anew for every product."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from arguments import real
from landscape import disorder
from quartic.couplings import normal, row_panels
from quartic.couplings.halved import Halved

_RUN = 512  # blocks made at a time: 256 KiB, which stay in the processor's cache


class Regenerated(Halved):
    """The numbers of `Packed.normal`, and the same products to the last bit, in O(N) memory.

    A product makes every q_ij anew, a few at a time, in the time of about a dozen products of stored ones.
    The parameters are those of `Packed.normal`.
    """

    def __init__(self, n: int, *, scale: float, seed: int, sample: int, label: str) -> None:
        super().__init__(n, real("scale", scale) / normal.UNIT, run=_RUN)
        self._keys = disorder.pair_keys(n, seed=seed, sample=sample, label=label)

    @property
    def nbytes(self) -> int:
        """Bytes of the keys of the sites."""
        return self._keys.nbytes

    def _panels(self, first: int, last: int) -> NDArray[Any]:
        return self._blocks(*row_panels.addresses(self._offset, first, last))

    def _blocks(self, panel: row_panels.Index, column: row_panels.Index) -> NDArray[Any]:
        values = np.empty((panel.size, row_panels.ROWS, row_panels.COLUMNS), np.int16)
        normal.fill(values, panel, column, self.size, self._keys)
        values.flags.writeable = False  # as stored ones are: kernels are compiled for one kind
        return values
