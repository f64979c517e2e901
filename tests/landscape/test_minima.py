"""Minima of landscapes of functions: known ones, by every method."""

import itertools
import re
from typing import Any

import numpy as np
import pytest

import landscape
import quartic
from landscape.minima import METHODS
from tests.networks import network
from tests.surfaces import (
    ICOSAHEDRON_ENERGY,
    MUELLER_BROWN_MINIMA,
    MUELLER_BROWN_SADDLES,
    double_wells,
    icosahedron,
    lennard_jones,
    mueller_brown,
)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", list(MUELLER_BROWN_MINIMA))
def test_the_minima_of_mueller_and_brown(method: str, place: tuple[float, float]) -> None:
    """To the three digits published, from a tenth away; the gradient there vanishes to rounding."""
    found = landscape.minimize(mueller_brown(), np.add(place, (0.05, -0.05)), method=method)
    np.testing.assert_allclose(found.x, place, rtol=0, atol=6e-4)
    assert found.energy == pytest.approx(MUELLER_BROWN_MINIMA[place], abs=6e-4)
    assert found.point.relative_gradient <= 1e-10


@pytest.mark.parametrize("place", list(MUELLER_BROWN_SADDLES))
def test_a_saddle_of_mueller_and_brown_is_none(place: tuple[float, float]) -> None:
    surface = mueller_brown()
    start = np.array(place)
    for _ in range(5):  # Newton's method: to the saddle itself
        point = surface.at(start)
        start = start - np.linalg.solve(point.hessian.dense(), point.gradient)
    with pytest.raises(landscape.MinimizationError, match="saddle of lowest eigenvalue -") as caught:
        landscape.minimize(surface, start)
    result = caught.value.result
    assert result.energy == pytest.approx(MUELLER_BROWN_SADDLES[place], abs=6e-4)
    values = np.linalg.eigvalsh(result.point.hessian.dense())
    assert result.lowest_eigenvalue == pytest.approx(values[0], rel=1e-8)
    assert landscape.inertia(result.point.hessian) == 1


@pytest.mark.parametrize("method", METHODS)
def test_thirteen_atoms_relax_to_the_icosahedron(method: str) -> None:
    """Its six motions as a whole are known: it is a minimum, with 33 modes of positive frequency."""
    cluster = lennard_jones(13)
    shaken = 1.05 * icosahedron() + 0.05 * np.random.default_rng(3).normal(size=39)
    found = landscape.minimize(cluster, shaken, method=method)
    assert found.energy == pytest.approx(ICOSAHEDRON_ENERGY, abs=5e-7)
    hessian = found.point.hessian
    assert hessian.zero_modes.shape == (39, 6)
    np.testing.assert_allclose(hessian.products(hessian.zero_modes), 0.0, atol=1e-7 * hessian.scale)
    assert landscape.inertia(hessian) == 0
    values = landscape.spectrum(hessian)
    assert values.size == 33
    assert values[0] > 10.0
    np.testing.assert_allclose(landscape.low_modes(hessian, 5).eigenvalues, values[:5], rtol=1e-9)


def test_without_its_zero_modes_known_a_cluster_is_called_a_saddle_or_not_by_rounding() -> None:
    """That is what they are for: the lowest six eigenvalues are rounding."""
    bare = landscape.Functions(lennard_jones(13).energy, lennard_jones(13).gradient, 39, length=0.3)
    found = landscape.minimize(bare, 1.05 * icosahedron(), check=False)
    assert abs(np.linalg.eigvalsh(found.point.hessian.dense())[:6]).max() < 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_coupled_double_wells(method: str) -> None:
    c, s = 0.1, 0.8**0.5
    surface = double_wells(c)
    like = landscape.minimize(surface, [0.6, 0.9], method=method)
    np.testing.assert_allclose(like.x, [1.0, 1.0], atol=1e-9)
    assert like.energy == pytest.approx(-0.5, rel=1e-12)
    np.testing.assert_allclose(landscape.spectrum(like.point.hessian), [2.0, 2.0 + 2.0 * c], rtol=1e-8)
    unlike = landscape.minimize(surface, [0.7, -0.9], method=method)
    np.testing.assert_allclose(unlike.x, [s, -s], atol=1e-9)
    assert unlike.energy == pytest.approx(-(s**4) / 2.0, rel=1e-12)
    np.testing.assert_allclose(landscape.spectrum(unlike.point.hessian), [2 - 6 * c, 2 - 4 * c], rtol=1e-8)


def test_descent_ends_in_the_basin_of_its_start() -> None:
    """The gradient flow of Mueller and Brown, integrated in steps of 1e-5 instead."""
    surface = mueller_brown()
    rng = np.random.default_rng(5)
    for start in rng.uniform((-1.0, 0.0), (0.8, 1.6), (8, 2)):
        x = start
        while (gradient := surface.gradient(x)) @ gradient > 1e-4:
            x = x - 1e-4 * gradient
        found = landscape.minimize(surface, start, method="descent")
        np.testing.assert_allclose(found.x, x, atol=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_the_general_methods_end_where_those_of_the_quartic_do(method: str) -> None:
    """Near a minimum, where all lead to it; and on a problem `minimize` runs its own, bit for bit."""
    problem = network(1)
    near = quartic.minimize(problem).x + 1e-3
    bare = landscape.Functions(problem.energy, problem.gradient, problem.size)
    found = landscape.minimize(bare, near, method=method)
    wanted = quartic.minimize(problem, start=near, method=method)
    np.testing.assert_allclose(found.x, wanted.x, atol=1e-8)
    own = landscape.minimize(problem, near, method=method)
    np.testing.assert_array_equal(own.x, wanted.x)
    assert own.status == wanted.status


@pytest.mark.parametrize("method", METHODS)
def test_the_energy_never_rises_and_the_callback_sees_every_step(method: str) -> None:
    seen: list[tuple[np.ndarray, float]] = []
    surface = mueller_brown()
    found = landscape.minimize(
        surface, [-0.8, 0.7], method=method, callback=lambda x, energy: seen.append((x, energy))
    )
    energies = [energy for _, energy in seen]
    assert all(b <= a + 1e-11 for a, b in itertools.pairwise(energies))
    np.testing.assert_array_equal(seen[-1][0], found.x)
    short = landscape.minimize(surface, [-0.8, 0.7], method=method, max_steps=2, check=False)
    assert short.status == "max_steps"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"start": [0.0]}, "start has shape (1,): must be (2,)"),
        ({"start": [0.0, np.nan]}, "start"),
        ({"method": "simplex"}, "method = 'simplex'"),
        ({"tol": 0.0}, "tol"),
        ({"max_steps": 0}, "max_steps"),
    ],
)
def test_bad_arguments_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        landscape.minimize(mueller_brown(), **{"start": [0.0, 0.0], **given})  # type: ignore[arg-type]


def test_a_tolerance_beyond_rounding_ends_as_stalled() -> None:
    found = landscape.minimize(mueller_brown(), [-0.5, 1.4], tol=1e-19, check=False)
    assert found.status == "stalled"
    with pytest.raises(landscape.MinimizationError, match="rounding allows no further progress"):
        landscape.minimize(mueller_brown(), [-0.5, 1.4], tol=1e-19)


@pytest.mark.parametrize("method", METHODS)
def test_a_gradient_may_be_written_to_the_same_array_each_time(method: str) -> None:
    """H = (x^2 - 1)^2 + y^2 from (0.3, 0.8): the minimum is (1, 0)."""
    own = np.empty(2)

    def gradient(x: Any) -> Any:
        own[:] = 4.0 * x[0] * (x[0] ** 2 - 1.0), 2.0 * x[1]
        return own

    two = landscape.Functions(lambda x: (x[0] ** 2 - 1.0) ** 2 + x[1] ** 2, gradient, 2)
    assert landscape.minimize(two, [0.3, 0.8], method=method).x == pytest.approx([1.0, 0.0], abs=1e-9)


def test_an_energy_that_is_no_number_is_told() -> None:
    nowhere = landscape.Functions(lambda x: np.nan, lambda x: np.full(2, np.nan), 2)
    with pytest.raises(landscape.MinimizationError, match="energy = nan or the gradient is not finite"):
        landscape.minimize(nowhere, [0.3, 0.8])


def test_the_flow_leaves_a_saddle_whose_slope_is_below_the_rounding_of_the_energy() -> None:
    """At first the energy falls by 1e-17 in a step of the stiff direction, beside 1e5."""
    a = 0.01

    def energy(x: np.ndarray) -> float:
        return float(1e5 + 500.0 * x[0] ** 2 - a * x[1] ** 2 / 2.0 + x[1] ** 4 / 4.0)

    def gradient(x: np.ndarray) -> np.ndarray:
        return np.array([1000.0 * x[0], -a * x[1] + x[1] ** 3])

    saddle = landscape.Functions(energy, gradient, 2)
    found = landscape.minimize(saddle, [1e-6, 1e-5], method="descent", tol=1e-11)
    np.testing.assert_allclose(found.x, [0.0, a**0.5], atol=1e-5)
