"""Experiments on the ground state of broken replica symmetry: planted errors, controls, fits."""

import functools
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import khgps
import quartic
from qle.experiments import broken_symmetry, ground_states
from qle.experiments.deep_fields import BINS, broken_shares, gaussian_shares, local_fields
from qle.experiments.deep_minima import FIELDS, MODES, Deepest, deepest, fields_in_bins, sites
from qle.experiments.large_size import large_size
from qle.verification.verdicts import rejections
from tests.planted import Run, check_that_errors_are_noticed

Array = NDArray[np.float64]
PLANTED = [
    (broken_symmetry.onset, {"onset_energy": 1.05, "onset_spread": 1.05, "response_density": 1.05}),
    (broken_symmetry.spins, {"deep_well_energy": 1.00001}),
    pytest.param(broken_symmetry.derivatives, {"coupling_slope": 1.0001}, marks=pytest.mark.verify),
    pytest.param(broken_symmetry.glass, {"edge_response_exponent": 1.2}, marks=pytest.mark.verify),
]


@pytest.mark.parametrize(("run", "errors"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_planted_errors_are_noticed(
    run: Run, errors: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A formula times a factor is rejected; without it nothing is. Nothing is solved twice."""
    monkeypatch.setattr(khgps, "solve_rsb", functools.cache(khgps.solve_rsb))
    check_that_errors_are_noticed(run, errors.items(), monkeypatch)


def test_energy_rises_with_the_steps() -> None:
    assert not any(rejections(broken_symmetry.steps(True)))


def test_means_of_sites_are_those_of_the_symmetric_solution() -> None:
    """e = J^2 chi q/2 - E[f] and q = E[x^2], by Gauss-Hermite over kinks: 1e-2."""
    params = khgps.KHGPS(N=2, J=0.3, h=0.01)
    rs, found = khgps.solve_rs(params, unstable=True), sites(params)
    energy, x2 = (float(np.trapezoid(row, found.kappa)) for row in (found.energy, found.x2))
    assert 0.5 * params.J**2 * rs.chi * rs.q + energy == pytest.approx(rs.energy, rel=1e-2)
    assert x2 == pytest.approx(rs.q, rel=1e-2)


@pytest.fixture(scope="module")
def made() -> Deepest:
    return deepest(khgps.KHGPS(N=24, J=0.3, h=0.01), starts=8, samples=300, seed=131)


@pytest.mark.verify
def test_controls_have_mean_zero_and_explain_energies(made: Deepest) -> None:
    """4 errors in each of five: false alarms 3e-4 for another seed. Half of the variance goes, and more."""
    error = made.controls.std(axis=0, ddof=1) / math.sqrt(len(made.controls))
    assert (np.abs(made.controls.mean(axis=0)) < 4.0 * error).all()
    mean, spread = ground_states.controlled(made)
    plain = made.energy.std(ddof=1) / math.sqrt(made.energy.size)
    assert spread < 0.7 * plain
    assert abs(mean - made.energy.mean()) < 4.0 * plain


def test_deepest_minima_are_not_above_descended_ones() -> None:
    made = deepest(khgps.KHGPS(N=24, J=0.3, h=0.01), starts=8, samples=40, seed=131)
    assert (made.half >= 0.0).all()
    assert made.modes.shape == made.descended.shape == (40, MODES)
    assert (made.modes > 0.0).all()
    assert (np.diff(made.modes) >= 0.0).all()


def planted(energies: Array, powers: tuple[float, float], seed: int) -> Deepest:
    """Return made-up minima: modes of omega^power up to 1, deepest and descended."""
    rng = np.random.Generator(np.random.PCG64(seed))
    deep, high = (np.sort(rng.random((energies.size, MODES)) ** (1.0 / (p + 1.0))) for p in powers)
    fields = np.zeros((energies.size, 2, FIELDS.size - 1))
    return Deepest(energies, 0.0 * energies, rng.normal(size=(energies.size, 5)), deep, high, fields)


def test_a_limit_is_that_of_a_planted_law() -> None:
    """e_N = -1 + 3 N^(-2/3) and noise, which controls of no use leave alone."""
    rng = np.random.Generator(np.random.PCG64(5))
    made = {
        N: planted(-1.0 + 3.0 * N ** (-2.0 / 3.0) + 0.01 * rng.normal(size=400), (4.0, 3.0), N)
        for N in (64, 128, 256)
    }
    limit = ground_states.extrapolated(made)
    assert abs(limit.value + 1.0) < 4.0 * limit.error
    x = np.array([64.0, 128.0, 256.0]) ** (-2.0 / 3.0)
    one = 0.01 / 20.0  # error of each mean; equal weights: variance (1/n)(1 + mean^2/var) of the intercept
    expected = one * math.sqrt((1.0 + x.mean() ** 2 / x.var()) / 3.0)
    assert limit.error == pytest.approx(expected, rel=0.1)
    assert limit.freedom == 1
    assert limit.chi_square < 10.8  # 1e-3


def test_a_limit_of_four_sizes_has_the_next_power() -> None:
    """v_N = 2 + 3 N^(-2/3) - 4/N without noise: two powers find 2, one misses by more than their error."""
    N = np.array([64, 128, 256, 512])
    values = 2.0 + 3.0 * N ** (-2.0 / 3.0) - 4.0 / N
    errors = np.full(4, 1e-3)
    both, one = large_size(N.tolist(), values, errors), large_size(N[:3].tolist(), values[:3], errors[:3])
    assert both.value == pytest.approx(2.0, abs=1e-12)
    assert (both.freedom, one.freedom) == (1, 1)
    assert both.chi_square == pytest.approx(0.0, abs=1e-18)
    assert one.value > 2.005
    noisy = np.random.Generator(np.random.PCG64(3)).normal(values, errors, (2000, 4))
    spread = np.std([large_size(N.tolist(), row, errors).value for row in noisy])
    assert spread == pytest.approx(both.error, rel=0.06)  # 4 errors of a standard deviation of 2000


def test_fields_of_four_oscillators_by_hand() -> None:
    """J^2 chi_EA = 0.4, A = 2: kappa' = -0.3, -0.3, 0.6, 0.6 and H = kappa' x + x^3/3.

    -0.3 + 1/3 = 0.033; -0.6 + 8/3 = 2.07, beyond; 0.6 * 0.3 + 0.009 = 0.189; -0.6 - 1/3 = -0.93. The ends are
    0, 1/8, 1/4, 1/2, 1, 3/2 over 2^(1/2): 0.088, 0.177, 0.354, 0.707, 1.061.
    """
    problem = quartic.Problem([0.1, 0.1, 1.0, 1.0], np.zeros((4, 4)), 0.0, 2.0)
    found = fields_in_bins(problem, np.array([1.0, 2.0, 0.3, -1.0]), 1.0, 0.4)
    np.testing.assert_array_equal(found, [[0.25, 0, 0, 0, 0], [0.25, 0, 0.25, 0, 0.25]])


def test_shares_of_a_normal_law_of_fields() -> None:
    """Of mean h and variance J^2 q at any stiffness; kappa < J^2 chi_EA is the share J^2 chi_EA."""
    params = khgps.KHGPS(N=2, J=0.3, h=0.01)
    q = khgps.solve_rs(params, unstable=True).q
    law = stats.norm(0.01, 0.3 * math.sqrt(q))
    ends = FIELDS * 0.3**1.5
    expected = np.diff(law.cdf(ends) - law.cdf(-ends))
    double, every = gaussian_shares(params)
    assert every == pytest.approx(expected, rel=1e-9)
    chi_EA = khgps.solve_rsb(params, rtol=1e-5).chi_EA
    assert double == pytest.approx(0.09 * chi_EA * expected, rel=1e-9)


@pytest.mark.verify
def test_shares_of_the_ground_state() -> None:
    """Its density at one field after another, by the trapezoidal rule; only two wells leave a gap."""
    params = khgps.KHGPS(N=2, J=0.3, h=0.01)
    double, every = broken_shares(params)
    state = khgps.ground_state(khgps.solve_rsb(params, rtol=1e-5))
    low, high = (FIELDS[1:3] * 0.3**1.5).tolist()
    H = np.linspace(low, high, 201)
    density = state.field_density(H) + state.field_density(-H)
    assert every[1] == pytest.approx(np.trapezoid(density, H), rel=1e-4)
    symmetric = gaussian_shares(params)
    assert double[0] < 0.2 * symmetric[0, 0]
    assert every[0] > 0.6 * symmetric[1, 0]


@pytest.mark.verify
def test_planted_fields_are_judged() -> None:
    """Shares s (1 + 4 N^(-2/3)) with noise: of the theory's law they pass, of a normal one not."""
    params = khgps.KHGPS(N=2, J=0.3, h=0.01)
    rng = np.random.Generator(np.random.PCG64(8))
    for shares, noticed in ((broken_shares(params), False), (gaussian_shares(params), True)):
        made = {
            N: planted(np.zeros(500), (4.0, 3.0), N)._replace(
                fields=shares * (1.0 + 4.0 * N ** (-2.0 / 3.0)) + 1e-3 * rng.normal(size=(500, *shares.shape))
            )
            for N in (64, 128, 256)
        }
        found = local_fields(0.3, 0.01, made)
        assert [one.p_value is not None and one.p_value < 1e-3 for one in found] == [noticed] * 2
        assert found[0].predicted == pytest.approx(broken_shares(params)[0, :BINS].sum())


def test_powers_of_planted_tails() -> None:
    """4 errors: 6e-5 for another seed; the error of a power x from n independent modes is (1 + x)/n^(1/2)."""
    one = planted(np.zeros(2000), (4.0, 3.0), 7)
    errors = []
    for modes, exponent in ((one.modes, 4.0), (one.descended, 3.0)):
        found = ground_states.power(modes, 0.5)
        assert abs(found.value - exponent) < 4.0 * found.error
        n = 2000 * MODES * 0.5 ** (exponent + 1.0)
        assert found.error == pytest.approx((exponent + 1.0) / math.sqrt(n), rel=0.15)
        errors.append(found.error)
    assert ground_states.edge(one) == pytest.approx((0.5 / MODES) ** 0.25, rel=0.02)
    difference, error = ground_states.steeper(one)
    assert abs(difference - 1.0) < 4.0 * error
    assert one.differ.all()
    half = np.arange(2000) < 1000
    mixed = one._replace(modes=np.where(half[:, np.newaxis], one.modes, one.descended))
    np.testing.assert_array_equal(mixed.differ, half)
    again, larger = ground_states.steeper(mixed)  # of the half that differs, whatever the other half is
    assert abs(again - 1.0) < 4.0 * larger
    assert larger == pytest.approx(math.sqrt(2.0) * error, rel=0.15)


@pytest.mark.verify
def test_a_small_run_compares_energies_and_tails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_states, "PLACES", {True: {0.3: {16: (8, 60), 32: (8, 40)}}})
    found = ground_states.deep_minima(True)
    assert [c.claim for c in found] == ["rsb-ground-state", *["rsb-tail"] * 2, *["rsb-fields"] * 2]
    assert found[0].alternatives[0].value < found[0].predicted  # symmetric replicas are below
    assert not any(rejections(found))
