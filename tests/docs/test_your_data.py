"""The commands of the page on data of one's own run in turn, and print what it shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qle.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "your-data.md"
STEP = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


def printed_by(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a line prints; `qle` runs in this process, which has loaded what it needs."""
    words = shlex.split(line)
    if words[0] == "qle":
        assert main(words[1:]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        line, shell=True, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    ).stdout


def test_the_commands_print_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    steps = STEP.findall(PAGE.read_text(encoding="utf-8"))
    assert len(steps) >= 4
    for commands, shown in steps:
        found = "".join(printed_by(line, capsys) for line in commands.splitlines())
        assert NUMBER.sub("#", found).split() == NUMBER.sub("#", shown).split()
        numbers, expected = ([float(one) for one in NUMBER.findall(text)] for text in (found, shown))
        # drawn with a fixed seed, and printed to two digits or more: the last may round otherwise
        np.testing.assert_allclose(numbers, expected, rtol=0.02, atol=0.011)
