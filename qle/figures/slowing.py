"""Gradient descent at long times: powers of time, and how far a sample goes while time doubles."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from arguments.files import of_file
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import MARKERS, PAGE, page, shades
from qle.readers.netcdf import read_netcdf
from qle.solutions.long_flows import WORDS, long_flows
from qle.statistics.points import labelled
from qle.statistics.slowing import local_powers, mean_and_error, octaves

COUPLINGS = [0.1, 0.3, 0.5]
SIZES, UNTIL = (512, 2048), 1600.0  # computed where no file is given


def draw(data: xr.Dataset, path: str | Path) -> Path:
    """Draw what `qle.solutions.long_flows` computed, a column for each J; return `path`.

    From above: e(t) - e(2 t) and E[x'^2]; the powers of time that they follow between t and 2 t; 1 - C(2 t,
    t)/C(2 t, 2 t).

    Raises
    ------
    ValueError
        For a suffix other than .png, .pdf or .svg.
    """
    data = labelled("data", data)
    J, N = data["J"].values, data["N"].values
    with page(path, PAGE, 6.0) as drawing:
        panels = np.reshape(drawing.subplots(3, J.size, sharex=True, sharey="row"), (3, J.size))
        counts: dict[int, set[int]] = {}
        for column, one in zip(panels.T, J, strict=True):
            for size, color, marker in zip(N, shades(N.size), MARKERS, strict=False):
                found = octaves(data, float(one), int(size))
                if found.sizes["sample"]:
                    _column(column, found, f"$N = {size:,}$", color, marker)
                    counts.setdefault(int(size), set()).add(found.sizes["sample"])
            column[0].set_title(f"$J = {one:g}$")
            column[0].set(xscale="log", yscale="log")
            column[2].set(xscale="log", yscale="log", xlabel="$t$")
        words = ("$e(t) - e(2t)$", "local powers of $t$", "$1 - C(2t, t)/C(2t, 2t)$")
        for panel, word in zip(panels[:, 0], words, strict=True):
            panel.set_ylabel(word)
        panels[0, 0].set_ylim(bottom=1e-10)
        panels[1, 0].set_ylim(-3.5, 0.5)
        panels[2, 0].set_ylim(bottom=1e-3)
        max(panels[0], key=lambda panel: len(panel.containers)).legend()
        below(drawing, _caption(data.attrs["h"], counts))
    return Path(path)


def _caption(h: float, counts: dict[int, set[int]]) -> str:
    """Return what is drawn; `counts` are the numbers of samples of each size."""
    ends = {size: sorted({min(some), max(some)}) for size, some in counts.items()}
    samples = ", ".join(f"{' to '.join(map(str, some))} of $N$ = {size}" for size, some in ends.items())
    return (
        f"Gradient descent of KHGPS from $x = 0$, $h$ = {h:g}, structured couplings; samples: {samples}. "
        r"Above: what the energy falls by while time doubles (filled), and $E[\dot x^2]$ (hollow). Middle: "
        "the powers of $t$ that they follow from $t$ to $2t$; dotted: $-2/3$ and $-5/3$. Below: what of the "
        "overlap is lost while time doubles. Bars: standard errors by samples; not all samples go to the end."
    )


def _column(panels: Any, found: xr.Dataset, label: str, color: Any, marker: str) -> None:
    """Draw one coupling and size."""
    _points(panels[0], found, "fall", color, marker, label)
    _points(panels[0], found, "dissipation", color, marker, "_hollow")
    for name in ("fall", "dissipation"):
        t, value, error = local_powers(found[name])
        fill = color if name == "fall" else "white"
        panels[1].errorbar(
            t, value, error, fmt=marker, color=color, mfc=fill, ms=3, elinewidth=0.7, label="_powers"
        )
    for line in (-2.0 / 3.0, -5.0 / 3.0):
        panels[1].axhline(line, linestyle=":", linewidth=0.7, color="0.5", label="_dotted")
    _points(panels[2], found, "parting", color, marker, "_overlap")


def _points(panel: Axes, found: xr.Dataset, name: str, color: Any, marker: str, label: str) -> None:
    mean, error = mean_and_error(found[name].values)
    fill = "white" if name == "dissipation" else color
    panel.errorbar(
        found["time"].values,
        mean,
        error,
        fmt=marker,
        color=color,
        mfc=fill,
        ms=3,
        elinewidth=0.7,
        label=label,
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the file of flows and the number of samples."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="NetCDF, as docs/data/long-flows.nc"
    )
    add_samples(parser, default=4, what=f"samples of N = {SIZES[0]} and {SIZES[1]} without a file")


def collect(options: Options) -> dict[str, Any]:
    """Return the flows in the file, or of small samples."""
    if options.file is None:
        return {"data": long_flows(COUPLINGS, SIZES, [options.samples] * len(SIZES), until=UNTIL)}
    with of_file(options.file):
        data = read_netcdf(options.file)
        if missing := sorted({*WORDS, "J"} - set(data.variables)):
            raise ValueError(f"has no {', '.join(missing)}; must be of qle.solutions.long_flows")
    return {"data": data}


FIGURES = {"slowing": FigureRecord(options=add_options, collect=collect, draw=draw)}
