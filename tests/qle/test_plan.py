"""The cost of a sweep: what is counted is exact, what is not timed has a rule, what cannot fit is refused."""

import argparse
import dataclasses
import shutil
from pathlib import Path

import pytest

import qle
from qle import Spec, SweepError
from qle.commands.plan import add_plan
from qle.machine import worker_bytes
from qle.plan import Cost, Plan, extrapolated, plan, to_text
from tests.executors import Inline

TABLE = """\
model = "khgps"
samples = 30
[grid]
N = [24, 48]
h = 0.01
J = [0.1, 0.3]
[measure]
modes = 6
"""


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    (tmp_path / "small.toml").write_text(TABLE)
    return qle.read_spec(tmp_path / "small.toml")


def cost(N: int, seconds: float) -> Cost:
    return Cost(N=N, points=1, samples=10, seconds=seconds, timed=True, memory=1, disk=1)


def test_what_is_planned_is_what_the_sweep_takes(
    spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qle.cluster._limit_threads", lambda: None)
    store = tmp_path / "store"
    made = plan(spec, store=store)
    assert not store.exists()
    assert [(cost.N, cost.points, cost.samples, cost.timed) for cost in made.costs] == [
        (24, 2, 60, True),
        (48, 2, 60, True),
    ]
    assert [cost.memory for cost in made.costs] == [worker_bytes(N, all_modes=False) for N in (24, 48)]
    assert made.core_hours > 0
    qle.sweep(spec, store=store, executor=Inline(), progress="none")
    disk = sum(path.stat().st_size for path in store.rglob("*.npz"))
    assert made.disk == pytest.approx(disk, rel=0.02)  # the identity has a digit more or less

    monkeypatch.setattr("qle.plan._Clock.seconds", lambda *_: 1.0)
    left = plan(dataclasses.replace(spec, samples=31), store=store)
    assert [cost.samples for cost in left.costs] == [2, 2]
    assert left.core_hours == pytest.approx(4 / 3600)
    assert to_text(plan(spec, store=store)) == "nothing is missing: all samples are in the store"


def test_times_are_extrapolated_by_a_power_law_within_bounds() -> None:
    assert extrapolated([], 1000) is None
    assert extrapolated([cost(100, 1.0)], 200) == pytest.approx(8.0)
    assert extrapolated([cost(100, 1.0), cost(200, 2**2.5)], 400) == pytest.approx(2**5)
    assert extrapolated([cost(100, 1.0), cost(200, 1.0)], 400) == pytest.approx(4.0)  # power 2 at least
    assert extrapolated([cost(100, 1.0), cost(200, 99.0)], 400) == pytest.approx(8 * 99.0)  # 3 at most


def test_a_size_that_takes_too_long_is_not_timed(
    spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qle.plan.TIMED_SECONDS", 0.0)
    small, large = plan(spec, store=tmp_path / "store").costs
    assert (small.timed, large.timed) == (True, False)
    assert large.seconds == pytest.approx(8 * small.seconds)
    text = to_text(Plan((small, large), 2, 1, 10**9)).splitlines()
    assert text[0].split() == "N points samples s/sample core-hours MB/worker MB on disk".split()  # noqa: SIM905
    assert [line.split()[0] for line in text[1:3]] == ["24", "48"]
    assert [line.split()[3][0] == "~" for line in text[1:3]] == [False, True]
    assert "with 2 workers of 1 threads" in text[3]


def test_what_cannot_fit_is_refused(spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("qle.machine.memory", lambda: 10**8)
        with pytest.raises(SweepError, match=r"N = 48: one sample needs about 0\.2 GiB of memory, 0\.1 GiB"):
            plan(spec, store=tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(0, 0, 1000))
    with pytest.raises(SweepError, match=r"the samples need .* of disk, 1e-06 GB are free"):
        plan(spec, store=tmp_path)


def test_the_command_prints_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_plan(parser.add_subparsers())
    (tmp_path / "small.toml").write_text(
        TABLE.replace("samples = 30", "samples = 2\ntarget = {}").replace("6", "8")
    )
    options = parser.parse_args(["plan", str(tmp_path / "small.toml"), "--store", str(tmp_path / "store")])
    assert options.run(options) == 0
    out = capsys.readouterr().out.splitlines()
    assert "core-hours" in out[-2]
    assert "target" in out[-1]
