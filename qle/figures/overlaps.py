"""Overlap of cubic modes with the way to the second minimum (source paper, Fig. 14)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from qle.experiments.nonlinear_wells import ENSEMBLES, Pushed, pushed
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import COLUMN, MARKERS, page, shades
from qle.statistics.intervals import counts_interval

BINS = 10
ENOUGH = 100  # modes of an ensemble that has counts of its own
CAPTION = (
    r"Overlap of a cubic mode $\pi$ with the unit vector $\hat\Delta$ to the second minimum that a push "
    "along it led to. Numbers of modes in each tenth, with 95 percent intervals of the number expected. "
    "Pushes that led anywhere: "
)


def draw(wells: Mapping[str, Pushed], path: str | Path) -> Path:
    """Draw counts of overlaps |pi . D|/|D| of the modes that led to a second minimum; return `path`.

    With 95 percent intervals of the Poisson law, so many expected. Ensembles of fewer than 100 are pooled.

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
    found = {name: one.overlap[np.isfinite(one.overlap)] for name, one in wells.items()}
    drawn = found
    if min(values.size for values in found.values()) < ENOUGH and len(found) > 1:
        drawn = {"all ensembles": np.concatenate(list(found.values()))}
    edges = np.linspace(0.0, 1.0, BINS + 1)
    with page(path, COLUMN, 2.6) as drawing:
        panel = drawing.subplots()
        for k, (color, (name, values)) in enumerate(zip(shades(len(drawn)), drawn.items(), strict=True)):
            counts, _ = np.histogram(np.minimum(values, 1.0), edges)
            low, high = counts_interval(counts)
            middle = 0.5 * (edges[1:] + edges[:-1]) + (k - 0.5 * (len(drawn) - 1)) * 0.2 / BINS
            panel.errorbar(
                middle, counts, yerr=[counts - low, high - counts], fmt=MARKERS[k], color=color,
                markersize=3.5, elinewidth=0.8, label=f"{name}: {values.size}",
            )  # fmt: skip
        panel.set(
            xlabel=r"$|\hat\Delta \cdot \pi|$", ylabel="number of modes", xlim=(0.0, 1.0), ylim=(0.0, None)
        )
        panel.legend(loc="upper left", fontsize=7)
        each = ", ".join(
            f"{values.size} of {wells[name].overlap.size} ({name})" for name, values in found.items()
        )
        below(
            drawing,
            CAPTION + each + ("; too few each for a law, they are pooled." if drawn is not found else "."),
        )
    return Path(path)


def collect(options: Options) -> dict[str, Any]:
    """Return where pushes along the softest cubic modes lead, of samples of each ensemble."""
    return {"wells": {one.name: pushed(one, options.samples) for one in ENSEMBLES}}


FIGURES = {"fig14": FigureRecord(options=partial(add_samples, default=40), collect=collect, draw=draw)}
