"""Thousands of inputs with mistakes in them: never a traceback, a hang, or nan for a finite question.

The seed of every input is fixed; what fails is listed with its number and can be made again by that.
"""

import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import spm
from qle.description.spec import read_spec
from tests.fuzz import commands, faces, stores, texts
from tests.fuzz.rules import Broken, check_call, check_command

KINDS: dict[str, int] = {"faces": 5000, "sweeps": 2000, "tables": 1500, "commands": 800, "stores": 700}
SAMPLE: dict[str, int] = {"faces": 150, "sweeps": 100, "tables": 60, "commands": 15, "stores": 10}
Case = Callable[[np.random.Generator, Path], str]


def one_face(rng: np.random.Generator, folder: Path) -> str:
    face, arguments = faces.draw(rng)
    name = face.function.__module__ + "." + face.function.__qualname__
    changed = {k: v for k, v in arguments.items() if v is not face.arguments.get(k)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            check_call(face.function, arguments)
    except Broken as fault:
        raise Broken(f"{name}({_text(changed)}): {fault}") from None
    return name


def one_sweep(rng: np.random.Generator, folder: Path) -> str:
    path = folder / "sweep.toml"
    path.write_bytes(texts.toml(rng))
    check_call(read_spec, {"path": path})
    return "sweep"


def one_table(rng: np.random.Generator, folder: Path) -> str:
    path = folder / "glass.csv"
    path.write_bytes(texts.table(rng))
    debye = None if rng.random() < 0.5 else float(rng.choice([0.0, 0.1, -1.0, 1e10, 1e200]))

    def fit() -> spm.HeatFit:
        data = spm.read_specific_heat(path)
        return spm.fit_specific_heat(data.T, data.C, data.C_error, debye=debye)

    try:
        check_call(fit, {})
    except Broken as fault:
        raise Broken(f"debye = {debye}, {path.read_bytes()[:300]!r}: {fault}") from None
    return "table"


def one_command(rng: np.random.Generator, folder: Path) -> str:
    commands.supply(folder)
    line = commands.draw(rng)
    try:
        check_command(line)
    except Broken as fault:
        raise Broken(f"{' '.join(word[:60] for word in line)!r}: {fault}") from None
    return line[0]


def one_store(rng: np.random.Generator, folder: Path) -> str:
    commands.supply(folder)
    line, spoilt = stores.draw(rng, folder / "store")
    try:
        check_command(line)
    except Broken as fault:
        raise Broken(f"{' '.join(line)} with {'; '.join(spoilt)}: {fault}") from None
    return line[0]


def _text(arguments: dict[str, object]) -> str:
    def shown(value: object) -> str:
        try:
            return f"{type(value).__name__} {value!r}"[:120]
        except ValueError:
            return "a huge number"

    return ", ".join(f"{name}={shown(value)}" for name, value in arguments.items())


CASES: dict[str, Case] = {
    "faces": one_face,
    "sweeps": one_sweep,
    "tables": one_table,
    "commands": one_command,
    "stores": one_store,
}


def run(kind: str, count: int, folder: Path) -> None:
    """Try so many inputs of a kind; fail with those that break a rule."""
    seed = sorted(KINDS).index(kind)
    faults = []
    for k in range(count):
        place = folder / str(k)
        place.mkdir()
        os.chdir(place)
        try:  # its own folder, so that what one leaves does not meet another
            CASES[kind](np.random.default_rng([seed, k]), place)
        except Broken as fault:
            faults.append(f"{kind} {k}: {fault}")
        finally:
            os.chdir(folder)
            shutil.rmtree(place, ignore_errors=True)
    assert not faults, f"{len(faults)} of {count}:\n" + "\n".join(faults)


@pytest.mark.parametrize("kind", CASES)
def test_a_few_inputs(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(kind, SAMPLE[kind], tmp_path)


@pytest.mark.verify
@pytest.mark.parametrize("kind", CASES)
def test_ten_thousand_inputs(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(kind, KINDS[kind], tmp_path)
