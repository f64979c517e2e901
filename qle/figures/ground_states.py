"""The glassy phase for N -> infinity along lines of J: overlaps, stability, response, energy, soft modes."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from qle.figures.captions import below
from qle.figures.style import MARKERS, page, shades
from qle.solutions.ground_states import UNSOLVED, edge_vanishes
from qle.statistics.points import labelled

MOST_LINES = 10
CAPTION = (
    r"Ground state of KHGPS for $N \to \infty$, replica symmetry broken in full; symbols are where it was "
    r"solved. Overlaps of a state with itself and of the farthest two; replicon $r$ and "
    r"$b = \kappa_\mathrm{min} - J^2 \chi_\mathrm{EA}$ inside a state (dot: where $b$ vanishes and wells "
    "become double); responses with all states and inside one; energy above that of symmetric replicas."
)
BELOW_CUT = "mean of $\\mathcal{D}/\\omega^4$ below $\\omega_\\mathrm{cut}$"
Color = tuple[float, float, float, float]


def draw(states: xr.Dataset, path: str | Path) -> Path:
    """Draw what `qle.solutions.ground_states.ground_states` computed against J; return `path`.

    A line for each h and kappa_0: q_EA and, dashed, q_0; replicon r; b, with a dot where it vanishes and
    wells become double; chi and, dashed, chi_EA; how much the energy lies above that of symmetric replicas;
    the mean of D/omega^4 below omega_cut.

    Raises
    ------
    ValueError
        For a suffix other than .png, .pdf or .svg, more than 10 lines, or no solved point.
    """
    lines = labelled("states", states).stack(line=("h", "kappa_0"))
    count = lines.sizes["line"]
    if count > MOST_LINES:
        raise ValueError(f"lines = {count}: at most {MOST_LINES} in one figure")
    if (states["status"] == UNSOLVED).all():
        raise ValueError("states: has no solved point to draw")
    with page(path, 8.6, 5.0) as drawing:
        panels = drawing.subplots(2, 3, sharex=True).ravel()
        for i, color in enumerate(shades(count)):
            _draw_line(panels, lines.isel(line=i), MARKERS[i], color)
        names = ("overlap", "$r$", "$b$", "response")
        _name_lines(panels[0], "$q_\\mathrm{EA}$", "$q_0$")
        _name_lines(panels[3], "$\\chi$", "$\\chi_\\mathrm{EA}$")
        for panel, name in zip(panels, (*names, "$(e - e_\\mathrm{RS})/|e|$", BELOW_CUT), strict=True):
            panel.set_ylabel(name)
        for panel in (panels[0], panels[4], panels[5]):
            panel.set_yscale("log")
        panels[2].axhline(0.0, color="0.6", linewidth=0.6, label="_$b$")
        for panel in panels[3:]:
            panel.set_xlabel("$J$")
        drawing.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
        below(drawing, CAPTION)
    return Path(path)


def _name_lines(panel: Axes, solid: str, dashed: str) -> None:
    """Say in a panel what lines of either kind are, whatever their colour."""
    kinds = [Line2D([], [], color="black", linewidth=0.9, linestyle=style) for style in ("-", "--")]
    panel.legend(kinds, [solid, dashed], loc="best")


def _draw_line(panels: list[Axes], line: xr.Dataset, marker: str, color: Color) -> None:
    """Draw one line of J into all panels."""
    J = line["J"].values
    look: dict[str, Any] = {"color": color, "marker": marker, "markersize": 3, "linewidth": 0.9}
    label = rf"$h = {line['h'].item():g},\ \kappa_0 = {line['kappa_0'].item():g}$"
    above = (line["energy"] - line["energy_symmetric"]) / abs(line["energy"])
    known = [line[name] for name in ("q_EA", "replicon", "gap_edge", "chi")]
    for panel, values in zip(panels, (*known, above.where(above > 0.0), line["A_at_cut"]), strict=True):
        panel.plot(J, values.values, "-", label=label, **look)
    panels[0].plot(J, line["q_0"].where(line["q_0"] > 0.0).values, "--", label="_overlap", **look)
    panels[3].plot(J, line["chi_EA"].values, "--", label="_response", **look)
    vanishes = edge_vanishes(line)
    panels[2].plot(vanishes, np.zeros(vanishes.size), "o", color=color, markersize=5, label="_dot")
