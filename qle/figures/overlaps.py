"""Overlap of cubic modes with the way to the second minimum (source paper, Fig. 14)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from qle.experiments.nonlinear_wells import ENSEMBLES, Pushed, pushed
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import page, shades

BINS = 20


def draw(wells: Mapping[str, Pushed], path: str | Path) -> Path:
    """Draw the density of overlaps |pi . D|/|D| of the modes that led to a second minimum; return `path`.

    Parameters
    ----------
    wells : mapping of names to Pushed
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    edges = np.linspace(0.0, 1.0, BINS + 1)
    with page(path, 4.2, 3.2) as drawing:
        panel = drawing.subplots()
        for color, line, (name, one) in zip(
            shades(len(wells)), ("-", "--", ":") * 4, wells.items(), strict=False
        ):
            found = one.overlap[np.isfinite(one.overlap)]
            counts, _ = np.histogram(np.minimum(found, 1.0), edges)
            density = counts / (max(found.size, 1) * np.diff(edges))
            label = f"{name}: {found.size} of {one.overlap.size}"
            panel.stairs(density, edges, color=color, linestyle=line, linewidth=1.4, label=label)
        panel.set(xlabel=r"$|\hat\Delta \cdot \pi|$", ylabel="density", xlim=(0.0, 1.0))
        panel.legend(loc="upper left", fontsize=7)
    return Path(path)


def collect(options: Options) -> dict[str, Any]:
    """Return where pushes along the softest cubic modes lead, of samples of each ensemble."""
    return {"wells": {one.name: pushed(one, options.samples) for one in ENSEMBLES}}


FIGURES = {"fig14": FigureRecord(options=partial(add_samples, default=40), collect=collect, draw=draw)}
