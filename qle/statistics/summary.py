"""The tail of every grid point as one table, and that table as text."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from qle.description.units import REDUCED
from qle.statistics.liquids import TOLD, flagged
from qle.statistics.points import COUNTS, grid_dims, power_of, unit_of
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
FLAGGED = {"n_flagged": "liquids", **{f"n_{name}": name for name in TOLD}}
"""Of glasses: columns, and what `flagged` calls them."""

RATIO = "A_g_ratio"  # where sets are compared
HEADINGS = {
    **dict(zip(COUNTS, ("samples", "missing", "unconverged", "left out"), strict=True)),
    **{name: name for name in (*MEASURED, RATIO)},
    "A_at_cut": "A at omega_cut",
    RATIO: "A_g ratio",
    "omega_cut": "omega_cut",
    "n_modes": "modes",
}
EXPONENT_SAMPLES = 100  # below, an exponent says nearly nothing, and the text has none
DOMINANT = 0.5  # share of the allowance from which the text says that a larger N tells more


def table(
    dataset: xr.Dataset, *, cutoff: float | xr.DataArray | None = None, resamples: int = 1000
) -> pd.DataFrame:
    """Return `tail` of `dataset` with one row per grid point.

    Columns: the grid's parameters, then `COLUMNS` as `tail` defines them, with `verdict` in words. Of glasses
    also `FLAGGED`: how many samples that converged are of liquids that were not in equilibrium, or do not
    tell (`glass.Equilibration`), in all and by what. The arguments and the errors raised are those of `tail`.
    ``attrs["units"]`` has the units of the columns that have one, by name.

    Returns
    -------
    pandas.DataFrame
        One row per grid point.

    Examples
    --------
    >>> import numpy as np, qle
    >>> from qle.statistics import table
    >>> data = qle.spectra(np.random.default_rng(0).random((100, 200)) ** 0.2, 200)  # D = 5 omega^4 up to 1
    >>> table(data)[["A_g", "A_g_low", "A_g_high", "verdict"]].round(1).iloc[0].to_dict()
    {'A_g': 5.2, 'A_g_low': 3.0, 'A_g_high': 9.0, 'verdict': 'given'}
    """
    result = tail(dataset, cutoff=cutoff, resamples=resamples)
    found = flagged(dataset)
    result = result.assign({name: found[key] for name, key in FLAGGED.items() if key in found})
    names = [*COLUMNS, *(name for name in FLAGGED if name in result)]
    dims = list(grid_dims(dataset))
    frame = result[names].reset_coords(drop=True).to_dataframe(dim_order=dims).reset_index()
    frame["verdict"] = [VERDICTS[flag] for flag in frame["verdict"]]
    frame = frame[dims + names]
    if (unit := unit_of(dataset)).name != REDUCED:
        frame.attrs["units"] = {name: unit.power(power_of(name)) for name in names if power_of(name)}
    return frame


def to_text(frame: pd.DataFrame) -> str:
    """Return what `table` gives as aligned text for a terminal.

    Numbers are rounded to their 95 percent intervals, which follow them. The exponent is shown from 100
    samples on. At the end of a line: why A_g is withheld, or "larger N tells more", where most of its
    variance allows for a bend that nobody can see; and of glasses how many liquids were not in equilibrium,
    or do not tell.

    Returns
    -------
    str
        A line of names, and one for each row.

    Examples
    --------
    >>> import numpy as np, qle
    >>> from qle.statistics import table, to_text
    >>> data = qle.spectra(np.random.default_rng(0).random((100, 200)) ** 0.2, 200)  # D = 5 omega^4 up to 1
    >>> names, numbers = to_text(table(data)).splitlines()
    >>> names.split()[:2], "5.2 (3.0 .. 9.0)" in numbers
    (['ensemble', 'samples'], True)
    """
    body = rounded(frame)
    widths = [max(len(line[i]) for line in body) for i in range(len(body[0]))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in body]
    return "\n".join(line.rstrip() for line in lines)


def rounded(frame: pd.DataFrame) -> list[list[str]]:
    """Return the cells of `to_text`: the names, then those of each row, its notes at the end."""
    dims = [name for name in frame.columns if name not in (*COLUMNS, *FLAGGED) and not name.startswith(RATIO)]
    columns, units = [name for name in HEADINGS if name in frame], frame.attrs.get("units", {})
    titles = [f"{HEADINGS[name]} [{units[name]}]" if name in units else HEADINGS[name] for name in columns]
    body = [[*dims, *titles, ""]]
    for row in frame.to_dict("records"):
        place = [row[dim] if isinstance(row[dim], str) else f"{row[dim]:g}" for dim in dims]
        body.append([*place, *(_cell(row, name) for name in columns), _note(row)])
    return body


def _cell(row: dict[Any, Any], name: str) -> str:
    if name == "exponent" and row["n_samples"] < EXPONENT_SAMPLES:
        return "-"
    if name in (*MEASURED, RATIO):
        return _with_interval(*(row[name + end] for end in ("", "_low", "_high")))
    return f"{row[name]:.3g}" if isinstance(row[name], float) else str(row[name])


def _note(row: dict[Any, Any]) -> str:
    notes = []
    if row["verdict"] != "given":
        notes.append(str(row["verdict"]).replace("_", " "))
    elif row["A_g_allowance"] > DOMINANT:
        notes.append("larger N tells more")
    if row.get("n_flagged"):
        faults = ", ".join(f"{row[f'n_{name}']} by {name}" for name in TOLD if row[f"n_{name}"])
        notes.append(f"{row['n_flagged']} of liquids not in equilibrium: {faults}")
    return "; ".join(notes)


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
