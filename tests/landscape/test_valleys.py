"""What is undone of the quartic term along a valley, and landscapes of which a part is held."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

import landscape
import quartic
from tests.surfaces import icosahedron, lennard_jones

Array = NDArray[np.float64]
CLUSTER = landscape.minimize(lennard_jones(13), 1.05 * icosahedron()).x


def oscillators() -> tuple[quartic.Problem, Array]:
    rng = np.random.default_rng(5)
    upper = np.triu(rng.normal(size=(8, 8)), 1) / 4.0
    problem = quartic.Problem(rng.uniform(0.8, 1.5, 8), upper + upper.T, 0.3, 1.0)
    return problem, quartic.minimize(problem).x


def test_a_valley_is_where_the_energy_is_least_across_it() -> None:
    """Newton's method in planes z.M.(x - x0) = s b2; the energies' fourth difference, extrapolated in s^2.

    Errors are s^4 times the eighth derivative, 1e-6 here.
    """
    problem, x = oscillators()
    M = problem.hessian(x).dense()
    z = np.random.default_rng(6).normal(size=8)
    z /= np.linalg.norm(z)
    found = landscape.valley(problem, x, z)

    def least(s: float) -> tuple[float, Array]:
        at = x + s * z
        for _ in range(8):
            matrix = np.block([[problem.hessian(at).dense(), (M @ z)[:, None]], [M @ z, np.zeros(1)]])
            at = at - np.linalg.solve(matrix, np.append(problem.gradient(at), 0.0))[:-1]
        return problem.energy(at), at

    def fourth(h: float) -> float:
        weights = zip((1.0, -4.0, 6.0, -4.0, 1.0), range(-2, 3), strict=True)
        return float(sum(w * least(n * h)[0] for w, n in weights)) / h**4

    along = (4.0 * fourth(0.05) - fourth(0.1)) / 3.0
    assert along == pytest.approx(found.b4 * (1.0 - found.undone), abs=1e-4 * found.b4)
    assert found.undone > 0.01
    bend = (least(0.01)[1] + least(-0.01)[1] - 2.0 * x) / 0.01**2
    np.testing.assert_allclose(bend, found.bend, atol=1e-4)


def test_a_cubic_mode_has_the_ratio_of_its_response() -> None:
    """X/b4 = r, exact at a mode, with an error of the square of its residual; nowhere else."""
    for energy, x in (oscillators(), (lennard_jones(13), CLUSTER)):
        modes = landscape.cubic_modes(energy, x, count=3)
        z = np.column_stack([mode.direction for mode in modes])
        found = landscape.valley(energy, x, z)
        doubt = 1e-9 if isinstance(energy, quartic.Problem) else 1e-5  # of differences
        np.testing.assert_allclose(found.response / found.b4, [mode.ratio for mode in modes], rtol=doubt)
        np.testing.assert_allclose(found.undone, 0.0, atol=10.0 * doubt)
        other = landscape.valley(energy, x, np.roll(z[:, 0], 1))
        assert other.response / other.b4 > 1.01 * other.ratio


def test_translations_have_no_valley() -> None:
    """A displacement of all particles changes nothing but the length of z."""
    z = landscape.low_modes(lennard_jones(13).hessian(CLUSTER), 1).vectors[:, 0]
    shift = np.tile([0.3, 0.0, 0.0], 13)
    moved = (z + shift) / np.linalg.norm(z + shift)
    one, two = (landscape.valley(lennard_jones(13), CLUSTER, d) for d in (z, moved))
    assert two.undone == pytest.approx(one.undone, rel=1e-4)


def test_held_particles_feel_what_is_frozen() -> None:
    """Of a held landscape all derivatives are rows of the whole one's."""
    problem, x = oscillators()
    free = [6, 1, 3]
    held = landscape.Held(problem, x, free)
    z = np.random.default_rng(7).normal(size=(3, 2))
    whole = np.zeros((8, 2))
    whole[free] = z
    np.testing.assert_array_equal(
        held.hessian(x[free]).dense(), problem.hessian(x).dense()[np.ix_(free, free)]
    )
    for order in ("third", "fourth"):
        form, own = getattr(problem, order)(x), getattr(held, order)(x[free])
        np.testing.assert_allclose(own.vectors(z), form.vectors(whole)[free])
    everything = landscape.Held(problem, np.zeros(8), range(8))
    mode, same = (landscape.cubic_modes(one, x, count=1)[0] for one in (problem, everything))
    assert mode.ratio == pytest.approx(same.ratio, rel=1e-8)


@pytest.mark.parametrize(
    ("free", "says"),
    [([], "free has shape (0,): must be"), ([1, 1], "hold each particle once"), ([8], "must be in 0 .. 7")],
)
def test_free_particles_are_some_of_all(free: list[int], says: str) -> None:
    problem, x = oscillators()
    with pytest.raises(ValueError, match=re.escape(says)):
        landscape.Held(problem, x, free)
