"""Responses to local force dipoles: closed forms in crystals, identities in any glass."""

import numpy as np
import pytest

import glass
import landscape
from tests import crystals
from tests import glass_reference as reference


def test_responses_of_a_crystal_without_forces() -> None:
    """All bonds alike: d.z = (2N - 2)/(3N k), for sum k d d^T = M; and kappa is the harmonic mean of lambda.

    sum_alpha k d.M^-1.d = tr M^-1 M, and sum_alpha k d.M^-2.d = tr M^-1, with lambda of waves by Bloch.
    """
    crystal = crystals.relaxed(8, 10)
    k, values = crystals.stiffness(crystal), crystals.waves(crystal, 8, 10)
    np.testing.assert_allclose(landscape.spectrum(crystal.hessian(crystal.x)), values, rtol=1e-9)
    kappa, alpha = glass.dipole_stiffness(crystal, crystal.x)
    assert alpha.size == 240
    # the box is not six-fold: bonds along x and the others differ, their weighted mean does not
    z = glass.dipole_responses(crystal, crystal.x, alpha)
    bonds = crystal.bonds(crystal.x, 1)
    unit = bonds.r / np.linalg.norm(bonds.r, axis=1)[:, None]
    energy = np.array([unit[a] @ bonds.stretch(z[:, a])[a] for a in alpha])
    assert k * energy.sum() == pytest.approx(158.0, rel=1e-9)
    assert k * np.sum(energy / kappa) == pytest.approx(np.sum(1.0 / values), rel=1e-9)


def test_dipoles_are_changes_of_lengths() -> None:
    """Of a glass under pressure M z along any direction is how the bond's length changes along it."""
    made = reference.tabled()
    alpha = np.array([3, 700])
    z = glass.dipole_responses(made, made.x, alpha)
    v = np.random.default_rng(0).normal(size=(made.size, 4))
    v -= np.tile(v.reshape(-1, 2, 4).mean(axis=0), (made.particles, 1))  # no translation
    image = made.hessian(made.x).products(z)

    def lengths(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.linalg.norm(made.bonds(x, 1).r[alpha], axis=1))

    change = [(lengths(made.x + 1e-5 * one) - lengths(made.x - 1e-5 * one)) / 2e-5 for one in v.T]
    np.testing.assert_allclose(v.T @ image, change, atol=1e-8)
    kappa, every = glass.dipole_stiffness(made, made.x)  # of 1255 bonds
    curvature = np.einsum("ij,ij->j", z, image)
    np.testing.assert_allclose(kappa[alpha], curvature / np.einsum("ij,ij->j", z, z), rtol=1e-9)
    assert glass.dipole_frequency(made, made.x) == pytest.approx(kappa.mean() ** 0.5, rel=1e-12)
    some, chosen = glass.dipole_stiffness(made, made.x, most=100)
    assert 90 < chosen.size <= 100
    assert every.size > 1000
    np.testing.assert_allclose(some, kappa[chosen], rtol=1e-9)


@pytest.mark.parametrize("alpha", [[-1], [100_000], [0.5]])
def test_no_such_bond(alpha: list[float]) -> None:
    made = reference.tabled()
    with pytest.raises(ValueError, match="must be bonds, integers from 0 to"):
        glass.dipole_responses(made, made.x, alpha)
