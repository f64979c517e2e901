"""Merging of batch files: a grid point stays quick to open, add to and resume however many samples it has.

A *group* is FAN consecutive blocks of a point, or FAN consecutive groups. Once all samples of a group are
there, its files are merged into one, <start>-<stop>.npz with all its samples: a point of B blocks has about
FAN log(B) files, for two or three times the writing. The merged file is written first, as every batch is, and
the files that it repeats are removed when it is safe on the disk: at every instant each sample is in one file
at least, and what a kill leaves behind is repetition, which readers count once and the next merge removes.
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from qle.description.identity import Identity
from qle.description.models import pace
from qle.store.batches import Batch, Span, StoreError, kind_of, point_folder, read_batch, spans, write_batch
from qle.store.blocks import batch_size, claim, gaps, samples_per_second

FAN = 64
"""How many files are merged into one."""

LARGEST = 64 * 2**20
"""Bytes of the largest file that merging makes."""

DEAREST = FAN**2
"""Seconds of one processor, about, that the samples of a merged file took: a damaged one costs no more."""


def compact(store: Path, point: Identity, sample: int | None = None) -> None:
    """Merge the files of the complete groups of a point; with `sample`, only of those around that sample.

    A store that cannot be written stays as it is, and so do files that are damaged, gone or held by others.
    """
    N = pace(point)
    size = batch_size(N) * FAN
    while size <= DEAREST * samples_per_second(N):
        found = spans(point_folder(store, point))
        groups = defaultdict(list)
        for span in found:
            if span.stop <= (span.start // size + 1) * size:
                groups[span.start // size].append(span)
        chosen = groups if sample is None else {sample // size}
        for number in chosen:
            with suppress(StoreError, OSError):
                _merge(store, point, number * size, (number + 1) * size, groups[number])
        if max((span.stop for span in found), default=0) < size * FAN:
            return
        size *= FAN


def _merge(store: Path, point: Identity, start: int, stop: int, files: Sequence[Span]) -> None:
    """Leave of the files inside a group, by their start, the one that holds all of it, made if need be."""
    if len(files) < 2 or gaps(start, stop, [(span.start, span.stop) for span in files]):
        return
    if sum(span.path.lstat().st_size for span in files) > LARGEST:
        return
    whole = [span for span in files if (span.start, span.stop) == (start, stop)]
    with claim(store, point, start // batch_size(pace(point))) as held:
        if not held:
            return
        if whole:
            read_batch(whole[0])
        else:
            batch = _joined([read_batch(span) for span in files])
            write_batch(store, *batch)
        for span in files:
            if span not in whole and kind_of(span.path) == "a file":
                span.path.unlink(missing_ok=True)


def _joined(batches: Sequence[Batch]) -> Batch:
    """Return batches of one point, sorted by their start and without a gap, as one, each sample once."""
    end, parts = batches[0].identity["start"], []
    for identity, arrays in batches:
        parts.append({name: array[max(0, end - identity["start"]) :] for name, array in arrays.items()})
        end = max(end, identity["stop"])
    arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Batch({**batches[0].identity, "stop": end}, arrays)
