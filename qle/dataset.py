"""The store as one labelled data set."""

import importlib.metadata
import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import quartic
from qle.description.grid import Grid, SpecError, corners, distinct, name_of
from qle.description.identity import Identity
from qle.description.measure import Measure
from qle.description.models import described
from qle.description.spec import Spec
from qle.machine import MemoryShortage, memory
from qle.measurements.record import Measurement
from qle.measurements.table import asked
from qle.store.batches import Batch, StoreError, StoreWarning, examine, point_folder, spans
from qle.store.inventory import choose_series
from qle.store.known_points import points_in
from qle.store.labels import LABELS, NOT_ASKED
from qle.store.layout import MODE_VARIABLES, SAMPLE_VARIABLES
from qle.store.unfinished import unfinished_sweeps

if TYPE_CHECKING:  # imported where it is used: the workers of a sweep do without
    import xarray as xr

UNUSED, MISSING = -2, -1
"""Status of a sample that nobody asked for, and of one that was asked for and is not in the store; the others
are the index into `quartic.STATUSES`."""

ALWAYS_DIMS = ("h", "J", "kappa_0")
"""Parameters that are a dimension of every data set that has them, also with one value.

The others are one with several; where there would be none, N is."""

UNITS = "dimensionless throughout; frequencies are omega = sqrt(lambda), lambda an eigenvalue of the Hessian"

End = tuple[Identity, int]
"""Parameters of a point, and the number of the first sample that nobody asked for."""

MISSING_VALUES = "nan: the sample is not there, or ended where this is not measured; its status tells which"


def open_store(store: str | PathLike[str], *, series: str | None = None) -> "xr.Dataset":
    """Return everything in a store as one data set, each sample once, with what its sweeps still lack.

    A sample that is not there is missing if an unfinished sweep asks for it, a later one of its point is
    there, or nothing of its point is; else it is unused, as nobody asked for it. A sweep with a target asks
    for no certain number.

    Parameters
    ----------
    store : path
    series : str, optional
        Which series, by the first digits of its digest; needed if the store has several (see `qle.info`).

    Returns
    -------
    xarray.Dataset
        Dimensions h, J, kappa_0, then every other parameter with several values, then sample, then mode;
        parameters with one value are scalar coordinates. Variables by sample: ``status`` (int8: -2 unused, -1
        missing, 0 converged, 1 saddle, 2 max_products, 3 stalled), ``energy`` (per oscillator), ``mean_x``,
        ``mean_x2``, ``gradient_norm``, ``force_scale``, ``products``, and ``chi`` where it was measured; by
        sample and mode: ``frequency`` (ascending), ``participation_ratio``, ``mode_residual``; where it was
        measured, what the records of `qle.measurements` list. What is not there is nan. Where only modes
        below a frequency were kept (`Measure`), the coordinate ``complete_below`` is that, or the least of
        the last modes where a sample has more than were asked for. The attributes record the protocol.

    Raises
    ------
    StoreError
        There is no such store, it is empty, it has several series and `series` does not say which, or all of
        it does not fit into the memory.

    Warns
    -----
    StoreWarning
        A batch is damaged; the message names the file, and its samples are missing. Or a sweep of the series
        is on its way, or was interrupted.

    Examples
    --------
    >>> import qle
    >>> grid = {"N": [20, 40], "J": 0.1, "h": 0.1, "kappa_min": 1.0}
    >>> swept = qle.sweep({"model": "khgps", "samples": 20, "grid": grid}, store="pair", progress="none")
    >>> data = qle.open("pair")
    >>> dict(data.sizes)["sample"], bool((data.frequency**2 > 0.7).all())  # from 1 - 2 J on
    (20, True)
    """
    chosen = choose_series(Path(store), series)
    due, (batches, ends) = _due(chosen.folder), _there(chosen.point_folders)
    if not batches:  # they were a moment ago
        raise StoreError(chosen.folder, "its batches are gone")
    parameters = [point for point, _ in (*due, *ends)]
    common = set.intersection(*(set(point) for point in parameters))
    names = described(chosen.identity["model"]).names(common)
    if len({tuple(type(point[name]) for name in names) for point in parameters}) > 1:
        raise StoreError(chosen.folder, "its points have parameters of different types")
    grid = {name: distinct(point[name] for point in parameters) for name in names}
    samples = max([batch.identity["stop"] for batch in batches] + [end for _, end in due])
    try:
        check_memory(chosen.identity, grid, samples)
    except MemoryShortage as error:
        raise StoreError(chosen.folder, str(error)) from None
    return _assemble(chosen.identity, grid, samples, batches, [*due, *ends])


def read_sweep(store: Path, spec: Spec) -> "xr.Dataset":
    """Return exactly the points and samples of a sweep, as `open_store` does; some may be missing."""
    folders = (point_folder(store, point) for point in points_in(store, spec))
    return _assemble(spec.series, spec.grid, spec.samples, _batches(folders, spec.samples))


def _due(folder: Path) -> list[End]:
    """Return the points of the unfinished sweeps of a series, and how many samples they ask for."""
    found: list[End] = []
    for sweep in unfinished_sweeps(folder):
        warnings.warn(str(sweep), StoreWarning, stacklevel=3)
        if not isinstance(sweep, StoreError) and sweep.spec.target is None:
            found += [(parameters, sweep.spec.samples) for parameters in sweep.spec.points()]
    return found


def _there(folders: Iterable[Path]) -> tuple[list[Batch], list[End]]:
    """Return the batches of a series, and where each point ends by the names of its files."""
    batches: list[Batch] = []
    ends: list[End] = []
    for folder in folders:
        if found := list(_batches([folder])):
            stops = [batch.identity["stop"] for batch in found] + [span.stop for span in spans(folder)]
            ends.append((found[0].identity["parameters"], max(stops)))
            batches += found
    return batches, ends


def _batches(folders: Iterable[Path], samples: int | None = None) -> Iterator[Batch]:
    for folder in folders:
        for _, found in examine(folder, 0, samples):
            if isinstance(found, StoreError):
                warnings.warn(f"{found}; its samples count as missing", StoreWarning, stacklevel=4)
            else:
                yield found


def _assemble(
    series: Identity, grid: Grid, samples: int, batches: Iterable[Batch], ends: Iterable[End] = ()
) -> "xr.Dataset":
    import xarray as xr

    dims = [name for name in ALWAYS_DIMS if name in grid]
    dims += [name for name, values in grid.items() if len(values) > 1 and name not in dims]
    dims = dims or ["N"]
    extent, sizes = _sizes(series, grid, dims)
    last, lengths = _last_axes(series, grid)
    axes, labels = {name: grid[name] for name in dims}, _labelling(series)
    arrays = _fill(series, axes, samples, {name: lengths[dim] for name, dim in last.items()}, batches)
    _leave_unused(arrays["status"], axes, ends)
    variables = {
        name: ((*dims, "sample", *([last[name]] if name in last else [])), array, labels(name))
        for name, array in arrays.items()
    }
    variables["status"][2].update(
        flag_values=np.array([UNUSED, MISSING, *range(len(quartic.STATUSES))], np.int8),
        flag_meanings=" ".join([NOT_ASKED, "missing", *quartic.STATUSES]),
    )
    coordinates: dict[str, Any] = {
        name: (name, np.array(values), labels(name)) if name in dims else ((), values[0], labels(name))
        for name, values in grid.items()
    }
    coordinates.setdefault("N", (extent, sizes, labels("N")))
    if (below := Measure(**series["measure"]).complete_below) is not None:
        lowest = np.fmin.reduce(arrays["frequency"][..., -1], axis=-1, initial=below)
        coordinates["complete_below"] = (dims, lowest, labels("complete_below"))
    if described(series["model"]).particles:
        coordinates["vibrations"] = (extent, sizes, labels("vibrations"))
    for name, length in (("sample", samples), *((dim, lengths[dim]) for dim in dict.fromkeys(last.values()))):
        coordinates[name] = (name, np.arange(length), labels(name))
    return xr.Dataset(variables, coordinates, _attributes(series))


def check_memory(series: Identity, grid: Grid, samples: int) -> None:
    """Raise MemoryShortage if the data set of a grid would not fit into the memory."""
    free = memory()
    last, lengths = _last_axes(series, grid)
    points, numbers = math.prod(map(len, grid.values())), len(SAMPLE_VARIABLES)
    numbers += sum(len(one.variables) for one in _records(series) if one.axis is None)
    numbers += sum(lengths[dim] for dim in last.values())
    need = points * samples * (1 + 8 * numbers)
    if free is not None and need > free:
        raise MemoryShortage(
            f"the data set of {points} points with {samples} samples needs {need / 1e9:.3g} GB of memory, "
            f"{free / 1e9:.3g} GB are free"
        )


def check_names(series: Identity, grid: Grid) -> None:
    """Raise SpecError for a parameter of a user's model with the name of something else in the data set."""
    last, _ = _last_axes(series, grid)
    records = {name for one in _records(series) for name in one.variables}
    for name in grid:
        if name != "N" and name in {*LABELS, *records, *last.values()}:
            raise SpecError(f"grid.{name}: is the name of something else in a data set: rename the parameter")


def _records(series: Identity) -> list[Measurement]:
    return asked(Measure(**series["measure"]), described(series["model"]).always)


def _last_axes(series: Identity, grid: Grid) -> tuple[dict[str, str], dict[str, int]]:
    """Return of the variables with an axis after that of samples which, and how long these are at most."""
    model = described(series["model"])
    modes, size = (max(map(number, corners(grid))) for number in (model.oscillators, model.coordinates))
    last, lengths = dict.fromkeys(MODE_VARIABLES, "mode"), {"mode": Measure(**series["measure"]).count(modes)}
    for one in _records(series):
        if one.axis is not None:
            last |= dict.fromkeys(one.variables, one.axis.name)
            lengths[one.axis.name] = one.axis.length(size)
    return last, lengths


def _sizes(series: Identity, grid: Grid, dims: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the dimensions on which the number of oscillators depends, and the number along them."""
    model = described(series["model"])
    extent = [name for name in dims if name in model.extent]
    first = {name: values[0] for name, values in grid.items()}
    shape = [len(grid[name]) for name in extent]
    sizes = np.empty(shape, np.int64)
    for index in np.ndindex(*shape):
        here = {name: grid[name][i] for name, i in zip(extent, index, strict=True)}
        sizes[index] = model.oscillators({**first, **here})
    return extent, sizes


def _fill(
    series: Identity, axes: Grid, samples: int, lengths: dict[str, int], batches: Iterable[Batch]
) -> dict[str, NDArray[Any]]:
    """Return the arrays of all variables, the samples of the batches at their places.

    `lengths` are those of the last axis, for variables that have one after that of samples.
    """
    shape = (*map(len, axes.values()), samples)
    arrays: dict[str, NDArray[Any]] = {"status": np.full(shape, MISSING, np.int8)}
    numbers = [name for one in _records(series) if one.axis is None for name in one.variables]
    arrays |= {name: np.full(shape, np.nan) for name in (*SAMPLE_VARIABLES, *numbers)}
    arrays |= {name: np.full((*shape, length), np.nan) for name, length in lengths.items()}
    place_of = _places(axes)
    for identity, stored in batches:
        point = place_of(identity["parameters"])
        start, stop = identity["start"], min(identity["stop"], samples)
        for name, array in arrays.items():
            new = stored[name][: stop - start]
            place = array[point][start:stop]  # a view
            place[tuple(map(slice, new.shape))] = new
    return arrays


def _leave_unused(status: NDArray[np.int8], axes: Grid, ends: Iterable[End]) -> None:
    """Mark the samples beyond the ends of their points as unused; all of a point without end stay missing."""
    place_of, samples = _places(axes), status.shape[-1]
    last = np.zeros(status.shape[:-1], np.int64)
    for parameters, end in ends:
        point = place_of(parameters)
        last[point] = max(last[point], min(end, samples))
    last[last == 0] = samples
    status[(np.arange(samples) >= last[..., np.newaxis])] = UNUSED


def _places(axes: Grid) -> Callable[[Identity], tuple[int, ...]]:
    """Return what gives the place of a point's parameters along the axes."""
    places = {name: {name_of(value): i for i, value in enumerate(values)} for name, values in axes.items()}
    return lambda parameters: tuple(places[name][name_of(parameters[name])] for name in axes)


def _labelling(series: Identity) -> Callable[[str], dict[str, Any]]:
    """Return what gives the attributes of a variable: its label is here, of the model or of a measurement."""
    labels = {**LABELS, **described(series["model"]).labels}
    for one in _records(series):
        labels |= dict(one.variables)
        if one.axis is not None:
            labels[one.axis.name] = one.axis.label
    return lambda name: {"long_name": labels.get(name, f"parameter {name}"), "units": "1"}


def _attributes(series: Identity) -> dict[str, Any]:
    return {
        "model": series["model"],
        **series["protocol"],
        "seed": series["seed"],
        "modes": series["measure"]["modes"],
        "format_version": series["format"],
        "qle_version": importlib.metadata.version("qle"),
        "units": UNITS,
        "missing_values": MISSING_VALUES,
    }
