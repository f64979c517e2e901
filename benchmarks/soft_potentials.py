"""Soft potentials classified: minima, barriers and flags counted; against plain and vectorised numpy."""

import math
import os
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import spm
from benchmarks.timing import best, peak_kib

Array = NDArray[np.float64]

LAW = spm.SoftPotentials()
OURS, VECTORISED, LOOP = 10_000_000, 1_000_000, 3000  # potentials of each
REPEATS = 5  # the best counts: neighbours on the machine only ever slow down


def run() -> list[dict[str, Any]]:
    """Return one row for each way: potentials per second, its ratio to ours, wells found, memory."""
    rows = []
    for threads in (1, os.cpu_count() or 1):
        seconds, tally = best(partial(spm.stream, LAW, OURS, threads=threads), REPEATS)
        rows.append(_row(f"qle, threads = {threads}", OURS, seconds, float(tally.wells.sum())))
    seconds, found = best(lambda: vectorised(np.random.default_rng(1), VECTORISED), REPEATS)
    rows.append(_row("numpy, vectorised", VECTORISED, seconds, float(found)))
    seconds, found = best(lambda: loop(np.random.default_rng(1), LOOP), REPEATS)
    rows.append(_row("numpy.roots, a loop", LOOP, seconds, float(found)))
    fastest = max(row["potentials per second"] for row in rows)
    return [{**row, "ratio": fastest / row["potentials per second"]} for row in rows]


def coefficients(rng: np.random.Generator, n: int) -> Array:
    """Return a1 .. a4 of the default law, shape (4, n); a4 is drawn again where it is not positive."""
    a = rng.normal(size=(4, n))
    a[3] = 1.0 + 0.5 * a[3]
    while (wrong := a[3] <= 0.0).any():
        a[3, wrong] = rng.normal(1.0, 0.5, np.count_nonzero(wrong))
    return a


def vectorised(rng: np.random.Generator, n: int) -> int:
    """Classify n potentials with whole-array numpy, by Cardano's formulas; return the number of minima."""
    total = 0
    for _ in range(0, n, 100_000):
        a1, a2, a3, a4 = coefficients(rng, min(n, 100_000))
        c = a3 / a4
        p, q = 6.0 / a4 * (a2 - 0.5 * a3 * c), 6.0 / a4 * (a1 - a2 * c + a3 * c**2 / 3.0)
        three = 4.0 * p**3 + 27.0 * q**2 < 0.0
        root = np.sqrt(np.maximum(q**2 / 4.0 + p**3 / 27.0, 0.0))
        roots = np.full((3, c.size), np.nan)
        roots[0] = np.where(three, 0.0, np.cbrt(root - q / 2.0) - np.cbrt(root + q / 2.0))
        radius = 2.0 * np.sqrt(-p[three] / 3.0)
        angle = np.arccos(np.clip(3.0 * q[three] / (p[three] * radius), -1.0, 1.0)) / 3.0
        for k in range(3):
            roots[k, three] = radius * np.cos(angle - 2.0 * math.pi * k / 3.0)
        positions = np.sort(roots, axis=0) - c
        energy = positions * (a1 + positions * (a2 / 2.0 + positions * (a3 / 6.0 + positions * a4 / 24.0)))
        b2, b3 = a2 + positions * (a3 + positions * a4 / 2.0), a3 + a4 * positions
        barrier = energy[1] - np.minimum(energy[0], energy[2])
        r, rows = b3**2 / (b2 * a4), b2 > 0.0
        for values in (b2[rows], r[rows], barrier[three & (barrier > 0.0)]):
            np.histogram(np.log2(np.maximum(values, 1e-30)), 1280, (-110.0, 50.0))
        total += int(np.count_nonzero(rows))
    return total


def loop(rng: np.random.Generator, n: int) -> int:
    """Classify n potentials one by one with numpy.roots; return the number of minima."""
    total = 0
    for a1, a2, a3, a4 in coefficients(rng, n).T.tolist():
        roots = np.roots([a4 / 6.0, a3 / 2.0, a2, a1])
        real = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
        energy = [x * (a1 + x * (a2 / 2.0 + x * (a3 / 6.0 + x * a4 / 24.0))) for x in real]
        minima = [(e, x) for e, x in zip(energy, real, strict=True) if a2 + x * (a3 + x * a4 / 2.0) > 0.0]
        barrier = max(energy) - min(minima)[0] if len(minima) == 2 else math.nan
        flags = [(a3 + a4 * x) ** 2 <= 3.0 * a4 * (a2 + x * (a3 + x * a4 / 2.0)) for _, x in minima]
        total += len(flags) if barrier != 0.0 else 0
    return total


def _row(way: str, n: int, seconds: float, wells: float) -> dict[str, Any]:
    return {
        "way": way,
        "potentials": n,
        "potentials per second": n / seconds,
        "wells per potential": wells / n,
        "peak memory of the process, MB": peak_kib() / 1e3,
    }
