"""How much memory is free, and arrays that begin with a line of it."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LINE = 64  # bytes that a processor reads together


def line_zeros(shape: tuple[int, ...], kind: type[np.floating[Any]] = np.float64) -> NDArray[Any]:
    """Return zeros that begin with a line of memory: a register that two lines hold is read twice."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    room = np.zeros(size + _LINE, np.uint8)
    first = -room.__array_interface__["data"][0] % _LINE
    return room[first : first + size].view(kind).reshape(shape)


def memory() -> int | None:
    """Return the bytes of memory free in the machine and in the control group; None if unknown."""
    free = [
        room
        for room in (_machine_memory(), _group_memory("", "memory.max", "memory.current"))
        if room is not None
    ]
    legacy = _group_memory("memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
    if legacy is not None:
        free.append(legacy)
    return max(0, min(free)) if free else None


def _machine_memory() -> int | None:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _group_memory(controller: str, limit_name: str, usage_name: str) -> int | None:
    """Return what the memory limit of a control group leaves; file cache counts as free."""
    group = next(
        (p[2] for p in (g.split(":", 2) for g in _lines(Path("/proc/self/cgroup"))) if p[1] == controller),
        None,
    )
    if group is None:
        return None
    root = Path("/sys/fs/cgroup") / controller
    for folder in (root / group.lstrip("/"), root):
        limit, usage = _lines(folder / limit_name), _lines(folder / usage_name)
        if limit and usage and limit[0].isdigit():
            cache = next(
                (line for line in _lines(folder / "memory.stat") if line.startswith("inactive_file ")), "_ 0"
            )
            return int(limit[0]) - int(usage[0]) + int(cache.split()[1])
    return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []  # not a Linux machine, or no such limit
