"""Means over samples with intervals: displacement, energy."""

from typing import Any

import numpy as np
import xarray as xr

from qle.statistics.intervals import mean_interval
from qle.statistics.points import assemble, grid_dims, labelled, lacking, points

_DESCRIBE = {
    "x_rms": ("root mean square displacement, sqrt(<x_i^2>)", ()),
    "x_rms_low": ("lower end of its 95 percent interval", ()),
    "x_rms_high": ("upper end of its 95 percent interval", ()),
    "energy": ("energy per oscillator", ()),
    "energy_low": ("lower end of its 95 percent interval", ()),
    "energy_high": ("upper end of its 95 percent interval", ()),
    "n_samples": ("samples that entered", ()),
}


def moments(dataset: xr.Dataset) -> xr.Dataset:
    """Return the root mean square displacement and the energy of every grid point, with intervals.

    ``x_rms = sqrt(mean of <x_i^2>)`` and ``energy = mean of H/N`` over converged samples; 95 percent
    intervals by Student's t over samples (of the mean square, for x_rms).

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns, with its variables mean_x2 and energy.

    Returns
    -------
    xarray.Dataset
        Over the grid: x_rms and energy, each with `_low` and `_high`; n_samples.

    Raises
    ------
    ValueError
        If a variable is missing.

    Examples
    --------
    Nearly independent oscillators of stiffness 1 in a field of 0.1: x = h/kappa and H/N = -h^2/(2 kappa)

    >>> import qle
    >>> from qle.statistics import moments
    >>> grid = {"N": [20, 40], "J": 0.1, "h": 0.1, "kappa_min": 1.0}
    >>> data = qle.sweep({"model": "khgps", "samples": 20, "grid": grid}, store="pair", progress="none")
    >>> found = moments(data).squeeze()
    >>> found.x_rms.values.round(2), found.energy.values.round(3)
    (array([0.1, 0.1]), array([-0.005, -0.005]))
    """
    missing = [name for name in ("mean_x2", "energy") if name not in labelled("dataset", dataset)]
    if missing:
        raise lacking(dataset, missing)
    ordered = dataset.sortby("sample").transpose(*grid_dims(dataset), "sample", ...)
    shape = (-1, dataset.sizes["sample"])
    squares, energies = (ordered[name].values.reshape(shape) for name in ("mean_x2", "energy"))
    rows = []
    for point, x2, energy in zip(points(dataset), squares, energies, strict=True):
        rows.append(_row(x2[point.included], energy[point.included]))
    return assemble(dataset, rows, _DESCRIBE, {})


def _row(x2: np.ndarray, energy: np.ndarray) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(_DESCRIBE, np.nan) | {"n_samples": x2.size}
    if x2.size:
        row["x_rms"], row["energy"] = np.sqrt(x2.mean()), energy.mean()
        row["x_rms_low"], row["x_rms_high"] = (np.sqrt(np.clip(end, 0.0, None)) for end in mean_interval(x2))
        row["energy_low"], row["energy_high"] = mean_interval(energy)
    return row
