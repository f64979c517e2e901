"""Quantum levels: the harmonic limit, published and high-precision values, another grid, another minimum."""

import math
import re

import mpmath
import numpy as np
import pytest

import spm
from spm.quantum import tunnel_splitting


def test_the_pure_quartic_oscillator_has_its_published_levels() -> None:
    """E of p^2 + x^4, of which U = x^4/2 (b4 = 12) has half; Okun and Burke 2020 (arXiv:2007.04762)."""
    published = [1.060362090484182899647, 3.799673029801394168783, 7.455697937986738392157]
    levels = spm.levels([1e-14], [0.0], [12.0], mass=1.0, count=3)
    np.testing.assert_allclose(2.0 * levels[0], published, rtol=1e-10)


def test_harmonic_limit() -> None:
    """b4 -> 0: E_n = (n + 1/2) omega; with b3, second order of perturbation theory is exact as b3 -> 0.

    E_n = (n + 1/2) omega - b3^2 (30 n^2 + 30 n + 11)/(288 m^3 omega^4)
    + b4 (6 n^2 + 6 n + 3)/(96 m^2 omega^2).
    """
    n, b2, b3, b4, mass = np.arange(6), 4.0, 1e-3, 1e-7, 2.0
    omega = math.sqrt(b2 / mass)
    cubic = b3**2 * (30 * n**2 + 30 * n + 11) / (288 * mass**3 * omega**4)
    quartic = b4 * (6 * n**2 + 6 * n + 3) / (96 * mass**2 * omega**2)
    expected = (n + 0.5) * omega - cubic + quartic
    np.testing.assert_allclose(spm.levels([b2], [b3], [b4], mass=mass, count=6)[0], expected, rtol=1e-11)
    assert np.abs(cubic[-1]) > 5e-8  # seen: a thousand times the tolerance


def exact_level(k: float, parity: int, guess: float) -> mpmath.mpf:
    """Return a level of p^2/2 - k u^2/2 + u^4/24 above the middle, in 40 digits.

    The solution of psi'' = 2 (U - E) psi that is even or odd is a power series in u; it must vanish at u =
    11, where the true one is below 1e-30 of its greatest value.
    """
    with mpmath.workdps(60):

        def end(E: mpmath.mpf) -> mpmath.mpf:
            c = {-4: mpmath.mpf(0), -2: mpmath.mpf(0), 0: mpmath.mpf(1)}
            reach, total = mpmath.mpf(11), mpmath.mpf(1)
            for j in range(0, 1600, 2):
                power = j + parity
                c[j + 2] = (-2 * E * c[j] - k * c[j - 2] + c[j - 4] / 12) / ((power + 1) * (power + 2))
                total += c[j + 2] * reach ** (j + 2)
            return total

        near = mpmath.mpf(guess)
        return mpmath.findroot(end, (near - 1e-6, near + 1e-6), tol=1e-30, verify=False)


@pytest.mark.parametrize("k", [0.5, 1.5, 2.0])
def test_the_symmetric_double_well_in_forty_digits(k: float) -> None:
    """Lowest pair, and the tunnel splitting; b2 = 2 k, b3 = (6 k)^(1/2) at either minimum, b4 = 1."""
    well = [2.0 * k], [math.sqrt(6.0 * k)], [1.0]
    levels = spm.levels(*well, mass=1.0, count=2)[0]
    with mpmath.workdps(60):
        exact = [exact_level(k, parity, levels[parity] - 1.5 * k**2) + 1.5 * k**2 for parity in (0, 1)]
        difference = float(exact[1] - exact[0])
    np.testing.assert_allclose(levels, [float(one) for one in exact], rtol=1e-9)
    assert tunnel_splitting(k) == pytest.approx(difference, rel=1e-12, abs=0.0)
    assert spm.splitting(*well, mass=1.0)[0] == pytest.approx(difference, rel=1e-7, abs=0.0)


def grid_levels(b2: float, b3: float, b4: float, mass: float, count: int) -> np.ndarray:
    """Return levels of the potential on 400 points, with the kinetic energy of band-limited functions."""
    length = (mass * b4) ** (-1.0 / 6.0)
    s = np.linspace(-14.0, 14.0, 400) * length - b3 / b4
    step = s[1] - s[0]
    distance = np.arange(400)[:, np.newaxis] - np.arange(400)
    safe = np.where(distance == 0, 1, distance)
    kinetic = np.where(distance == 0, math.pi**2 / 3.0, 2.0 * (-1.0) ** distance / safe**2) / (
        2.0 * mass * step**2
    )
    potential = s**2 * (b2 / 2 + s * (b3 / 6 + s * b4 / 24))
    return np.linalg.eigvalsh(kinetic + np.diag(potential))[:count]


@pytest.mark.parametrize(
    ("b2", "b3", "b4", "mass"),
    [
        (1.0, 0.5, 1.0, 1.0),
        (2.0, 2.4, 1.0, 1.0),
        (3.0, 2.9, 1.0, 1.0),
        (0.02, 0.1, 0.3, 50.0),
        (9.0, -4.0, 1.0, 0.5),
    ],
)
def test_asymmetric_potentials_on_a_grid(b2: float, b3: float, b4: float, mass: float) -> None:
    """Both converge faster than any power; 12 levels."""
    levels = spm.levels([b2], [b3], [b4], mass=mass, count=12)[0]
    np.testing.assert_allclose(levels, grid_levels(b2, b3, b4, mass, 12), rtol=1e-9)


def test_levels_are_those_of_the_potential_whichever_minimum_describes_it() -> None:
    wells = spm.sample(spm.SoftPotentials(), 200, seed=1)
    highest = np.where(wells.is_global, wells.barrier, wells.barrier[wells.partner])
    pairs = wells.select((wells.partner >= 0) & (highest < 20.0))
    levels = spm.levels(pairs.b2, pairs.b3, pairs.b4, mass=3.0, count=4)
    lower = pairs.is_global
    assert 20 < np.count_nonzero(lower) == np.count_nonzero(~lower)
    np.testing.assert_allclose(levels[lower], levels[~lower], rtol=1e-8)
    np.testing.assert_array_equal(
        spm.levels(pairs.b2, -pairs.b3, pairs.b4, mass=3.0, count=4).shape, levels.shape
    )


def test_units_of_mass_and_energy() -> None:
    """With s = a u: U(a u) of mass m is U(u) of mass m a^2; and c U of mass m/c has levels c E."""
    one = spm.levels([0.7], [0.9], [1.1], mass=5.0, count=5)
    np.testing.assert_allclose(
        spm.levels([0.7 * 4.0], [0.9 * 8.0], [1.1 * 16.0], mass=20.0, count=5), one, rtol=1e-8
    )
    np.testing.assert_allclose(spm.levels([7.0], [9.0], [11.0], mass=0.5, count=5), 10.0 * one, rtol=1e-8)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mass": 0.0, "count": 1}, "mass = 0.0: must be finite and > 0"),
        ({"mass": 1.0, "count": 0}, "count = 0: must be an integer of at least 1"),
    ],
)
def test_bad_input(options: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        spm.levels([1.0], [0.0], [1.0], **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=re.escape("b2[0] = -1.0: must be finite and > 0")):
        spm.levels([-1.0], [0.0], [1.0], mass=1.0, count=1)


def test_a_barrier_too_high_for_the_basis_is_said() -> None:
    with pytest.raises(spm.BasisError, match=re.escape("at most 3000; the barrier is too high")):
        spm.levels([1e4], [170.0], [1.0], mass=1.0, count=1)
