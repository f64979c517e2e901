"""The solution with broken replica symmetry: one, a line of J, the (h, J) plane; against plain grids.

All is compiled before. One solution and the line are made by one core in a process of its own. The error is
that of the energy, relative to the solution at rtol = 2e-7.
"""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

import khgps
from benchmarks.plain_rsb import Equations, solve
from benchmarks.timing import peak_kib, timed

POINT = khgps.KHGPS(N=2, J=0.3, h=0.01)
LINE = [khgps.KHGPS(N=2, J=J, h=0.01) for J in np.geomspace(0.08, 1.0, 10)]
PLANE = [khgps.KHGPS(N=2, J=J, h=h) for h in np.linspace(0.0, 0.05, 10) for J in np.geomspace(0.12, 1.0, 20)]
PLAIN_STEPS = 12


def run() -> list[dict[str, Any]]:
    """Return one row per task: seconds, memory, and the largest residual and error."""
    rows = [_alone(task) for task in (_one, _along, _plain)]
    return [*rows, _plane()]


def _alone(task: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the row of a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task).result()


def _one() -> dict[str, Any]:
    """One point, nothing known before."""
    khgps.solve_rsb(LINE[0], steps=2)  # compile
    seconds, found = timed(lambda: khgps.solve_rsb(POINT))
    return _row("one point", seconds, [found], error=abs(found.energy / _exact() - 1.0))


def _along() -> dict[str, Any]:
    khgps.solve_rsb(LINE[0], steps=2)  # compile
    seconds, found = timed(lambda: [khgps.solve_rsb(params) for params in LINE])
    return _row("a point of a line of J", seconds / len(LINE), found)


def _plane() -> dict[str, Any]:
    """200 points on all cores."""
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_residual, [POINT] * (os.cpu_count() or 1)))  # start and compile
        seconds, residuals = timed(lambda: list(pool.map(_residual, PLANE)))
    row = _row("200 points of (h, J), all cores", seconds, [])
    return row | {"peak MiB": None, "residual": max(residuals)}  # the points are made in other processes


def _plain() -> dict[str, Any]:
    """Iterate the equations on even grids, at levels that rise as t^(-5/8), and extrapolate the spacing."""
    t = (1.0 - np.arange(PLAIN_STEPS + 1) / PLAIN_STEPS) ** 2
    y = 0.035 + 0.1 * ((0.5 * (t[1:] + t[:-1])) ** -0.625 - 1.0)

    def energies() -> list[float]:
        q, u, found = 2.24 - 1.84 * t, 0.6, []
        for step in (0.08, 0.04, 0.02):
            e, q, u = solve(Equations(0.0, 1.0 / POINT.J, POINT.h / POINT.J**1.5, y, step), q, u)
            found.append(e * POINT.J**2)
        return found

    seconds, (_, coarse, fine) = timed(energies)
    error = abs((4.0 * fine - coarse) / 3.0 / _exact() - 1.0)
    return _row("one point, plain grids", seconds, [], error=error)


def _residual(params: khgps.KHGPS) -> float:
    return khgps.solve_rsb(params).residual


def _exact() -> float:
    return khgps.solve_rsb(POINT, rtol=2e-7).energy


def _row(task: str, seconds: float, found: list[khgps.FullRSB], error: float | None = None) -> dict[str, Any]:
    stated = max((one.energy_error / abs(one.energy) for one in found), default=None)
    return {
        "task": task,
        "seconds": seconds,
        "peak MiB": peak_kib() / 1024.0,
        "residual": max((one.residual for one in found), default=None),
        "error stated": stated,
        "error": error,
    }
