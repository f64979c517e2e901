"""Gradient descent to t = 100: the limit of large N, and samples by our flow and by a plain rule.

Seconds are those of the processor. The error of a sample is the root mean square of x over all times,
against rtol = 1e-6; the plain rule is run at the first tolerance that comes near to it, ratio says how much
longer.
"""

from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

import khgps
import landscape
from benchmarks.timing import timed_on_processor

N = 65536
TIMES = np.array([1.0, 10.0, 20.0, 50.0, 100.0])
EXPLICIT = (1e-3, 1e-4, 1e-5)


def run() -> list[dict[str, Any]]:
    """Return one row for each way."""
    model = khgps.KHGPS(N=N, J=0.3, h=0.01, coupling="structured")
    khgps.solve_dynamics(model, times=[1.0], samples=64)  # compile
    seconds, limit = timed_on_processor(lambda: khgps.solve_dynamics(model, times=TIMES))
    rows = [_row("limit, 3 batches of 4096 samples", seconds, int(limit.steps.max()), limit.energy_error[-1])]
    problem, start = khgps.draw(model, seed=1, sample=0), np.zeros(N)
    landscape.flow(problem, start, [0.5])  # compile
    exact = landscape.flow(problem, start, TIMES, rtol=1e-6).x
    seconds, flow = timed_on_processor(lambda: landscape.flow(problem, start, TIMES))
    error = _error(flow.x, exact)
    rows.append(_row(f"sample of N = {N:,}, landscape.flow", seconds, flow.steps, error))
    for rtol in EXPLICIT:
        found = timed_on_processor(
            lambda rtol=rtol: solve_ivp(  # type: ignore[misc]
                lambda t, x: -problem.gradient(x), (0.0, TIMES[-1]), start, "RK45", TIMES,
                rtol=rtol, atol=rtol * 1e-2,
            )
        )  # fmt: skip
        plain = _error(found[1].y.T, exact)
        if plain <= 2.0 * error or rtol == EXPLICIT[-1]:
            row = _row("the same, scipy's RK45", found[0], found[1].nfev // 6, plain)
            rows.append({**row, "ratio": found[0] / seconds})
            break
    return rows


def _row(task: str, seconds: float, steps: int, error: float) -> dict[str, Any]:
    return {"task": task, "seconds": seconds, "steps": steps, "error": float(error)}


def _error(x: np.ndarray, exact: np.ndarray) -> float:
    return float(np.sqrt(np.mean((x - exact) ** 2)))
