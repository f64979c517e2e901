"""How the benchmarks time a call and read the memory of a process."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def timed(call: Callable[[], Result], repeats: int = 1) -> tuple[float, Result]:
    """Return the mean seconds of `repeats` calls, and the last result."""
    begin = time.perf_counter()
    for _ in range(repeats):
        result = call()
    return (time.perf_counter() - begin) / repeats, result


def best(call: Callable[[], Result], repeats: int, *, enough: float = 5.0) -> tuple[float, Result]:
    """Return the least seconds of up to `repeats` calls after a first one, which compiles, and its result.

    No call begins once they have taken `enough` seconds: what runs long is disturbed little by neighbours.
    """
    result = call()
    times: list[float] = []
    while len(times) < repeats and sum(times) < enough:
        times.append(timed(call)[0])
    return min(times), result


def timed_on_processor(call: Callable[[], Result]) -> tuple[float, Result]:
    """Return the seconds of the processor that a call takes, and its result."""
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


def peak_kib() -> int:
    """Return the largest memory in KiB that this process has held.

    From /proc where there is one: what getrusage says of a fresh process is at least that of its parent.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
