"""Models of a user's own: how they are named, and one line for each mistake."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qle import Spec, SpecError, SweepError, read_spec, sweep
from qle.description import own_model
from tests.own_models import forget, write_modules

RING: dict[str, Any] = {"samples": 2, "grid": {"N": 12, "J": 0.1}, "measure": {"modes": 3}}
HEAD = "from dataclasses import dataclass\nimport numpy as np, landscape\n"
GOOD_CLASS = "@dataclass\nclass Bad:\n    N: int\n"
EYE = "landscape.Harmonic(np.eye({}))"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder with modules, which are forgotten afterwards."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    forget()
    yield write_modules(tmp_path)
    forget()


def series(**table: object) -> str:
    return str(Spec.from_mapping({"model": "own_ring:Ring", **RING, **table}).series["model"])


def test_a_class_and_its_name_are_one_model(folder: Path) -> None:
    from own_ring import Ring  # type: ignore[import-not-found]

    spec = Spec(model=Ring, **RING)
    assert spec.series["model"] == series() == spec.model
    assert own_model.is_recorded(spec.model)
    assert dict(spec.grid) == {"J": (0.1,), "N": (12,), "h": (0.05,), "shape": ("even",)}
    grid = {name: list(values) for name, values in spec.grid.items()}
    assert Spec(model=spec.model, **{**RING, "grid": grid}) == spec


def test_the_digest_is_of_all_that_is_the_users_and_of_nothing_else(folder: Path) -> None:
    """The module, and `stiff` that it imports; not `own_springs` beside it, nor ends of lines."""
    first = series()
    (folder / "own_springs.py").write_text("x = 1\n")
    text = (folder / "own_ring.py").read_bytes()
    (folder / "own_ring.py").write_bytes(text.replace(b"\n", b"\r\n"))
    forget()
    assert series() == first
    for name in ("own_ring.py", "stiff.py"):
        with (folder / name).open("a") as file:
            file.write("# changed\n")
        forget()
        assert series() != first
        first = series()


def test_a_source_that_changes_under_a_process_is_refused(folder: Path) -> None:
    filed = series()
    (folder / "stiff.py").write_text("def law(u):\n    return u\n")
    with pytest.raises(SpecError, match="changed since it was imported: restart this Python"):
        series()
    forget()
    with pytest.raises(SpecError, match="its source has changed, here it is own_ring:Ring@"):
        own_model.loaded(filed)


def test_a_package_has_the_digest_of_the_files_that_it_imports(folder: Path) -> None:
    package = folder / "bad"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "laws.py").write_text("width = 1.0\n")
    (package / "models.py").write_text(
        f"{HEAD}from .laws import width\n{GOOD_CLASS}"
        f"    def draw(self, *, seed, sample): return {EYE.format('self.N')}\n"
    )
    table = {"model": "bad.models:Bad", "samples": 1, "grid": {"N": 30}}
    first = Spec.from_mapping(table).model
    (package / "laws.py").write_text("width = 2.0\n")
    forget("bad", "bad.models", "bad.laws")
    assert Spec.from_mapping(table).model != first


def test_the_file_of_a_sweep_has_its_model_beside_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place != str(folder)])
    file = folder / "sweep.toml"
    file.write_text('model = "own_ring:Ring"\nsamples = 2\n[grid]\nN = 32\nJ = 0.1\n')
    assert read_spec(file).model.startswith("own_ring:Ring@")
    other = folder / "other"
    other.mkdir()
    write_modules(other)
    file.rename(other / "sweep.toml")
    with pytest.raises(SpecError, match=r"other/own_ring.py is not found, .*own_ring.py comes first"):
        read_spec(other / "sweep.toml")


MISTAKES = [
    ("no_such_module:Ring", "", "there is no module no_such_module"),
    ("bad:Ring", "", "has no class Ring"),
    ("bad", "", "must be one of khgps, lattice_gps, soft_spheres, or module:Class of your own"),
    ("bad:", "", "must be module:Class"),
    ("bad:a b", "", "must be module:Class"),
    ("bad:Bad", "import no_such_thing\n", "importing bad failed: ModuleNotFoundError: No mod.* 'no_such"),
    ("bad:Bad", "x = (\n", "importing bad failed: SyntaxError"),
    ("bad:Bad", "raise SystemExit(3)\n", "importing bad failed: SystemExit"),
    ("bad:Bad", "class Bad:\n    N = 3\n", "must be a dataclass"),
    ("bad:Bad", "Bad = 3\n", "has no class Bad"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}", r"nothing draws its samples: write draw\(params, \*"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}draw = 3\n", "nothing draws"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}def draw(p, seed): pass\n", r"draw\(p, seed\): must be draw\("),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}def draw(p, *, seed, sample, T): pass\n", "missing a required.* 'T'"),
    ("bad:Bad", f"{HEAD}@dataclass\nclass Bad:\n    size: int\ndraw = print\n", "must have a field N: int"),
    ("bad:Bad", f"{HEAD}@dataclass\nclass Bad:\n    N: float\ndraw = print\n", "must have a field N: int"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}    law: list\ndraw = print\n", "law is list: must be an int, float"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}    b: bool = True\ndraw = print\n", "b is bool: must be an int, float"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}    a: 'float | None' = None\ndraw = print\n", "must be an int"),
    ("bad:Bad", f"{HEAD}{GOOD_CLASS}    a: 'Lost' = 1\ndraw = print\n", "cannot be read: NameError"),
    (
        "bad:Bad",
        f"{HEAD}{GOOD_CLASS}    def __post_init__(self): raise KeyError('odd N')\n"
        "    def draw(self, *, seed, sample): pass\n",
        "grid: the model refuses N = 3: KeyError: 'odd N'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), MISTAKES)
def test_a_bad_model_is_one_line(folder: Path, name: str, text: str, message: str) -> None:
    (folder / "bad.py").write_text(text)
    with pytest.raises(SpecError, match=message) as caught:
        Spec.from_mapping({"model": name, "samples": 1, "grid": {"N": 3}, "measure": {"modes": 2}})
    assert len(str(caught.value).splitlines()) == 1


def test_a_class_of_the_running_script_is_refused() -> None:
    class Inner:
        pass

    with pytest.raises(SpecError, match="must be at the top of a module"):
        Spec(model=Inner, samples=1, grid={"N": 3})  # type: ignore[arg-type]


DRAWN = [
    ("return 3", SweepError, "bad:Bad@.*: sample 0 at N = 3: draw: TypeError: is a int: must be a"),
    (f"return {EYE.format(4)}", SweepError, "sample 0 at N = 3: draw: ValueError: has 4 coordinates: must"),
    ("raise OSError('no tape')", SweepError, "sample 0 at N = 3: draw: OSError: no tape"),
    (
        "return landscape.Harmonic(np.diag(1 + np.random.default_rng().random(3)))",
        SpecError,
        "sample 0, drawn twice, is two different samples",
    ),
    ("return landscape.Functions(lambda x: 1 / 0, lambda x: x, 3)", SweepError, "at N = 3: ZeroDivision"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "message"), DRAWN)
def test_bad_samples_are_refused_before_any_work(
    folder: Path, body: str, kind: type[Exception], message: str
) -> None:
    (folder / "bad.py").write_text(
        f"{HEAD}{GOOD_CLASS}    def draw(self, *, seed, sample):\n        {body}\n"
    )
    table = {"model": "bad:Bad", "samples": 1, "grid": {"N": 3}, "protocol": {"start": "zero"}}
    with pytest.raises(kind, match=message):
        sweep({**table, "measure": {"modes": 2}}, store=folder / "store", workers=1, progress="none")
    assert list((folder / "store").rglob("*.npz")) == []


ASKED = [
    ({"measure": {"modes": 2, "nonlinear": True}}, "measure.nonlinear = True: cannot be measured: .*third"),
    ({"measure": {"modes": 2, "heat": True}}, "measure.heat = True: cannot be measured: Harmonic is"),
    ({"protocol": {"start": "decoupled"}}, "protocol.start = 'decoupled': needs oscillators"),
    ({"protocol": {"start": "random", "starts": 3}}, "protocol.starts = 3: needs oscillators"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "message"), ASKED)
def test_what_a_landscape_lacks_is_refused_before_any_work(
    folder: Path, asked: dict[str, object], message: str
) -> None:
    table = {"model": "own_springs:Bare", "samples": 1, "grid": {"N": 3}, "protocol": {"start": "zero"}}
    table["measure"] = {"modes": 2}
    with pytest.raises(SpecError, match=message):
        sweep({**table, **asked}, store=folder / "store", workers=1, progress="none")
    assert list((folder / "store").rglob("*.npz")) == []


def test_a_parameter_with_the_name_of_a_variable_is_refused(folder: Path) -> None:
    (folder / "bad.py").write_text(
        f"{HEAD}{GOOD_CLASS}    energy: float = 1.0\ndef draw(p, *, seed, sample): pass\n"
    )
    table = {"model": "bad:Bad", "samples": 1, "grid": {"N": 30}}
    with pytest.raises(SpecError, match=r"grid\.energy: is the name of something else in a data set"):
        sweep(table, store=folder / "store", workers=1, progress="none")
