"""Running a sweep: everything that is missing in the store, computed on all processors or on a cluster."""

import math
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.dataset import check_memory, check_names, read_sweep
from qle.description.grid import choice, fault, integer
from qle.description.identity import Identity, digest
from qle.description.models import oscillators
from qle.description.own_model import is_own
from qle.description.spec import Spec, as_spec
from qle.description.target import Target
from qle.machine import MemoryShortage, share
from qle.measurements.sample import address
from qle.running.adaptive import Decision, decisions, judge, pilot_sizes, read_pilot
from qle.running.cluster import IN_FLIGHT, KEEPERS, Keeper, RemoteCrew
from qle.running.notices import SweepInterrupted, SweepWarning
from qle.running.progress import KINDS, Kind, Progress, kind_for
from qle.running.run import Run, SweepError
from qle.running.tasks import Outcome, Task, complete
from qle.running.workers import Crew
from qle.store.batches import StoreWarning, point_folder
from qle.store.inventory import other_sources
from qle.store.known_points import points_in
from qle.store.unfinished import recorded

if TYPE_CHECKING:
    import xarray as xr


def sweep(
    spec: Spec | Mapping[str, Any] | str | PathLike[str],
    *,
    store: str | PathLike[str],
    workers: int | None = None,
    progress: Kind | None = None,
    executor: Executor | None = None,
    stored_by: Keeper = "client",
) -> "xr.Dataset":
    """Compute what is missing of a sweep, and return the whole of it.

    Every batch of samples is in the store from the moment it is done, and none is computed again: a run that
    was interrupted or killed is resumed by the same call, more samples or a finer grid add to what is there,
    and several runs may share a store and split the work. The bits depend neither on this nor on who works.

    Parameters
    ----------
    spec : Spec, mapping or path
        What to compute; a path is that of a TOML file.
    store : path
        The folder of the results; made if it does not exist.
    workers : int, optional
        Number of processes, with one thread each. By default one per processor up to N = 8000, and fewer
        with more threads each for larger samples or where the memory is short. With an executor the number
        of tasks given to it at a time, by default 256.
    progress : {"bar", "lines", "none"}, optional
        What to write to standard error; by default a bar on a terminal and lines elsewhere.
    executor : concurrent.futures.Executor, optional
        Who computes instead of processes on this machine: Dask's ``client.get_executor(pure=False)``, one of
        `mpi4py.futures`, or another with that interface. Each task keeps its process at one thread from then
        on. It is left running.
    stored_by : {"client", "workers"}
        With an executor: whether its workers return the results to this process, which stores them, or each
        stores what it computed, for which all of them must see `store` under the same path.

    Returns
    -------
    xarray.Dataset
        As of `qle.open`, with exactly the points and samples of `spec`. Samples that did not converge are
        among them, with their status. With a target of `spec` also, at every grid point, what its pilot
        decided (`qle.running.adaptive.decisions`); samples that were not needed are missing.

    Raises
    ------
    SpecError
        A mistake in `spec`, `workers`, `executor` or `stored_by`.
    StoreError
        The store cannot be read or written.
    SweepError
        The numerics of a sample failed, workers keep dying, there is not enough memory, the executor takes no
        more tasks, or no sample of a pilot counts.
    SweepInterrupted
        On Ctrl-C.

    Warns
    -----
    StoreWarning
        A damaged file was set aside, and its samples computed again. Or the source of a model of your own has
        changed since the store got other results of it: those stay as they are, and new ones begin.
    SweepWarning
        Some samples did not converge.

    Examples
    --------
    The same call finds all of it done when it is made again:

    >>> import qle
    >>> grid = {"N": [20, 40], "J": 0.1, "h": 0.1, "kappa_min": 1.0}
    >>> data = qle.sweep({"model": "khgps", "samples": 20, "grid": grid}, store="pair", progress="none")
    >>> dict(data.squeeze().status.sizes), int((data.status == 0).sum())  # 0: converged
    ({'N': 2, 'sample': 20}, 40)
    """
    spec, folder = as_spec(spec), Path(store) if executor is None else Path(store).absolute()
    kind = kind_for(sys.stderr) if progress is None else progress
    choice("progress", kind, KINDS)
    check_names(spec.series, spec.grid)
    try:
        check_memory(spec.series, spec.grid, spec.samples)
    except MemoryShortage as error:
        raise SweepError(str(error)) from None
    _tell_of_other_sources(spec, folder)
    with _crew(spec, folder, workers, executor, stored_by) as crew, recorded(folder, spec):
        _compute(spec, folder, Run(folder, crew), kind)
    dataset = read_sweep(folder, spec)
    if spec.target is not None:
        dataset = dataset.assign(decisions(dataset, spec.target).data_vars)
    _judge(dataset, folder)
    return dataset


def count_statuses(dataset: "xr.Dataset") -> dict[str, int]:
    """Return how many samples of a data set have each status, "missing" included, zeros left out.

    Of a sweep with a target only samples that it needed count.
    """
    status = dataset["status"]
    if "followers" in dataset:
        needed = dataset["sample"] < dataset["pilot"] + dataset["followers"]
        values = status.values[needed.transpose(*status.dims).values]
    else:
        values = status.values.ravel()
    counts = Counter(values.tolist())
    names = dict(zip(status.flag_values, status.flag_meanings.split(), strict=True))
    return {names[value]: counts[value] for value in names if counts[value]}


def _tell_of_other_sources(spec: Spec, folder: Path) -> None:
    series = digest(spec.series)
    if not is_own(spec.model) or (folder / series).exists():
        return
    if others := [one.folder.name[:8] for one in other_sources(folder, spec.model)]:
        warnings.warn(
            f"{folder} has results of {spec.model.partition('@')[0]} with another source, series "
            f"{', '.join(others)}: they stay, and this sweep begins new ones, series {series[:8]}",
            StoreWarning,
            stacklevel=3,
        )


def _crew(
    spec: Spec, folder: Path, workers: int | None, executor: Executor | None, stored_by: Keeper
) -> Crew[Task, Outcome] | RemoteCrew:
    choice("stored_by", stored_by, KEEPERS)
    if workers is not None:
        workers = integer("workers", workers, 1)
    if executor is not None:
        if not callable(getattr(executor, "submit", None)):
            raise fault("executor", executor, "must have the method submit of concurrent.futures.Executor")
        return RemoteCrew(executor, folder, stored_by=stored_by, in_flight=workers or IN_FLIGHT)
    if workers is not None:
        return Crew(complete, workers)
    try:
        return Crew(
            complete, *share(spec.largest, all_modes=spec.measure.modes == "all", chi=spec.measure.factored)
        )
    except MemoryShortage as error:
        raise SweepError(str(error)) from None


def _compute(spec: Spec, folder: Path, run: Run, kind: Kind) -> None:
    """Compute what is missing: all samples, or with a target those that the pilots ask for."""
    points = points_in(folder, spec)
    if spec.target is None:
        work = ((point, spec.samples) for point in points)
        _finish(run, work, kind, spec.size, spec.size * spec.samples, folder)
        return
    left: list[Identity] = list(points)
    final: list[tuple[Identity, int]] = []
    for pilot in pilot_sizes(spec.samples):
        _finish(run, [(point, pilot) for point in left], kind, len(left), len(left) * pilot, folder)
        made = [(point, _decision(spec, spec.target, folder, point, pilot)) for point in left]
        final += [(point, one.pilot + one.followers) for point, one in made if one is not None]
        left = [point for point, one in made if one is None]
        if not left:
            break
    _finish(run, final, kind, len(final), sum(samples for _, samples in final), folder)


def _decision(spec: Spec, target: Target, folder: Path, point: Identity, pilot: int) -> Decision | None:
    try:
        omega = read_pilot(point_folder(folder, point), pilot)
        below = spec.measure.complete_below or math.inf
        return judge(omega, pilot, oscillators(point), target, spec.samples, below)
    except ValueError as error:
        raise SweepError(f"at {address(point)}: {error}") from error


def _finish(
    run: Run, work: Iterable[tuple[Identity, int]], kind: Kind, points: int, samples: int, folder: Path
) -> None:
    shown = Progress(kind, samples=samples, points=points)
    try:
        run.finish(work, shown)
    except KeyboardInterrupt:
        raise SweepInterrupted(
            f"interrupted: at least {shown.samples} of {samples} samples are in {folder}; "
            "the same command resumes"
        ) from None
    finally:
        shown.close()


def _judge(dataset: "xr.Dataset", store: Path) -> None:
    """Raise SweepError for missing samples, warn of those that did not converge."""
    counts = count_statuses(dataset)
    total = sum(counts.values())
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
