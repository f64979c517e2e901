"""The clock of a plan: samples timed in a worker, as a sweep does them, in seconds of its processors."""

import time
from pathlib import Path
from typing import NamedTuple

from qle.description.identity import Identity
from qle.description.models import oscillators, shrunk
from qle.measurements.sample import address
from qle.running.run import SweepError, rehearsed
from qle.running.tasks import Outcome, Task, complete
from qle.running.workers import Crew
from qle.store.batches import StoreError, examine, point_folder

AGAIN = 10.0
"""The first sample of a size may load or compile kernels: one that takes less is followed by another."""


class Timed(NamedTuple):
    """How a task ended, the processor seconds that it took, and those that passed."""

    outcome: Outcome
    seconds: float
    passed: float


def timed(task: Task) -> Timed:
    """Complete a task and say what it took: runs in the worker."""
    began, before = time.monotonic(), time.process_time()
    outcome = complete(task)
    return Timed(outcome, time.process_time() - before, time.monotonic() - began)


class Clock:
    """Times samples in a worker, as a sweep does them."""

    def __init__(self, crew: Crew[Task, Timed], scratch: Path, threads: int) -> None:
        self._crew, self._scratch, self._threads = crew, scratch, threads
        self._known = set[int]()  # sizes of which samples were timed
        self._seconds = self._passed = 0.0  # of all that was timed
        self.overhead = 0  # bytes of a file beside the numbers in it

    @property
    def share(self) -> float:
        """What the worker got of its processors."""
        return min(1.0, self._seconds / (self._passed * self._threads)) if self._seconds else 1.0

    def seconds(self, point: Identity, most: int) -> float:
        """Return the processor seconds of a sample, the mean of one or of as many as take a second."""
        if not self._known:
            rehearsed(point)
            self._time(shrunk(point), 0, 1)  # starts the process and compiles
        taken = self._noted(point, 0, 1)
        self._weigh(point)
        more = min(most, int(self._threads / taken))
        if (size := oscillators(point)) not in self._known and taken < AGAIN:
            more = max(1, more)
        self._known.add(size)
        return self._noted(point, 1, 1 + more) / more if more else taken

    def _noted(self, point: Identity, start: int, stop: int) -> float:
        """Return the processor seconds of samples, which count for the share."""
        took = self._time(point, start, stop)
        self._seconds, self._passed = self._seconds + took.seconds, self._passed + took.passed
        return took.seconds

    def _time(self, point: Identity, start: int, stop: int) -> Timed:
        self._crew.start(Task(self._scratch, point, start, stop, stop - start))
        while not (ended := self._crew.collect(1.0)):
            pass
        ((_, report),) = ended
        if not isinstance(report, Timed):
            raise SweepError(f"at {address(point)}: {getattr(report, 'message', report)}")
        return report

    def _weigh(self, point: Identity) -> None:
        ((span, batch),) = examine(point_folder(self._scratch, point), 0, 1)
        if isinstance(batch, StoreError):
            raise batch
        self.overhead = span.path.stat().st_size - sum(array.nbytes for array in batch.arrays.values())
