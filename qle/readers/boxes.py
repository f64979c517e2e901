"""Boxes of files as those of `glass`: lengths, and a shear of x by y."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_ZERO = 1e-6  # of the longest edge, below which a component is none: files have few digits
_AXES = "xyz"
RULE = "must be (Lx, 0, 0), (xy, Ly, 0), (0, 0, Lz): the images of `glass` are sheared in x along y alone"


def box_and_shear(cell: Array, dimension: int) -> tuple[Array, float]:
    """Return the lengths (d,) of a box with the edges `cell` in rows, and the shear xy/Ly.

    In two dimensions the third edge is not looked at.

    Raises
    ------
    ValueError
        For an edge that is not finite, without a length, or in a direction that `glass` has no images for.
    """
    d = dimension
    edges = cell[:d]
    if not np.isfinite(edges).all():
        raise ValueError(f"box: edges {_told(edges)}: must be finite")
    scale = float(np.abs(edges).max())
    allowed = np.eye(d, cell.shape[1], dtype=bool)
    allowed[1, 0] = True
    wrong = np.abs(np.where(allowed, 0.0, edges)) > _ZERO * scale
    if wrong.any():
        raise ValueError(f"box: edges {_told(edges)}: {RULE}")
    box = np.diagonal(edges).copy()
    for axis, length in zip(_AXES, box, strict=False):
        if length <= _ZERO * scale:
            raise ValueError(f"box: length {length:g} in {axis}: must be > 0")
    return box, float(edges[1, 0] / box[1])


def tilted(low: Array, high: Array, tilt: tuple[float, float, float]) -> Array:
    """Return the edges in rows of a box of LAMMPS: from low to high (3,), with xy, xz, yz."""
    (x, y, z), (xy, xz, yz) = high - low, tilt
    return np.array([[x, 0.0, 0.0], [xy, y, 0.0], [xz, yz, z]])


def _told(edges: Array) -> str:
    return ", ".join("(" + ", ".join(f"{value:g}" for value in edge) + ")" for edge in edges)
