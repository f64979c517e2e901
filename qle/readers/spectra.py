"""Frequencies computed elsewhere as the labelled data set that `qle.open` gives."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arguments import count, real, shown
from qle.description.units import FrequencyUnit, frequency_unit
from qle.readers.lists import Array, Index, Listed, in_rows, listed
from qle.store.labels import LABELS

if TYPE_CHECKING:
    import xarray as xr

GAP = 1e-2  # zero modes, where there are any, are so far below the next mode at least
NEVER = 1e-5  # a mode so far below the next one is a zero mode that nobody announced
HINT = (
    "; say how many zero modes (translations) there are, zero_modes (--zero-modes), and leave out samples "
    "with an unstable direction, which are at no minimum"
)
LONG_NAMES = {
    "N": "number of particles",
    "dimension": "coordinates of each particle",
    "vibrations": "modes of a sample in all, over which D is normalised: N dimension less the zero modes",
    "complete_below": "frequency below which no mode is missing",
}


def spectra(
    frequencies: ArrayLike,
    N: int,
    *,
    dimension: int = 1,
    sample: ArrayLike | None = None,
    samples: int | None = None,
    zero_modes: int = 0,
    complete: float | None = None,
    units: str = "1",
    name: str = "modes",
) -> "xr.Dataset":
    """Return frequencies of your own as the data set that the statistics and figures take.

    Parameters
    ----------
    frequencies : (S, k) array, sequence of S arrays, or (n,) array
        The lowest frequencies omega > 0 of each of S samples, in any order; each sample has as many as it
        has. One array is of one sample, unless `sample` says which its frequencies are of.
    N : int
        Particles, or oscillators, of a sample.
    dimension : int
        Coordinates of each: a sample has N dimension modes.
    sample : (S,) or (n,) array of int, optional
        Numbers of the samples, >= 0; 0, 1, ... by default. Of an (n,) array those of the frequencies, each
        sample's in one piece: the same number coming again is a mistake.
    samples : int, optional
        How many there are, with those that have no mode below `complete`; needs `complete`.
    zero_modes : int
        Modes of a sample that are no vibrations: `dimension` translations in a periodic box. In the lists of
        all samples, where they are below 1/100 of the next mode and of either sign, or already left out of
        all. D is normalised over the other N dimension - zero_modes.
    complete : float, optional
        The frequency below which no mode of any sample is missing. By default the least of the highest
        frequencies that samples have, since each has its lowest; inf where all have all.
    units : str
        Of the frequencies; one of `qle.description.units.RADIANS`. Kept and shown, nothing is converted.
    name : str
        Of the set: the coordinate `ensemble`.

    Returns
    -------
    xarray.Dataset
        Dimensions ensemble (of length 1), sample, mode; variables status (all "converged") and frequency
        (ascending, nan where a sample has no more); coordinates N, dimension, vibrations and
        complete_below. What needs more than frequencies, as energies, refuses it.

    Raises
    ------
    ValueError
        With name, place, value and rule, for a frequency that is not > 0, more modes than there can be, a
        number of a sample that comes again, zero modes in some samples alone or unannounced, an unknown unit.

    Examples
    --------
    Two samples with their two lowest modes each; no mode below 0.5 is missing:

    >>> import qle
    >>> data = qle.spectra([[0.5, 0.3], [0.2, 0.6]], 100)
    >>> data.frequency.values.squeeze(), float(data.complete_below)
    (array([[0.3, 0.5],
           [0.2, 0.6]]), 0.5)
    """
    unit = frequency_unit(units)
    return labelled_set(
        listed(frequencies, sample), N, dimension=dimension, samples=samples, zero_modes=zero_modes,
        complete=complete, unit=unit, name=name,
    )  # fmt: skip


def labelled_set(
    given: Listed,
    N: int,
    *,
    dimension: int,
    samples: int | None,
    zero_modes: int,
    complete: float | None,
    unit: FrequencyUnit,
    name: str,
) -> "xr.Dataset":
    """Return the data set of frequencies in lists, as `spectra`."""
    if samples is not None and complete is None:
        raise ValueError(
            f"samples = {shown(samples)}: needs complete (--complete), below which samples may have no mode"
        )
    N, dimension = count("N", N), count("dimension", dimension)
    zero_modes = count("zero_modes", zero_modes, least=0, most=N * dimension - 1)
    vibrations = N * dimension - zero_modes
    end = np.inf if complete is None else real("complete", complete, above=0.0)
    rows = in_rows(given)
    values = np.where(rows < 0, np.nan, given.values[rows])
    if _in_lists(values, given.labels, zero_modes, end):
        values, rows = values[:, zero_modes:], rows[:, zero_modes:]
    _check_modes(values, rows, given, vibrations)
    labels = given.labels
    if complete is not None:
        labels = _with_empty(labels, samples)
        values = np.pad(values, ((0, labels.size - len(values)), (0, 0)), constant_values=np.nan)
    below = end if complete is not None else _complete(values, labels, vibrations)
    sizes = {"N": N, "dimension": dimension, "vibrations": vibrations, "complete_below": below}
    return _assembled(values, labels, sizes, unit, name)


def _in_lists(values: Array, labels: Index, zero_modes: int, end: float) -> bool:
    """Return whether so many zero modes are in the lists; raise ValueError if they are in some."""
    if zero_modes == 0:
        return False
    size = np.abs(np.pad(values, ((0, 0), (0, zero_modes + 1)), constant_values=np.nan))
    there = np.isfinite(size[:, zero_modes - 1])
    found = there & (
        size[:, zero_modes - 1] < GAP * np.where(np.isnan(size[:, zero_modes]), end, size[:, zero_modes])
    )
    without = ~found & np.isfinite(size[:, 0])
    if found.any() and without.any():
        s, other = int(np.argmax(without)), int(np.argmax(found))
        raise ValueError(
            f"zero_modes = {zero_modes}: sample {labels[s]} has not so many below {GAP:g} of its next mode, "
            f"but sample {labels[other]} has; must be in the lists of all samples, or of none"
        )
    return bool(found.any())


def _check_modes(values: Array, rows: Index, given: Listed, vibrations: int) -> None:
    """Raise ValueError for a frequency that is not > 0, one much below the next, and too many modes."""
    wrong = values <= 0.0
    if wrong.any():
        i = int(rows[wrong].min())
        raise ValueError(f"{given.where(i)} = {given.values[i]:g}: must be > 0{HINT}")
    lone = values[:, :-1] < NEVER * values[:, 1:]
    if lone.any():
        i = int(rows[:, :-1][lone].min())
        raise ValueError(
            f"{given.where(i)} = {given.values[i]:g}: is less than {NEVER:g} of the next one{HINT}"
        )
    counts = np.isfinite(values).sum(axis=1)
    if counts.max(initial=0) == 0:
        raise ValueError("frequencies: there are none but zero modes")
    if counts.max() > vibrations:
        s = int(np.argmax(counts))
        raise ValueError(
            f"{given.where(int(rows[s, vibrations]))}: sample {given.labels[s]} has {counts[s]} modes, "
            f"more than N dimension - zero_modes = {vibrations}"
        )


def _with_empty(labels: Index, samples: int | None) -> Index:
    """Return the numbers of all samples, those without a mode at the end.

    Raises
    ------
    ValueError
        Nobody says how many there are, and numbers are left out: of samples that failed, or have no mode.
    """
    unused = np.setdiff1d(np.arange(labels.min(), labels.max()), labels)
    if samples is None:
        if unused.size and labels.min() < 2:
            raise ValueError(
                f"samples: must be given with complete, as there is no sample {unused[-1]} below "
                f"{labels.max()}: how many are there, with those that have no mode below complete?"
            )
        return labels
    more = count("samples", samples, least=labels.size) - labels.size
    return np.concatenate([labels, np.setdiff1d(np.arange(samples), labels)[:more]])


def _complete(values: Array, labels: Index, vibrations: int) -> float:
    """Return the frequency below which no mode is missing if each sample has its lowest."""
    counts = np.isfinite(values).sum(axis=1)
    if not counts.all():
        s = int(np.argmin(counts))
        raise ValueError(f"sample {labels[s]}: has no mode; give complete, below which all are there")
    last = values[np.arange(counts.size), counts - 1]
    return float(last[counts < vibrations].min(initial=np.inf))


def _assembled(
    values: Array, labels: Index, sizes: dict[str, Any], unit: FrequencyUnit, name: str
) -> "xr.Dataset":
    import xarray as xr

    order = np.argsort(labels)
    status = {
        "long_name": LABELS["status"],
        "units": "1",
        "flag_values": np.array([0], np.int8),
        "flag_meanings": "converged",
    }
    frequency = {"long_name": "frequency, ascending", "units": unit.name}
    return xr.Dataset(
        {
            "status": (("ensemble", "sample"), np.zeros((1, labels.size), np.int8), status),
            "frequency": (("ensemble", "sample", "mode"), values[np.newaxis, order], frequency),
        },
        coordinates_of(name, labels[order], values.shape[1], sizes, unit),
        {"model": "own frequencies", "missing_values": "nan: the sample has no further frequency"},
    )


def coordinates_of(
    name: str, labels: Index, modes: int, sizes: dict[str, Any], unit: FrequencyUnit
) -> dict[str, Any]:
    """Return the coordinates of a set of samples by name; `sizes` has those of `LONG_NAMES`."""
    found: dict[str, Any] = {
        "ensemble": ("ensemble", [name], {"long_name": "set of samples"}),
        "sample": ("sample", labels, {"long_name": LABELS["sample"], "units": "1"}),
        "mode": ("mode", np.arange(modes), {"long_name": LABELS["mode"], "units": "1"}),
    }
    for key, long_name in LONG_NAMES.items():
        units = unit.name if key == "complete_below" else "1"
        found[key] = ((), sizes[key], {"long_name": long_name, "units": units})
    return found
