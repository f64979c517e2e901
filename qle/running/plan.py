"""What a sweep will cost: samples, processor time, memory and disk, before it is run."""

import math
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from qle.dataset import check_memory
from qle.description.identity import Identity
from qle.description.models import described, oscillators, pace
from qle.description.spec import Spec
from qle.machine import MemoryShortage, share, worker_bytes
from qle.running.clock import Clock, timed
from qle.running.run import SweepError
from qle.running.workers import Crew
from qle.statistics.samples_needed import Samples, samples_needed
from qle.store.batches import point_folder, spans
from qle.store.blocks import batch_size, gaps
from qle.store.known_points import points_in
from qle.store.layout import sample_bytes

TIMED_POINTS = 3
"""Points of each size at which samples are timed: its first, its last and those evenly between."""

QUIET = 0.9
"""A worker that gets so much of its processors is disturbed by nobody worth telling."""

TIMED_SECONDS = 60.0
"""A size whose sample will take longer is not timed if a smaller one was."""

ERROR = 0.05
"""Relative standard error whose price is told."""

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
    share : float
        What a worker got of its processors while samples were timed; less than 1 where others are at work.
    answer : Samples or None
        What a point needs for `ERROR`; None where it hangs on a cut-off that was given.
    """

    costs: tuple[Cost, ...]
    workers: int
    threads: int
    free_disk: int
    size: str = "N"
    share: float = 1.0
    answer: Samples | None = None

    @property
    def core_hours(self) -> float:
        """Processor time of all samples."""
        return sum(cost.samples * cost.seconds for cost in self.costs) / 3600.0

    @property
    def hours(self) -> float:
        """Time that passes on this machine if nothing else is at work."""
        return self.core_hours / (self.workers * self.threads)

    @property
    def hours_now(self) -> float:
        """Time that passes if the machine stays as busy as it was while samples were timed."""
        return self.hours / self.share

    @property
    def disk(self) -> int:
        """Bytes that all samples will take."""
        return sum(cost.disk for cost in self.costs)


def plan(spec: Spec, *, store: str | PathLike[str]) -> Plan:
    """Return what the missing samples of a sweep will cost, after timing some in a worker on this machine.

    For each size, samples are timed at up to `TIMED_POINTS` points, one or as many as take a second; their
    mean is taken for all points of that size. It is processor time, which others at work on the machine
    hardly change; how long that took tells how busy they keep it. Larger sizes are extrapolated where a
    sample would take longer than `TIMED_SECONDS`. Nothing is written into the store.

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
    with tempfile.TemporaryDirectory() as scratch, Crew(timed, 1, threads) as crew:
        clock = Clock(crew, Path(scratch), threads)
        for size, work in sorted(_missing(spec, folder).items()):
            costs.append(_cost(spec, size, work, costs, clock))
    heading = "modes" if described(spec.model).particles else "N"
    answer = samples_needed(ERROR) if measured.complete_below is None else None
    made = Plan(tuple(costs), workers, threads, _free(folder), heading, clock.share, answer)
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
    busy = f" ({plan.hours_now:.2g} h or more with the machine as busy as now)" if plan.share < QUIET else ""
    lines.append(
        f"{plan.core_hours:.3g} core-hours, {plan.hours:.3g} h with {plan.workers} workers of "
        f"{plan.threads} threads{busy}; {plan.disk / 1e6:.3g} MB of {plan.free_disk / 1e6:.3g} MB free"
    )
    return "\n".join([*lines, *_answers(plan)])


def _answers(plan: Plan) -> list[str]:
    """Return in words what the answer costs that most sweeps are made for."""
    if plan.answer is None:
        return []
    prices = [
        f"at {plan.size} = {cost.N} {' and '.join(f'{n * cost.seconds / 3600:.2g}' for n in plan.answer)}"
        for cost in plan.costs
    ]
    return [
        f"a statistical error of {ERROR:.0%} takes about {plan.answer.A_at_cut} samples a point for A_at_cut "
        f"and {plan.answer.A_g} for A_g: core-hours {', '.join(prices)}",
        "modes below omega_cut alone, measure.complete_below, tell as much for less: docs/statistics.md",
    ]


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


def _cost(spec: Spec, size: int, work: list[tuple[Identity, int]], costs: list[Cost], clock: Clock) -> Cost:
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
