"""Vectors in tiles: 16 side by side, as the micro-kernels take them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.jit import kernel
from landscape.linear.microkernels import TILE


def from_rows(vectors: NDArray[Any]) -> NDArray[Any]:
    """Return vectors (m, n) as tiles (., n, 16), filled up with zeros."""
    tiles = np.zeros((-(-vectors.shape[0] // TILE), vectors.shape[1], TILE), vectors.dtype)
    interleave(np.ascontiguousarray(vectors), tiles)
    return tiles


@kernel
def interleave(vectors, tiles):  # type: ignore[no-untyped-def]
    """Write vectors (m, n) into tiles (., width, 16 or 8), and leave the rest of them as it is."""
    count = tiles.shape[2]
    for first in range(0, vectors.shape[0], count):
        some, tile = vectors[first : first + count], tiles[first // count]
        for i in range(some.shape[1]):
            for m in range(some.shape[0]):
                tile[i, m] = some[m, i]
