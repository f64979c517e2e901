"""Blocks of samples: the unit in which work is planned, claimed and done.

Block b of a point covers the samples b size <= s < (b + 1) size, size = `batch_size(N)`. Whoever writes into
a block, or clears it up, holds its lock, so two runs that share a store never do the same work. The operating
system frees the lock of a process that dies.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from qle.description.models import oscillators
from qle.measurements.sample import measure_range
from qle.store.batches import (
    Identity,
    StoreDamage,
    StoreError,
    check_folder,
    examine,
    kind_of,
    point_folder,
    set_aside,
    spans,
    unfinished,
    write_batch,
)

Range = tuple[int, int]

_LOCK_NAME = re.compile(r"([0-9a-f]{16}-[0-9]+|client-[0-9a-f]{16})\.lock")


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
        return self.start // batch_size(oscillators(self.point))


class Outcome(NamedTuple):
    """How a task ended: its samples are there (done), or another run holds the block.

    `new` of the samples were computed for it; `damage` says what was wrong with files that were set aside.
    """

    done: bool
    new: int = 0
    damage: tuple[str, ...] = ()


def samples_per_second(N: int) -> float:
    """Return about how many samples one processor does in a second, 8 (1000/N)^2."""
    return 8.0 * (1000.0 / N) ** 2


def batch_size(N: int) -> int:
    """Return the number of samples of a block: those of about a second, from 1 to 256."""
    return max(1, min(256, int(samples_per_second(N))))


def gaps(start: int, stop: int, taken: Iterable[Range]) -> list[Range]:
    """Return the parts of [start, stop) that the ranges taken, sorted by start, do not cover."""
    free = []
    for low, high in taken:
        if start < min(low, stop):
            free.append((start, min(low, stop)))
        start = max(start, high)
    if start < stop:
        free.append((start, stop))
    return free


def plan_point(store: Path, point: Identity, samples: int) -> Iterator[Task]:
    """Yield a task for each block below `samples` with missing samples, or with what a killed run left."""
    folder = point_folder(store, point)
    size = batch_size(oscillators(point))
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


def clear_locks(store: Path) -> str | None:
    """Set aside what is no folder where that of the locks should be; return what is wrong with it."""
    folder = store / "locks"
    try:
        check_folder(folder)
    except StoreDamage as damage:
        if os.access(store, os.W_OK):
            set_aside(folder)
            return str(damage)
    return None


def discard_locks(store: Path) -> None:
    """Remove the lock files that no process holds, those of killed runs; a read-only store keeps them."""
    folder = store / "locks"
    if kind_of(folder) != "a folder":
        return
    with suppress(StoreError, OSError):
        for name in filter(_LOCK_NAME.fullmatch, os.listdir(folder)):
            if kind_of(folder / name) == "a file":
                with _lock(folder / name) as held:
                    if held:
                        (folder / name).unlink(missing_ok=True)


@contextmanager
def claim(store: Path, point: Identity, block: int) -> Iterator[bool]:
    """Hold the lock of a block while the body runs; yield whether it was free.

    Raises
    ------
    StoreError
        The lock file cannot be made.
    """
    path = store / "locks" / f"{point_folder(Path(), point).name}-{block}.lock"
    with hold(path) as held:
        yield held


@contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Hold the lock of a file while the body runs, and then remove it; yield whether it was free.

    What is there that is no file is set aside.

    Raises
    ------
    StoreError
        The lock file cannot be made.
    """
    check_folder(path.parent)
    if kind_of(path) not in (None, "a file"):
        set_aside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(path.parent, f"cannot be written: {error.strerror}") from error
    with _lock(path) as held:
        try:
            yield held
        finally:
            if held:  # removed while it is held: a process that opened it meets an unlinked file
                path.unlink(missing_ok=True)


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise StoreError(path, f"cannot be locked: {error.strerror}") from error
    try:
        yield True
    finally:
        lock.release()


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
