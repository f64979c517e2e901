"""Fields of the results of spm, each once more from the wells themselves: roots, histograms, levels, sums."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.integrate import quad

import spm
from spm.marginals import Uniform
from spm.prefactors import moment
from spm.streaming import CHUNK
from spm.tally import bin_edges, octave_edges

Array = npt.NDArray[np.float64]
LAW = spm.SoftPotentials()


@pytest.fixture(scope="module")
def weighted() -> spm.QuarticWells:
    """Return wells of sampled potentials with weights of their own, per 500 potentials."""
    wells = spm.sample(LAW, 3000, seed=4)
    weight = np.random.default_rng(1).uniform(0.2, 3.0, wells.size)
    return spm.QuarticWells(b2=wells.b2, b3=wells.b3, b4=wells.b4, weight=weight, potentials=500.0)


def partner(b2: float, b3: float, b4: float) -> tuple[float, float]:
    """Return barrier and asymmetry from the roots of U', nan where there is one."""
    roots = np.roots([b4 / 6.0, b3 / 2.0, b2])
    if abs(roots.imag).max() > 0.0:
        return math.nan, math.nan
    energy = [b2 * s**2 / 2.0 + b3 * s**3 / 6.0 + b4 * s**4 / 24.0 for s in sorted(roots.real, key=abs)]
    return energy[0], energy[1]


# tallies and laws


def test_a_stream_of_many_tasks_is_the_tally_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks of two chunks: three of them, the last with a piece of a chunk only."""
    monkeypatch.setattr("spm.streaming.CHUNKS", 2)
    n = 5 * CHUNK + 17
    table = spm.tally(spm.sample(LAW, n, seed=3))
    for threads in (1, 2):
        stream = spm.stream(LAW, n, seed=3, threads=threads)
        for name in ("counts", "squares", "joint", "joint_squares", "potentials"):
            np.testing.assert_array_equal(getattr(stream, name), getattr(table, name))
        np.testing.assert_allclose(stream.extremes, table.extremes, rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(stream.sums, table.sums, rtol=1e-11)


def test_a_tally_by_numpy(weighted: spm.QuarticWells) -> None:
    """Every count, square, extreme and sum of both groups, and the joint histogram: asymmetry, barrier."""
    pairs = np.array([partner(*row) for row in zip(weighted.b2, weighted.b3, weighted.b4, strict=True)])
    r, w = weighted.b3**2 / (weighted.b2 * weighted.b4), weighted.weights
    found = spm.tally(weighted)
    assert found.potentials == 500.0
    for group, mine in enumerate((r <= 3.0, r > 3.0)):
        for j, values in enumerate((weighted.b2, pairs[:, 0], r)):
            rows = mine & np.isfinite(values)
            for power, counts in ((1, found.counts), (2, found.squares)):
                expected = np.histogram(values[rows], bin_edges(), weights=w[rows] ** power)[0]
                # a value at an edge may fall on either side of it
                np.testing.assert_allclose(np.cumsum(counts[group, j]), np.cumsum(expected), rtol=1e-9)
            ends = np.array([values[rows].min(), values[rows].max()])
            np.testing.assert_allclose(found.extremes[group, j], ends, rtol=1e-9, atol=1e-12)
        for j, values in enumerate((weighted.b2, weighted.b3, weighted.b4)):
            powers = [np.sum(w[mine] * values[mine] ** k) for k in (1, 2)]
            np.testing.assert_allclose(found.sums[group, j], powers, rtol=1e-10, atol=1e-10)
    rows = (r <= 3.0) & np.isfinite(pairs[:, 0])
    for power, joint in ((1, found.joint), (2, found.joint_squares)):
        expected = np.histogram2d(pairs[rows, 1], pairs[rows, 0], octave_edges(), weights=w[rows] ** power)[0]
        np.testing.assert_allclose(joint, expected, rtol=1e-9)
    np.testing.assert_allclose(found.wells, [w[r <= 3.0].sum(), w[r > 3.0].sum()], rtol=1e-12)


def test_laws_are_histograms_over_potentials_and_widths(weighted: spm.QuarticWells) -> None:
    """Each density, its error and its events, by name; frequencies have the roots of the edges of b2."""
    pairs = np.array([partner(*row) for row in zip(weighted.b2, weighted.b3, weighted.b4, strict=True)])
    r, w, laws = weighted.r, weighted.weights, spm.laws(weighted)
    low, two = r <= 3.0, np.isfinite(pairs[:, 0])
    cases = [
        (laws.b2_all, weighted.b2, r > 0.0), (laws.b2_global, weighted.b2, low),
        (laws.D_all, weighted.b2**0.5, r > 0.0), (laws.D_global, weighted.b2**0.5, low),
        (laws.barrier_global, pairs[:, 0], low & two), (laws.barrier_upper, pairs[:, 0], ~low & two),
        (laws.r_global, r, low), (laws.r_upper, r, ~low),
    ]  # fmt: skip
    for law, values, rows in cases:
        first, square = (np.histogram(values[rows], law.edges, weights=w[rows] ** k)[0] for k in (1, 2))
        assert first[0] > 0.0
        assert first[-1] > 0.0
        np.testing.assert_allclose(law.density * 500.0 * np.diff(law.edges), first, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            (law.error * 500.0 * np.diff(law.edges)) ** 2, square, rtol=1e-9, atol=1e-12
        )
        filled = square > 0.0
        np.testing.assert_allclose(law.events[filled], first[filled] ** 2 / square[filled], rtol=1e-9)
        assert (law.events[~filled] == 0.0).all()
        np.testing.assert_allclose(law.centre, np.sqrt(law.edges[1:] * law.edges[:-1]), rtol=1e-14)
        np.testing.assert_allclose(law.width, law.edges[1:] - law.edges[:-1], rtol=1e-14)
    joint, rows = laws.asymmetry_barrier, low & two
    edges = joint.asymmetry_edges, joint.barrier_edges
    area = 500.0 * np.outer(np.diff(edges[0]), np.diff(edges[1]))
    for k, table in ((1, joint.density * area), (2, (joint.error * area) ** 2)):
        expected = np.histogram2d(pairs[rows, 1], pairs[rows, 0], edges, weights=w[rows] ** k)[0]
        np.testing.assert_allclose(table, expected, rtol=1e-9, atol=1e-12)
        assert table[0].any()
        assert table[-1].any()
        assert table[:, 0].any()
        assert table[:, -1].any()
    for number, rows in ((laws.global_wells, low), (laws.upper_wells, ~low)):
        expected = [w[rows].sum() / 500.0, math.sqrt(np.sum(w[rows] ** 2)) / 500.0]
        np.testing.assert_allclose(number, expected, rtol=1e-12)


# soft wells


def test_every_field_of_a_soft_well_is_that_of_its_potential() -> None:
    """Of each row U = sum a_n q^n/n!, from its derivatives at q0, and its stationary points by numpy.

    b2 reaches 2, so that all kinds occur. The weight is b2 p(a1 .. a4) over the density of the point drawn,
    which `laws` checks; here its zero and its sign.
    """
    wells = spm.sample_soft(LAW, 400, b2_max=2.0, b2_min=0.1, seed=6)
    assert wells.potentials == 400.0
    assert (wells.weights > 0.0).all()
    assert (wells.partner == -1).all()
    kinds = set()
    for k in range(wells.size):
        q, b2, b3, b4 = (float(x[k]) for x in (wells.position, wells.b2, wells.b3, wells.b4))
        a3, a2 = b3 - b4 * q, b2 - b3 * q + b4 * q**2 / 2.0
        a1 = -b2 * q + b3 * q**2 / 2.0 - b4 * q**3 / 6.0
        U = np.polynomial.Polynomial([0.0, a1, a2 / 2.0, a3 / 6.0, b4 / 24.0])
        assert wells.energy[k] == pytest.approx(U(q), rel=1e-7, abs=1e-9 * max(1.0, abs(a1 * q)))
        top = bottom = math.nan
        roots = U.deriv().roots()
        if abs(roots.imag).max() == 0.0:
            others = roots.real[np.argsort(np.abs(roots.real - q))][1:]
            bottom, top = np.sort(U(others) - U(q))
        scale = 1e-6 * max(1.0, abs(U(q)))
        assert wells.barrier[k] == pytest.approx(top, rel=1e-6, abs=scale, nan_ok=True)
        assert wells.asymmetry[k] == pytest.approx(bottom, rel=1e-6, abs=scale, nan_ok=True)
        cubic = 2.0 * b2**3 / (3.0 * b3**2) if math.isfinite(top) else math.nan
        assert wells.cubic_barrier[k] == pytest.approx(cubic, rel=1e-12, nan_ok=True)
        if not abs(bottom) < scale:  # equal wells to rounding: either
            assert bool(wells.is_global[k]) == (not bottom < 0.0)
        kinds.add((math.isnan(top), bool(wells.is_global[k])))
    assert len(kinds) == 3


def test_a_table_of_soft_wells_is_complete_between_two_barriers() -> None:
    """From beta(8/3) = 1/2 at the softest b2 and b4 to beta(3) = 3/8 at the stiffest; 1/1000 of b4 aside."""
    wells = spm.sample_soft(LAW, 3000, b2_max=1e-3, seed=7)
    b4 = np.sort(wells.b4)
    low, high = spm.barrier_range(wells)
    at = 0.001 * (b4.size - 1)  # between two order statistics
    soft, stiff = np.interp([at, b4.size - 1 - at], np.arange(b4.size), b4)
    assert low == pytest.approx(wells.b2.min() ** 2 / soft / 2.0, rel=1e-12)
    assert high == pytest.approx(3.0 * wells.b2.max() ** 2 / stiff / 8.0, rel=1e-12)


# power laws


def test_a_prefactor_and_its_error_are_those_of_the_counts() -> None:
    """Exponent given, no weights: wells/(potentials integral of x^p); its error of wells^(1/2)."""
    x = np.random.default_rng(2).random(3000) ** (1.0 / 2.5)
    fit = spm.power_law(spm.density(x, potentials=100.0), low=0.25, high=0.75, exponent=1.5)
    n = np.count_nonzero((x >= 0.25) & (x < 0.75))
    integral = (0.75**2.5 - 0.25**2.5) / 2.5
    assert fit.prefactor == pytest.approx(n / (100.0 * integral), rel=1e-10)
    assert fit.prefactor_error == pytest.approx(math.sqrt(n) / (100.0 * integral), rel=1e-10)
    assert fit.events == pytest.approx(n)
    assert (fit.exponent, fit.exponent_error, fit.low, fit.high) == (1.5, 0.0, 0.25, 0.75)


@pytest.mark.parametrize("exponent", [-1.0, -2.5])
def test_steep_laws_above_a_lower_end(exponent: float) -> None:
    """x^p on (1/4, 2) for p <= -1, by quantiles: the exponent within 4 errors, the prefactor by its norm."""
    u = (np.arange(4000) + 0.5) / 4000
    k = exponent + 1.0
    x = 0.25 * 8.0**u if k == 0.0 else (0.25**k + u * (2.0**k - 0.25**k)) ** (1.0 / k)
    density = spm.density(x)
    free, given = (spm.power_law(density, low=0.25, high=2.0, exponent=p) for p in (None, exponent))
    # evenly spread quantiles scatter less than counts: far less than one error
    assert abs(free.exponent - exponent) < 0.2 * free.exponent_error
    norm = math.log(8.0) if k == 0.0 else (2.0**k - 0.25**k) / k
    assert given.prefactor == pytest.approx(1.0 / norm, rel=1e-9)
    logs = np.log(x)
    assert free.exponent_error == pytest.approx(1.0 / (math.sqrt(4000) * logs.std()), rel=0.02)


def test_a_power_law_is_the_maximum_of_its_likelihood() -> None:
    """Poisson counts in the bins, by a scan of the exponent; empty bins down to `low` count."""
    x = np.random.default_rng(3).random(500) ** 0.5
    density = spm.density(x[x > 0.05])
    fit = spm.power_law(density, low=0.0, high=1.0)
    edges = np.append(0.0, density.edges)
    counts = np.append(0.0, density.events)

    def minus_log(p: float) -> float:
        share = np.diff(edges ** (p + 1.0)) / edges[-1] ** (p + 1.0)
        return -float(counts[counts > 0] @ np.log(share[counts > 0]))

    h = 1e-4
    best = [minus_log(fit.exponent + d) for d in (-h, 0.0, h)]
    assert abs(best[2] - best[0]) / (2 * h) < 1e-4 * counts.sum()
    curvature = (best[2] - 2.0 * best[1] + best[0]) / h**2
    assert fit.exponent_error == pytest.approx(curvature**-0.5, rel=0.1)  # by observed counts
    assert fit.low == 0.0


# prefactors and specific heat


@pytest.mark.parametrize(
    ("a1", "a2", "a3"),
    [((-0.02, 0.02), 1.0, 1.0), ((-0.02, 0.04), 1.0, 1.0), ((-1.0, 1.0), 0.1, 1.0), ((-1.0, 1.0), 1.0, 0.2)],
)
def test_a_moment_where_each_coefficient_in_turn_ends_first(
    a1: tuple[float, float], a2: float, a3: float
) -> None:
    """Constant densities: the reach of q0 on either side, where the first of a1, a2, a3 leaves its law."""
    law = spm.SoftPotentials(
        a1=Uniform(low=a1[0], high=a1[1]), a2=Uniform(low=-1.0, high=a2), a3=Uniform(low=-a3, high=a3),
        a4=Uniform(low=0.5, high=1.5),
    )  # fmt: skip
    norm = (a1[1] - a1[0]) * (1.0 + a2) * 2.0 * a3

    def reach(c: float) -> float:
        ends = [min((6.0 * end / c) ** (1 / 3), (2.0 * a2 / c) ** 0.5, a3 / c) for end in (-a1[0], a1[1])]
        return float(c**0.5 * sum(ends) / norm)

    expected = quad(reach, 0.5, 1.5, epsrel=1e-9, limit=200)[0]
    assert moment(law, 0.5) == pytest.approx(expected, rel=1e-5)


def test_a_moment_of_a_law_with_a_corner() -> None:
    """a3 of a triangle's density, a1 and a2 flat farther out: the integral over q0 is 1/(4 a4), exactly.

    M_(1/2) is the mean of a4^(-1/2)/4 over (1, 3/2), (3/2)^(1/2) - 1; a corner inside a piece costs 1e-5.
    """
    law = spm.SoftPotentials(
        a1=Uniform(), a2=Uniform(), a3=spm.Tabulated([-1.0, 0.3, 1.0], [0.0, 1.0, 0.0]),
        a4=Uniform(low=1.0, high=1.5),
    )  # fmt: skip
    assert moment(law, 0.5) == pytest.approx(1.5**0.5 - 1.0, rel=1e-9)


def test_near_degenerate_pairs_have_the_derived_density() -> None:
    """Pairs with asymmetry < delta and B1 < B < B2 of wells b2 db2 db3 M, b4 = 1: 4 D (B2^(1/4) - B1^(1/4)).

    b3 = +-(r b2)^(1/2): the range where the asymmetry, 2 (3 - r) b2^2 to first order, is below delta.
    """
    law = spm.SoftPotentials(a4=Uniform(low=1.0 - 1e-7, high=1.0 + 1e-7))
    low, high, delta = 1e-8, 1e-6, 1e-13

    def below(b2: float) -> float:
        r = 3.0 - delta / (2.0 * b2**2)
        assert partner(b2, math.sqrt(r * b2), 1.0)[1] == pytest.approx(delta, rel=0.01)
        return b2 * 2.0 * math.sqrt(b2) * (math.sqrt(3.0) - math.sqrt(r))

    top = partner(1.0, math.sqrt(3.0), 1.0)[0]
    area = quad(below, math.sqrt(low / top), math.sqrt(high / top))[0]
    expected = moment(law, 0.0) * area / delta / (4.0 * (high**0.25 - low**0.25))
    assert spm.soft_limits(law).degenerate == pytest.approx(expected, rel=1e-4)
    assert moment(law, 0.0) == pytest.approx(spm.soft_limits(law).b2 / (2.0 * math.sqrt(3.0)), rel=1e-6)


def test_a_specific_heat_is_the_weighted_sum_over_levels() -> None:
    """C of each well from its lowest levels; its error the scatter of (weight C) over potentials."""
    wells = spm.QuarticWells(
        b2=np.array([0.5, 1.2, 60.0]), b3=np.array([0.3, 1.0, 0.0]), b4=np.array([1.0, 0.5, 1.0]),
        weight=np.array([2.0, 0.5, 1.5]), potentials=7.0,
    )  # fmt: skip
    T = np.array([0.1, 0.35])
    heat = spm.specific_heat(wells, T, mass=1.0)
    each = []
    for b2, b3, b4 in zip(wells.b2, wells.b3, wells.b4, strict=True):
        energy = np.atleast_2d(spm.levels(b2, b3, b4, count=16, mass=1.0))[0]
        weight = np.exp(-(energy[:, np.newaxis] - energy[0]) / T)
        mean, square = (
            np.sum(weight * energy[:, np.newaxis] ** k, axis=0) / weight.sum(axis=0) for k in (1, 2)
        )
        each.append((square - mean**2) / T**2)
    weighted = np.array(each) * wells.weights[:, np.newaxis]
    C = weighted.sum(axis=0) / 7.0
    np.testing.assert_allclose(heat.C, C, rtol=1e-6)
    error = np.sqrt((np.sum(weighted**2, axis=0) / 7.0 - C**2) / 7.0)
    np.testing.assert_allclose(heat.error, error, rtol=1e-6)
    assert heat.frozen == 0.0


def test_two_level_systems_keep_the_rows_of_their_wells() -> None:
    """Two double wells among others: splitting and tunnelling from levels, asymmetry from roots, weights."""
    b2, b3, b4 = np.array([4.0, 1.0, 5.0]), np.array([3.42, 0.0, 3.85]), np.ones(3)
    wells = spm.QuarticWells(b2=b2, b3=b3, b4=b4, weight=np.array([2.0, 3.0, 5.0]), potentials=11.0)
    found = spm.two_level_systems(wells, mass=1.0)
    assert found.weight.tolist() == [2.0, 5.0]
    assert found.potentials == 11.0
    for k, row in enumerate((0, 2)):
        energy = np.atleast_2d(spm.levels(b2[row], b3[row], 1.0, count=2, mass=1.0))[0]
        assert found.splitting[k] == pytest.approx(energy[1] - energy[0], rel=1e-6)
        assert found.asymmetry[k] == pytest.approx(partner(b2[row], b3[row], 1.0)[1], rel=1e-9)
        # about U''' = 0 the even part is -k u^2/2 + u^4/24; as a well: b2 = 2 k, b3 = (6 k)^(1/2)
        k_middle = b3[row] ** 2 / 2.0 - b2[row]
        even = np.atleast_2d(spm.levels(2.0 * k_middle, math.sqrt(6.0 * k_middle), 1.0, count=2, mass=1.0))[0]
        assert found.tunnelling[k] == pytest.approx(even[1] - even[0], rel=1e-5)


@pytest.mark.parametrize("debye", [None, 0.3])
def test_a_covariance_is_the_inverse_of_the_normal_matrix(debye: float | None) -> None:
    """And the error of T_min that of its gradient, here by differences."""
    rng = np.random.default_rng(5)
    T = np.geomspace(0.2, 2.0, 9)
    error = rng.uniform(0.02, 0.1, 9)
    C = 2.0 * T + 0.3 * T**3 + 0.05 * T**5 + error * rng.normal(size=9)
    fit = spm.fit_specific_heat(T, C, error, debye=debye)
    powers = [1, 3, 5] if debye is None else [1, 5]
    design = np.stack([T**p / error for p in powers], axis=1)
    target = (C - (0.0 if debye is None else debye * T**3)) / error
    best, (chi2,), *_ = np.linalg.lstsq(design, target)
    rows = [0, 1, 2] if debye is None else [0, 2]
    covariance = np.zeros((3, 3))
    covariance[np.ix_(rows, rows)] = np.linalg.inv(design.T @ design)
    found = np.array([fit.C_TLS, fit.C_D, fit.C_sm])
    np.testing.assert_allclose(found[rows], best, rtol=1e-9)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-8, atol=1e-15)
    assert fit.chi2 == pytest.approx(chi2, rel=1e-9)
    assert fit.freedom == 9 - len(rows)
    assert fit.T_min == pytest.approx((found[0] / found[2]) ** 0.25, rel=1e-12)
    step = 1e-6 * found
    gradient = [
        ((found[0] + step[0]) / found[2]) ** 0.25 - ((found[0] - step[0]) / found[2]) ** 0.25,
        0.0,
        (found[0] / (found[2] + step[2])) ** 0.25 - (found[0] / (found[2] - step[2])) ** 0.25,
    ] / np.where(step == 0.0, 1.0, 2.0 * step)
    assert fit.T_min_error == pytest.approx(math.sqrt(gradient @ covariance @ gradient), rel=1e-6)
