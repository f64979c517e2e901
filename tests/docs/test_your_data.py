"""The commands of the page on data of one's own run in turn, and print what it shows."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.page_commands import run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "your-data.md"
STEP = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


def test_the_commands_print_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    steps = STEP.findall(PAGE.read_text(encoding="utf-8"))
    assert len(steps) >= 4
    for commands, shown in steps:
        out, err = run(commands)
        assert err == ""
        if not shown:
            continue
        assert NUMBER.sub("#", out).split() == NUMBER.sub("#", shown).split()
        printed, expected = ([float(one) for one in NUMBER.findall(text)] for text in (out, shown))
        # numbers are drawn with a fixed seed, and printed to two digits or more: the last may round otherwise
        np.testing.assert_allclose(printed, expected, rtol=0.02, atol=0.011)
