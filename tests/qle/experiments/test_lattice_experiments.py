"""Experiments on the lattice notice an error planted in the formula they test, and hold without one."""

import functools

import numpy as np
import pytest
from scipy.integrate import quad

import quartic
from lattice_gps import GPSLattice
from qle.experiments import (
    lattice_boson_peak,
    lattice_fields,
    lattice_profiles,
    lattice_spectra,
)
from qle.measurements.lattice import relax
from qle.measurements.lattice_modes import LatticeModes, lattice_modes
from qle.measurements.lower_wells import leave_upper_wells
from qle.measurements.soft_minima import second_wells
from qle.statistics.resampling import resampling_weights
from qle.verification.comparison import Comparison
from qle.verification.power import POWER, power
from tests.on_paper import differences
from tests.planted import Run, check_that_errors_are_noticed


def pairs(quick: bool) -> list[Comparison]:
    """The part of the experiment on profiles that takes no time."""
    return lattice_profiles._pairs()


pair_moments = functools.cache(lattice_boson_peak.pair_moments)  # the formulas do not enter


def moved(quick: bool) -> list[Comparison]:
    """The experiment on displacements of pairs, sampled once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice_boson_peak, "pair_moments", pair_moments)
        return lattice_boson_peak.pairs(quick)


PLANTED: list[tuple[Run, str, float]] = [
    (lattice_fields.window, "dilute_field_width", 1.15),
    (lattice_fields.crowded, "lattice_field_width", 1.05),
    (lattice_fields.dense, "dense_field_kurtosis", 1.6),
    (moved, "pair_mean_square", 1.6),
    (moved, "pair_mean_displacement", 1.35),
    (pairs, "resonant_weight", 1.03),
    (pairs, "neighbour_weight", 1.01),
]


@pytest.mark.parametrize(("run", "name", "factor"), PLANTED, ids=[name for _, name, _ in PLANTED])
def test_an_experiment_holds_and_notices_a_planted_error(
    run: Run, name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The formula times a factor is rejected; without it nothing is, at 1 percent over the experiment."""
    assert differences(check_that_errors_are_noticed(run, [(name, factor)], monkeypatch)) == []


def test_the_tail_estimate_finds_the_exponent_of_a_truncated_power_law() -> None:
    """Inverse transform of 20000 numbers between 1 and 7; 5 sigma: 6e-7."""
    rng = np.random.Generator(np.random.PCG64(8))
    for alpha in (0.5, 2.0, 3.5):
        a = 1.0 - alpha
        values = (1.0 + (7.0**a - 1.0) * rng.random(20_000)) ** (1.0 / a)
        found, error = lattice_fields._tail_exponent(values, 1.0, 7.0)
        assert abs(found - alpha) < 5.0 * error < 0.15


@pytest.mark.parametrize("truth", [3.0, 4.0, 5.0])
def test_a_tail_is_rejected_as_often_as_stated(truth: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """1000 independent modes of D ~ omega^truth, as the full run finds them, 200 times; 4 binomial errors.

    omega^5 is rejected with a probability of 0.95 at the level of 160 tests, omega^3 with 0.99.
    """
    rng = np.random.Generator(np.random.PCG64(12))
    level = 0.01 / 160.0

    def drawn(
        params: GPSLattice, cut: float, *, samples: int, seed: int
    ) -> tuple[LatticeModes, LatticeModes]:
        sample = np.sort(rng.integers(samples, size=1000))
        modes = LatticeModes(cut * rng.power(truth + 1.0, 1000), sample, np.empty((0, 1000)), samples, 0)
        return modes, modes

    monkeypatch.setattr(lattice_spectra, "lattice_modes", drawn)
    made = [lattice_spectra.linear(False)[0] for _ in range(200)]
    stated = {value: power(made[0], value, level) for _, value in made[0].alternatives}.get(truth, level)
    rejected = np.mean([(one.p_value or 0.0) <= level for one in made])
    assert abs(rejected - stated) <= 4.0 * np.sqrt(stated * (1.0 - stated) / 200.0)
    assert stated > POWER or truth == 4.0


def test_the_region_of_unstable_pairs_is_drawn_evenly() -> None:
    """Its area and the mean of u v below the hyperbola u v = p, by integration; 20000 draws, 5 sigma."""
    rng = np.random.Generator(np.random.PCG64(9))
    p = 0.05
    drawn = [lattice_boson_peak._below_hyperbola(p, rng) for _ in range(20_000)]
    u, v = np.array([pair for pair, _ in drawn]).T
    area = quad(lambda x: min(1.0, p / x), 0.0, 1.0, points=[p])[0]
    assert drawn[0][1] == pytest.approx(area, rel=1e-9)
    assert np.all((u > 0.0) & (v > 0.0) & (u <= 1.0) & (v <= 1.0) & (u * v <= p * (1.0 + 1e-12)))
    for values, moment in ((u, 1.0), (v, 1.0), (u**2, 2.0)):
        mean = quad(lambda x, m=moment: x**m * min(1.0, p / x), 0.0, 1.0, points=[p])[0] / area
        assert abs(values.mean() - mean) < 5.0 * values.std() / np.sqrt(values.size)


def test_the_plateau_is_read_where_a_law_of_stiffnesses_reaches_it() -> None:
    """P(k) = 5/2 (k/c)^(3/2)/c below c, so n(omega)/(N omega^2) = (omega^2)^(3/2)/c^(5/2); 5 sigma: 6e-7."""
    rng = np.random.Generator(np.random.PCG64(10))
    samples, N, c, level = 200, 50, 0.5, 0.25
    omega = np.sort(np.sqrt(c * rng.random((samples, N)) ** 0.4), axis=1)
    expected = (level * c**2.5) ** (1.0 / 3.0)
    weights = np.vstack([np.ones(samples), resampling_weights(samples, 100)])
    read = lattice_boson_peak.plateau_frequency(omega, N, level, weights)
    assert abs(read[0] - expected) < 5.0 * read[1:].std() < 0.2 * expected
    few = lattice_boson_peak.plateau_frequency(omega[:, :30], N, level, weights)
    np.testing.assert_array_equal(few, read)
    with pytest.raises(RuntimeError, match=r"n\(omega\) = 0.25 N omega\^2 is not reached below omega = "):
        lattice_boson_peak.plateau_frequency(omega[:, :2], N, level, weights)


def test_an_upper_well_is_left_for_the_lower_one() -> None:
    """A lone double well in a small field, from its upper minimum; the lower one is the root of the cubic."""
    problem = quartic.Problem([-1.0, 2.0], np.zeros((2, 2)), [0.1, 0.0], 1.0)
    upper, lower = (quartic.minimize(problem, start=[side, 0.0]).x for side in (-2.0, 2.0))
    assert quartic.energy(problem, upper) > quartic.energy(problem, lower)
    leave = functools.partial(
        leave_upper_wells, problem, upper, np.eye(2), lambda x: np.eye(2),
        lambda x, vectors: second_wells(problem, x, vectors), tol=1e-8,
    )  # fmt: skip
    found = leave()
    np.testing.assert_allclose(found.x, lower, atol=1e-7)
    assert (found.left, found.status) == (1, "lowest")
    stopped = leave(most=0, check=False)
    assert (stopped.x.tolist(), stopped.left, stopped.status) == (upper.tolist(), 0, "unfinished")
    with pytest.raises(RuntimeError, match="more than 0 modes in upper wells"):
        leave(most=0)


def test_modes_of_both_protocols_are_complete() -> None:
    params = GPSLattice(L=5, J=0.3)
    descended, lower = lattice_modes(params, 0.3, samples=12, seed=2)
    assert lower.upper > 0
    assert descended.upper == 0
    problem, x = relax(params, seed=2, sample=7)
    omega = np.sqrt(np.linalg.eigvalsh(quartic.hessian(problem, x)))
    np.testing.assert_allclose(descended.frequency[descended.sample == 7], omega[omega < 0.3], rtol=1e-6)
    for modes in (descended, lower):
        assert modes.samples == 12
        assert modes.counts.sum() == modes.frequency.size == modes.vectors.shape[1]
    with pytest.raises(RuntimeError, match="20 modes or more below omega = 2"):
        lattice_modes(params, 2.0, samples=1, seed=2)
