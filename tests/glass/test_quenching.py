"""Quenches end in minima, to rounding; by the gradient flow in the basin's own."""

import numpy as np
import pytest

import glass
import landscape
from glass.quenching import _newton, rounding
from landscape.modes.inverse import Inverse
from tests import glass_reference as reference


def liquid(seed: int) -> glass.PairGlass:
    """Return 100 particles at random, far from any minimum."""
    numbers = np.random.default_rng(seed)
    places, sizes = reference.scattered(100, 2, 12.4, seed), numbers.choice([1.0, 1.4, 2.0], 100)
    return glass.PairGlass(places, sizes=sizes, box=12.4, potential="soft_spheres")


@pytest.mark.parametrize("flow", [False, True])
def test_back_to_the_minimum_of_the_table(flow: bool) -> None:
    """Moves of 0.01 are undone, but for a translation: forces vanish to 1e-12 of the typical one."""
    made = reference.tabled()
    moved = made.x + 0.01 * np.random.default_rng(1).normal(size=made.size)
    found = glass.quench(made, moved, flow=flow)
    assert found.status == "converged"
    assert found.point.relative_gradient <= 1e-12
    assert found.energy == pytest.approx(952.5624500626, abs=1e-10)
    way = (found.x - made.x).reshape(-1, 2)
    assert np.abs(way - way.mean(axis=0)).max() < 1e-11


def test_a_quench_far_from_a_minimum_and_the_basin() -> None:
    """Any quench is a minimum by inertia; that of the flow is the one that small steps of it lead to."""
    for seed in range(3):
        start = liquid(seed)
        found = glass.quench(start)
        assert found.point.relative_gradient <= 1e-12
        assert landscape.inertia(found.point.hessian) == 0
    own = glass.quench(start, flow=True)
    x = start.x
    for _ in range(6000):  # explicit steps, in which no particle moves by more than 0.002
        gradient = start.gradient(x)
        x = x - min(3e-4, 2e-3 / float(np.abs(gradient).max())) * gradient
    assert np.abs(start.gradient(x)).max() < 0.5  # the rest of the way is short
    near = glass.quench(start, x)
    assert own.energy == pytest.approx(near.energy, rel=1e-12)
    assert np.abs(near.x - x).max() < 0.15


def test_newtons_steps_lower_the_energy_by_what_forces_and_curvatures_say() -> None:
    """U(x) - U(minimum) = g.M^-1.g/2 where FIRE ends at 1e-4: third derivatives add thousandths."""
    for seed in range(3):
        start = liquid(seed)
        point = landscape.minimize(start, start.x, method="fire", tol=1e-4, certify=False).point
        fall = 0.5 * float(point.gradient @ Inverse(point.hessian).solve(point.gradient))
        assert fall > 1e-6
        assert point.energy - glass.quench(start, point.x).energy == pytest.approx(fall, rel=0.02)
        near = landscape.minimize(start, point.x, method="fire", tol=1e-5, certify=False).point
        end, steps = _newton(near, 1e-12)
        assert end is not None
        assert 1 <= steps <= 4  # errors are squared in each


@pytest.mark.parametrize("d", [2, 3])
def test_a_quench_ends_where_positions_have_no_more_digits(d: int) -> None:
    """Far from the origin 1e-12 cannot be: forces of moves by a digit are left, and the result says so."""
    made = reference.tabled() if d == 2 else glass.crystal(3, spacing=1.2, potential="ninarello", d=3)
    near = glass.quench(made, made.x + 0.01 * np.random.default_rng(1).normal(size=made.size))
    assert (near.tol, near.point.relative_gradient <= 1e-12) == (1e-12, True)
    assert near.steps > 10
    far = near.x + 2.0**20  # a digit is 2.3e-10, two thousandths of a thousandth of the length
    found = glass.quench(made, far)
    assert found.status == "converged"
    assert found.point.relative_gradient <= found.tol <= rounding(found.point) == pytest.approx(2e-8, rel=0.2)
    assert found.energy == pytest.approx(near.energy, rel=1e-12)
    assert found.steps < 10


def test_refused() -> None:
    start = liquid(1)
    with pytest.raises(ValueError, match="tol = 2"):
        glass.quench(start, tol=2)
    with pytest.raises(ValueError, match=r"x has shape \(3,\)"):
        glass.quench(start, [0.0, 1.0, 2.0])
    with pytest.raises(landscape.MinimizationError, match="max_steps is used up"):
        glass.quench(start, max_steps=2)
