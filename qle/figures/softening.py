"""Softening of cubic and of normal modes on the way to instabilities (source paper, Fig. 12)."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from qle.experiments.nonlinear_driving import ENSEMBLES, softenings
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import page, shades
from quartic.nonlinear.softening import Softening

MOST_LINES = 15


def draw(ways: Mapping[str, Sequence[Softening]], path: str | Path) -> Path:
    """Draw stiffnesses over their law (2 b3 F (h_c - h))^(1/2) against h_c - h; return `path`.

    Dark: b2 of cubic modes; pale: lowest eigenvalues. A panel for each ensemble, with at most 15 ways. The
    law is the horizontal line.

    Parameters
    ----------
    ways : mapping of names to sequences of Softening
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a name without any.
    """
    empty = [name for name, some in ways.items() if not some]
    if empty:
        raise ValueError(f"{empty[0]}: no sample has an instability within reach; take more samples")
    with page(path, 3.0 * len(ways) + 0.4, 3.2) as drawing:
        panels = drawing.subplots(1, len(ways), sharey=True, squeeze=False)[0]
        for panel, (name, some) in zip(panels, ways.items(), strict=True):
            _draw_panel(panel, some[:MOST_LINES])
            panel.set_title(f"{name}\n{min(len(some), MOST_LINES)} instabilities", fontsize=8)
        panels[0].set_ylabel(r"$b_2$ or $\lambda_1$, over $(2 b_3 F (h_c - h))^{1/2}$")
        panels[0].legend(loc="lower left", fontsize=7)
    return Path(path)


def _draw_panel(panel: Axes, ways: Sequence[Softening]) -> None:
    dark, _, light = shades(3)
    for k, way in enumerate(ways):
        first = k == 0
        for values, color, mark, label in (
            (way.lowest_eigenvalue, light, "s", "normal modes"),
            (way.b2, dark, "o", "cubic modes"),
        ):
            panel.plot(
                way.distance, values / way.predicted, f"{mark}-", color=color, markersize=1.8,
                linewidth=0.6, label=label if first else None,
            )  # fmt: skip
    panel.axhline(1.0, color="0.2", linewidth=1.0, linestyle="--", label="law")
    panel.set(xscale="log", yscale="log", xlabel="$h_c - h$")
    panel.set_yticks([0.3, 1.0, 3.0], ["0.3", "1", "3"])
    panel.set_ylim(0.15, 5.0)
    panel.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())


def collect(options: Options) -> dict[str, Any]:
    """Return the ways to instabilities of samples of each ensemble."""
    return {"ways": {one.name: softenings(one, options.samples) for one in ENSEMBLES}}


FIGURES = {"fig12": FigureRecord(options=partial(add_samples, default=15), collect=collect, draw=draw)}
