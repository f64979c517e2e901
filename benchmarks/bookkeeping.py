"""Bookkeeping of a store: resume, open, add a batch; batches of 20 modes whose samples cost nothing.

"resume" is what a sweep does before its first sample: it lists and proves all that is there, and merges it;
"read" reads it all; "add" is one more batch of one sample, from task to file with its merging, but without
waiting for the disk. "merged" stores are laid out as a sweep leaves them (`qle.compaction`), the others as
one that merges nothing would.
"""

import os
import shutil
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.timing import timed
from qle.blocks import Task, complete, plan_point
from qle.compaction import FAN, compact
from qle.spec import Spec
from qle.store import Arrays, Identity, examine, point_folder, write_batch

MODES = 20
SIZE = 2800  # oscillators: a block is one sample
# (points, batches of each, merged)
STORES = (
    (1, 100, False),
    (1, 1_000, False),
    (1, 10_000, False),
    (1, 1_000, True),
    (1, 10_000, True),
    (1, 100_000, True),
    (1, 1_000_000, True),
    (1_000, 100, True),
    (1_000, 1_000, True),
    (100, 1, True),
    (1_000, 1, True),
    (10_000, 1, True),
    (100_000, 1, True),
)


def run() -> list[dict[str, Any]]:
    with mock.patch.object(os, "fsync"), mock.patch("qle.blocks.measure_range", _measured):
        return [_store(*each) for each in STORES] + [_merging(8 * FAN), _merging(2 * FAN * FAN)]


def _store(points: int, batches: int, merged: bool) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp())
    try:
        identities = _points(points)
        for point in identities:
            for start, stop in _layout(batches, merged):
                write_batch(folder, {**point, "start": start, "stop": stop}, _measured(point, start, stop))
        files = sum(1 for _ in folder.rglob("*.npz"))
        tracemalloc.start()
        _read(folder, identities)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
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


def _merging(batches: int) -> dict[str, Any]:
    """Return the cost of adding one batch after another to a point, with the merging that comes with it."""
    folder = Path(tempfile.mkdtemp())
    (point,) = _points(1)

    def work() -> None:
        for start in range(batches):
            _add(Task(folder, point, start, start + 1, 1))

    try:
        seconds, _ = timed(work)
        files = sum(1 for _ in folder.rglob("*.npz"))
    finally:
        shutil.rmtree(folder)
    return {
        "points": 1,
        "batches": batches,
        "merged": True,
        "files": files,
        "add ms": 1e3 * seconds / batches,
    }


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


def _measured(point: Identity, start: int, stop: int) -> Arrays:
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


def _read(folder: Path, points: list[Identity]) -> int:
    return sum(1 for point in points for _ in examine(point_folder(folder, point)))


def _add(task: Task) -> None:
    complete(task)
    compact(task.store, task.point, task.start)
