"""A sweep that is killed again and again ends with exactly the data set of one that never was."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr

import qle
from tests.executors import Inline

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")

SPEC = """\
model = "khgps"
samples = 12
[grid]
N = 64
h = 0.01
J = { from = 0.03, to = 0.3, points = 24, spacing = "log" }
kappa_0 = { from = 0.3, to = 3.0, points = 20, spacing = "log" }
[measure]
modes = 8
"""

ROUNDS = [4, pytest.param(21, marks=pytest.mark.verify)]
PATIENCE = 300.0  # seconds until a process that does nothing counts as stuck


@pytest.mark.parametrize("rounds", ROUNDS)
def test_sigkill_at_random_moments_loses_and_doubles_nothing(tmp_path: Path, rounds: int) -> None:
    spec = tmp_path / "sweep.toml"
    spec.write_text(SPEC.replace("points = 24", f"points = {rounds + 1}"))
    store = tmp_path / "killed"
    moment = random.Random(20)
    kept: dict[Path, tuple[int, int]] = {}
    for number in range(rounds):
        process = start(spec, store)
        if number % 4 == 0:  # while it starts
            time.sleep(moment.uniform(0.0, 0.8))
        else:  # while it computes and writes
            wait_for_batches(store, moment.randint(1, 8), process)
            time.sleep(moment.uniform(0.0, 0.03))
        workers = children(process.pid)
        if number % 3 == 0 and workers:
            os.kill(moment.choice(workers), signal.SIGKILL)
            wait_for_batches(store, moment.randint(0, 3), process)
        assert process.poll() is None, "the sweep ended before it was killed: give it more to do"
        workers = children(process.pid)
        process.kill()
        process.wait()
        wait_for(lambda: not running(workers))  # noqa: B023
        assert kept.items() <= batches(store).items()  # no finished batch was touched
        kept = batches(store)

    ended = subprocess.run(command(spec, store), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert kept.items() <= batches(store).items()
    assert [path for path in store.rglob("*") if path.is_file() and path.suffix != ".npz"] == []

    undisturbed = qle.sweep(spec, store=tmp_path / "undisturbed", executor=Inline(), progress="none")
    xr.testing.assert_identical(qle.open(store), undisturbed)
    assert contents(store) == contents(tmp_path / "undisturbed")


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    spec = tmp_path / "sweep.toml"
    spec.write_text(SPEC.replace("points = 24", "points = 2"))
    process = start(spec, tmp_path / "store")
    for _ in range(3):  # the oldest one, after some progress: who lost three would be given up
        wait_for_batches(tmp_path / "store", 4, process)
        os.kill(min(children(process.pid)), signal.SIGKILL)
    assert process.wait() == 0
    assert (qle.open(tmp_path / "store").status == 0).all()


def command(spec: Path, store: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "qle.cli",
        "sweep",
        str(spec),
        "--store",
        str(store),
        "--workers",
        "2",
        "--quiet",
    ]


def start(spec: Path, store: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command(spec, store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def batches(store: Path) -> dict[Path, tuple[int, int]]:
    """Return inode and time of change of every batch file: a file that was written again has others."""
    return {path: (stat.st_ino, stat.st_mtime_ns) for path in store.rglob("*.npz") for stat in [path.stat()]}


def contents(store: Path) -> dict[Path, bytes]:
    return {path.relative_to(store): path.read_bytes() for path in store.rglob("*.npz")}


def children(parent: int) -> list[int]:
    """Return the process ids of the workers of a sweep."""
    return [pid for pid, ppid, line in processes() if ppid == parent and b"qle.running.workers" in line]


def running(pids: list[int]) -> bool:
    return any(pid in pids and line for pid, _, line in processes())  # a zombie has no command line


def processes() -> Iterator[tuple[int, int, bytes]]:
    """Yield process id, parent's process id and command line of every process."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat, line = (folder / "stat").read_text(), (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            yield int(folder.name), int(stat.rpartition(")")[2].split()[1]), line


def wait_for_batches(store: Path, count: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until there are so many more batches."""
    goal = len(batches(store)) + count
    wait_for(lambda: len(batches(store)) >= goal, process)


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until the condition holds; fail if the process ends before, or nothing happens for long."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert process is None or process.poll() is None, "the sweep ended too early: give it more to do"
        assert time.monotonic() < limit, "stuck"
        time.sleep(0.01)
