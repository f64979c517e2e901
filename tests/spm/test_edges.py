"""Ends of ranges, defaults, groups without wells, and the proposals of soft wells, each by its definition."""

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar

import spm
from landscape import disorder
from spm.quantum import frozen_from
from spm.soft_sampling import _draw_b3
from spm.tally import bin_edges, octave_edges

Array = npt.NDArray[np.float64]
LAW = spm.SoftPotentials()


def table(**columns: Any) -> spm.QuarticWells:
    """Return wells of lists and numbers."""
    return spm.QuarticWells(**columns)


# laws


def test_a_law_of_no_well_is_an_empty_first_bin() -> None:
    """Single wells, none of which has a partner: no barrier, no upper well, no pair."""
    laws = spm.laws(table(b2=[1.0, 2.0], b3=[0.0, 1.0], b4=[1.0, 1.0]))
    for law in (laws.barrier_global, laws.barrier_upper, laws.r_upper):
        np.testing.assert_array_equal(law.edges, bin_edges()[:2])
        assert [*law.density, *law.error, *law.events] == [0.0, 0.0, 0.0]
    pairs = laws.asymmetry_barrier
    for edges in (pairs.asymmetry_edges, pairs.barrier_edges):
        np.testing.assert_array_equal(edges, octave_edges()[:2])
    assert [*pairs.density.ravel(), *pairs.error.ravel()] == [0.0, 0.0]
    assert laws.upper_wells == (0.0, 0.0)
    assert laws.global_wells == (1.0, math.sqrt(0.5))


def test_the_density_of_a_column_is_that_of_its_law() -> None:
    wells = spm.sample(LAW, 400, seed=2)
    weight = np.random.default_rng(1).uniform(0.5, 2.0, wells.size)
    laws = spm.laws(table(b2=wells.b2, b3=wells.b3, b4=wells.b4, weight=weight, potentials=70.0))
    found = spm.density(wells.b2, weights=weight, potentials=70.0)
    for name in ("edges", "density", "error", "events"):
        np.testing.assert_allclose(getattr(found, name), getattr(laws.b2_all, name), rtol=1e-13)
    one = spm.density([1.0, 1.0, 3.0])
    np.testing.assert_allclose(one.density[[0, -1]] * one.width[[0, -1]], [2 / 3, 1 / 3], rtol=1e-15)


def test_rows_of_a_table_stay_per_potential() -> None:
    wells = table(b2=[1.0, 2.0, 4.0], b3=0.0, b4=1.0)
    assert wells.select([2, 0]).per == 3.0
    np.testing.assert_array_equal(wells.select([False, True, True]).b2, [2.0, 4.0])
    np.testing.assert_array_equal(wells.select([1]).weights, [1.0])


# power laws


def weighted_fit(density: spm.Density, low: float, high: float) -> tuple[float, float, float, float]:
    """Return exponent, its error, prefactor, its error: the likelihood maximised, derivatives by differences.

    A bin counts m/phi, phi the power law through variance/m of least squares with (sum w)^2/sum w^2 wells as
    weights; errors are those of the score and of the count, from the variances of the bins.
    """
    inside = (density.edges[:-1] >= low) & (density.edges[1:] <= high)
    a, b = density.edges[:-1][inside], density.edges[1:][inside]
    mass, variance = density.density[inside] * (b - a), (density.error[inside] * (b - a)) ** 2
    seen = variance > 0.0
    logs = np.log(0.5 * (a + b))
    line = np.polyfit(
        logs[seen], np.log(variance[seen] / mass[seen]), 1, w=mass[seen] / np.sqrt(variance[seen])
    )
    phi = np.exp(np.polyval(line, logs))
    counts = mass / phi

    def log_shares(p: float) -> Array:
        expected = (b ** (p + 1.0) - a ** (p + 1.0)) / (p + 1.0) / phi
        return np.asarray(np.log(expected / expected.sum()))

    p = float(minimize_scalar(lambda p: -counts @ log_shares(p), bracket=(0.4, 2.0), tol=1e-9).x)
    score = (log_shares(p + 1e-4) - log_shares(p - 1e-4)) / 2e-4
    information = counts.sum() * (np.exp(log_shares(p)) @ score**2)
    error = math.sqrt(variance / phi**2 @ score**2) / information
    expected = ((b ** (p + 1.0) - a ** (p + 1.0)) / (p + 1.0) / phi).sum()
    return p, error, counts.sum() / expected, math.sqrt((variance / phi**2).sum()) / expected


def test_a_power_law_of_weighted_wells_by_another_route() -> None:
    """Weights that change with x and scatter, so that a bin's unit phi does too; to 1e-6 of the search."""
    rng = np.random.default_rng(4)
    x = rng.uniform(0.02, 1.0, 3000)
    density = spm.density(x, weights=x**1.3 * rng.exponential(size=x.size), potentials=500.0)
    fit = spm.power_law(density, low=0.125, high=0.75)
    found = (fit.exponent, fit.exponent_error, fit.prefactor, fit.prefactor_error)
    np.testing.assert_allclose(found, weighted_fit(density, 0.125, 0.75), rtol=1e-5)
    assert (fit.low, fit.high) == (0.125, 0.75)


def test_ten_wells_are_enough_for_a_power_law_and_nine_are_not() -> None:
    x = 1.0 + np.arange(10) / 10.0
    assert spm.power_law(spm.density(x), low=1.0, high=2.0).events == pytest.approx(10.0, rel=1e-15)
    with pytest.raises(ValueError, match=re.escape("low = 1.0, high = 2.0: 9 wells there")):
        spm.power_law(spm.density(x[:9]), low=1.0, high=2.0)
    with pytest.raises(ValueError, match=re.escape("low = 1.0, high = 2.0: 5 wells there")):
        # (5 3)^2/(5 9): weights do not add to the number of wells
        spm.power_law(spm.density(x[:5], weights=np.full(5, 3.0)), low=1.0, high=2.0)


@pytest.mark.parametrize("exponent", [38.0, -38.0])
def test_steep_laws_are_fitted_up_to_an_exponent_of_40(exponent: float) -> None:
    """x^p between 1 and 2, by quantiles: the exponent to a small part of its error; beyond 40 none is."""
    u = (np.arange(4000) + 0.5) / 4000
    k = exponent + 1.0
    density = spm.density((1.0 + u * (2.0**k - 1.0)) ** (1.0 / k))
    fit = spm.power_law(density, low=1.0, high=2.0)
    assert abs(fit.exponent - exponent) < 0.2 * fit.exponent_error
    side = math.copysign(1.0, exponent)
    assert spm.power_law(density, low=1.0, high=2.0, exponent=40.0 * side).exponent == 40.0 * side
    with pytest.raises(ValueError, match=re.escape(f"exponent = {40.5 * side}: must be in [-40")):
        spm.power_law(density, low=1.0, high=2.0, exponent=40.5 * side)


# laws of one coefficient


def test_laws_that_are_not_given() -> None:
    """Standard normal a1, a2, a3; a4 about 1 with deviation 1/2, above 0; other laws about 0 of scale 1."""
    inf = math.inf
    standard = spm.Gaussian(mean=0.0, deviation=1.0, low=-inf, high=inf)
    assert spm.Gaussian() == standard
    assert spm.StudentT() == spm.StudentT(freedom=3.0, location=0.0, scale=1.0, low=-inf, high=inf)
    assert spm.Uniform() == spm.Uniform(low=-1.0, high=1.0)
    positive = spm.Gaussian(mean=1.0, deviation=0.5, low=0.0, high=inf)
    assert spm.SoftPotentials(a1=standard, a2=standard, a3=standard, a4=positive) == LAW
    np.testing.assert_array_equal(spm.sample(LAW, 40).b2, spm.sample(LAW, 40, seed=0).b2)
    np.testing.assert_array_equal(spm.stream(LAW, 40).sums, spm.stream(LAW, 40, seed=0, threads=1).sums)


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (spm.Uniform(low=-0.5, high=2.0), 0.4),
        (spm.Gaussian(low=-1.0, high=1.0), math.exp(-0.5) / math.sqrt(2 * math.pi) / math.erf(0.5**0.5)),
        # of one degree of freedom, 1/(pi (1 + x^2)) on a half of its weight
        (spm.StudentT(freedom=1.0, low=-1.0, high=1.0), 1.0 / math.pi),
        (spm.Tabulated([-1.0, 0.0, 1.0], [1.0, 3.0, 1.0]), 0.25),
    ],
)
def test_a_density_reaches_to_both_ends_of_its_law(law: spm.Gaussian, expected: float) -> None:
    np.testing.assert_allclose(law.density([law.low, law.high]), expected, rtol=1e-14)


def test_the_quantile_where_the_density_vanishes() -> None:
    """Density |x| on (-1, 1): below x < 0 there is (1 - x^2)/2."""
    law = spm.Tabulated([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0])
    np.testing.assert_array_equal(law.quantile([0.5]), [0.0])
    np.testing.assert_allclose(law.quantile([0.125, 0.875]), [-(0.75**0.5), 0.75**0.5], rtol=1e-14)


# soft wells


def test_soft_wells_are_equally_many_in_each_decade_down_to_a_millionth() -> None:
    """Kolmogorov-Smirnov, false alarm 1e-4; the flat laws leave no well out but those of no weight."""
    wells = spm.sample_soft(LAW, 20_000, b2_max=0.05, seed=5)
    share = 1.0 + np.log(wells.b2 / 0.05) / math.log(1e6)
    assert 0.0 < share.min() < 1e-3
    assert 0.999 < share.max() < 1.0
    assert stats.kstest(share, "uniform").pvalue > 1e-4
    other = spm.sample_soft(LAW, 20_000, b2_max=0.05, b2_min=0.05 * 1e-6, seed=5)
    np.testing.assert_array_equal(wells.b2, other.b2)
    np.testing.assert_array_equal(
        spm.sample_soft(LAW, 50, b2_max=0.05).b2, spm.sample_soft(LAW, 50, b2_max=0.05, seed=0).b2
    )


def test_b3_of_soft_wells_follows_the_mixture_that_their_weights_are_divided_by() -> None:
    """Of t = b3/(b2 b4)^(1/2): the distribution function of the four laws by hand, and its slope.

    Shares 0.3, 0.2, 1/4, 1/4; the second from 10^-6 to 3^(1/2) - (8/3)^(1/2) below 3^(1/2); the widths 3 and
    that of the middle four fifths of a3. Kolmogorov-Smirnov, 200,000 points, false alarm 1e-4: a share that
    is off by 0.005 is seen.
    """
    rng = np.random.default_rng(3)
    n, edge, span = 200_000, math.sqrt(3.0), math.sqrt(3.0) - math.sqrt(8.0 / 3.0)
    b2, b4 = 10.0 ** rng.uniform(-6.0, 0.0, n), rng.uniform(0.5, 2.0, n)
    b3, density = _draw_b3(LAW, b2, b4, 9)
    wide = stats.norm.ppf(0.9) / np.sqrt(b2 * b4)

    def distribution(t: Array) -> Array:
        near = np.clip(edge - np.abs(t), 1e-6, span)
        paired = 0.5 + 0.5 * np.sign(t) * (1.0 - np.log(near / 1e-6) / math.log(span / 1e-6))
        cauchy = [0.5 + np.arctan(t / width) / math.pi for width in (3.0, wide)]
        return np.asarray(
            0.3 * np.clip(0.5 + 0.5 * t / edge, 0.0, 1.0) + 0.2 * paired + 0.25 * (cauchy[0] + cauchy[1])
        )

    t = b3 / np.sqrt(b2 * b4)
    assert stats.kstest(distribution(t), "uniform").pvalue > 1e-4
    step = 1e-4 * np.minimum(np.abs(t), np.maximum(np.abs(edge - np.abs(t)), 1e-3))
    smooth = (np.abs(edge - np.abs(t)) > 1e-3) & (np.abs(edge - span - np.abs(t)) > 1e-3)
    slope = (distribution(t + step) - distribution(t - step)) / (2.0 * step) / np.sqrt(b2 * b4)
    np.testing.assert_allclose(density[smooth], slope[smooth], rtol=1e-5)
    close = (np.abs(t) < edge - 1e-6) & (np.abs(t) > edge - 1e-3)
    law = 0.3 / (2.0 * edge) + 0.1 / math.log(span / 1e-6) / (edge - np.abs(t[close]))
    law += 0.25 * (3.0 / (9.0 + t[close] ** 2) + wide[close] / (wide[close] ** 2 + t[close] ** 2)) / math.pi
    np.testing.assert_allclose(density[close], law / np.sqrt(b2 * b4)[close], rtol=1e-7)


def test_soft_wells_are_made_of_numbers_with_addresses() -> None:
    """b2, b4, the way b3 is drawn and b3 itself, q0: uniform numbers of labels of their own, sample 0."""
    n = 300
    u = {
        name: disorder.uniform(n, seed=6, sample=0, label=f"spm:soft:{name}")
        for name in ("b2", "b4", "kind", "b3", "q0")
    }
    law = spm.SoftPotentials(a1=spm.StudentT(), a2=spm.StudentT(), a3=spm.StudentT())  # no weight is 0
    wells = spm.sample_soft(law, n, b2_max=0.1, b2_min=1e-4, seed=6)
    assert wells.size == n
    np.testing.assert_allclose(wells.b2, 1e-4 * 1e3 ** u["b2"], rtol=1e-12)
    np.testing.assert_allclose(wells.b4, law.a4.quantile(u["b4"]), rtol=1e-12)
    flat, tail = u["kind"] < 0.3, (u["kind"] > 0.5) & (u["kind"] < 0.75)
    unit = np.sqrt(wells.b2 * wells.b4)
    np.testing.assert_allclose(
        wells.b3[flat], (math.sqrt(3.0) * (2.0 * u["b3"] - 1.0) * unit)[flat], rtol=1e-12
    )
    cauchy = 3.0 * np.tan(math.pi * (u["b3"] - 0.5)) * unit
    np.testing.assert_allclose(wells.b3[tail], cauchy[tail], rtol=1e-9)
    np.testing.assert_array_equal(np.sign(wells.position), np.sign(u["q0"] - 0.5))


# specific heat


def nearly_symmetric(splitting: float) -> tuple[float, float]:
    """Return b2 and b3, for b4 = mass = 1, of two wells of that tunnel splitting, the lower one by 1e-6."""
    k = frozen_from(splitting)
    return k * (2.0 + 3e-6), math.sqrt(6.0 * k * (1.0 + 1e-6))


def test_double_wells_freeze_at_a_splitting_of_1e_minus_8_by_default() -> None:
    (b2, b3), (frozen_b2, frozen_b3) = nearly_symmetric(1.1e-8), nearly_symmetric(0.9e-8)
    wells = table(b2=[b2, frozen_b2], b3=[b3, frozen_b3], b4=1.0, weight=[2.0, 5.0], potentials=4.0)
    pairs = spm.two_level_systems(wells, mass=1.0)
    assert pairs.weight.tolist() == [2.0]
    assert pairs.tunnelling[0] == pytest.approx(1.1e-8, rel=1e-6)
    assert spm.specific_heat(wells, [0.05], mass=1.0).frozen == 5.0 / 4.0
    every = spm.two_level_systems(wells, mass=1.0, freeze=0.8e-8)
    assert every.weight.tolist() == [2.0, 5.0]
    assert spm.specific_heat(wells, [0.05], mass=1.0, freeze=0.8e-8).frozen == 0.0


def test_temperatures_end_at_a_twentieth_of_the_stiffest_frequency() -> None:
    wells = table(b2=[4.0, 0.5], b3=0.0, b4=1e-3)
    assert spm.specific_heat(wells, [0.1], mass=1.0).C.shape == (1,)
    with pytest.raises(ValueError, match=re.escape("T = 0.1001: must be <= 0.1, 1/20 of the frequency")):
        spm.specific_heat(wells, [0.1001], mass=1.0)


@pytest.mark.parametrize(("C_TLS", "C_sm"), [(-1.0, 0.1), (1.0, -0.1)])
def test_a_fit_without_a_minimum_of_c_over_t3_says_so(C_TLS: float, C_sm: float) -> None:
    T = np.linspace(1.0, 2.0, 6)
    fit = spm.fit_specific_heat(T, C_TLS * T + 5.0 * T**3 + C_sm * T**5, np.full(6, 0.1))
    assert [fit.C_TLS, fit.C_D, fit.C_sm] == pytest.approx([C_TLS, 5.0, C_sm], rel=1e-9)
    assert math.isnan(fit.T_min)
    assert math.isnan(fit.T_min_error)
    np.testing.assert_allclose(fit([1.0, 3.0]), C_TLS * np.array([1.0, 3.0]) + 5.0 * np.array([1.0, 27.0])
                               + C_sm * np.array([1.0, 243.0]), rtol=1e-9)  # fmt: skip
