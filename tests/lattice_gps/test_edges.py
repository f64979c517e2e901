"""Shapes at their limits, weights of a fit, sites without amplitude, what a reconstruction starts from."""

import dataclasses

import numpy as np
import pytest

import lattice_gps
import quartic
from landscape import disorder
from lattice_gps import GPSLattice, SitePotentials, draw, reconstruct
from lattice_gps.couplings import RegeneratedLattice
from lattice_gps.profile import decay_exponent, radial_profile


def test_wells_are_counted_from_above_their_limits() -> None:
    """k = A x^2/r at x = 1: kappa' = 0 at r = 2, a second minimum that is an inflection at 8/3, equal at 3.

    These three numbers are exact, and none of the three is beyond its limit.
    """
    for ratio, kinds in (
        (2.0, (False, False, False)),
        (2.5, (True, False, False)),
        (8.0 / 3.0, (True, False, False)),
        (2.75, (True, True, False)),
        (3.0, (True, True, False)),
        (3.25, (True, True, True)),
    ):
        one = np.ones(1)
        stiffness = one - ratio / 2.0  # k = 1, A = r
        well = SitePotentials(one, one, stiffness, stiffness + ratio / 6.0, ratio)
        assert well.ratio[0] == ratio
        assert (well.destabilised[0], well.double_wells[0], well.upper_wells[0]) == kinds


def test_a_decay_is_fitted_to_sites_not_to_shells() -> None:
    """Shells of 6, 12, 8 and 100 sites: numpy's line through all of them, site by site."""
    r, counts = np.array([1.0, 2.0**0.5, 3.0**0.5, 4.0]), np.array([6, 12, 8, 100])
    y = np.array([-0.3, -2.0, -1.1, -6.0])
    line = np.polyfit(np.repeat(np.log(r), counts), np.repeat(y, counts), 1)
    assert decay_exponent(r, y, counts) == pytest.approx(-line[0], rel=1e-12)


def test_sites_without_amplitude_have_no_logarithm() -> None:
    psi = np.zeros((5, 2))
    psi[1, 0], psi[2, 0], psi[0, 0] = -2.0, 1.0, 1.0  # both neighbours, nothing beyond
    psi[:, 1] = [1.0, 0.5, 0.0, 0.5, 0.5]
    profile = radial_profile(psi, 5, 1)
    np.testing.assert_array_equal(profile.r, [1.0, 2.0])
    np.testing.assert_array_equal(profile.counts, [2, 2])
    np.testing.assert_allclose(profile.mean, [[0.25, 0.0], [0.25, 0.125]])
    np.testing.assert_allclose(profile.mean_log, [[np.log(0.25), -np.inf], [np.log(0.25), -np.inf]])


def test_a_reconstruction_starts_from_the_kick_of_its_seed() -> None:
    problem = draw(GPSLattice(L=4, J=0.5), seed=2, sample=1)
    kicked = quartic.minimize(problem, start="kick", seed=0, tol=1e-8)
    np.testing.assert_array_equal(reconstruct(problem).x, kicked.x)
    other = quartic.minimize(problem, start="kick", seed=3, tol=1e-3)
    np.testing.assert_array_equal(reconstruct(problem, seed=3, tol=1e-3).x, other.x)
    assert np.abs(other.x - kicked.x).max() > 1e-6


def test_parameters_that_are_not_given() -> None:
    """Three dimensions, a uniform law of stiffness up to 1, A = 1, no field."""
    default = GPSLattice(L=3, J=0.2)
    assert dataclasses.asdict(default) == {
        "L": 3, "J": 0.2, "beta": 0.0, "kappa_0": 1.0, "A": 1.0, "d": 3, "h": 0.0,
    }  # fmt: skip
    assert lattice_gps.draw(default, seed=1, sample=0).size == 27


@pytest.mark.parametrize(("L", "d"), [(9, 1), (4, 2), (3, 3)])
def test_a_sample_is_made_of_numbers_with_addresses(L: int, d: int) -> None:
    """Each dimension has labels of its own; the seed is the seed and the sample the sample."""
    params = GPSLattice(L=L, d=d, J=0.3, beta=0.5, kappa_0=2.0)
    u = disorder.uniform(L**d, seed=4, sample=9, label=f"lattice stiffness, d = {d}")
    for coupling in ("stored", "regenerated"):
        problem = draw(params, seed=4, sample=9, coupling=coupling)
        np.testing.assert_allclose(problem.stiffness, 2.0 * u ** (2.0 / 3.0), rtol=1e-13)
        expected = RegeneratedLattice(L, d, J=0.3, seed=4, sample=9).dense()
        np.testing.assert_array_equal(problem.coupling.dense(), expected)
