"""Participation of normal modes of the lattice against frequency (source paper, Figs. 2a and 4a)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from arguments import array
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, minima, params_of, whole
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, MARKERS, page, shades
from qle.measurements.spectra import frequencies_and_participation

Array = NDArray[np.float64]
CAPTION = (
    r"Number of oscillators in a mode, $N e$ with the participation ratio $e = 1/(N\,\Sigma_i\, \psi_i^4)$, "
    r"against its frequency $\omega$. Small dots: all modes of all samples. Symbols: medians of bins of 10 "
    "modes or more, with bars from the lower to the upper quartile. Where sizes agree modes are "
    "localised; where $N e$ grows with $N$ they are extended."
)
BINS = 4  # per factor 2 of frequency
LEAST = 10  # modes in a bin that has a median


def draw(modes: Mapping[int, tuple[Array, Array]], path: str | Path, *, title: str = "") -> Path:
    """Draw N e, the number of oscillators in a mode, and its median against omega, and return `path`.

    Parameters
    ----------
    modes : mapping
        By N: frequencies omega > 0 and participation ratios e of modes, arrays of equal shape. Where N e of
        different N agree, modes are localised; where it is proportional to N, they are extended.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, a number of sizes out of range, or shapes that differ.
    """
    if not 1 <= len(modes) <= len(MARKERS):
        raise ValueError(f"modes: {len(modes)} sizes, must be 1 to {len(MARKERS)}")
    with page(path, COLUMN, 2.9) as drawing:
        panel = drawing.subplots()
        for (N, (omega, e)), marker, color in zip(modes.items(), MARKERS, shades(len(modes)), strict=False):
            omega = array(f"omega of modes[{N}]", omega, above=0.0)
            e = array(f"e of modes[{N}]", e, omega.shape)
            panel.plot(np.ravel(omega), N * np.ravel(e), ".", color=color, alpha=0.15, rasterized=True,
                       markersize=1.5, markeredgewidth=0.0, zorder=1, label="_dots")  # fmt: skip
            centre, middle = medians(omega, N * e)
            low, high = quantiles(omega, N * e, 0.25)[1], quantiles(omega, N * e, 0.75)[1]
            panel.vlines(centre, low, high, color=color, linewidth=1.0, zorder=2, label="_bars",
                         path_effects=[withStroke(linewidth=2.0, foreground="white")])  # fmt: skip
            panel.plot(centre, middle, marker, color=color, markersize=5, markeredgecolor="white",
                       markeredgewidth=0.5, zorder=3, label=f"$N = {N}$, median")  # fmt: skip
        panel.set(xscale="log", yscale="log", xlabel=r"$\omega$", ylabel="$N e$")
        for axis in (panel.xaxis, panel.yaxis):
            label_decades(axis)
        panel.legend(loc="upper left")
        drawing.suptitle(title)
        below(drawing, CAPTION)
    return Path(path)


def medians(omega: Array, values: Array) -> tuple[Array, Array]:
    """Return geometric mean frequency and median value of bins of equal ln(omega), those of 10 modes or more.

    Parameters
    ----------
    omega, values : arrays of equal shape
        omega > 0.

    Returns
    -------
    centre, median : (m,) arrays
        Ascending in omega.
    """
    return quantiles(omega, values, 0.5)


def quantiles(omega: Array, values: Array, share: float) -> tuple[Array, Array]:
    """Return what `medians` does, with another quantile than the half."""
    omega, values = np.ravel(omega), np.ravel(values)
    row = np.floor(BINS * np.log2(omega)).astype(np.int64)
    bins, counts = np.unique(row, return_counts=True)
    full = bins[counts >= LEAST]
    centre = [np.exp(np.mean(np.log(omega[row == k]))) for k in full]
    return np.array(centre), np.array([np.quantile(values[row == k], share) for k in full])


def collect(options: Options) -> dict[str, Any]:
    """Return all modes of samples at each L, by N."""
    sizes = [whole(params_of(options, L, options.J)) for L in sorted(set(options.L))]
    title = (
        rf"$d = {options.d}$, $J = {options.J:g}$, $\beta = {options.beta:g}$, {options.samples} samples for "
        "each $N$"
    )
    modes = {one.N: frequencies_and_participation(minima(options, one)) for one in sizes}
    return {"modes": modes, "title": title}


FIGURES = {
    "participation": FigureRecord(
        options=partial(add_model, samples=30, L=(6, 10)), collect=collect, draw=draw
    )
}
