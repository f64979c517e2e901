"""What a sweep will cost: samples, processor time, memory and disk, before it is run."""

import math
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from qle.dataset import check_memory
from qle.description.identity import Identity
from qle.description.models import described, oscillators, pace, shrunk
from qle.description.spec import Spec
from qle.machine import MemoryShortage, share, worker_bytes
from qle.measurements.sample import address
from qle.running.run import SweepError, rehearsed
from qle.running.tasks import Outcome, Task, complete
from qle.running.workers import Crew
from qle.store.batches import StoreError, examine, point_folder, spans
from qle.store.blocks import batch_size, gaps
from qle.store.known_points import points_in
from qle.store.layout import sample_bytes

TIMED_POINTS = 3
"""Points of each size at which samples are timed: its first, its last and those evenly between."""

TIMED_SECONDS = 60.0
"""A size whose sample will take longer is not timed if a smaller one was."""

POWERS = (2.0, 3.0)
"""Bounds of the power of N with which the time grows from the sizes that were timed."""


@dataclass(frozen=True)
class Cost:
    """What the samples of one size will cost.

    Attributes
    ----------
    N : int
        Oscillators; of particles the modes that are no translations.
    points, samples : int
        Grid points, and samples that are not in the store; with a target of the sweep at most.
    seconds : float
        Processor seconds per sample.
    timed : bool
        Whether they were measured here; otherwise they are extrapolated from smaller sizes.
    memory : int
        Bytes of memory of a worker.
    disk : int
        Bytes that the samples will take in the store.
    """

    N: int
    points: int
    samples: int
    seconds: float
    timed: bool
    memory: int
    disk: int


@dataclass(frozen=True)
class Plan:
    """What a sweep will cost on this machine, with the workers and threads that it would use.

    Attributes
    ----------
    costs : tuple of Cost
        By size, ascending.
    workers, threads : int
        Processes, and threads of each.
    free_disk : int
        Bytes free where the store is, or will be.
    size : str
        The heading of N.
    """

    costs: tuple[Cost, ...]
    workers: int
    threads: int
    free_disk: int
    size: str = "N"

    @property
    def core_hours(self) -> float:
        """Processor time of all samples."""
        return sum(cost.samples * cost.seconds for cost in self.costs) / 3600.0

    @property
    def hours(self) -> float:
        """Time that passes on this machine."""
        return self.core_hours / (self.workers * self.threads)

    @property
    def disk(self) -> int:
        """Bytes that all samples will take."""
        return sum(cost.disk for cost in self.costs)


def plan(spec: Spec, *, store: str | PathLike[str]) -> Plan:
    """Return what the missing samples of a sweep will cost, after timing some in a worker on this machine.

    For each size, samples are timed at up to `TIMED_POINTS` points, one or as many as take a second; their
    mean is taken for all points of that size. Larger sizes are extrapolated where a sample would take longer
    than `TIMED_SECONDS`. Nothing is written into the store.

    Parameters
    ----------
    spec : Spec
    store : path
        The folder of the results; what is in it costs nothing, nor do its files count as disk.

    Raises
    ------
    SweepError
        A sample or the data set does not fit into the memory, what is to be stored not on the disk, or a
        sample failed.
    StoreError
        The store cannot be read.
    """
    folder, measured = Path(store), spec.measure
    try:
        check_memory(spec.series, spec.grid, spec.samples)
        workers, threads = share(spec.largest, all_modes=measured.modes == "all", chi=measured.factored)
    except MemoryShortage as error:
        raise SweepError(str(error)) from None
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory() as scratch, Crew(complete, 1, threads) as crew:
        clock = _Clock(crew, Path(scratch), threads)
        for size, work in sorted(_missing(spec, folder).items()):
            costs.append(_cost(spec, size, work, costs, clock))
    heading = "modes" if described(spec.model).particles else "N"
    made = Plan(tuple(costs), workers, threads, _free(folder), heading)
    if made.disk > made.free_disk:
        need, free = (f"{size / 1e9:.3g} GB" for size in (made.disk, made.free_disk))
        raise SweepError(f"{folder}: the samples need {need} of disk, {free} are free")
    return made


def to_text(plan: Plan) -> str:
    """Return a plan as a table and a line below it; extrapolated times are marked with ~."""
    if not plan.costs:
        return "nothing is missing: all samples are in the store"
    rows = [(plan.size, "points", "samples", "s/sample", "core-hours", "MB/worker", "MB on disk")]
    for cost in plan.costs:
        seconds = f"{'' if cost.timed else '~'}{cost.seconds:.3g}"
        hours = f"{cost.samples * cost.seconds / 3600:.3g}"
        sizes = f"{cost.memory / 1e6:.0f}", f"{cost.disk / 1e6:.3g}"
        rows.append((str(cost.N), str(cost.points), str(cost.samples), seconds, hours, *sizes))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.rjust, row, widths)) for row in rows]
    return "\n".join(
        [
            *lines,
            f"{plan.core_hours:.3g} core-hours, {plan.hours:.3g} h with {plan.workers} workers of "
            f"{plan.threads} threads; {plan.disk / 1e6:.3g} MB of {plan.free_disk / 1e6:.3g} MB free",
        ]
    )


def extrapolated(timed: Sequence[Cost], size: int) -> float | None:
    """Return the seconds per sample of a larger size from those timed, by N; None if there are none.

    A power law through the last two, its power kept within `POWERS`; through one, with the larger of them.
    """
    if not timed:
        return None
    last, power = timed[-1], POWERS[1]
    if len(timed) > 1:
        before = timed[-2]
        power = math.log(last.seconds / before.seconds) / math.log(last.N / before.N)
    return float(last.seconds * (size / last.N) ** min(max(power, POWERS[0]), POWERS[1]))


class _Clock:
    """Times samples in a worker, as a sweep does them."""

    def __init__(self, crew: Crew[Task, Outcome], scratch: Path, threads: int) -> None:
        self._crew, self._scratch, self._threads = crew, scratch, threads
        self._warm = False
        self.overhead = 0  # bytes of a file beside the numbers in it

    def seconds(self, point: Identity, most: int) -> float:
        """Return the processor seconds of a sample, the mean of one or of as many as take a second."""
        if not self._warm:
            rehearsed(point)
            self._time(shrunk(point), 0, 1)  # starts the process and compiles
            self._warm = True
        taken = self._time(point, 0, 1)
        self._weigh(point)
        more = min(most, int(1.0 / taken))
        if more > 1:
            taken = self._time(point, 1, 1 + more) / more
        return taken * self._threads

    def _time(self, point: Identity, start: int, stop: int) -> float:
        began = time.monotonic()
        self._crew.start(Task(self._scratch, point, start, stop, stop - start))
        while not (ended := self._crew.collect(1.0)):
            pass
        ((_, report),) = ended
        if not isinstance(report, Outcome):
            raise SweepError(f"at {address(point)}: {getattr(report, 'message', report)}")
        return time.monotonic() - began

    def _weigh(self, point: Identity) -> None:
        ((span, batch),) = examine(point_folder(self._scratch, point), 0, 1)
        if isinstance(batch, StoreError):
            raise batch
        self.overhead = span.path.stat().st_size - sum(array.nbytes for array in batch.arrays.values())


def _cost(spec: Spec, size: int, work: list[tuple[Identity, int]], costs: list[Cost], clock: _Clock) -> Cost:
    """Return the cost of the points of one size, given with their numbers of missing samples."""
    seconds = extrapolated([cost for cost in costs if cost.timed], size)
    timed = seconds is None or seconds <= TIMED_SECONDS
    if seconds is None or seconds <= TIMED_SECONDS:
        count = min(TIMED_POINTS, len(work))
        chosen = [work[round(i * (len(work) - 1) / max(1, count - 1))][0] for i in range(count)]
        seconds = sum(clock.seconds(point, batch_size(pace(point))) for point in chosen) / count
    samples = sum(missing for _, missing in work)
    batches = sum(-(-missing // batch_size(pace(point))) for point, missing in work)
    each = sample_bytes(work[0][0])
    need = worker_bytes(size, all_modes=spec.measure.modes == "all", chi=spec.measure.factored)
    return Cost(size, len(work), samples, seconds, timed, need, samples * each + batches * clock.overhead)


def _missing(spec: Spec, folder: Path) -> dict[int, list[tuple[Identity, int]]]:
    """Return for each size the points that lack samples, with how many: by the names of the files."""
    found: dict[int, list[tuple[Identity, int]]] = {}
    for point in points_in(folder, spec):
        present = [(span.start, span.stop) for span in spans(point_folder(folder, point))]
        missing = sum(stop - start for start, stop in gaps(0, spec.samples, present))
        if missing:
            found.setdefault(oscillators(point), []).append((point, missing))
    return found


def _free(folder: Path) -> int:
    """Return the bytes free where a folder is, or would be made."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
