"""Lists of frequencies, one for each sample."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, integers

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class Listed(NamedTuple):
    """Frequencies one after the other, the list of one sample after that of another.

    Attributes
    ----------
    values : (n,) array
    starts : (S + 1,) array
        Where each list begins, and n.
    labels : (S,) array
        Number of each sample.
    where : callable
        where(i) is what a message calls the i-th frequency.
    """

    values: Array
    starts: Index
    labels: Index
    where: Callable[[int], str]


def listed_by_label(values: Array, labels: Index, where: Callable[[int], str]) -> Listed:
    """Return frequencies (n,) beside the numbers of their samples; a list ends where the number changes."""
    starts = np.concatenate([[0], 1 + np.flatnonzero(np.diff(labels)), [values.size]])
    return Listed(values, starts, labels[starts[:-1]], where)


def listed(frequencies: ArrayLike, sample: ArrayLike | None) -> Listed:
    """Return frequencies as `qle.spectra` takes them; raise ValueError for other things."""
    if isinstance(frequencies, list | tuple) and any(map(_is_list, frequencies)):
        return _of_lists(frequencies, sample)
    values = array("frequencies", frequencies, ("n",), ("S", "k"))
    if values.ndim == 2:
        return _of_lists(list(values), sample)
    labels = np.zeros(values.size, np.int64)
    if sample is not None:
        labels = integers("sample", sample, values.shape)
    return listed_by_label(values, labels, lambda i: f"frequencies[{i}]")


def _is_list(part: object) -> bool:
    return bool(getattr(part, "ndim", hasattr(part, "__len__") and not isinstance(part, str | bytes)))


def _of_lists(parts: Sequence[Any], sample: ArrayLike | None) -> Listed:
    lists = [array(f"frequencies[{s}]", part) for s, part in enumerate(parts)]
    for s, one in enumerate(lists):
        if one.ndim != 1:
            raise ValueError(f"frequencies[{s}] has shape {one.shape}: must be (k,), those of one sample")
    starts = np.concatenate([[0], np.cumsum([one.size for one in lists])]).astype(np.int64)
    labels = np.arange(len(lists)) if sample is None else integers("sample", sample)
    if labels.shape != (len(lists),):
        raise ValueError(
            f"sample has shape {labels.shape}: must be ({len(lists)},), as frequencies has lists"
        )

    def where(i: int) -> str:
        s = int(np.searchsorted(starts, i, side="right")) - 1
        return f"frequencies[{s}, {i - starts[s]}]"

    return Listed(np.concatenate(lists), starts, labels, where)


def _check_labels(given: Listed) -> None:
    """Raise ValueError for a sample with two lists: two sets in one file, perhaps, both numbered from 0."""
    order = np.argsort(given.labels, kind="stable")
    again = order[1:][np.diff(given.labels[order]) == 0]
    if again.size:
        s = int(again.min())
        raise ValueError(
            f"{given.where(int(given.starts[s]))}: sample = {given.labels[s]}: comes again after sample "
            f"{given.labels[s - 1]}; the frequencies of a sample must be in one piece"
        )


def in_rows(given: Listed) -> Index:
    """Return the places of the frequencies of each sample, (S, k), those near 0 first; -1 for no more.

    Raises
    ------
    ValueError
        There are no frequencies, or two lists of one sample.
    """
    _check_labels(given)
    lengths = np.diff(given.starts)
    if not lengths.any():
        raise ValueError("frequencies: there are none")
    sample = np.repeat(np.arange(lengths.size), lengths)
    order = np.lexsort((np.abs(given.values), sample))
    rows = np.full((lengths.size, int(lengths.max())), -1)
    rows[np.arange(rows.shape[1]) < lengths[:, np.newaxis]] = order
    return rows
