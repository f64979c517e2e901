"""The cavity equations of the glassy phase at weak coupling: counts of sites, rescaling, input."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from khgps import KHGPS, law_of_points, solve_one_state, solve_rs
from tests.khgps.stiffness_reference import lower_well_means
from tests.khgps.test_stiffness_rs import of_table
from theory import formulas


@pytest.mark.parametrize("descended", [False, True])
@pytest.mark.parametrize(("J", "h", "error"), [(0.06, 0.01, 1e-9), (0.01, 0.05, 1e-9), (0.2, 1e-4, 1e-9)])
def test_all_sites_are_counted(J: float, h: float, error: float, descended: bool) -> None:
    """Up to stiffnesses beyond all, the fraction of sites is 1, in lower wells or as descended.

    h is 1, 20 and 0.001 times what the cavity fields spread by.
    """
    state = solve_one_state(J=J, h=h, kappa_0=1.0)
    assert math.isclose(state.fraction_below(3.0, descended=descended), 1.0, rel_tol=error)


@pytest.mark.parametrize("J", [0.04, 0.05])
def test_the_iteration_ends_below_its_tolerance(J: float) -> None:
    """q and chi change by less than 1e-10 in the last step; at these J one before is by 1.2 and 1.4."""
    assert 0.0 <= solve_one_state(J=J, h=0.01, kappa_0=1.0).residual < 1e-10


def test_few_sites_follow_the_prefactor() -> None:
    """The law of fields away from 0 adds ~ omega^6 only."""
    state = solve_one_state(J=0.06, h=0.01, kappa_0=1.0)
    for omega in (0.002, 0.01):
        assert math.isclose(5.0 * state.fraction_below(omega) / omega**5, state.A_g, rel_tol=1e-3)


def test_replicon_by_another_route() -> None:
    """0.817190: adaptive quadrature over x at fixed kappa', 40 of them in four panels of kappa'^(1/2)."""
    assert abs(solve_one_state(J=0.06, h=0.01, kappa_0=1.0).replicon - 0.8171904) < 1e-6


@pytest.mark.parametrize("omega", [0.01, 0.1])
@pytest.mark.parametrize("descended", [False, True])
def test_sites_counted_by_their_ranges_of_field(omega: float, descended: bool) -> None:
    """At each kappa' the sites softer than k have a range of fields, up to that of k."""
    state = solve_one_state(J=0.06, h=0.01, kappa_0=1.0)
    s, u, k = state.J * math.sqrt(state.q), state.J**2 * state.chi, omega**2 / state.replicon

    def weight(low: float, high: float) -> float:
        return float(ndtr((high - state.h) / s) - ndtr((low - state.h) / s))

    def softer(kappa: float) -> float:
        x = math.sqrt(2.0 * (k - kappa))
        last = formulas.held_force(np, kappa, x, 1.0)
        if kappa >= 0.0 or not descended:
            return weight(-last, last) if last > 0.0 else 0.0
        gone = formulas.held_force(np, kappa, math.sqrt(-2.0 * kappa), 1.0)  # below, the site is at x < 0
        return weight(gone, last) + max(weight(-last, gone), 0.0)

    bends = (-k / 2.0, -k / 3.0)  # k is that of the well at f = 0, of the one where its upper is gone
    ends = sorted({-u, *(kappa for kappa in bends if kappa > -u), 0.0, k})
    total = sum(quad(softer, *panel, epsabs=0.0, epsrel=1e-11)[0] for panel in pairwise(ends))
    assert math.isclose(state.fraction_below(omega, descended=descended), total, rel_tol=1e-9)


def test_sites_as_descended_are_those_of_sampled_sites() -> None:
    """2 million (kappa', f), each taken to the minimum that a descent from x > 0 reaches; 5 errors, 6e-7.

    At x > 0 while there is a minimum, f > -(2 |kappa'|/3) (2 |kappa'|)^(1/2), and then at x < 0: also the
    sites of kappa' < 0 whose upper well is gone, 5 percent of these.
    """
    state, omega = solve_one_state(J=0.03, h=0.01, kappa_0=0.3), 0.09
    k, u = omega**2 / state.replicon, state.J**2 * state.chi
    largest = 1.2 * math.sqrt(2.0 * (k + u)) * (k + (k + u) / 3.0)  # no field beyond leaves a site so soft
    rng = np.random.Generator(np.random.PCG64(11))
    n = 2_000_000
    kappa, f = rng.uniform(-u, k, n), rng.uniform(-largest, largest, n)
    s = state.J * math.sqrt(state.q)
    law = np.exp(-0.5 * ((f - state.h) / s) ** 2) / (math.sqrt(2.0 * math.pi) * s)
    weight = law * 2.0 * largest * (u + k) / state.kappa_0
    side = np.where(f > -2.0 / 3.0 * np.sqrt(2.0) * np.maximum(-kappa, 0.0) ** 1.5, 1.0, -1.0)
    x = np.cbrt(6.0 * np.abs(f)) + np.sqrt(np.maximum(-6.0 * kappa, 0.0)) + 1e-6
    for _ in range(60):  # Newton's method from above
        x -= (kappa * x + x**3 / 6.0 - side * f) / (kappa + x**2 / 2.0)
    soft = kappa + x**2 / 2.0 < k
    for inside, stated in (
        (soft, state.fraction_below(omega, descended=True)),
        (soft & (side * f < 0.0), state.upper_fraction_below(omega)),
    ):
        values = weight * inside
        assert abs(values.mean() - stated) < 5.0 * values.std() / math.sqrt(n) < 0.04 * stated


def test_a_state_solves_the_cavity_equations() -> None:
    """Every field at kappa_0 = 2, A = 1/2, from averages over stiffnesses and fields by a product rule.

    x is the root of kappa' x + A x^3/6 = f of the sign of f, k = kappa' + A x^2/2. At f = 0 and kappa' = 0,
    where x and 1/k have branch points, panels end; powers of the nodes gather points there: 1e-4 is left.
    """
    J, h, kappa_0, A = 0.08, 0.02, 2.0, 0.5
    state = solve_one_state(J=J, h=h, kappa_0=kappa_0, A=A)
    assert (state.J, state.h, state.kappa_0, state.A) == (J, h, kappa_0, A)
    nodes, weights = np.polynomial.legendre.leggauss(160)
    t, w = 0.5 * (nodes + 1.0), 0.5 * weights
    low, s = -(J**2) * state.chi, J * math.sqrt(state.q)
    kappa = np.concatenate([low * t**4, (kappa_0 + low) * t**4])
    by_kappa = np.concatenate([-low * 4.0 * t**3 * w, (kappa_0 + low) * 4.0 * t**3 * w]) / kappa_0
    size = (h + 9.0 * s) * t**4
    by_size = (h + 9.0 * s) * 4.0 * t**3 * w
    x = np.empty((kappa.size, size.size))
    for i, one in enumerate(kappa):
        low_end, high_end = (
            np.zeros(size.size) + math.sqrt(max(-6.0 * one / A, 0.0)),
            np.full(size.size, 20.0),
        )
        for _ in range(60):
            middle = 0.5 * (low_end + high_end)
            above = one * middle + A * middle**3 / 6.0 > size
            low_end, high_end = np.where(above, low_end, middle), np.where(above, middle, high_end)
        x[i] = high_end
    k = kappa[:, np.newaxis] + A * x**2 / 2.0
    law = sum(np.exp(-0.5 * ((size - m) / s) ** 2) for m in (h, -h)) / (math.sqrt(2.0 * math.pi) * s)
    assert math.isclose(by_kappa @ x**2 @ (by_size * law), state.q, rel_tol=1e-4)
    assert math.isclose(by_kappa @ (1.0 / k) @ (by_size * law), state.chi, rel_tol=1e-4)
    assert math.isclose(1.0 - J**2 * (by_kappa @ k**-2.0 @ (by_size * law)), state.replicon, rel_tol=1e-4)
    assert math.isclose(state.field_density, math.exp(-0.5 * (h / s) ** 2) / math.sqrt(2.0 * math.pi) / s)
    expected = 4.0 * math.sqrt(3.0) * state.field_density / (kappa_0 * math.sqrt(A) * state.replicon**2.5)
    assert math.isclose(state.A_g, expected, rel_tol=1e-12)
    assert 0.0 <= state.residual < 1e-10


def test_rescaling_is_exact() -> None:
    """x = y/2: A = 4 and h/2 are A = 1 and h; q is divided by 4, p_f(0) doubled."""
    one = solve_one_state(J=0.06, h=0.01, kappa_0=1.0)
    four = solve_one_state(J=0.06, h=0.005, kappa_0=1.0, A=4.0)
    for name, factor in (("q", 0.25), ("chi", 1.0), ("replicon", 1.0), ("field_density", 2.0), ("A_g", 1.0)):
        assert math.isclose(getattr(four, name), factor * getattr(one, name), rel_tol=1e-9)


@pytest.mark.parametrize(("J", "h"), [(0.06, 0.01), (0.001, 0.01), (0.2, 1e-4), (0.06, 100.0)])
def test_averages_of_the_uniform_law_are_those_of_scipy(J: float, h: float) -> None:
    """Weak and strong fields, also narrow ones, which panels of x can miss; scipy is asked for 1e-8."""
    state = solve_one_state(J=J, h=h)
    u, s = J**2 * state.chi, J * math.sqrt(state.q)
    x2, _, inverse = lower_well_means(of_table(([0.0, 1.0], [1.0, 1.0])), u, h, s)
    assert math.isclose(state.q, x2, rel_tol=1e-7)
    assert math.isclose(state.chi, inverse, rel_tol=1e-7)


def test_bad_input_is_named() -> None:
    points = solve_one_state(J=0.06, h=0.01, stiffness=law_of_points([0.01, 1.0], [1.0, 3.0]))
    with pytest.raises(ValueError, match=r"stiffness: a point mass at 0.01: must have none to count sites"):
        points.fraction_below(0.1)
    with pytest.raises(ValueError, match=r"J = 0.0: must be finite and > 0"):
        solve_one_state(J=0.0, h=0.01, kappa_0=1.0)
    with pytest.raises(ValueError, match=r"h = nan: must be finite and > 0"):
        solve_one_state(J=0.1, h=float("nan"), kappa_0=1.0)
    with pytest.raises(ValueError, match=r"J = 0.5: replicon -0.0\d+ must be > 0"):
        solve_one_state(J=0.5, h=0.01, kappa_0=1.0)


@pytest.mark.parametrize("rows", [3, 8])
def test_a_uniform_table_is_the_uniform_law_of_one_state(rows: int) -> None:
    """In one piece and in several, whose panels of x end at other places."""
    law = (np.linspace(0.0, 2.0, rows), np.ones(rows))
    one, own = solve_one_state(J=0.1, h=0.02, kappa_0=2.0), solve_one_state(J=0.1, h=0.02, stiffness=law)
    for name in ("q", "chi", "replicon", "A_g"):
        assert getattr(own, name) == pytest.approx(getattr(one, name), rel=1e-9)
    for descended in (False, True):
        expected = one.fraction_below(0.1, descended=descended)
        assert own.fraction_below(0.1, descended=descended) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    "table", [([0.0, 0.3, 1.0], [0.0, 1.0, 0.0]), ([0.0, 0.1, 0.1, 0.5, 1.0], [1, 2, 0, 0, 2])]
)
def test_one_state_of_laws_of_ones_own(table: tuple[list[float], list[float]]) -> None:
    """q and chi by scipy's quadrature; the softest sites have the density where kappa' = 0."""
    state = solve_one_state(J=0.06, h=0.01, stiffness=table)
    u, s = state.J**2 * state.chi, state.J * math.sqrt(state.q)
    x2, _, inverse = lower_well_means(of_table(table), u, state.h, s)
    assert state.q == pytest.approx(x2, rel=1e-6)
    assert state.chi == pytest.approx(inverse, rel=1e-6)
    assert state.fraction_below(3.0) == pytest.approx(1.0, rel=1e-9)
    assert 5.0 * state.fraction_below(0.003) / 0.003**5 == pytest.approx(state.A_g, rel=1e-3)


def test_no_soft_sites_where_no_stiffness_is_low() -> None:
    """J^2 chi below kappa_min: no wells are double, and the state is that of one solution of replicas."""
    gapped: dict[str, Any] = {"kappa_min": 0.2, "beta": 1.0}
    state, one = solve_one_state(J=0.1, h=0.02, **gapped), solve_rs(KHGPS(N=2, J=0.1, h=0.02, **gapped))
    assert state.A_g == 0.0
    assert (state.q, state.chi, state.replicon) == pytest.approx((one.q, one.chi, one.replicon), rel=1e-8)
    assert state.fraction_below(0.05) == 0.0
