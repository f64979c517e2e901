"""Sets of samples that have nothing in common, such as glasses of two preparations: how their A_g differ."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from arguments import shown
from qle.statistics.points import labelled, unit_of
from qle.statistics.summary import RATIO, table


def compare_ensembles(datasets: Mapping[str, xr.Dataset], *, resamples: int = 1000) -> pd.DataFrame:
    """Return the tails of several independent sets of samples, and A_g over that of the first set.

    Unlike in `compare`, nothing drops out of a ratio: both its numbers have their own samples, and their own
    bend, for which its interval allows twice. In logarithms its halves are the roots of the sums of the
    squares of theirs.

    Parameters
    ----------
    datasets : mapping of str to xarray.Dataset
        By name what `qle.spectra` returns, of one unit of frequency.
    resamples : int
        As in `tail`.

    Returns
    -------
    pandas.DataFrame
        The rows of `table` with the name as ensemble, and A_g_ratio, A_g_ratio_low, A_g_ratio_high: the 95
        percent interval; nan where an A_g is withheld, and for the first.

    Raises
    ------
    ValueError
        With fewer than two sets, for one of several grid points, or in another unit.

    Examples
    --------
    D = 5 omega^4 up to 1, and the same modes at half the frequencies: A_g is larger by 2^5

    >>> import numpy as np, qle
    >>> from qle.statistics import compare_ensembles
    >>> omega = np.random.default_rng(0).random((100, 200)) ** 0.2
    >>> two = {name: qle.spectra(a * omega, 200) for name, a in (("stiff", 1.0), ("soft", 0.5))}
    >>> compare_ensembles(two).A_g_ratio.round(6).tolist()
    [nan, 32.0]
    """
    if not isinstance(datasets, Mapping) or len(datasets) < 2:
        raise ValueError(f"datasets = {shown(datasets)}: must be a mapping with two sets at least")
    rows: list[dict[str, Any]] = []
    first, attributes = next(iter(datasets)), {}
    for name, dataset in datasets.items():
        frame = table(labelled(f"datasets[{name!r}]", dataset), resamples=resamples)
        if len(frame) != 1:
            raise ValueError(f"{name}: has {len(frame)} grid points, must have one; select it")
        if unit_of(dataset) != unit_of(datasets[first]):
            raise ValueError(f"{name}: has frequencies in {unit_of(dataset).name}, must be as in {first}")
        row = {"ensemble": name, **frame.iloc[0].drop(labels="ensemble", errors="ignore").to_dict()}
        rows.append(row | _ratio(row, rows[0] if rows else None))
        attributes = frame.attrs
    result = pd.DataFrame(rows)
    result.attrs.update(attributes)
    return result


def _ratio(row: dict[str, Any], first: dict[str, Any] | None) -> dict[str, float]:
    if first is None:
        return dict.fromkeys((RATIO, f"{RATIO}_low", f"{RATIO}_high"), math.nan)
    ratio = row["A_g"] / first["A_g"]
    half = math.hypot(*(0.5 * math.log(one["A_g_high"] / one["A_g_low"]) for one in (row, first)))
    return {RATIO: ratio, f"{RATIO}_low": ratio * math.exp(-half), f"{RATIO}_high": ratio * math.exp(half)}
