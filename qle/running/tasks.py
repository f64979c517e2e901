"""Tasks: the samples of one block that a store lacks, planned, computed and stored."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from qle.description.identity import Identity
from qle.description.models import pace
from qle.measurements.sample import measure_range
from qle.store.batches import (
    StoreDamage,
    StoreError,
    check_folder,
    examine,
    point_folder,
    set_aside,
    spans,
    unfinished,
    write_batch,
)
from qle.store.blocks import Range, batch_size, claim, gaps


@dataclass(frozen=True, eq=False)
class Task:
    """Samples start <= s < stop of one point, all in one block; `missing` is how many were planned for."""

    store: Path
    point: Identity
    start: int
    stop: int
    missing: int

    @property
    def block(self) -> int:
        """Number of the block."""
        return self.start // batch_size(pace(self.point))


class Outcome(NamedTuple):
    """How a task ended: its samples are there (done), or another run holds the block.

    `new` of the samples were computed for it; `damage` says what was wrong with files that were set aside.
    """

    done: bool
    new: int = 0
    damage: tuple[str, ...] = ()


def plan_point(store: Path, point: Identity, samples: int) -> Iterator[Task]:
    """Yield a task for each block below `samples` with missing samples, or with what a killed run left."""
    folder = point_folder(store, point)
    size = batch_size(pace(point))
    missing: dict[int, int] = {}
    for span in unfinished(folder):
        if span.start < samples and os.access(folder, os.W_OK):
            missing.setdefault(span.start // size, 0)
    for start, stop in gaps(0, samples, _whole(folder, samples)):
        for block in range(start // size, -(-stop // size)):
            inside = min(stop, (block + 1) * size) - max(start, block * size)
            missing[block] = missing.get(block, 0) + inside
    for block, count in sorted(missing.items()):
        yield Task(store, point, block * size, min(samples, (block + 1) * size), count)


def complete(task: Task) -> Outcome:
    """Compute and store those samples of a task that are not there yet, if no other process holds the block.

    Raises
    ------
    StoreError
        The store cannot be written.
    SampleError
        The numerics of a sample failed.
    """
    with claim(task.store, task.point, task.block) as held:
        if not held:
            return Outcome(done=False)
        missing, damage = prepare(task)
        for start, stop in missing:
            identity = {**task.point, "start": start, "stop": stop}
            write_batch(task.store, identity, measure_range(task.point, start, stop))
        return Outcome(done=True, new=sum(stop - start for start, stop in missing), damage=damage)


def prepare(task: Task) -> tuple[list[Range], tuple[str, ...]]:
    """Clear up the block of a task, whose lock is held; return the ranges it lacks, and the damage.

    What killed runs left is removed and damaged files are set aside; the damage says what is wrong with them.

    Raises
    ------
    StoreError
        The store cannot be read or written.
    """
    folder = point_folder(task.store, task.point)
    damage = _clear(folder, task)
    return gaps(task.start, task.stop, [(span.start, span.stop) for span in spans(folder)]), damage


def _whole(folder: Path, samples: int) -> list[Range]:
    """Return the ranges of the undamaged batches. The others are left to a worker that holds the lock."""
    found = examine(folder, 0, samples)
    return [(span.start, span.stop) for span, one in found if not isinstance(one, StoreError)]


def _clear(folder: Path, task: Task) -> tuple[str, ...]:
    """Remove what killed runs left of a task, set aside damaged batches; return what is wrong with those."""
    for left in unfinished(folder):
        if task.start <= left.start < task.stop:
            try:
                left.path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(left.path, f"cannot be removed: {error.strerror}") from error
    damage = []
    for span, found in examine(folder, task.start, task.stop):
        if isinstance(found, StoreError) and not _mended(span.path, folder):
            set_aside(span.path)
            damage.append(str(found))
    return tuple(damage)


def _mended(path: Path, folder: Path) -> bool:
    """Return whether what was no folder has been set aside by another run, and is a folder now or nothing."""
    try:
        check_folder(path)
    except StoreDamage:
        return False
    return path in (folder, folder.parent)
