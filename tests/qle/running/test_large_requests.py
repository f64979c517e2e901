"""What is asked for by a slip, with too many zeros, is refused at once, with the number that is too large."""

import itertools
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import khgps
import lattice_gps
import qle
from qle import Measure, Spec, SpecError, StoreError, SweepError
from qle.cli import main
from qle.description.grid import MOST_POINTS, corners, points
from qle.running.plan import plan
from qle.store.batches import write_batch
from tests.batches import arrays_of

SOON = 5.0  # seconds of a processor: not the minutes that it took


def long(count: int) -> dict[str, Any]:
    return {"from": 0.1, "to": 1.0, "points": count}


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (
            {"J": long(1000), "h": long(1000)},
            "grid = '1000 J x 1000 h': has 1000000 points",
        ),
        ({"J": long(2), "h": long(MOST_POINTS)}, "grid = '2 J x 100000 h': has 200000 points"),
        ({"J": long(2**32), "h": 0.1}, "grid.J.points = 4294967296: must be an integer from 2 to 100000"),
    ],
)
def test_a_grid_with_too_many_points_is_refused_at_once(grid: dict[str, Any], words: str) -> None:
    began = time.process_time()
    with pytest.raises(SpecError, match=re.escape(words)):
        Spec(model="khgps", samples=1, grid={"N": 8, **grid})
    assert time.process_time() - began < SOON


def test_the_time_to_take_a_grid_grows_with_its_points() -> None:
    """Ten times the points take ten times as long, on any machine; as their square, a hundred times."""
    seconds = []
    for size in (MOST_POINTS // 10, MOST_POINTS):
        began = time.process_time()
        grid = {"N": 8, "h": 0.1, "J": long(size)}
        spec = Spec(model="khgps", samples=1, grid=grid, measure=Measure(modes=2))
        seconds.append(time.process_time() - began)
        assert (spec.size, spec.largest) == (size, 8)
    assert seconds[1] < 30.0 * seconds[0]


VALUES = st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0]), min_size=1, max_size=3, unique=True)
SIZES = st.sampled_from([1, 2, 500, 1625, 1626, 2**16, 2**31, 2**32])
EDGES = st.lists(SIZES, min_size=1, max_size=3, unique=True)


def allowed(model: type[Any], grid: Any) -> bool:
    try:
        for values in grid:
            model(**values)
    except ValueError:
        return False
    return True


@given(kappa_min=VALUES, kappa_0=VALUES, beta=VALUES, J=VALUES)
def test_a_rule_that_some_point_breaks_is_broken_at_a_corner(**axes: list[float]) -> None:
    grid: Any = {"N": (8,), "h": (0.1,), **{name: tuple(sorted(values)) for name, values in axes.items()}}
    assert allowed(khgps.KHGPS, corners(grid)) == allowed(khgps.KHGPS, points(grid))


@given(L=EDGES, d=st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True))
def test_so_is_one_of_the_lattice_and_its_size_is_largest_there(L: list[int], d: list[int]) -> None:
    grid: Any = {"L": tuple(sorted(L)), "d": tuple(sorted(d)), "J": (0.1,)}
    fine = allowed(lattice_gps.GPSLattice, points(grid))
    assert allowed(lattice_gps.GPSLattice, corners(grid)) == fine
    if fine:
        sizes = [a**b for a, b in itertools.product(L, d)]
        spec = Spec(model="lattice_gps", samples=1, grid={**grid, "h": 0.1}, measure=Measure(modes=1))
        assert spec.largest == max(sizes)


def test_more_samples_than_the_memory_holds_are_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """2^32 samples of a status, 6 numbers and 3 of each of 2 modes: 97 bytes each, 417 GB."""
    monkeypatch.setattr("qle.dataset.memory", lambda: 8 * 10**9)
    file = tmp_path / "many.toml"
    text = 'model = "khgps"\nsamples = 4294967296\n[grid]\nN = 8\nh = 0.1\nJ = 0.1\n[measure]\nmodes = 2\n'
    file.write_text(text)
    words = "1 points with 4294967296 samples needs 417 GB of memory, 8 GB are free"
    began = time.process_time()
    with pytest.raises(SweepError, match=words):
        qle.sweep(file, store=tmp_path / "store", progress="none")
    with pytest.raises(SweepError, match=words):
        plan(qle.read_spec(file), store=tmp_path / "store")
    file.write_text(text.replace("4294967296", "10"))
    assert main(["sweep", str(file), "--store", str(tmp_path / "store"), "--samples", "4294967296"]) == 1
    assert words in capsys.readouterr().err
    assert time.process_time() - began < SOON
    assert not (tmp_path / "store").exists()


def test_a_store_whose_data_set_does_not_fit_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single sample with the last number that there is."""
    monkeypatch.setattr("qle.dataset.memory", lambda: 8 * 10**9)
    spec = Spec(model="khgps", samples=1, grid={"N": 8, "h": 0.1, "J": 0.1}, measure=Measure(modes=2))
    point = {**spec.series, "parameters": next(spec.points())}
    write_batch(tmp_path, {**point, "start": 2**32 - 1, "stop": 2**32}, arrays_of(point, 2**32 - 1, 2**32))
    with pytest.raises(StoreError, match="needs 417 GB of memory, 8 GB are free"):
        qle.open(tmp_path)
