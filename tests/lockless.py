"""A sweep whose locks lock nothing, as on a shared folder that knows none, and whose samples are free."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from benchmarks.bookkeeping import measured
from qle.description.identity import Identity
from qle.description.spec import Spec
from qle.running.progress import Progress
from qle.running.run import Run
from qle.running.tasks import complete
from tests.executors import Here

SAMPLES = 100
N = 2800  # a block is one sample
SPEC = Spec(model="khgps", samples=SAMPLES, grid={"N": N, "h": 0.01, "J": [0.1, 0.2]})


@contextmanager
def _nothing(path: Path) -> Iterator[bool]:
    yield True


def sweep(store: str) -> None:
    """Do all samples of both points, merging four files into one, through files that have names."""
    points: list[Identity] = [{**SPEC.series, "parameters": values} for values in SPEC.points()]
    changes = {
        "qle.store.blocks._lock": _nothing,
        "qle.store.compaction.FAN": 4,
        "qle.running.tasks.measure_range": measured,
        "qle.running.run.measure_range": measured,
        "os.fsync": lambda descriptor: None,
    }
    with ExitStack() as stack:
        for name, value in changes.items():
            stack.enter_context(mock.patch(name, value))
        if hasattr(os, "O_TMPFILE"):
            stack.enter_context(mock.patch.object(os, "O_TMPFILE"))
            del os.O_TMPFILE  # until the patch ends: files are named while they are written
        crew = stack.enter_context(Here(complete, 1))
        shown = Progress("none", samples=SAMPLES * len(points), points=len(points))
        Run(Path(store), crew).finish([(point, SAMPLES) for point in points], shown)


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    sweep(sys.argv[1])
