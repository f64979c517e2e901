"""Kernels compiled ahead, and what is said of those that are not."""

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from landscape.compilation import COMPILATION
from qle.cli import main

CALL = "from landscape import disorder; disorder.uniform(3, seed=1, sample=0, label='one')"


def calls(kernel: Any) -> set[str]:
    """Return the names of what a kernel calls."""
    tree = ast.parse(inspect.getsource(kernel.py_func))
    return {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def test_warming_calls_every_kernel(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that others of their file call are compiled into these, and not looked up by themselves."""
    assert main(["warm"]) == 0
    kernels = {(kernel.__module__, kernel.__name__): kernel for kernel in COMPILATION.kernels}
    assert int(capsys.readouterr().out.split()[0]) == len(COMPILATION.kernels) >= 140
    reached = {name for name, kernel in kernels.items() if kernel.signatures}
    waiting = list(reached)
    while waiting:
        module, name = waiting.pop()
        inner = {(module, called) for called in calls(kernels[module, name])} & set(kernels)
        waiting += inner - reached
        reached |= inner
    assert set(kernels) - reached == {("quartic.couplings.normal", "integers")}  # of tests alone


def compile_one(folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "QUARTIC_SILENT"}
    environment |= {"NUMBA_CACHE_DIR": str(folder), **variables}
    return subprocess.run([sys.executable, "-c", CALL], env=environment, capture_output=True, text=True)


def test_who_waits_for_the_compiler_is_told_once_and_only_then(tmp_path: Path) -> None:
    first = compile_one(tmp_path)
    said = first.stderr.splitlines()
    assert len(said) == 2, first.stderr
    assert said[0].startswith("compiling kernels, each some seconds")
    assert said[1].startswith("compiled ")
    assert said[1].endswith(" s; they are kept for later calls")
    assert compile_one(tmp_path).stderr == ""


def test_workers_say_nothing(tmp_path: Path) -> None:
    assert compile_one(tmp_path, QUARTIC_SILENT="1").stderr == ""


@pytest.mark.verify
def test_after_warming_no_page_and_no_sweep_compiles_anything(tmp_path: Path) -> None:
    """The Python of every page of the engine, with a cache that `qle warm` alone has filled."""
    root = Path(__file__).parents[3]
    environment = {name: value for name, value in os.environ.items() if name != "QUARTIC_SILENT"}
    environment |= {"NUMBA_CACHE_DIR": str(tmp_path), "MPLBACKEND": "agg"}
    command = [sys.executable, "-m", "qle.cli", "warm"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert int(done.stdout.split()[2]) > 100  # "140 kernels: 155 compiled in ..."
    for page in (
        "engine",
        "nonlinear",
        "lattice",
        "soft-potentials",
        "rsb",
        "how-to",
        "clusters",
        "first-hour",
    ):
        text = (root / "docs" / f"{page}.md").read_text(encoding="utf-8")
        blocks = [part.partition("```")[0] for part in text.split("```python\n")[1:]]
        ran = subprocess.run(
            [sys.executable, "-c", "\n".join(blocks)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert "compiled" not in ran.stderr, page
