"""What no energy of pairs may hang on: names of particles, boxes, directions, and how a shear is written."""

import itertools
from functools import partial
from typing import Any

import numpy as np
import pytest

import glass
from tests import glass_reference as reference

Array = np.ndarray
N = 60
EACH = pytest.mark.parametrize(("name", "d"), list(itertools.product(sorted(reference.CASES), [2, 3])))


def derivatives(made: glass.PairGlass, x: Array, z: Array) -> list[Array]:
    """Return energy, gradient, M z and, where they are defined, U''' : z z and U'''' : z z z."""
    found = [np.array(made.energy(x)), made.gradient(x), made.hessian(x).products(z[:, None])[:, 0]]
    forms = (made.third, made.fourth)[: max(0, made.potential.smooth - 1)]
    return found + [form(x).vector(z) for form in forms]


def same(found: list[Array], wanted: list[Array], turn: Any = None) -> None:
    """Compare to 1e-11 of the largest element; `turn` takes vectors of particles (N, d) to the new ones."""
    assert len(found) == len(wanted) > 2
    for a, b in zip(found, wanted, strict=True):
        if turn is not None and b.ndim:
            b = turn(b.reshape(N, -1)).ravel()
        assert np.abs(b).max() > 0.0
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-11 * np.abs(b).max())


@EACH
def test_boxes_and_the_origin(name: str, d: int) -> None:
    """Of a sheared box: one in y is also gamma L_y in x. A shear by a whole box is none."""
    made = reference.made(name, N, d, 8, 0.3)
    numbers = np.random.default_rng(0)
    z, boxes = numbers.normal(size=made.size), numbers.integers(-3, 4, (N, d)).astype(float)
    wanted = derivatives(made, made.x, z)
    way = boxes * made.box
    way[:, 0] += made.shear * way[:, 1]
    same(derivatives(made, made.x + way.ravel(), z), wanted)
    same(derivatives(made, made.x + np.tile(numbers.normal(size=d), N), z), wanted)
    known: Any = {"sizes": made.sizes, "box": made.box, "potential": name}
    whole = glass.PairGlass(made.x.reshape(N, d), **known, shear=0.3 + made.box[0] / made.box[1])
    same(derivatives(whole, whole.x, z), wanted)


@EACH
def test_names_of_particles(name: str, d: int) -> None:
    made, order = reference.made(name, N, d, 8, 0.3), np.random.default_rng(0).permutation(N)
    z = np.random.default_rng(1).normal(size=(N, d))
    places, sizes = made.x.reshape(N, d)[order], made.sizes[order]
    other = glass.PairGlass(places, sizes=sizes, box=made.box, potential=name, shear=0.3)
    found = derivatives(other, other.x, z[order].ravel())
    same(found, derivatives(made, made.x, z.ravel()), lambda v: v[order])


@EACH
def test_directions(name: str, d: int) -> None:
    """Turns by right angles and reflections that take the box to a box; of a sheared one, by two of them."""
    z = np.random.default_rng(1).normal(size=(N, d))
    for axes in itertools.permutations(range(d)):
        signs = np.where(np.random.default_rng(sum(axes[:1])).random(d) < 0.5, -1.0, 1.0)
        turned(reference.made(name, N, d, 8), z, np.eye(d)[list(axes)] * signs)
    turned(reference.made(name, N, d, 8, 0.3), z, np.diag([-1.0] * 2 + [1.0] * (d - 2)))


@EACH
def test_units(name: str, d: int) -> None:
    """In units of 2.5 of the length and 3 of the energy derivatives of order p are 2.5^p/3 as large."""
    made, length, energy = reference.made(name, N, d, 8, 0.3), 2.5, 3.0
    base, mixing = made.potential, made.potential.mixing
    table = np.array(mixing.lengths) / length
    other = glass.PairGlass(
        made.x.reshape(N, d) / length,
        sizes=made.sizes / length,
        box=made.box / length,
        shear=0.3,
        potential=glass.Custom(
            [partial(lambda k, s: base.profile(s, k)[k] / energy, k) for k in range(base.smooth + 2)],
            reach=base.reach,
            smooth=base.smooth,
            mixing=glass.Mixing(
                mixing.non_additivity * length,
                tuple(np.array(mixing.species) / length),
                tuple(map(tuple, table)),
                mixing.energies,
            ),
        ),
    )
    z = np.random.default_rng(0).normal(size=made.size)
    wanted = derivatives(made, made.x, z)
    same(derivatives(other, other.x, z), [length**p / energy * one for p, one in enumerate(wanted)])


def turned(made: glass.PairGlass, z: Array, turn: Array) -> None:
    box = made.box @ np.abs(turn)
    places: Array = made.x.reshape(N, -1) @ turn
    known: Any = {"sizes": made.sizes, "shear": made.shear}
    other = glass.PairGlass(places, box=box, potential=made.potential, **known)
    same(
        derivatives(other, other.x, (z @ turn).ravel()),
        derivatives(made, made.x, z.ravel()),
        lambda v: v @ turn,
    )
