"""Profiles of made-up modes whose decay is known, shells against brute force, and translations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lattice_gps import distance
from lattice_gps.profile import core_radius, decay_exponent, radial_profile, shell_of_sites, shells

lattices = st.tuples(st.integers(2, 7), st.integers(1, 3))


@settings(max_examples=30, deadline=None)
@given(lattices, st.data())
def test_shells_hold_the_sites_at_their_distance(lattice: tuple[int, int], data: st.DataObject) -> None:
    L, d = lattice
    centre = data.draw(st.integers(0, L**d - 1))
    shell = shells(L, d)
    row = shell_of_sites(shell, centre, L, d)
    np.testing.assert_allclose(shell.r[row], distance(L, d, centre, np.arange(L**d)), atol=1e-12)
    np.testing.assert_array_equal(shell.counts, np.bincount(row))
    assert shell.counts.sum() == L**d


@pytest.mark.parametrize(("L", "d"), [(40, 1), (12, 2), (8, 3), (7, 3)])
@pytest.mark.parametrize("power", [2.0, 6.0])
def test_a_power_law_is_recovered(L: int, d: int, power: float) -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    vectors = []
    for centre in (0, L**d - 1, L**d // 3):
        r = distance(L, d, centre, np.arange(L**d))
        sign = rng.choice((-1.0, 1.0), r.size)
        vectors.append(sign * 0.3 * np.where(r > 0.0, np.maximum(r, 1.0) ** (-0.5 * power), 10.0))
    profile = radial_profile(np.array(vectors).T, L, d)
    assert profile.mean.shape == (3, profile.r.size)
    for mean, log in zip(profile.mean, profile.mean_log, strict=True):
        np.testing.assert_allclose(mean, 0.01 * profile.r**-power, rtol=1e-12)
        assert decay_exponent(profile.r, log, profile.counts) == pytest.approx(power, rel=1e-12)


def test_the_geometric_mean_is_below_the_mean_and_ignores_single_large_sites() -> None:
    psi = np.full(5**3, 1e-4)
    psi[0] = 1.0
    psi[1] = 0.5  # at r = 1, one of six
    profile = radial_profile(psi, 5, 3)
    assert profile.mean[0, 0] == pytest.approx((0.25 + 5e-8) / 6.0)
    assert profile.mean_log[0, 0] == pytest.approx((np.log(0.25) + 5.0 * np.log(1e-8)) / 6.0)
    np.testing.assert_allclose(profile.mean[0, 1:], 1e-8)


def test_the_core_of_one_site_and_of_two() -> None:
    psi = np.zeros((6**2, 3))
    psi[7, 0] = -2.0
    psi[[0, 5], 1] = 1.0, 1.0 - 1e-12  # neighbours through the boundary: r = 1, weights equal
    psi[[0, 3 * 6], 2] = 2.0, 1.0  # r = 3, psi^4 = 1/16
    np.testing.assert_allclose(core_radius(psi, 6, 2), [0.0, np.sqrt(0.5), 3.0 / np.sqrt(17.0)], rtol=1e-9)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"vectors has shape \(9,\): must be \(8,\) or \(8, k\) with k >= 1"):
        radial_profile(np.ones(9), 2, 3)
    with pytest.raises(ValueError, match="a mode vanishes everywhere"):
        core_radius(np.zeros(8), 2, 3)
    with pytest.raises(ValueError, match="at least two different distances"):
        decay_exponent([1.0], [0.0], [1.0])
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match=rf"vectors\[0\] = {wrong}: must be finite"):
            radial_profile(np.full(8, wrong), 2, 3)
        with pytest.raises(ValueError, match=rf"mean_log\[1\] = {wrong}: must be finite"):
            decay_exponent([1.0, 2.0], [0.0, wrong], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"r\[0\] = 0\.0: must be finite and > 0"):
        decay_exponent([0.0, 1.0], [0.0, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"counts\[1\] = 0\.0: must be finite and > 0"):
        decay_exponent([1.0, 2.0], [0.0, 1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match=r"mean_log has shape \(3,\): must be \(2,\)"):
        decay_exponent([1.0, 2.0], [0.0, 1.0, 2.0], [1.0, 1.0])
