"""Flows of samples to long times, and their figure."""

from pathlib import Path

import numpy as np
import pytest

import khgps
import landscape
from qle.cli import main
from qle.export import write_netcdf
from qle.figures import slowing
from qle.solutions.long_flows import long_flows
from qle.statistics.slowing import mean_and_error, octaves
from tests.pages import Drawn, bars, check_explained, close


def test_flows_are_those_of_the_landscape() -> None:
    found = long_flows([0.2, 0.4], [64, 128], [2, 1], until=110.0, seed=3)
    assert found["time"].values == pytest.approx(12.5 * 2.0 ** (0.5 * np.arange(7)))
    problem = khgps.draw(khgps.KHGPS(N=64, J=0.4, h=0.01, coupling="structured"), seed=3, sample=1)
    way = landscape.flow(problem, np.zeros(64), found["time"].values, rtol=1e-5)
    one = found.sel(J=0.4, N=64, sample=1)
    assert one["energy"].values == pytest.approx(way.energy / 64, rel=1e-2)
    assert one["mean_x"].values == pytest.approx(way.x.mean(axis=1), rel=1e-2)
    assert one["C"].values == pytest.approx(np.tril(way.C), rel=3e-2)
    assert np.isnan(found.sel(N=128, sample=1)["energy"]).all()


def test_the_figure_has_means_and_errors(drawn: Drawn) -> None:
    data = long_flows([0.3], [64], [3], until=200.0)
    drawing = drawn(lambda path: slowing.draw(data, path))
    check_explained(drawing)
    found = octaves(data, 0.3, 64)
    for panel, name in ((0, "fall"), (2, "parting")):
        mean, error = mean_and_error(found[name].values)
        close(bars(drawing.axes[panel].containers[0]), (found["time"], mean, mean - error, mean + error))


def test_the_figure_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = long_flows([0.3], [64], [1], until=50.0)
    write_netcdf(data, tmp_path / "flows.nc")
    assert main(["figure", "slowing", str(tmp_path / "flows.nc"), "-o", str(tmp_path / "a.svg")]) == 0
    write_netcdf(data.drop_vars("C"), tmp_path / "other.nc")
    capsys.readouterr()
    assert main(["figure", "slowing", str(tmp_path / "other.nc"), "-o", str(tmp_path / "b.svg")]) == 2
    assert "has no C; must be of qle.solutions.long_flows" in capsys.readouterr().err
