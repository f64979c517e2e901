"""Energy and forces in one pass are those of the bonds."""

import math

import numpy as np
import pytest

import glass
from tests import crystals
from tests import glass_reference as reference

LAWS = {
    "soft_spheres": glass.soft_spheres(),
    "mixture": glass.inverse_power_mixture(),
    "ninarello": glass.ninarello(),
    "kob_andersen": glass.kob_andersen(),
}


@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("name", LAWS)
def test_sums_in_one_pass(name: str, d: int) -> None:
    """Of several powers, of species with energies of their own, in sheared boxes: to rounding."""
    potential, numbers = LAWS[name], np.random.default_rng(3)
    box = 8.5 if d == 2 else 5.7
    sizes = numbers.choice(potential.mixing.species or [1.0, 1.2, 1.3], 60)
    places = reference.scattered(60, d, box, 5)
    made = glass.PairGlass(places, sizes=sizes, box=box, potential=potential, shear=0.13)
    bonds, (energy, gradient) = made.bonds(made.x, 1), made.evaluate(made.x)
    assert bonds.i.size > 50
    assert energy == pytest.approx(bonds.energy, rel=1e-13)
    np.testing.assert_allclose(gradient, bonds.gradient, rtol=0, atol=1e-12 * np.abs(gradient).max())


def test_energies_of_one_species_count() -> None:
    """Twice eps is twice the energy and the forces."""
    v = [lambda q, k=k: math.perm(4, k) * (-1) ** k * (1.0 - q) ** (4 - k) for k in range(5)]
    energies = []
    for eps in (1.0, 2.0):
        mixing = glass.Mixing(species=(1.0,), lengths=((1.0,),), energies=((eps,),))
        made = glass.crystal(4, spacing=1.0, potential=glass.Custom(v, reach=2**0.5, smooth=3, mixing=mixing))
        energies.append(made.energy(made.x))
    assert energies == pytest.approx([48 / 16, 2 * 48 / 16])  # 48 bonds of q = 1/2


def test_crystals() -> None:
    """The triangular one is that of the tests; in the cubic one each particle has twelve neighbours."""
    made = glass.crystal(6, spacing=0.9, potential="hertzian_spheres")
    other = crystals.triangular(6, 6, 0.9, "hertzian_spheres")
    np.testing.assert_allclose(made.x, other.x, atol=1e-14)
    np.testing.assert_allclose(made.box, other.box)
    cubic = glass.crystal(2, spacing=0.9, potential="harmonic_spheres", d=3)
    bonds = cubic.bonds(cubic.x, 1)
    assert (cubic.particles, set(bonds.contacts)) == (32, {12})
    np.testing.assert_allclose(np.linalg.norm(bonds.r, axis=1), 0.9)
    assert cubic.particles / cubic.volume == pytest.approx(2.0**0.5 / 0.9**3)
    assert np.abs(bonds.gradient).max() < 1e-14
    with pytest.raises(ValueError, match="side = 5: must be even"):
        glass.crystal(5, spacing=0.9, potential="harmonic_spheres")
