"""Anharmonicities A_i of every site: the same as one A where they are equal, and by a change of coordinates.

With x_i = s_i y_i, a problem of A_i is one of A_i s_i^4 in y: with s_i = (A/A_i)^(1/4) one of a single A,
whose stiffnesses, couplings and fields are s_i^2 kappa_i, s_i J_ij s_j and s_i h_i. Energies, barriers and
local heat capacities know nothing of coordinates. With s_i a power of two all numbers of both are exact.
"""

from typing import Any

import numpy as np
import pytest

import khgps
import landscape
import quartic
from quartic.line import line
from quartic.methods.exponential import remainders
from quartic.nonlinear.uniform_field import UniformField
from quartic.oscillator import curvature_scale

N, A = 24, 0.75
SCALES = 2.0 ** np.random.default_rng(1).integers(-1, 2, N)  # s_i: 1/2, 1, 2


def glassy() -> quartic.Problem:
    """Return a sample of one A with several minima."""
    one = khgps.draw(khgps.KHGPS(N=N, J=0.5, h=0.1, kappa_min=0.1), seed=2, sample=0)
    return quartic.Problem(one.stiffness, one.coupling.dense(), one.field, A)


def stretched(one: quartic.Problem, s: Any = SCALES) -> quartic.Problem:
    """Return the problem in x = s y whose energies are those of `one` in y: A_i = A/s_i^4."""
    coupling = one.coupling.dense() / np.multiply.outer(s, s)
    return quartic.Problem(one.stiffness / s**2, coupling, one.field / s, one.anharmonicity / s**4)


@pytest.fixture(scope="module")
def pair() -> tuple[quartic.Problem, quartic.Problem]:
    """Return a sample of one A, and the same energies with A_i from A/16 to 16 A."""
    one = glassy()
    return one, stretched(one)


def alike(found: Any, wanted: Any) -> None:
    """Raise AssertionError unless results are the same to the last bit."""
    for name, value in vars(wanted).items():
        if isinstance(value, np.ndarray | float | int | str):
            np.testing.assert_array_equal(getattr(found, name), value, err_msg=name)


@pytest.mark.parametrize("method", quartic.METHODS)
@pytest.mark.parametrize("start", quartic.STARTS)
def test_equal_ones_are_one_to_the_last_bit_in_every_minimisation(method: str, start: str) -> None:
    one = glassy()
    many = quartic.Problem(one.stiffness, one.coupling, one.field, np.full(N, A))
    for_one, for_many = (
        quartic.minimize(p, method=method, start=start, seed=3, check=False) for p in (one, many)
    )
    alike(for_many, for_one)


def test_equal_ones_are_one_to_the_last_bit_elsewhere() -> None:
    one = glassy()
    many = quartic.Problem(one.stiffness, one.coupling, one.field, np.full(N, A))
    results = []
    for p in (one, many):
        found = quartic.explore(p, starts=12, seed=1)
        x = found.x[0]
        z = quartic.low_modes(p, x, 3).vectors
        results.append(
            [
                found.x, quartic.anneal(p, steps=4).x, z, quartic.expansion(p, x, z),
                [mode.direction for mode in quartic.cubic_modes(p, x, count=3)],
                [mode.direction for mode in quartic.quartic_modes(p, x, count=3)],
                quartic.saddle_between(p, found.x[0], found.x[1]).x, quartic.heat_capacities(p, x).local,
                [event.fold.h for event in quartic.drive(p, x, h_to=0.2).events],
                quartic.line_coefficients(p, x, z[:, 0]), quartic.hessian(p, x), quartic.energy(p, x),
            ]
        )  # fmt: skip
    for mine, wanted in zip(*reversed(results), strict=True):
        np.testing.assert_array_equal(mine, wanted)


def test_derivatives_are_those_of_the_energy(pair: Any) -> None:
    _, many = pair
    x = np.random.default_rng(2).normal(size=N)
    landscape.check_landscape(many, x)
    total = many.stiffness @ x**2 / 2.0 + x @ many.coupling.dense() @ x / 2.0 - many.field @ x
    total += np.sum(many.anharmonicity * x**4) / 24.0
    assert quartic.energy(many, x) == pytest.approx(total, rel=1e-13)
    assert many.energy(x) == pytest.approx(total, rel=1e-13)


@pytest.mark.parametrize("method", quartic.METHODS)
def test_minima_are_those_of_other_coordinates(method: str, pair: Any) -> None:
    """From a point near by; energies and gradients are the same there, and s^2 M the Hessian."""
    one, many = pair
    y = quartic.minimize(one).x
    found = quartic.minimize(many, method=method, start=SCALES * y + 1e-3, certify=True)
    np.testing.assert_allclose(found.x, SCALES * y, rtol=0, atol=1e-7)
    assert found.energy == pytest.approx(one.energy(y), rel=1e-12)
    there = quartic.hessian(many, SCALES * y) * np.multiply.outer(SCALES, SCALES)
    np.testing.assert_allclose(there, quartic.hessian(one, y), rtol=1e-14, atol=1e-14)


def test_minima_found_from_afar_are_minima_of_both(pair: Any) -> None:
    one, many = pair
    ends = [*quartic.explore(many, starts=6, seed=4).x, quartic.anneal(many, steps=6).x]
    for x in ends:
        again = quartic.minimize(one, start=x / SCALES)
        np.testing.assert_allclose(again.x, x / SCALES, rtol=0, atol=1e-8)


def test_cubic_and_quartic_modes_have_the_barriers_of_other_coordinates(pair: Any) -> None:
    """B = 2 b2^3/(3 b3^2) of a direction does not hang on its length: z = s w solves what w does."""
    one, many = pair
    y = quartic.minimize(one).x
    for search in (quartic.cubic_modes, quartic.quartic_modes):
        for mode in search(one, y, count=4):
            start = SCALES * mode.direction
            same = search(many, SCALES * y, starts=start / np.linalg.norm(start))[0]
            assert same.barrier == pytest.approx(mode.barrier, rel=1e-7)
            assert same.ratio == pytest.approx(mode.ratio, rel=1e-7)
            assert abs(same.direction @ start) == pytest.approx(np.linalg.norm(start), rel=1e-7)


def test_barriers_and_heat_are_those_of_other_coordinates(pair: Any) -> None:
    one, many = pair
    y = quartic.explore(one, starts=12, seed=1).x
    here, there = (quartic.saddle_between(p, s * y[0], s * y[1]) for p, s in ((one, 1.0), (many, SCALES)))
    assert there.energy == pytest.approx(here.energy, abs=1e-9)
    wanted, found = quartic.heat_capacities(one, y[0]), quartic.heat_capacities(many, SCALES * y[0])
    np.testing.assert_allclose(found.site, wanted.site, rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.shared, wanted.shared, rtol=0, atol=1e-8)


def test_sites_alone_have_their_closed_forms() -> None:
    """Minima at +-(6 |kappa|/A_i)^(1/2), and folds in a field of 2/3 |kappa| (2 |kappa|/A_i)^(1/2)."""
    kappa, a = np.array([-1.0, -0.5, -2.0]), np.array([1.0, 4.0, 0.25])
    alone = quartic.Problem(kappa, np.zeros((3, 3)), 0.0, a)
    found = quartic.minimize(alone, start="decoupled")
    np.testing.assert_allclose(found.x, np.sqrt(-6.0 * kappa / a), rtol=1e-12)
    assert found.energy == pytest.approx(-np.sum(1.5 * kappa**2 / a), rel=1e-12)
    driven = quartic.drive(alone, -found.x, h_to=6.0)
    folds = 2.0 / 3.0 * -kappa * np.sqrt(-2.0 * kappa / a)
    np.testing.assert_allclose(sorted(event.fold.h for event in driven.events), np.sort(folds), rtol=1e-8)
    up = quartic.saddle_between(alone, found.x, found.x * [1.0, 1.0, -1.0])
    assert up.energy - found.energy == pytest.approx(1.5 * kappa[2] ** 2 / a[2], rel=1e-9)


def test_extreme_units_change_nothing(pair: Any) -> None:
    _, many = pair
    p = 2.0**300
    far = quartic.Problem(
        many.stiffness * p, many.coupling.dense() * p, many.field * p, np.asarray(many.anharmonicity) * p
    )
    np.testing.assert_allclose(quartic.minimize(far).x, quartic.minimize(many).x, rtol=0, atol=1e-8)
    assert f"anharmonicity=array ({N},) from {A / 16.0:.4g} to {16.0 * A:.4g})" in repr(many)


def test_kernels_have_the_anharmonicity_of_each_site(pair: Any) -> None:
    """Each by a formula of its own: the line, the preconditioner, the remainder of forces, b3 and b4."""
    _, p = pair
    rng = np.random.default_rng(5)
    a, (x, d) = np.asarray(p.anharmonicity), rng.normal(size=(2, N))
    given = p.stiffness, p.a_max, p.a_shares, x
    c = line(*given, quartic.gradient(p, x), d, p.coupling @ d)
    s = np.array([-1.0, 0.5, 2.0, 3.0])
    along = [quartic.energy(p, x + t * d) - quartic.energy(p, x) for t in s]
    np.testing.assert_allclose(np.vander(s, 5, increasing=True)[:, 1:] @ c, along, rtol=1e-11)
    np.testing.assert_allclose(quartic.line_coefficients(p, x, d)[1:], c, rtol=1e-12)
    scale = np.empty(N)
    curvature_scale(*given, p.coupling.strength, 0.0, scale)
    np.testing.assert_allclose(scale, np.abs(p.stiffness + a * x**2 / 2.0) + p.coupling.strength, rtol=1e-14)
    step, late, change = np.empty((3, N))
    one = np.ones((1, 1))  # of a Krylov space of one vector d, in which M is 0: d(dt) = dt d
    remainders(d[None], np.zeros(1), one, 1.0, 0.5, p.a_max, p.a_shares, x, np.ones(N), step, late, change)
    at = {dt: -a * (x * (dt * d) ** 2 / 2.0 + (dt * d) ** 3 / 6.0) for dt in (0.5, 0.375)}
    np.testing.assert_allclose(late, 32.0 / 9.0 * at[0.375], rtol=1e-13)
    np.testing.assert_allclose(change, late - 2.0 * at[0.5], rtol=1e-10, atol=1e-12)
    z = d / np.linalg.norm(d)
    b = quartic.expansion(p, x, z)
    np.testing.assert_allclose([b.b3, b.b4], [np.sum(a * x * z**3), np.sum(a * z**4)], rtol=1e-12)
    np.testing.assert_allclose(UniformField(p).expansion(x, 0.0, z), [b.b3, b.b4], rtol=1e-12)
