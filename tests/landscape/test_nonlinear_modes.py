"""Nonlinear modes of any landscape: known ones, and the same by direct minimisation with scipy."""

import re
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

import landscape
import quartic
from landscape.nonlinear.pseudoharmonic import Bonds
from tests.surfaces import HEIGHT, X0, XX, XY, Y0, YY, double_wells, icosahedron, lennard_jones, mueller_brown

Array = NDArray[np.float64]


def oscillators(n: int = 30) -> tuple[quartic.Problem, Array]:
    """Return coupled oscillators, and a minimum of them."""
    rng = np.random.default_rng(2)
    upper = np.triu(rng.normal(size=(n, n)), 1) / 6.0
    problem = quartic.Problem(rng.uniform(0.2, 1.5, n), upper + upper.T, 0.3, 1.3)
    return problem, quartic.minimize(problem).x


def lowest(level: Callable[[Array], Any], starts: Array, *, jac: bool = False) -> float:
    """Return the lowest minimum that scipy finds over directions, from the columns of starts."""
    found = [minimize(level, z, jac=jac, method="BFGS", options={"gtol": 1e-6}).fun for z in starts.T]
    return float(min(found))


def test_expansions_are_derivatives_along_the_line() -> None:
    """mpmath differentiates Mueller and Brown's surface; differences of forces leave 1e-8, 1e-6, 1e-4."""
    x, z = np.array([-0.558, 1.442]), np.array([0.6, 0.8])

    def energy(s: mpmath.mpf) -> mpmath.mpf:
        dx, dy = x[0] + s * z[0] - X0, x[1] + s * z[1] - Y0
        return sum(
            HEIGHT[k] * mpmath.exp(XX[k] * dx[k] ** 2 + XY[k] * dx[k] * dy[k] + YY[k] * dy[k] ** 2)
            for k in range(4)
        )

    with mpmath.workdps(50):
        exact = [float(mpmath.diff(energy, 0, n)) for n in (2, 3, 4)]
    found = landscape.expansion(mueller_brown(), x, z)
    for own, wanted, tol in zip(found, exact, (1e-8, 1e-6, 1e-4), strict=True):
        assert own == pytest.approx(wanted, rel=tol)
    columns = landscape.expansion(mueller_brown(), x, np.column_stack([z, -z]))
    np.testing.assert_allclose(columns.b3, [found.b3, -found.b3], rtol=1e-6)


@pytest.mark.parametrize("method", ["descent", "fixed-point"])
def test_double_wells_go_over_one_by_one_or_together(method: str) -> None:
    """At (1, 1), with z = (cos a, sin a): b2 = 2 + c (1 - sin 2a), b3 = 6 (cos^3 a + sin^3 a).

    Stationary at a = pi/4, where b2 = 2, b3 = 18^(1/2), b4 = 3: r = 3, and the barrier of the quartic is
    that of both wells together, 1/2. There B has the second derivative of sign 2 c - 2, so for c > 1 it is
    the mode; for c < 1 modes are those of scipy on a grid of angles.
    """
    (both,) = landscape.cubic_modes(double_wells(1.5), np.ones(2), method=method)
    np.testing.assert_allclose(both.direction, np.full(2, 0.5**0.5), rtol=1e-7)
    np.testing.assert_allclose([both.b2, both.b3, both.b4], [2.0, 18.0**0.5, 3.0], rtol=1e-6)
    assert both.barrier == pytest.approx(8.0 / 27.0, rel=1e-7)
    own = landscape.Expansion(both.b2, both.b3, both.b4)
    assert landscape.barrier(own, exact=True) == pytest.approx(0.5, rel=1e-5)
    c = 0.3
    angles = np.linspace(0.0, np.pi, 2_000_001)
    b2 = 2.0 + c * (1.0 - np.sin(2.0 * angles))
    with np.errstate(divide="ignore"):
        level = 2.0 * b2**3 / (3.0 * (6.0 * (np.cos(angles) ** 3 + np.sin(angles) ** 3)) ** 2)
    minima = angles[1:-1][(level[1:-1] < level[:-2]) & (level[1:-1] < level[2:])]
    found = landscape.cubic_modes(double_wells(c), np.ones(2), starts=np.eye(2), method=method)
    ways = sorted(float(np.arctan2(mode.direction[1], mode.direction[0]) % np.pi) for mode in found)
    np.testing.assert_allclose(ways, np.sort(minima), rtol=0, atol=3e-6)  # the grid's


@pytest.mark.parametrize("place", [(-0.558, 1.442), (0.623, 0.028), (-0.050, 0.467)])
def test_cubic_modes_of_mueller_and_brown(place: tuple[float, float]) -> None:
    """Against the least of B on a grid of angles, by the expansions along all of them at once."""
    surface = mueller_brown()
    x = landscape.minimize(surface, np.array(place)).x
    angles = np.linspace(0.0, np.pi, 2001)
    found = landscape.expansion(surface, x, np.array([np.cos(angles), np.sin(angles)]))
    best = landscape.cubic_modes(surface, x)[0]
    with np.errstate(divide="ignore"):
        level = 2.0 * found.b2**3 / (3.0 * found.b3**2)
    assert best.status == "converged"
    assert best.barrier == pytest.approx(level.min(), rel=1e-5)  # a grid of pi/2000, squared
    assert best.barrier <= level.min() * (1.0 + 1e-7)


@pytest.mark.parametrize("shaken", [0.0, 0.4])
def test_cubic_modes_of_thirteen_atoms(shaken: float) -> None:
    """By scipy's BFGS over the 33 directions across the motions as a whole, from random directions.

    U''' : z z z there by the pair potential itself: V3 a^3 + 3 V2 a u.u of a bond u, derivatives V2 and V3 by
    q = r^2/2, a = r.u. Where the cluster has no symmetry U''' : z z has a part along its rotations.
    """
    cluster = lennard_jones(13)
    x = landscape.minimize(cluster, icosahedron() + shaken * np.random.default_rng(1).normal(size=39)).x
    zero, matrix = cluster.zero_modes(x), cluster.hessian(x).dense()
    i, j = np.triu_indices(13, 1)
    apart = x.reshape(13, 3)[j] - x.reshape(13, 3)[i]
    square = np.sum(apart**2, axis=1)
    v2 = 4.0 * (168.0 * square**-8 - 48.0 * square**-5)  # of 4 (s^-6 - s^-3), s = 2 q
    v3 = 4.0 * (-2688.0 * square**-9 + 480.0 * square**-6)

    def level(z: Array) -> tuple[float, Array]:
        z = z - zero @ (zero.T @ z)
        u = z.reshape(13, 3)[j] - z.reshape(13, 3)[i]
        along, length = np.sum(apart * u, axis=1), np.sum(u**2, axis=1)
        b2, b3 = z @ matrix @ z, np.sum(v3 * along**3 + 3.0 * v2 * along * length)
        pull = (3.0 * (v3 * along**2 + v2 * length))[:, None] * apart + 6.0 * (v2 * along)[:, None] * u
        slope = np.zeros((13, 3))
        np.add.at(slope, j, pull)
        np.subtract.at(slope, i, pull)
        total = 6.0 * (matrix @ z) / b2 - 2.0 * slope.ravel() / b3
        return float(np.log(2.0 * b2**3 / (3.0 * b3**2))), total - zero @ (zero.T @ total)

    rng = np.random.default_rng(4)
    starts = rng.normal(size=(39, 2))  # of the softest normal modes b3 = 0, by symmetry
    for method in ("descent", "fixed-point"):
        best = landscape.cubic_modes(cluster, x, starts=starts, method=method)[0]
        assert np.log(best.barrier) == pytest.approx(level(best.direction)[0], abs=1e-7)
        np.testing.assert_allclose(level(best.direction)[1], 0.0, atol=1e-6)  # of ln B: 6 times residual
        near = np.column_stack([best.direction + 0.01 * rng.normal(size=39)])
        assert np.log(best.barrier) == pytest.approx(lowest(level, near, jac=True), abs=1e-6)
        if not shaken:  # all starts lead to one of many modes that are the same by symmetry
            assert np.log(best.barrier) == pytest.approx(lowest(level, starts, jac=True), abs=1e-6)
        np.testing.assert_allclose(zero.T @ best.direction, 0.0, atol=1e-8)
        assert best.participation == pytest.approx(
            landscape.participation_ratio(best.direction, dimension=3), rel=1e-12
        )


@pytest.mark.parametrize("method", ["descent", "fixed-point"])
@pytest.mark.parametrize("kind", ["cubic", "quartic"])
def test_oscillators_known_by_forces_alone_have_the_modes_of_oscillators(kind: str, method: str) -> None:
    """The general rotations, by differences of the gradient, end where the kernels do: 1e-8 in overlap.

    From near there: `descent` has another metric, and may go elsewhere from afar.
    """
    problem, x = oscillators()
    bare = landscape.Functions(problem.energy, problem.gradient, problem.size)
    exact = getattr(quartic, f"{kind}_modes")(problem, x, count=4, method=method)
    noise = np.random.default_rng(4).normal(size=(30, len(exact)))
    near = np.column_stack([m.direction for m in exact]) + 0.02 * noise
    options: Any = {"starts": near, "method": method}
    found = getattr(landscape, f"{kind}_modes")(bare, x, **options)
    assert len(found) == len(exact) >= 2
    for own, wanted in zip(found, exact, strict=True):
        assert abs(own.direction @ wanted.direction) >= 1.0 - 1e-8

    def heights(modes: list[landscape.NonlinearMode]) -> list[float]:  # of no first order in the direction
        return [m.b2**3 / m.b3**2 if kind == "cubic" else m.b2**2 / m.b4 for m in modes]

    assert heights(found) == pytest.approx(heights(exact), rel=1e-6)
    same = getattr(landscape, f"{kind}_modes")(problem, x, **options)
    assert heights(same) == pytest.approx(heights(exact), rel=1e-9)


def springs(n: int = 12) -> landscape.Harmonic:
    """Return a ring of springs between neighbours and next ones, of random strength, in two dimensions."""
    rng = np.random.default_rng(7)
    angle = 2.0 * np.pi * np.arange(n) / n
    places = np.column_stack([np.cos(angle), np.sin(angle)]) + 0.1 * rng.normal(size=(n, 2))
    matrix = np.zeros((n, 2, n, 2))
    for reach in (1, 2, 3, 5):
        for i in range(n):
            j = (i + reach) % n
            e = places[j] - places[i]
            block = rng.exponential() * np.outer(e, e) / (e @ e)
            for a, b, sign in ((i, i, 1), (j, j, 1), (i, j, -1), (j, i, -1)):
                matrix[a, :, b] += sign * block
    move = np.kron(np.ones((n, 1)), np.eye(2))
    places -= places.mean(axis=0)
    turn = np.column_stack([-places[:, 1], places[:, 0]]).reshape(-1, 1)
    return landscape.Harmonic(matrix.reshape(2 * n, 2 * n), dimension=2, zero_modes=np.hstack([move, turn]))


@pytest.mark.parametrize("method", ["descent", "fixed-point"])
def test_pseudo_harmonic_modes_by_direct_minimisation(method: str) -> None:
    """scipy's BFGS of ln C, written by pairs, from the same starts; each mode is a minimum of it."""
    network = springs()
    n = network.size // 2
    matrix = network.hessian(np.zeros(2 * n)).dense()
    zero = network.zero_modes(np.zeros(2 * n))
    i, j = np.nonzero(np.triu(np.abs(matrix.reshape(n, 2, n, 2)).sum(axis=(1, 3)), 1))

    def level(z: Array) -> float:
        z = z - zero @ (zero.T @ z)
        apart = z.reshape(n, 2)[j] - z.reshape(n, 2)[i]
        return float(np.log((z @ matrix @ z) ** 2 / np.sum(np.sum(apart**2, axis=1) ** 2)))

    starts = landscape.low_modes(network.hessian(np.zeros(2 * n)), 4).vectors
    found = landscape.pseudo_harmonic_modes(network, np.zeros(2 * n), starts=starts, method=method)
    assert np.log(found[0].cost) == pytest.approx(lowest(level, starts), abs=1e-6)
    for mode in found:
        assert np.log(mode.cost) == pytest.approx(level(mode.direction), abs=1e-12)
        again = minimize(level, mode.direction, method="BFGS", options={"gtol": 1e-7})
        assert again.fun == pytest.approx(np.log(mode.cost), abs=1e-8)
    given = np.column_stack([i, j])
    same = landscape.pseudo_harmonic_modes(
        network, np.zeros(2 * n), starts=starts, pairs=given, method=method
    )
    assert [m.cost for m in same] == [m.cost for m in found]


def test_pseudo_harmonic_modes_of_oscillators_are_their_quartic_modes() -> None:
    """b4 = A sum_i z_i^4, so C = A b2^2/b4: the same minima."""
    problem, x = oscillators()
    options: Any = {"starts": np.eye(30)[:, :4]}
    wanted = sorted(quartic.quartic_modes(problem, x, **options), key=lambda m: m.b2**2 / m.b4)
    found = landscape.pseudo_harmonic_modes(landscape.Harmonic(quartic.hessian(problem, x)), 0 * x, **options)
    assert len(found) == len(wanted)
    for own, mode in zip(found, wanted, strict=True):
        assert abs(own.direction @ mode.direction) >= 1.0 - 1e-12
        assert own.cost == pytest.approx(1.3 * mode.b2**2 / mode.b4, rel=1e-9)


def test_the_stretching_of_bonds_is_a_form() -> None:
    """Its vectors are a quarter of the gradient of its values, and its polynomial that along the line."""
    form = Bonds(np.array([[0, 1], [1, 2], [0, 3]]), 8, 2)
    z, d = np.random.default_rng(4).normal(size=(2, 8))
    step = 1e-5
    slope = (form.values((z + step * d)[:, None]) - form.values((z - step * d)[:, None])) / (2.0 * step)
    assert 4.0 * form.vector(z) @ d == pytest.approx(float(slope[0]), rel=1e-8)
    wanted = np.polynomial.polynomial.polyfit(
        t := np.linspace(-1.0, 1.0, 5), [form.values((z + s * d)[:, None])[0] for s in t], 4
    )
    np.testing.assert_allclose(form.along(z, d), wanted, rtol=1e-9)


def test_what_has_no_modes_is_refused() -> None:
    bowl = landscape.Harmonic(np.eye(3))
    with pytest.raises(landscape.NotGivenError, match="a Hessian alone says nothing of third derivatives"):
        landscape.cubic_modes(bowl, np.zeros(3))
    with pytest.raises(ValueError, match=re.escape("x is no minimum: its largest |gradient| is")):
        landscape.pseudo_harmonic_modes(bowl, np.ones(3))
    even = landscape.Functions(lambda x: x @ x, lambda x: 2 * x, 2)
    with pytest.raises(ValueError, match="derivatives of order 3 vanish along all starts"):
        landscape.cubic_modes(even, np.zeros(2))
    saddle = landscape.Functions(lambda x: x[0] ** 2 - x[1] ** 2, lambda x: 2 * x * [1, -1], 2)
    with pytest.raises(ValueError, match="x is no minimum"):
        landscape.pseudo_harmonic_modes(saddle, np.zeros(2))
    ring = springs()
    for pairs, message in (
        ([[0, 0]], "pairs hold particle 0 twice: they must differ"),
        ([0, 1], "pairs have shape (2,): must be (P, 2)"),
        ([[0, 12]], "12"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            landscape.pseudo_harmonic_modes(ring, np.zeros(24), pairs=pairs)
    whole = ring.zero_modes(np.zeros(24))[:, 0]
    with pytest.raises(ValueError, match="start 0 is a zero mode: must change the energy"):
        landscape.pseudo_harmonic_modes(ring, np.zeros(24), starts=whole)
