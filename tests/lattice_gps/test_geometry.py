"""Sites and distances against brute force over images, and the symmetries of the lattice."""

import itertools
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lattice_gps

lattices = st.sampled_from([(d, L) for d, most in ((1, 40), (2, 12), (3, 7)) for L in range(2, most + 1)])


def place(site: int, L: int, d: int) -> np.ndarray:
    """Return the coordinates of a site: its digits in base L, the first axis first."""
    return np.array([site // L ** (d - 1 - axis) % L for axis in range(d)])


@given(lattices, st.data())
def test_distance_is_the_least_over_all_images(lattice: tuple[int, int], data: st.DataObject) -> None:
    d, L = lattice
    i, j = (data.draw(st.integers(0, L**d - 1)) for _ in range(2))
    step = place(j, L, d) - place(i, L, d)
    images = [step + L * np.array(shift) for shift in itertools.product((-1, 0, 1), repeat=d)]
    squares = [int(image @ image) for image in images]
    assert lattice_gps.distance(L, d, i, j) == np.sqrt(min(squares))
    found = lattice_gps.displacement(L, d, i, j)
    assert found @ found == min(squares)
    nearest = [image for image, square in zip(images, squares, strict=True) if square == min(squares)]
    # ties, where L is even: of the images at -L/2 and L/2 the first
    np.testing.assert_array_equal(found, min(nearest, key=list))
    assert np.all((2 * found >= -L) & (2 * found < L))


@given(lattices, st.data())
def test_a_translation_changes_no_displacement(lattice: tuple[int, int], data: st.DataObject) -> None:
    d, L = lattice
    shift = np.array(data.draw(st.lists(st.integers(0, L - 1), min_size=d, max_size=d)))
    x = lattice_gps.coordinates(L, d)
    moved = np.ravel_multi_index(tuple(((x + shift) % L).T), (L,) * d)
    i = data.draw(st.integers(0, L**d - 1))
    sites = np.arange(L**d)
    np.testing.assert_array_equal(
        lattice_gps.displacement(L, d, moved[i], moved), lattice_gps.displacement(L, d, i, sites)
    )
    np.testing.assert_array_equal(lattice_gps.distance(L, d, i, sites), lattice_gps.distance(L, d, sites, i))
    np.testing.assert_array_equal(lattice_gps.displacements(L, d), lattice_gps.displacement(L, d, 0, sites))
    np.testing.assert_array_equal(x, [place(site, L, d) for site in sites])


def test_the_nearest_neighbours_are_2d() -> None:
    """Each site has 2 d neighbours at distance 1, but d where L = 2: both are the same site."""
    for L, d, count in ((5, 1, 2), (5, 2, 4), (4, 3, 6), (2, 3, 3)):
        near = lattice_gps.distance(L, d, np.arange(L**d)[:, None], np.arange(L**d)) == 1.0
        np.testing.assert_array_equal(near.sum(axis=1), count)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1, 3), ValueError, "L = 1: must be an integer of at least 2"),
        ((4, 4), ValueError, "d = 4: must be an integer from 1 to 3"),
        ((4.0, 3), ValueError, "L = 4.0: must be an integer of at least 2"),
        ((4, "3"), ValueError, "d = '3': must be an integer from 1 to 3"),
        ((4, 2, 0, 16), ValueError, "j = 16: must be in 0 .. 15"),
        ((4, 2, [3, -1], 0), ValueError, "i[1] = -1: must be in 0 .. 15"),
        ((4, 2, 0.5, 0), ValueError, "i = 0.5: must be integers, not of type float64"),
    ],
)
def test_what_is_no_lattice_is_refused(arguments: Any, error: type[Exception], message: str) -> None:
    ask = lattice_gps.distance if len(arguments) == 4 else lattice_gps.displacements
    with pytest.raises(error, match="^" + re.escape(message) + "$"):
        ask(*arguments)
