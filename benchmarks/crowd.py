"""A sweep over many simulated workers: a real Dask scheduler, tasks that sleep; overheads, memory, resuming.

Each task is a block of 32 samples (N = 500) that sleeps for "sleep s" and returns numbers; scheduler and
workers are threads of one other process, each worker with one. "efficiency" is the time that the sleeping
alone would take over the time that passed. "client ms" and "cluster ms" are processor time per task, of the
process that runs the sweep and of that of the scheduler with all its workers; "client us a sample" is the
first by sample. "resume s" is the same sweep again, when all is there. The locks and the files are real.
"""

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.bookkeeping import measured
from benchmarks.timing import peak_kib
from qle.description.identity import Arrays, Identity
from qle.description.models import pace
from qle.description.spec import Spec
from qle.running.cluster import Keeper, RemoteCrew
from qle.running.progress import Progress
from qle.running.run import Run
from qle.store.blocks import batch_size

# (workers, samples, who stores, seconds of a task)
CROWDS: tuple[tuple[int, int, Keeper, float], ...] = (
    (100, 32_000, "client", 0.0),
    (100, 32_000, "workers", 0.0),
    (100, 32_000, "client", 1.0),
    (300, 96_000, "client", 1.0),
    (1_000, 160_000, "client", 1.0),
    (1_000, 160_000, "workers", 1.0),
    (1_000, 160_000, "client", 10.0),
    (1_000, 1_000_000, "client", 1.0),
)


def run() -> list[dict[str, Any]]:
    """Return one row per crowd; none where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        return [{"note": "distributed is not installed"}]
    return [row(*each) for each in CROWDS]


def row(workers: int, samples: int, stored_by: Keeper, each: float) -> dict[str, Any]:
    """Return what one sweep took."""
    spec = Spec(model="khgps", samples=samples, grid={"N": 500, "h": 0.01, "J": 0.1})
    point: Identity = {**spec.series, "parameters": next(spec.points())}
    tasks = -(-samples // batch_size(pace(point)))
    quick = mock.patch("qle.running.run.measure_range", _quick)
    with tempfile.TemporaryDirectory() as folder, quick, crowd(workers, each) as (client, used):
        seconds, own = _swept(client, Path(folder), point, samples, workers, stored_by)
        theirs, peak = used()
        again, _ = _swept(client, Path(folder), point, samples, workers, stored_by)
    ideal = each * -(-tasks // workers)
    print(
        f"  {workers} workers, {samples} samples by the {stored_by}: {seconds:.3g} s for {ideal:.3g}",
        flush=True,
    )
    return {
        "workers": workers,
        "samples": samples,
        "tasks": tasks,
        "stored by": stored_by,
        "sleep s": each,
        "seconds": seconds,
        "efficiency": ideal / seconds,
        "client ms": 1e3 * own / tasks,
        "client us a sample": 1e6 * own / samples,
        "cluster ms": 1e3 * theirs / tasks,
        "cluster peak MB": peak / 1024,
        "client peak MB": peak_kib() / 1024,
        "resume s": again,
    }


def _swept(
    client: Any, store: Path, point: Identity, samples: int, workers: int, stored_by: Keeper
) -> tuple[float, float]:
    """Return the seconds of a sweep, and those of this process's processor."""
    began, before = time.perf_counter(), time.process_time()
    executor = client.get_executor(pure=False)
    with RemoteCrew(executor, store, stored_by=stored_by, in_flight=2 * workers) as crew:
        Run(store, crew).finish([(point, samples)], Progress("none", samples=samples, points=1))
    return time.perf_counter() - began, time.process_time() - before


@contextmanager
def crowd(workers: int, each: float) -> Iterator[tuple[Any, Any]]:
    """Run a scheduler with so many workers in a process of its own; yield a client, and a function.

    That returns the processor seconds of that process since it was called last, and its peak memory in KiB.
    """
    from distributed import Client

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, workers, each), daemon=True)
    process.start()

    def used() -> tuple[float, int]:
        here.send("used")
        answer: tuple[float, int] = here.recv()
        return answer

    try:
        with Client(here.recv(), set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(workers)
            used()
            yield client, used
    finally:
        process.kill()
        process.join()


def _serve(connection: "Connection[Any, Any]", workers: int, each: float) -> None:
    """Be the scheduler and its workers, whose tasks take `each` seconds, until killed."""
    from distributed import LocalCluster

    def asleep(point: Identity, start: int, stop: int) -> Arrays:
        threading.Event().wait(each)
        return measured(point, start, stop)

    places = [mock.patch(f"qle.running.{file}.measure_range", asleep) for file in ("cluster", "tasks")]
    asked = 0.0
    with places[0], places[1]:
        cluster: Any = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
        )
        connection.send(cluster.scheduler_address)
        while connection.recv():
            spent = time.process_time()
            connection.send((spent - asked, peak_kib()))
            asked = spent


def _quick(point: Identity, start: int, stop: int) -> Arrays:
    return {"status": np.zeros(stop - start, np.int8)}
