"""Thermal averages around a minimum of any landscape: against integrals over its well, and oscillators."""

import numpy as np
import pytest
from numpy.typing import NDArray

import landscape
import quartic
from landscape.nonlinear.thermal import Fluctuations
from tests.surfaces import double_wells, icosahedron, lennard_jones

Array = NDArray[np.float64]


def average(surface: landscape.Functions, x: Array, observable: Array, t: float) -> float:
    """Return <O> - O(x) at temperature t, O = a.x + x.B.x/2 for rows a, B, on a grid of 9 widths."""
    places = np.linspace(-9.0, 9.0, 181) * t**0.5
    apart = np.stack(np.meshgrid(places, places, indexing="ij")).reshape(2, -1)
    energies = np.array([surface.energy(x + y) for y in apart.T]) - surface.energy(x)
    weights = np.exp(-energies / t)
    values = observable[0] @ apart + np.einsum("im,ij,jm->m", apart, observable[1:], apart) / 2.0
    return float(weights @ values / weights.sum())


def test_averages_are_those_over_the_well() -> None:
    """(2/k_B) d<O>/dT by Boltzmann's weights at two temperatures: what is left is of their square.

    Both wells of the pair are at +1; the others are 1/4 and more in energy away, exp(-250).
    """
    surface, x = double_wells(0.4), np.ones(2)
    rng = np.random.default_rng(1)
    slope, root = rng.normal(size=2), rng.normal(size=(2, 2))
    observable = np.vstack([slope, root + root.T])
    found = landscape.thermal_response(surface, x, slope=slope, curvature=root + root.T)
    warm, cold = (2.0 * average(surface, x, observable, t) / t for t in (1e-3, 5e-4))
    assert found == pytest.approx(2.0 * cold - warm, rel=1e-4)
    assert abs(found - cold) < abs(found - warm)


def test_oscillators_by_their_own_formula() -> None:
    rng = np.random.default_rng(2)
    upper = np.triu(rng.normal(size=(12, 12)), 1) / 6.0
    problem = quartic.Problem(rng.uniform(0.2, 1.5, 12), upper + upper.T, 0.3, 1.3)
    x = quartic.minimize(problem).x
    bare = landscape.Functions(problem.energy, problem.gradient, 12)
    slope, curvature = rng.normal(size=(2, 12))
    wanted = quartic.thermal_response(problem, x, quartic.Observable(slope=slope, curvature=curvature))
    assert landscape.thermal_response(bare, x, slope=slope, curvature=curvature) == pytest.approx(
        wanted, rel=1e-7
    )
    assert landscape.thermal_response(problem, x, slope=slope, curvature=curvature) == pytest.approx(
        wanted, rel=1e-10
    )


def test_the_energy_of_a_cluster_has_a_share_for_each_mode() -> None:
    """N - 6 of 39: the six motions as a whole take no energy; and the mean place does not move along them."""
    cluster = lennard_jones(13)
    x = landscape.minimize(cluster, icosahedron()).x
    matrix = cluster.hessian(x).dense()
    fluctuations = Fluctuations(cluster, x)
    assert fluctuations.response(np.zeros(39), matrix) == pytest.approx(33.0, rel=1e-8)
    zero = cluster.zero_modes(x)
    np.testing.assert_allclose(zero.T @ fluctuations.shift, 0.0, atol=1e-9)
    radial = x - np.tile(x.reshape(13, 3).mean(axis=0), 13)
    assert radial @ fluctuations.shift > 0.0  # it expands, as what is softer outwards does


def test_what_is_no_minimum_does_not_fluctuate() -> None:
    with pytest.raises(ValueError, match="x is no minimum: the lowest eigenvalue there is -1"):
        landscape.thermal_response(double_wells(0.1), np.zeros(2), slope=np.ones(2))
    with pytest.raises(ValueError, match=r"slope has shape \(3,\): must be \(2,\)"):
        landscape.thermal_response(double_wells(0.1), np.ones(2), slope=np.ones(3))
