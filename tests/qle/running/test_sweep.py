"""Sweeps: the same bits however they are run, nothing computed twice, nothing damaged believed."""

import io
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

import khgps
import qle
import quartic
from qle import Spec, SpecError, StoreError, StoreWarning, SweepError, SweepWarning
from qle.machine import MemoryShortage, memory, processors, share
from qle.running.progress import Progress, kind_for
from qle.running.tasks import Task, complete, plan_point
from qle.running.workers import Crew
from qle.store.batches import point_folder, spans
from qle.store.blocks import batch_size, gaps
from tests.executors import Here


def described(**changes: Any) -> Spec:
    grid = {"N": 24, "h": 0.01, "J": [0.1, 0.3]} | changes.pop("grid", {})
    measure = {"modes": 4, "chi": True}
    return Spec.from_mapping({"model": "khgps", "samples": 40, "grid": grid, "measure": measure, **changes})


def run(spec: Spec, store: Path, workers: int | None = None) -> xr.Dataset:
    """Sweep with so many workers; by default in this process, as each takes a second to start."""
    with pytest.MonkeyPatch.context() as patch:
        if workers is None:
            patch.setattr("qle.running.sweeping.Crew", Here)
        return qle.sweep(spec, store=store, workers=workers, progress="none")


def batches(store: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of every batch file: a file that was written again has others."""
    found = {path: path.stat() for path in store.rglob("*.npz")}
    return {str(path.relative_to(store)): (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def contents(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*.npz")}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    store = tmp_path_factory.mktemp("reference")
    return store, run(described(), store, workers=1)


# the numbers


def test_what_is_stored_is_what_a_direct_computation_gives(reference: tuple[Path, xr.Dataset]) -> None:
    _, dataset = reference
    for J in (0.1, 0.3):
        for sample in (0, 39):
            problem = khgps.draw(khgps.KHGPS(N=24, J=J, h=0.01), seed=1, sample=sample)
            with threadpool_limits(1):
                minimum = quartic.minimize(problem)
                modes = quartic.low_modes(problem, minimum.x, 4)
                chi = quartic.response(problem, minimum.x)
            here = dataset.sel(h=0.01, J=J, kappa_0=1.0, sample=sample)
            assert here.status == 0
            assert here.energy == minimum.energy / 24
            assert here.mean_x == minimum.x.mean()
            assert here.mean_x2 == (minimum.x**2).mean()
            assert here.chi == chi
            assert (here.gradient_norm, here.products) == (minimum.gradient_norm, minimum.products)
            np.testing.assert_array_equal(here.frequency, np.sqrt(modes.eigenvalues))
            np.testing.assert_array_equal(here.mode_residual, modes.residuals)
            np.testing.assert_array_equal(
                here.participation_ratio, quartic.participation_ratio(modes.vectors)
            )


def test_a_random_start_has_the_address_of_its_sample(tmp_path: Path) -> None:
    dataset = run(described(samples=3, seed=5, protocol={"start": "random"}), tmp_path)
    problem = khgps.draw(khgps.KHGPS(N=24, J=0.3, h=0.01), seed=5, sample=2)
    minimum = quartic.minimize(problem, start="random", seed=5 + (2 << 32))
    assert dataset.energy.sel(J=0.3, sample=2).item() == minimum.energy / 24


def test_samples_that_do_not_converge_are_stored_counted_and_reported(tmp_path: Path) -> None:
    spec = described(samples=5, protocol={"max_products": 2})
    with pytest.warns(SweepWarning, match=r"10 of 10 samples did not converge \(10 max_products\)"):
        dataset = run(spec, tmp_path)
    assert (dataset.status == quartic.STATUSES.index("max_products")).all()
    assert dataset.frequency.isnull().all()
    assert dataset.energy.notnull().all()


def test_a_saddle_is_a_status_with_an_imaginary_frequency(tmp_path: Path) -> None:
    """x = 0 is stationary at h = 0, and mostly a minimum below J_c = 1/2, but not where the couplings of a
    sample have an eigenvalue below -1."""
    model = khgps.KHGPS(N=64, J=0.499, h=0.0, kappa_0=1.0, kappa_min=1.0)
    couplings = [khgps.draw(model, seed=1, sample=s).coupling.dense() for s in range(20)]
    lowest = np.array([1.0 + np.linalg.eigvalsh(J)[0] for J in couplings])
    assert 0 < (lowest < 0.0).sum() < 20
    grid = {"N": 64, "h": 0.0, "J": 0.499, "kappa_0": 1.0, "kappa_min": 1.0}
    with pytest.warns(SweepWarning, match=f"{(lowest < 0.0).sum()} saddle"):
        dataset = run(described(samples=20, seed=1, grid=grid, protocol={"start": "zero"}), tmp_path)
    frequency = dataset.frequency.isel(mode=0).values.ravel()
    assert np.sign(frequency) * frequency**2 == pytest.approx(lowest, abs=1e-12)
    saddles = dataset.chi.values.ravel()[lowest < 0.0]
    assert np.isnan(saddles).all()


# the same however it is run


@pytest.mark.parametrize("workers", [2, 4])
def test_the_number_of_workers_does_not_change_a_bit(
    reference: tuple[Path, xr.Dataset], tmp_path: Path, workers: int
) -> None:
    store, dataset = reference
    xr.testing.assert_identical(run(described(), tmp_path, workers), dataset)
    assert contents(tmp_path) == contents(store)


def test_a_finished_sweep_is_only_read(reference: tuple[Path, xr.Dataset]) -> None:
    store, dataset = reference
    before = batches(store)
    xr.testing.assert_identical(run(described(), store), dataset)
    xr.testing.assert_identical(qle.open(store), dataset)
    assert batches(store) == before


def test_more_samples_and_points_add_to_what_is_there(
    reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    first = run(described(samples=15, grid={"J": 0.3}), tmp_path)
    before = batches(tmp_path)
    dataset = run(described(), tmp_path)
    xr.testing.assert_identical(dataset, reference[1])
    xr.testing.assert_identical(run(described(samples=15, grid={"J": 0.3}), tmp_path), first)
    assert before.items() <= batches(tmp_path).items()
    ranges = sorted(path.name for path in tmp_path.rglob("*.npz"))
    assert ranges == ["0-15.npz", "0-40.npz", "15-40.npz"]


def test_two_runs_share_a_store_and_the_work(tmp_path: Path) -> None:
    table = {
        "model": "khgps",
        "samples": 25,
        "measure": {"modes": 4, "chi": True},
        "grid": {"N": 24, "h": 0.01, "J": {"from": 0.05, "to": 0.4, "points": 24}},
    }
    script = tmp_path / "run.py"
    script.write_text(f"import qle\nqle.sweep({table}, store='shared', workers=1, progress='lines')\n")
    command = [sys.executable, str(script)]
    runs = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [process.communicate()[1].splitlines()[-1] for process in runs]
    pattern = r"600/600 samples \((\d+) by this run\), 24/24 points"
    shares = [int(match[1]) for end in ends if (match := re.match(pattern, end))]
    assert len(shares) == 2
    assert sum(shares) == 600  # nothing was computed twice
    assert min(shares) > 0
    alone = run(Spec.from_mapping(table), tmp_path / "alone")
    xr.testing.assert_identical(qle.open(tmp_path / "shared"), alone)
    assert contents(tmp_path / "shared") == contents(tmp_path / "alone")


def test_a_block_that_another_run_holds_is_left_to_it(tmp_path: Path) -> None:
    spec = described(samples=5, grid={"J": 0.3})
    (point,) = ({**spec.series, "parameters": p} for p in spec.points())
    (task,) = plan_point(tmp_path, point, 5)
    (tmp_path / "locks").mkdir()
    path = tmp_path / "locks" / f"{point_folder(tmp_path, point).name}-0.lock"
    lock = FileLock(path, thread_local=False)  # it is released by another thread
    with lock:
        assert not complete(task).done
        assert spans(point_folder(tmp_path, point)) == []
    lock.acquire()
    threading.Timer(1.0, lock.release).start()
    assert (run(spec, tmp_path).status == 0).all()


# damage


def truncate(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def empty(path: Path, other: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path, other: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def swap(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


@pytest.mark.parametrize("harm", [truncate, empty, flip, swap])
def test_damage_is_found_named_set_aside_and_computed_again(
    reference: tuple[Path, xr.Dataset], tmp_path: Path, harm: Any
) -> None:
    for name, content in contents(reference[0]).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    path, other = sorted(tmp_path.rglob("*.npz"))
    before = batches(tmp_path)
    harm(path, other)
    with pytest.warns(StoreWarning, match=rf"{path}: .*; it was set aside and its samples computed again"):
        dataset = run(described(), tmp_path)
    xr.testing.assert_identical(dataset, reference[1])
    assert contents(tmp_path) == contents(reference[0])
    assert path.with_name(path.name + ".damaged").exists()
    untouched = str(other.relative_to(tmp_path))
    assert batches(tmp_path)[untouched] == before[untouched]


def test_what_killed_runs_left_is_cleared_away(reference: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    spec = described()
    for parameters in spec.points():
        folder = point_folder(tmp_path, {**spec.series, "parameters": parameters})
        folder.mkdir(parents=True)
        (folder / "0-40.npz.0123456789abcdef.tmp").write_bytes(b"half a batch")
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "0123456789abcdef-0.lock").touch()
    xr.testing.assert_identical(run(spec, tmp_path), reference[1])
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".tmp", ".lock")] == []


# errors


def test_a_store_that_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises((SweepError, StoreError), match=r"file.*: cannot be .*Not a directory"):
        run(described(samples=2), tmp_path / "file")


def test_bad_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="workers = 0: must be an integer of at least 1"):
        run(described(), tmp_path, workers=0)
    with pytest.raises(SpecError, match="progress = 'bars': must be one of"):
        qle.sweep(described(), store=tmp_path, progress="bars")  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="executor = 3: must have the method submit"):
        qle.sweep(described(), store=tmp_path, executor=3, progress="none")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_numerics_that_fail_name_the_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise FloatingPointError("no luck")

    monkeypatch.setattr(quartic, "low_modes", fail)
    spec = described(grid={"J": 0.1})
    (point,) = ({**spec.series, "parameters": p} for p in spec.points())
    (task,) = plan_point(tmp_path, point, 3)
    with pytest.raises(RuntimeError, match=r"sample 0 at N = 24, J = 0.1, .*: FloatingPointError: no luck"):
        complete(task)
    assert list(tmp_path.rglob("*.npz")) == []


def test_workers_that_keep_dying_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(
        SweepError, match=r"3 workers died on samples 0 to 39 at N = 24, J = 0.1.*exit code 1"
    ):
        run(described(), tmp_path, workers=1)


def test_workers_start_before_their_tasks_and_are_no_more_than_these() -> None:
    with Crew(complete, 2) as crew:
        for tasks, processes in ((1, 1), (5, 2), (1, 2)):
            crew.gather(tasks)
            assert len(crew._workers) == processes
        assert crew.free
        assert crew.active == 0


def test_a_plain_script_may_call_it(tmp_path: Path) -> None:
    (tmp_path / "threading.py").write_text("raise ImportError('workers import nothing from the folder')")
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "plain.py").write_text(
        "import qle\n"
        "spec = {'model': 'khgps', 'samples': 2, 'grid': {'N': 24, 'h': 0.1, 'J': 0.1}}\n"
        "print(qle.sweep(spec, store='store', workers=1, progress='none').sizes['sample'])\n"
    )
    command = [sys.executable, str(folder / "plain.py")]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "2\n", "")


# planning


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda r: (r[0], r[0] + r[1]))),
)
def test_gaps_are_what_the_ranges_do_not_cover(start: int, stop: int, taken: list[tuple[int, int]]) -> None:
    free = gaps(start, stop, sorted(taken))
    found = [sample for low, high in free for sample in range(low, high)]
    covered = {sample for low, high in taken for sample in range(low, high)}
    assert found == [sample for sample in range(start, stop) if sample not in covered]
    assert all(low < high for low, high in free)


def test_blocks_cost_about_the_same_and_tasks_stay_inside_them(tmp_path: Path) -> None:
    assert [batch_size(N) for N in (2, 500, 1000, 2000, 16_000)] == [256, 32, 8, 2, 1]
    spec = described(grid={"N": 500, "J": 0.1})
    (parameters,) = spec.points()
    tasks = list(plan_point(tmp_path, {**spec.series, "parameters": parameters}, 70))
    assert [(task.start, task.stop, task.missing) for task in tasks] == [
        (0, 32, 32),
        (32, 64, 32),
        (64, 70, 6),
    ]
    assert [task.block for task in tasks] == [0, 1, 2]
    assert isinstance(tasks[0], Task)


# the machine


def test_workers_are_as_many_as_processors_and_memory_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.machine.processors", lambda: 8)
    monkeypatch.setattr("qle.machine.memory", lambda: 8 * 2**30)
    assert share(500, all_modes=False) == (8, 1)
    # 48 bytes a pair of N = 4000 are 733 MiB: eight workers with their 200 MiB fit, in 4 GiB four
    assert share(4000, all_modes=True) == (8, 1)
    assert share(8192, all_modes=False) == (1, 8)
    with pytest.raises(MemoryShortage, match=r"N = 32768: one sample needs about 48.2 GiB .*8.0 GiB"):
        share(32768, all_modes=True)
    with pytest.raises(MemoryShortage, match=r"N = 32768: one sample needs about 24.2 GiB .*8.0 GiB"):
        share(32768, all_modes=False, chi=True)
    assert share(32768, all_modes=False) == (1, 8)
    monkeypatch.setattr("qle.machine.memory", lambda: 4 * 2**30)
    assert share(4000, all_modes=True) == (4, 2)
    monkeypatch.setattr("qle.machine.memory", lambda: None)
    assert share(32768, all_modes=False) == (1, 8)
    monkeypatch.setattr("qle.machine.processors", lambda: 64)
    assert share(8000, all_modes=False) == (64, 1)
    assert share(8001, all_modes=False) == (8, 8)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_machine_is_known() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)
    free = memory()
    assert free is not None
    assert 0 < free < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_one_limit_holds_all_the_linear_algebra_a_worker_loads() -> None:
    script = (
        "import qle.running.workers, sys\n"
        "from threadpoolctl import threadpool_info, threadpool_limits\n"
        "from qle import Spec\n"
        "from qle.measurements.sample import measure_range\n"
        "grid, measure = dict(N=16, h=0.1, J=0.1), dict(modes=2, chi=True)\n"
        "spec = Spec(model='khgps', samples=1, grid=grid, measure=measure)\n"
        "with threadpool_limits(1):\n"
        "    measure_range({**spec.series, 'parameters': next(spec.points())}, 0, 1)\n"
        "    print({pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'blas'})\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert ended.stdout == "{1}\n"


# progress


def test_progress_is_lines_in_a_log_and_nothing_if_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    assert kind_for(log) == "lines"
    monkeypatch.setattr("qle.running.progress.INTERVAL", 0.0)
    shown = Progress("lines", samples=10, points=2, stream=log)
    shown.found(5, points=1)
    shown.gained(3, points=0, new=3)
    shown.gained(2, points=1, new=1)
    shown.close()
    lines = log.getvalue().splitlines()
    assert [line.split(", ")[:2] for line in lines] == [
        ["5/10 samples (0 by this run)", "1/2 points"],
        ["8/10 samples (3 by this run)", "1/2 points"],
        ["10/10 samples (4 by this run)", "2/2 points"],
        ["10/10 samples (4 by this run)", "2/2 points"],
    ]
    assert [", about" in line for line in lines] == [False, True, False, False]
    silent = io.StringIO()
    Progress("none", samples=10, points=2, stream=silent).close()
    assert silent.getvalue() == ""


def test_progress_tells_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line after 5 s or more, and at the end: what is left at the rate of what came in since the start."""
    now = [100.0]
    monkeypatch.setattr("qle.running.progress.time", SimpleNamespace(monotonic=lambda: now[0]))
    shown = Progress("lines", samples=100, points=4, stream=(log := io.StringIO()))
    now[0] = 103.0
    shown.found(20, points=1)
    now[0] = 105.0
    shown.gained(10, points=0, new=7)
    now[0] = 109.9
    shown.gained(5, points=1, new=5)
    now[0] = 112.0
    shown.gained(5, points=0, new=0)
    shown.close()
    last = "40/100 samples (12 by this run), 2/4 points, 12 s, about 36 s left"  # 60 of 20 in 12 s
    assert log.getvalue().splitlines() == [
        "30/100 samples (7 by this run), 1/4 points, 5 s, about 35 s left",  # 70 of 10 in 5 s
        last,
        last,
    ]


def test_progress_is_a_bar_on_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    assert kind_for(terminal) == "bar"
    shown = Progress("bar", samples=10, points=2, stream=terminal)
    shown.gained(10, points=2, new=10)
    shown.close()
    assert "10/10" in terminal.getvalue()
    assert "2/2 points" in terminal.getvalue()
