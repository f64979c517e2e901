"""Static fields and site potentials against force balance, elimination by hand and relaxation."""

import numpy as np
import pytest

import quartic
from lattice_gps import GPSLattice, draw
from lattice_gps.fields import site_potentials, static_fields


@pytest.fixture(scope="module")
def relaxed() -> tuple[quartic.Problem, np.ndarray]:
    problem = draw(GPSLattice(L=5, J=0.4, A=1.5), seed=3, sample=0)
    return problem, quartic.minimize(problem, start="kick", tol=1e-12).x


def test_fields_balance_the_force_of_the_own_well(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    problem, x = relaxed
    own = problem.stiffness * x + 1.5 * x**3 / 6.0
    np.testing.assert_allclose(static_fields(problem, x), own, atol=1e-9)


def test_fields_are_the_sum_over_the_other_sites(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    problem, x = relaxed
    matrix = problem.coupling.dense()
    by_hand = [-sum(matrix[i, j] * x[j] for j in range(x.size) if j != i) for i in (0, 7)]
    np.testing.assert_allclose(static_fields(problem, x)[[0, 7]], by_hand, rtol=1e-10)


def test_site_potentials_eliminate_the_others(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    """Curvature: what the energy costs at a displaced site with the others relaxed, to second order."""
    problem, x = relaxed
    found = site_potentials(problem, x)
    matrix = quartic.hessian(problem, x)
    for i in (0, 11):
        others = np.arange(x.size) != i
        reaction = matrix[i, others] @ np.linalg.solve(matrix[np.ix_(others, others)], matrix[others, i])
        np.testing.assert_allclose(found.curvature[i], matrix[i, i] - reaction, rtol=1e-9)
        softened = problem.stiffness[i] - reaction
        np.testing.assert_allclose(found.stiffness[i], softened, atol=1e-9)
        cavity = static_fields(problem, x)[i] - reaction * x[i]
        np.testing.assert_allclose(found.field[i], cavity, atol=1e-9)


def test_x_is_stationary_in_its_site_potential(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    """And the wells are counted as the cubic equation counts its roots."""
    problem, x = relaxed
    found = site_potentials(problem, x)
    roots = [np.roots([1.5 / 6.0, 0.0, k, -f]) for k, f in zip(found.stiffness, found.field, strict=True)]
    real = [np.sort(r.real[np.abs(r.imag) < 1e-7]) for r in roots]
    assert all(np.min(np.abs(r - at)) < 1e-6 for r, at in zip(real, x, strict=True))
    np.testing.assert_array_equal(found.double_wells, [r.size == 3 for r in real])
    lowest = [
        r[np.argmin(k * r**2 / 2 + 1.5 * r**4 / 24 - f * r)]
        for r, k, f in zip(real, found.stiffness, found.field, strict=True)
    ]
    np.testing.assert_array_equal(found.upper_wells, np.abs(np.array(lowest) - x) > 1e-6)
    assert 0 < found.double_wells.sum() < found.destabilised.sum() < x.size
    np.testing.assert_array_equal(found.destabilised, found.ratio > 2.0)


def test_a_saddle_is_refused() -> None:
    problem = quartic.Problem([0.1, 0.1], [[0.0, 0.2], [0.2, 0.0]], 0.0, 1.0)
    with pytest.raises(ValueError, match="x: must be a minimum"):
        site_potentials(problem, np.zeros(2))


def test_complex_displacements_and_points_beside_a_minimum_are_refused(
    relaxed: tuple[quartic.Problem, np.ndarray],
) -> None:
    problem, x = relaxed
    with pytest.raises(ValueError, match="must be real numbers, not of type complex128"):
        static_fields(problem, 1j * x)
    with pytest.raises(ValueError, match=r"x is no minimum: its largest \|gradient\| is"):
        site_potentials(problem, 1.01 * x)
