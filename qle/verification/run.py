"""Running a verification in parallel processes."""

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TextIO

from tqdm import tqdm

from arguments import nearest
from qle.description.grid import SpecError, fault, integer
from qle.machine import processors
from qle.running.progress import Kind, kind_for
from qle.running.workers import Crew, Failure, Lost
from qle.verification.experiment import Experiment
from qle.verification.journal import Journal
from qle.verification.tasks import Outcome, Task, perform, tasks_of
from qle.verification.verdicts import Report, judge
from theory import Claim, claims

WAIT = 60.0  # seconds, after which it is looked again whether a task has ended


class VerificationError(RuntimeError):
    """A verification could not be finished; what its journal holds is good, and the same call resumes."""


def verify(
    ids: Sequence[str] = (),
    *,
    experiments: Sequence[Experiment],
    quick: bool = False,
    workers: int | None = None,
    progress: Kind | None = None,
    journal: Journal | None = None,
) -> Report:
    """Run derivations, property tests and experiments of claims, and judge the claims.

    Parameters
    ----------
    ids : sequence of str
        Claims; all by default. The rate of false alarms is held over those that run together.
    experiments : sequence of Experiment
        Those that there are, such as `qle.experiments.catalogue.EXPERIMENTS`.
    quick : bool
        Fewer samples: about five minutes for all claims on two cores, where all samples take hours.
    workers : int, optional
        Processes, each with one thread; by default one per processor. The numbers do not depend on it.
    progress : {"bar", "lines", "none"}, optional
        By default a bar on a terminal, lines elsewhere, on standard error.
    journal : Journal, optional
        Where each outcome is written at once. Those that it holds already are not made again; the caller
        discards it when it has what it wants.

    Returns
    -------
    Report

    Raises
    ------
    SpecError
        For an unknown claim, workers < 1, or experiments of a script, which other processes cannot find.
    KeyboardInterrupt
        On Ctrl-C; with a journal, its message tells how much is in there.
    VerificationError
        If a worker dies.

    Examples
    --------
    A claim against its derivation and its properties:

    >>> from qle.verification import verify
    >>> report = verify(["S14"], experiments=[], workers=1, progress="none")
    >>> [(row.claim.id, row.derivation) for row in report.rows]
    [('S14', 'proved')]
    """
    chosen = choose(ids)
    size = processors() if workers is None else integer("workers", workers, 1)
    kind = kind_for(sys.stderr) if progress is None else progress
    _check_importable(experiments)
    tasks = tasks_of(chosen, experiments, quick=quick)
    outcomes = journal.read(tasks) if journal else []
    try:
        for outcome in _reported(tasks, experiments, outcomes, size, kind, sys.stderr):
            outcomes.append(outcome)
            if journal:
                journal.add(outcome)
    except (KeyboardInterrupt, VerificationError) as end:
        if journal is None:
            raise
        raise type(end)(
            f"{str(end) or 'interrupted'}: {len(outcomes)} of {len(tasks)} tasks are in {journal.path}; "
            "the same command resumes"
        ) from None
    outcomes.sort(key=lambda outcome: (outcome.task.kind, outcome.task.name))
    return judge(chosen, outcomes, experiments, quick=quick)


def choose(ids: Sequence[str]) -> tuple[Claim, ...]:
    """Return the claims with these ids, all for none, in the order of `theory.claims`.

    Raises
    ------
    SpecError
        For an unknown one.
    """
    everything = claims()
    known = [claim.id for claim in everything]
    for name in ids:
        if name not in known:
            raise fault("claim", name, f"is none of those that `qle claims` lists{nearest(name, known)}")
    return tuple(claim for claim in everything if not ids or claim.id in ids)


def _reported(
    tasks: Sequence[Task],
    experiments: Sequence[Experiment],
    found: Sequence[Outcome],
    workers: int,
    kind: Kind,
    stream: TextIO,
) -> Iterator[Outcome]:
    """Yield the outcomes of the tasks that have none yet, as they come, and show how many there are."""
    done = {outcome.task for outcome in found}
    left = [task for task in tasks if task not in done]
    with tqdm(total=len(tasks), initial=len(done), unit=" tasks", file=stream, disable=kind != "bar") as bar:
        for count, outcome in enumerate(_performed(left, experiments, workers), len(done) + 1):
            bar.set_postfix_str(outcome.task.name, refresh=False)
            bar.update()
            if kind == "lines":
                text = (
                    f"{count}/{len(tasks)} {outcome.task.kind} {outcome.task.name}, {outcome.seconds:.1f} s"
                )
                print(text, file=stream, flush=True)
            yield outcome


def _check_importable(experiments: Sequence[Experiment]) -> None:
    for one in experiments:
        if one.run.__module__ == "__main__":
            raise SpecError(
                f"experiment = {one.run.__name__}: must be in a module, a file of its own that is imported, "
                "as other processes have to find it"
            )


def _performed(tasks: Sequence[Task], experiments: Sequence[Experiment], workers: int) -> Iterator[Outcome]:
    """Yield the outcomes of tasks done by fresh processes, in the order in which they end."""
    waiting = deque(tasks)
    with Crew(partial(perform, experiments=experiments), min(workers, len(tasks))) as crew:
        while waiting or crew.active:
            while waiting and crew.free:
                crew.start(waiting.popleft())
            for task, found in crew.collect(WAIT):
                if isinstance(found, Failure | Lost):
                    why = found.message if isinstance(found, Failure) else f"its worker died {found.cause}"
                    raise VerificationError(f"{task.kind} {task.name}: {why}")
                yield found
