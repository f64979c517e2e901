"""The flow of infinitely many oscillators against that of samples, from every start."""

import math

import numpy as np
import pytest

import khgps
import landscape
from quartic.starts import starting_point

TIMES = np.array([0.5, 2.0, 4.0])


def measured(params: khgps.KHGPS, start: str, samples: int) -> np.ndarray:
    """Return e, m, C and R of samples in rows."""
    rows = []
    below = np.tril_indices(TIMES.size)
    for sample in range(samples):
        problem = khgps.draw(params, seed=5, sample=sample)
        x = starting_point(problem, start, (sample << 32) + 7)
        flow = landscape.flow(problem, x, TIMES, probes=1, seed=sample, rtol=1e-3)
        assert flow.R is not None
        R = flow.R[np.tril_indices(TIMES.size, -1)]
        rows.append([*flow.energy / params.N, *flow.x.mean(axis=1), *flow.C[below], *R])
    return np.array(rows)


@pytest.mark.parametrize("start", ["zero", "decoupled", "random"])
def test_samples_scatter_about_the_limit(start: str) -> None:
    """15 pulls, of the scatter of 8 samples of N = 2048; what is of order 1/N is a thirtieth of that."""
    params = khgps.KHGPS(N=2048, J=0.3, h=0.1, coupling="structured")
    rows = measured(params, start, 8)
    flow = khgps.solve_dynamics(params, times=TIMES, start=start, samples=4096, batches=2)
    below = np.tril_indices(TIMES.size)
    strictly = np.tril_indices(TIMES.size, -1)
    limit = np.array([*flow.energy, *flow.mean_x, *flow.C[below], *flow.R[strictly]])
    error = np.array([*flow.energy_error, *flow.mean_x_error, *flow.C_error[below], *flow.R_error[strictly]])
    scatter = np.hypot(rows.std(axis=0, ddof=1) / math.sqrt(len(rows)), error)
    pulls = (rows.mean(axis=0) - limit) / scatter
    assert np.abs(pulls).max() < 6.0, pulls  # Student's t of 7 degrees: 6 is passed by one in 2000
    assert math.sqrt(np.mean(pulls**2)) < 2.5, pulls
