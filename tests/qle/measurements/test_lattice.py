"""Measurements of lattice samples are those of each sample by itself, from its dense Hessian."""

import numpy as np
from scipy.linalg import eigh

import lattice_gps
import quartic
from qle.measurements.lattice import measure, relax


def test_every_row_is_that_of_its_own_sample() -> None:
    """k_i = 1/(M^-1)_ii, kappa'_i = k_i - A x_i^2/2, f'_i = kappa'_i x_i + A x_i^3/6; two wells: r > 8/3."""
    params = lattice_gps.GPSLattice(L=4, J=0.6, h=0.1)
    order: list[int] = []
    found = measure(params, 3, modes=5, seed=2, seen=lambda sample, *one: order.append(sample))
    assert order == [0, 1, 2]
    assert found.params == params
    for sample in range(3):
        problem = lattice_gps.draw(params, seed=2, sample=sample)
        x = quartic.minimize(problem, start="kick", seed=sample, tol=1e-12).x
        np.testing.assert_allclose(found.displacement[sample], x, atol=1e-6)  # forces to 1e-10
        x = found.displacement[sample]
        a = problem.anharmonicity
        hessian = problem.coupling.dense() + np.diag(problem.stiffness + a * x**2 / 2.0)
        values, vectors = eigh(hessian)
        np.testing.assert_allclose(found.frequency[sample], values[:5] ** 0.5, rtol=1e-9)
        shares = np.sum(vectors[:, :5] ** 2, axis=0) ** 2 / np.sum(vectors[:, :5] ** 4, axis=0) / 64
        np.testing.assert_allclose(found.participation[sample], shares, rtol=1e-5)
        k = 1.0 / np.diag(np.linalg.inv(hessian))
        stiffness = k - a * x**2 / 2.0
        np.testing.assert_allclose(found.stiffness[sample], stiffness, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(found.field[sample], stiffness * x + a * x**3 / 6.0, rtol=1e-8, atol=1e-10)
        assert found.double_wells[sample] == np.sum(a * x**2 / k > 8.0 / 3.0)
        assert found.upper_wells[sample] == np.sum(a * x**2 / k > 3.0)
        assert found.destabilised[sample] == np.mean(stiffness < 0.0)
    assert found.double_wells.sum() > found.upper_wells.sum()  # else the two could be mixed up


def test_relaxation_starts_from_the_kick_of_the_sample() -> None:
    """Without a field x and -x are minima alike: which is reached is the kick's choice."""
    params = lattice_gps.GPSLattice(L=4, J=1.0, h=0.0)
    problem, x = relax(params, seed=2, sample=1)
    ends = [quartic.minimize(problem, start="kick", seed=k).x for k in range(4)]
    np.testing.assert_allclose(x, ends[1], atol=1e-5)
    assert min(np.abs(x - ends[k]).max() for k in (0, 2, 3)) > 0.1  # so that another kick would be seen
