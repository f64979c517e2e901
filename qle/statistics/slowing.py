"""How gradient descent slows down: powers of time with errors by samples, and whether it ages."""

import math

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


def power(values: Array, times: Array) -> tuple[float, float]:
    """Return p of the mean over samples ~ t^p, and its error by samples.

    Parameters
    ----------
    values : (S, n) array
        Of each sample; their means > 0.
    times : (n,) array

    Returns
    -------
    tuple of float
        The slope of ln mean against ln t, all times alike; its error to first order in what samples differ
        by, nan of one.
    """
    mean, centred = values.mean(axis=0), np.log(times) - np.log(times).mean()
    slope = centred / (centred @ centred)
    scatter = (values / mean) @ slope
    error = float(scatter.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return float(np.log(mean) @ slope), error


def octaves(data: xr.Dataset, J: float, N: int) -> xr.Dataset:
    """Return what happens within each doubling of time, by samples of one coupling and size.

    Parameters
    ----------
    data : xarray.Dataset
        As of `qle.solutions.long_flows`.

    Returns
    -------
    xarray.Dataset
        Over sample and time t, each with 2 t among the times: ``fall``, e(t) - e(2 t); ``dissipation`` at t;
        ``parting``, 1 - C(2 t, t)/C(2 t, 2 t).
    """
    one = data.sel(J=J, N=N).transpose("sample", "time", "earlier")
    one = one.isel(sample=np.flatnonzero(np.isfinite(one["energy"].values[:, 0])))
    times = one["time"].values
    first, second = doublings(times)
    energy, C = one["energy"].values, one["C"].values.astype(float)
    found = {
        "fall": energy[:, first] - energy[:, second],
        "dissipation": one["dissipation"].values[:, first],
        "parting": 1.0 - C[:, second, first] / C[:, second, second],
    }
    return xr.Dataset(
        {name: (("sample", "time"), rows) for name, rows in found.items()}, {"time": times[first]}
    )


def local_powers(values: xr.DataArray) -> tuple[Array, Array, Array]:
    """Return geometric means of t and 2 t, the power between them, and its error by samples.

    Of the samples that go on to both times, where the later mean is at least 1e-3 of the earlier one: samples
    that rest are no power of time.
    """
    times, rows = values["time"].values, values.values
    found = []
    for k, later in zip(*doublings(times), strict=True):
        both = rows[:, [k, later]]
        both = both[np.isfinite(both).all(axis=1)]
        if len(both) and both[:, 1].mean() > 1e-3 * both[:, 0].mean() > 0.0:
            found.append((times[k] * 2.0**0.5, *power(both, times[[k, later]])))
    middle, slope, error = np.array(found).reshape(-1, 3).T
    return middle, slope, error


def doublings(times: Array) -> tuple[Index, Index]:
    """Return the numbers of those of ascending times whose doubles are among them, and of these."""
    first, second = np.nonzero(np.isclose(times, 2.0 * times[:, None], rtol=1e-9, atol=0.0))
    return first, second


def mean_and_error(rows: Array) -> tuple[Array, Array]:
    """Return mean and standard error at each time of the samples that go on to it, nan of none and of one."""
    found = []
    for column in rows.T:
        there = column[np.isfinite(column)]
        error = there.std(ddof=1) / math.sqrt(there.size) if there.size > 1 else math.nan
        found.append((there.mean() if there.size else math.nan, error))
    mean, errors = np.array(found).T
    return mean, errors
