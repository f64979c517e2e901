"""The cavity equations of the glassy phase at weak coupling: counts of sites, rescaling, input."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from theory import formulas
from theory.glassy_state import glassy_state


def test_all_sites_are_counted() -> None:
    """Up to stiffnesses beyond all, the fraction of sites is 1 (to 1e-7), in lower wells."""
    state = glassy_state(J=0.06, h=0.01, kappa_0=1.0)
    assert math.isclose(state.fraction_below(3.0), 1.0, rel_tol=1e-7)


def test_few_sites_follow_the_prefactor() -> None:
    """The law of fields away from 0 adds ~ omega^6 only."""
    state = glassy_state(J=0.06, h=0.01, kappa_0=1.0)
    for omega in (0.002, 0.01):
        assert math.isclose(5.0 * state.fraction_below(omega) / omega**5, state.A_g, rel_tol=1e-3)


def test_replicon_by_another_route() -> None:
    """0.817190: adaptive quadrature over x at fixed kappa', 40 of them in four panels of kappa'^(1/2)."""
    assert abs(glassy_state(J=0.06, h=0.01, kappa_0=1.0).replicon - 0.8171904) < 1e-6


@pytest.mark.parametrize("omega", [0.01, 0.1])
@pytest.mark.parametrize("descended", [False, True])
def test_sites_counted_by_their_ranges_of_field(omega: float, descended: bool) -> None:
    """At each kappa' the sites softer than k have a range of fields, up to that of k; to 2e-5."""
    state = glassy_state(J=0.06, h=0.01, kappa_0=1.0)
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

    total = quad(softer, -u, 0.0, points=[max(-u, -k / 2.0)], epsrel=1e-10)[0] + quad(softer, 0.0, k)[0]
    assert math.isclose(state.fraction_below(omega, descended=descended), total, rel_tol=2e-5)


def test_sites_as_descended_are_those_of_sampled_sites() -> None:
    """2 million (kappa', f), each taken to the minimum that a descent from x > 0 reaches; 5 errors, 6e-7.

    At x > 0 while there is a minimum, f > -(2 |kappa'|/3) (2 |kappa'|)^(1/2), and then at x < 0: also the
    sites of kappa' < 0 whose upper well is gone, 5 percent of these.
    """
    state, omega = glassy_state(J=0.03, h=0.01, kappa_0=0.3), 0.09
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


def test_rescaling_is_exact() -> None:
    """x = y/2: A = 4 and h/2 are A = 1 and h; q is divided by 4, p_f(0) doubled."""
    one, four = glassy_state(J=0.06, h=0.01, kappa_0=1.0), glassy_state(J=0.06, h=0.005, kappa_0=1.0, A=4.0)
    for name, factor in (("q", 0.25), ("chi", 1.0), ("replicon", 1.0), ("field_density", 2.0), ("A_g", 1.0)):
        assert math.isclose(getattr(four, name), factor * getattr(one, name), rel_tol=1e-9)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"J = 0.0: must be finite and > 0"):
        glassy_state(J=0.0, h=0.01, kappa_0=1.0)
    with pytest.raises(ValueError, match=r"h = nan: must be finite and > 0"):
        glassy_state(J=0.1, h=float("nan"), kappa_0=1.0)
    with pytest.raises(ValueError, match=r"J = 0.5: replicon -0.0\d+ must be > 0"):
        glassy_state(J=0.5, h=0.01, kappa_0=1.0)
