"""The tasks of a verification: derivations, property tests and experiments, each run once."""

import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from qle.verification.comparison import Comparison
from qle.verification.experiment import Experiment
from theory import Claim

Kind = Literal["derivation", "property", "experiment"]
EXAMPLES = {True: 25, False: 100}  # of each property test, quick and not
SECONDS = {"derivation": 1.0, "property": 0.5}  # typical of each


@dataclass(frozen=True)
class Task:
    """What a worker shall do; `name` is that of a derivation, a property or an experiment."""

    kind: Kind
    name: str
    quick: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its comparisons, if an experiment, and the error it ended with, if any."""

    task: Task
    comparisons: tuple[Comparison, ...]
    error: str | None
    seconds: float


def tasks_of(claims: Iterable[Claim], experiments: Iterable[Experiment], *, quick: bool) -> list[Task]:
    """Return the tasks of some claims, the longest first; of the experiments those that make comparisons."""
    chosen = tuple(claims)
    ids = {claim.id for claim in chosen}
    derivations = {claim.derivation for claim in chosen if claim.derivation is not None}
    properties = {name for claim in chosen for name in claim.properties}
    measured = {e.name: e.seconds for e in experiments if ids & set(e.asked(quick=quick))}
    weighed = [(SECONDS["derivation"], Task("derivation", name, quick)) for name in derivations]
    weighed += [(SECONDS["property"], Task("property", name, quick)) for name in properties]
    weighed += [(seconds, Task("experiment", name, quick)) for name, seconds in measured.items()]
    return [task for _, task in sorted(weighed, key=lambda pair: (-pair[0], pair[1].kind, pair[1].name))]


def perform(task: Task, experiments: Sequence[Experiment] = ()) -> Outcome:
    """Do a task; an experiment is one of those given. What it raises becomes the error of the outcome."""
    start = time.monotonic()
    comparisons: tuple[Comparison, ...] = ()
    error = None
    try:
        if task.kind == "derivation":
            _derive(task.name)
        elif task.kind == "property":
            _examine(task.name, EXAMPLES[task.quick])
        else:
            comparisons = _measure(task, experiments)
    except Exception as reason:  # a failure is a result: it is shown in the row of the claim
        where = traceback.extract_tb(reason.__traceback__)[-1]
        error = f"{type(reason).__name__}: {reason} ({where.name}, line {where.lineno})"
    return Outcome(task, comparisons, error, time.monotonic() - start)


def _derive(name: str) -> None:
    from theory.derivations import derive

    derive(name)


def _examine(name: str, examples: int) -> None:
    """Run a property test on the same examples every time, without a limit on their time."""
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "verify",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("verify")
    from theory.properties import PROPERTIES

    PROPERTIES[name]()


def _measure(task: Task, experiments: Sequence[Experiment]) -> tuple[Comparison, ...]:
    experiment = next(e for e in experiments if e.name == task.name)
    comparisons = tuple(experiment.run(task.quick))
    strangers = {c.claim for c in comparisons} ^ set(experiment.asked(quick=task.quick))
    if strangers:
        raise LookupError(
            f"{task.name}: {', '.join(sorted(strangers))}: must be the claims of the experiment"
        )
    return comparisons
