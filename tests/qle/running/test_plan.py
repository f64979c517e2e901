"""The cost of a sweep: what is counted is exact, what is not timed has a rule, what cannot fit is refused."""

import argparse
import dataclasses
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

import qle
from qle import Spec, SweepError
from qle.commands.plan import add_plan
from qle.machine import worker_bytes
from qle.running.clock import Clock, Timed, timed
from qle.running.plan import Cost, Plan, extrapolated, plan, to_text
from qle.running.tasks import Outcome, Task
from qle.statistics.samples_needed import Samples
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
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)
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

    monkeypatch.setattr("qle.running.clock.Clock.seconds", lambda *_: 1.0)
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


@pytest.mark.usefixtures("in_this_process")
def test_a_size_that_takes_too_long_is_not_timed(
    spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qle.running.plan.TIMED_SECONDS", 0.0)
    small, large = plan(spec, store=tmp_path / "store").costs
    assert (small.timed, large.timed) == (True, False)
    assert large.seconds == pytest.approx(8 * small.seconds)
    text = to_text(Plan((small, large), 2, 1, 10**9)).splitlines()
    assert text[0].split() == "N points samples s/sample core-hours MB/worker MB on disk".split()  # noqa: SIM905
    assert [line.split()[0] for line in text[1:3]] == ["24", "48"]
    assert [line.split()[3][0] == "~" for line in text[1:3]] == [False, True]
    assert "with 2 workers of 1 threads" in text[3]


@pytest.mark.usefixtures("in_this_process")
def test_what_cannot_fit_is_refused(spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("qle.machine.memory", lambda: 10**8)
        with pytest.raises(SweepError, match=r"N = 48: one sample needs about 0\.2 GiB of memory, 0\.1 GiB"):
            plan(spec, store=tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(0, 0, 1000))
    with pytest.raises(SweepError, match=r"the samples need .* of disk, 1e-06 GB are free"):
        plan(spec, store=tmp_path)


def test_hours_are_those_of_all_samples_over_all_processors() -> None:
    """60 samples of 12 s and 5 of 720 s are 4320 s, 1.2 core-hours; 3 workers of 2 threads take a sixth."""
    made = Plan(
        (
            Cost(N=10, points=3, samples=60, seconds=12.0, timed=True, memory=3 * 10**6, disk=7 * 10**6),
            Cost(N=1000, points=2, samples=5, seconds=720.0, timed=False, memory=5 * 10**7, disk=11 * 10**6),
        ),
        workers=3, threads=2, free_disk=4 * 10**9,
    )  # fmt: skip
    assert made.core_hours == pytest.approx(1.2)
    assert made.hours == pytest.approx(0.2)
    assert made.disk == 18 * 10**6
    _, small, large, last = to_text(made).splitlines()
    assert small.split() == ["10", "3", "60", "12", "0.2", "3", "7"]
    assert large.split() == ["1000", "2", "5", "~720", "1", "50", "11"]
    words = "1.2 core-hours, 0.2 h with 3 workers of 2 threads; 18 MB of 4e+03 MB free"
    assert last == words


class Crewman:
    """Takes 5 s of its processor for the first task, then for every one 0.05 s and `each` s a sample.

    Others take four fifths of that processor, so that five times as long passes.
    """

    def __init__(self, each: float) -> None:
        self.each, self.tasks = each, list[tuple[int, int, int]]()
        self.ended: list[tuple[Task, Timed]] = []

    def start(self, task: Task) -> None:
        spent = 0.05 + self.each * (task.stop - task.start) if self.tasks else 5.0
        self.tasks.append((task.point["parameters"]["N"], task.start, task.stop))
        self.ended.append((task, Timed(Outcome(done=True), spent, 5.0 * spent)))

    def collect(self, seconds: float) -> list[tuple[Task, Timed]]:
        return [self.ended.pop()]


@pytest.mark.parametrize(
    ("each", "most", "expected"),
    [
        (0.04, 256, 0.04 + 0.05 / 11),  # a first sample takes 0.09 s, so eleven more are timed together
        (0.04, 4, 0.04 + 0.05 / 4),  # no more than a block
        (0.35, 256, 0.35 + 0.05 / 2),
        (0.75, 256, 0.75 + 0.05),  # two would take more than a second
        (3.0, 256, 3.0 + 0.05),
        (12.0, 256, 12.0 + 0.05),
    ],
)
def test_a_sample_is_timed_after_the_worker_is_warm(
    each: float, most: int, expected: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two points of one worker: it starts and compiles once, in a sample of no more than 16.

    One sample of a new size at least comes after the first, which may have compiled what small ones do not
    need; only of one that takes 10 s or more it is the time.
    """
    crew: Any = Crewman(each)
    monkeypatch.setattr("qle.running.clock.Clock._weigh", lambda *_: None)
    clock = Clock(crew, tmp_path, 1)
    assert clock.share == 1.0
    point: Any = {"model": "khgps", "parameters": {"N": 48, "J": 0.1, "h": 0.01}, "measure": {"modes": 6}}
    for _ in range(2):
        assert clock.seconds(point, most) == pytest.approx(expected)
    assert clock.share == pytest.approx(0.2)
    assert crew.tasks[0] == (16, 0, 1)
    assert [task[0] for task in crew.tasks[1:]] == [48] * (len(crew.tasks) - 1)
    more = min(most, int(1.0 / (each + 0.05)))
    again = more or int(each < 9.0)
    first = [(48, 0, 1), *([(48, 1, 1 + again)] if again else [])]
    second = [(48, 0, 1), *([(48, 1, 1 + more)] if more else [])]
    assert crew.tasks[1:] == first + second


def test_what_others_take_of_the_processor_is_told_beside_the_time_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock that shows three seconds for one of the processor; 60 samples of 12 s are 0.2 core-hours."""
    seconds = iter((7.0, 7.5))
    monkeypatch.setattr("qle.running.clock.complete", lambda task: Outcome(done=True, new=task))
    monkeypatch.setattr(time, "process_time", lambda: next(seconds))
    past = iter((100.0, 101.5))
    monkeypatch.setattr(time, "monotonic", lambda: next(past))
    task: Any = 3
    assert timed(task) == (Outcome(done=True, new=3), 0.5, 1.5)
    small = Cost(N=10, points=3, samples=60, seconds=12.0, timed=True, memory=10**6, disk=10**6)
    made = Plan((small,), workers=2, threads=1, free_disk=10**9, share=1 / 3)
    assert made.hours == pytest.approx(0.1)
    assert made.hours_now == pytest.approx(0.3)
    busy = (
        "0.2 core-hours, 0.1 h with 2 workers of 1 threads (0.3 h or more with the machine as busy as now); "
    )
    assert to_text(made).splitlines()[2].startswith(busy)
    quiet = dataclasses.replace(made, share=0.95)
    assert "0.1 h with 2 workers of 1 threads; " in to_text(quiet)


def test_the_price_of_an_answer_is_told() -> None:
    """A relative error of 1/20 takes 400 modes, 800 samples of half a mode: 800 x 4.5 s are an hour."""
    costs = tuple(Cost(N, 1, 10, seconds, True, 1, 1) for N, seconds in ((500, 4.5), (2000, 90.0)))
    line = to_text(Plan(costs, 2, 1, 10**9, answer=Samples(A_at_cut=800, A_g=16000))).splitlines()[-2]
    assert line == (
        "a statistical error of 5% takes about 800 samples a point for A_at_cut and 16000 for A_g: "
        "core-hours at N = 500 1 and 20, at N = 2000 20 and 4e+02"
    )


def test_the_first_the_middle_and_the_last_point_are_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of seven points of a size, which share their mean, (1 + J^2)/10; what is missing is summed."""
    (tmp_path / "seven.toml").write_text(TABLE.replace("[0.1, 0.3]", "[1, 2, 3, 4, 5, 6, 7]"))
    spec = qle.read_spec(tmp_path / "seven.toml")
    asked: list[tuple[int, float, int]] = []

    def seconds(clock: Clock, point: Any, most: int) -> float:
        clock.overhead = 1000
        asked.append((point["parameters"]["N"], point["parameters"]["J"], most))
        return 0.1 + 0.1 * float(point["parameters"]["J"]) ** 2

    monkeypatch.setattr("qle.running.clock.Clock.seconds", seconds)
    monkeypatch.setattr("qle.running.plan.batch_size", lambda size: 8)
    small, large = plan(spec, store=tmp_path / "store").costs
    assert asked == [(N, J, 8) for N in (24, 48) for J in (1.0, 4.0, 7.0)]
    assert small.seconds == large.seconds == pytest.approx(0.1 + 0.1 * (1 + 16 + 49) / 3)
    assert (small.points, small.samples) == (7, 7 * 30)
    # 30 samples of a byte of status, 6 numbers and 6 modes of 3 numbers, in four files, at seven points
    assert small.disk == 7 * (30 * (1 + 8 * (6 + 6 * 3)) + 4 * 1000)
    monkeypatch.setattr("qle.running.plan.TIMED_POINTS", 1)
    asked.clear()
    assert plan(spec, store=tmp_path / "store").costs[0].seconds == pytest.approx(0.2)
    assert [J for _, J, _ in asked] == [1.0, 1.0]


@pytest.mark.usefixtures("in_this_process")
def test_the_command_prints_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_plan(parser.add_subparsers())
    (tmp_path / "small.toml").write_text(
        TABLE.replace("samples = 30", "samples = 2\ntarget = {}").replace("6", "8")
    )
    options = parser.parse_args(["plan", str(tmp_path / "small.toml"), "--store", str(tmp_path / "store")])
    assert options.run(options) == 0
    out = capsys.readouterr().out.splitlines()
    assert "core-hours, " in out[-4]
    assert "a statistical error of 5%" in out[-3]
    assert "measure.complete_below" in out[-2]
    assert "target" in out[-1]
