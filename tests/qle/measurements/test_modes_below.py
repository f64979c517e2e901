"""Modes below a frequency: those of the whole spectrum, and none computed where a factor shows that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import qle
import quartic
from qle import Spec, SpecError
from qle.description.measure import Measure
from qle.measurements import modes_below as subject
from qle.measurements.sample import measure
from qle.statistics import tail
from qle.store.layout import check_values
from tests.executors import Inline

GRID = {"N": 64, "h": 0.01, "J": [0.1, 0.3]}
CUT = 0.2  # 0.8 and 1.2 modes a sample lie below: some have none, most have few


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)


def swept(folder: Path, **of: Any) -> xr.Dataset:
    table = {"model": "khgps", "samples": 40, "grid": GRID, **of}
    return qle.sweep(table, store=folder, executor=Inline(), progress="none")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[xr.Dataset, xr.Dataset]]:
    """Return the same samples with 20 modes, and with those below the cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qle.running.cluster._limit_threads", lambda: None)
        folder = tmp_path_factory.mktemp("store")
        yield swept(folder), swept(folder, measure={"modes": 10, "complete_below": CUT})


def test_they_are_the_modes_of_the_spectrum_below(both: tuple[xr.Dataset, xr.Dataset]) -> None:
    whole, below = both
    found, known = below.frequency.values, whole.frequency.values[..., :10]
    there = known < CUT
    assert 0.3 < there.any(axis=-1).mean() < 0.95  # both kinds of samples are among them
    np.testing.assert_array_equal(np.isfinite(found), there)
    np.testing.assert_allclose(found[there], known[there], rtol=1e-9)
    assert (below.mode_residual.values[there] < 1e-8).all()
    np.testing.assert_array_equal(below.status, whole.status)
    assert (below.complete_below == CUT).all()


def test_what_they_tell_of_the_law_is_what_all_modes_tell(both: tuple[xr.Dataset, xr.Dataset]) -> None:
    """Up to the cut nothing is lost: the count is the same, to the last replicate; beyond it all is."""
    whole, below = (tail(data, cutoff=0.8 * CUT, resamples=50) for data in both)
    for name in ("n_samples", "n_modes", "n_soft_samples", "A_at_cut", "A_at_cut_resampled"):
        np.testing.assert_allclose(below[name], whole[name], rtol=1e-7)
    assert (whole.omega_window > 1.1 * CUT).all()
    assert (below.omega_window == CUT).all()
    with pytest.raises(ValueError, match="above omega_complete"):
        tail(both[1], cutoff=1.1 * CUT)


def test_a_sample_without_modes_is_proven_so_by_a_factor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20 free oscillators omega = sqrt(kappa): 0.5 is the lowest, and a cut a little above finds it."""
    kappa = 0.25 + np.arange(20) / 20
    problem = quartic.Problem(kappa, np.zeros((20, 20)), 0.0, 1.0)
    computed: list[int] = []

    def counted(landscape: Any, x: Any, count: int) -> Any:
        computed.append(count)
        return quartic.low_modes(landscape, x, count)

    monkeypatch.setattr(subject, "low_modes", counted)
    x = np.zeros(20)
    assert subject.modes_below(problem, x, 0.5 - 1e-5, 20).eigenvalues.size == 0
    assert computed == []
    found = subject.modes_below(problem, x, 0.5 + 1e-5, 20)
    assert found.eigenvalues == pytest.approx([0.25])
    assert found.vectors.shape == (20, 1)
    assert computed == [4]
    assert subject.modes_below(problem, x, kappa[5] ** 0.5 + 1e-5, 20).eigenvalues == pytest.approx(kappa[:6])
    assert computed == [4, 4, 8]  # four lie below, so there may be more
    assert subject.modes_below(problem, x, 9.0, 6).eigenvalues == pytest.approx(kappa[:6])


def test_a_saddle_is_told_from_a_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """In double wells x = 0 is a maximum, however low the cut."""
    problem = quartic.Problem([-1.0, 0.5, 0.7], np.zeros((3, 3)), 0.0, 6.0)
    at_zero = quartic.minimize(problem, start="zero", check=False)
    assert at_zero.x == pytest.approx([0.0, 0.0, 0.0])
    row = measure(problem, at_zero, Measure(modes=2, complete_below=0.1))
    assert quartic.STATUSES[int(row["status"])] == "saddle"
    np.testing.assert_allclose(row["frequency"], [-1.0, np.nan])


def test_a_sample_with_more_modes_than_kept_lowers_what_is_complete(tmp_path: Path) -> None:
    data = swept(tmp_path, measure={"modes": 1, "complete_below": 3.0})
    np.testing.assert_array_equal(data.complete_below, data.frequency.min(["sample", "mode"]))


def test_a_target_decides_as_it_does_of_all_modes(tmp_path: Path) -> None:
    target = {"error": 0.3, "cutoff": 0.9 * CUT}
    grid = {**GRID, "J": 0.3}
    some = {"model": "khgps", "samples": 120, "grid": grid, "target": target}
    made = [
        qle.sweep({**some, "measure": measured}, store=tmp_path, executor=Inline(), progress="none")
        for measured in ({"modes": 10}, {"modes": 10, "complete_below": CUT})
    ]
    for name in ("pilot", "omega_cut", "followers"):
        assert made[0][name].item() == made[1][name].item()


@pytest.mark.parametrize(
    ("of", "rule"),
    [
        ({"complete_below": 0.0}, r"measure\.complete_below = 0\.0: must be positive"),
        ({"complete_below": "low"}, r"measure\.complete_below = 'low'.*number"),
        ({"complete_below": 0.1, "modes": "all"}, r"measure\.modes = 'all': must be a number with"),
    ],
)
def test_a_cut_that_is_none_is_refused(of: dict[str, Any], rule: str) -> None:
    with pytest.raises(SpecError, match=rule):
        Spec(model="khgps", samples=1, grid=GRID, measure=of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[0.1, np.nan], [np.nan, np.nan]], None),
        ([[np.nan, 0.1], [0.1, 0.11]], "nan before"),
        ([[0.1, 0.3], [0.1, 0.11]], "not below complete_below"),
        ([[-0.1, np.nan], [0.1, 0.11]], "not positive"),
    ],
)
def test_a_store_believes_no_other_modes(rows: list[list[float]], says: str | None) -> None:
    omega = np.array(rows)
    arrays = {"status": np.zeros(2, np.int8), "frequency": omega}
    arrays |= {name: np.abs(omega) for name in ("participation_ratio", "mode_residual")}
    if says is None:
        check_values(arrays, 0.2)
        with pytest.raises(ValueError, match="not finite"):
            check_values(arrays)
        return
    with pytest.raises(ValueError, match=says):
        check_values(arrays, 0.2)
