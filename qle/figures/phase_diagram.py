"""The (h, J) plane of KHGPS: the replica-symmetric phase, the glassy phase, and the line between them."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, page, shades
from qle.solutions.phase_diagram import phase_diagram, suitable_fields
from qle.statistics.points import labelled

MOST_LINES = 10
CAPTION = (
    r"KHGPS for $N \to \infty$ at zero temperature: the replica-symmetric (RS) phase ends on raising $J$ "
    "at $J_c(h)$. On the dotted part the replicon vanishes, on the full part the gap of the spectrum; the "
    "dot, the special point, is where both do."
)
GREY = " The replica-symmetric phase is grey."
WELLS = " Above the dash-dotted line, in the glassy phase, some oscillators have two wells."


def draw(diagram: xr.Dataset, path: str | Path) -> Path:
    """Draw the critical lines of `qle.solutions.phase_diagram`; return `path` (source paper, Fig. 8a).

    Dotted where the replicon vanishes on it, D ~ omega^2; solid where the gap edge does,
    D ~ omega^(4 + 2 beta), so omega^4 at beta = 0; a dot at the special point between the two; dash-dotted
    where, in the glassy phase, wells become double, if the diagram has that. With several stiffness laws one
    line for each, from dark to light.

    Raises
    ------
    ValueError
        For a suffix other than .png, .pdf or .svg, or more than 10 stiffness laws.
    """
    lines = labelled("diagram", diagram).stack(law=("kappa_min", "kappa_0"))
    count = lines.sizes["law"]
    if count > MOST_LINES:
        raise ValueError(f"stiffness laws = {count}: at most {MOST_LINES} in one figure")
    with page(path, COLUMN if count == 1 else 5.4, 2.8) as drawing:
        panel = drawing.subplots()
        for i, color in enumerate(shades(count)):
            _draw_line(panel, lines.isel(law=i), color)
        panel.set(xlabel="$h$", ylabel="$J$", xlim=(0, float(diagram["h"].max())), ylim=(0, None))
        kinds = _kinds_of_line(4.0 + 2.0 * float(diagram["beta"]), wells="double_J" in diagram)
        if count == 1:
            _name_phases(panel, lines.isel(law=0))
            panel.legend(handles=kinds, loc="lower right")
        else:
            laws, _ = panel.get_legend_handles_labels()
            drawing.legend(handles=[*laws, *kinds], loc="outside right upper")
        below(drawing, CAPTION + GREY * (count == 1) + WELLS * ("double_J" in diagram))
    return Path(path)


def _draw_line(panel: Axes, line: xr.Dataset, color: tuple[float, float, float, float]) -> None:
    """Draw one critical line, its part of low fields dotted, with the special point between both."""
    h, J, soft = line["h"].values, line["J"].values, line["exponent"].values == 2.0
    special = np.array([line["special_h"].item(), line["special_J"].item()])
    joint = special[:, np.newaxis] if special[0] <= h[-1] else np.empty((2, 0))
    low = np.hstack([(h[soft], J[soft]), joint])
    high = np.hstack([joint, (h[~soft], J[~soft])])
    law = rf"$\kappa_\mathrm{{min}} = {line['kappa_min'].item():g},\ \kappa_0 = {line['kappa_0'].item():g}$"
    panel.plot(*low, ":", color=color, linewidth=1.8, label="_dotted")
    panel.plot(*high, "-", color=color, linewidth=1.8, label=law)
    panel.plot(*joint, "o", color=color, markersize=4.5, zorder=3, label="_dot")
    if "double_J" in line:
        inner = h <= special[0] if np.isfinite(special[0]) else np.full(h.shape, True)
        wells = np.hstack([(h[inner], line["double_J"].values[inner]), joint])
        panel.plot(*wells, "-.", color=color, linewidth=1.0, label="_dash-dotted")


def _name_phases(panel: Axes, line: xr.Dataset) -> None:
    panel.fill_between(line["h"], line["J"], color="0.93", linewidth=0, label="_grey")
    panel.set_ylim(0, 1.25 * line["J"].max().item())
    panel.set_title(
        rf"$\kappa_\mathrm{{min}} = {line['kappa_min'].item():g},\ \kappa_0 = {line['kappa_0'].item():g}$"
    )
    panel.text(0.5, 0.45, "RS phase", transform=panel.transAxes, ha="center")
    panel.text(0.3, 0.9, "glassy (RSB) phase", transform=panel.transAxes, ha="center")


def _kinds_of_line(exponent: float, *, wells: bool) -> list[Line2D]:
    grey = "0.3"
    double = Line2D([], [], linestyle="-.", color=grey, linewidth=1.0, label="wells become double")
    return [
        Line2D([], [], linestyle=":", color=grey, label=r"$\mathcal{D}\sim\omega^2$"),
        Line2D([], [], linestyle="-", color=grey, label=rf"$\mathcal{{D}}\sim\omega^{{{exponent:g}}}$"),
        Line2D([], [], linestyle="", marker="o", color=grey, markersize=4.5, label="special point"),
        *([double] if wells else []),
    ]


def add_law(parser: argparse.ArgumentParser) -> None:
    """Add the options of the stiffness law."""
    parser.add_argument("--kappa-min", metavar="K", type=float, default=0.1, help="default 0.1")
    parser.add_argument("--kappa-0", metavar="K", type=float, default=1.0, help="default 1")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of fig8a."""
    add_law(parser)
    parser.add_argument("--wells", action="store_true", help="also where wells become double: a minute")


def collect(options: Options) -> dict[str, Any]:
    """Return the critical line of the law, up to three times the field of its special point."""
    law = {"kappa_min": options.kappa_min, "kappa_0": options.kappa_0}
    fields = suitable_fields(kappa_min=[options.kappa_min], kappa_0=[options.kappa_0])
    return {"diagram": phase_diagram(fields, **law, wells=options.wells)}


FIGURES = {"fig8a": FigureRecord(options=add_options, collect=collect, draw=draw)}
