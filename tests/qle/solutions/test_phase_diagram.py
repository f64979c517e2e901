"""The phase diagram as data, text and figure."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import brentq

import khgps
from qle.cli import main
from qle.figures.phase_diagram import draw
from qle.solutions.phase_diagram import phase_diagram, suitable_fields


def test_the_line_starts_at_the_closed_form_and_changes_kind_at_the_special_point() -> None:
    """At h = 0: J_c^2 = (kappa_min - u)(kappa_0 - u), u = J_c^2/width ln((kappa_0 - u)/(kappa_min - u))."""
    fields = suitable_fields(kappa_min=[0.1], kappa_0=[1.0], points=41)
    line = phase_diagram(fields, kappa_min=0.1).squeeze(("kappa_min", "kappa_0"))

    def excess(u: float) -> float:
        return (0.1 - u) * (1.0 - u) / 0.9 * math.log((1.0 - u) / (0.1 - u)) - u

    u = brentq(excess, 0.0, 0.1 - 1e-12, xtol=1e-15)
    assert line.J[0].item() == pytest.approx(math.sqrt((0.1 - u) * (1.0 - u)), rel=1e-9)
    np.testing.assert_array_equal(line.exponent, np.where(line.h < line.special_h, 2.0, 4.0))
    assert (line.h > line.special_h).any()
    at = khgps.critical_coupling(line.special_h.item(), kappa_min=0.1)
    np.testing.assert_allclose(at.J, line.special_J, rtol=1e-8)
    assert (line.J.diff("h") > 0).all()


def test_a_map_holds_the_lines_of_all_laws() -> None:
    fields = [0.0, 0.1, 0.5]
    diagram = phase_diagram(fields, kappa_min=[0.2, 1.0], kappa_0=[1.0, 2.0])
    assert dict(diagram.sizes) == {"h": 3, "kappa_min": 2, "kappa_0": 2}
    for kappa_min in (0.2, 1.0):
        for kappa_0 in (1.0, 2.0):
            one = khgps.critical_coupling(np.array(fields), kappa_min=kappa_min, kappa_0=kappa_0)
            here = diagram.sel(kappa_min=kappa_min, kappa_0=kappa_0)
            for name in ("J", "exponent", "q", "chi", "gap_edge", "replicon"):
                np.testing.assert_array_equal(here[name], getattr(one, name))
            if kappa_min < kappa_0:
                point = khgps.special_point(kappa_min=kappa_min, kappa_0=kappa_0)
                assert (here.special_h.item(), here.special_J.item()) == (point.h, point.J)
    assert math.isnan(diagram.special_h.sel(kappa_min=1.0, kappa_0=1.0).item())  # Kuehn-Horstmann: none


def test_fields_are_dense_near_zero_and_end_beyond_the_farthest_special_point() -> None:
    """t^2 of even t; up to three times the largest special field, or kappa_0^(3/2)/A^(1/2) without any."""
    farthest = max(khgps.special_point(kappa_min=low, kappa_0=2.0, A=4.0).h for low in (0.3, 0.5))
    fields = suitable_fields(kappa_min=[0.3, 0.5], kappa_0=[2.0], A=4.0, points=5)
    np.testing.assert_allclose(fields, 3.0 * farthest * np.array([0, 1, 4, 9, 16]) / 16.0, rtol=1e-12)
    alone = suitable_fields(kappa_min=[2.0], kappa_0=[2.0], A=4.0, points=2)
    np.testing.assert_allclose(alone, [0.0, 2.0**1.5 / 2.0], rtol=1e-12)


def test_rescaling_of_the_anharmonicity() -> None:
    """Only h sqrt(A) matters to J_c: exact."""
    one = phase_diagram([0.2, 0.4], kappa_min=0.3)
    other = phase_diagram([0.1, 0.2], kappa_min=0.3, A=4.0)
    np.testing.assert_allclose(other.J, one.J, rtol=1e-12)
    np.testing.assert_allclose(other.special_h, one.special_h / 2.0, rtol=1e-9)


@pytest.mark.parametrize("stiffnesses", [["0.1"], ["0.1", "0.3", "1"]])
def test_the_command_prints_and_writes(
    stiffnesses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    options = ["--h-max", "0.5", "--points", "21", "-o", str(output)]
    assert main(["phase-diagram", "--kappa-min", *stiffnesses, *options]) == 0
    text = capsys.readouterr().out
    for kappa_min in stiffnesses:
        line, nothing = "special point h = ", "no special point"
        assert f"kappa_min = {kappa_min}, kappa_0 = 1" in text
        assert (nothing if kappa_min == "1" else line) in text
    assert (tmp_path / "out.png").stat().st_size > 10_000
    with xr.open_dataset(tmp_path / "out.nc") as data:
        assert data.sizes["h"] == 21
        assert data["J"].attrs["long_name"].startswith("critical coupling")


def test_what_is_printed_is_the_same_in_other_units(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stiffnesses 1e-14 times as large: gap edges follow, and are no rounding; of the two one is 0."""
    monkeypatch.chdir(tmp_path)
    rows = []
    for kappa_min, kappa_0 in (("0.1", "1"), ("1e-15", "1e-14")):
        assert main(["phase-diagram", "--kappa-min", kappa_min, "--kappa-0", kappa_0, "--points", "9"]) == 0
        rows.append(np.array([line.split() for line in capsys.readouterr().out.splitlines()[2:11]], float))
    usual, small = rows
    np.testing.assert_allclose(small[:, 5], 1e-14 * usual[:, 5], rtol=2e-3)  # four digits
    np.testing.assert_allclose(small[:, 6], usual[:, 6], rtol=2e-3)
    assert ((usual[:, 5] == 0.0) != (usual[:, 6] == 0.0)).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--kappa-min", "0"], "kappa_min = 0.0: must be > 0, or there is no replica-symmetric phase"),
        (["--kappa-min", "2"], "kappa_min = 2.0: must be finite and <= 1, or kappa_0 = 1.0 is less"),
        (["--h-max", "-1"], "h_max = -1.0: must be finite and > 0"),
        (["--h-max", "nan"], "h_max = nan: must be finite and > 0"),
        (["--points", "1"], "points = 1: must be an integer from 2 to 100000"),
        (["--A", "0"], "A = 0.0: must be finite and > 0"),
    ],
)
def test_bad_input_is_one_line(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["phase-diagram", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qle: error: {message}")


@pytest.mark.parametrize("name", ["fig8a", "fig8b", "fig8c"])
def test_figures_of_the_source(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["figure", name]) == 0
    assert Path(f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["fig8b", "--kappa-min", "1"], "kappa_min = 1.0: must be < kappa_0 = 1.0"),
        (["fig8c", "--h", "-1"], "h = -1.0: must be finite and >= 0"),
        (["fig8a", "-o", "diagram.jpg"], 'path = "diagram.jpg": must end in one of .png, .pdf, .svg'),
    ],
)
def test_mistakes_in_figures_are_one_line(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["figure", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qle: error: {message}")


def test_where_wells_become_double(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The solver's line in fields below the special point's, between nine of them; the critical line above.

    J = 0.16 + 0.1 h stands in for it, which a cubic of h^(1/2) has to 1e-5: its own test is that of khgps.
    """
    monkeypatch.setattr(khgps, "double_well_coupling", lambda h, **law: 0.16 + 0.1 * np.asarray(h))
    diagram = phase_diagram([0.0, 0.003, 0.01, 0.05], kappa_min=[0.1, 1.0], wells=True)
    special = diagram["special_h"].sel(kappa_min=0.1).item()
    assert 0.01 < special < 0.05
    line = diagram.sel(kappa_min=0.1).squeeze()
    np.testing.assert_allclose(line["double_J"][:3], [0.16, 0.1603, 0.161], rtol=1e-4)
    assert line["double_J"][3] == line["J"][3]
    alone = diagram.sel(kappa_min=1.0).squeeze()  # no special point: within the glass in every field
    np.testing.assert_allclose(alone["double_J"], 0.16 + 0.1 * alone["h"], rtol=1e-3)
    both, one = (
        draw(d, tmp_path / f"{name}.svg")
        for d, name in ((diagram, "a"), (diagram.drop_vars("double_J"), "b"))
    )
    assert both.read_text() != one.read_text()


def test_too_many_lines_are_not_drawn(tmp_path: Path) -> None:
    diagram = phase_diagram([0.0, 0.1], kappa_min=np.linspace(0.1, 0.5, 11).tolist())
    with pytest.raises(ValueError, match=re.escape("stiffness laws = 11: at most 10 in one figure")):
        draw(diagram, tmp_path / "lines.png")
