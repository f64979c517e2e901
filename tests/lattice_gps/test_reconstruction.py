"""The four spectra of one disorder against hand-made problems and identities."""

import numpy as np
import pytest

import quartic
from lattice_gps import GPSLattice, draw
from lattice_gps.reconstruction import reconstruct
from quartic.starts import starting_point


def test_lone_oscillators_go_to_twice_their_softness() -> None:
    """Without couplings each step can be done by hand: -s moves to 2 s, and no field changes it."""
    kappa = np.array([0.3, -0.2, 1.0, -0.05])
    found = reconstruct(quartic.Problem(kappa, np.zeros((4, 4)), 0.0, 1.7))
    np.testing.assert_allclose(found.bare, [-0.2, -0.05, 0.3, 1.0])
    np.testing.assert_allclose(found.softened, found.bare, atol=1e-15)
    np.testing.assert_allclose(found.reconstructed, [0.1, 0.3, 0.4, 1.0], atol=1e-14)
    np.testing.assert_allclose(found.final, found.reconstructed, atol=1e-7)  # x to 1e-8 of the typical force
    assert found.destabilised == 0.5
    moved = np.abs(found.x[[1, 3]])
    np.testing.assert_allclose(moved, np.sqrt(6.0 * np.array([0.2, 0.05]) / 1.7), rtol=1e-6)  # A x^2/6 = s


def test_a_pair_is_unstable_where_kappa_kappa_is_less_than_the_coupling_squared() -> None:
    for product, negative in ((0.0401, 0.0), (0.0399, 0.5)):
        coupling = np.array([[0.0, 0.2], [0.2, 0.0]])
        found = reconstruct(quartic.Problem([0.1, product / 0.1], coupling, 0.0, 1.0))
        assert found.destabilised == negative
        assert (np.abs(found.x).max() > 1e-3) == (negative > 0.0)


def test_what_couplings_and_anharmonicity_cannot_change() -> None:
    """The trace is that of the bare stiffnesses after step 0, and A tr(x^2)/2 higher at the end."""
    params = GPSLattice(L=5, J=0.5, A=2.0)
    found = reconstruct(draw(params, seed=1, sample=0))
    np.testing.assert_allclose(found.softened.sum(), found.bare.sum(), rtol=1e-12)
    np.testing.assert_allclose(found.final.sum(), found.bare.sum() + np.sum(found.x**2), rtol=1e-12)
    assert found.final[0] > 0.0
    assert found.softened[0] < 0.0
    assert np.all(np.diff([found.bare, found.softened, found.reconstructed, found.final]) >= 0.0)


def test_a_field_is_refused() -> None:
    with pytest.raises(ValueError, match=r"field: is 0\.25 somewhere, must be 0"):
        reconstruct(draw(GPSLattice(L=2, J=0.1, h=0.25), seed=0, sample=0))


def test_mirrored_starts_give_mirrored_minima() -> None:
    problem = draw(GPSLattice(L=4, J=0.5), seed=2, sample=1)
    x = starting_point(problem, "kick", 0)
    ends = [quartic.minimize(problem, start=sign * x).x for sign in (1.0, -1.0)]
    np.testing.assert_array_equal(ends[0], -ends[1])
