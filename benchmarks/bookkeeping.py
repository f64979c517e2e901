"""Bookkeeping of a store: resume, open, add a batch; batches of 20 modes whose samples cost nothing.

"resume" is what a sweep does before its first sample: it lists and proves all that is there, and merges it;
"read" reads it all, and "peak" is its memory, of the first thousand files; "add" is one more batch of one
sample, from task to file with its merging, but without waiting for the disk. "merged" stores are laid out as
a sweep leaves them (`qle.store.compaction`), the others as one that merges nothing would. The last rows are
whole runs from nothing, every batch planned, made and merged, by a crew that takes no time.
"""

import itertools
import os
import shutil
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.timing import timed
from qle.description.identity import Arrays, Identity
from qle.description.spec import Spec
from qle.running.progress import Progress
from qle.running.run import Run
from qle.running.tasks import Task, complete, plan_point
from qle.running.workers import Report
from qle.store.batches import examine, point_folder, write_batch
from qle.store.compaction import FAN, compact

MODES = 20
SIZE = 2800  # oscillators: a block is one sample
# (points, batches of each, merged)
STORES = (
    (1, 100, False),
    (1, 1_000, False),
    (1, 1_000, True),
    (1, 10_000, True),
    (1, 100_000, True),
    (1, 1_000_000, True),
    (1_000, 128, True),
    (100, 1, True),
    (1_000, 1, True),
    (10_000, 1, True),
    (30_000, 1, True),
)
RUNS = ((1, 512), (1, 4_096), (500, 1), (5_000, 1))  # (points, batches of each)
TRACED = 1000  # files that are read while memory is traced, which takes four times as long


def run() -> list[dict[str, Any]]:
    free = [mock.patch(f"qle.running.{file}.measure_range", measured) for file in ("tasks", "run")]
    with mock.patch.object(os, "fsync"), free[0], free[1]:
        return [_store(*each) for each in STORES] + [_running(*each) for each in RUNS]


def _store(points: int, batches: int, merged: bool) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp())
    try:
        identities = _points(points)
        for point in identities:
            for start, stop in _layout(batches, merged):
                write_batch(folder, {**point, "start": start, "stop": stop}, measured(point, start, stop))
        files = sum(1 for _ in folder.rglob("*.npz"))
        peak = _peak(lambda: _read(folder, identities, TRACED))
        read, _ = timed(lambda: _read(folder, identities))
        resume, _ = timed(lambda: _resume(folder, identities, batches))
        task = Task(folder, identities[0], batches, batches + 1, 1)
        add, _ = timed(lambda: _add(task))
        size = sum(path.stat().st_size for path in folder.rglob("*.npz"))
    finally:
        shutil.rmtree(folder)
    return {
        "points": points,
        "batches": points * batches,
        "merged": merged,
        "files": files,
        "MB": size / 1e6,
        "resume s": resume,
        "read s": read,
        "read peak MB": peak / 1e6,
        "add ms": 1e3 * add,
    }


def _running(points: int, batches: int) -> dict[str, Any]:
    """Return the cost of a whole run by a crew that takes no time, with the merging that comes with it."""
    identities = _points(points)

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            shown = Progress("none", samples=points * batches, points=points)
            Run(Path(folder), _Instant()).finish(((point, batches) for point in identities), shown)
            files.append(sum(1 for _ in Path(folder).rglob("*.npz")))

    files: list[int] = []
    seconds, _ = timed(work)
    return {
        "points": points,
        "batches": points * batches,
        "merged": True,
        "files": files[0],
        "add ms": 1e3 * seconds / (points * batches),
    }


class _Instant:
    """A crew of nobody: tasks are done at once, one at a time."""

    def __init__(self) -> None:
        self._ended: list[tuple[Task, Report]] = []

    @property
    def active(self) -> int:
        return len(self._ended)

    @property
    def free(self) -> bool:
        return not self._ended

    def gather(self, tasks: int) -> None:
        pass

    def start(self, task: Task) -> None:
        self._ended.append((task, complete(task)))

    def collect(self, timeout: float) -> list[tuple[Task, Report]]:
        ended, self._ended = self._ended, []
        return ended


def _peak(work: Callable[[], object]) -> int:
    """Return the most bytes that Python's objects take meanwhile."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _points(count: int) -> list[Identity]:
    couplings = [0.1 + 1e-6 * i for i in range(count)]
    spec = Spec(model="khgps", samples=1, grid={"N": SIZE, "h": 0.01, "J": couplings})
    return [{**spec.series, "parameters": values} for values in spec.points()]


def _layout(batches: int, merged: bool) -> list[tuple[int, int]]:
    """Return the ranges of the files of one point with so many batches of one sample."""
    ranges, start, size = [], 0, FAN * FAN if merged else 1
    while start < batches:
        while start + size > batches:
            size //= FAN
        ranges.append((start, start + size))
        start += size
    return ranges


def measured(point: Identity, start: int, stop: int) -> Arrays:
    rng, count = np.random.default_rng(start), stop - start
    numbers = ("energy", "mean_x", "mean_x2", "gradient_norm", "force_scale", "products")
    modes = ("frequency", "participation_ratio", "mode_residual")
    return {
        "status": np.zeros(count, np.int8),
        **{name: rng.random(count) for name in numbers},
        **{name: rng.random((count, MODES)) for name in modes},
    }


def _resume(folder: Path, points: list[Identity], batches: int) -> int:
    found = 0
    for point in points:
        compact(folder, point)
        found += len(list(plan_point(folder, point, batches)))
    return found


def _read(folder: Path, points: list[Identity], most: int | None = None) -> int:
    files = (file for point in points for file in examine(point_folder(folder, point)))
    return sum(1 for _ in itertools.islice(files, most))


def _add(task: Task) -> None:
    complete(task)
    compact(task.store, task.point, task.start)
