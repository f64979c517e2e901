"""The laws of soft wells: exponents, derived prefactors, two routes; three laws of the coefficients."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import ks_2samp

import spm
from spm.prefactors import barrier_integral, moment

LAWS = {
    "gaussian": spm.SoftPotentials(),
    "uniform": spm.SoftPotentials(
        a1=spm.Uniform(), a2=spm.Uniform(low=-2.0, high=1.0), a3=spm.Uniform(), a4=spm.Uniform(low=0.5,
        high=1.5)
    ),
    "student": spm.SoftPotentials(
        a1=spm.StudentT(), a2=spm.StudentT(freedom=5.0, location=0.5), a3=spm.StudentT(scale=2.0),
        a4=spm.StudentT(location=1.0, low=0.0),
    ),
}  # fmt: skip
B2_MAX = 1e-6
SOFT = 400_000


@pytest.fixture(scope="module", params=LAWS)
def soft(request: pytest.FixtureRequest) -> tuple[spm.SoftPotentials, spm.Wells]:
    law = LAWS[request.param]
    return law, spm.sample_soft(law, SOFT, b2_max=B2_MAX, seed=1)


def test_exponents_have_errors_below_0_02(soft: tuple[spm.SoftPotentials, spm.Wells]) -> None:
    """p(b2) ~ b2 and b2^(3/2), D ~ omega^3 and omega^4, p(B) ~ B^(1/4), and B^(-1/3) above upper minima.

    The last: b3 is of order 1 there, B = 2 b2^3/(3 b3^2), so b2 db2 ~ B^(-1/3) dB. 18 exponents within 4
    sigma: false alarms 1e-3 for another seed; the seed is fixed. At b2 < 1e-6 the next order is below 1e-3.
    """
    _, wells = soft
    laws, (low, high) = spm.laws(wells), spm.barrier_range(wells)
    ends = {"low": 2e-6 * B2_MAX, "high": 0.9 * B2_MAX}
    roots = {name: math.sqrt(value) for name, value in ends.items()}
    fits = [
        (spm.power_law(laws.b2_all, **ends), 1.0),
        (spm.power_law(laws.b2_global, **ends), 1.5),
        (spm.power_law(laws.D_all, **roots), 3.0),
        (spm.power_law(laws.D_global, **roots), 4.0),
        (spm.power_law(laws.barrier_global, low=low, high=high), 0.25),
        (spm.power_law(laws.barrier_upper, low=1e-34, high=1e-22), -1.0 / 3.0),
    ]
    for fit, exponent in fits:
        assert fit.exponent_error < 0.02
        assert abs(fit.exponent - exponent) < 4.0 * fit.exponent_error + 1e-3


def test_prefactors_are_the_derived_ones(soft: tuple[spm.SoftPotentials, spm.Wells]) -> None:
    """Of p(B) within 2 percent, and of p(b2), D, p(asymmetry -> 0, B); 4 sigma: false alarms 1e-3."""
    law, wells = soft
    laws, limits, (low, high) = spm.laws(wells), spm.soft_limits(law), spm.barrier_range(wells)
    ends = {"low": 2e-6 * B2_MAX, "high": 0.9 * B2_MAX}
    roots = {name: math.sqrt(value) for name, value in ends.items()}
    of_barrier = spm.power_law(laws.barrier_global, low=low, high=high, exponent=0.25)
    assert of_barrier.prefactor == pytest.approx(limits.barrier, rel=0.02)
    fits = [
        (of_barrier, limits.barrier),
        (spm.power_law(laws.b2_global, **ends, exponent=1.5), limits.b2),
        (spm.power_law(laws.D_global, **roots, exponent=4.0), limits.A_g),
    ]
    for fit, derived in fits:
        assert abs(fit.prefactor - derived) < 4.0 * fit.prefactor_error
    near = wells.exact_asymmetry < 1e-2 * wells.exact_barrier  # nan is False
    rows = near & (wells.exact_asymmetry >= 0.0) & (wells.exact_barrier > low) & (wells.exact_barrier < high)
    # over asymmetry up to B/100, where p changes by a percent: integral of p B/100 dB = p_0 B^(5/4)/125 ends
    each = wells.weights[rows] / wells.per
    scale = (high**1.25 - low**1.25) / 125.0
    measured, error = each.sum() / scale, math.sqrt(np.sum(each**2)) / scale
    assert abs(measured - limits.degenerate) < 4.0 * error + 0.02 * limits.degenerate
    assert error < 0.1 * limits.degenerate


def test_shape_of_soft_global_wells_is_universal(soft: tuple[spm.SoftPotentials, spm.Wells]) -> None:
    """p(r) = r^(-1/2)/(2 sqrt(3)) on (0, 3): |b3| is flat. Ten equal shares of r^(1/2), chi^2."""
    _, wells = soft
    rows = ~wells.violates
    share = np.floor(10.0 * np.sqrt(wells.r[rows] / 3.0)).clip(0, 9).astype(int)
    weight = wells.weights[rows]
    mass, square = np.bincount(share, weight, 10), np.bincount(share, weight**2, 10)
    expected = weight.sum() / 10.0
    # shares sum to one, so this is a little less than chi^2; 33.7 is exceeded once in 10^4
    assert np.sum((mass - expected) ** 2 / square) < 33.7


def test_moments_by_another_quadrature() -> None:
    """M_(1/2) and M_(7/4) of a law of constant density: the area where all a_n are inside, in one dimension.

    With a1 .. a3 uniform on (-1, 1) and a4 = c exactly, the integrand is c^k/8 for |q0| < min((6/c)^(1/3),
    (2/c)^(1/2), 1/c); a4 uniform on (1/2, 3/2) averages it.
    """
    law = spm.SoftPotentials(
        a1=spm.Uniform(), a2=spm.Uniform(), a3=spm.Uniform(), a4=spm.Uniform(low=0.5, high=1.5)
    )
    for k in (0.5, 1.75):
        reach = quad(
            lambda c, k=k: c**k / 8.0 * 2.0 * min((6 / c) ** (1 / 3), (2 / c) ** 0.5, 1 / c), 0.5, 1.5
        )[0]
        assert moment(law, k) == pytest.approx(reach, rel=1e-9)


def test_the_barrier_integral_by_a_sum_over_r() -> None:
    """Of beta^(-5/4) r^(-1/2) from 8/3 to 3; beta is the top of t^2/2 - r^(1/2) t^3/6 + t^4/24."""
    t = np.linspace(1.5, 2.5, 20_001)
    r = 8.0 / 3.0 + (np.arange(400) + 0.5) / 1200.0
    beta = np.array([np.max(t**2 / 2 - math.sqrt(one) * t**3 / 6 + t**4 / 24) for one in r])
    # midpoints; the square root of beta at 8/3 costs (1/1200)^(3/2): 2e-5
    assert barrier_integral() == pytest.approx(np.sum(beta**-1.25 / np.sqrt(r)) / 1200.0, rel=1e-4)


def test_plain_and_importance_sampling_are_two_routes_to_the_same_laws() -> None:
    """Kolmogorov-Smirnov, 3 quantities of minima with 0.01 < b2 < 0.2; false alarms 3e-4 for another seed.

    The weighted sample is thinned to equal weights: a row stays with probability weight/largest.
    """
    law, b2_min, b2_max = LAWS["gaussian"], 0.01, 0.2
    plain = spm.sample(law, 300_000, seed=2)
    plain = plain.select((plain.b2 > b2_min) & (plain.b2 < b2_max))
    soft = spm.sample_soft(law, 1_000_000, b2_max=b2_max, b2_min=b2_min, seed=2)
    keep = np.random.default_rng(1).random(soft.size) < soft.weights / soft.weights.max()
    thinned = soft.select(keep)
    assert thinned.size > 2000
    assert plain.size > 2000
    total, error = soft.weights.sum() / soft.per, math.sqrt(np.sum(soft.weights**2)) / soft.per
    assert abs(total - plain.size / 300_000) < 4.0 * math.hypot(error, math.sqrt(plain.size) / 300_000)
    for name in ("b2", "position", "barrier"):
        one, other = (getattr(wells, name) for wells in (plain, thinned))
        assert ks_2samp(one[~np.isnan(one)], other[~np.isnan(other)]).pvalue > 1e-4
    share = [w.is_global.mean() for w in (plain, thinned)]
    assert abs(share[0] - share[1]) < 4.0 * math.sqrt(0.25 / plain.size + 0.25 / thinned.size)


def test_densities_integrate_to_the_number_of_wells() -> None:
    wells = spm.sample(LAWS["gaussian"], 20_000, seed=1)
    laws = spm.laws(wells)
    per = wells.size / 20_000
    for density, total in (
        (laws.b2_all, per), (laws.D_all, per), (laws.b2_global, 1.0), (laws.D_global, 1.0),
        (laws.r_global, 1.0),
        (laws.barrier_global, per - 1.0), (laws.barrier_upper, per - 1.0), (laws.r_upper, per - 1.0),
    ):  # fmt: skip
        assert np.sum(density.density * density.width) == pytest.approx(total, rel=1e-12)
        assert np.sum(density.events) == pytest.approx(total * 20_000, rel=1e-12)
    joint = laws.asymmetry_barrier
    area = np.outer(np.diff(joint.asymmetry_edges), np.diff(joint.barrier_edges))
    assert np.sum(joint.density * area) == pytest.approx(per - 1.0, rel=1e-12)
    np.testing.assert_allclose(laws.global_wells, [1.0, 20_000**-0.5])
    assert laws.upper_wells[0] == pytest.approx(per - 1.0)


def test_the_laws_of_a_table_without_potentials_are_normalised_to_one() -> None:
    """Such as a model's nonlinear modes, of which only b2, b3, b4 are known."""
    wells = spm.sample(LAWS["gaussian"], 5000, seed=1)
    modes = spm.QuarticWells(b2=wells.b2, b3=wells.b3, b4=wells.b4)
    laws = spm.laws(modes)
    assert np.sum(laws.D_all.density * laws.D_all.width) == pytest.approx(1.0)
    assert laws.global_wells[0] + laws.upper_wells[0] == pytest.approx(1.0)
    np.testing.assert_allclose(laws.b2_all.density * wells.size, spm.laws(wells).b2_all.density * 5000.0)


@pytest.mark.parametrize("exponent", [-0.6, 0.25, 1.5, 4.0])
def test_power_laws_are_recovered(exponent: float) -> None:
    """50 samples of 2000 numbers x = u^(1/(exponent + 1)): mean and spread of pulls within 4 sigma.

    With and without weights: importance sampling of the same law from uniform logarithms.
    """
    rng = np.random.default_rng(1)
    pulls = []
    for _ in range(50):
        x = rng.random(2000) ** (1.0 / (exponent + 1.0))
        fit = spm.power_law(spm.density(x), high=1.0)
        assert fit.prefactor == pytest.approx(fit.exponent + 1.0, rel=1e-9)  # normalised to one
        y = 1e-3 ** rng.random(2000)
        law = spm.density(y, weights=y ** (exponent + 1.0))
        pulls.append([
            (fit.exponent - exponent) / fit.exponent_error,
            (weighted := spm.power_law(law, low=1.2e-3, high=1.0)).exponent - exponent,
        ])  # fmt: skip
        pulls[-1][1] /= weighted.exponent_error
    mean, spread = np.mean(pulls, axis=0), np.std(pulls, axis=0, ddof=1)
    assert (np.abs(mean) < 4.0 / math.sqrt(50)).all()
    assert (np.abs(spread - 1.0) < 4.0 / math.sqrt(100)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: spm.power_law(d, high=1e-9), "high = 1e-09: 0 wells there; must be at least 10"),
        (lambda d: spm.power_law(d, exponent=-2.0), "exponent = -2.0: must be finite and > -1"),
        (lambda d: spm.sample_soft(LAWS["gaussian"], 10, b2_max=0.0), "b2_max = 0.0: must be finite and > 0"),
        (lambda d: spm.sample_soft(LAWS["gaussian"], 10, b2_max=1.0, b2_min=2.0), "b2_min = 2.0: must be"),
        (lambda d: spm.sample_soft(LAWS["gaussian"], 0, b2_max=1.0), "n = 0: must be an integer from 1"),
    ],
)  # fmt: skip
def test_bad_input(call: Callable[[spm.Density], object], message: str) -> None:
    density = spm.density(np.random.default_rng(1).random(100))
    with pytest.raises(ValueError, match=re.escape(message)):
        call(density)
