"""Paths, saddles and double wells of any landscape: known ones, and the same by other routes."""

import itertools
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

import landscape
import quartic
from landscape.nonlinear.separation import nearest, one_well
from tests.surfaces import (
    ICOSAHEDRON_ENERGY,
    MUELLER_BROWN_MINIMA,
    MUELLER_BROWN_SADDLES,
    double_wells,
    icosahedron,
    lennard_jones,
    mueller_brown,
)

Array = NDArray[np.float64]
PLACES, SADDLES = list(MUELLER_BROWN_MINIMA), list(MUELLER_BROWN_SADDLES)
CAPPED = -41.394398  # an atom of the icosahedron moved onto a face: the fourth lowest minimum (Hoare and Pal)


def well(x: Array) -> float:
    return float(np.sum(x**4 / 4.0 - x**2 / 2.0))


@pytest.mark.parametrize(
    ("first", "last", "passed"), [(0, 1, [0, 1]), (1, 0, [1, 0]), (2, 0, [0]), (2, 1, [1])]
)
def test_paths_of_mueller_and_brown(first: int, last: int, passed: list[int]) -> None:
    """From the deepest minimum (0) to the next (1) the way leads through the third (2), over both saddles."""
    surface = mueller_brown()
    x0, x1 = (landscape.minimize(surface, np.array(PLACES[k])).x for k in (first, last))
    path = landscape.minimum_energy_path(surface, x0, x1)
    assert path.status == ("direct" if len(passed) == 1 else "indirect")
    via = [first, 2, last] if len(passed) == 2 else [first, last]
    np.testing.assert_allclose(path.minima, [PLACES[k] for k in via], rtol=0, atol=6e-4)
    for saddle, k in zip(path.saddles, passed, strict=True):
        np.testing.assert_allclose(saddle.x, SADDLES[k], rtol=0, atol=6e-4)  # published to three digits
        assert saddle.energy == pytest.approx(MUELLER_BROWN_SADDLES[SADDLES[k]], abs=6e-4)
        assert saddle.negative == 1
        assert saddle.residual <= 1e-10
    top = max(MUELLER_BROWN_SADDLES[SADDLES[k]] for k in passed)
    assert path.barrier == pytest.approx(top - MUELLER_BROWN_MINIMA[PLACES[first]], abs=2e-3)


@pytest.mark.parametrize("c", [0.05, 0.2])
def test_one_of_two_wells_goes_over(c: float) -> None:
    """Stationary where x y = -c and x^2 + y^2 = 1 - c, at an energy of -1/4 + c/2 + c^2/4.

    From (1, 1) to (s, -s), s^2 = 1 - 2 c; and that is where a push along the second site leads.
    """
    wells, s = double_wells(c), (1.0 - 2.0 * c) ** 0.5
    path = landscape.minimum_energy_path(wells, np.ones(2), [s, -s])
    (saddle,) = path.saddles
    root, other = (1.0 + c) ** 0.5, (1.0 - 3.0 * c) ** 0.5
    np.testing.assert_allclose(saddle.x, [(other + root) / 2.0, (other - root) / 2.0], atol=1e-9)
    assert saddle.energy == pytest.approx(-0.25 + c / 2.0 + c**2 / 4.0, abs=1e-12)
    assert path.barrier == pytest.approx(0.25 + c / 2.0 + c**2 / 4.0, abs=1e-12)
    back = landscape.saddle_between(wells, [s, -s], np.ones(2))
    assert back.barrier == pytest.approx(saddle.energy + s**4 / 2.0, abs=1e-12)
    (found,) = landscape.double_wells(wells, np.ones(2), [np.array([0.0, 1.0])])
    assert found.status == "found"
    assert found.x is not None
    np.testing.assert_allclose(found.x, [s, -s], atol=1e-9)
    assert found.barrier == pytest.approx(path.barrier, abs=1e-9)
    assert found.asymmetry == pytest.approx(0.5 - s**4 / 2.0, abs=1e-12)


def test_two_wells_go_over_together() -> None:
    """Above c = 1: along (1, 1), where the energy is that of two wells, x^4/2 - x^2: all estimates are exact.

    A second direction to the same minimum is the `same`, and one that comes back leads to `none`.
    """
    wells = double_wells(1.5)
    modes = [*landscape.cubic_modes(wells, np.ones(2)), np.array([1.0, 0.9]), np.array([1.0, -1.0])]
    found, same, none = landscape.double_wells(wells, np.ones(2), modes)
    assert (found.status, same.status, none.status) == ("found", "same", "none")
    assert found.barrier == pytest.approx(0.5, abs=1e-12)
    assert found.quartic_barrier == pytest.approx(0.5, rel=1e-5)  # b4 from differences
    assert found.cubic_barrier == pytest.approx(8.0 / 27.0, rel=1e-6)
    assert found.distance == pytest.approx(8.0**0.5, rel=1e-9)
    assert found.overlap == pytest.approx(1.0, abs=1e-9)
    assert same.x is found.x
    assert same.path is found.path
    assert np.isnan(none.barrier)
    (unasked,) = landscape.double_wells(wells, np.ones(2), modes[:1], paths=False)
    assert unasked.path is None
    np.testing.assert_array_equal(unasked.x, found.x)


def test_a_push_where_the_quartic_term_is_negative() -> None:
    """From the middle minimum of Mueller and Brown, along the softest mode, to the side where b3 < 0."""
    surface = mueller_brown()
    x = landscape.minimize(surface, np.array(PLACES[2])).x
    mode = landscape.cubic_modes(surface, x)[0]
    assert mode.b4 < 0.0
    (found,) = landscape.double_wells(surface, x, [mode])
    assert np.isnan(found.quartic_barrier)
    assert found.x is not None
    np.testing.assert_allclose(found.x, PLACES[1], rtol=0, atol=6e-4)
    top = MUELLER_BROWN_SADDLES[SADDLES[1]] - MUELLER_BROWN_MINIMA[PLACES[2]]
    assert found.barrier == pytest.approx(top, abs=2e-3)


def capped(cluster: landscape.Landscape, x: Array) -> Array:
    """Return the nearest minimum in which one atom of the icosahedron sits on a face."""
    places = x.reshape(13, 3) - x.reshape(13, 3)[0]
    radius = float(np.linalg.norm(places[1]))
    faces = [
        face
        for face in itertools.combinations(range(2, 13), 3)
        if all(
            np.linalg.norm(places[i] - places[j]) < 1.2 * radius for i, j in itertools.combinations(face, 2)
        )
    ]
    middles = [places[list(face)].sum(axis=0) for face in faces]
    caps = [1.7 * radius * m / np.linalg.norm(m) for m in middles]
    moved = places.copy()
    moved[1] = min(caps, key=lambda cap: float(np.linalg.norm(cap - places[1])))
    return landscape.minimize(cluster, moved.ravel()).x


def simple_string(cluster: landscape.Landscape, x0: Array, x1: Array) -> float:
    """Return the highest energy on a string of 17 images that slide down by plain gradient steps."""
    string = x0 + np.linspace(0.0, 1.0, 17)[:, None] * (x1 - x0)
    for _ in range(700):
        forces = np.array([cluster.gradient(x) for x in string[1:-1]])
        largest = np.abs(forces).max(axis=1, keepdims=True)
        string[1:-1] -= forces * np.minimum(1e-3, 0.05 / largest)
        pieces = np.linalg.norm(np.diff(string, axis=0), axis=1)
        length = np.concatenate([[0.0], np.cumsum(pieces)])
        string = CubicSpline(length, string)(np.linspace(0.0, length[-1], 17))
    energies = CubicSpline(np.arange(17), [cluster.energy(x) for x in string])
    return float(energies(np.linspace(0.0, 16.0, 1601)).max())


def test_an_atom_leaves_the_icosahedron() -> None:
    """To the face nearest to it: over a saddle whose height a string of another kind finds too.

    Its six motions as a whole are no directions of negative curvature; the two minima are the known ones.
    """
    cluster = lennard_jones(13)
    x0 = landscape.minimize(cluster, icosahedron()).x
    path = landscape.minimum_energy_path(cluster, x0, capped(cluster, x0))
    assert path.status in ("direct", "indirect")
    np.testing.assert_allclose(path.energies[:2], [ICOSAHEDRON_ENERGY, CAPPED], atol=5e-7)
    saddle = path.saddles[0]
    assert saddle.negative == 1
    assert saddle.residual <= 1e-10
    values = np.linalg.eigvalsh(cluster.hessian(saddle.x).dense())
    assert np.sum(values < -1e-6 * values[-1]) == 1
    assert np.sum(np.abs(values) <= 1e-6 * values[-1]) == 6
    assert simple_string(cluster, path.minima[0], path.minima[1]) == pytest.approx(saddle.energy, abs=2e-3)


def test_oscillators_known_by_forces_alone_have_the_paths_of_oscillators() -> None:
    """Saddles and minima by the general steps and by the exact ones, of the same chains."""
    rng = np.random.default_rng(3)
    upper = np.triu(0.15 * rng.normal(size=(8, 8)), 1)
    problem = quartic.Problem(rng.uniform(-1.0, -0.2, 8), upper + upper.T, 0.05, 1.3)
    bare = landscape.Functions(problem.energy, problem.gradient, 8)
    found = quartic.explore(problem, starts=12, seed=1).x
    compared = 0
    for x0, x1 in itertools.islice(itertools.pairwise(found), 2):
        exact = quartic.minimum_energy_path(problem, x0, x1)
        path = landscape.minimum_energy_path(bare, x0, x1)
        if len(path.saddles) == len(exact.saddles):  # strings of 9 images may take another way
            np.testing.assert_allclose(path.energies, exact.energies, rtol=1e-9)
            own, wanted = ([s.energy for s in one.saddles] for one in (path, exact))
            np.testing.assert_allclose(own, wanted, rtol=1e-9)
            compared += 1
    assert compared >= 1


def test_a_cluster_moved_as_a_whole_is_the_same_minimum() -> None:
    """Turned by half a radian and shifted: its way back along zero modes keeps its shape to 1e-6."""
    cluster = lennard_jones(13)
    x = landscape.minimize(cluster, icosahedron()).x
    turned = Rotation.from_rotvec([0.1, -0.3, 0.4]).apply(x.reshape(13, 3))
    turned += [0.2, 0.0, -0.1]
    back = nearest(cluster, turned.ravel(), x)
    np.testing.assert_allclose(back, x, rtol=0, atol=3e-6)
    assert one_well(cluster, x, turned.ravel())
    with pytest.raises(ValueError, match="x0 and x1 are one minimum"):
        landscape.minimum_energy_path(cluster, x, turned.ravel())
    assert not one_well(cluster, x, capped(cluster, x))


def test_what_is_no_minimum_has_no_path() -> None:
    wells = double_wells(0.2)
    for x, message in (
        (np.zeros(2), "x0 is no minimum: the lowest eigenvalue there is -1"),
        (np.full(2, 0.5), "x0 is no minimum: its largest |gradient|"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            landscape.minimum_energy_path(wells, x, np.ones(2))
    with pytest.raises(ValueError, match=re.escape("images = 2: must be an integer of at least 3")):
        landscape.saddle_between(wells, np.ones(2), -np.ones(2), images=2)
    with pytest.raises(ValueError, match=re.escape("modes[0] is zero: must be a direction")):
        landscape.double_wells(wells, np.ones(2), [np.zeros(2)])


def test_a_path_that_symmetry_holds_on_a_hill_is_unresolved() -> None:
    """From (1, 1) to (-1, -1) the string stays on the diagonal, over (0, 0): both curvatures negative."""
    path = landscape.minimum_energy_path(double_wells(0.1), np.ones(2), -np.ones(2))
    assert path.status == "unresolved"
    assert np.isnan(path.barrier)
