"""How displacements fall off, against the far field of an elastic medium."""

from functools import partial

import numpy as np
import pytest

import glass
from tests import crystals


def test_the_far_field_of_a_dipole() -> None:
    """In the plane r^-1, with the number of the elastic medium: mu = lambda_L = 3^(1/2) k/4, nu = 1/4.

    From 3 spacings on, where the lattice is a medium, to a ninth of the box, where the images of the dipole
    take up to 5 percent away, as (r/L)^2. The medium is looked at where the particles are, and as its mean
    over all angles.
    """
    crystal = crystals.relaxed(72, 84)
    bonds = crystal.bonds(crystal.x, 1)
    alpha = int(np.flatnonzero(bonds.i == 72 * 42 + 36)[0])
    z = glass.dipole_responses(crystal, crystal.x, [alpha])[:, 0]
    middle = crystal.places(crystal.x)[bonds.i[alpha]] + bonds.r[alpha] / 2.0
    found = glass.decay(crystal, crystal.x, z, around=middle, shells=24)
    far = (found.distance > 3.0 * crystals.BOTTOM) & (found.distance < crystal.box.min() / 9.0)
    assert far.sum() == 5
    medium = partial(_dipole, crystals.stiffness(crystal), bonds.r[alpha])
    here = medium(crystal.separations(crystal.x, middle)).ravel()
    expected = glass.decay(crystal, crystal.x, here, around=middle, shells=24).amplitude
    np.testing.assert_allclose(found.amplitude[far], expected[far], rtol=0.05)
    phi = 2.0 * np.pi * (np.arange(360) + 0.5) / 360
    ring = medium(np.column_stack([np.cos(phi), np.sin(phi)]))
    level = np.sqrt(np.mean(np.sum(ring**2, axis=1)))
    np.testing.assert_allclose(
        found.amplitude[far] * found.distance[far], level, rtol=0.15
    )  # few directions in a shell


def _dipole(k: float, r: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the displacements at places around two forces -+r/|r| that are r apart, by Kelvin's solution.

    Of a force n in the plane u = ((3 - 4 nu) ln(1/x) n + x (x.n)/x^2)/(8 pi mu (1 - nu)).
    """
    mu, nu, n = 3.0**0.5 * k / 4.0, 0.25, r / np.linalg.norm(r)

    def kelvin(x: np.ndarray) -> np.ndarray:
        square = np.sum(x**2, axis=1)[:, None]
        field = -(3.0 - 4.0 * nu) * np.log(square) / 2.0 * n + x * (x @ n)[:, None] / square
        return np.asarray(field / (8.0 * np.pi * mu * (1.0 - nu)))

    change = (kelvin(places - 1e-5 * n) - kelvin(places + 1e-5 * n)) / 2e-5
    return np.asarray(change * float(np.linalg.norm(r)))


def test_the_centre_crosses_borders_of_sheared_boxes() -> None:
    """A mode moved by the shortest ways has its centre moved so."""
    plain = crystals.relaxed(10, 12)
    for glass_, shear in ((plain, 0.0), (crystals.relaxed(10, 12).sheared(0.4), 0.4)):
        assert glass_.shear == shear
        bonds = glass_.bonds(glass_.x, 1)
        around = int(bonds.j[np.flatnonzero(bonds.boxes != 0.0)[0]])  # at the upper or lower border
        z = np.zeros((glass_.particles, 2))
        z[around, 0] = 2.0
        near = np.concatenate([bonds.j[bonds.i == around], bonds.i[bonds.j == around]])
        z[near, 1] = 1.0  # a star, but for the shear symmetric about its middle
        offset = glass_.separations(glass_.x, glass.centre(glass_, glass_.x, z.ravel()))[around]
        np.testing.assert_allclose(offset, 0.0, atol=1e-9)
        found = glass.decay(glass_, glass_.x, z.ravel(), shells=40)
        assert found.count[0] == 1
        assert found.amplitude[0] == pytest.approx(2.0)


def test_shells_hold_every_particle_once() -> None:
    crystal = crystals.relaxed(20, 24)
    rng = np.random.default_rng(0)
    z = rng.normal(size=crystal.size)
    found = glass.decay(crystal, crystal.x, z, around=[3.0, 4.0])
    r = np.linalg.norm(crystal.separations(crystal.x, [3.0, 4.0]), axis=1)
    inside = r < crystal.box.min() / 2.0
    assert found.count.sum() == inside.sum()
    squares = np.sum(z.reshape(-1, 2) ** 2, axis=1)
    assert found.count @ found.amplitude**2 == pytest.approx(squares[inside].sum())
