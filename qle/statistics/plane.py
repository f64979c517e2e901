"""What a map shows of every point of a grid: A_g, exponent, displacement, energy, double wells."""

import numpy as np
import xarray as xr

from qle.statistics.points import COUNTS, grid_dims, points
from qle.statistics.tail_law import tail

OF_TAIL = ("A_g", "A_g_low", "A_g_high", "exponent", "verdict", *COUNTS)
OF_SAMPLES = {"mean_x2": "mean square displacement, <x_i^2>", "energy": "energy per oscillator"}
DOUBLE = "share of cubic modes along which there is a second minimum, b3^2 > (8/3) b2 b4"
TWO_WELLS = 8.0 / 3.0


def plane(dataset: xr.Dataset) -> xr.Dataset:
    """Return the numbers of a map.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.

    Returns
    -------
    xarray.Dataset
        Over the grid: of `tail` A_g with its interval, exponent, verdict and the counts of samples; where the
        data set has them, means over the samples that count of mean_x2 and energy, and double_wells, the
        share of cubic modes with ``b3^2 > (8/3) b2 b4``. nan without a sample.

    Raises
    ------
    ValueError
        As `tail`.

    Examples
    --------
    Nearly independent oscillators of stiffness 1 in a field of 0.1: H/N = -h^2/(2 kappa)

    >>> import qle
    >>> from qle.statistics.plane import plane
    >>> grid = {"N": [20, 40], "J": 0.1, "h": 0.1, "kappa_min": 1.0}
    >>> data = qle.sweep({"model": "khgps", "samples": 20, "grid": grid}, store="pair", progress="none")
    >>> plane(data).energy.values.ravel().round(3)
    array([-0.005, -0.005])
    """
    found = tail(dataset, resamples=2)[list(OF_TAIL)]
    dims = grid_dims(dataset)
    counted = _counted(dataset)
    for name, label in OF_SAMPLES.items():
        if name in dataset:
            found[name] = dataset[name].where(counted).mean("sample").transpose(*dims)
            found[name].attrs = {"long_name": label, "units": "1"}
    if "b2" in dataset:
        there = dataset["b2"].notnull() & counted
        double = (dataset["b3"] ** 2 > TWO_WELLS * dataset["b2"] * dataset["b4"]) & there
        over = [dim for dim in there.dims if dim not in dims]
        found["double_wells"] = (double.sum(over) / there.sum(over)).transpose(*dims)
        found["double_wells"].attrs = {"long_name": DOUBLE, "units": "1"}
    return found


def _counted(dataset: xr.Dataset) -> xr.DataArray:
    """Return which samples count, as `points` has it."""
    dims = grid_dims(dataset)
    ordered = dataset["status"].transpose(*dims, "sample")
    ordered = ordered.sortby("sample") if "sample" in dataset.coords else ordered
    rows = np.array([point.included for point in points(dataset)])
    return ordered.copy(data=rows.reshape(ordered.shape))
