"""A sweep's dataset as a list of grid points, and lists of per-point results as a dataset again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from arguments import shown
from qle.description.units import REDUCED, FrequencyUnit
from qle.store.labels import NOT_ASKED

REQUIRED = ("status", "frequency")

COUNTS = {
    "n_samples": "samples that enter: at a minimum",
    "n_missing": "samples that were asked for and are not there: not computed yet, or lost",
    "n_unconverged": "samples whose minimisation did not converge",
    "n_excluded": "samples left out: converged, but at a saddle",
}
"""What samples are counted as; together all that were asked for."""

POWERS = {"A_g": -5, "A_at_cut": -5, "D": -1, "scale": 1}
"""Of a frequency, that numbers with a unit have; those that begin with omega have the first."""


@dataclass(frozen=True)
class Point:
    """The usable modes of one grid point.

    Attributes
    ----------
    labels : dict
        Value of every grid dimension here, e.g. ``{"h": 0.01, "J": 0.1, "kappa_0": 1.0}``.
    N : int
        Modes per sample in all: one for each oscillator, or those of particles that are vibrations.
    frequency : (S, k) array
        The lowest frequencies of each of the S samples that count, ascending along k; inf where there is no
        further one below omega_complete.
    omega_complete : float
        Frequency below which no mode of any sample is missing: what the data set says, or the least over
        samples of the highest stored frequency; inf if all N modes are stored, nan without any sample.
    included : (samples,) array of bool
        Which samples of the dataset, in its order, the S rows are.
    counts : dict of str to int
        Samples by what they are, with the names of `COUNTS`.
    """

    labels: dict[str, Any]
    N: int
    frequency: npt.NDArray[np.float64]
    omega_complete: float
    included: npt.NDArray[np.bool_]
    counts: dict[str, int]

    @property
    def n_samples(self) -> int:
        """Samples that count."""
        return self.counts["n_samples"]


def points(dataset: xr.Dataset) -> Iterator[Point]:
    """Yield the grid points of `dataset`, the last grid dimension running fastest.

    A sample counts if its status is "converged" and its lowest frequency is positive (a certified or measured
    unstable direction is no minimum). Samples are put in the order of their `sample` coordinate.

    Raises
    ------
    ValueError
        If a variable, a dimension, N or the meaning "converged" of the status is missing.
    """
    dims = grid_dims(dataset)
    if "sample" in dataset.coords:
        dataset = dataset.sortby("sample")
    flags = _flags(dataset["status"])
    status = dataset["status"].transpose(*dims, "sample").values
    frequency = dataset["frequency"].transpose(*dims, "sample", "mode").values
    sizes = _over_grid(dataset, "vibrations" if "vibrations" in dataset.coords else "N", dims)
    told = _over_grid(dataset, "complete_below", dims) if "complete_below" in dataset.coords else None
    if told is not None:
        frequency = np.where(np.isnan(frequency), np.inf, frequency)
    for index in np.ndindex(*status.shape[:-1]):
        included = (status[index] == flags["converged"]) & (frequency[index][:, 0] > 0)
        modes, N = frequency[index][included], int(sizes[index])
        if told is None:
            modes = modes[:, np.isfinite(modes).all(axis=0)]
        complete = _complete(modes, N) if told is None else float(told[index])
        labels = {dim: dataset[dim].values[i].item() for dim, i in zip(dims, index, strict=True)}
        yield Point(labels, N, modes, complete, included, _counts(status[index], included, flags))


def _over_grid(dataset: xr.Dataset, name: str, dims: tuple[str, ...]) -> npt.NDArray[Any]:
    """Return a coordinate at every grid point."""
    shape = dataset["status"].isel(sample=0, drop=True)
    return np.asarray(dataset[name].broadcast_like(shape).transpose(*dims).values)


def _complete(modes: npt.NDArray[np.float64], N: int) -> float:
    if len(modes) == 0:
        return float("nan")
    return float("inf") if modes.shape[1] == N else float(modes[:, -1].min())


def labelled(name: str, value: object) -> xr.Dataset:
    """Return a data set; raise ValueError for anything else."""
    if not isinstance(value, xr.Dataset):
        raise ValueError(f"{name} = {shown(value)}: must be an xarray.Dataset")
    return value


def lacking(dataset: xr.Dataset, names: Sequence[str]) -> ValueError:
    """Return the error for a data set without what a statistic needs."""
    own = "complete_below" in dataset.coords
    rest = "frequencies alone do not tell them" if own else "give the dataset that qle.open returns"
    return ValueError(f"dataset: lacks {', '.join(names)}; {rest}")


def grid_dims(dataset: xr.Dataset) -> tuple[str, ...]:
    """Return the names of the swept parameters: the dimensions of `status` other than `sample`, in order.

    Raises
    ------
    ValueError
        If `dataset` is none, or lacks what the statistics need; the message names it.
    """
    labelled("dataset", dataset)
    missing = [name for name in REQUIRED if name not in dataset.data_vars]
    missing += [name for name in ("sample", "mode") if name not in dataset.dims]
    missing += [name for name in ("N",) if name not in dataset.coords]
    if missing:
        raise lacking(dataset, missing)
    return tuple(str(dim) for dim in dataset["status"].dims if dim != "sample")


def assemble(
    dataset: xr.Dataset,
    rows: Sequence[Mapping[str, Any]],
    describe: Mapping[str, tuple[str, tuple[str, ...]]],
    coords: Mapping[str, Any],
) -> xr.Dataset:
    """Return per-point results as one dataset on the grid of `dataset`.

    Parameters
    ----------
    rows : sequence of dict, one per grid point in the order of `points`
        Values by variable name: scalars, or arrays along the further dimensions named in `describe`.
    describe : dict
        For each variable its `long_name` and its dimensions after the grid's.
    coords : dict
        Coordinates along the further dimensions.

    Returns
    -------
    xarray.Dataset
        With the grid's coordinates and the attributes of `dataset` carried over.
    """
    dims = grid_dims(dataset)
    shape = tuple(dataset.sizes[dim] for dim in dims)
    kept = {k: c for k, c in dataset.coords.items() if not {"sample", "mode"} & set(c.dims)}
    variables, unit = {}, unit_of(dataset)
    for name, (long_name, extra) in describe.items():
        values = np.stack([np.asarray(row[name]) for row in rows])
        attrs = {"long_name": long_name, "units": unit.power(power_of(name))}
        variables[name] = (dims + extra, values.reshape(shape + values.shape[1:]), attrs)
    return xr.Dataset(variables, coords={**kept, **coords}, attrs=dict(dataset.attrs))


def unit_of(dataset: xr.Dataset) -> FrequencyUnit:
    """Return the unit of the frequencies of a data set."""
    return FrequencyUnit(dataset["frequency"].attrs.get("units", REDUCED))


def power_of(name: str) -> int:
    """Return the power of a frequency that a number of the statistics goes with, 0 for a pure number."""
    stem = name
    for end in ("_low", "_high", "_error", "_resampled"):
        stem = stem.removesuffix(end)
    return 1 if stem.startswith("omega") else POWERS.get(stem, 0)


def converged(dataset: xr.Dataset) -> xr.DataArray:
    """Return which samples converged, over the grid and `sample`."""
    return dataset["status"] == _flags(dataset["status"])["converged"]


def _flags(status: xr.DataArray) -> dict[str, int]:
    """Return the value of each meaning of the status."""
    meanings = str(status.attrs.get("flag_meanings", "")).split()
    if "converged" not in meanings:
        raise ValueError(f'status: flag_meanings = "{" ".join(meanings)}" has no "converged"')
    return dict(zip(meanings, np.ravel(status.attrs["flag_values"]).tolist(), strict=True))


def _counts(
    status: npt.NDArray[Any], included: npt.NDArray[np.bool_], flags: Mapping[str, int]
) -> dict[str, int]:
    """Return how many samples of a point are what, with the names of `COUNTS`."""
    number = {meaning: int((status == flag).sum()) for meaning, flag in flags.items()}
    samples, missing = int(included.sum()), number.get("missing", 0)
    excluded = number["converged"] + number.get("saddle", 0) - samples
    others = status.size - samples - missing - excluded - number.get(NOT_ASKED, 0)
    return dict(zip(COUNTS, (samples, missing, others, excluded), strict=True))
