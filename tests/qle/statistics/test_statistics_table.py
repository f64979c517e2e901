"""The table of tails and its printed form."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qle.statistics import table, tail, to_text
from qle.statistics.points import COUNTS


@pytest.fixture
def dataset() -> xr.Dataset:
    """Return a sweep over J and kappa_0 with D ~ omega^4 and no samples at its last point."""
    rng = np.random.default_rng(2)
    grid = ("h", "J", "kappa_0", "sample")
    frequency = np.sort(rng.power(5, size=(1, 2, 3, 200, 100)))[..., :6]
    status = np.zeros((1, 2, 3, 200), dtype=np.int8)
    status[0, 1, 2] = -1
    meaning = {"flag_values": np.array([-1, 0], dtype=np.int8), "flag_meanings": "missing converged"}
    return xr.Dataset(
        {"status": (grid, status, meaning), "frequency": ((*grid, "mode"), frequency)},
        coords={"h": [0.01], "J": [0.1, 0.2], "kappa_0": [0.3, 1.0, 3.0], "sample": np.arange(200), "N": 100},
    )


def test_every_grid_point_has_its_row(dataset: xr.Dataset) -> None:
    frame, law = table(dataset), tail(dataset)
    assert list(frame.columns[:3]) == ["h", "J", "kappa_0"]
    assert len(frame) == 6
    for row in frame.to_dict("records"):
        point = law.sel({name: row[name] for name in ("h", "J", "kappa_0")})
        for name in (
            "A_g",
            "A_g_error",
            "A_g_high",
            "bend",
            "A_at_cut_low",
            "exponent",
            "omega_window",
            "n_modes",
            *COUNTS,
        ):
            np.testing.assert_equal(row[name], point[name].item())
    assert list(frame["verdict"]) == ["given"] * 5 + ["too_few_samples"]


def test_text_has_a_heading_a_line_per_row_and_says_what_is_missing(dataset: xr.Dataset) -> None:
    lines = to_text(table(dataset)).splitlines()
    assert len(lines) == 7
    assert lines[0].split()[:8] == ["h", "J", "kappa_0", "samples", "missing", "unconverged", "left", "out"]
    assert lines[1].split()[3:7] == ["200", "0", "0", "0"]
    assert lines[6].split()[3:7] == ["0", "200", "0", "0"]
    assert all("too few samples" not in line for line in lines[1:6])
    assert lines[6].endswith("too few samples")


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (1234.5, 1100.4, 1381.2, "1230 (1100 .. 1380)"),
        (180.3, 138.2, 235.4, "180 (138 .. 235)"),
        (4.04, 3.514, 4.561, "4.04 (3.51 .. 4.56)"),
        (-0.3, -1.02, 0.43, "-0.3 (-1.0 .. 0.4)"),
        (0.00123, 0.00012, 0.0045, "0.0012 (0.0001 .. 0.0045)"),
        (3.0, -16.0, 22.0, "3 (-16 .. 22)"),
        (np.nan, np.nan, np.nan, "-"),
    ],
)
def test_numbers_are_rounded_to_their_intervals(
    dataset: xr.Dataset, value: float, low: float, high: float, text: str
) -> None:
    frame = pd.DataFrame(table(dataset).iloc[:1])
    frame[["bend", "bend_low", "bend_high"]] = value, low, high
    assert f"  {text}  " in to_text(frame).splitlines()[1]


def test_the_text_has_the_flag_the_allowance_and_the_exponent_of_many_samples(dataset: xr.Dataset) -> None:
    frame = table(dataset)
    row = frame.iloc[:1].assign(A_g_allowance=0.6)
    assert to_text(row).endswith("  larger N tells more")
    assert "tells" not in to_text(row.assign(A_g_allowance=0.4))
    withheld = row.assign(verdict="not_quartic", A_g=np.nan)
    assert to_text(withheld).endswith("  not quartic")
    exponent = to_text(row).splitlines()[1].split(")  ")[3]
    assert exponent[0].isdigit()
    few = to_text(row.assign(n_samples=99)).splitlines()[1].split(")  ")[3]
    assert few.split()[0] == "-"
