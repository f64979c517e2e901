"""Sweeps to a target error: the rule does not bias A_g, the error is reached, and it can be resumed.

Samples of an exact law: the modes of a sample are a Poisson process of density N A_g omega^4, so
N A_g omega_j^5 / 5 are sums of unit exponentials; with A_g = 1/N their fifth powers are five times such sums.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr
from threadpoolctl import threadpool_limits

import qle
from qle import Spec, SpecError, SweepError
from qle.cli import main
from qle.description.identity import Identity
from qle.description.target import Target
from qle.running.adaptive import PILOT_MODES, Decision, decisions, estimators, judge, pilot_sizes, read_pilot
from qle.running.sweeping import count_statuses
from qle.statistics import tail
from qle.store.batches import point_folder, write_batch
from tests.batches import arrays_of
from tests.executors import Inline

Array = npt.NDArray[np.float64]

MODES, MOST, ERROR = 8, 2000, 0.1
TRIALS = 3000
TOLERANCE = 4.0 * ERROR / TRIALS**0.5  # four standard errors of the mean of the trials: false alarm 6e-5


def draw(rng: np.random.Generator, samples: int, rate: float = 1.0) -> Array:
    """Return the softest modes of samples with N A_g = rate, (samples, MODES), ascending."""
    arrivals: Array = rng.standard_exponential((samples, MODES)).cumsum(axis=1)
    return (5.0 * arrivals / rate) ** 0.2


def decide(omega: Array, target: Target, most: int = MOST) -> Decision:
    """Return the decision made on the samples, whose N is larger than MODES."""
    made = (judge(omega[:p], p, 100, target, most) for p in pilot_sizes(most))
    return next(one for one in made if one is not None)


def prefactor(omega: Array, cut: float) -> float:
    """Return A_g = 5 n / (S N omega_cut^5), times N."""
    return 5.0 * float((omega < cut).sum()) / (len(omega) * cut**5)


def estimates(rng: np.random.Generator, target: Target) -> Array:
    """Return what many sweeps find for A_g = 1/N."""
    found = []
    for _ in range(TRIALS):
        omega = draw(rng, MOST // 2)
        pilot, cut, followers = decide(omega, target)
        assert pilot + followers <= len(omega)
        found.append(prefactor(omega[pilot : pilot + followers], cut))
    return np.array(found)


# the rule


@pytest.mark.parametrize("cutoff", [None, (5 * 0.4) ** 0.2], ids=["chosen", "given"])
def test_the_rule_does_not_bias_the_estimate(cutoff: float | None) -> None:
    found = estimates(np.random.default_rng(1), Target(error=ERROR, cutoff=cutoff))
    assert abs(found.mean() - 1.0) < TOLERANCE
    # the error is what was asked for: five sixths of the sweeps plan for less, so on average it is reached
    assert 0.8 * ERROR < found.std() < 1.05 * ERROR


def test_a_rule_that_looks_at_what_it_averages_is_caught_by_the_same_test() -> None:
    """Stopping at the n-th mode biases by about 1/n, here error^2 = 0.01."""
    rng, cut = np.random.default_rng(2), (5 * 0.4) ** 0.2
    found = []
    for _ in range(TRIALS):
        omega = draw(rng, 400)
        total = np.cumsum((omega < cut).sum(axis=1))
        found.append(prefactor(omega[: np.searchsorted(total, 1 / ERROR**2) + 1], cut))
    assert np.mean(found) - 1.0 > TOLERANCE


def test_a_pilot_grows_until_it_has_enough_modes_or_its_share() -> None:
    assert pilot_sizes(2000) == [64, 128, 256, 500]
    assert pilot_sizes(256) == [64]
    assert pilot_sizes(100) == [25]
    assert pilot_sizes(2) == [1]
    target = Target(error=0.2, cutoff=1.0)
    few = np.full((64, 2), 2.0)
    few[: PILOT_MODES - 1, 0] = 0.5
    assert judge(few, 64, 100, target, 2000) is None
    few[PILOT_MODES - 1, 0] = 0.5
    # S = (1 + 25^(-1/2)) 64 / (25 0.2^2) = 76.8
    assert judge(few, 64, 100, target, 2000) == (64, 1.0, 77)
    assert judge(few, 64, 100, target, 100) == (64, 1.0, 36)  # no more than allowed


def test_a_point_without_soft_modes_gets_all_its_samples() -> None:
    assert judge(np.full((500, 2), 2.0), 500, 100, Target(cutoff=1.0), 2000) == (500, 1.0, 1500)


def test_points_get_samples_by_need() -> None:
    rng, target = np.random.default_rng(3), Target(error=0.1, cutoff=1.0)
    rates = (5.0, 1.0, 0.2)  # 1, 0.2, 0.04 modes per sample below omega = 1: about 100, 500, 2500 samples
    counts = [decide(draw(rng, 20_000, rate), target, 20_000).followers for rate in rates]
    assert [0.7 < count / (100 / mean) < 1.8 for count, mean in zip(counts, (1, 0.2, 0.04), strict=True)]
    assert counts[0] < counts[1] < counts[2]


def test_what_cannot_be_estimated_is_named() -> None:
    with pytest.raises(ValueError, match=r"target\.cutoff = 3\.0: above 2, from where on modes are missing"):
        judge(np.full((64, 2), 2.0), 64, 100, Target(cutoff=3.0), 2000)
    with pytest.raises(ValueError, match="no sample of the pilot is at a minimum"):
        judge(np.empty((0, 2)), 64, 100, Target(), 2000)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target": {"error": 0.0}}, r"target\.error = 0\.0: must be in \(0, 1\)"),
        ({"target": {"error": "low"}}, r"target\.error = 'low': must be a real number"),
        ({"target": {"cutoff": -1}}, r"target\.cutoff = -1: must be positive"),
        ({"target": {"eror": 0.1}}, r"target\.eror = 0\.1: unknown key"),
        ({"target": 0.1}, r"target = 0\.1: must be a table"),
        ({"target": {}, "samples": 1}, r"samples = 1: must be at least 2 with a target"),
        ({"target": {}, "measure": {"modes": 7}}, r"measure\.modes = 7: must be at least 8 with a target"),
    ],
)
def test_mistakes_in_a_target_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        described(**changes)


def test_a_target_is_no_part_of_what_results_are_filed_under() -> None:
    assert described().series == described(target=None).series


# the sweep


def described(**changes: Any) -> Spec:
    grid = {"N": 24, "h": 0.01, "J": [0.1, 0.3]}
    table = {
        "model": "khgps",
        "samples": 400,
        "grid": grid,
        "measure": {"modes": 8},
        "target": {"error": 0.3},
    }
    return Spec.from_mapping({**table, **changes})


@pytest.fixture(autouse=True)
def _one_thread_for_now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `Inline` calls have one thread, but not this process from then on."""
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)
    with threadpool_limits(1):
        yield


def sweep(store: Path, spec: Spec, executor: Inline | None = None) -> xr.Dataset:
    return qle.sweep(spec, store=store, executor=executor or Inline(), progress="none")


def test_a_sweep_stops_at_its_target_and_is_resumed_to_the_same(tmp_path: Path) -> None:
    dataset = sweep(tmp_path, described())
    needed = dataset.pilot + dataset.followers
    assert (dataset.pilot == 64).all()
    # half a mode per sample below the cut-off: S = (1 + 32^(-1/2)) 64 / (32 0.3^2) = 26.2
    assert (dataset.followers == 27).all()
    assert ((dataset.status >= 0) == (dataset["sample"] < needed)).all()
    assert count_statuses(dataset) == {"converged": 2 * 91}
    resumed = sweep(tmp_path, described(), executor := Inline())
    xr.testing.assert_identical(resumed, dataset)
    assert executor.calls == 0
    law = tail(estimators(dataset), cutoff=dataset.omega_cut)
    assert (law.n_samples == 27).all()


@pytest.mark.usefixtures("in_this_process")
def test_the_table_of_a_target_leaves_out_only_what_did_not_converge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 91 samples per point 27 estimate; the pilot's 64 and 309 others are not missing."""
    file = tmp_path / "target.toml"
    file.write_text(
        'model = "khgps"\nsamples = 400\n[grid]\nN = 24\nh = 0.01\nJ = [0.1, 0.3]\n'
        "[measure]\nmodes = 8\n[target]\nerror = 0.3\n"
    )
    assert main(["sweep", str(file), "--store", str(tmp_path / "store")]) == 0
    rows = capsys.readouterr().out.splitlines()[1:3]
    assert [row.split()[3:7] for row in rows] == 2 * [["27", "0", "0", "0"]]


def test_decisions_read_from_the_store_are_those_of_the_data_set(tmp_path: Path) -> None:
    spec = described(target={"error": 0.2, "cutoff": 0.3})
    dataset = sweep(tmp_path, spec)
    assert spec.target is not None
    again = decisions(dataset, spec.target)
    for values in spec.points():
        point = {**spec.series, "parameters": values}
        here = again.sel(J=values["J"], h=0.01, kappa_0=1.0)
        omega = read_pilot(point_folder(tmp_path, point), int(here.pilot))
        assert judge(omega, int(here.pilot), 24, spec.target, 400) == (here.pilot, 0.3, here.followers)


def test_a_lower_error_adds_to_what_is_there(tmp_path: Path) -> None:
    first = sweep(tmp_path, described())
    second = sweep(tmp_path, described(target={"error": 0.2}))
    assert (second.followers > first.followers).all()
    xr.testing.assert_equal(second.pilot, first.pilot)
    xr.testing.assert_equal(second.omega_cut, first.omega_cut)


def test_a_pilot_that_cannot_decide_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match=r"at N = 24, J = 0\.1.*target\.cutoff = 5\.0: above"):
        sweep(tmp_path, described(target={"cutoff": 5.0}))


def test_a_pilot_is_read_each_sample_once_and_only_those_that_count(tmp_path: Path) -> None:
    spec = described()
    point: Identity = {**spec.series, "parameters": next(spec.points())}
    for start, stop in ((0, 4), (0, 8), (4, 20)):
        number = np.arange(start, stop)
        arrays = dict(arrays_of(point, start, stop))
        arrays["status"] = np.where(number == 2, 3, np.where(number == 5, 1, 0)).astype(np.int8)
        write_batch(tmp_path, {**point, "start": start, "stop": stop}, arrays)
    assert read_pilot(point_folder(tmp_path, point), 10)[:, 0].tolist() == [1, 2, 4, 5, 7, 8, 9, 10]
