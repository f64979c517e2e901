"""Cubic and quartic modes: the mode equation, two routes, minima of the barrier, invariants, refusals."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import quartic
from quartic.nonlinear import ModeError, barrier, cubic_modes, expansion, quartic_modes
from tests.nonlinear_reference import downward, residual, same, sample, searched, with_hessian

COUPLINGS = (0.03, 0.1, 0.3)


@pytest.mark.parametrize("method", ["fixed-point", "descent"])
@pytest.mark.parametrize("j", COUPLINGS)
@pytest.mark.parametrize("order", [3, 4])
def test_modes_solve_their_equation_and_are_minima_below_their_starts(
    method: str, j: float, order: int
) -> None:
    problem, x = sample(200, j)
    find = cubic_modes if order == 3 else quartic_modes
    for starts in ("sites", "modes", "random"):
        directions: str | np.ndarray = starts
        if starts == "modes":
            directions = quartic.low_modes(problem, x, 10).vectors
        modes = find(problem, x, starts=directions, count=10, method=method)
        assert sorted(k for m in modes for k in m.starts) == list(range(10))
        for m in modes:
            assert m.status in ("converged", "descended")
            assert m.residual <= 1e-9
            assert residual(problem, x, m, order) < 1e-8
            assert downward(problem, x, m, order)[0] > 0.0
            e = expansion(problem, x, m.direction)
            np.testing.assert_allclose([m.b2, m.b3, m.b4], e, rtol=1e-9)
            assert m.b3 >= 0.0
            assert m.barrier == pytest.approx(barrier(e), rel=1e-9)
            assert m.ratio == pytest.approx(e.ratio, rel=1e-9)
            assert m.participation == pytest.approx(quartic.participation_ratio(m.direction), rel=1e-12)
        assert [m.barrier for m in modes] == sorted(m.barrier for m in modes)
        if starts == "modes":
            first = expansion(problem, x, directions)
            for m in modes:
                for k in m.starts:
                    if order == 3:
                        assert m.barrier < barrier(first)[k]
                    else:
                        assert m.b2**2 / m.b4 < first.b2[k] ** 2 / first.b4[k]


@pytest.mark.parametrize("order", [3, 4])
@pytest.mark.parametrize("j", COUPLINGS)
def test_another_search_from_nearby_ends_in_the_same_modes(j: float, order: int) -> None:
    problem, x = sample(60, j)
    find = cubic_modes if order == 3 else quartic_modes
    rng = np.random.default_rng(1)
    for m in find(problem, x, count=6):
        start = m.direction + 1e-3 * rng.normal(size=60)
        assert same(searched(problem, x, start, order), m.direction)


@pytest.mark.parametrize("j", COUPLINGS)
def test_both_methods_find_the_same_modes(j: float) -> None:
    """From the modes that one found, turned by 1e-3; and, where modes sit on single sites, from sites."""
    problem, x = sample(400, j)
    noise = 1e-3 * np.random.default_rng(1).normal(size=(400, 20)) / 20.0
    routes = ("fixed-point", "descent")
    for one, other in (routes, routes[::-1]):
        modes = cubic_modes(problem, x, method=one)
        starts = np.column_stack([m.direction for m in modes]) + noise[:, : len(modes)]
        again = cubic_modes(problem, x, starts=starts, method=other)
        assert [m.starts for m in again] == [(k,) for k in range(len(modes))]
        for m, n in zip(modes, again, strict=True):
            assert same(m.direction, n.direction)
            assert n.barrier == pytest.approx(m.barrier, rel=1e-9)
    if j == min(COUPLINGS):
        pairs = zip(*(cubic_modes(problem, x, method=route) for route in routes), strict=True)
        assert all(same(m.direction, n.direction) and m.starts == n.starts for m, n in pairs)


def test_the_plain_scheme_by_dense_matrices_ends_in_the_modes_that_converged() -> None:
    problem, x = sample(200, 0.1)
    inverse = np.linalg.inv(quartic.hessian(problem, x))
    compared = 0
    for start in quartic.low_modes(problem, x, 8).vectors.T:
        (mode,) = cubic_modes(problem, x, starts=start, method="fixed-point")
        z = start
        for _ in range(300):
            z = inverse @ (x * z**2)
            z /= np.linalg.norm(z)
        if mode.status == "converged":
            assert same(z, mode.direction)
            compared += 1
    assert compared >= 5


def test_starts_do_not_know_of_each_other() -> None:
    problem, x = sample(150, 0.1)
    starts = quartic.low_modes(problem, x, 5).vectors
    for method in ("fixed-point", "descent"):
        together = cubic_modes(problem, x, starts=starts, method=method)
        for k in range(5):
            (alone,) = cubic_modes(problem, x, starts=-2.0 * starts[:, k], method=method)
            (mine,) = (m for m in together if k in m.starts)
            assert same(alone.direction, mine.direction)
            assert alone.barrier == pytest.approx(mine.barrier, rel=1e-9)


@given(st.integers(0, 2**16), st.floats(0.2, 5.0))
def test_order_of_sites_and_rescaling_change_nothing(seed: int, a: float) -> None:
    """x = a y: B in units of A a^4. From unit vectors at all sites, in whatever order."""
    rng = np.random.default_rng(seed)
    j = np.triu(rng.normal(size=(6, 6)), 1) * 0.1
    matrix, x = np.diag(rng.uniform(0.5, 2.0, 6)) + j + j.T, rng.uniform(0.3, 1.0, 6)
    modes = cubic_modes(with_hessian(matrix, x, 2.0), x, starts=np.eye(6))
    order = rng.permutation(6)
    other = cubic_modes(
        with_hessian(matrix[np.ix_(order, order)] / (2.0 * a**2), x[order] / a),
        x[order] / a,
        starts=np.eye(6),
    )
    assert len(other) == len(modes)
    for m, n in zip(modes, other, strict=True):
        assert n.barrier * 2.0 * a**4 == pytest.approx(m.barrier, rel=1e-9)
        assert same(m.direction[order], n.direction)


def test_what_is_refused() -> None:
    problem, x = sample(60, 0.1)
    for arguments, message in (
        ({"method": "newton"}, "method = 'newton': must be one of descent, fixed-point"),
        ({"starts": "phonons"}, "starts = 'phonons': must be one of sites, modes, random or an array"),
        ({"count": 61}, "count = 61: must be at most N = 60 for starts = 'sites'"),
        ({"tol": 0.0}, "tol = 0.0: must be in (0, 1)"),
        ({"max_steps": 0}, "max_steps = 0: must be an integer of at least 1"),
        ({"starts": np.ones(3)}, "starts has shape (3,)"),
        ({"starts": np.eye(60)[:, :2] * [1.0, 0.0]}, "start 1 is zero: must be a direction"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            cubic_modes(problem, x, **arguments)
    with pytest.raises(
        ModeError, match=re.escape("none of 20 searches by descent converged: the best ended")
    ):
        cubic_modes(problem, x, max_steps=1)
    saddle = with_hessian(np.diag([1.0, -1.0, 1.0]), np.full(3, 0.1))
    with pytest.raises(ValueError, match="not positive definite: x is no minimum"):
        cubic_modes(saddle, np.full(3, 0.1), count=3, method="fixed-point")
    with pytest.raises(ValueError, match=re.escape("z.M.z <= 0 along start 1: x is no minimum")):
        cubic_modes(saddle, np.full(3, 0.1), starts=np.eye(3))
