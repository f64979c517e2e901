"""Energy, forms and symmetries of glasses of pairs, against another route in long double and by r."""

import re
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glass
import landscape
from landscape.protocol import NotGivenError
from tests import glass_reference as reference

CASES, made = reference.CASES, reference.made


@given(
    name=st.sampled_from(sorted(CASES)),
    d=st.sampled_from([2, 3]),
    seed=st.integers(0, 1000),
    shear=st.sampled_from([0.0, 0.03, -0.4, 1.7]),
)
@settings(max_examples=25)
def test_energy_and_forms_are_those_by_distance_in_long_double(
    name: str, d: int, seed: int, shear: float
) -> None:
    made_of = made(name, 36, d, seed, shear)
    x, z = made_of.x, np.random.default_rng(seed + 1).normal(size=made_of.size)
    wanted = reference.along(made_of, CASES[name][0], x, z)
    most = min(4, made_of.potential.smooth + 1)
    found = [made_of.energy(x), made_of.gradient(x) @ z, z @ made_of.hessian(x).products(z[:, None])[:, 0]]
    found += [
        float(getattr(made_of, part)(x).values(z[:, None])[0]) for part in ("third", "fourth")[: most - 2]
    ]
    bonds, size = made_of.bonds(x, most), np.zeros(most + 1)
    a, uu = np.einsum("pk,pk->p", bonds.r, bonds.stretch(z)), np.sum(bonds.stretch(z) ** 2, axis=1)
    terms = [[(1, 0, 0)], [(1, 1, 0)], [(1, 2, 0), (1, 0, 1)], [(1, 3, 0), (3, 1, 1)]]
    terms.append([(1, 4, 0), (6, 2, 1), (3, 0, 2)])
    for p in range(most + 1):  # the sum of magnitudes, beside which rounding is
        size[p] = sum(factor * np.sum(np.abs(bonds.v[i + j] * a**i * uu**j)) for factor, i, j in terms[p])
    np.testing.assert_array_less(
        np.abs(np.array(found, np.longdouble) - wanted[: most + 1]), 1e-12 * size + 1e-300
    )


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("d", [2, 3])
def test_contract(name: str, d: int) -> None:
    made_of = made(name, 60, d, 3, 0.1)
    landscape.check_landscape(made_of, made_of.x)
    point = made_of.at(made_of.x)
    wanted = landscape.Landscape.force_scale(
        made_of, point
    )  # of M itself, which a glass does not make for it
    assert made_of.force_scale(point) == pytest.approx(wanted, rel=1e-12)
    assert made_of.hessian(point.x) is point.hessian
    other = made_of.sheared(0.2)
    changed = other.hessian(point.x).dense() - point.hessian.dense()
    assert np.abs(changed).max() > 1e-3 * np.abs(point.hessian.dense()).max()


def test_softer_spheres() -> None:
    spheres, series = glass.soft_spheres(exponent=4), reference.inverse_power(4, 3, 1.4)
    for x in (0.9, 1.3):
        pair = glass.PairGlass([[0.0, 0.0], [x, 0.0]], sizes=1.0, box=4.0, potential=spheres)
        assert pair.energy(pair.x) == pytest.approx(float(series(np.longdouble(x))[0]), rel=1e-12)
    with pytest.raises(ValueError, match="exponent = 5: must be even"):
        glass.soft_spheres(exponent=5)


def test_derivatives_by_strain_are_those_of_the_reference() -> None:
    """Those of the energy along (z, gamma) at once, of second, third and fourth order."""
    made_of = made("soft_spheres", 36, 2, 5, 0.2)
    z, rate = np.random.default_rng(1).normal(size=made_of.size), 0.7
    wanted = reference.along(made_of, CASES["soft_spheres"][0], made_of.x, z, rate)
    bonds = made_of.bonds(made_of.x)
    u = bonds.stretch(z) + rate * glass.elasticity.strain(bonds.r)
    found = [np.sum(u * field) for field in (bonds.second(u), bonds.third(u, u), bonds.fourth(u, u, u))]
    np.testing.assert_allclose(found, wanted[2:].astype(float), rtol=1e-11)
    # the same by the family, at constant coordinates: sheared() carries them along
    family, z = glass.SimpleShear(made_of), z / 10.0
    gradient = [family.at(0.2 + s * rate).gradient(made_of.x + s * z) for s in (-1e-4, 1e-4)]
    second = sum(gradient) - 2.0 * made_of.gradient(made_of.x)
    size = np.abs(second).max() / 1e-8
    assert np.abs(family.curve(made_of.x, 0.2, z, rate) - second / 1e-8).max() < 1e-4 * size
    slope = (family.at(0.2 + 1e-5).energy(made_of.x) - family.at(0.2 - 1e-5).energy(made_of.x)) / 2e-5
    assert family.slope(made_of.x, 0.2) == pytest.approx(slope, rel=1e-7)
    pull = (family.at(0.2 + 1e-5).gradient(made_of.x) - family.at(0.2 - 1e-5).gradient(made_of.x)) / 2e-5
    np.testing.assert_allclose(family.pull(made_of.x, 0.2), pull, atol=1e-6 * np.abs(pull).max())
    own = family.rates(made_of.x, 0.2, z, rate, z[:, None])
    other = landscape.Family.rates(family, made_of.x, 0.2, z, rate, z[:, None])
    np.testing.assert_allclose(own, other, rtol=1e-6)


@pytest.mark.parametrize("shear", [0.3, 1.7, -2.6])
@pytest.mark.parametrize("d", [2, 3])
def test_bonds_are_all_pairs_within_reach(d: int, shear: float) -> None:
    """In boxes of many cells, of different sides and sheared by more than one: those of all pairs."""
    box = np.array([17.0, 12.0, 9.0])[:d]
    places = reference.scattered(300, d, box, 4)
    found = glass.PairGlass(places, sizes=1.3, box=box, potential="harmonic_spheres", shear=shear)
    r = places - places[:, None]
    boxes = np.rint(r[..., 1] / box[1])
    r[..., 0] -= shear * box[1] * boxes
    r[..., 1] -= box[1] * boxes
    r[..., [0, -1]] -= np.rint(r[..., [0, -1]] / box[[0, -1]]) * box[[0, -1]]
    near = np.triu(np.sum(r**2, axis=-1) < 1.3**2, 1)
    bonds = found.bonds(found.x, 0)
    assert np.argwhere(near).tolist() == np.column_stack([bonds.i, bonds.j]).tolist()
    np.testing.assert_allclose(bonds.r, r[near], rtol=0, atol=1e-13)
    assert bonds.i.size > 100


def test_scaling() -> None:
    made_of = made("soft_spheres", 60, 2, 8)
    base = glass.soft_spheres()

    def scaled(length: float, energy: float) -> glass.PairGlass:
        potential = glass.Custom(
            [partial(lambda k, s: base.profile(s, k)[k] / energy, k) for k in range(5)],
            reach=base.reach,
            smooth=3,
            mixing=glass.Mixing(base.mixing.non_additivity * length),
        )
        places = made_of.x.reshape(-1, 2) / length
        return glass.PairGlass(
            places, sizes=made_of.sizes / length, box=made_of.box / length, potential=potential
        )

    landscape.check_landscape(made_of, made_of.x, scaled=scaled)


def test_bits_do_not_hang_on_what_was_asked_before() -> None:
    """Lists of neighbours are kept while particles are near; sums are in the same order by any list."""
    one, other = made("soft_spheres", 400, 2, 4, 0.3), made("soft_spheres", 400, 2, 4, 0.3)
    way = np.random.default_rng(2).normal(size=one.size)
    for s in np.linspace(0.0, 1.0, 30):
        one.energy(one.x + s * way)
    for s in (1.0, 0.013, 0.2):
        x = one.x + s * way
        assert one.energy(x) == other.energy(x)
        assert np.array_equal(one.gradient(x), other.gradient(x))
        other = made("soft_spheres", 400, 2, 4, 0.3)


def test_a_potential_of_ones_own_by_functions_and_by_sympy() -> None:
    c = [-1.93601033, 2.46940093, -1.07991294, 0.16070133]  # of x^2l, for beta 10, q 3, x_c 1.4
    text = "(2*q)**(-5) + " + " + ".join(f"({number})*(2*q)**{k}" for k, number in enumerate(c))
    with pytest.raises(ValueError, match=r"must vanish"):
        glass.symbolic(text, reach=1.3, smooth=3)
    base = glass.soft_spheres()
    s = np.linspace(0.3, 0.97, 20)
    import sympy

    q = sympy.Symbol("q")
    own = sympy.lambdify(q, sympy.sympify(text), "numpy")
    np.testing.assert_allclose(own(s), base.profile(s, 0)[0], atol=3e-8)  # c_2l have eight digits
    contact = glass.symbolic((1 - sympy.sqrt(2 * q)) ** 4 / 4, reach=1.0, smooth=3)
    glass_of = made("harmonic_spheres", 60, 2, 1)
    places = glass_of.x.reshape(-1, 2)
    soft = glass.PairGlass(places, sizes=glass_of.sizes, box=glass_of.box, potential=contact)
    landscape.check_landscape(soft, soft.x)
    wanted = reference.along(soft, reference.contact(4.0), soft.x, soft.x * 0.0)[0]
    assert soft.energy(soft.x) == pytest.approx(float(wanted), rel=1e-12)


def test_coefficients_of_the_swap_liquid_are_those_in_use() -> None:
    """c_0 = -28 x_c^-12, c_2 = 48 x_c^-14, c_4 = -21 x_c^-16, as simulation codes of others write them."""
    s = np.array([0.5, 0.7])
    x2 = 2.0 * s
    wanted = x2**-6 - 28 / 1.25**12 + 48 / 1.25**14 * x2 - 21 / 1.25**16 * x2**2
    np.testing.assert_allclose(glass.ninarello().profile(s, 0)[0], wanted, rtol=1e-13)


def test_sticky_spheres_are_smooth_where_their_parts_meet() -> None:
    """Value and two derivatives of one side are those of the other, the third jumps; the well is -1 deep."""
    potential = glass.sticky_spheres(r_c=1.1)  # in units of the minimum's place: the shortest of the source
    assert potential.reach == pytest.approx(1.1 * 2.0 ** (1.0 / 6.0), rel=1e-15)
    for end, outside in ((2.0 ** (-2.0 / 3.0), None), (1.1**2 * 2.0 ** (-2.0 / 3.0), 0.0)):
        left, right = potential.profile(np.array([end * (1 - 1e-12), end * (1 + 1e-12)]), 3).T
        right = right if outside is None else 0.0 * right
        np.testing.assert_allclose(left[:3], right[:3], atol=1e-7)
        assert abs(left[3] - right[3]) > 1.0
    depth = potential.profile(np.array([2.0 ** (-2.0 / 3.0)]), 0)[0, 0]
    assert depth == pytest.approx(-1.0, abs=1e-11)  # terms up to 7e3 cancel in so short a tail
    places = reference.scattered(60, 2, 10.0, 1)
    sizes = np.where(np.arange(60) % 2, 1.0, 1.4)
    sticky = glass.PairGlass(places, sizes=sizes, box=10.0, potential=potential)
    landscape.check_landscape(sticky, sticky.x)


@pytest.mark.parametrize(
    ("name", "order"), [("ninarello", 4), ("harmonic_spheres", 3), ("hertzian_spheres", 4)]
)
def test_derivatives_that_are_not_defined_are_refused(name: str, order: int) -> None:
    made_of = made(name, 36, 2, 1)
    with pytest.raises(NotGivenError, match=f"order {order} are not defined.*must be >= {order - 1}"):
        made_of.bonds(made_of.x, order)


def test_cubic_modes_have_no_b4_where_it_is_not_defined() -> None:
    made_of = made("ninarello", 60, 2, 4)
    x = landscape.minimize(made_of, made_of.x).x
    mode = landscape.cubic_modes(made_of, x, count=2)[0]
    assert mode.residual < 1e-8
    assert np.isnan(mode.b4)
    wanted = reference.along(made_of, CASES["ninarello"][0], x, mode.direction)
    np.testing.assert_allclose([mode.b2, mode.b3], np.abs(wanted[2:4].astype(float)), rtol=1e-9)
    with pytest.raises(NotGivenError):
        landscape.quartic_modes(made_of, x, count=2)


def test_rattlers() -> None:
    """A ring of touching discs around one that touches two: it rattles, and one far away has zero modes."""
    angles = np.arange(6) * np.pi / 3.0
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * 1.9 + 5.0
    places = np.vstack([ring, [[5.0, 5.0], [0.5, 0.5]]])
    discs = glass.PairGlass(places, sizes=2.0, box=10.0, potential="harmonic_spheres")
    assert discs.rattlers(discs.x).tolist() == [7]  # six neighbours hold the one in the middle
    assert discs.zero_modes(discs.x).shape == (16, 4)
    landscape.check_landscape(discs, discs.x + 0.01 * np.random.default_rng(0).normal(size=16))
    fewer = glass.PairGlass(places[[0, 1, 2, 3, 6]], sizes=2.0, box=10.0, potential="harmonic_spheres")
    assert fewer.rattlers(fewer.x).tolist() == [0, 1, 2, 3, 4]  # the ends have two, then all
    assert discs.backbone(discs.x).particles == 7
    with pytest.raises(ValueError, match="all particles are rattlers"):
        fewer.backbone(fewer.x)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"box": 5.0}, "box = 5: must be >= 6.216, twice the reach"),
        ({"sizes": [1.0, 2.0, -1.0]}, "sizes[2] = -1.0: must be finite and > 0"),
        ({"sizes": [1.0, 20.0, 1.0]}, "sizes differ by up to 19: must be < 1/non_additivity = 10"),
        ({"potential": "soft_sphere"}, "did you mean 'soft_spheres'?"),
        ({"potential": "kob_andersen", "sizes": 1.2}, "sizes[0] = 1.2: must be one of 1.0, 0.88"),
        ({"shear": np.nan}, "shear = nan: must be finite"),
        ({"positions": np.zeros((3, 4))}, "positions has shape (3, 4)"),
    ],
)
def test_refused(change: dict[str, Any], message: str) -> None:
    known: dict[str, Any] = {"sizes": 2.22, "box": 8.0, "potential": "soft_spheres"} | change
    places = known.pop("positions", np.eye(3)[:, :2] * 3.0)
    with pytest.raises(ValueError, match=re.escape(message)):
        glass.PairGlass(places, **known)


def test_no_neighbours_where_coordinates_are_not_finite() -> None:
    made_of = made("soft_spheres", 36, 2, 1)
    with pytest.raises(ValueError, match="x is not finite"):
        made_of.energy(np.where(np.arange(made_of.size) == 3, np.nan, made_of.x))


def test_a_mixing_of_arrays_is_that_of_tuples_and_can_be_a_key() -> None:
    table = ((1.0, 1.25), (1.25, 1.5))
    given: Any = (np.array([1.0, 1.5]), np.array(table), list(map(list, table)))
    made = glass.Mixing(0.0, *given)
    assert {made: 1} == {glass.Mixing(0.0, (1.0, 1.5), table, table): 1}
    with pytest.raises(ValueError, match=r"lengths has shape \(2, 2\): must be \(0,\)"):
        glass.Mixing(lengths=table)
