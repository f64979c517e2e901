"""The law of energy barriers p(B) of cubic modes (S 20)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from qle.experiments.nonlinear_modes import ENSEMBLES
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import MARKERS, PAGE, page, shades
from qle.measurements import cubic_modes
from qle.measurements.cubic_modes import CubicModes
from qle.statistics.pooled import RESAMPLES
from qle.statistics.resampling import resampled_sums, spread
from theory import formulas

BINS = 14
LEAST = 5  # barriers in a bin that is drawn
CAPTION = (
    "Barriers $B$ of double wells along cubic modes, exact for the quartic along each ($b_3^2 > 8 b_2 "
    "b_4/3$), up to their median, in bins of 5 or more, with one standard error from resampling samples. "
    "Left: minima as found, many of them in the upper of two wells, whose law is $B^{-1/3}$; right: after "
    "moving to the lower wells, $B^{1/4}$ (S 20). The dashed lines have these powers, through the four "
    "lowest bins: they are no fits, and points that bend away above are beyond the limit of low barriers."
)
ANCHOR = 4  # lowest bins through which the line B^(1/4) is drawn


def draw(modes: Mapping[str, tuple[CubicModes, CubicModes]], path: str | Path) -> Path:
    """Draw the density p(B) per minimum of the barriers of double wells, exact along the mode; return `path`.

    Left: of minima as found, with lines B^(-1/3), the law of upper wells. Right: in lower wells, with lines
    B^(1/4) (S 20). Errors are of one standard deviation, from resampling samples.

    Parameters
    ----------
    modes : mapping of names to pairs of CubicModes
        As found and in lower wells; at most 12.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    with page(path, PAGE, 2.8) as drawing:
        panels = drawing.subplots(1, 2, sharey=True)
        for marker, color, (name, pair) in zip(MARKERS, shades(len(modes)), modes.items(), strict=False):
            for panel, one, power in zip(panels, pair, (-1.0 / 3.0, 0.25), strict=True):
                B, p, error = _density(one)
                label = f"{name}: {one.samples}" + (", too few barriers" if not B.size else "")
                panel.errorbar(B, p, yerr=error, fmt=marker, color=color, markersize=3.2, label=label)
                if B.size:
                    level = np.exp(np.mean(np.log(p[:ANCHOR] / B[:ANCHOR] ** power)))
                    panel.plot(B, level * B**power, "--", color=color, linewidth=0.8, label="_dashed")
        for panel, title in zip(panels, ("as found: $B^{-1/3}$", "in lower wells: $B^{1/4}$"), strict=True):
            panel.set(xscale="log", yscale="log", xlabel="$B$")
            panel.set_title(title, fontsize=9)
        panels[0].set_ylabel("$p(B)$ per minimum")
        for panel in panels:
            panel.legend(fontsize=6, loc="best", title="samples", title_fontsize=6)
        below(drawing, CAPTION)
    return Path(path)


def _density(modes: CubicModes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (B, p, error) in bins of at least 5 barriers, up to the median barrier."""
    double = modes.ratio > 8.0 / 3.0
    if np.sum(double) < 2 * LEAST:
        return np.empty(0), np.empty(0), np.empty(0)
    heights = formulas.quartic_barrier(np, modes.b2[double], modes.b4[double], modes.ratio[double])
    edges = np.geomspace(np.quantile(heights, 1.0 / heights.size), np.median(heights), BINS + 1)
    counts = np.zeros((modes.samples, BINS))
    which = np.searchsorted(edges, heights, side="right") - 1
    inside = (which >= 0) & (which < BINS)
    np.add.at(counts, (modes.sample[double][inside], which[inside]), 1.0)
    error = spread(resampled_sums(counts, RESAMPLES))
    width = modes.samples * np.diff(edges)
    total = counts.sum(axis=0)
    seen = total >= LEAST
    return np.sqrt(edges[1:] * edges[:-1])[seen], (total / width)[seen], (error / width)[seen]


def collect(options: Options) -> dict[str, Any]:
    """Return the cubic modes of each ensemble, of minima as found and in lower wells."""
    return {"modes": {one.name: cubic_modes.collect(one, options.samples) for one in ENSEMBLES}}


FIGURES = {"barriers": FigureRecord(options=partial(add_samples, default=300), collect=collect, draw=draw)}
