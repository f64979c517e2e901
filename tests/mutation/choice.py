"""Which errors are planted, and which tests could see each."""

import ast
import random
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.changes import Change, changes
from tests.mutation.reach import PACKAGES, users

RECORD = Path(__file__).with_name("equivalent.toml")
FIELDS = ("file", "scope", "old", "new")
SECONDS = 120.0  # of tests, the quickest first, that an error must survive


@dataclass(frozen=True)
class Mutant:
    """One error of one file."""

    file: str
    change: Change

    def __str__(self) -> str:
        """Return file, line, scope and both texts."""
        one = self.change
        return f"{self.file}:{one.line} {one.scope}\n    {one.old}\n    {one.new}"


def read_record() -> list[dict[str, str]]:
    """Return the entries of the record of what changes no result, each with its reason.

    Raises
    ------
    ValueError
        For an entry without a reason, or with an unknown key.
    """
    entries: list[dict[str, str]] = tomllib.loads(RECORD.read_text(encoding="utf-8"))["same"]
    for entry in entries:
        if not entry.get("reason") or not entry.get("file") or set(entry) - {*FIELDS, "reason"}:
            raise ValueError(f"{RECORD.name}: {entry}: must have file, reason and none but {FIELDS}")
    return entries


def is_recorded(mutant: Mutant, entries: Iterable[dict[str, str]]) -> bool:
    """Return whether an entry describes the mutant: text for text, or up to a final star."""
    change = mutant.change
    own = {"file": mutant.file, "scope": change.scope, "old": change.old, "new": change.new}
    return any(all(_fits(entry.get(field, "*"), own[field]) for field in FIELDS) for entry in entries)


def _fits(pattern: str, text: str) -> bool:
    return text == pattern or (pattern.endswith("*") and text.startswith(pattern[:-1]))


def sample(root: Path, paths: list[str], count: int, seed: int) -> list[Mutant]:
    """Return mutants drawn at random without repetition, from each package in turn while it has some."""
    entries = read_record()
    names = (
        path.relative_to(root).as_posix() for top in PACKAGES for path in sorted((root / top).rglob("*.py"))
    )
    files = [name for name in names if not paths or name.startswith(tuple(paths))]
    drawn: dict[str, list[Mutant]] = {}
    for file in files:
        every = (Mutant(file, change) for change in changes((root / file).read_text(encoding="utf-8")))
        drawn.setdefault(file.split("/")[0], []).extend(m for m in every if not is_recorded(m, entries))
    for mutants in drawn.values():
        random.Random(seed).shuffle(mutants)
    turns = [mutants[k] for k in range(count) for mutants in drawn.values() if k < len(mutants)]
    return turns[:count]


def sources(root: Path) -> list[str]:
    """Return the files of the packages, relative to the root."""
    return sorted(
        path.relative_to(root).as_posix() for top in PACKAGES for path in (root / top).rglob("*.py")
    )


class Choice:
    """The tests that could see an error, from what each executed.

    Parameters
    ----------
    root : Path
    reach : dict
        By test its seconds and the functions it ran, as `tests.mutation.reach` writes them.
    """

    def __init__(self, root: Path, reach: dict[str, Any]) -> None:
        self.root, self.seconds = root, {test: seconds for test, (seconds, _) in reach.items()}
        self.by_function: dict[str, set[str]] = {}
        for test, (_, functions) in reach.items():
            for function in functions:
                self.by_function.setdefault(function, set()).add(test)
        self.users = users(root, sources(root))

    def tests(self, mutant: Mutant) -> tuple[list[str], int]:
        """Return tests, the quickest first and `SECONDS` of them in all, and how many more there are."""
        found = sorted(self._seeing(mutant), key=lambda test: self.seconds[test])
        total = 0.0
        chosen: list[str] = []
        for test in found:
            total += self.seconds[test]
            if total < SECONDS or not chosen:
                chosen.append(test)
        return chosen, len(found) - len(chosen)

    def _seeing(self, mutant: Mutant) -> set[str]:
        """Return the tests that run the function; else those of its users; else those of its file."""
        parts = mutant.change.scope.split(".")
        for end in range(len(parts), 0, -1):
            if seen := self.by_function.get(f"{mutant.file}:{'.'.join(parts[:end])}"):
                return seen
        waiting = [parts[-1]] if parts[-1] else self._bound(mutant)
        known, seen = set(waiting), set()
        while waiting:
            for user in self.users.get(waiting.pop(), ()):
                name = user.split(":")[1].split(".")[-1]
                if user in self.by_function:
                    seen |= self.by_function[user]
                elif name and name not in known:
                    known.add(name)
                    waiting.append(name)
        ran = (
            tests for function, tests in self.by_function.items() if function.startswith(f"{mutant.file}:")
        )
        return seen or set().union(*ran)

    def _bound(self, mutant: Mutant) -> list[str]:
        """Return the names that the changed statement at the top of a file binds."""
        for statement in ast.parse((self.root / mutant.file).read_bytes()).body:
            if statement.lineno <= mutant.change.line <= (statement.end_lineno or 0):
                names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
                return [node.id for node in names if isinstance(node.ctx, ast.Store)]
        return []
