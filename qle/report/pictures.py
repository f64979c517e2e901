"""The figures of a page: what can be drawn of a data set, of a large grid a part."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from qle.figures import plane_map, vdos
from qle.report.inline_svg import inline
from qle.statistics.points import grid_dims

MOST_ROWS = 3  # of panels, and columns
MOST_CURVES = 8  # of a panel


class Picture(NamedTuple):
    """A figure as an element of a page, and its caption; without the first, why there is none."""

    svg: str
    caption: str


def pictures(dataset: xr.Dataset) -> list[Picture]:
    """Return the figures of a data set."""
    shown, part = thinned(dataset)
    found = [_picture("vdos", lambda path: vdos.draw(shown, path), part + DENSITY)]
    if sum(dataset.sizes[name] > 1 for name in grid_dims(dataset)) > 1:
        found.append(_picture("map", lambda path: plane_map.draw(dataset, path), MAP))
    return found


MAP = (
    "A_g over the parameters of the sweep. Hatched: no omega^4 law. White: no number. Crosses: cells where "
    "samples are missing. Lines are of theory, N to infinity."
)
DENSITY = (
    "Density of states D(omega). Points: bins in which no mode is missing, with one standard error. Full "
    "lines: A_g omega^4 up to omega_cut, with the band of the 95 percent interval of A_g; dashed to twice "
    "that. A curve without a line has no A_g: the table says why. The triangle has the slope of omega^4."
)


def thinned(dataset: xr.Dataset) -> tuple[xr.Dataset, str]:
    """Return a part that one figure can show, evenly spaced along each parameter, and words that say so."""
    sizes = {name: dataset.sizes[name] for name in grid_dims(dataset)}
    left = {name: min(size, MOST_ROWS) if name in vdos.PANELS else size for name, size in sizes.items()}
    curves = [name for name in sizes if name not in vdos.PANELS]
    while curves and math.prod(left[name] for name in curves) > MOST_CURVES:
        largest = max(curves, key=lambda name: left[name])
        left[largest] -= 1
    if left == sizes:
        return dataset, ""
    places = {name: np.round(np.linspace(0, sizes[name] - 1, left[name])).astype(int) for name in sizes}
    words = f"Of {math.prod(sizes.values())} grid points {math.prod(left.values())} are shown. "
    return dataset.isel(places), words


def _picture(name: str, draw: Callable[[Path], object], caption: str) -> Picture:
    """Return a figure, or why it cannot be drawn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        try:
            draw(path)
        except ValueError as error:
            return Picture("", f"No figure {name}: {error}")
        return Picture(inline(path.read_bytes(), name, caption), caption)
