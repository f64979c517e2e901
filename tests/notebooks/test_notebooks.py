"""Every notebook runs from clean, at its small size; `make verify` runs it at full size."""

import os
import re
from pathlib import Path

import jupytext
import nbclient
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
SECONDS = {"small": 600, "full": 1800}  # of one cell; the small ones take one or two
NOTEBOOKS = sorted(FOLDER.glob("*.md"))


def execute(path: Path, folder: Path, size: str) -> None:
    """Run a notebook in a kernel of its own."""
    where = {"metadata": {"path": folder}}
    client = nbclient.NotebookClient(jupytext.read(path), timeout=SECONDS[size], resources=where)
    client.execute(env={**os.environ, "QLE_NOTEBOOKS": size})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path: Path, tmp_path: Path) -> None:
    execute(path, tmp_path, "small")


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
