"""Powers of time of gradient descent, of flows made to follow them."""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qle.readers.netcdf import read_netcdf
from qle.statistics.slowing import local_powers, mean_and_error, octaves, power

DOCS = Path(__file__).parents[3] / "docs"
TIMES = 12.5 * 2.0 ** (0.5 * np.arange(11))


@pytest.fixture
def flows() -> xr.Dataset:
    """e = -1 + c t^-0.7, x'^2 its slope, c by sample; C(t, s) = (s/t)^(1/4); a sample is missing."""
    c = np.array([1.0, 2.0, 3.0])[:, None]
    energy, speed = -1.0 + c * TIMES**-0.7, 0.7 * c * TIMES**-1.7
    C = np.tril(np.broadcast_to((TIMES / TIMES[:, None]) ** 0.25, (3, TIMES.size, TIMES.size)))
    rows = {"energy": energy, "dissipation": speed, "C": C}
    rows = {
        name: np.pad(one, [(0, 1)] + [(0, 0)] * (one.ndim - 1), constant_values=np.nan)
        for name, one in rows.items()
    }
    dims = ("J", "N", "sample", "time", "earlier")
    return xr.Dataset(
        {name: (dims[: one.ndim + 2], one[None, None]) for name, one in rows.items()},
        {"J": [0.3], "N": [64], "time": TIMES, "earlier": TIMES},
    )


def test_octaves(flows: xr.Dataset) -> None:
    found = octaves(flows, 0.3, 64)
    assert found["time"].values == pytest.approx(TIMES[:-2])
    c = np.array([1.0, 2.0, 3.0])[:, None]
    assert found["fall"].values == pytest.approx(c * (1.0 - 2.0**-0.7) * TIMES[:-2] ** -0.7)
    assert found["parting"].values == pytest.approx(np.full((3, 9), 1.0 - 0.5**0.25))
    for name, exponent in (("fall", -0.7), ("dissipation", -1.7)):
        t, slope, error = local_powers(found[name])
        assert t == pytest.approx(TIMES[1:-3])
        assert slope == pytest.approx(np.full(t.size, exponent))
        assert error == pytest.approx(np.zeros(t.size), abs=1e-12)  # all samples have one power


def test_rest_is_no_power(flows: xr.Dataset) -> None:
    """All rest from t = 100 on: nothing falls between 100 and 200, and 50 to 100 has no power."""
    resting = flows["energy"].where(flows["time"] <= 100.0, flows["energy"].sel(time=100.0))
    t, slope, _ = local_powers(octaves(flows.assign(energy=resting), 0.3, 64)["fall"])
    assert t.max() == pytest.approx(50.0)  # from 35 to 71
    assert slope.max() == pytest.approx(-0.7)


def test_the_powers_on_the_page_are_those_of_its_data() -> None:
    """From t = 50 to 800, of the rows of docs/dynamics.md that have four samples or more."""
    data = read_netcdf(DOCS / "data/long-flows.nc")
    page = (DOCS / "dynamics.md").read_text(encoding="utf-8")
    for J, N in product((0.1, 0.3, 0.5), (4096, 32768, 131072)):
        found = octaves(data, J, N).sel(time=slice(49.0, 801.0))
        numbers = (
            power(found[name].values, found["time"].values) for name in ("fall", "dissipation", "parting")
        )
        cells = [f"{p:.2f}({100.0 * error:.0f})".replace("0.", ".", 1) for p, error in numbers]
        assert f"| {J:g} | {N:,} | {found.sizes['sample']} | {' | '.join(cells)} |" in page


def test_samples_that_end_earlier_count_as_far_as_they_go() -> None:
    rows = np.array([[1.0, 2.0], [3.0, np.nan]])
    mean, error = mean_and_error(rows)
    assert mean.tolist() == [2.0, 2.0]
    assert error[0] == pytest.approx(1.0)
    assert math.isnan(error[1])
    _, slope, _ = local_powers(xr.DataArray(rows, dims=("sample", "time"), coords={"time": [10.0, 20.0]}))
    assert slope == pytest.approx([1.0])


def test_error_by_samples() -> None:
    """To first order: amplitudes of lognormal law scatter a slope over one octave by their ratio."""
    rng = np.random.default_rng(4)
    times, samples, s = np.array([1.0, 2.0]), 400, 0.05
    values = times**-1.0 * np.exp(s * rng.normal(size=(samples, 2)))
    slope, error = power(values, times)
    assert error == pytest.approx(s * math.sqrt(2.0 / samples) / math.log(2.0), rel=0.15)
    assert abs(slope + 1.0) < 4.0 * error
    assert math.isnan(power(values[:1], times)[1])
