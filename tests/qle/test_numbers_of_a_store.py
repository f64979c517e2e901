"""One rule tells numbers apart: in a grid, in a store, on resuming, in data sets and in commands."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import qle
from qle.cli import main
from qle.description.grid import SpecError, distinct, name_of
from qle.description.identity import digest
from qle.measurements.sample import measure_range
from qle.running.sweeping import sweep
from qle.store.batches import write_batch
from qle.store.known_points import points_in
from tests.executors import Inline

J = [float(value) for value in np.linspace(0.1, 0.5, 3)]  # the middle one is 0.3 but for the last digit


def spec(couplings: Any, samples: int = 2, **more: Any) -> qle.Spec:
    grid = {"N": 8, "h": 0.1, "J": couplings, **more}
    return qle.Spec(model="khgps", samples=samples, grid=grid, measure={"modes": 2})  # type: ignore[arg-type]


def files(store: Path) -> list[str]:
    return sorted(str(path.relative_to(store)) for path in store.rglob("*.npz"))


def test_the_example_needs_a_rule() -> None:
    assert J[1] != 0.3
    assert name_of(J[1]) == 0.3


@pytest.mark.parametrize("first", ["range", "linspace", "typed"])
def test_a_range_and_the_same_numbers_of_numpy_are_the_same_points(first: str, tmp_path: Path) -> None:
    ways: dict[str, Any] = {
        "range": {"from": 0.1, "to": 0.5, "points": 3},
        "linspace": np.linspace(0.1, 0.5, 3),
        "typed": [0.1, 0.3, 0.5],
    }
    sweep(spec(ways.pop(first)), store=tmp_path, executor=Inline(), progress="none")
    before = files(tmp_path)
    for other in ways.values():
        data = sweep(spec(other), store=tmp_path, executor=Inline(), progress="none")
        assert files(tmp_path) == before  # nothing was computed again
        assert (data["status"] == 0).all()
    assert qle.open(tmp_path).sizes["J"] == 3


def test_more_samples_of_a_point_have_the_numbers_that_it_has(tmp_path: Path) -> None:
    """A store of before this rule, with J = 0.30000000000000004, goes on where it is."""
    old = {**spec(0.3).series, "parameters": {**next(spec(0.3).points()), "J": J[1]}}
    write_batch(tmp_path, {**old, "start": 0, "stop": 2}, measure_range(old, 0, 2))
    data = sweep(spec([0.3], samples=4), store=tmp_path, executor=Inline(), progress="none")
    assert {path.split("/")[1] for path in files(tmp_path)} == {digest(old)}
    assert data["J"].values.tolist() == [0.3]
    np.testing.assert_array_equal(data["energy"].values[0, 0, 0], measure_range(old, 0, 4)["energy"])
    assert list(points_in(tmp_path, spec([0.3]))) == [old]


def test_a_store_with_both_is_read_as_one_point(tmp_path: Path) -> None:
    for number, start in ((J[1], 0), (0.3, 2)):
        point = {**spec(0.3).series, "parameters": {**next(spec(0.3).points()), "J": number}}
        write_batch(
            tmp_path, {**point, "start": start, "stop": start + 2}, measure_range(point, start, start + 2)
        )
    data = qle.open(tmp_path)
    assert data["J"].values.tolist() == [0.3]
    assert data["status"].values.ravel().tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("text", ["0.3", "3e-1", "0.30000000000000004", " 0.30"])
def test_a_command_selects_by_the_same_rule(text: str, tmp_path: Path, capsys: Any) -> None:
    sweep(spec(J), store=tmp_path, executor=Inline(), progress="none")
    assert main(["table", str(tmp_path), "--where", f"J={text}"]) in (0, 1)
    rows = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if row[:1] == ["0.1"]] == [["0.1", "0.3"]]  # h and J


@given(st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.15g}")))
def test_decimals_that_are_typed_stay_themselves(value: float) -> None:
    grid = spec(0.3, kappa_min=value, kappa_0=max(1.0, value)).grid
    assert grid["kappa_min"] == (value,)
    assert spec(0.3, kappa_min=0.1, kappa_0=[1.0 + abs(value)]).grid["kappa_0"] == (1.0 + abs(value),)


@given(st.floats(1e-300, 1e300), st.integers(-3, 3))
def test_names_are_one_rule(value: float, steps: int) -> None:
    """Of the same name as itself, idempotent; a decimal of 11 digits has that of all its neighbours."""
    assert name_of(name_of(value)) == name_of(value)
    decimal = float(f"{value:.11g}")
    near = decimal
    for _ in range(abs(steps)):
        near = float(np.nextafter(near, np.inf * steps))
    assert name_of(near) == decimal == name_of(decimal)
    assert distinct([near, decimal]) == (decimal,)


def test_ends_of_a_range_are_as_typed() -> None:
    low, high = 0.12345678901234567, 0.9876543210987654
    grid = spec({"from": low, "to": high, "points": 3}).grid
    assert grid["J"] == (low, 0.555555555056, high)  # the mean has 12 digits


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            np.array([0.1, 0.2], np.float32),
            (float(np.float32(0.1)), float(np.float32(0.2))),
        ),  # another number than 0.1
        (1, (1.0,)),
        ([0, 0.5], (0.0, 0.5)),
        (-0.0, (0.0,)),
        (np.array(0.5), (0.5,)),
        (pd.Series([0.3, 0.1]), (0.1, 0.3)),
        (xr.DataArray([0.3, 0.1]), (0.1, 0.3)),
        (np.array([0.3, 0.1], ">f8"), (0.1, 0.3)),
        (range(3), (0.0, 1.0, 2.0)),
    ],
)
def test_numbers_of_a_grid_are_converted_once(given: Any, expected: tuple[float, ...]) -> None:
    found = spec(given).grid["J"]
    assert found == expected
    assert all(type(value) is float for value in found)
    assert str(found[0]) != "-0.0"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("1e-2", "grid.J = '1e-2': must be a real number"),
        ([0.3, J[1]], "grid.J = .*: must be given only once"),
        ([0.0, -0.0], "grid.J = 0.0: must be given only once"),
        (np.ma.array([0.1, 0.2], mask=[False, True]), "grid.J has 1 masked values"),
        (np.array([[0.1]]), r"grid.J has shape \(1, 1\)"),
        (np.array(["0.1"]), "grid.J = .*: must be real numbers"),
        ([True], "grid.J = True: must be a real number"),
        (10**5000, "grid.J = a number of 16610 bits: must be finite"),
    ],
    ids=lambda value: value if isinstance(value, str) else "given",
)
def test_what_is_no_number_is_refused(given: Any, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        spec(given)
