"""Liquids that were not in equilibrium when they were quenched."""

import xarray as xr

from glass.equilibration import faults
from qle.statistics.points import converged

TOLD = ("ageing", "overlap", "order")
"""What a store of glasses has of each liquid."""


def flagged(dataset: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return how many of the samples that converged have each fault of their liquid, over the grid.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns, of a model with liquids; else there is nothing to tell, and the result empty.

    Returns
    -------
    dict of str to xarray.DataArray
        By ``"ageing"``, ``"overlap"``, ``"order"`` (`glass.Equilibration`), and ``"liquids"``: with any.
    """
    if not set(TOLD) <= set(dataset.data_vars):
        return {}
    counts = converged(dataset)
    found = faults(**{name: dataset[name] for name in TOLD})
    any_fault = found["ageing"] | found["overlap"] | found["order"]
    return {name: (there & counts).sum("sample") for name, there in {**found, "liquids": any_fault}.items()}
