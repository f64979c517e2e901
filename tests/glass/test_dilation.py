"""How modes couple to strain."""

import numpy as np
import pytest

import glass
from tests import glass_reference as reference


def test_the_coupling_is_the_change_of_the_stress() -> None:
    """At a minimum, where the moved bonds' own forces balance; off the minimum z is not strained."""
    made = reference.tabled()
    z = np.random.default_rng(1).normal(size=made.size)
    step = 1e-5
    change = (glass.stress(made, made.x + step * z) - glass.stress(made, made.x - step * z)) / (2.0 * step)
    found = glass.strain_coupling(made, made.x, z)
    np.testing.assert_allclose(found, change * made.volume, atol=1e-5)
    assert found[0, 1] == pytest.approx(glass.nonaffine_force(made, made.x) @ z, rel=1e-9)


@pytest.mark.parametrize(("d", "ratio"), [(2, 1.0), (3, 0.5)])
def test_a_pair_that_parts(d: int, ratio: float) -> None:
    """n n^T: a d-th of dilation; less that, the eigenvalue along n is 1 - 1/d."""
    places = np.zeros((2, d))
    places[1, :2] = 0.5, 0.7
    pair = glass.PairGlass(places, sizes=1.0, box=4.0, potential="harmonic_spheres")
    z = np.concatenate([-places[1], places[1]])
    for sign in (1.0, -1.0):
        assert glass.dilatancy(pair, pair.x, sign * z) == pytest.approx(ratio)


def test_breathing_and_shearing_hexagons() -> None:
    """Seven discs, the six around the one at rest move outwards, or by (x, -y): pure dilation, pure shear."""
    angles = np.arange(6) * np.pi / 3.0
    places = np.vstack([[0.0, 0.0], 0.9 * np.column_stack([np.cos(angles), np.sin(angles)])])
    made = glass.PairGlass(places, sizes=1.0, box=8.0, potential="harmonic_spheres")
    assert made.bonds(made.x, 1).i.size == 12
    assert glass.dilatancy(made, made.x, places.ravel()) > 1e12
    assert glass.dilatancy(made, made.x, (places * np.array([1.0, -1.0])).ravel()) < 1e-12
