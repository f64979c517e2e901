"""Every field of the records of nonlinear excitations, from its definition: sums, dense matrices."""

import itertools
import math

import numpy as np
import pytest

import khgps
import quartic
from landscape import disorder
from quartic.couplings import Packed
from quartic.starts import random_amplitude, starting_point
from tests.networks import N, at, network


def typical_force(problem: quartic.Problem, x: np.ndarray) -> float:
    sizes = np.abs(problem.stiffness * x) + np.abs(problem.coupling @ x)
    sizes += problem.anharmonicity * np.abs(x) ** 3 / 6 + np.abs(problem.field)
    return math.sqrt(math.fsum(sizes**2) / x.size)


Case = tuple[quartic.Problem, quartic.Drive]


@pytest.fixture(scope="module")
def driven() -> list[Case]:
    """Return drives up and down in fields that are not uniform."""
    cases = []
    for seed, way in ((1, 1.0), (2, 1.0), (3, -1.0)):
        problem = network(seed, -0.8 * way)
        x = quartic.minimize(problem, method="descent").x
        cases.append((problem, quartic.drive(problem, x, h_to=0.8 * way)))
    assert all(result.events for _, result in cases)  # or the tests below look at nothing
    return cases


def test_folds_by_their_definitions(driven: list[Case]) -> None:
    for problem, result in driven:
        way = np.sign(result.h[-1] - result.h[0])
        for event in result.events:
            fold, here = event.fold, at(problem, event.fold.h)
            psi, a = fold.direction, problem.anharmonicity
            force = typical_force(here, fold.x)
            assert np.abs(quartic.gradient(here, fold.x)).max() <= 1e-10 * force
            values, vectors = np.linalg.eigh(quartic.hessian(here, fold.x))
            assert abs(values[0]) < 1e-7
            assert abs(psi @ vectors[:, 0]) == pytest.approx(1.0, rel=1e-12)
            assert fold.energy == pytest.approx(quartic.energy(here, fold.x), rel=1e-13)
            assert fold.force_scale == pytest.approx(force, rel=1e-13)
            assert fold.b3 == pytest.approx(a * math.fsum(fold.x * psi**3), rel=1e-12)
            assert fold.b4 == pytest.approx(a * math.fsum(psi**4), rel=1e-12)
            assert fold.force == pytest.approx(-math.fsum(psi), rel=1e-12)
            assert fold.b3 < 0.0
            assert np.sign(fold.force) == -way  # h - h_c on the branch, which the drive came along
            strength = np.mean(problem.stiffness**2 + np.sum(problem.coupling.dense() ** 2, axis=1)) ** 0.5
            image = np.linalg.norm(quartic.hessian(here, fold.x) @ psi) / strength
            assert fold.residual == pytest.approx(image, abs=1e-14)


def test_events_and_rows_by_their_definitions(driven: list[Case]) -> None:
    for problem, result in driven:
        for event in result.events:
            here = at(problem, event.fold.h)
            moved = [after - before for after, before in zip(event.x, event.fold.x, strict=True)]
            second, fourth = (math.fsum(d**p for d in moved) for p in (2, 4))
            assert event.size == pytest.approx(math.sqrt(second), rel=1e-12)
            assert event.sites == pytest.approx(second**2 / fourth, rel=1e-12)
            assert 1.0 < event.sites < N
            assert event.magnetisation == pytest.approx(math.fsum(moved) / N, rel=1e-12)
            drop = quartic.energy(here, event.fold.x) - quartic.energy(here, event.x)
            assert event.energy_drop == pytest.approx(drop, rel=1e-10)
            assert np.linalg.eigvalsh(quartic.hessian(here, event.x))[0] > 0.0
            row = int(np.flatnonzero(result.h == event.fold.h)[0])
            assert result.energy[row] == pytest.approx(quartic.energy(here, event.x), rel=1e-13)
            assert result.magnetisation[row] == pytest.approx(event.x.mean(), rel=1e-13)
            lowest = np.linalg.eigvalsh(quartic.hessian(here, event.x))[0]
            assert result.lowest_eigenvalue[row] == pytest.approx(lowest, rel=1e-9)
        end = at(problem, result.h[-1])
        assert np.abs(quartic.gradient(end, result.x)).max() <= 1e-10 * typical_force(end, result.x)
        assert result.energy[-1] == pytest.approx(quartic.energy(end, result.x), rel=1e-13)


def test_a_field_that_is_not_uniform_shifts_the_spinodals_of_lone_sites() -> None:
    """Site i has h + f_i - mean f; its well at x < 0 ends at (2/3) |kappa| (2 |kappa|/A)^(1/2)."""
    kappa, field = np.array([-1.0, -0.7, -0.4]), np.array([-0.3, 0.1, -0.7])
    problem = quartic.Problem(kappa, np.zeros((3, 3)), field, 2.0)
    x = quartic.minimize(problem, start=-2.0 * np.sqrt(-6.0 * kappa / 2.0)).x
    result = quartic.drive(problem, x, h_to=2.0)
    spinodal = 2.0 / 3.0 * -kappa * np.sqrt(-kappa) - field + field.mean()
    np.testing.assert_allclose([event.fold.h for event in result.events], np.sort(spinodal), rtol=1e-12)
    assert result.h[0] == pytest.approx(field.mean(), rel=1e-15)


def test_softening_starts_from_the_fold(driven: list[Case]) -> None:
    """d -> 0: b2 -> (2 |b3 F| d)^(1/2), all else what the fold has, to order d^(1/2) = 1e-4."""
    for problem, result in driven:
        fold = result.events[0].fold
        side = np.sign(fold.force)
        found = quartic.softening(problem, fold, h_from=fold.h + side * 1e-2, nearest=1e-6, points=3)
        root = math.sqrt(2.0 * abs(fold.b3 * fold.force) * 1e-8)
        assert found.distance[0] == pytest.approx(1e-8, rel=1e-6)
        np.testing.assert_allclose(found.distance, [1e-8, 1e-5, 1e-2], rtol=1e-6)
        np.testing.assert_allclose(found.predicted, root * np.sqrt(found.distance / 1e-8), rtol=1e-6)
        assert found.b2[0] == pytest.approx(root, rel=1e-2)
        assert found.lowest_eigenvalue[0] == pytest.approx(root, rel=1e-2)
        assert found.b3[0] == pytest.approx(fold.b3, rel=1e-2)
        assert found.force[0] == pytest.approx(fold.force, rel=1e-2)
        assert found.overlap[0] == pytest.approx(1.0, abs=1e-6)
        assert found.normal_overlap[0] == pytest.approx(1.0, abs=1e-6)
        here = at(problem, fold.h + side * found.distance[1])
        x = quartic.minimize(here, start=fold.x - 1e-2 * fold.direction).x
        lowest = np.linalg.eigvalsh(quartic.hessian(here, x))[0]
        # |g| <= 1e-10 F leaves 1e-10/lambda of x, and 1e-10/lambda^2 of lambda = 0.004, relative
        assert found.lowest_eigenvalue[1] == pytest.approx(lowest, rel=1e-4)


def test_saddles_and_paths_by_their_definitions() -> None:
    """Between all pairs of minima of a small network."""
    problem = at(network(4), 0.05)
    ends = quartic.explore(problem, starts=24).x[:4]
    assert len(ends) >= 3
    for x0, x1 in itertools.combinations(ends, 2):
        path = quartic.minimum_energy_path(problem, x0, x1)
        energies = [quartic.energy(problem, x) for x in path.minima]
        np.testing.assert_allclose(path.energies, energies, rtol=1e-13)
        np.testing.assert_array_equal(path.minima[[0, -1]], [x0, x1])
        assert len(path.saddles) == len(path.minima) - 1
        assert path.status == ("direct" if len(path.saddles) == 1 else "indirect")
        heights = [quartic.energy(problem, saddle.x) for saddle in path.saddles]
        assert path.barrier == pytest.approx(max(heights) - energies[0], rel=1e-10)
        for saddle, height in zip(path.saddles, heights, strict=True):
            values, vectors = np.linalg.eigh(quartic.hessian(problem, saddle.x))
            gradient = np.abs(quartic.gradient(problem, saddle.x)).max()
            force = typical_force(problem, saddle.x)
            assert gradient <= 1e-10 * force
            assert saddle.residual == pytest.approx(gradient / force, abs=1e-14)
            assert saddle.energy == pytest.approx(height, rel=1e-13)
            assert saddle.barrier == pytest.approx(height - energies[0], rel=1e-9)
            np.testing.assert_allclose(saddle.eigenvalues, values[:2], rtol=0, atol=1e-10)
            assert saddle.negative == 1
            assert abs(saddle.direction @ vectors[:, 0]) == pytest.approx(1.0, rel=1e-12)
        single = quartic.saddle_between(problem, x0, x1)
        assert single.barrier == pytest.approx(
            quartic.energy(problem, single.x) - quartic.energy(problem, x0), rel=1e-10
        )
        assert single.direction @ (single.x - x0) > 0.0


def test_random_starts_of_a_strong_field() -> None:
    """(6 |h|/A)^(1/3) with |h| the root mean square field, where that is above (6 K/A)^(1/2)."""
    field = np.where(np.arange(400) % 2, 3000.0, -4000.0)
    problem = quartic.Problem(np.ones(400), np.zeros((400, 400)), field, 0.5)
    amplitude = (6.0 * math.sqrt((3000.0**2 + 4000.0**2) / 2.0) / 0.5) ** (1.0 / 3.0)
    assert random_amplitude(problem) == pytest.approx(amplitude, rel=1e-14)
    start = starting_point(problem, "random", 5)
    noise = disorder.normal(400, seed=5, sample=0, label="start")
    np.testing.assert_allclose(start, amplitude * noise, rtol=1e-13)
    kick = starting_point(problem, "kick", 5 + 7 * 2**32)
    noise = disorder.normal(400, seed=5, sample=7, label="kick")
    np.testing.assert_allclose(kick, 1e-3 * amplitude * noise, rtol=1e-13)


def test_random_starts_of_explorations_have_addresses_of_their_own() -> None:
    """Start k is that of seed + k 2^32: the low word the seed, the high word the sample."""
    problem = khgps.draw(khgps.KHGPS(N=60, J=0.6, h=0.1), seed=5, sample=0)
    found = quartic.explore(problem, starts=6, seed=9)
    points = [starting_point(problem, "random", 9 + k * 2**32) for k in range(6)]
    given = quartic.explore(problem, starts=points)
    np.testing.assert_array_equal(found.x, given.x)
    np.testing.assert_array_equal(found.products, given.products)
    assert len({point.tobytes() for point in points}) == 6
    assert len(found.energies) >= 4  # or the best of them would say nothing about addresses
    best = quartic.best_of(problem, starts=6, seed=9)
    np.testing.assert_allclose(best.x, given.x[0], rtol=0, atol=1e-8)
    assert best.energy == pytest.approx(given.energies[0], rel=1e-12)
    assert best.seed == 9


def test_uniform_numbers_have_all_their_bits() -> None:
    """u = (w0 2^20 + w1/2^12 + 1/2)/2^52 in exact integers; every one of the 52 bits is 0 as often as 1."""
    n = 20_000
    u = disorder.uniform(n, seed=3, sample=4, label="bits")
    words = [int(w) for w in disorder.vector_words(2, n, seed=3, sample=4, label="bits")]
    bits = [
        (high << 20) | (low >> 12)
        for high, low in zip(words[0 : 2 * n : 2], words[1 : 2 * n : 2], strict=True)
    ]
    assert u.tolist() == [(b + 0.5) / 2**52 for b in bits]
    counts = [sum(b >> place & 1 for b in bits) for place in range(52)]
    # five standard deviations: a false alarm in 33,000 of such tests
    assert max(abs(c - n / 2) for c in counts) < 5.0 * math.sqrt(n) / 2.0


def test_couplings_have_their_lowest_bit() -> None:
    """g_ij in steps of 1/4096: odd and even multiples are as frequent, to five standard deviations."""
    n = 300
    g = Packed.normal(n, scale=1.0, seed=3, sample=4, label="bits").dense()[np.triu_indices(n, 1)]
    steps = np.round(g * 4096.0).astype(int)
    np.testing.assert_array_equal(steps / 4096.0, g)
    assert abs(np.sum(steps % 2) - g.size / 2) < 5.0 * math.sqrt(g.size) / 2.0
