"""Bands of plane waves: those of crystals, of sheared boxes, and where they merge."""

import numpy as np
import pytest

import glass
import landscape
from tests import crystals


def test_the_lowest_modes_of_a_crystal_are_its_bands() -> None:
    """Under pressure too, for `shear_modulus` is what waves feel; lattices are slower by O(k^2 a^2).

    2 - 2 cos(k a) is less than (k a)^2 by a share of at most (k a)^2/12.
    """
    crystal = crystals.triangular(24, 28, 0.9, glass.hertzian_spheres())
    speed = glass.shear_speed(crystal, crystal.x)
    mu = glass.shear_modulus(crystal, crystal.x)
    assert speed == pytest.approx(np.sqrt(mu / (672 / crystal.volume)))
    bands = glass.phonon_bands(crystal, speed, below=1.5 * speed * 2.0 * np.pi / crystal.box.min())
    assert bands.degeneracy.tolist() == [2, 2, 4]  # along x, along y, diagonal: the box is no square
    modes = landscape.low_modes(crystal.hessian(crystal.x), 8)
    found = np.sqrt(modes.eigenvalues)
    expected = np.repeat(bands.frequency, bands.degeneracy)
    bend = (expected / speed * 0.9) ** 2 / 12.0
    assert np.all(found <= expected * (1.0 + 1e-9))
    assert np.all(found >= expected * (1.0 - bend))
    shares = [glass.phonon_share(crystal, crystal.x, z, shells=3) for z in modes.vectors.T]
    np.testing.assert_allclose(shares, 1.0, atol=1e-9)


def test_what_a_single_displacement_has_of_waves() -> None:
    """Each of its 2 m waves of one polarisation, on a lattice orthogonal, has 1/N."""
    crystal = crystals.relaxed(12, 14)
    z = np.zeros(crystal.size)
    z[7] = 1.0
    for shells, waves in ((1, 2), (2, 4), (3, 8)):
        share = glass.phonon_share(crystal, crystal.x, z, shells=shells)
        assert share == pytest.approx(waves / 168)


@pytest.mark.parametrize("d", [2, 3])
def test_bands_of_cubes_are_sums_of_squares(d: int) -> None:
    made = glass.PairGlass(np.zeros((1, d)), sizes=0.5, box=2.0 * np.pi, potential="harmonic_spheres")
    bands = glass.phonon_bands(made, 2.0, below=2.0 * 3.0)
    n = np.argwhere(np.ones((7,) * d)) - 3
    squares, counts = np.unique(np.sum(n**2, axis=1), return_counts=True)
    some = (squares > 0) & (squares <= 9)
    np.testing.assert_allclose((bands.frequency / 2.0) ** 2, squares[some], rtol=1e-12)
    assert bands.degeneracy.tolist() == (counts[some] * (d - 1)).tolist()


def test_a_box_sheared_by_itself_has_the_same_bands() -> None:
    """gamma L_y = L_x is the same lattice of images; half of that is another."""
    place: dict[str, object] = {"sizes": 0.5, "box": [5.0, 4.0], "potential": "harmonic_spheres"}
    plain, same, other = (
        glass.phonon_bands(glass.PairGlass([[0.0, 0.0]], shear=shear, **place), 1.0, below=6.0)  # type: ignore[arg-type]
        for shear in (0.0, 1.25, 0.625)
    )
    np.testing.assert_allclose(plain.frequency, same.frequency, rtol=1e-12)
    assert plain.degeneracy.tolist() == same.degeneracy.tolist()
    assert other.frequency[0] == pytest.approx(2.0 * np.pi * np.sqrt(1 / 25 + (0.5 / 4) ** 2))


@pytest.mark.parametrize("d", [2, 3])
def test_where_bands_merge(d: int) -> None:
    """As many waves as integer vectors counted here, so wide as S 4 says, in gaps of 1/(2 omega)."""
    chi, n = 0.1, 10**6
    merge = glass.dagger_frequency(1.0, dimension=d, disorder=chi, particles=n)
    assert 8.0 < merge < 60.0
    around = np.arange(-70, 71)
    squares = sum(np.ix_(*[around**2] * d))
    shell = np.sum(np.abs(squares - merge**2) < 0.1 * merge**2) / (0.2 * merge**2)
    width = chi * merge * np.sqrt((d - 1) * shell / n)
    assert width == pytest.approx(1.0 / (2.0 * merge), rel=0.03)


def test_widths_and_disorder() -> None:
    made = glass.PairGlass(np.zeros((1, 3)), sizes=0.5, box=2.0 * np.pi, potential="harmonic_spheres")
    bands = glass.phonon_bands(made, 1.0, below=1.5)
    widths = glass.band_width(bands, disorder=2.0, particles=300)
    np.testing.assert_allclose(widths, [2.0 * np.sqrt(12 / 300), 2.0 * 2**0.5 * np.sqrt(24 / 300)])
    moduli = np.random.default_rng(0).normal(10.0, 0.5, 4000)
    assert glass.mechanical_disorder(moduli, particles=400) == pytest.approx(1.0, rel=0.05)
    with pytest.raises(ValueError, match="moduli: must be two or more"):
        glass.mechanical_disorder([1.0], particles=400)
