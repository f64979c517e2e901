"""Running a sweep: everything that is missing in the store, computed on all processors."""

import sys
import time
import warnings
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.blocks import Task, discard_locks, plan_point
from qle.dataset import read_sweep
from qle.grid import integer
from qle.machine import MemoryShortage, share
from qle.measure import SampleError, address, measure_range
from qle.models import shrunk
from qle.progress import Kind, Progress, kind_for
from qle.spec import Spec, as_spec
from qle.store import Identity, StoreWarning, digest
from qle.workers import Crew, Failure, Lost, Report

if TYPE_CHECKING:
    import xarray as xr

POLL_SECONDS = 0.5
"""How often a run asks again for a block that another run holds."""

MAX_DEATHS = 3
"""A task that has lost so many workers is given up."""


class SweepError(RuntimeError):
    """A sweep could not be finished; what it stored is good, and the same call resumes."""


class SweepInterrupted(KeyboardInterrupt):
    """A sweep was interrupted; what it stored is good, and the same call resumes."""


class SweepWarning(UserWarning):
    """Some samples of a sweep did not converge."""


def sweep(
    spec: Spec | Mapping[str, Any] | str | PathLike[str],
    *,
    store: str | PathLike[str],
    workers: int | None = None,
    progress: Kind | None = None,
) -> "xr.Dataset":
    """Compute what is missing of a sweep, and return the whole of it.

    Every batch of samples is in the store from the moment it is done, and none is computed again: a run that
    was interrupted or killed is resumed by the same call, more samples or a finer grid add to what is there,
    and several runs may share a store and split the work. The bits depend neither on this nor on `workers`.

    Parameters
    ----------
    spec : Spec, mapping or path
        What to compute; a path is that of a TOML file.
    store : path
        The folder of the results; made if it does not exist.
    workers : int, optional
        Number of processes, with one thread each. By default one per processor up to N = 4000, and fewer
        with more threads each for larger samples or where the memory is short.
    progress : {"bar", "lines", "none"}, optional
        What to write to standard error; by default a bar on a terminal and lines elsewhere.

    Returns
    -------
    xarray.Dataset
        As of `qle.open`, with exactly the points and samples of `spec`. Samples that did not converge are
        among them, with their status.

    Raises
    ------
    SpecError
        A mistake in `spec` or `workers`.
    StoreError
        The store cannot be read or written.
    SweepError
        The numerics of a sample failed, workers keep dying, or there is not enough memory.
    SweepInterrupted
        On Ctrl-C.

    Warns
    -----
    StoreWarning
        A damaged file was set aside, and its samples computed again.
    SweepWarning
        Some samples did not converge.
    """
    spec, folder = as_spec(spec), Path(store)
    size, threads = _crew_size(spec, workers)
    kind = kind_for(sys.stderr) if progress is None else progress
    shown = Progress(kind, samples=spec.size * spec.samples, points=spec.size)
    try:
        with Crew(size, threads) as crew:
            _Run(spec, folder, crew, shown).finish()
    except KeyboardInterrupt:
        raise SweepInterrupted(
            f"interrupted: at least {shown.samples} of {spec.size * spec.samples} samples are in {folder}; "
            "the same command resumes"
        ) from None
    finally:
        shown.close()
    dataset = read_sweep(folder, spec)
    _judge(dataset, folder)
    return dataset


def count_statuses(dataset: "xr.Dataset") -> dict[str, int]:
    """Return how many samples of a data set have each status, "missing" included, zeros left out."""
    names = dict(zip(dataset.status.flag_values, dataset.status.flag_meanings.split(), strict=True))
    counts = Counter(dataset.status.values.ravel().tolist())
    return {names[value]: counts[value] for value in names if counts[value]}


def _crew_size(spec: Spec, workers: int | None) -> tuple[int, int]:
    if workers is not None:
        return integer("workers", workers, 1), 1
    try:
        return share(spec.largest, all_modes=spec.measure.modes == "all", chi=spec.measure.chi)
    except MemoryShortage as error:
        raise SweepError(str(error)) from None


class _Run:
    """The tasks of a sweep on their way: not yet planned, in work, held by another run, or done."""

    def __init__(self, spec: Spec, store: Path, crew: Crew, shown: Progress) -> None:
        self._spec, self._store, self._crew, self._shown = spec, store, crew, shown
        self._fresh = self._plan()
        self._held: deque[tuple[float, Task]] = deque()  # (when to try again, task)
        self._deaths: Counter[Task] = Counter()
        self._open: Counter[str] = Counter()  # tasks still to be done, of the points that have any

    def finish(self) -> None:
        """Do everything."""
        while True:
            while self._crew.free and (task := self._next()) is not None:
                self._crew.start(task)
            if self._crew.active:
                for task, report in self._crew.collect(POLL_SECONDS):
                    self._settle(task, report)
            elif self._held:
                time.sleep(POLL_SECONDS)
            else:
                break
        discard_locks(self._store)

    def _plan(self) -> Iterator[Task]:
        """Yield all tasks, planning one point at a time, so that many points need no memory."""
        warm = False
        for parameters in self._spec.points():
            point = {**self._spec.series, "parameters": parameters}
            tasks = list(plan_point(self._store, point, self._spec.samples))
            self._shown.found(self._spec.samples - sum(task.missing for task in tasks), points=int(not tasks))
            if tasks and not warm:
                _compile(point)
                warm = True
            if tasks:
                self._open[digest(point)] = len(tasks)
            yield from tasks

    def _next(self) -> Task | None:
        if self._held and self._held[0][0] <= time.monotonic():
            return self._held.popleft()[1]
        return next(self._fresh, None)

    def _settle(self, task: Task, report: Report) -> None:
        if isinstance(report, Failure):
            raise _failure(report)
        if isinstance(report, Lost):
            self._deaths[task] += 1
            if self._deaths[task] == MAX_DEATHS:
                raise SweepError(_obituary(task, report))
            self._held.appendleft((0.0, task))
        elif report.done:
            for text in report.damage:
                warnings.warn(
                    f"{text}; it was set aside and its samples computed again", StoreWarning, stacklevel=4
                )
            self._count(task, report.new)
        else:
            self._held.append((time.monotonic() + POLL_SECONDS, task))

    def _count(self, task: Task, new: int) -> None:
        point = digest(task.point)
        self._open[point] -= 1
        ended = not self._open[point]
        if ended:
            del self._open[point]
        self._shown.gained(task.missing, points=int(ended), new=new)


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
        f"{address(task.point)}, the last with exit code {report.exit_code}: too little memory?"
    )


def _judge(dataset: "xr.Dataset", store: Path) -> None:
    """Raise SweepError for missing samples, warn of those that did not converge."""
    counts = count_statuses(dataset)
    total = dataset.status.size
    if "missing" in counts:
        raise SweepError(
            f"{store}: {counts['missing']} of {total} samples were lost while it ran; run it again"
        )
    failed = {status: count for status, count in counts.items() if status != "converged"}
    if failed:
        what = ", ".join(f"{count} {status}" for status, count in failed.items())
        warnings.warn(
            f"{sum(failed.values())} of {total} samples did not converge ({what}) and enter no statistic",
            SweepWarning,
            stacklevel=3,
        )
