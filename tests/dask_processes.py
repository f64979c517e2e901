"""A Dask cluster of processes for tests, to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 120.0  # seconds until something that does not happen counts as stuck


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def dask(port: int, protocol: str = "tcp") -> Iterator["subprocess.Popen[bytes]"]:
    """Run a scheduler; yield its process."""
    command = ["-m", "distributed.cli.dask_scheduler", "--host", f"{protocol}://127.0.0.1:{port}"]
    process = silent([*command, "--no-dashboard"])
    try:
        wait_for(lambda: listens(port), process)
        yield process
    finally:
        stop(process)


@contextmanager
def nannies(port: int, protocol: str = "tcp") -> Iterator["subprocess.Popen[bytes]"]:
    """Run two workers and who restarts them; yield the process whose children they are."""
    address = f"{protocol}://127.0.0.1:{port}"
    command = ["-m", "distributed.cli.dask_worker", address, "--nworkers", "2", "--nthreads", "1"]
    process = silent([*command, "--host", "127.0.0.1", "--no-dashboard"])
    try:
        yield process
    finally:
        stop(process)


def silent(arguments: list[str]) -> "subprocess.Popen[bytes]":
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def children(parent: int) -> list[int]:
    """Return the process ids of the workers of a nanny."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat, line = (folder / "stat").read_text(), (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            if int(stat.rpartition(")")[2].split()[1]) == parent and b"spawn_main" in line:
                found.append(int(folder.name))
    return found


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until the condition holds; fail if the process ends before, or nothing happens for long."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert process is None or process.poll() is None, "it ended too early"
        assert time.monotonic() < limit, "stuck"
        time.sleep(0.01)
