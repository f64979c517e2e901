"""The flow of infinitely many oscillators against that of samples, from every start."""

import math

import numpy as np
import pytest

import khgps
import landscape
import quartic
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


SIZES = {60: 800, 125: 300, 250: 100, 500: 40}
EARLY = np.array([0.5, 1.0, 2.0])


def controls(problem: quartic.Problem, J: float) -> list[float]:
    """Return sums over the disorder less their means: of stiffnesses, and of walks of one to four steps."""
    n, kappa = problem.size, problem.stiffness
    once = problem.coupling @ np.ones(n)
    twice = problem.coupling @ once
    square = J**2 * (n - 1) / n
    return [
        *(np.mean(kappa**p) - 1.0 / (p + 1) for p in (1, 2, 3)),
        once.mean(), kappa @ once / n, once @ once / n - square, kappa @ once**2 / n - 0.5 * square,
        once @ twice / n, twice @ twice / n - J**4 * (n - 1) * (2 * n - 1) / n**2,
    ]  # fmt: skip


def controlled(J: float) -> tuple[np.ndarray, np.ndarray]:
    """Return e, m and C of stored couplings at EARLY and their errors, a row for each size.

    What the controls explain is taken out, by slopes common to all sizes.
    """
    made = []
    for size, samples in SIZES.items():
        rows = []
        for k in range(samples):
            problem = khgps.draw(khgps.KHGPS(N=size, J=J, h=0.01), seed=9, sample=k)
            flow = landscape.flow(problem, np.zeros(size), EARLY, rtol=1e-5)
            seen = [*flow.energy / size, *flow.x.mean(axis=1), *flow.C[np.tril_indices(EARLY.size)]]
            rows.append((controls(problem, J), seen))
        made.append([np.array(part) for part in zip(*rows, strict=True)])
    scaled = [
        np.concatenate(
            [math.sqrt(n) * (parts[k] - parts[k].mean(axis=0)) for n, parts in zip(SIZES, made, strict=True)]
        )
        for k in (0, 1)
    ]
    slopes = np.linalg.lstsq(scaled[0], scaled[1], rcond=None)[0]
    left = [seen - known @ slopes for known, seen in made]
    errors = [one.std(axis=0, ddof=1) / math.sqrt(len(one)) for one in left]
    return np.array([one.mean(axis=0) for one in left]), np.array(errors)


@pytest.mark.verify
def test_samples_differ_from_the_limit_by_one_over_n() -> None:
    """e, m and C are a line in 1/N, and on it the limit, to 1e-4 of e(1).

    A part of the slope is known: each site has N - 1 couplings, of J^2/N. By the slope of e in J^2 that is
    -0.047/N of e(1); other parts may be as large.
    """
    J, inverse = 0.3, 1.0 / np.array(list(SIZES))
    limit = khgps.solve_dynamics(khgps.KHGPS(N=2, J=J, h=0.01), times=EARLY, samples=8192)
    expected = np.array([*limit.energy, *limit.mean_x, *limit.C[np.tril_indices(EARLY.size)]])
    means, errors = controlled(J)
    pulls = []
    for mean, error, there in zip(means.T, errors.T, expected, strict=True):
        design = np.stack([np.ones(inverse.size), inverse], axis=1) / error[:, None]
        covariance = np.linalg.inv(design.T @ design)
        ends = covariance @ design.T @ (mean / error)
        assert np.sum((design @ ends - mean / error) ** 2) < 16.0  # 2 degrees of freedom: one in 3000
        pulls.append((ends[0] - there) / math.sqrt(covariance[0, 0]))
    assert np.abs(pulls).max() < 4.5, pulls
    assert errors[-1, 1] < 3e-4 * abs(expected[1])
    slopes, spread = (means[:, 1] / expected[1] - 1.0) / inverse, errors[:, 1] / abs(expected[1]) / inverse
    weight = spread**-2 / np.sum(spread**-2)
    slope, error = weight @ slopes, np.sum(spread**-2) ** -0.5
    assert slope < -4.0 * error
    assert slope == pytest.approx(-0.047, abs=0.03 + 4.0 * error)
