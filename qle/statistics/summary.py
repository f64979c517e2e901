"""The tail of every grid point as one table, and that table as text."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from qle.statistics.points import COUNTS, grid_dims
from qle.statistics.tail_law import VERDICTS, tail

COLUMNS = (
    *COUNTS,
    "A_g",
    "A_g_error",
    "A_g_weibull",
    "A_g_weibull_error",
    "exponent",
    "exponent_error",
    "omega_cut",
    "n_modes",
    "verdict",
)


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
    """Return what `table` gives as aligned text for a terminal, numbers rounded to their errors."""
    dims = [name for name in frame.columns if name not in COLUMNS]
    head = [
        *dims,
        "samples",
        "missing",
        "unconverged",
        "left out",
        "A_g",
        "A_g (softest)",
        "exponent",
        "omega_cut",
        "modes",
        "",
    ]
    body = [head]
    for row in frame.to_dict("records"):
        measured = [_with_error(row[n], row[f"{n}_error"]) for n in ("A_g", "A_g_weibull", "exponent")]
        counts = [str(row[name]) for name in COUNTS]
        note = "" if row["verdict"] == "given" else str(row["verdict"]).replace("_", " ")
        cut = [f"{row['omega_cut']:.3g}", str(row["n_modes"]), note]
        place = [row[dim] if isinstance(row[dim], str) else f"{row[dim]:g}" for dim in dims]
        body.append(place + counts + measured + cut)
    widths = [max(len(line[i]) for line in body) for i in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in body]
    return "\n".join(line.rstrip() for line in lines)


def _with_error(value: Any, error: Any) -> str:
    """Return "123 +- 7": the error to two digits if it starts with 1 or 2, else to one; "-" for nan."""
    if not (np.isfinite(value) and np.isfinite(error) and error > 0):
        return "-"
    places = -int(np.floor(np.log10(error)))
    if error * 10.0**places < 2.95:
        places += 1
    if places >= 0:
        return f"{value:.{places}f} +- {error:.{places}f}"
    return f"{round(value, places):.0f} +- {round(error, places):.0f}"
