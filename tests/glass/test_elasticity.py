"""The configuration whose numbers are known from another code, and what holds at any minimum."""

import dataclasses
from functools import cache

import numpy as np
import pytest

import glass
import landscape
from tests import glass_reference as reference


def known() -> tuple[glass.PairGlass, np.ndarray]:
    made = reference.tabled()
    return made, made.x


@cache
def solid() -> tuple[glass.PairGlass, np.ndarray]:
    """A minimum in three dimensions."""
    sizes = np.random.default_rng(1).choice([1.0, 1.3, 1.8, 2.22], 180)
    box = (180 / 0.65) ** (1 / 3)
    places, most = reference.scattered(180, 3, box, 2), {"box": box, "potential": "soft_spheres"}
    start = glass.PairGlass(places, sizes=sizes, **most)
    x = landscape.minimize(start, start.x, tol=1e-12).x
    return glass.PairGlass(x.reshape(-1, 3), sizes=sizes, **most), x


def test_energy_and_stress_of_the_table() -> None:
    """By another code: all pairs, in long double. All its digits."""
    made, x = known()
    assert made.energy(x) == pytest.approx(952.5624500626, abs=1e-10)
    assert glass.pressure(made, x) == pytest.approx(10.0866183, abs=5.1e-8)
    assert glass.stress(made, x)[0, 1] == pytest.approx(-0.122446236, abs=5.1e-10)
    assert glass.shear_modulus(made, x) == pytest.approx(15.7203323, abs=5.1e-8)


def test_modes_of_the_table() -> None:
    made, x = known()
    modes = landscape.low_modes(made.hessian(x), 10)
    # the second of the table, 1.150675, is 1.15067435 by its own second derivative in long double
    np.testing.assert_allclose(modes.eigenvalues[:3] ** 0.5, [1.012844, 1.150674, 1.189422], atol=5.1e-7)
    assert landscape.inertia(made.hessian(x), float(modes.eigenvalues[9]) + 1e-6) == 10
    cubic = landscape.cubic_modes(made, x, count=10)[0]
    assert cubic.residual < 1e-8
    found = [cubic.b2, cubic.b3, cubic.b4]  # b2 of ten digits: errors of a mode of residual 1e-9 are squared
    np.testing.assert_allclose(found, [1.874424598, 13.66402257, 77.83830693], rtol=3e-9)
    soft = landscape.pseudo_harmonic_modes(made, x, count=10)[0]
    assert soft.residual < 1e-8
    np.testing.assert_allclose([soft.b2, soft.bonds], [1.719182497, 0.3327932842], rtol=3e-9)


@pytest.mark.parametrize("minimum", [known, solid])
def test_heat_of_all_bonds_is_that_of_all_degrees_of_freedom(minimum) -> None:  # type: ignore[no-untyped-def]
    """sum c_alpha = N d - d for any minimum: 798 in the table."""
    made, x = minimum()
    heat, bonds = glass.bond_heat(made, x)
    assert heat.shape == bonds.i.shape
    assert heat.sum() == pytest.approx(made.size - made.dimension, rel=1e-12)


def test_heat_of_a_bond_is_the_change_of_the_spectrum_with_its_strength() -> None:
    """c_alpha = d ln det M/d eps of U + eps V_alpha at its minimum, by the free energy of its vibrations.

    Central differences by eps = 1e-3 and 2e-3, less their error of second order.
    """
    start = glass.PairGlass(
        reference.scattered(20, 2, 5.5, 3), sizes=1.0, box=5.5, potential="inverse_power_mixture"
    )
    x = glass.quench(start).x
    heat, bonds = glass.bond_heat(start, x)

    def log_det(alpha: int, eps: float) -> float:
        place = x
        for _ in range(6):
            here = start.bonds(place, 2)
            same = (here.i == bonds.i[alpha]) & (here.j == bonds.j[alpha])
            here = dataclasses.replace(here, v=here.v * (1.0 + eps * same))
            values, modes = np.linalg.eigh(here.matrix().toarray())
            place = place - modes[:, 2:] @ ((modes[:, 2:].T @ here.gradient) / values[2:])
        return float(np.log(values[2:]).sum())

    for alpha in np.argsort(heat)[[0, 20, -1]]:
        near, far = (log_det(alpha, eps) - log_det(alpha, -eps) for eps in (1e-3, 2e-3))
        assert heat[alpha] == pytest.approx((8.0 * near - far) / 12e-3, abs=1e-6)


def test_the_nonaffine_force_off_a_minimum_hangs_on_the_coordinates() -> None:
    """Two discs: by displacements that are not sheared it is Xi, by those sheared along (0, dU/dx) more."""
    for places in ([[0.0, 0.0], [0.9, 0.0]], [[0.0, 0.0], [0.6, 0.5]], [[3.9, 0.1], [0.5, 3.8]]):
        pair = glass.PairGlass(places, sizes=1.0, box=4.0, potential="hertzian_spheres")
        gradients = [pair.sheared(gamma).gradient(pair.x) for gamma in (-1e-5, 1e-5)]
        xi = glass.nonaffine_force(pair, pair.x)
        np.testing.assert_allclose(xi, (gradients[1] - gradients[0]) / 2e-5, atol=1e-8)
        deformed = [np.array([[1.0, gamma], [0.0, 1.0]]) for gamma in (-1e-5, 1e-5)]
        sheared = [
            (g.reshape(2, 2) @ F).ravel() for g, F in zip(gradients, deformed, strict=True)
        ]  # F^T dU/dx
        more = np.zeros((2, 2))
        more[:, 1] = pair.gradient(pair.x)[::2]
        np.testing.assert_allclose(xi + more.ravel(), (sheared[1] - sheared[0]) / 2e-5, atol=1e-8)
        assert np.abs(more).max() > 0.01


@pytest.mark.parametrize("minimum", [known, solid])
def test_shear_modulus_is_the_slope_of_the_stress(minimum) -> None:  # type: ignore[no-untyped-def]
    """Relaxed at strains of either sign; the difference is of fourth order in a strain of 1e-4."""
    made, x = minimum()

    def relaxed(gamma: float) -> float:
        other = made.sheared(gamma)
        return float(glass.stress(other, landscape.minimize(other, x, method="newton", tol=1e-12).x)[0, 1])

    near, far = (relaxed(k * 1e-4) - relaxed(-k * 1e-4) for k in (1, 2))
    slope = (8.0 * near - far) / 12e-4
    assert slope == pytest.approx(glass.shear_modulus(made, x), rel=1e-6)
    xi = glass.nonaffine_force(made, x)
    family = glass.SimpleShear(made)
    change = (family.at(1e-6).gradient(made.x) - family.at(-1e-6).gradient(made.x)) / 2e-6
    np.testing.assert_allclose(xi, change, atol=1e-7 * np.abs(xi).max())


def test_pressure_is_the_change_of_the_energy_with_the_box() -> None:
    made, x = known()

    def energy(scale: float) -> float:
        places = made.x.reshape(-1, 2) * scale
        other = glass.PairGlass(places, sizes=made.sizes, box=made.box * scale, potential="soft_spheres")
        return other.energy(other.x)

    slope = (energy(1.0 + 1e-5) - energy(1.0 - 1e-5)) / (2e-5 * 2.0 * made.volume)
    assert glass.pressure(made, x) == pytest.approx(-slope, rel=1e-8)


def test_a_glass_sheared_to_its_instability() -> None:
    """b2 of the cubic mode goes as (2 |b3 F| (gamma_c - gamma))^1/2, with the prefactor 1 (S 21)."""
    made, x = known()
    family = glass.SimpleShear(made)
    for gamma in (0.02, 0.035, 0.044):  # elastic, as a drive from 0 shows: it ends at the same fold
        x = glass.quench(family.at(gamma), x).x
    found = landscape.drive(family, x, h_from=0.044, h_to=0.2, max_events=1)
    event = found.events[0]
    assert event.energy_drop > 0.0
    # over a step of the branch the energy changes by the work of the stress, the slope of the drive
    work = np.diff(found.h[:3]) * (found.slope[1:3] + found.slope[:2]) / 2.0
    np.testing.assert_allclose(np.diff(found.energy[:3]), work, rtol=1e-3)
    stress = glass.stress(family.at(0.044), x)[0, 1] * made.volume
    assert found.slope[0] == pytest.approx(stress, rel=1e-8)
    near = landscape.softening(family, event.fold, h_from=event.fold.h - 1e-3, nearest=1e-4, points=5)
    assert near.status == "arrived"
    assert near.b2[0] == pytest.approx(near.predicted[0], rel=0.02)
    assert near.overlap[0] > 0.999
