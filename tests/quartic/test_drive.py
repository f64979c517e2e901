"""Athermal quasistatic driving: exact spinodals, identities of elastic branches, brute force."""

import math
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

import khgps
import lattice_gps
import quartic
from landscape.nonlinear.branch import Branch
from quartic.line import evaluate
from quartic.nonlinear.drive import Drive, DriveError, drive
from quartic.nonlinear.forces import forces
from quartic.nonlinear.uniform_field import UniformField
from tests.oscillators import rescaled


def network(seed: int, n: int = 12, coupling: float = 0.15) -> quartic.Problem:
    """Return a small glassy problem: double wells, couplings that matter, field -0.8."""
    rng = np.random.Generator(np.random.PCG64(seed))
    upper = np.triu(coupling * rng.standard_normal((n, n)), 1)
    return quartic.Problem(rng.uniform(-1.0, 0.0, n), upper + upper.T, -0.8, 1.0)


def test_fields_on_the_way_need_no_kernel_of_their_own() -> None:
    """They can be written to, which a problem's cannot, and numba has another kind of array for these."""
    problem, kernel = network(1), cast("Any", evaluate)
    quartic.minimize(problem)
    before = len(kernel.signatures)
    forces(problem, np.zeros(problem.size), np.full(problem.size, 0.3), "h = 0.3")
    assert len(kernel.signatures) == before


def at(problem: quartic.Problem, h: float) -> quartic.Problem:
    return quartic.Problem(problem.stiffness, problem.coupling, h, problem.anharmonicity)


Case = tuple[quartic.Problem, np.ndarray, Drive]


@pytest.fixture(scope="module")
def driven() -> list[Case]:
    """Return three problems, a minimum of each at h = -0.8 and what happens up to h = 0.8."""
    found = []
    for seed in (1, 2, 3):
        problem = network(seed)
        x = quartic.minimize(problem, method="descent").x
        found.append((problem, x, drive(problem, x, h_to=0.8)))
    # or the tests below look at nothing
    assert [len(result.events) > 0 for _, _, result in found] == [True] * 3
    return found


@settings(max_examples=20)
@given(st.floats(-3.0, -0.01), st.floats(0.1, 10.0), st.sampled_from([-1.0, 1.0]))
def test_the_spinodal_of_one_oscillator(kappa: float, a: float, way: float) -> None:
    """The well at x < 0 (way = 1) ends where kappa + A x^2/2 = 0: with u = 2 abs(kappa)/A at x = -u^(1/2).

    There h_c = (2/3) abs(kappa) u^(1/2); the other root of kappa x + A x^3/6 = h_c, which has x = -u^(1/2)
    twice, is 2 u^(1/2); and H falls by A u^2/8 + A u^2 = 9 kappa^2/(2 A).
    """
    u = 2.0 * abs(kappa) / a
    h = 2.0 / 3.0 * abs(kappa) * math.sqrt(u)
    problem = quartic.Problem([kappa], np.zeros((1, 1)), -way * h / 2.0, a)
    x = quartic.minimize(problem, start=[-2.0 * way * math.sqrt(u)]).x
    result = drive(problem, x, h_to=way * 2.0 * h)
    assert result.status == "arrived"
    (event,) = result.events
    # an error dx of the fold shifts h by dx^2 only, so that rounding is all there is
    assert event.fold.h == pytest.approx(way * h, rel=1e-13)
    assert event.fold.x[0] == pytest.approx(-way * math.sqrt(u), rel=1e-8)
    assert event.x[0] == pytest.approx(way * 2.0 * math.sqrt(u), rel=1e-9)
    assert event.energy_drop == pytest.approx(4.5 * kappa**2 / a, rel=1e-9)
    assert event.sites == pytest.approx(1.0, rel=1e-14)
    assert event.size == pytest.approx(3.0 * math.sqrt(u), rel=1e-8)


def test_weak_coupling_shifts_the_spinodal_by_the_force_of_the_neighbour() -> None:
    """To first order in J, oscillator 0 feels h - J x_1(h): h_c = h_0 + J x_1(h_0) + O(J^2)."""
    kappa, other = -0.6, 0.8
    h0 = 2.0 / 3.0 * abs(kappa) * math.sqrt(2.0 * abs(kappa))
    x1 = brentq(lambda y: other * y + y**3 / 6.0 - h0, 0.0, 2.0, xtol=1e-15)
    shifts = []
    for j in (1e-3, 1e-4):
        problem = quartic.Problem([kappa, other], [[0.0, j], [j, 0.0]], 0.0, 1.0)
        x = quartic.minimize(problem, start=[-2.0, 0.0]).x
        (event,) = drive(problem, x, h_to=1.0).events
        shifts.append((event.fold.h - h0) / j - x1)
    assert abs(shifts[1]) < 1e-3  # J times numbers of order one
    assert shifts[1] == pytest.approx(shifts[0] / 10.0, rel=0.01)


def test_it_passes_what_tiny_steps_pass(driven: list[Case]) -> None:
    """Brute force: gradient flow from the last minimum, 800 steps of h; a jump is a move of 0.05 or more."""
    for problem, x, result in driven:
        jumps = []
        grid = np.linspace(-0.8, 0.8, 801)
        for h in grid[1:]:
            end = quartic.minimize(at(problem, h), method="descent", start=x, certify=False)
            if np.linalg.norm(end.x - x) > 0.05:
                jumps.append((h, end.x))
            x = end.x
        assert len(jumps) == len(result.events)
        for (h, _), event in zip(jumps, result.events, strict=True):
            assert 0.0 <= h - event.fold.h <= grid[1] - grid[0]
        np.testing.assert_allclose(result.x, x, rtol=0, atol=1e-8)


def test_the_derivatives_of_a_branch_are_those_of_its_minima() -> None:
    """dx/dh, d2x/dh2 and d lambda/dh against minima at h -+ 1e-4: central differences, errors ~ 1e-8."""
    problem = network(2)
    branch = Branch(UniformField(problem), 1e-10)
    x = quartic.minimize(problem, method="descent").x
    step = 1e-4
    points = [branch.point(branch.correct(x, -0.8 + s), -0.8 + s) for s in (-step, 0.0, step)]
    low, here, high = points
    np.testing.assert_allclose(here.slope, (high.x - low.x) / (2.0 * step), rtol=0, atol=1e-6)
    np.testing.assert_allclose(here.bend, (high.slope - low.slope) / (2.0 * step), rtol=0, atol=1e-5)
    rates = (high.eigenvalues - low.eigenvalues) / (2.0 * step)
    np.testing.assert_allclose(here.rates, rates, rtol=0, atol=1e-5)
    assert np.abs(here.rates).max() > 0.01


def check_work(problem: quartic.Problem, result: Drive) -> None:
    """Check that H falls by the work done, and by the avalanches.

    dH/dh = -N m on a branch, and m rises with h there, for dm/dh = 1 . M^-1 . 1/N > 0. So each step changes H
    by between -N m dh at its two ends; only an avalanche, at constant h, is no step.
    """
    dh, fall = np.diff(result.h), -np.diff(result.energy)
    work = problem.size * dh * np.array([result.magnetisation[:-1], result.magnetisation[1:]])
    ends = np.isin(result.h[1:], [event.fold.h for event in result.events])  # what is left of a branch, too
    slack = 1e-12 * np.abs(result.energy).max()
    assert np.all(fall[~ends] >= work[0][~ends] - slack)
    assert np.all(fall[~ends] <= work[1][~ends] + slack)
    for k, event in zip(np.flatnonzero(ends), result.events, strict=True):
        before = float(np.mean(event.fold.x))
        elastic = fall[k] - event.energy_drop
        assert work[0][k] - slack <= elastic <= problem.size * dh[k] * before + slack
        assert event.energy_drop > 0.0
        assert event.magnetisation == pytest.approx(result.magnetisation[k + 1] - before, abs=1e-14)
    assert np.all(result.lowest_eigenvalue > 0.0)


def test_work_and_energy(driven: list[Case]) -> None:
    for problem, _, result in driven:
        check_work(problem, result)


def test_folds_and_the_minima_after_them(driven: list[Case]) -> None:
    for problem, _, result in driven:
        for event in result.events:
            fold, there = event.fold, at(problem, event.fold.h)
            values = quartic.spectrum(there, fold.x)
            assert abs(values[0]) < 1e-8 < values[1]
            assert np.abs(quartic.gradient(there, fold.x)).max() < 1e-12
            assert fold.residual < 1e-8
            assert quartic.energy(there, fold.x) == pytest.approx(fold.energy, rel=1e-14)
            assert fold.b3 < 0.0 < -fold.force  # the energy falls along psi, and the field drives along it
            assert np.abs(quartic.gradient(there, event.x)).max() < 1e-9
            assert quartic.spectrum(there, event.x)[0] > 0.0
            # no minimum is left behind at a slightly larger field: Newton's method cannot find one
            beyond = quartic.minimize(at(problem, fold.h + 1e-6), method="descent", start=fold.x)
            assert np.linalg.norm(beyond.x - event.x) < 1e-3


def test_the_field_is_reversible_where_nothing_happens() -> None:
    problem = khgps.draw(khgps.KHGPS(N=60, J=0.05, h=0.05), seed=3, sample=0)
    x = quartic.minimize(problem, method="descent").x
    up = drive(problem, x, h_to=0.09)
    down = drive(at(problem, 0.09), up.x, h_to=0.05)
    assert up.events == down.events == ()
    np.testing.assert_allclose(down.x, x, rtol=0, atol=1e-8)  # tol over the softest stiffness


def test_an_instability_does_not_depend_on_the_steps_to_it(driven: list[Case]) -> None:
    for problem, x, result in driven:
        first = result.events[0]
        row = int(np.searchsorted(result.h, first.fold.h)) // 2
        h = float(result.h[row]) + 0.3 * (first.fold.h - float(result.h[row]))
        halfway = drive(problem, x, h_to=h)
        rest = drive(at(problem, h), halfway.x, h_to=0.8, max_events=1)
        assert rest.status == "max_events"
        assert rest.events[0].fold.h == pytest.approx(first.fold.h, rel=1e-12)
        np.testing.assert_allclose(rest.events[0].x, first.x, rtol=0, atol=1e-8)


@pytest.mark.parametrize("scale", [0.1, 7.0])
def test_exact_rescaling(scale: float, driven: list[Case]) -> None:
    """x = a y: fields are in units of A a^3, energies of A a^4."""
    problem, x, result = driven[0]
    a = problem.a_max
    there = drive(rescaled(problem, scale), x / scale, h_to=0.8 / (a * scale**3))
    assert len(there.events) == len(result.events)
    for event, same in zip(result.events, there.events, strict=True):
        assert same.fold.h * a * scale**3 == pytest.approx(event.fold.h, rel=1e-12)
        assert same.energy_drop * a * scale**4 == pytest.approx(event.energy_drop, rel=1e-8)
        assert same.sites == pytest.approx(event.sites, rel=1e-6)


def test_a_field_that_is_not_uniform_moves_as_a_whole() -> None:
    problem = network(5)
    field = np.linspace(-0.2, 0.4, 12)
    uneven = quartic.Problem(problem.stiffness, problem.coupling, field, 1.0)
    result = drive(uneven, quartic.minimize(uneven).x, h_to=field.mean() + 0.2)
    moved = quartic.Problem(problem.stiffness, problem.coupling, field + 0.2, 1.0)
    assert np.abs(quartic.gradient(moved, result.x)).max() < 1e-9


def test_the_mirror_image_is_driven_the_other_way(driven: list[Case]) -> None:
    problem, x, result = driven[1]
    mirror = drive(at(problem, 0.8), -x, h_to=-0.8)
    assert [e.fold.h for e in mirror.events] == pytest.approx([-e.fold.h for e in result.events], rel=1e-13)
    np.testing.assert_allclose(mirror.x, -result.x, rtol=0, atol=1e-8)


def test_the_lattice_is_driven_alike() -> None:
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=5, J=0.3), seed=1, sample=0)
    x = quartic.minimize(problem, method="descent", start="random").x
    result = drive(problem, x, h_to=0.3, max_events=3)
    assert len(result.events) == 3
    check_work(problem, result)
    for event in result.events:
        values = quartic.spectrum(problem, event.fold.x)  # M depends on the field through x only
        assert abs(values[0]) < 1e-8 < values[1]


def test_a_bifurcation_of_a_symmetric_problem_is_refused() -> None:
    """Two equal oscillators at x_0 = x_1: on lowering h the odd mode, which h does not touch, goes first."""
    problem = quartic.Problem([0.1, 0.1], [[0.0, 0.3], [0.3, 0.0]], 1.0, 1.0)
    with pytest.raises(DriveError, match="lost at h = 0"):
        drive(problem, quartic.minimize(problem).x, h_to=-1.0)


def test_limits_and_errors() -> None:
    problem = network(1)
    x = quartic.minimize(problem, method="descent").x
    assert drive(problem, x, h_to=0.8, max_steps=2).status == "max_steps"
    same = drive(problem, x, h_to=-0.8)
    assert (same.status, same.h.tolist()) == ("arrived", [-0.8])
    with pytest.raises(ValueError, match="h_to = nan"):
        drive(problem, x, h_to=math.nan)
    with pytest.raises(ValueError, match="tol = 0"):
        drive(problem, x, h_to=1.0, tol=0.0)
    with pytest.raises(ValueError, match="max_events = 0"):
        drive(problem, x, h_to=1.0, max_events=0)
    hill = quartic.Problem([-1.0], [[0.0]], 0.0, 1.0)
    with pytest.raises(DriveError, match="no minimum"):
        drive(hill, [0.0], h_to=1.0)
