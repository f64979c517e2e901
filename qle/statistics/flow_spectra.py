"""The density of states and its tail along gradient descent, from eigenvalues of both signs."""

import math
from collections.abc import Sequence

import numpy as np
import xarray as xr

from qle.statistics.density import vdos
from qle.statistics.tail_law import tail

MOST_SADDLES = 0.5  # share of samples that have eigenvalues below zero where A_g is still given
TAIL = (
    "A_g", "A_g_low", "A_g_high", "exponent", "exponent_error", "exponent_low", "exponent_high", "verdict",
)  # fmt: skip


def vibrations(data: xr.Dataset) -> xr.Dataset:
    """Return omega = lambda^(1/2) of the eigenvalues > 0 as a set of samples for each stop.

    On the way the point is no minimum and some eigenvalues are below zero: they are no vibrations and are not
    there, but D is still per mode of all N, so that it integrates to the share of the others.

    Parameters
    ----------
    data : xarray.Dataset
        As of `qle.solutions.flow_spectra`.
    """
    values = data["eigenvalue"].transpose("stop", "hessian_sample", "mode").values
    omega = np.sort(np.sqrt(np.where(values > 0.0, values, np.nan)), axis=-1)
    meaning = {"flag_values": np.array([0, 1], np.int8), "flag_meanings": "converged unconverged"}
    grid = ("stop", "sample")
    return xr.Dataset(
        {
            "status": (grid, np.isnan(omega[..., 0]).astype(np.int8), meaning),
            "frequency": ((*grid, "mode"), omega),
        },
        {
            "stop": data["stop"].values,
            "sample": np.arange(values.shape[1]),
            "N": data["hessian_N"].item(),
            "complete_below": math.inf,
        },
    )


def along_flow(data: xr.Dataset) -> xr.Dataset:
    """Return what the Hessian is like at each stop: what leads down, and the tail of D.

    Returns
    -------
    xarray.Dataset
        Over stop: ``down``, the share of eigenvalues < 0, ``lowest`` eigenvalue, both with ``_error`` by
        samples (nan of one), ``saddles``, the share of samples that have any < 0; and of
        `qle.statistics.tail` of `vibrations` exponent and A_g, with their intervals, and verdict. Where the
        eigenvalues have a density at zero D ~ omega there. A_g is a number of minima, and nan where most
        samples are at saddles.
    """
    modes = vibrations(data)
    law = tail(modes)
    values = data["eigenvalue"].transpose("stop", "hessian_sample", "mode").values
    rows = [one[np.isfinite(one[:, 0])] for one in values]
    found: dict[str, Sequence[float]] = {"saddles": [_mean(row[:, 0] < 0.0)[0] for row in rows]}
    for name, each in (
        ("down", [np.mean(row < 0.0, axis=1) for row in rows]),
        ("lowest", [row[:, 0] for row in rows]),
    ):
        found[name], found[f"{name}_error"] = zip(*map(_mean, each), strict=True)
    result = xr.Dataset({name: ("stop", list(one)) for name, one in found.items()}, {"stop": data["stop"]})
    result = result.assign({name: law[name] for name in TAIL})
    ends = ("A_g", "A_g_low", "A_g_high")
    return result.assign({name: result[name].where(result["saddles"] <= MOST_SADDLES) for name in ends})


def density(data: xr.Dataset) -> xr.Dataset:
    """Return D(omega) of each stop, as `qle.statistics.vdos`, in five bins a decade."""
    return vdos(vibrations(data), bins_per_decade=5)


def _mean(values: np.ndarray) -> tuple[float, float]:
    if values.size < 2:
        return (float(values.mean()) if values.size else math.nan), math.nan
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(values.size))
