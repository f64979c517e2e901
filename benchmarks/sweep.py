"""Sweeps: workers against one worker, and against the bare loop over samples.

"efficiency" is the time of the bare loop in one process over that of all workers together (the wall time
times their number), for the same samples and without starting the workers; "overhead ms" is what one worker
takes for a sample above the bare loop. "whole s" is `qle.sweep` from a standing start: processes, kernels
from numba's cache, samples, and the data set; "whole efficiency" holds it against the same loop, so it grows
with the length of the run. "loop cpu s" and "whole cpu s" are processor time, that of the workers with their
start: neighbours on the machine hardly disturb it. Up to five seconds the best of three, each side in turn.
"""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import qle
import quartic
from benchmarks.timing import timed
from qle.description.identity import Identity
from qle.description.models import shrunk
from qle.description.spec import Spec
from qle.measurements.sample import measure_range
from qle.running.progress import Progress
from qle.running.run import Run
from qle.running.tasks import Outcome, Task, complete, plan_point
from qle.running.workers import Crew

# (N, samples, repeats): some seconds each, N = 500 and 2000 also ten or twenty
SWEEPS = ((64, 4096, 3), (500, 256, 3), (500, 896, 1), (2000, 24, 3), (2000, 128, 1))
WORKERS = (1, 2)


def run() -> list[dict[str, Any]]:
    return [row for each in SWEEPS for row in _rows(*each)]


def _rows(N: int, samples: int, repeats: int) -> list[dict[str, Any]]:
    spec = Spec(model="khgps", samples=samples, grid={"N": N, "h": 0.01, "J": 0.1})
    point: Identity = {**spec.series, "parameters": next(spec.points())}
    loops, sweeps, wholes = [], [], []
    for _ in range(repeats):
        loops.append(_loop(point, samples))
        sweeps.append([_sweep(point, samples, workers) for workers in WORKERS])
        wholes.append([_whole(spec, workers) for workers in WORKERS])
    loop, loop_cpu = np.min(loops, axis=0)
    return [
        {
            "N": N,
            "samples": samples,
            "workers": workers,
            "loop s": loop,
            "sweep s": sweep,
            "efficiency": loop / (workers * sweep),
            "overhead ms": 1e3 * (workers * sweep - loop) / samples,
            "whole s": whole,
            "whole efficiency": loop / (workers * whole),
            "loop cpu s": loop_cpu,
            "whole cpu s": cpu,
        }
        for workers, sweep, (whole, cpu) in zip(
            WORKERS, np.min(sweeps, axis=0), np.min(wholes, axis=0), strict=True
        )
    ]


def _whole(spec: Spec, workers: int) -> tuple[float, float]:
    """Return the seconds of a sweep from a standing start, and the processor time of its workers."""
    before, began = _spent(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        qle.sweep(spec, store=folder, workers=workers, progress="none")
    return time.perf_counter() - began, _spent(resource.RUSAGE_CHILDREN) - before


def _spent(who: int) -> float:
    """Return the processor time of this process, or of its children that have ended."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _loop(point: Identity, samples: int) -> tuple[float, float]:
    """Return seconds and processor time of all samples one after another, in this process with one thread."""
    threads = quartic.threads.count()
    quartic.set_threads(1)
    try:
        with threadpool_limits(1):
            measure_range(shrunk(point), 0, 1)
            before = _spent(resource.RUSAGE_SELF)
            seconds, _ = timed(lambda: measure_range(point, 0, samples))
            return seconds, _spent(resource.RUSAGE_SELF) - before
    finally:
        quartic.set_threads(threads)


def _sweep(point: Identity, samples: int, workers: int) -> float:
    """Return the seconds of the same samples by workers that have been started."""
    with tempfile.TemporaryDirectory() as folder, Crew(complete, workers) as crew:
        _warm(crew, Path(folder) / "warm", shrunk(point), workers)
        shown = Progress("none", samples=samples, points=1)
        work = Run(Path(folder) / "store", crew)
        call: Callable[[], None] = lambda: work.finish([(point, samples)], shown)  # noqa: E731
        return timed(call)[0]


def _warm(crew: Crew[Task, Outcome], folder: Path, point: Identity, workers: int) -> None:
    for number in range(workers):
        (task,) = plan_point(folder / str(number), point, 1)
        crew.start(task)
    while crew.active:
        crew.collect(1.0)
