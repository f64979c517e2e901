"""Any number of soft potentials in the memory of a few thousand: sampled, counted, forgotten."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from arguments import count
from spm.counting import BINS, MOMENTS, OCTAVES, QUANTITIES, count_wells
from spm.law import SoftPotentials, check_size, draw
from spm.sampling import fill_table
from spm.stationary import ASYMMETRY, B2, B3, B4, BARRIER
from spm.tally import Tally

CHUNK = 8192  # potentials at a time: their tables fit a core's cache
CHUNKS = 64  # of one task


def stream(law: SoftPotentials, n: int, *, seed: int = 0, threads: int | None = None) -> Tally:
    """Return the sums over all minima of n sampled potentials: those of `sample` with the same seed.

    Memory does not grow with n, and the result is the same, bit by bit, for any number of threads.

    Parameters
    ----------
    law : SoftPotentials
    n : int
        1 .. 2^32.
    seed : int
        0 .. 2^32 - 1.
    threads : int, optional
        By default one per processor.

    Returns
    -------
    Tally

    Raises
    ------
    ValueError
        For an argument out of range.

    Examples
    --------
    >>> import spm
    >>> law = spm.SoftPotentials()
    >>> streamed, sampled = spm.stream(law, 1000, seed=1), spm.tally(spm.sample(law, 1000, seed=1))
    >>> streamed.potentials, bool((streamed.counts == sampled.counts).all())
    (1000.0, True)
    """
    n, seed = check_size(n, seed)
    threads = (os.cpu_count() or 1) if threads is None else count("threads", threads)
    total = _empty(n)
    for part in _parts(law, n, seed, threads):
        _add(total, part)
    return total


def _parts(law: SoftPotentials, n: int, seed: int, threads: int) -> Iterator[Tally]:
    """Yield the tallies of all tasks in their order, a few of them ahead of their turn."""
    starts = range(0, n, CHUNK * CHUNKS)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Tally]] = deque()
        for first in starts:
            waiting.append(pool.submit(_count, law, first, min(CHUNK * CHUNKS, n - first), seed))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _count(law: SoftPotentials, first: int, n: int, seed: int) -> Tally:
    """Return the tally of one task, the potentials first .. first + n - 1."""
    total = _empty(n)
    scratch, table, paired = np.empty((3, CHUNK)), np.empty((7, 2 * CHUNK)), np.zeros(2 * CHUNK + 1, np.bool_)
    columns, bins = np.empty((6, 2 * CHUNK)), np.empty((4, 2 * CHUNK), np.int64)
    for start in range(first, first + n, CHUNK):
        size = min(CHUNK, first + n - start)
        coefficients = draw(law, start, size, seed=seed)
        count = fill_table(coefficients, scratch[:, :size], table, paired[1:])
        columns[:5, :count] = table[[B2, B3, B4, BARRIER, ASYMMETRY], :count]
        # paired[k + 1] marks the lower minimum of a pair, so paired[k] says whether well k is the upper one
        count_wells(
            columns[:, :count], paired[:count], bins[:, :count],
            total.counts, total.joint, total.extremes, total.sums,
        )  # fmt: skip
    return total


def _empty(n: int) -> Tally:
    """Return the tally of no well yet, of n potentials; without weights, counts are their own squares."""
    counts, joint = np.zeros((2, len(QUANTITIES), BINS), np.int64), np.zeros((OCTAVES, OCTAVES), np.int64)
    extremes = np.empty((2, len(QUANTITIES), 2))
    extremes[...] = np.inf, -np.inf
    return Tally(
        potentials=float(n),
        counts=counts,
        squares=counts,
        joint=joint,
        joint_squares=joint,
        extremes=extremes,
        sums=np.zeros((2, len(MOMENTS), 2)),
    )


def _add(total: Tally, part: Tally) -> None:
    """Add `part` to `total`, in place."""
    for name in ("counts", "joint", "sums"):
        whole = getattr(total, name)
        whole += getattr(part, name)
    np.minimum(total.extremes[..., 0], part.extremes[..., 0], out=total.extremes[..., 0])
    np.maximum(total.extremes[..., 1], part.extremes[..., 1], out=total.extremes[..., 1])
