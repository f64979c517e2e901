"""The tasks of a sweep on their way, whoever does them: planned one point at a time, done, merged."""

import time
import warnings
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import quartic
from qle.description.identity import Identity, digest
from qle.description.models import shrunk
from qle.description.own_model import is_own
from qle.measurements.rehearsal import rehearse
from qle.measurements.sample import SampleError, address, measure_range
from qle.running.progress import Progress
from qle.running.tasks import Task, plan_point
from qle.running.workers import Cancelled, Failure, Lost, Report
from qle.store.batches import StoreWarning
from qle.store.blocks import clear_locks, discard_locks
from qle.store.compaction import compact

POLL_SECONDS = 0.5
"""How often a run asks again for a block that another run holds."""

MAX_DEATHS = 3
"""A task that has lost so many workers is given up."""


class SweepError(RuntimeError):
    """A sweep could not be finished; what it stored is good, and the same call resumes."""


class Workforce(Protocol):
    """Those that do tasks: `workers.Crew` on this machine, `cluster.RemoteCrew` on others."""

    @property
    def active(self) -> int: ...  # noqa: D102

    @property
    def free(self) -> bool: ...  # noqa: D102

    def gather(self, tasks: int) -> None: ...  # noqa: D102

    def start(self, task: Task) -> None: ...  # noqa: D102

    def collect(self, timeout: float) -> Sequence[tuple[Task, Report]]: ...  # noqa: D102


class Run:
    """Samples of grid points being computed; a run may be given one list of points after another."""

    def __init__(self, store: Path, crew: Workforce) -> None:
        self._store, self._crew = store, crew
        self._held: deque[tuple[float, Task]] = deque()  # (when to try again, task)
        self._deaths: Counter[Task] = Counter()
        self._open: Counter[str] = Counter()  # tasks still to be done, of the points that have any
        self._warm = False

    def finish(self, work: Iterable[tuple[Identity, int]], shown: Progress) -> None:
        """Do everything: all samples below a number of each point, given as (point, number).

        Raises
        ------
        SweepError
            The numerics of a sample failed, or workers keep dying.
        SpecError
            A user's model breaks a rule, or what is asked cannot be measured of it: before any work.
        StoreError
            The store cannot be read or written.
        """
        if (damage := clear_locks(self._store)) is not None:
            _warn(f"{damage}; it was set aside")
        fresh = self._plan(work, shown)
        while True:
            while self._crew.free and (task := self._next(fresh)) is not None:
                self._crew.start(task)
            if self._crew.active:
                for task, report in self._crew.collect(POLL_SECONDS):
                    self._settle(task, report, shown)
            elif self._held:
                time.sleep(POLL_SECONDS)
            else:
                break
        discard_locks(self._store)

    def _plan(self, work: Iterable[tuple[Identity, int]], shown: Progress) -> Iterator[Task]:
        """Yield all tasks, planning one point at a time, so that many points need no memory."""
        for point, samples in work:
            compact(self._store, point)
            tasks = list(plan_point(self._store, point, samples))
            shown.found(samples - sum(task.missing for task in tasks), points=int(not tasks))
            if tasks and not self._warm:
                oscillators = rehearsed(point)
                self._crew.gather(len(tasks))  # they start while this process compiles
                if oscillators:
                    _compile(point)
                self._warm = True
            if tasks:
                self._open[digest(point)] = len(tasks)
            yield from tasks

    def _next(self, fresh: Iterator[Task]) -> Task | None:
        if self._held and self._held[0][0] <= time.monotonic():
            return self._held.popleft()[1]
        return next(fresh, None)

    def _settle(self, task: Task, report: Report, shown: Progress) -> None:
        if isinstance(report, Failure):
            raise _failure(report)
        if isinstance(report, Lost):
            self._deaths[task] += 1
            if self._deaths[task] == MAX_DEATHS:
                raise SweepError(_obituary(task, report))
            self._held.appendleft((0.0, task))
        elif isinstance(report, Cancelled) or not report.done:
            self._held.append((time.monotonic() + POLL_SECONDS, task))
        else:
            for text in report.damage:
                _warn(f"{text}; it was set aside and its samples computed again")
            self._count(task, report.new, shown)

    def _count(self, task: Task, new: int, shown: Progress) -> None:
        compact(self._store, task.point, task.start)
        point = digest(task.point)
        self._open[point] -= 1
        ended = not self._open[point]
        if ended:
            del self._open[point]
        shown.gained(task.missing, points=int(ended), new=new)


def _warn(text: str) -> None:
    warnings.warn(text, StoreWarning, stacklevel=2)


def rehearsed(point: Identity) -> bool:
    """Return whether samples are of oscillators; raise SpecError or SweepError where a user's model fails."""
    try:
        return not is_own(point["model"]) or isinstance(rehearse(point), quartic.Problem)
    except SampleError as error:
        raise SweepError(str(error)) from error


def _compile(point: Identity) -> None:
    """Compile the kernels on one small sample, so that the workers find them in the cache."""
    try:
        measure_range(shrunk(point), 0, 1)
    except SampleError as error:
        raise SweepError(f"while compiling: {error}") from error


def _failure(report: Failure) -> SweepError:
    error = SweepError(report.message)
    error.add_note(f"In a worker:\n{report.trace}")
    return error


def _obituary(task: Task, report: Lost) -> str:
    return (
        f"{MAX_DEATHS} workers died on samples {task.start} to {task.stop - 1} at "
        f"{address(task.point)}, the last {report.cause}: too little memory?"
    )
