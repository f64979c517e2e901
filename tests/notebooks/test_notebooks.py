"""Every notebook runs from clean, at its small size; `make verify` runs it at full size.

The small ones share a kernel, of which each clears the names that the one before has left: a new one
imports for 3 s. In `make verify`, and for the site, each has one of its own, and imports what it uses.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbclient
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient.util import run_sync
from nbformat.v4 import new_code_cell

FOLDER = Path(__file__).parents[2] / "notebooks"
SECONDS = {"small": 600, "full": 1800}  # of one cell; the small ones take one or two
NOTEBOOKS = sorted(FOLDER.glob("*.md"))


@pytest.fixture(scope="module")
def kernel() -> Iterator[AsyncKernelManager]:
    """Yield what starts a kernel for the first notebook, and keeps it for the others."""
    manager = AsyncKernelManager()
    yield manager
    run_sync(manager.shutdown_kernel)(now=True)


def execute(path: Path, folder: Path, size: str, kernel: AsyncKernelManager | None = None) -> None:
    """Run a notebook in `folder`, in that kernel or in one of its own."""
    notebook = jupytext.read(path)
    notebook.cells.insert(0, new_code_cell(f"%cd -q {folder}\n%reset -f"))  # type: ignore[no-untyped-call]
    client = nbclient.NotebookClient(notebook, km=kernel, timeout=SECONDS[size])
    client.execute(env={**os.environ, "QLE_NOTEBOOKS": size})
    if client.kc is not None:
        client.kc.stop_channels()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path: Path, tmp_path: Path, kernel: AsyncKernelManager) -> None:
    execute(path, tmp_path, "small", kernel)


@pytest.mark.verify
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_at_full_size(path: Path, tmp_path: Path) -> None:
    execute(path, tmp_path, "full")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_says_what_is_learnt_and_ends_with_exercises_and_a_project(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "You will learn" in text
    _, exercises = text.split("## Exercises")
    asked = sum(line[:2] in {f"{n}." for n in range(1, 10)} for line in exercises.splitlines())
    assert asked >= 2
    assert exercises.count("# Answer") == asked == exercises.count("hide-cell")
    assert re.search("\n## An open (project|question)\n", text)
