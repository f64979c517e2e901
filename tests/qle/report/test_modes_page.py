"""The page of modes: its numbers are those of the modes, and it needs nothing beside itself."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qle.cli import main
from qle.export.modes import Mode, Place
from qle.report import modes_page
from tests.markup import Markup, check_script

CELL = np.diag([3.0, 4.0, 1.0])
FLAT = Place(np.array([[0.0, 1.0], [2.0, 3.0], [1.0, 1.0]]), CELL, {})
MOVED = Mode(
    "cubic_0", {"file": "</script>", "frequency": 0.123456}, np.array([[0.0, 0.3], [0.4, 0.3], [0, 0]])
)
SITES = Mode("normal_1", {"number": 1}, np.array([0.1, -0.2, 0.05]))


def read(path: Path) -> list[dict[str, Any]]:
    """Return the data of a page; raise AssertionError for an address, an open tag, or a script of no use."""
    text = path.read_text(encoding="utf-8")
    data, script = re.findall(r"<script[^>]*>(.*?)</script>", text, flags=re.DOTALL)
    assert not re.search(r"https?:|//\w|\b(src|href)=|@import|url\(", text)
    asked = set(re.findall(r'getElementById\("([^"]+)"', script)) | {"view", "mode", "size", "least"}
    assert asked <= set(Markup(text).ids)
    check_script(script, path.parent)
    return json.loads(data)  # type: ignore[no-any-return]


def test_modes_are_drawn_over_their_largest_displacement(tmp_path: Path) -> None:
    modes_page.write_page(tmp_path / "a.html", [(FLAT, [MOVED, SITES])])
    (one,) = read(tmp_path / "a.html")
    assert (one["flat"], one["cell"]) == (True, CELL.tolist())
    assert one["places"] == [[0, 0.25, 0], [0.66667, 0.75, 0], [0.33333, 0.25, 0]]
    moved, sites = one["modes"]
    assert moved["vector"] == [[0, 0.6, 0], [0.8, 0.6, 0], [0, 0, 0]]
    assert (moved["name"], moved["told"]) == ("cubic 0", "file </script>, frequency 0.1235")
    assert (moved["middle"], sites["middle"]) == (1, 1)
    assert sites["vector"] == [0.5, -1, 0.25]


def test_more_than_a_page_can_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modes_page, "MOST", 14)
    with pytest.raises(ValueError, match=r"a.html: has 15 numbers, must have at most 14; take fewer modes"):
        modes_page.write_page(tmp_path / "a.html", [(FLAT, [MOVED, SITES])])
    assert not any(tmp_path.iterdir())


def test_the_command_writes_the_page_of_a_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["lattice", "--L", "3", "--samples", "1", "--modes-to", str(tmp_path / "a.html")]
    assert main(line) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "a.html")
    (one,) = read(tmp_path / "a.html")
    assert len(one["modes"]) == 20
