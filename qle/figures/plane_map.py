"""Maps of a sweep over two of its parameters, with panels for a third."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import CenteredNorm, LogNorm, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from arguments import nearest
from qle.figures.axes import label_decades
from qle.figures.captions import below, protocol, samples
from qle.figures.plane_theory import curves
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, PAGE, page
from qle.figures.vdos import SYMBOLS
from qle.statistics.plane import plane
from qle.statistics.points import grid_dims
from qle.statistics.tail_law import VERDICTS

Array = NDArray[np.float64]

QUANTITIES = {
    "A_g": r"$\mathcal{A}_g$",
    "exponent": r"exponent of $\mathcal{D}$",
    "mean_x2": r"$\langle x^2 \rangle$",
    "double_wells": "share of double wells",
    "energy": "energy per oscillator",
}
LOGARITHMIC = ("A_g", "mean_x2")
FIRST = ("h", "J", "kappa_0", "kappa_min")  # are axes before others
MOST_PANELS = 12
CONTRAST = "#d55e00"  # seen on every colour of a map
FARTHEST = 4.0  # from 4 that an exponent has a colour of its own
FINE = 40  # points of a line of theory
NAMES = {**SYMBOLS, "kappa_min": r"$\kappa_\mathrm{min}$"}


def draw(
    dataset: xr.Dataset,
    path: str | Path,
    *,
    quantities: Sequence[str] = ("A_g",),
    x: str | None = None,
    y: str | None = None,
    wells: bool = False,
) -> Path:
    """Draw maps over two parameters, a row for each quantity and a column for each value of a third.

    Hatched cells have no omega^4 law: 4 is outside the 99 percent interval of the exponent. White ones have
    no number; crosses mark cells where samples are missing. Over J and another parameter of KHGPS at beta = 0
    lines are of theory (`qle.figures.plane_theory.curves`).

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns, with two or three parameters of several values.
    path : str or Path
        Ends in .png, .pdf or .svg.
    quantities : sequence of str
        Of `QUANTITIES`; double_wells needs a sweep with nonlinear = true.
    x, y : str, optional
        Parameters along the axes; by default the first two of h, J, kappa_0, kappa_min and the others.
    wells : bool
        Also where, beyond the critical line, wells become double: a minute for each panel.

    Raises
    ------
    ValueError
        For another suffix, quantity or parameter, other numbers of parameters, or more than 12 panels.
    """
    dims = _axes(dataset, x, y)
    found = plane(dataset).squeeze([name for name in grid_dims(dataset) if name not in dims])
    _check_quantities(quantities, found)
    third = dims[2] if len(dims) == 3 else None
    columns = found.sizes[third] if third else 1
    if len(quantities) * columns > MOST_PANELS:
        raise ValueError(
            f"panels = {len(quantities) * columns}: at most {MOST_PANELS}; select some with --where"
        )
    found = found.transpose(dims[1], dims[0], *dims[2:])
    width = COLUMN if columns == 1 else PAGE
    with page(path, width, len(quantities) * (0.5 + 0.75 * min(2.6, width / columns))) as drawing:
        axes = drawing.subplots(len(quantities), columns, sharex=True, sharey=True, squeeze=False)
        for row, name in zip(axes, quantities, strict=True):
            _draw_row(drawing, row, found, name, dims)
        for k, column in enumerate(axes.T):
            one = found.isel({third: k}) if third else found
            _finish_column(column, one, dims, third, wells=wells)
        lines = {
            text: line
            for panel in axes.flat
            for line, text in zip(*panel.get_legend_handles_labels(), strict=True)
        }
        if lines:
            drawing.legend(lines.values(), lines.keys(), loc="outside upper center", ncols=4)
        below(drawing, _words(dataset, found, quantities))
    return Path(path)


def _axes(dataset: xr.Dataset, x: str | None, y: str | None) -> list[str]:
    """Return the parameters of the axes, then that of the panels if there is one."""
    swept = [name for name in grid_dims(dataset) if dataset.sizes[name] > 1]
    swept.sort(key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    if not 2 <= len(swept) <= 3:
        raise ValueError(
            f"parameters with several values = {', '.join(swept) or 'none'}: must be two or three for a map; "
            "select others with --where"
        )
    for name, value in (("x", x), ("y", y)):
        if value is not None and value not in swept:
            raise ValueError(f"{name} = {value}: must be one of {', '.join(swept)}{nearest(value, swept)}")
    if x is not None and x == y:
        raise ValueError(f"x = y = {x}: must be two parameters")
    left = [name for name in swept if name not in (x, y)]
    dims = [x or left.pop(0), y or left.pop(0), *left]
    for name in dims[:2]:
        if dataset[name].dtype.kind not in "iuf":
            raise ValueError(f"{name}: has words for values; must be numbers along an axis")
    return dims


def _check_quantities(quantities: Sequence[str], found: xr.Dataset) -> None:
    for name in quantities:
        if name not in QUANTITIES:
            raise ValueError(
                f"quantity = {name}: must be one of {', '.join(QUANTITIES)}{nearest(name, QUANTITIES)}"
            )
        if name not in found:
            needed = (
                "a sweep with nonlinear = true"
                if name == "double_wells"
                else "a sweep, not frequencies alone"
            )
            raise ValueError(f"quantity = {name}: needs {needed}")
        if not np.isfinite(found[name].values).any():
            raise ValueError(f"quantity = {name}: no grid point has one")


def _draw_row(drawing: Figure, row: NDArray[Any], found: xr.Dataset, name: str, dims: list[str]) -> None:
    """Draw one quantity, all panels by one scale, with its colour bar."""
    norm = _norm(name, found[name].values)
    edges = [cell_edges(found[dim].values) for dim in dims[:2]]
    for k, panel in enumerate(row):
        one = found.isel({dims[2]: k}) if len(dims) == 3 else found
        panel.pcolormesh(
            *edges, one[name].values, norm=norm, cmap="PuOr" if name == "exponent" else "viridis",
            rasterized=True, label=f"_{MARKS['colour']}",
        )  # fmt: skip
        _mark(panel, one, dims, edges)
    extend = "both" if name == "exponent" else "neither"
    drawing.colorbar(row[0].collections[0], ax=list(row), label=QUANTITIES[name], extend=extend)


def _norm(name: str, values: Array) -> Normalize:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if name == "exponent":
        return CenteredNorm(4.0, min(max(high - 4.0, 4.0 - low, 0.1), FARTHEST))
    if name in LOGARITHMIC and low > 0.0:
        return LogNorm(low, max(high, 1.01 * low))
    return Normalize(low, high if high > low else low + 1.0)


MARKS = {"colour": "Colours", "hatched": "hatched cells", "crosses": "crosses"}


def _mark(panel: Axes, one: xr.Dataset, dims: list[str], edges: list[Array]) -> None:
    """Hatch the cells without an omega^4 law, and put a cross into those that are not finished."""
    x, y = edges
    denied = np.argwhere(one["verdict"].values == VERDICTS.index("not_quartic"))
    corners = [[(x[i], y[j]), (x[i + 1], y[j]), (x[i + 1], y[j + 1]), (x[i], y[j + 1])] for j, i in denied]
    if corners:
        hatched = PolyCollection(
            corners, facecolors="none", edgecolors="0.35", hatch="//////", linewidths=0.0
        )
        hatched.set_label(f"_{MARKS['hatched']}")
        panel.add_collection(hatched)
    j, i = np.nonzero(one["n_missing"].values)
    places = one[dims[0]].values[i], one[dims[1]].values[j]
    panel.plot(*places, "x", color=CONTRAST, markersize=3.5, mew=0.9, label=f"_{MARKS['crosses']}")


def _finish_column(
    column: NDArray[Any], one: xr.Dataset, dims: list[str], third: str | None, *, wells: bool
) -> None:
    """Add theory, scales, labels and the title of a column."""
    x, y = dims[:2]
    lines = []
    if "J" in (x, y) and str(one.attrs.get("model", "")) == "khgps":
        other = y if x == "J" else x
        fixed = {str(key): value.item() for key, value in one.coords.items() if value.ndim == 0}
        lines = curves(other, _fine(one[other].values), fixed, wells=wells)
    for panel in column:
        for curve in lines:
            places = (curve.other, curve.J) if y == "J" else (curve.J, curve.other)
            panel.plot(
                *places,
                curve.style,
                color=CONTRAST,
                linewidth=1.3,
                markersize=5,
                label=curve.label,
                zorder=3,
            )
        for axis, name in (("x", x), ("y", y)):
            values = one[name].values
            getattr(panel, f"set_{axis}scale")("log" if geometric(values) else "linear")
            edges = cell_edges(values)
            getattr(panel, f"set_{axis}lim")(edges[0], edges[-1])
            if geometric(values):
                label_decades(getattr(panel, f"{axis}axis"))
    if third:
        value = one[third].item()
        column[0].set_title(
            f"{NAMES.get(third, third)} = {value:g}" if isinstance(value, float | int) else value
        )
    column[-1].set_xlabel(NAMES.get(x, x))
    for panel in column:
        if panel.get_subplotspec().is_first_col():
            panel.set_ylabel(NAMES.get(y, y))


def geometric(values: Array) -> bool:
    """Return whether values are spaced by ratios rather than by differences."""
    if values.size < 3 or values[0] <= 0.0:
        return False
    ratios, steps = np.diff(np.log(values)), np.diff(values)
    return bool(np.ptp(ratios) / ratios.mean() < np.ptp(steps) / steps.mean())


def cell_edges(values: Array) -> Array:
    """Return edges half-way between n ascending values, n + 1, by ratio where they are spaced so."""
    t = np.log(values) if geometric(values) else np.asarray(values, np.float64)
    middle = 0.5 * (t[1:] + t[:-1])
    edges = np.concatenate([[2 * t[0] - middle[0]], middle, [2 * t[-1] - middle[-1]]])
    return np.exp(edges) if geometric(values) else edges


def _fine(values: Array) -> Array:
    edges = cell_edges(values)
    if geometric(values):
        return np.geomspace(edges[0], edges[-1], FINE)
    return np.linspace(max(edges[0], 0.0), edges[-1], FINE)


def _words(dataset: xr.Dataset, found: xr.Dataset, quantities: Sequence[str]) -> str:
    """Return the caption."""
    size = f"N = {int(dataset['N'])}, " if dataset["N"].ndim == 0 else ""
    text = (
        f"{MARKS['colour']}: {', '.join(QUANTITIES[name] for name in quantities)} of each cell. "
        f"{size}{samples(found, 'cell')}.{protocol(dataset)} In {MARKS['hatched']} there is no "
        r"$\omega^4$ law: 4 is outside the 99 percent interval of the exponent. White cells have no number. "
        f"Where samples are missing there are {MARKS['crosses']}."
    )
    if "A_g" in quantities:
        factor = np.sqrt(found["A_g_high"].values / found["A_g_low"].values)
        factor = factor[np.isfinite(factor)]
        text += (
            f" The 95 percent interval of $\\mathcal{{A}}_g$ is a factor of {factor.min():.2g} to "
            f"{factor.max():.2g} either way, {np.median(factor):.2g} at half of the cells."
        )
    if "double_wells" in quantities:
        text += (
            " Double wells: of the cubic modes of the softest sites, those with a second minimum along them."
        )
    return text


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what is mapped over which parameters."""
    what = f"what is mapped, several: {', '.join(QUANTITIES)}; default A_g"
    parser.add_argument("--quantity", metavar="NAME", nargs="+", default=["A_g"], help=what)
    parser.add_argument(
        "--x", metavar="PARAMETER", help="along the axis; default the first of h, J, kappa_0 ..."
    )
    parser.add_argument("--y", metavar="PARAMETER", help="along the other; default the next of these")
    parser.add_argument(
        "--wells", action="store_true", help="also where wells become double: a minute a panel"
    )


def collect(options: Options) -> dict[str, Any]:
    """Return the sweep and what is asked of it."""
    return {
        "dataset": options.dataset,
        "quantities": options.quantity,
        "x": options.x,
        "y": options.y,
        "wells": options.wells,
    }


FIGURES = {"map": FigureRecord(options=add_options, collect=collect, draw=draw)}
