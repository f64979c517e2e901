"""b3^2 against b2 b4 of cubic modes, with the stability bound (source paper, Fig. 11)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from qle.experiments.nonlinear_modes import ENSEMBLES
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.quartic_wells import BOUNDS
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import PAGE, page, shades
from qle.measurements import cubic_modes
from qle.measurements.cubic_modes import CubicModes

MOST_POINTS = 4000  # of a panel

CAPTION = (
    r"Each point is a cubic mode $\pi$ of a minimum as found: $b_2$, $b_3$ and $b_4$ are the second, third "
    "and fourth derivative of the energy along it, $r = b_3^2/(b_2 b_4)$. Along a mode with $r > 3$ there "
    r"is a lower well, so in lower wells $r \leq 3$ (full line); $b_3^2 = 0.4\,b_2 b_4$ (dashed) is what "
    "computer glasses show."
)


def draw(modes: Mapping[str, CubicModes], path: str | Path) -> Path:
    """Draw b3^2 against b2 b4, a panel for each ensemble, light where r > 3; return `path`.

    Of more than 4000 modes, so many are drawn at equal distances in the table. The lines are b3^2 = 3 b2 b4,
    which the lower of two wells obeys, and b3^2 = 0.4 b2 b4, seen in computer glasses.

    Parameters
    ----------
    modes : mapping of names to CubicModes
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    with page(path, min(PAGE, 2.4 * len(modes) + 1.0), 2.8) as drawing:
        panels = drawing.subplots(1, len(modes), sharey=True, squeeze=False)[0]
        for panel, (name, one) in zip(panels, modes.items(), strict=True):
            _draw_panel(panel, one)
            panel.set_title(f"{name}\n{one.samples} samples, {one.b2.size} modes", fontsize=8)
            label_decades(panel.xaxis)
        panels[0].set_ylabel("$b_3^2$")
        entries = panels[0].get_legend_handles_labels()
        drawing.legend(*entries, loc="outside upper center", ncols=4, markerscale=3.0)
        below(drawing, CAPTION)
    return Path(path)


def _draw_panel(panel: Axes, modes: CubicModes) -> None:
    rows = np.linspace(0, modes.b2.size - 1, min(modes.b2.size, MOST_POINTS)).astype(np.int64)
    product, square = (modes.b2 * modes.b4)[rows], modes.b3[rows] ** 2
    dark, _, light = shades(3)
    upper = square > 3.0 * product
    panel.plot(product[~upper], square[~upper], ".", color=dark, markersize=2, label=r"$r \leq 3$")
    panel.plot(product[upper], square[upper], ".", color=light, markersize=2, label="$r > 3$")
    x = np.array([product.min(), product.max()])
    for line, factor in BOUNDS.items():
        panel.plot(x, factor * x, line, color="0.2", linewidth=1.0, label=rf"$b_3^2 = {factor:g}\,b_2b_4$")
    panel.set(xscale="log", yscale="log", xlabel="$b_2 b_4$")


def collect(options: Options) -> dict[str, Any]:
    """Return the cubic modes of each ensemble, of minima as found."""
    return {"modes": {one.name: cubic_modes.collect(one, options.samples)[0] for one in ENSEMBLES}}


FIGURES = {"fig11": FigureRecord(options=partial(add_samples, default=100), collect=collect, draw=draw)}
