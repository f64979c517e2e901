"""Cubic and quartic modes where they are known otherwise: limits, small systems, the plain scheme."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import eigh

import quartic
from quartic.nonlinear import barrier, cubic_modes, expansion, quartic_modes
from tests.nonlinear_reference import downward, forced, same, sample, searched, with_hessian


def test_how_fast_the_plain_scheme_converges() -> None:
    """A deviation along a direction of second derivative m (`downward`) is multiplied by 1 - m in a step."""
    problem, x = sample(60, 0.3)
    matrix = quartic.hessian(problem, x)
    mode = cubic_modes(problem, x, count=6, tol=1e-11)[0]
    z = mode.direction
    factor = 2.0 * mode.b2 / mode.b3
    values, vectors = eigh(factor * np.diag(x * z), matrix)
    slowest = np.argsort(np.abs(values - 2.0 * (values > 1.999)))[-1]
    for rate, v in ((values[slowest], vectors[:, slowest]), (values[0], vectors[:, 0])):
        start = z + 1e-5 * v / np.linalg.norm(v)
        new = np.linalg.solve(matrix, x * start**2) * mode.b2 / mode.b3
        np.testing.assert_allclose(new - z, rate * (start - z), rtol=0, atol=1e-8)  # 1e-5 squared, and tol
        assert np.abs(downward(problem, x, mode, 3) - (1.0 - rate)).min() < 1e-8


def test_the_plain_scheme_may_raise_the_barrier() -> None:
    """By hand: from z = (-1, 1), b2 = 2 and b3 = 1, it goes to (-1, -1)/2, b2 = 5/2 and b3 = 5/8: B x 5."""
    matrix, x = np.array([[4.0, 2.0], [2.0, 2.0]]), np.array([-3.0, -2.0])
    problem = with_hessian(matrix, x)
    z = np.array([-1.0, 1.0])
    new = np.linalg.solve(matrix, x * z**2)
    np.testing.assert_allclose(new, [-0.5, -0.5], rtol=1e-15)
    first, second = (barrier(expansion(problem, x, v / np.linalg.norm(v))) for v in (z, new))
    assert second == pytest.approx(5 * first, rel=1e-14)
    (mode,) = cubic_modes(problem, x, starts=z, method="fixed-point")
    assert mode.status == "descended"
    assert mode.barrier < first
    assert same(mode.direction, searched(problem, x, mode.direction + np.array([0.01, 0.0]), 3))


@pytest.mark.parametrize("method", ["fixed-point", "descent"])
def test_symmetric_starts_do_not_end_in_saddles(method: str) -> None:
    """Two equal sites: (1, 1) solves (S 15), with B = 2 (2k)^3/(3 (2x)^2) twice that of either site."""
    for coupling in (0.0, 0.05):
        problem = with_hessian(np.array([[1.0, coupling], [coupling, 1.0]]), np.ones(2))
        (mode,) = cubic_modes(problem, np.ones(2), starts=np.ones(2), method=method)
        assert mode.status == "descended"
        assert downward(problem, np.ones(2), mode, 3)[0] > 0.0
    (mode,) = cubic_modes(with_hessian(np.eye(2), np.ones(2)), np.ones(2), starts=np.ones(2), method=method)
    assert mode.barrier == pytest.approx(2 / 3, rel=1e-9)


@pytest.mark.parametrize("method", ["fixed-point", "descent"])
def test_uncoupled_sites_are_the_cubic_modes(method: str) -> None:
    """B = 2 k^3/(3 A^2 x^2) each; and every random start ends in one of them."""
    rng = np.random.default_rng(1)
    k, x = rng.uniform(0.5, 2.0, 12), rng.uniform(-1.0, 1.0, 12)
    problem = with_hessian(np.diag(k), x, 1.3)
    modes = cubic_modes(problem, x, count=12, method=method)
    np.testing.assert_allclose(
        [m.barrier for m in modes], np.sort(2 * k**3 / (3 * (1.3 * x) ** 2)), rtol=1e-12
    )
    assert all(m.participation == pytest.approx(1 / 12, rel=1e-12) for m in modes)
    found = cubic_modes(problem, x, starts=rng.normal(size=(12, 60)), method=method)
    assert all(any(same(m.direction, n.direction) for n in modes) for m in found)


def test_weak_coupling() -> None:
    """By perturbation on site s: z_i = -J_is/k_i and B = 2 (k_s - sum_i J_is^2/k_i)^3/(3 x_s^2) + O(J^3).

    Halving the couplings divides the error by 8.
    """
    rng = np.random.default_rng(1)
    k, x = rng.uniform(1.0, 2.0, 20), rng.uniform(0.5, 1.0, 20)
    upper = np.triu(rng.uniform(-1.0, 1.0, (20, 20)), 1)
    errors = []
    for strength in (0.02, 0.01):
        j = strength * (upper + upper.T)
        modes = cubic_modes(with_hessian(np.diag(k) + j, x), x, starts=np.eye(20))
        assert len(modes) == 20
        differences = []
        for m in modes:
            (s,) = m.starts
            exact = 2 * (k[s] - np.sum(j[s] ** 2 / k)) ** 3 / (3 * x[s] ** 2)
            differences.append(m.barrier / exact - 1.0)
            others = np.delete(m.direction / m.direction[s], s)
            np.testing.assert_allclose(others, -np.delete(j[s] / k, s), rtol=0, atol=60 * strength**2)
        errors.append(np.linalg.norm(differences))
    assert errors[0] / errors[1] == pytest.approx(8.0, rel=0.15)  # the next order is about J smaller


@pytest.mark.parametrize("order", [3, 4])
def test_all_modes_of_small_systems(order: int) -> None:
    """What BFGS finds from 60 random starts, we find from 200 others; and each of ours is one of BFGS too."""
    rng = np.random.default_rng(order)
    find = cubic_modes if order == 3 else quartic_modes
    total = 0
    for _ in range(4):
        a, x = rng.normal(size=(4, 4)), rng.normal(size=4)
        problem = with_hessian(a @ a.T + 0.3 * np.eye(4), x)
        modes = find(problem, x, starts=rng.normal(size=(4, 200)), method="descent")
        for start in (*rng.normal(size=(60, 4)), *(m.direction + 1e-3 for m in modes)):
            z = searched(problem, x, start, order)
            mz, f = quartic.hessian(problem, x) @ z, forced(problem, x, z, order)
            if np.linalg.norm(mz - (z @ mz) / (z @ f) * f) < 1e-6 * np.linalg.norm(mz):  # BFGS converged
                assert any(same(z, m.direction) for m in modes)
                total += 1
        assert all(same(searched(problem, x, m.direction + 1e-3, order), m.direction) for m in modes)
    assert total > 100


def test_minima_that_the_plain_scheme_leaves() -> None:
    """Where a second derivative is above 2, a deviation grows by more than 1 in a step: it is never found."""
    rng = np.random.default_rng(3)
    a, x = rng.normal(size=(4, 4)), rng.normal(size=4)
    matrix = a @ a.T + 0.3 * np.eye(4)
    problem = with_hessian(matrix, x)
    modes = cubic_modes(problem, x, starts=rng.normal(size=(4, 600)), method="descent")
    highest = [float(downward(problem, x, m, 3)[-1]) for m in modes]
    assert min(highest) < 2.0 < max(highest)
    ends = []
    for start in rng.normal(size=(100, 4)):
        z = start
        for _ in range(200):
            z = np.linalg.solve(matrix, x * z**2)
            z /= np.linalg.norm(z)
        ends.append(z)
    for mode, top in zip(modes, highest, strict=True):
        assert any(same(z, mode.direction) for z in ends) == (top < 2.0)


def test_modes_that_are_nearly_parallel_are_two() -> None:
    matrix, x = np.array([[2.0, -2.75], [-2.75, 4.0]]), np.array([4.0, -7.0])
    problem = with_hessian(matrix, x)
    modes = cubic_modes(problem, x, starts=np.random.default_rng(1).normal(size=(2, 20)))
    assert len(modes) == 2
    assert 0.97 < abs(modes[0].direction @ modes[1].direction) < 0.99
    assert all(same(searched(problem, x, m.direction, 3), m.direction) for m in modes)


@given(st.integers(0, 2**16))
def test_a_step_of_the_quartic_scheme_never_raises_its_barrier(seed: int) -> None:
    """For sum_i z_i^4 is convex: in coordinates where M = 1, a power step cannot lower it."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(5, 5))
    matrix, z = a @ a.T + 1e-3 * np.eye(5), rng.normal(size=5)
    new = np.linalg.solve(matrix, z**3)
    first, second = ((v @ matrix @ v) ** 2 / np.sum(v**4) for v in (z, new))
    assert second <= first * (1 + 1e-9)


def test_quartic_modes_exist_where_nothing_is_displaced() -> None:
    """x = 0: modes of b2^2/b4 = k_i^2/A on single uncoupled sites; there is no cubic mode."""
    k = np.array([3.0, 1.0, 2.0])
    problem = quartic.Problem(k, np.zeros((3, 3)), 0.0, 2.0)
    modes = quartic_modes(problem, np.zeros(3), starts=np.eye(3))
    assert sorted((m.b2**2 / m.b4, m.b3) for m in modes) == [(0.5, 0.0), (2.0, 0.0), (4.5, 0.0)]
    assert all(m.barrier == np.inf for m in modes)
    with pytest.raises(ValueError, match="x = 0 on all sites"):
        cubic_modes(problem, np.zeros(3))


def test_starts_without_a_cubic_term() -> None:
    """b3 = 0 along (1, -1) where x_1 = x_2: one step of the scheme leads on. On a site of x = 0 none does."""
    matrix = np.array([[1.0, 0.2, 0.0], [0.2, 1.5, 0.0], [0.0, 0.0, 1.0]])
    problem = with_hessian(matrix, x := np.array([1.0, 1.0, 0.0]))
    starts = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]]).T
    for method in ("fixed-point", "descent"):
        found = cubic_modes(problem, x, starts=starts, method=method)
        assert [(m.status in ("converged", "descended"), m.starts) for m in found] == [
            (True, (0,)),
            (False, (1,)),
        ]
        assert found[1].barrier == np.inf
