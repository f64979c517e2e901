"""Every block of code in the README and the pages runs: Python in one session a page, shell lines in turn."""

import re
import shutil
from pathlib import Path

import pytest

from tests.fresh import Fresh
from tests.page_commands import run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LANGUAGES = {"python", "sh", "toml", "text", "{toctree}", "{eval-rst}"}  # a text block is nothing to run


def blocks(page: Path, language: str) -> list[str]:
    return [body for name, body in BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def names(pages: list[Path]) -> list[str]:
    return [page.stem for page in pages]


COMPARED = {
    "python": {"first-hour", "heat-and-wells"},
    "sh": {"first-hour", "heat-and-wells", "your-data", "installation"},
}
"""Pages of which other tests run every block and compare what it prints."""


def to_run(language: str) -> list[Path]:
    return [page for page in PAGES if blocks(page, language) and page.stem not in COMPARED[language]]


WITH_PYTHON, WITH_SHELL = to_run("python"), to_run("sh")


SMALLER = {
    "README.md": [("samples=200", "samples=40")],
    "quick.toml": [
        ("N = 500", "N = 100"),
        ("J = [0.03, 0.06, 0.1, 0.2, 0.3]", "J = [0.1, 0.2]"),
        ("kappa_0 = [0.3, 1.0, 3.0]", "kappa_0 = 1.0"),
    ],
}
"""Sizes that are others here: the lines run as well, in less time."""


def smaller(name: str, text: str) -> str:
    for before, after in SMALLER.get(name, []):
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_block_has_a_language(page: Path) -> None:
    assert {name for name, _ in BLOCK.findall(page.read_text(encoding="utf-8"))} <= LANGUAGES


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_picture_is_there(page: Path) -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)#?]+)\)", page.read_text(encoding="utf-8"))
    here = [name for name in pictures if "://" not in name]
    assert [name for name in here if not (page.parent / name).is_file()] == []


@pytest.mark.parametrize("page", WITH_PYTHON, ids=names(WITH_PYTHON))
def test_python_runs(page: Path, tmp_path: Path, fresh: Fresh) -> None:
    ended = fresh.run(smaller(page.name, "\n".join(blocks(page, "python"))), tmp_path)
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("page", WITH_SHELL, ids=names(WITH_SHELL))
def test_shell_lines_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    shutil.copytree(ROOT / "sweeps", tmp_path / "sweeps")
    quick = tmp_path / "sweeps" / "quick.toml"
    quick.write_text(smaller(quick.name, quick.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run("".join(blocks(page, "sh")))
