"""Structured couplings: the semicircle's eigenvalues, and the thermodynamic limit of Gaussian couplings."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

import khgps
import quartic
from benchmarks import universality
from khgps.semicircle import semicircle_quantiles, semicircle_spectrum

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


@pytest.mark.parametrize("size", [2, 64, 2**16])
def test_quantiles_of_the_semicircle(size: int) -> None:
    """The distribution function, x (4 - x^2)^(1/2)/(4 pi) + arcsin(x/2)/pi + 1/2, gives (k + 1/2)/size back.

    Rounding of x near the edge costs little, as the density vanishes there.
    """
    x = semicircle_quantiles(size)
    below = 0.5 + x * np.sqrt((2.0 - x) * (2.0 + x)) / (4 * np.pi) + np.arcsin(x / 2) / np.pi
    np.testing.assert_allclose(below * size, np.arange(size) + 0.5, rtol=0.0, atol=size * 1e-15 + 1e-13)
    np.testing.assert_array_equal(x, -x[::-1])


@pytest.mark.parametrize("n", [3, 48, 64, 700])
def test_couplings_have_the_variance_asked_for(n: int) -> None:
    """J^2/N off the diagonal, averaged over pairs and samples, within 4.5 errors (7e-6 false alarms)."""
    assert semicircle_spectrum(n, 0.3).size == 1 << (n - 1).bit_length()
    params = khgps.KHGPS(N=n, J=0.3, h=0.0, coupling="structured")
    samples = 400 if n < 100 else 20
    pairs = np.triu_indices(n, 1)
    squares = [
        np.mean(khgps.draw(params, seed=2, sample=s).coupling.dense()[pairs] ** 2) for s in range(samples)
    ]
    error = np.std(squares, ddof=1) / np.sqrt(samples)
    assert abs(np.mean(squares) - 0.09 / n) < 4.5 * error


def test_the_cut_of_a_semicircle_is_a_semicircle() -> None:
    """N = 700 of 1024 sites: all eigenvalues within 0.05 J of the quantiles, and the edges at 2 J.

    Those of a Gaussian matrix fluctuate by N^(-2/3) J = 0.013 J at the edge and less inside. The spectrum
    before the cut is 20 percent wider: it would miss by 0.4 J.
    """
    params = khgps.KHGPS(N=700, J=0.5, h=0.0, coupling="structured")
    values = np.linalg.eigvalsh(khgps.draw(params, seed=1, sample=0).coupling.dense())
    assert np.abs(values - 0.5 * semicircle_quantiles(700)).max() < 0.05 * 0.5


def solved(params: khgps.KHGPS, edges: np.ndarray) -> np.ndarray:
    """E/N, q, chi and the share of modes between the edges, in the limit."""
    solution = khgps.solve_rs(params)
    half = 0.5 * np.diff(edges)
    omega = edges[:-1, None] + half[:, None] * (1.0 + NODES)
    shares = np.sum(khgps.rs_spectrum(params, omega) * half[:, None] * WEIGHTS, axis=1)
    return np.array([solution.energy, solution.q, solution.chi, *shares])


def sampled(params: khgps.KHGPS, edges: np.ndarray, sample: int) -> list[float]:
    """The same numbers of one sample."""
    problem = khgps.draw(params, seed=6, sample=sample)
    minimum = quartic.minimize(problem)
    eigenvalues = quartic.spectrum(problem, minimum.x)
    shares = np.histogram(np.sqrt(eigenvalues), edges)[0] / params.N
    return [
        minimum.energy / params.N,
        float(np.mean(minimum.x**2)),
        float(np.mean(1.0 / eigenvalues)),
        *shares.tolist(),
    ]


@pytest.mark.parametrize(("h", "J"), [(0.005, 0.12), (0.3, 0.2)])
def test_samples_meet_the_replica_symmetric_solution(h: float, J: float) -> None:
    """E, q, chi and D(omega) in six bins, extrapolated from N = 96 and 192: chi-square with covariances.

    2 mean(2 N) - mean(N) is free of biases in 1/N. False alarms 0.1 percent for another seed (Hotelling's law
    for 150 samples), and 3 percent off have p < 1e-23; 96 is no power of two, so that the cut takes part.
    """
    params = khgps.KHGPS(N=96, J=J, h=h, kappa_min=0.1, coupling="structured")
    edges = np.linspace(0.9 * khgps.rs_gap(params), 1.0, 7)
    difference, covariance = -solved(params, edges), np.zeros(())
    for factor, N, samples in ((-1.0, 96, 300), (2.0, 192, 150)):
        sized = dataclasses.replace(params, N=N)
        rows = np.array([sampled(sized, edges, s) for s in range(samples)])
        difference = difference + factor * rows.mean(axis=0)
        covariance = covariance + factor**2 * np.cov(rows, rowvar=False) / samples
    square = float(difference @ np.linalg.solve(covariance, difference))
    n, p = 150, difference.size
    assert stats.f.sf(square * (n - p) / (p * (n - 1)), p, n - p) > 1e-3, difference / np.sqrt(
        np.diag(covariance)
    )


def test_a_large_sample_meets_the_limit() -> None:
    """N = 2^16, one sample: E/N and q within 4 errors, which are below one percent.

    The errors are those of independent sites, from the scatter between them. Over samples E/N and q scattered
    1.15 and 1.26 times as much (200 samples of N = 4096), as all sites feel one q: 0.2 percent false alarms.
    """
    params = khgps.KHGPS(N=2**16, J=0.15, h=0.1, kappa_min=0.1, coupling="structured")
    problem = khgps.draw(params, seed=6, sample=0)
    minimum = quartic.minimize(problem)
    solution = khgps.solve_rs(params)
    x = minimum.x
    forces = problem.coupling @ x
    site = x * (problem.stiffness * x + forces) / 2 + x**4 / 24 - params.h * x
    for measured, expected in ((site, solution.energy), (x**2, solution.q)):
        error = float(np.std(measured)) / 2**8
        assert abs(float(np.mean(measured)) - expected) < 4.0 * error
        assert error < 0.01 * abs(expected)


@pytest.mark.verify
@pytest.mark.parametrize("J", [0.03, 0.1, 0.3])
def test_glassy_samples_agree_with_gaussian_ones(J: float) -> None:
    """Energy, q, chi, field law and D(omega) together, extrapolated in 1/N: false alarms 0.1 percent each."""
    _, limit, _ = universality.compare(J, 0.01)
    assert float(limit["joint p"]) > 1e-3, limit
