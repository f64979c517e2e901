"""What a verification has done so far, on disk, so that an interrupted one loses nothing."""

import errno
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qle import PACKAGES
from qle.verification.comparison import Alternative, Comparison
from qle.verification.tasks import Outcome, Task


class Journal:
    """The outcomes of an unfinished verification: a file with one JSON object a line.

    An outcome counts only for the code that it was made by, all of it (`code_digest`), and for the same task,
    quick or not. Errors are not kept. A line that is no outcome, torn by a crash, is passed over.

    Parameters
    ----------
    path : Path
        Made with the first outcome.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._code = code_digest()

    def read(self, tasks: Iterable[Task]) -> list[Outcome]:
        """Return the outcomes that there are of some tasks, each once; raise OSError if it is no file."""
        if not self.path.exists():
            return []
        if not self.path.is_file():  # a pipe would be waited for
            raise FileExistsError(errno.EEXIST, "is no file, move it away", str(self.path))
        wanted = set(tasks)
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        found = {outcome.task: outcome for line in lines if (outcome := self._parsed(line)) is not None}
        return [outcome for task, outcome in found.items() if task in wanted]

    def add(self, outcome: Outcome) -> None:
        """Write an outcome, unless it is an error."""
        if outcome.error is not None:
            return
        line = json.dumps({"code": self._code, **asdict(outcome)})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")  # not behind what a crash may have left of another

    def discard(self) -> None:
        """Remove the file, once what it holds is written elsewhere."""
        self.path.unlink(missing_ok=True)

    def _parsed(self, line: str) -> Outcome | None:
        try:
            entry = json.loads(line)
            return _outcome(entry) if entry["code"] == self._code else None
        except (ValueError, TypeError, KeyError, RecursionError):
            return None


def _outcome(entry: Any) -> Outcome:
    comparisons = tuple(
        Comparison(**{**one, "alternatives": tuple(Alternative(*pair) for pair in one["alternatives"])})
        for one in entry["comparisons"]
    )
    task = Task(**entry["task"])
    hash(task)  # raises TypeError for what is no name
    return Outcome(task, comparisons, None, float(entry["seconds"]))


def code_digest() -> str:
    """Return the SHA-256 of every source file of the packages, with its path in them."""
    digest = hashlib.sha256()
    for name in PACKAGES:
        spec = find_spec(name)
        for root in map(Path, (spec and spec.submodule_search_locations) or ()):
            for path in sorted(root.rglob("*.py")):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{name}/{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()
