"""Fields of the records of searches by their definitions: modes, wells behind pushes, softening, ends."""

import math

import numpy as np
import pytest

import quartic
from landscape.nonlinear.branch import Branch
from landscape.nonlinear.modes import SAME, merge
from quartic.nonlinear.uniform_field import UniformField
from tests.networks import N, at, network
from tests.nonlinear_reference import with_hessian


def flow(problem: quartic.Problem, start: np.ndarray) -> np.ndarray:
    return quartic.minimize(problem, method="descent", start=start).x


@pytest.fixture(scope="module")
def relaxed() -> tuple[quartic.Problem, np.ndarray]:
    problem = network(4, 0.05)
    return problem, quartic.minimize(problem).x


def test_a_mode_of_several_starts_counts_the_fewest_steps(
    relaxed: tuple[quartic.Problem, np.ndarray],
) -> None:
    problem, x = relaxed
    starts = np.random.default_rng(2).normal(size=(N, 12))
    modes = quartic.cubic_modes(problem, x, starts=starts)
    alone = [quartic.cubic_modes(problem, x, starts=column)[0] for column in starts.T]
    assert sorted(k for mode in modes for k in mode.starts) == list(range(12))
    assert any(len(mode.starts) > 1 for mode in modes)
    for mode in modes:
        assert mode.steps == min(alone[k].steps for k in mode.starts)
        assert list(mode.starts) == sorted(mode.starts)
        for k in mode.starts:
            assert abs(mode.direction @ alone[k].direction) == pytest.approx(1.0, abs=1e-6)


def test_searches_that_fail_come_last_in_the_order_of_their_starts() -> None:
    """Two of three sites are displaced; the third has b3 = 0 and no way on, whatever its barrier."""
    problem = with_hessian(np.diag([1.0, 2.0, 0.5]), np.array([1.0, -1.0, 0.0]), 1.7)
    x = np.array([1.0, -1.0, 0.0])
    modes = quartic.cubic_modes(problem, x, starts=np.eye(3)[:, [2, 1, 0]])
    assert [mode.starts for mode in modes] == [(2,), (1,), (0,)]
    # 2 k^3/(3 A^2 x^2)
    barriers = [mode.barrier for mode in modes]
    assert barriers == pytest.approx([2.0 / 3.0 / 1.7**2, 16.0 / 3.0 / 1.7**2, math.inf], rel=1e-12)
    assert [mode.status for mode in modes[:2]] == ["converged", "converged"]
    assert modes[2].status == "stalled"
    # on the side of b3 >= 0: the sign of x; without b3 the largest component is positive
    np.testing.assert_allclose(
        [mode.direction @ np.eye(3)[k] for mode, k in zip(modes, (0, 1, 2), strict=True)], [1.0, -1.0, 1.0]
    )
    still = quartic.Problem([3.0, 1.0], np.zeros((2, 2)), 0.0, 2.0)
    for mode in quartic.quartic_modes(still, np.zeros(2), starts=-np.eye(2)):
        assert mode.direction.max() == 1.0


def test_directions_are_one_up_to_a_millionth() -> None:
    def pair(lack: float) -> np.ndarray:
        return np.array([[1.0, 0.0], [-(1.0 - lack), math.sqrt(2.0 * lack)]])

    assert SAME == 1e-6
    assert merge(pair(0.9e-6), [1, 0]) == [[1, 0]]
    assert merge(pair(1.1e-6), [1, 0]) == [[1], [0]]


def test_wells_behind_pushes_by_their_definitions(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    """The first push, of 2 b2/|b3| or (6 b2/b4)^(1/2), 5/4 of that and so on, that does not come back."""
    problem, x = relaxed
    modes = quartic.cubic_modes(problem, x)
    wells = quartic.double_wells(problem, x, modes)
    assert {well.status for well in wells} >= {"found"}
    for well in wells:
        z = well.direction
        b2, b3, b4 = quartic.expansion(problem, x, z)
        assert well.expansion == pytest.approx((b2, b3, b4), rel=1e-12)
        assert b3 <= 0.0
        assert well.cubic_barrier == pytest.approx(2.0 * b2**3 / (3.0 * b3**2), rel=1e-12)
        wide = math.sqrt(6.0 * b2 / b4)
        first, last = min(wide, 2.0 * b2 / -b3), 1.5 * max(wide, -3.0 * b3 / b4)
        times = math.log(well.push / first) / math.log(1.25)
        assert well.push == pytest.approx(last, rel=1e-12) or times == pytest.approx(round(times), abs=1e-9)
        assert first <= well.push <= last * (1.0 + 1e-12)
        if well.x is None:
            np.testing.assert_allclose(flow(problem, x + well.push * z), x, atol=1e-8)
            continue
        end = flow(problem, x + well.push * z)
        np.testing.assert_allclose(end, well.x, atol=1e-7)
        if times > 0.5:
            before = first * 1.25 ** (math.ceil(times - 1e-9) - 1)
            np.testing.assert_allclose(flow(problem, x + before * z), x, atol=1e-7)
        moved = well.x - x
        assert well.distance == pytest.approx(np.linalg.norm(moved), rel=1e-6)
        assert well.overlap == pytest.approx(abs(z @ moved) / np.linalg.norm(moved), rel=1e-6)
        rise = quartic.energy(problem, well.x) - quartic.energy(problem, x)
        assert well.asymmetry == pytest.approx(rise, rel=1e-8)
        assert well.path is not None
        assert well.barrier == well.path.barrier


@pytest.mark.parametrize(("b3", "far"), [(1.5, 4.5), (-0.5, math.sqrt(6.0)), (0.0, math.sqrt(6.0))])
def test_pushes_reach_as_far_as_asked(b3: float, far: float) -> None:
    """One oscillator with one well, b2 = b4 = 1: `reach` times 3 |b3|/b4 or (6 b2/b4)^(1/2) at last."""
    kappa, x = 1.0 - b3**2 / 2.0, b3
    problem = quartic.Problem([kappa], [[0.0]], kappa * x + x**3 / 6.0, 1.0)
    for reach in (0.5, 1.5, 2.0):
        (well,) = quartic.double_wells(problem, [x], [[1.0]], reach=reach)
        assert (well.status, well.x, well.path) == ("none", None, None)
        assert well.push == pytest.approx(far * reach, rel=1e-9)
        assert math.isnan(well.distance)
        assert math.isnan(well.overlap)
        assert math.isnan(well.asymmetry)


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_the_length_of_a_step_along_a_branch(way: float) -> None:
    """0.3 lambda over the rate of its fall, of the four softest modes; bend dh^2/2 a fifth of slope dh.

    Halved where what is found there is not surely of this branch; no longer than asked for.
    """
    whole = 0
    for seed in (1, 2, 3, 5):
        problem = network(seed, -0.8 * way)
        branch, h = Branch(UniformField(problem), 1e-10), float(problem.field.mean())
        here = branch.point(flow(problem, np.full(N, -2.0 * way)), h)
        matrix = quartic.hessian(problem, here.x)
        values, vectors = np.linalg.eigh(matrix)
        slope = np.linalg.solve(matrix, np.ones(N))
        bend = np.linalg.solve(matrix, -problem.anharmonicity * here.x * slope**2)
        falls = -way * problem.anharmonicity * (here.x * slope) @ vectors[:, :4] ** 2
        np.testing.assert_allclose(here.eigenvalues, values[:4], rtol=1e-9)
        soft = falls > 0.0
        limits = [*(0.3 * values[:4][soft] / falls[soft]), 0.4 * np.linalg.norm(slope) / np.linalg.norm(bend)]
        step = abs(branch.advance(here, h + 9.0 * way, longest=9.0, least=1e-9).h - h)
        halvings = math.log2(min(limits) / step)
        assert halvings == pytest.approx(round(halvings), abs=1e-6)
        whole += round(halvings) == 0
        short = branch.advance(here, h + 9.0 * way, longest=0.25 * step, least=1e-9)
        assert short.h == pytest.approx(h + 0.25 * way * step, rel=1e-12)
        assert branch.advance(here, h + 0.1 * way * step, longest=9.0, least=1e-9).h == h + 0.1 * way * step
    assert whole >= 2


def test_a_drive_that_is_cut_short_is_the_beginning_of_the_whole() -> None:
    problem = network(1)
    x = flow(problem, np.full(N, -2.0))
    whole = quartic.drive(problem, x, h_to=0.8)
    rows = ("h", "energy", "magnetisation", "lowest_eigenvalue")
    few = quartic.drive(problem, x, h_to=0.8, max_steps=4)
    assert (few.status, few.h.size) == ("max_steps", 5)
    one = quartic.drive(problem, x, h_to=0.8, max_events=1)
    assert (one.status, len(one.events), one.h[-1]) == ("max_events", 1, whole.events[0].fold.h)
    np.testing.assert_array_equal(one.x, whole.events[0].x)
    for part in (few, one):
        for name in rows:
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[: part.h.size])
    counted = quartic.drive(
        problem, x, h_to=0.8, max_steps=whole.h.size - 1, max_events=len(whole.events) + 1
    )
    assert (counted.status, counted.h.size) == ("arrived", whole.h.size)


def test_a_softening_ends_where_its_minimum_does() -> None:
    """Back from a fold, beyond the recorded distances: the drive from the last state meets an instability."""
    problem = network(1)
    driven = quartic.drive(problem, flow(problem, np.full(N, -2.0)), h_to=0.8)
    ended = 0
    for event in driven.events[1:]:
        fold = event.fold
        side = float(np.sign(fold.force))
        found = quartic.softening(problem, fold, h_from=fold.h + 3.0 * side, points=8, nearest=1e-3)
        grid = 3.0 * np.geomspace(1e-3, 1.0, 8)
        size = found.distance.size
        np.testing.assert_allclose(found.distance, grid[:size], rtol=1e-9)
        columns = ("lowest_eigenvalue", "b2", "b3", "force", "overlap", "normal_overlap", "predicted")
        assert {getattr(found, name).size for name in columns} == {size}
        assert found.status == ("arrived" if size == 8 else "ended")
        depth = math.sqrt(2.0 * abs(fold.force / fold.b3) * grid[0])
        h = fold.h + side * grid
        near = quartic.minimize(at(problem, h[0]), start=fold.x - depth * fold.direction).x
        there = quartic.drive(at(problem, h[0]), near, h_to=h[size - 1])
        assert there.events == ()
        assert there.lowest_eigenvalue[-1] == pytest.approx(found.lowest_eigenvalue[-1], rel=1e-6)
        if size < 8:
            on = quartic.drive(at(problem, h[size - 1]), there.x, h_to=h[size])
            ended += bool(on.events)
    assert ended >= 2


def test_ends_of_an_exploration_are_points_of_the_problem() -> None:
    """The largest |gradient| of the only start is that at its minimum; 1e-3 is left to rounding of 1e-11."""
    problem = network(4, 0.05)
    start = np.random.default_rng(1).normal(size=N)
    found = quartic.explore(problem, starts=[start], tol=1e-4)
    largest = np.abs(quartic.gradient(problem, found.x[0])).max()
    assert largest > 1e-9
    assert found.gradient_norms[0] == pytest.approx(largest, rel=1e-3)
    assert found.statuses == ("converged",)
    assert (found.which.tolist(), found.multiplicities.tolist()) == ([0], [1])
    assert found.overlaps[0, 0] == pytest.approx(float(np.mean(found.x[0] ** 2)), rel=1e-13)


def test_without_a_field_a_millionth_of_the_typical_force_is_the_least() -> None:
    """x = 0 is the minimum: F = 1e-6 K (6 K/A)^(1/2), K^2 the mean of kappa_i^2 + sum_j J_ij^2."""
    coupling = np.array([[0.0, 0.2, -0.1], [0.2, 0.0, 0.1], [-0.1, 0.1, 0.0]])
    kappa = np.array([1.0, 0.7, 2.0])
    problem = quartic.Problem(kappa, coupling, 0.0, 1.3)
    found = quartic.minimize(problem, start="kick", tol=1e-3)
    strength = math.sqrt(np.mean(kappa**2 + np.sum(coupling**2, axis=1)))
    assert problem.linear_strength == pytest.approx(strength, rel=1e-14)
    least = 1e-6 * strength * math.sqrt(6.0 * strength / 1.3)
    assert found.gradient_norm <= 1e-3 * least
    assert found.force_scale == pytest.approx(least, rel=1e-13)
