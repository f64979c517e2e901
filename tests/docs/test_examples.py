"""Every public function and class shows an example that runs; a record says instead what it holds.

Public is what a package lists in `__all__`. A record, a dataclass or named tuple without parameters of its
own, may leave the example to the function that returns it, but then its docstring names every field.
"""

import dataclasses
import doctest
import importlib
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.executors import Here

PACKAGES = (
    "landscape",
    "quartic",
    "khgps",
    "spm",
    "lattice_gps",
    "glass",
    "theory",
    "qle.statistics",
    "qle.verification",
    "qle",
)
"""Under the rule: in the order in which a name that two of them have is tested, once."""


def public() -> dict[str, Any]:
    """Return the functions and classes by the first of their names, exceptions left out."""
    found: dict[int, tuple[str, Any]] = {}
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing) or (inspect.isclass(thing) and not issubclass(thing, BaseException)):
                found.setdefault(id(thing), (f"{package}.{name}", thing))
    return dict(found.values())


PUBLIC = public()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all examples write: a sweep that several have is done once."""
    return tmp_path_factory.mktemp("examples")


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_hold(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("qle.running.sweeping.Crew", Here)  # who works is asked in tests/qle/running
    failures: list[str] = []
    for example in doctest.DocTestFinder(exclude_empty=True).find(PUBLIC[name], name):
        doctest.DocTestRunner().run(example, out=failures.append)
    assert not failures, "".join(failures)


@pytest.mark.parametrize("name", PUBLIC)
def test_has_an_example_or_names_its_fields(name: str) -> None:
    said = inspect.getdoc(PUBLIC[name]) or ""
    assert ">>> " in said or unnamed_fields(PUBLIC[name], said) == [], f"{name} has no example"


def test_packages_name_the_paper_whose_equations_they_cite() -> None:
    citing = {
        name.rpartition(".")[0] for name, thing in PUBLIC.items() if "(S " in (inspect.getdoc(thing) or "")
    }
    assert citing >= {"landscape", "quartic", "spm", "qle.statistics"}
    silent = [name for name in citing if "Lerner and Bouchbinder" not in (sys.modules[name].__doc__ or "")]
    assert silent == []


def unnamed_fields(thing: Any, said: str) -> list[str] | None:
    """Return the fields of a record that its docstring leaves out; None for what is no record."""
    names = getattr(thing, "_fields", None)
    if inspect.isclass(thing) and dataclasses.is_dataclass(thing):
        names = [name for name in inspect.get_annotations(thing) if not name.startswith("_")]
    if names is None or "Attributes\n---" not in said or "Parameters\n---" in said:
        return None
    heads = re.findall(r"^(\w.*?)(?: :.*)?$", said.split("Attributes\n---", 1)[1], re.MULTILINE)
    named = {name for head in heads for name in head.split(", ")}
    return [name for name in names if name not in named]
