"""Many starts for one disorder: seconds a start, together and one after the other."""

from functools import partial
from typing import Any

import numpy as np

import khgps
import quartic
from benchmarks.timing import timed
from landscape import threads

CASES = ((2000, 0.1), (2000, 0.3), (8000, 0.1))  # N, J
FIELD, STARTS, REPEATS = 0.01, 64, 2
SINGLES = 16  # of the starts, one after the other: all of them would take a quarter of an hour


def run() -> list[dict[str, Any]]:
    """Return one row per (N, J, threads). Singles of two threads: the better of two ways to use them."""
    before = threads.count()
    compare(50, 0.1)  # compiles
    rows = []
    try:
        for n, j in CASES:
            for count in (1, 2):
                quartic.set_threads(count)
                rows.append(compare(n, j))
    finally:
        quartic.set_threads(before)
    return rows


def compare(n: int, j: float) -> dict[str, Any]:
    """Return the least seconds a start of several runs, the work and the residuals of both."""
    problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=FIELD), seed=1, sample=0)
    together, alone = np.inf, np.inf
    for _ in range(REPEATS):  # in turn: the machine may drift
        seconds, found = timed(lambda: quartic.explore(problem, starts=STARTS))
        together = min(together, seconds / STARTS)
        singles_seconds, singles = fastest_singles(problem)
        alone = min(alone, singles_seconds / SINGLES)
    ends = found.x[found.which[:SINGLES]]
    same = sum(bool(np.abs(m.x - x).max() < 1e-6) for m, x in zip(singles, ends, strict=True))
    return {
        "N": n,
        "J": j,
        "threads": threads.count(),
        "seconds a start": together,
        "singly": alone,
        "ratio": alone / together,
        "products a start": float(found.products.mean()),
        "products singly": float(np.mean([m.products for m in singles])),
        "gradient": float(found.gradient_norms.max()),
        "minima": len(found.energies),
        "same minimum": f"{same}/{SINGLES}",
    }


def fastest_singles(problem: quartic.Problem) -> tuple[float, list[quartic.Minimum]]:
    """Return (seconds, minima) of the first starts singly: threads within a product, or a start on each."""
    count = threads.count()
    starts = [
        partial(quartic.minimize, problem, start="random", seed=k * 2**32, certify=False)
        for k in range(SINGLES)
    ]
    within, minima = timed(lambda: [start() for start in starts])
    if count == 1:
        return within, minima
    across, minima = timed(lambda: threads.run(starts))
    return min(within, across), minima
