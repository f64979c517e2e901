"""How the benchmarks time a call."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def timed(call: Callable[[], Result], repeats: int = 1) -> tuple[float, Result]:
    """Return the mean seconds of `repeats` calls, and the last result."""
    begin = time.perf_counter()
    for _ in range(repeats):
        result = call()
    return (time.perf_counter() - begin) / repeats, result
