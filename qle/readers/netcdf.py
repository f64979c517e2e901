"""NetCDF files: those of `qle export`, and frequencies that others wrote."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from arguments.array_files import MOST_BYTES

if TYPE_CHECKING:
    import xarray as xr

OF_STORES = {"status", "frequency", "N"}
"""What a data set has that `qle export` wrote."""

UNREADABLE = (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError, IndexError)
"""What the libraries raise for damaged files."""


def read_netcdf(path: Path) -> "xr.Dataset":
    """Return what is in a file, in the memory; raise ValueError if it cannot be read or is too large."""
    import xarray as xr

    try:
        with xr.open_dataset(path, decode_times=False) as found:
            large = found.nbytes > MOST_BYTES
            dataset = found if large else found.load()
    except UNREADABLE as error:
        raise ValueError(f"is no NetCDF file that can be read: {' '.join(str(error).split())}") from None
    if large:
        raise ValueError(f"needs more than {MOST_BYTES // 2**30} GiB")
    texts = {name: one.astype(str) for name, one in dataset.coords.items() if one.dtype.kind == "O"}
    return dataset.assign_coords(texts)


def is_exported(dataset: "xr.Dataset") -> bool:
    """Return whether `qle export` wrote it."""
    return set(dataset.variables) >= OF_STORES and {"sample", "mode"} <= set(dataset.dims)


def arrays_in(dataset: "xr.Dataset", frequency: Sequence[str], sample: Sequence[str]) -> dict[str, Any]:
    """Return frequency, and sample and units where they are there, of the variables with one of these names.

    The frequencies are an array, or a list of one for each sample, without nan at its end.
    """
    words = {str(name).casefold(): str(name) for name in dataset.variables}
    name = next((words[word] for word in frequency if word in words), None)
    if name is None:
        raise ValueError(f"has no variable frequency; it has {', '.join(map(str, dataset.variables))}")
    one = dataset[name]
    if one.dtype.kind not in "iuf":
        raise ValueError(f"{name}: must be real numbers, not of type {one.dtype}")
    found: dict[str, Any] = {"units": one.attrs.get("units", "")}
    labels = next((words[word] for word in sample if word in words), None)
    if one.ndim == 1:
        found |= {"frequency": one.values}
        return found if labels is None else found | {"sample": dataset[labels].values}
    by = [dim for dim in one.dims if str(dim).casefold() in sample]
    if one.ndim != 2 or len(by) != 1:
        raise ValueError(
            f"{name}: has dimensions {', '.join(map(str, one.dims))}: must be sample and one other"
        )
    rows = one.transpose(by[0], ...).values
    found["frequency"] = [row[: row.size - int(np.argmin(np.isnan(row[::-1])))] for row in rows]
    return found if labels is None else found | {"sample": dataset[labels].values}
