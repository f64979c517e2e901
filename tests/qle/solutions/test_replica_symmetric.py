"""The replica-symmetric solution against samples of finite N, on both sides of the special point."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from scipy.optimize import brentq

import khgps
import qle
from tests.executors import Inline

LAW: dict[str, Any] = {"kappa_min": 0.1, "kappa_0": 1.0}  # of the special point h = 0.0178
FIELDS = pytest.mark.parametrize("h", [0.006, 0.1], ids=["omega2", "omega4"])
RANKS = (3, 10)  # modes of a sample, near the gap
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


@FIELDS
def test_samples_meet_the_solution(h: float, tmp_path: Path) -> None:
    compare(h, 300, 60, 8, tmp_path)


@pytest.mark.verify
@FIELDS
def test_large_samples_meet_the_solution(h: float, tmp_path: Path) -> None:
    compare(h, 2000, 80, 16, tmp_path)


def compare(h: float, N: int, samples: int, bins: int, store: Path) -> None:
    """Compare at 0.9 J_c q, chi, energy, the numbers of modes next to the gap and in bins up to omega = 1.

    Together, as the chi-square of all differences with the covariance between samples (Hotelling): bins of a
    sample are correlated. Corrections of order 1/N are below the errors. False alarms 0.1 percent for another
    seed; the seed is fixed.
    """
    J = round(0.9 * float(khgps.critical_coupling(h, **LAW).J), 6)
    params = khgps.KHGPS(N=N, J=J, h=h, **LAW)
    solution, gap = khgps.solve_rs(params), khgps.rs_gap(params)
    edges = np.array([gap, *(frequency_of_rank(params, rank) for rank in RANKS)])
    edges = np.append(edges, np.linspace(edges[-1], 1.0, bins + 1)[1:])
    shares = [modes_between(params, low, high) for low, high in pairwise(edges.tolist())]
    predicted = np.array([solution.q, solution.chi, solution.energy, *shares])

    grid, measure = {"N": N, "h": h, "J": J, **LAW}, {"modes": "all", "chi": True}
    spec = {"model": "khgps", "samples": samples, "grid": grid, "measure": measure}
    measured = quantities(qle.sweep(spec, store=store, executor=Inline(), progress="none").squeeze(), edges)
    per_freedom, p = chi_square(measured - predicted)
    pulls = (measured.mean(0) - predicted) / measured.std(0, ddof=1) * np.sqrt(samples)
    print(f"h = {h}, N = {N}: chi-square/dof {per_freedom:.2f}, p = {p:.3f}, pulls {pulls.round(1)}")
    assert p > 1e-3, pulls


def quantities(dataset: xr.Dataset, edges: np.ndarray) -> np.ndarray:
    """Return mean_x2, chi, energy and the share of modes in each bin, of every sample: (samples, 3 + bins).

    The first bin has no lower end: at finite N some modes lie below the gap.
    """
    below = [(dataset.frequency < edge).mean("mode").values for edge in edges[1:]]
    shares = np.diff(below, axis=0, prepend=0.0)
    return np.stack([dataset.mean_x2, dataset.chi, dataset.energy, *shares], axis=1)


def chi_square(differences: np.ndarray) -> tuple[float, float]:
    """Return chi-square per degree of freedom of the mean of the rows being zero, and its p-value."""
    n, freedom = differences.shape
    mean = differences.mean(axis=0)
    value = float(n * mean @ np.linalg.solve(np.cov(differences, rowvar=False), mean))
    return value / freedom, float(
        stats.f.sf(value * (n - freedom) / (freedom * (n - 1)), freedom, n - freedom)
    )


def frequency_of_rank(params: khgps.KHGPS, rank: int) -> float:
    """Return the frequency omega with N int_gap^omega D = rank."""
    gap = khgps.rs_gap(params)

    def excess(omega: float) -> float:
        return params.N * modes_between(params, gap, omega) - rank

    return float(brentq(excess, gap * (1.0 + 1e-9), 1.0, rtol=1e-6))


def modes_between(params: khgps.KHGPS, low: float, high: float) -> float:
    """Return int D d omega, by Gauss-Legendre in t, omega = low + (high - low) t^2: D may begin as a root."""
    t = 0.5 * (1.0 + NODES)
    density = khgps.rs_spectrum(params, low + (high - low) * t**2)
    return float((high - low) * np.sum(WEIGHTS * t * density))
