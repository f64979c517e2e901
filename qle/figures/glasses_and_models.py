"""Glasses beside models: what their soft excitations have in common, and what not."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

from qle.figures.axes import label_decades
from qle.figures.captions import below, span
from qle.figures.record import FigureRecord, Options
from qle.figures.stores import add_stores, collect_sets
from qle.figures.style import PAGE, page, shades
from qle.statistics.excitations import LOWER, UPPER, Excitations, excitations
from qle.statistics.points import points
from qle.statistics.pooled import cut_at

Array = NDArray[np.float64]

LINES = ("-", "--", "-.", ":")
BINS = 8  # of ln omega, in which medians of b3 are drawn
LEAST = 5  # modes in one of them
MEASURE = {"modes": 20, "nonlinear": True, "harmonic": True, "pseudoharmonic": True}
SETS: dict[str, dict[str, Any]] = {
    "glass, $T_p = 2$": {"model": "soft_spheres", "grid": {"N": 100, "T_p": 2.0, "sweeps": 1000}},
    "glass, $T_p = 0.5$": {"model": "soft_spheres", "grid": {"N": 100, "T_p": 0.5, "sweeps": 6000}},
    "KHGPS": {"model": "khgps", "grid": {"N": 300, "J": 0.3, "h": 0.01}},
    "lattice": {"model": "lattice_gps", "grid": {"L": 7, "J": 0.3}, "protocol": {"start": "random"}},
}
"""Drawn where no stores are given."""
CAPTION = (
    r"Cumulative numbers. $\omega_{1/2}$: half a mode a sample is below it. Vertical lines: $r$ = 0.4 and 3, "
    r"the bounds of the source. $|b_3|$: medians over bins of cubic modes. $B^{5/4}$: barriers where D ~ "
    r"$\omega^4$; $B^{2/3}$: in minima as found."
)
OVERLAPS = r" $\hat\Delta \cdot \pi$: overlap of cubic modes with the way to a second minimum."
REST = (
    r" $c_\alpha$: local heat capacities of sites or bonds. What a set does not have is not drawn. Of n "
    r"modes or samples below, a share is uncertain by n$^{-1/2}$ of itself."
)


def draw(datasets: Mapping[str, xr.Dataset], path: str | Path) -> Path:
    """Draw what stores say of soft excitations, a colour for each, in units of its own; return `path`.

    Cumulative numbers hide no bins. From the top left: modes per sample below omega, in units of the
    frequency with half a mode a sample below it, beside omega^5; the shares of cubic, harmonic and
    pseudo-harmonic modes with r = b3^2/(b2 b4) below a value, with the bounds 0.4 and 3; medians of b3
    against omega, in units of their own medians, beside omega; the share of barriers of modes with r > 8/3
    below B, in units of their median, beside B^(5/4) (S 20) and B^(2/3), of upper wells; the share of
    overlaps with the way to a second minimum; and that of sites or bonds with more than so much heat, in
    units of their mean.

    Parameters
    ----------
    datasets : mapping of str to xarray.Dataset
        By name what `qle.open` returns, of one grid point; what was not measured is not drawn.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a set of several grid points.
    """
    with page(path, PAGE, 8.0) as drawing:
        axes = drawing.subplots(4, 2).reshape(2, 4)
        for k, (color, (name, dataset)) in enumerate(
            zip(shades(len(datasets)), datasets.items(), strict=True)
        ):
            style = {"color": color, "linestyle": LINES[k % len(LINES)], "linewidth": 1.2}
            _draw_set(axes, dataset, name, style)
        _finish(axes)
        drawing.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
        samples = (point.n_samples for dataset in datasets.values() for point in points(dataset))
        words = CAPTION + (OVERLAPS if axes[1, 2].lines else "") + REST
        below(drawing, f"{words} {span(samples)} samples of each set.")
    return Path(path)


def _draw_set(axes: NDArray[Any], dataset: xr.Dataset, name: str, style: dict[str, Any]) -> None:
    found = {kind: excitations(dataset, kind) for kind in ("cubic", "harmonic", "pseudoharmonic")}
    (point,) = points(dataset)
    omega = np.sort(point.frequency[point.frequency < point.omega_complete])
    unit = cut_at(omega, point.n_samples, 0.5)
    axes[0, 0].plot(omega / unit, np.arange(1, omega.size + 1) / point.n_samples, label=name, **style)
    style = {**style, "label": f"_{name}"}
    for panel, kind in zip(axes[0, 1:], found, strict=True):
        if (modes := found[kind]) is not None:
            _cumulate(panel, modes.ratio, **style)
    if (modes := found["cubic"]) is not None and modes.b2.size:
        _draw_b3(axes[1, 0], modes, style)
        heights, _ = modes.barriers()
        if heights.size >= LEAST:
            _cumulate(axes[1, 1], heights / np.median(heights), **style)
    here = dataset.squeeze()
    if "well_overlap" in here:
        _cumulate(axes[1, 2], here["well_overlap"].values, **style)
    for heat in ("heat_capacity", "bond_heat"):
        if heat in here:
            values = here[heat].values
            _cumulate(axes[1, 3], values[np.isfinite(values)] / np.nanmean(values), above=True, **style)


def _cumulate(panel: Axes, values: Array, *, above: bool = False, **style: Any) -> None:
    """Draw the share of numbers up to a value, or above it."""
    ordered = np.sort(values[np.isfinite(values)])
    ranks = np.arange(1, ordered.size + 1) / max(ordered.size, 1)
    panel.plot(ordered, 1.0 - ranks + 1.0 / max(ordered.size, 1) if above else ranks, **style)


def _draw_b3(panel: Axes, modes: Excitations, style: dict[str, Any]) -> None:
    """Draw the medians of b3 in bins of ln omega."""
    omega, b3 = modes.frequency / np.median(modes.frequency), modes.b3 / np.median(modes.b3)
    edges = np.geomspace(omega.min(), omega.max() * (1.0 + 1e-12), BINS + 1)
    which = np.searchsorted(edges, omega, side="right") - 1
    full = [k for k in range(BINS) if np.sum(which == k) >= LEAST]
    middle = np.sqrt(edges[1:] * edges[:-1])[full]
    panel.plot(middle, [np.median(b3[which == k]) for k in full], marker="o", markersize=3, **style)


def _finish(axes: NDArray[Any]) -> None:
    """Add the laws to compare with, bounds, labels and the legend."""
    line = {"color": "0.5", "linewidth": 0.8}
    x = np.array([0.3, 1.0])
    axes[0, 0].plot(x, 0.5 * x**5, label=r"$\omega^5$", **line)
    axes[0, 0].set(
        xscale="log", yscale="log", xlabel=r"$\omega/\omega_{1/2}$", ylabel="modes per sample below"
    )
    for panel, title in zip(axes[0, 1:], ("cubic", "harmonic", "pseudo-harmonic"), strict=True):
        for bound in (LOWER, UPPER):
            panel.axvline(bound, label="_bounds", **line)
        panel.set(xscale="log", yscale="log", xlabel="$r$", ylabel="share below", title=f"{title} modes")
        panel.set(xlim=(1e-2, 10.0), ylim=(1e-4, 1.3))
    axes[1, 0].plot(x, x, label=r"$\omega$", **line)
    axes[1, 0].set(
        xscale="log", yscale="log", xlabel=r"$\omega$, of its median", ylabel="$|b_3|$, of its median"
    )
    small = np.array([0.01, 1.0])
    for power, dash, law in ((1.25, "-", "$B^{5/4}$"), (2.0 / 3.0, "--", "$B^{2/3}$")):
        axes[1, 1].plot(small, 0.5 * small**power, linestyle=dash, label=law, **line)
    axes[1, 1].set(xscale="log", yscale="log", xlabel="$B$, of its median", ylabel="share below, $r > 8/3$")
    axes[1, 2].set(xlabel=r"$|\hat\Delta \cdot \pi|$", ylabel="share below", xlim=(0.0, 1.0))
    axes[1, 3].set(xscale="log", yscale="log", xlabel=r"$c_\alpha$, of its mean", ylabel="share above")
    axes[1, 3].set_xlim(left=0.1)
    if not axes[1, 2].lines:
        axes[1, 2].remove()
        axes[1, 3].set_subplotspec(axes[1, 3].get_gridspec()[3, :])
    for panel in (*axes[0], axes[1, 0], axes[1, 1], axes[1, 3]):
        label_decades(panel.xaxis)
    for panel in axes[1, :2]:
        panel.legend(fontsize=7)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the stores."""
    add_stores(parser, 40)


def collect(options: Options) -> dict[str, Any]:
    """Return what is in the stores, or samples of `SETS`."""
    specs = {}
    for name, asked in SETS.items():
        heat = "bond_heat" if asked["model"] == "soft_spheres" else "heat"
        specs[name] = {**asked, "measure": {**MEASURE, heat: True}}
    return collect_sets(options, specs)


FIGURES = {"glasses-and-models": FigureRecord(options=add_options, collect=collect, draw=draw)}
