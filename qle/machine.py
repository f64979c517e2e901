"""How many workers the machine can feed, and with how many threads each: processors and memory."""

import os
import sys

from landscape.memory import memory as memory
from landscape.modes.low import FACTOR_SIZE

PROCESS_BYTES = 200 * 2**20  # an interpreter with numpy, scipy and numba at work: 162 MiB measured
PROCESS_SIZE = 8000  # up to here a process per core is faster than threads, above it the other way round
THREADS = 8  # more threads than this on one sample gain nothing: memory feeds no more
PAIR_BYTES_ALL = 48  # bytes per N^2 with all modes: Hessian, eigenvectors, work space
PAIR_BYTES_FACTOR = 24  # with a factor of the Hessian, for low modes or for chi
PAIR_BYTES = 2  # with neither: the couplings, in 16 bits, once per pair


class MemoryShortage(RuntimeError):
    """One sample alone does not fit into the memory."""


def share(size: int, *, all_modes: bool, chi: bool = False) -> tuple[int, int]:
    """Return (workers, threads of each) for samples of `size` oscillators.

    Up to N = 8000 one worker with one thread per processor, above one worker with up to eight threads for so
    many processors; fewer workers if they would not fit into the memory together, and then the processors
    they leave are shared out as threads.

    Raises
    ------
    MemoryShortage
        If one sample alone does not fit.
    """
    cores = processors()
    most = cores if size <= PROCESS_SIZE else max(1, cores // THREADS)
    available = memory()
    if available is None:
        return most, cores // most
    need = worker_bytes(size, all_modes=all_modes, chi=chi)
    if need > available:
        raise MemoryShortage(
            f"N = {size}: one sample needs about {need / 2**30:.1f} GiB of memory, "
            f"{available / 2**30:.1f} GiB are free"
        )
    workers = min(most, available // need)
    return workers, cores // workers


def worker_bytes(size: int, *, all_modes: bool, chi: bool = False) -> int:
    """Return the bytes of memory that a worker needs for samples of `size` oscillators."""
    return PROCESS_BYTES + size**2 * _pair_bytes(size, all_modes=all_modes, chi=chi)


def _pair_bytes(size: int, *, all_modes: bool, chi: bool) -> int:
    if all_modes:
        return PAIR_BYTES_ALL
    return PAIR_BYTES_FACTOR if chi or size <= FACTOR_SIZE else PAIR_BYTES


def processors() -> int:
    """Return the number of processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
