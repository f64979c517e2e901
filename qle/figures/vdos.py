"""The density of states D(omega) of a sweep on double-logarithmic axes, beside its omega^4 law."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qle.figures.axes import in_units, label_decades
from qle.figures.captions import below, protocol, samples
from qle.figures.record import FigureRecord, Options
from qle.figures.style import MARKERS, page, shades
from qle.statistics import tail, vdos
from qle.statistics.points import grid_dims

MOST_PANELS = 12
MOST_CURVES = len(MARKERS)
PANELS = ("h", "kappa_0")
"""Parameters that have a row or a column of panels each, where they are swept; all others have the curves."""
SYMBOLS = {"h": "$h$", "J": "$J$", "kappa_0": r"$\kappa_0$", "beta": r"$\beta$", "N": "$N$"}
PANEL = (2.6, 2.4)  # inches
LONGEST_WORD = 24  # characters


def draw(dataset: xr.Dataset, path: str | Path) -> Path:
    """Draw D(omega) with one panel for each (h, kappa_0) and one colour for each J, and return `path`.

    Any other parameters of a model have curves as J has, labelled by those that vary; without h and kappa_0,
    as of frequencies of your own (`qle.spectra`), there is one panel.

    Points are `qle.statistics.vdos` with one standard error, pale outside the window of the fit;
    empty bins and bins above omega_complete are not
    drawn. Lines are `A_g omega^4` of `qle.statistics.tail`, the limit omega -> 0: full up to omega_cut with
    the band of its 95 percent interval, and dashed to twice that; D bends away from them. A point whose tail
    has no A_g has no line.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` or `qle.spectra` returns.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, more than 12 panels or curves in each, or too few stored modes to complete a bin.
    """
    dims = _check_grid(dataset)
    rows, columns = (dataset.sizes.get(name, 1) for name in PANELS)
    with page(path, PANEL[0] * columns + 1.1, PANEL[1] * rows + 0.4) as drawing:
        density, law = vdos(dataset), tail(dataset)
        if not (density["D"] > 0).any():
            raise ValueError("dataset: has no complete bin to draw; store more modes per sample")
        axes = drawing.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for (row, column), panel in np.ndenumerate(axes):
            place = dict(zip(PANELS, (row, column), strict=True))
            here, its_law = (one.isel(place, missing_dims="ignore") for one in (density, law))
            _draw_panel(panel, here, its_law, dims)
            panel.set_title(_values(here, [name for name in PANELS if name in here.coords]))
        _finish(drawing, axes, density, dims)
    return Path(path)


def _check_grid(dataset: xr.Dataset) -> list[str]:
    """Return the dimensions of the curves of a panel; raise ValueError for a grid that cannot be drawn."""
    sizes = {name: dataset.sizes[name] for name in grid_dims(dataset)}
    panels = math.prod(sizes.get(name, 1) for name in PANELS)
    if panels > MOST_PANELS:
        raise ValueError(
            f"panels = {panels}: at most {MOST_PANELS} pairs (h, kappa_0); select some with dataset.sel"
        )
    dims = [name for name in sizes if name not in PANELS]
    curves = math.prod(sizes[name] for name in dims)
    if curves > MOST_CURVES:
        values = ", ".join(f"{sizes[name]} of {name}" for name in dims)
        raise ValueError(f"curves = {curves} ({values}): at most {MOST_CURVES}; select some with dataset.sel")
    return dims


def _varying(density: xr.Dataset, dims: list[str]) -> list[str]:
    """Return what tells the curves apart; all their parameters, if there is one curve."""
    return [name for name in dims if density.sizes[name] > 1] or dims


def _values(point: xr.Dataset, names: list[str], *, bare: bool = False) -> str:
    """Return "J = 0.1, shape = even" of one grid point; `bare` leaves out the names."""
    words = []
    for name in names:
        value = point[name].item()
        text = f"{value:g}" if isinstance(value, float) else _short(str(value)).replace("$", r"\$")
        words.append(text if bare else f"{SYMBOLS.get(name, name)} = {text}")
    return ", ".join(words)


def _short(word: str) -> str:
    """Return a word, such as the name of a file, without its middle where a legend has no room for it."""
    word = word.encode(errors="backslashreplace").decode()
    half = LONGEST_WORD // 2
    return word if len(word) <= LONGEST_WORD else f"{word[:half]}\u2026{word[-half:]}"


def _draw_panel(panel: Axes, density: xr.Dataset, law: xr.Dataset, dims: list[str]) -> None:
    """Draw all curves of one panel."""
    names, places = _varying(density, dims), list(np.ndindex(*(density.sizes[name] for name in dims)))
    for i, (place, color) in enumerate(zip(places, shades(len(places)), strict=True)):
        curve, tail_law = (one.isel(dict(zip(dims, place, strict=True))) for one in (density, law))
        label = _values(curve, names, bare=len(names) == 1) or "_points"
        draw_curve(panel, curve, tail_law, MARKERS[i], color, label)
    panel.set(xscale="log", yscale="log")


def draw_curve(
    panel: Axes, curve: xr.Dataset, law: xr.Dataset, marker: str, color: tuple[float, ...], label: str
) -> None:
    """Draw one D(omega), pale outside the window of the fit, and A_g omega^4 with its band."""
    D, error = curve["D"].values, curve["D_error"].values
    inside = curve["omega"].values <= float(law["omega_window"])
    for rows, alpha, name in ((inside, 1.0, label), (~inside, 0.35, "_pale")):
        seen = (D > 0) & rows  # False for nan
        panel.errorbar(
            curve["omega"].values[seen],
            D[seen],
            yerr=[np.minimum(error[seen], 0.999 * D[seen]), error[seen]],
            fmt=marker,
            color=color,
            alpha=alpha,
            markersize=3.0,
            elinewidth=0.8,
            label=name,
        )
    omega, A_g, cut = curve["omega"].values[D > 0], float(law["A_g"]), float(law["omega_cut"])
    if not (np.isfinite(A_g) and omega.size):
        return
    for reach, line, name in (((omega[0], cut), "-", "_Full lines"), ((cut, 2 * cut), "--", "_dashed")):
        panel.plot(reach, A_g * np.array(reach) ** 4, line, color=color, linewidth=0.9, label=name)
    below_cut = np.array([omega[0], cut])
    low, high = (float(law[name]) * below_cut**4 for name in ("A_g_low", "A_g_high"))
    panel.fill_between(below_cut, low, high, color=color, alpha=0.18, linewidth=0.0, label="_bands")


MARKS = (
    "Points: density of modes in bins where none is missing, with one standard error; pale beyond "
    r"$\omega_\mathrm{window}$, up to which modes are fitted. Full lines: $\mathcal{A}_g\omega^4$, the "
    r"limit $\omega \to 0$, up to $\omega_\mathrm{cut}$, with bands of its 95 percent interval; dashed to "
    r"twice that. A curve without a line has no $\mathcal{A}_g$: its exponent is not 4, or too few samples "
    "have soft modes. The triangle has slope 4."
)


def _finish(drawing: Figure, axes: np.ndarray, density: xr.Dataset, dims: list[str]) -> None:
    """Add limits, slope triangles, labels, the legend and the caption."""
    D = density["D"].values
    low, high = D[D > 0].min(), D[D > 0].max()
    for panel in axes.flat:
        panel.set_ylim(low / 3, high * 3)
        label_decades(panel.xaxis)
        draw_slope(panel)
    for panel in axes[-1]:
        panel.set_xlabel(r"$\omega$" + in_units(density["omega"].attrs["units"]))
    for panel in axes[:, 0]:
        panel.set_ylabel(r"$\mathcal{D}(\omega)$" + in_units(density["D"].attrs["units"]))
    names = _varying(density, dims)
    title = SYMBOLS.get(names[0], names[0]) if len(names) == 1 and names != ["ensemble"] else None
    if names:
        handles, labels = axes[0, 0].get_legend_handles_labels()
        drawing.legend(handles, labels, title=title, loc="outside right upper")
    size = f"$N = {int(density['N'])}$, " if density["N"].ndim == 0 else ""
    drawing.suptitle(f"{size}{samples(density, 'curve')}")
    below(drawing, MARKS + protocol(density))


def draw_slope(panel: Axes) -> None:
    """Draw a triangle of slope 4 : 1 in the upper left corner, where D(omega) never is."""
    (left, right), (bottom, top) = np.log10(panel.get_xlim()), np.log10(panel.get_ylim())
    width = min(0.2 * (right - left), 0.08 * (top - bottom))
    x = left + 0.1 * (right - left) + np.array([0.0, 0.0, width])
    y = top - 0.12 * (top - bottom) - np.array([4 * width, 0.0, 0.0])
    panel.fill(10**x, 10**y, fill=False, edgecolor="0.25", linewidth=0.8, label="_triangle")
    middle = 10 ** ((x[0] + x[2]) / 2), 10 ** ((y[0] + y[1]) / 2)
    text: Any = {"textcoords": "offset points", "color": "0.25", "fontsize": 7}
    panel.annotate("4", (10 ** x[0], middle[1]), xytext=(-4, 0), ha="right", va="center", **text)
    panel.annotate("1", (middle[0], 10 ** y[1]), xytext=(0, 2), ha="center", va="bottom", **text)


def collect(options: Options) -> dict[str, Any]:
    """Return the sweep."""
    return {"dataset": options.dataset}


FIGURES = {"vdos": FigureRecord(options=lambda parser: None, collect=collect, draw=draw)}
