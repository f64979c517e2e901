"""The page of the (h, J) plane: its numbers are the library's, and it needs nothing beside itself."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import khgps
from qle.cli import main
from qle.report.plane_page import plane_data, write_plane
from qle.solutions.phase_diagram import phase_diagram
from qle.solutions.plane import plane
from tests.markup import Markup, check_script

PAGE = Path(__file__).parents[3] / "docs" / "static" / "phase-plane.html"


def parts(path: Path) -> tuple[Any, str, str]:
    """Return the data of a page, its script and all of it."""
    text = path.read_text(encoding="utf-8")
    data, script = re.findall(r"<script[^>]*>(.*?)</script>", text, flags=re.DOTALL)
    return json.loads(data), script, text


def check_alone(path: Path) -> None:
    """Raise AssertionError for an address in a page, a tag left open, or what its script does not find."""
    data, script, text = parts(path)
    assert not re.search(r"https?:|//\w|\b(src|href)=|@import|url\((?!#)", text)
    asked = set(re.findall(r'getElementById\("([^"]+)"(?! \+)', script))
    asked |= {f"number-{name}" for name in data["numbers"]}
    assert asked >= {"plane-data", "map", "chosen", "curve", "field", "coupling", "regime", "number-q"}
    assert asked <= set(Markup(text).ids)
    cells = set(re.findall(r'data-i="(\d+)" data-j="(\d+)"', text))
    assert len(cells) == len(data["h"]) * len(data["J"])


def check_symmetric(data: Any, i: int, j: int, **law: float) -> None:
    """Raise AssertionError unless a point has the numbers of symmetric replicas, to five digits."""
    params = khgps.KHGPS(N=2, h=data["h"][i], J=data["J"][j], **law)  # type: ignore[arg-type]
    solution = khgps.solve_rs(params)
    found = {name: values[i][j] for name, values in data["numbers"].items()}
    assert data["regimes"][data["regime"][i][j]] == "symmetric"
    for name in ("q", "chi", "replicon", "gap_edge", "energy"):
        assert found[name] == pytest.approx(getattr(solution, name), rel=1e-3, abs=1e-9)
    assert (found["q_0"], found["chi_EA"]) == (found["q"], found["chi"])
    assert found["gap"] == pytest.approx(khgps.rs_gap(params), rel=1e-3)
    inner = slice(len(data["D"][i][j]) // 2, None)  # D is steep at the gap, and omega has five digits
    D = khgps.rs_spectrum(params, data["omega"][i][j][inner])
    np.testing.assert_allclose(data["D"][i][j][inner], D, rtol=1e-2, atol=1e-9)


@pytest.fixture(scope="module")
def solved() -> xr.Dataset:
    """Return four points, one of them past the critical line."""
    return plane([0.006, 0.02], [0.1, 0.16], points=16)


@pytest.fixture(scope="module")
def line() -> xr.Dataset:
    return phase_diagram([0.0, 0.006, 0.02], kappa_min=0.1)


def test_numbers_on_both_sides_of_the_line(solved: xr.Dataset) -> None:
    """J_c(0.006) = 0.155 and J_c(0.02) = 0.168; broken replicas as in docs/rsb.md, from another run."""
    data = plane_data(solved)
    assert data["regime"] == [[0, 1], [0, 0]]
    assert plane_data(solved.assign_coords(J=[0.1, 0.16123456789]))["J"] == [0.1, 0.1612345679]
    for i, j in ((0, 0), (1, 0), (1, 1)):
        check_symmetric(data, i, j, kappa_min=0.1)
    known = {"q": 0.01294211, "chi_EA": 3.8388, "chi": 4.0004, "energy": -1.4564740e-4, "replicon": 0.0}
    for name, value in known.items():
        assert data["numbers"][name][0][1] == pytest.approx(value, rel=1e-4, abs=5e-4)
    glass = solved.isel(h=0, J=1)
    assert float(glass["gap"]) == 0.0
    assert float(glass["q_0"]) < float(glass["q"])
    D = glass["D"].values  # marginal: D ~ omega^2 at the lowest frequencies
    assert math.log(D[1] / D[0]) / math.log(
        glass["omega"].values[1] / glass["omega"].values[0]
    ) == pytest.approx(2.0, abs=0.1)


def test_a_page_needs_nothing_beside_itself(solved: xr.Dataset, line: xr.Dataset, tmp_path: Path) -> None:
    solved = solved.copy(deep=True)
    solved["q"][1, 1] = np.nan  # null in the data
    write_plane(solved, line, tmp_path / "a.html")
    check_alone(tmp_path / "a.html")
    data, script, _ = parts(tmp_path / "a.html")
    check_script(script, tmp_path)
    assert data == json.loads(json.dumps(plane_data(solved)))
    assert data["numbers"]["q"][1][1] is None


def test_the_page_of_the_site(solved: xr.Dataset, line: xr.Dataset, tmp_path: Path) -> None:
    """`qle phase-diagram --page` wrote it; its script is the one of now."""
    check_alone(PAGE)
    data, script, _ = parts(PAGE)
    write_plane(solved, line, tmp_path / "a.html")
    assert script == parts(tmp_path / "a.html")[1]
    regime = np.array(data["regime"])
    assert {0, 1, 2} <= set(regime.ravel().tolist())
    symmetric = np.argwhere(regime == 0)
    for i, j in symmetric[[0, len(symmetric) // 2, -1]].tolist():
        check_symmetric(data, i, j, kappa_min=0.1)


@pytest.mark.verify
def test_the_page_of_the_site_in_the_glass() -> None:
    """Also where q ~ J - J_c is small, of the (h, J) that the page tells."""
    data, _, _ = parts(PAGE)
    for kind in (1, 2):
        i, j = np.argwhere(np.array(data["regime"]) == kind)[-1].tolist()
        glass = khgps.solve_rsb(khgps.KHGPS(N=2, h=data["h"][i], J=data["J"][j], kappa_min=0.1))
        for name, value in (("q", glass.q_EA), ("chi", glass.chi), ("energy", glass.energy)):
            assert data["numbers"][name][i][j] == pytest.approx(value, rel=1e-4)


def test_the_command_asks_for_both_sides_of_the_line(
    solved: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def points(h: np.ndarray, J: np.ndarray, *, each: object, **law: float) -> xr.Dataset:
        asked.append((h, J, law))
        return solved

    monkeypatch.setattr("qle.solutions.plane.plane", points)
    monkeypatch.chdir(tmp_path)
    command = ["phase-diagram", "--points", "5", "--h-max", "0.05"]
    assert main([*command, "--page", "3", "-o", "a"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == ["a.nc", "a.png", "a.html"]
    (h, J, law), top = asked[0], float(khgps.critical_coupling(0.05, kappa_min=0.1).J)
    np.testing.assert_allclose(h, [0.0, 0.025, 0.05])
    np.testing.assert_allclose(J, np.array([0.6, 1.2, 1.8]) * top, rtol=1e-6)
    assert law == {"kappa_min": 0.1, "kappa_0": 1.0, "beta": 0.0, "A": 1.0}
    check_alone(tmp_path / "a.html")
    for wrong, said in (
        (["--page", "1"], "--page 1: must be from 2 to 60"),
        (["--page", "--kappa-0", "1", "2"], "needs one"),
    ):
        assert main([*command, *wrong, "-o", "b"]) == 2
        assert said in capsys.readouterr().err
