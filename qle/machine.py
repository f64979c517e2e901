"""How many workers the machine can feed: processors and memory."""

import os
import sys
from pathlib import Path

PROCESS_BYTES = 200 * 2**20  # an interpreter with numpy, scipy and numba at work: 162 MiB measured
MATRICES = 4  # (N, N) arrays alive at once, couplings, Hessian, its factor, temporaries: 3.6 measured
MATRICES_ALL = 6  # with all modes, also the eigenvectors and work space: 5.3 measured


class MemoryShortage(RuntimeError):
    """One sample alone does not fit into the memory."""


def share(size: int, *, all_modes: bool) -> tuple[int, int]:
    """Return (workers, BLAS threads of each) for samples of `size` oscillators.

    One worker with one thread per processor; fewer workers if they would not fit into the memory together,
    and then the processors they leave are shared out as threads.

    Raises
    ------
    MemoryShortage
        If one sample alone does not fit.
    """
    cores = processors()
    available = memory()
    if available is None:
        return cores, 1
    need = PROCESS_BYTES + (MATRICES_ALL if all_modes else MATRICES) * 8 * size**2
    if need > available:
        raise MemoryShortage(
            f"N = {size}: one sample needs about {need / 2**30:.1f} GiB of memory, "
            f"{available / 2**30:.1f} GiB are free"
        )
    workers = min(cores, available // need)
    return workers, cores // workers


def processors() -> int:
    """Return the number of processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
