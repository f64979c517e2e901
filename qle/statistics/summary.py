"""The tail of every grid point as one table, and that table as text."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from qle.statistics.points import COUNTS, grid_dims
from qle.statistics.tail_law import VERDICTS, tail

MEASURED = ("A_g", "bend", "A_at_cut", "exponent")  # each with its interval
COLUMNS = (
    *COUNTS,
    *(name + end for name in MEASURED for end in ("", "_low", "_high")),
    "A_g_error",
    "A_g_allowance",
    "A_at_cut_error",
    "exponent_error",
    "omega_cut",
    "omega_window",
    "n_modes",
    "n_window",
    "verdict",
)
HEADINGS = ("samples", "missing", "unconverged", "left out", "A_g", "bend", "A at omega_cut", "exponent")
EXPONENT_SAMPLES = 100  # below, an exponent says nearly nothing, and the text has none
DOMINANT = 0.5  # share of the allowance from which the text says that a larger N tells more


def table(
    dataset: xr.Dataset, *, cutoff: float | xr.DataArray | None = None, resamples: int = 1000
) -> pd.DataFrame:
    """Return `tail` of `dataset` with one row per grid point.

    Columns: the grid's parameters, then `COLUMNS` as `tail` defines them, with `verdict` in words. The
    arguments and the errors raised are those of `tail`.
    """
    result = tail(dataset, cutoff=cutoff, resamples=resamples)
    names = list(COLUMNS)
    dims = list(grid_dims(dataset))
    frame = result[names].reset_coords(drop=True).to_dataframe(dim_order=dims).reset_index()
    frame["verdict"] = [VERDICTS[flag] for flag in frame["verdict"]]
    return frame[dims + names]


def to_text(frame: pd.DataFrame) -> str:
    """Return what `table` gives as aligned text for a terminal.

    Numbers are rounded to their 95 percent intervals, which follow them. The exponent is shown from 100
    samples on. At the end of a line: why A_g is withheld, or "larger N tells more", where most of its
    variance allows for a bend that nobody can see.
    """
    dims = [name for name in frame.columns if name not in COLUMNS]
    body = [[*dims, *HEADINGS, "omega_cut", "modes", ""]]
    for row in frame.to_dict("records"):
        measured = [_with_interval(*(row[name + end] for end in ("", "_low", "_high"))) for name in MEASURED]
        if row["n_samples"] < EXPONENT_SAMPLES:
            measured[-1] = "-"
        counts = [str(row[name]) for name in COUNTS]
        cut = [f"{row['omega_cut']:.3g}", str(row["n_modes"]), _note(row)]
        place = [row[dim] if isinstance(row[dim], str) else f"{row[dim]:g}" for dim in dims]
        body.append(place + counts + measured + cut)
    widths = [max(len(line[i]) for line in body) for i in range(len(body[0]))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in body]
    return "\n".join(line.rstrip() for line in lines)


def _note(row: dict[Any, Any]) -> str:
    if row["verdict"] != "given":
        return str(row["verdict"]).replace("_", " ")
    return "larger N tells more" if row["A_g_allowance"] > DOMINANT else ""


def _with_interval(value: Any, low: Any, high: Any) -> str:
    """Return "123 (110 .. 138)"; "-" for nan. A quarter of the interval has one digit, two from 1 to 2.9."""
    error = 0.25 * (high - low)
    if not (np.isfinite(value) and np.isfinite(error) and error > 0):
        return "-"
    places = -int(np.floor(np.log10(error)))
    if error * 10.0**places < 2.95:
        places += 1
    value, low, high = (f"{round(number, places):.{max(places, 0)}f}" for number in (value, low, high))
    return f"{value} ({low} .. {high})"
