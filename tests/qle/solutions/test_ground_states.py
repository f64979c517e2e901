"""`qle glassy-phase`: the ground state along lines of J as data, text and figure."""

import math
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import khgps
from qle.cli import main
from qle.figures.ground_states import draw
from qle.solutions.ground_states import COLUMNS, edge_vanishes, ground_states, tail_of_share


@pytest.fixture(scope="module")
def line() -> xr.Dataset:
    """One stiffness, for speed, from the replica-symmetric phase at J = 0.3 into that of broken symmetry."""
    return ground_states([0.3, 0.6, 1.0], h=0.05, kappa_0=1.0, kappa_min=1.0)


def test_rows_are_those_of_the_solutions(line: xr.Dataset) -> None:
    assert dict(line.sizes) == {"h": 1, "kappa_0": 1, "J": 3}
    assert line["status"].values.tolist() == [[[1, 0, 0]]]
    for J in (0.3, 0.6):
        params = khgps.KHGPS(N=2, J=J, h=0.05, kappa_min=1.0)
        solution, row = khgps.solve_rsb(params), line.sel(J=J).squeeze()
        for name in (
            "q_EA",
            "q_0",
            "replicon",
            "gap_edge",
            "chi_EA",
            "chi",
            "mean_x",
            "energy",
            "energy_error",
        ):
            assert row[name] == getattr(solution, name)
        assert row["energy_symmetric"] == khgps.solve_rs(params, unstable=True).energy
    assert np.isnan(line["A_at_cut"].values[0, 0, 0])
    assert set(line.data_vars) == {*COLUMNS, "status"}


def test_share_of_modes_below_the_cut() -> None:
    """By the trapezoidal rule, many points."""
    params = khgps.KHGPS(N=2, J=0.6, h=0.05, kappa_min=1.0)
    state = khgps.ground_state(khgps.solve_rsb(params))
    cut, level = tail_of_share(state, params, 0.01)
    omega = np.linspace(0.0, cut, 4000)
    assert np.trapezoid(state.spectrum(omega), omega) == pytest.approx(0.01, rel=2e-3)
    assert level == pytest.approx(0.01 / np.trapezoid(omega**4, omega), rel=1e-3)


def test_the_edge_vanishes_between_points() -> None:
    """A straight line b = 0.3 - J/2; points without broken symmetry do not count."""
    J = np.array([0.1, 0.4, 0.9, 1.0])
    states = xr.Dataset({"status": ("J", [1, 0, 0, 0]), "gap_edge": ("J", 0.3 - 0.5 * J)}, {"J": J})
    assert edge_vanishes(states) == pytest.approx([0.6])
    states["status"][2:] = 2
    assert edge_vanishes(states).size == 0


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--J", "0.6", "--h", "0.05", "--kappa-min", "1", "-o", str(tmp_path / "glass")]
    assert main(["glassy-phase", *options]) == 0
    text = capsys.readouterr().out
    assert "h = 0.05, kappa_0 = 1" in text
    assert "broken" in text
    assert (tmp_path / "glass.png").stat().st_size > 10_000
    with xr.open_dataset(tmp_path / "glass.nc") as data:
        assert data["q_EA"].attrs["long_name"].startswith("E[x^2]")
        assert data.attrs["model"] == "khgps"
    unsolved = ["--J", "0.02", "0.6", "--h", "1", "--kappa-min", "-0.5", "--kappa-0", "-0.5"]
    assert main(["glassy-phase", *unsolved, "-o", str(tmp_path / "weak")]) == 1
    assert "1 of 2 points unsolved" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--J", "0"], "J = 0.0: must be finite and > 0"),
        (["--J", "0.1", "--h", "-1"], "h = -1.0: must be finite and >= 0"),
        (["--kappa-min", "2"], "kappa_min = 2.0: must be finite and <= 1, or kappa_0 = 1.0 is less"),
        (["--share", "0.5"], "share = 0.5: must be in (0, 0.1]"),
        (["--A", "0"], "A = 0.0: must be finite and > 0"),
        (["-o", "absent/a"], 'path = "absent/a.nc": there is no folder "absent"'),
    ],
)
def test_bad_input_is_one_line(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glassy-phase", *options]) == 2
    (text,) = capsys.readouterr().err.splitlines()
    assert text.startswith(f"qle: error: {message}")


def test_what_cannot_be_drawn_is_refused(line: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="states: has no solved point to draw"):
        draw(line.assign(status=line["status"] * 0 + 2), tmp_path / "a.png")
    with pytest.raises(ValueError, match="lines = 11: at most 10"):
        draw(line.isel(h=[0] * 11).assign_coords(h=np.arange(11.0)), tmp_path / "a.png")
    with pytest.raises(ValueError, match="must end in one of"):
        draw(line, tmp_path / "a.jpg")
    first, second = (draw(line, tmp_path / f"{name}.svg").read_bytes() for name in "ab")
    assert first == second
    assert not math.isnan(float(line["A_at_cut"][0, 0, 1]))
