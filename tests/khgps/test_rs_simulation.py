"""The solution against samples extrapolated to N -> infinity, in fields on both sides of the special one."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from scipy import stats

import khgps
import quartic

# At 0.9 J_c: in the first field the replicon would end the phase, in the second the gap edge.
SIDES = pytest.mark.parametrize(("h", "J"), [(0.005, 0.137), (0.3, 0.22)])
TIMES = pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.verify)])
"""As many samples as in the ordinary tests, where a solution 3 percent off has p < 1e-40, and twice that."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def bins(params: khgps.KHGPS, number: int) -> np.ndarray:
    """Return edges of frequency from below the gap up to 1: where shares add up to one they are dependent."""
    return np.linspace(0.9 * khgps.rs_gap(params), 1.0, number + 1)


def measured(params: khgps.KHGPS, edges: np.ndarray, samples: int) -> np.ndarray:
    """Return q, chi and the share of modes in each bin, (samples, 2 + bins)."""
    rows = []
    for sample in range(samples):
        problem = khgps.draw(params, seed=4, sample=sample)
        x = quartic.minimize(problem).x
        eigenvalues = quartic.spectrum(problem, x)
        shares = np.histogram(np.sqrt(eigenvalues), edges)[0] / params.N
        rows.append([np.mean(x**2), np.mean(1.0 / eigenvalues), *shares])
    return np.array(rows)


def predicted(params: khgps.KHGPS, edges: np.ndarray) -> np.ndarray:
    """Return q, chi and int D d omega over each bin."""
    solution = khgps.solve_rs(params)
    fine = np.linspace(edges[:-1], edges[1:], 21, axis=1)
    half = 0.5 * np.diff(fine, axis=1)
    omega = fine[:, :-1, None] + half[:, :, None] * (1.0 + NODES)
    shares = np.sum(khgps.rs_spectrum(params, omega) * half[:, :, None] * WEIGHTS, axis=(1, 2))
    return np.array([solution.q, solution.chi, *shares])


def compare(h: float, J: float, number: int, sizes: dict[int, int], law: Any = None) -> tuple[float, float]:
    """Return chi^2 per degree of freedom, and its p-value, of measured averages less the predicted ones.

    `sizes` holds the number of samples of N and of 2 N: 2 mean(2 N) - mean(N) is free of biases in 1/N.
    Covariances are those between samples; the law of chi^2 allows for the errors of their estimate by the
    smaller number of samples (Hotelling).
    """
    params = khgps.KHGPS(N=2, J=J, h=h, kappa_min=0.1, stiffness=law)
    edges = bins(params, number)
    difference, covariance = -predicted(params, edges), np.zeros(())
    for factor, (N, samples) in zip((-1.0, 2.0), sizes.items(), strict=True):
        rows = measured(dataclasses.replace(params, N=N), edges, samples)
        difference = difference + factor * rows.mean(axis=0)
        covariance = covariance + factor**2 * np.cov(rows, rowvar=False) / samples
    square = float(difference @ np.linalg.solve(covariance, difference))
    n, p = min(sizes.values()), difference.size
    return square / p, float(stats.f.sf(square * (n - p) / (p * (n - 1)), p, n - p))


@SIDES
@TIMES
def test_extrapolation_of_small_systems(h: float, J: float, times: int) -> None:
    """To N -> infinity from N = 100 and 200; false alarms 0.1 percent for another seed."""
    per_degree, p = compare(h, J, 8, {100: 600 * times, 200: 300 * times})
    assert p > 1e-3, f"chi^2 per degree of freedom {per_degree}"


@TIMES
def test_small_systems_of_a_law_of_ones_own(times: int) -> None:
    """A triangle, at 0.9 J_c; false alarms 0.1 percent for another seed."""
    law = ([0.1, 0.4, 1.0], [0.0, 1.0, 0.0])
    per_degree, p = compare(0.05, 0.168, 8, {80: 400 * times, 160: 200 * times}, law)
    assert p > 1e-3, f"chi^2 per degree of freedom {per_degree}"
