"""Which functions each test executes: a plugin of pytest that writes it down, and who uses what by name.

``python -m pytest -p tests.mutation.reach --reach=FILE`` writes, for every test that passes, its seconds and
the functions of the packages that ran during it, as "file:qualified name". Compiled kernels do not show; by
name they are traced to the functions that use them (`users`).
"""

import ast
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.packages import PACKAGES as EVERY

PACKAGES = tuple(name for name in EVERY if name != "arguments")


class Recorder:
    """Notes the functions that run, test by test; those of a fixture count for every test that uses it."""

    def __init__(self, file: Path) -> None:
        self.file, self.root = file, str(Path.cwd()) + "/"
        self.now: set[CodeType] = set()
        self.by_fixture: dict[str, set[CodeType]] = defaultdict(set)
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.failed: set[str] = set()

    def trace(self, frame: FrameType, event: str, argument: object) -> None:
        """Note a call; lines are not traced."""
        self.now.add(frame.f_code)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Note what a fixture runs, apart."""
        before, self.now = self.now, set()
        try:
            return (yield)
        finally:
            self.by_fixture[fixturedef.argname] |= self.now
            self.now |= before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test runs."""
        self.now, began = set(), time.perf_counter()
        threading.settrace(self.trace)
        sys.settrace(self.trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            for name in getattr(item, "fixturenames", ()):
                self.now |= self.by_fixture[name]
            if item.nodeid not in self.failed:
                self.tests[item.nodeid] = (time.perf_counter() - began, self._names())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note which tests do not pass: they can catch nothing."""
        if not report.passed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write everything down."""
        self.file.write_text(json.dumps(self.tests), encoding="utf-8")

    def _names(self) -> list[str]:
        found = set()
        for code in self.now:
            path = code.co_filename.removeprefix(self.root)
            if path.split("/")[0] in PACKAGES:
                name = getattr(code, "co_qualname", code.co_name).split(".<locals>")[0]
                found.add(f"{path}:{name}")
        return sorted(found)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the file."""
    parser.addoption("--reach", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    """Start to note."""
    config.pluginmanager.register(Recorder(config.getoption("--reach").absolute()))


def users(root: Path, files: list[str]) -> dict[str, set[str]]:
    """Return for each name that occurs in the files the functions, "file:qualified name", that use it."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for scope, node in _scopes(ast.parse((root / file).read_bytes()), ""):
            name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
            if name:
                found[name].add(f"{file}:{scope}")
    return found


def _scopes(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield the nodes with the function or method, not a function inside of one, that they are in."""
    inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    if inside or isinstance(node, ast.ClassDef):
        scope = f"{scope}.{node.name}".lstrip(".")  # type: ignore[attr-defined]
    for child in ast.iter_child_nodes(node):
        yield scope, child
        if inside:
            yield from ((scope, one) for one in ast.walk(child))
        else:
            yield from _scopes(child, scope)
