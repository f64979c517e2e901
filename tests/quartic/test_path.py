"""Saddles and minimum-energy paths against all stationary points of small problems, and exact cases."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import fsolve

import khgps
import quartic
from quartic.nonlinear.path import Path, PathError, Routes, minimum_energy_path, one_well, saddle_between
from tests.oscillators import rescaled


def network(seed: int, n: int) -> quartic.Problem:
    """Return n double wells, coupled and in different fields."""
    rng = np.random.Generator(np.random.PCG64(seed))
    upper = np.triu(0.25 * rng.standard_normal((n, n)), 1)
    return quartic.Problem(rng.uniform(-1.0, -0.3, n), upper + upper.T, 0.1 * rng.standard_normal(n), 1.0)


def stationary_points(problem: quartic.Problem) -> list[tuple[np.ndarray, int]]:
    """Return all points of zero gradient with their number of negative eigenvalues, by brute force.

    Roots from a grid of starts. sum (-1)^index must be 1, the Euler characteristic of R^N, for an energy that
    rises to infinity on all sides: else one is missing.
    """
    found: list[tuple[np.ndarray, int]] = []
    for start in itertools.product(np.linspace(-3.0, 3.0, 9), repeat=problem.size):
        x, _, flag, _ = fsolve(
            lambda x: quartic.gradient(problem, x),
            start,
            fprime=lambda x: quartic.hessian(problem, x),
            full_output=True,
            xtol=1e-14,
        )
        good = flag == 1 and np.abs(quartic.gradient(problem, x)).max() < 1e-11
        if good and all(np.linalg.norm(x - y) > 1e-6 for y, _ in found):
            found.append((x, int(np.sum(quartic.spectrum(problem, x) < 0.0))))
    assert sum((-1) ** index for _, index in found) == 1
    return found


def lowest_pass(
    problem: quartic.Problem, points: list[tuple[np.ndarray, int]]
) -> dict[tuple[int, int], float]:
    """Return the least height by which one can go from each minimum to each other.

    Every saddle joins the two minima below it; the way over the lowest saddles is a spanning tree.
    """
    minima = [x for x, index in points if index == 0]
    saddles = sorted(
        (x for x, index in points if index == 1), key=lambda x: float(quartic.energy(problem, x))
    )
    group = list(range(len(minima)))
    heights: dict[tuple[int, int], float] = {}
    for x in saddles:
        psi = quartic.low_modes(problem, x, 1).vectors[:, 0]
        ends = [
            quartic.minimize(problem, method="descent", start=x + side * 1e-3 * psi).x for side in (1.0, -1.0)
        ]
        a, b = (int(np.argmin([np.linalg.norm(end - m) for m in minima])) for end in ends)
        left, right = group[a], group[b]
        if left != right:
            for i, j in itertools.product(range(len(minima)), repeat=2):
                if (group[i], group[j]) in ((left, right), (right, left)):
                    heights[i, j] = float(quartic.energy(problem, x))
            group = [left if g == right else g for g in group]
    return heights


def check(problem: quartic.Problem, path: Path) -> None:
    """Check what every path must satisfy."""
    assert len(path.minima) == len(path.saddles) + 1
    for x, height in zip(path.minima, path.energies, strict=True):
        assert quartic.spectrum(problem, x)[0] > 0.0
        assert quartic.energy(problem, x) == pytest.approx(height, abs=1e-12)
    for k, saddle in enumerate(path.saddles):
        values = quartic.spectrum(problem, saddle.x)
        assert (saddle.negative, int(np.sum(values < 0.0))) == (1, 1)
        assert np.abs(quartic.gradient(problem, saddle.x)).max() < 1e-8
        assert saddle.residual <= 1e-10
        assert saddle.energy > max(path.energies[k : k + 2])
        # the gradient flow ends at both neighbours
        for side, x in ((-1.0, path.minima[k]), (1.0, path.minima[k + 1])):
            ends = [
                quartic.minimize(problem, method="descent", start=saddle.x + s * 1e-2 * saddle.direction).x
                for s in (side, -side)
            ]
            assert any(one_well(problem, end, x) for end in ends)


@settings(max_examples=20)
@given(st.floats(-3.0, -0.1), st.floats(0.1, 10.0), st.floats(-0.9, 0.9))
def test_one_oscillator_is_exact(kappa: float, a: float, part: float) -> None:
    """The three roots of kappa x + A x^3/6 = h, h below the spinodal, are trigonometric."""
    u = 2.0 * abs(kappa) / a
    assume(part == 0.0 or abs(part) > 1e-40)  # forces at the saddle are out of range, and refused
    h = part * 2.0 / 3.0 * abs(kappa) * math.sqrt(u)
    problem = quartic.Problem([kappa], np.zeros((1, 1)), h, a)
    # x = 2 u^(1/2) cos(theta): cos(3 theta) = part
    low, top, high = sorted(
        2.0 * math.sqrt(u) * math.cos((math.acos(part) + 2.0 * math.pi * k) / 3.0) for k in range(3)
    )
    path = minimum_energy_path(problem, [low], [high])
    assert path.status == "direct"
    assert path.saddles[0].x[0] == pytest.approx(top, abs=1e-7 * math.sqrt(u))
    exact = float(quartic.energy(problem, [top]) - quartic.energy(problem, [low]))
    assert path.barrier == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("n", [2, 3])
def test_paths_of_two_and_three_oscillators_against_all_their_stationary_points(n: int) -> None:
    """A path is never lower than the lowest pass; most start on the right side, and are not higher."""
    lowest, pairs = 0, 0
    for seed in (0, 2):
        problem = network(seed, n)
        points = stationary_points(problem)
        minima = [x for x, index in points if index == 0]
        heights = lowest_pass(problem, points)
        assert len(minima) > 2
        for i, j in itertools.combinations(range(len(minima)), 2):
            path = minimum_energy_path(problem, minima[i], minima[j])
            assert path.status in ("direct", "indirect")
            check(problem, path)
            for saddle in path.saddles:
                gaps = [np.linalg.norm(saddle.x - x) for x, index in points if index == 1]
                assert min(gaps) < 1e-7
            top = path.barrier + float(path.energies[0])
            assert top >= heights[i, j] - 1e-9
            lowest, pairs = lowest + (top <= heights[i, j] + 1e-9), pairs + 1
            back = minimum_energy_path(problem, minima[j], minima[i])
            assert back.barrier + float(back.energies[0]) == pytest.approx(top, abs=1e-9)
    assert lowest > pairs / 2  # 15 of 16 were for n = 3, 9 of 12 for n = 2


def test_uncoupled_oscillators_go_one_after_the_other() -> None:
    """Two independent double wells, both crossed: the path passes a minimum with one of them crossed."""
    problem = quartic.Problem([-1.0, -0.5], np.zeros((2, 2)), [0.1, 0.05], 1.0)
    ends = [quartic.minimize(problem, method="descent", start=[s * 2.0, s * 2.0]).x for s in (-1.0, 1.0)]
    path = minimum_energy_path(problem, *ends)
    assert path.status == "indirect"
    assert len(path.saddles) == 2
    check(problem, path)
    middle = path.minima[1]
    assert middle[0] * middle[1] < 0.0
    alone = [quartic.Problem([k], [[0.0]], h, 1.0) for k, h in ((-1.0, 0.1), (-0.5, 0.05))]
    heights = [minimum_energy_path(p, [ends[0][i]], [ends[1][i]]).barrier for i, p in enumerate(alone)]
    steps = [s.energy - e for s, e in zip(path.saddles, path.energies[:-1], strict=True)]
    assert sorted(steps) == pytest.approx(sorted(heights), rel=1e-9)


def test_the_saddle_between_two_minima_is_the_highest_of_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The saddle that the string leads to is lower here; where the path is not known whole, none is given."""
    rng = np.random.Generator(np.random.PCG64(1))
    upper = np.triu(0.1 * rng.standard_normal((4, 4)), 1)
    kappa, h = rng.uniform(-1.0, -0.3, 4), 0.1 * rng.standard_normal(4)
    problem = quartic.Problem(kappa, upper + upper.T, h, 1.0)
    side = np.array([1.0, 1.0, -1.0, 1.0])
    x0, x1 = (quartic.minimize(problem, start=2.0 * s * side).x for s in (-1.0, 1.0))
    path, saddle = minimum_energy_path(problem, x0, x1), saddle_between(problem, x0, x1)
    check(problem, path)
    assert saddle.energy == max(one.energy for one in path.saddles)
    assert saddle.energy > max(path.energies[0], path.energies[-1])
    assert saddle.barrier == path.barrier
    assert Routes(problem, 9, 1e-10).saddle(x0, x1, x0).energy < saddle.energy - 0.1
    monkeypatch.setattr("landscape.nonlinear.path._MOST", 1)
    assert minimum_energy_path(problem, x0, x1).status == "unresolved"
    with pytest.raises(PathError, match=r"^the path from x0 to x1 is unresolved: .* more than 1 saddles$"):
        saddle_between(problem, x0, x1)


def test_a_step_aside_of_a_saddle_does_not_pass_the_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """-x^2/2 + x^4/24 - h x close to its spinodal: the minimum is 0.001 from the saddle, the other 4.2."""
    problem = quartic.Problem([-1.0], [[0.0]], 2.0 / 3.0 * 2.0**0.5 * (1.0 - 1e-7), 1.0)
    x0, x1 = (quartic.minimize(problem, start=[x]).x for x in (-(2.0**0.5), 3.0))
    starts = []

    def minimize(problem: quartic.Problem, *, start: np.ndarray, **given: Any) -> quartic.Minimum:
        starts.append(float(start[0]))
        return quartic.minimize(problem, start=start, **given)

    monkeypatch.setattr("quartic.nonlinear.path.minimize", minimize)
    (saddle,) = minimum_energy_path(problem, x0, x1).saddles
    assert saddle.x[0] - x0[0] < 1e-3 * (x1[0] - x0[0])
    assert x0[0] < min(starts) < saddle.x[0] < max(starts) < x1[0]


def test_a_glassy_landscape_and_its_rescaling() -> None:
    problem = khgps.draw(khgps.KHGPS(N=60, J=0.2, h=0.01), seed=1, sample=0)
    found = quartic.explore(problem, starts=16)
    path = minimum_energy_path(problem, found.x[0], found.x[1])
    check(problem, path)
    a = 0.3
    small = rescaled(problem, a)
    ends = [quartic.minimize(small, start=found.x[k] / a).x for k in (0, 1)]
    same = minimum_energy_path(small, *ends)
    assert same.barrier * problem.anharmonicity * a**4 == pytest.approx(path.barrier, rel=1e-8)


def test_what_is_refused() -> None:
    problem = network(0, 2)
    x = quartic.minimize(problem).x
    with pytest.raises(ValueError, match="one minimum"):
        saddle_between(problem, x, x + 1e-9)
    with pytest.raises(ValueError, match="images = 2"):
        saddle_between(problem, x, -x, images=2)
    with pytest.raises(ValueError, match="tol = 1"):
        saddle_between(problem, x, -x, tol=1.0)


def test_a_descent_that_does_not_converge_leaves_the_path_unresolved(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = quartic.Problem([-1.0], [[0.0]], 0.1, 1.0)
    ends = [quartic.minimize(problem, start=[side]).x for side in (-2.0, 2.0)]
    short = quartic.minimize(problem, start=[9.0], max_products=1, check=False)

    def fail(*_: object, **__: object) -> None:
        raise quartic.MinimizationError(short)

    assert minimum_energy_path(problem, *ends).status == "direct"
    monkeypatch.setattr("quartic.nonlinear.path.minimize", fail)
    path = minimum_energy_path(problem, *ends)
    assert path.status == "unresolved"
    assert math.isnan(path.barrier)


@pytest.mark.parametrize("face", [quartic.minimum_energy_path, quartic.saddle_between])
def test_a_saddle_is_no_end(face: Callable[..., object]) -> None:
    """-x^2/2 + x^4/24: x = 0, of curvature -1, between the minima at +-6^(1/2)."""
    problem = quartic.Problem([-1.0], [[0.0]], 0.0, 1.0)
    minima = [[-(6.0**0.5)], [6.0**0.5]]
    assert face(problem, *minima)
    with pytest.raises(
        ValueError, match=r"^x0 is no minimum: the lowest eigenvalue there is -1, must be > 0$"
    ):
        face(problem, [0.0], minima[1])
    with pytest.raises(
        ValueError, match=r"^x1 is no minimum: the lowest eigenvalue there is -1, must be > 0$"
    ):
        face(problem, minima[0], [0.0])
