"""Sweeps: workers against one worker, and against the bare loop over samples.

"efficiency" is the processor time of the bare loop in one process over that of all workers together (the wall
time times their number), for the same samples and without starting the workers; "overhead ms" is what one
worker takes for a sample above the bare loop. The best of three, each side in turn.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

import quartic
from benchmarks.timing import timed
from qle.blocks import plan_point
from qle.measure import measure_range
from qle.models import shrunk
from qle.progress import Progress
from qle.run import Run
from qle.spec import Spec
from qle.store import Identity
from qle.workers import Crew

# (N, samples): some seconds each
SWEEPS = ((64, 4096), (500, 256), (2000, 24))
WORKERS = (1, 2)
REPEATS = 3


def run() -> list[dict[str, Any]]:
    return [row for N, samples in SWEEPS for row in _rows(N, samples)]


def _rows(N: int, samples: int) -> list[dict[str, Any]]:
    spec = Spec(model="khgps", samples=samples, grid={"N": N, "h": 0.01, "J": 0.1})
    point: Identity = {**spec.series, "parameters": next(spec.points())}
    best: dict[int, float] = {}
    for _ in range(REPEATS):
        for workers in (0, *WORKERS):
            seconds = _loop(point, samples) if not workers else _sweep(point, samples, workers)
            best[workers] = min(seconds, best.get(workers, seconds))
    return [
        {
            "N": N,
            "samples": samples,
            "workers": workers,
            "loop s": best[0],
            "sweep s": best[workers],
            "efficiency": best[0] / (workers * best[workers]),
            "overhead ms": 1e3 * (workers * best[workers] - best[0]) / samples,
        }
        for workers in WORKERS
    ]


def _loop(point: Identity, samples: int) -> float:
    """Return the seconds of all samples one after another, in this process with one thread."""
    threads = quartic.threads.count()
    quartic.set_threads(1)
    try:
        with threadpool_limits(1):
            measure_range(shrunk(point), 0, 1)
            return timed(lambda: measure_range(point, 0, samples))[0]
    finally:
        quartic.set_threads(threads)


def _sweep(point: Identity, samples: int, workers: int) -> float:
    """Return the seconds of the same samples by workers that have been started."""
    with tempfile.TemporaryDirectory() as folder, Crew(workers) as crew:
        _warm(crew, Path(folder) / "warm", shrunk(point), workers)
        shown = Progress("none", samples=samples, points=1)
        work = Run(Path(folder) / "store", crew)
        call: Callable[[], None] = lambda: work.finish([(point, samples)], shown)  # noqa: E731
        return timed(call)[0]


def _warm(crew: Crew, folder: Path, point: Identity, workers: int) -> None:
    for number in range(workers):
        (task,) = plan_point(folder / str(number), point, 1)
        crew.start(task)
    while crew.active:
        crew.collect(1.0)
