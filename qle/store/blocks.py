"""Blocks of samples, the unit in which work is planned and claimed, and their locks.

Block b of a point covers the samples b size <= s < (b + 1) size, size = `batch_size(N)`. Whoever writes into
a block, or clears it up, holds its lock, so two runs that share a store never do the same work. The operating
system frees the lock of a process that dies.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from qle.description.identity import Identity
from qle.store.batches import (
    StoreDamage,
    StoreError,
    check_folder,
    kind_of,
    point_folder,
    set_aside,
)

Range = tuple[int, int]

_LOCK_NAME = re.compile(r"([0-9a-f]{16}-[0-9]+|client-[0-9a-f]{16})\.lock")


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
