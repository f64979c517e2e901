"""Ends of ranges of the replica-symmetric solution: rest, supports, the status at J_c, the special point."""

import dataclasses
import math
import re

import numpy as np
import pytest

import khgps
from khgps.oscillators import LEAST_SCALE, Oscillators, check_scales
from khgps.rs.cavity import averages
from khgps.stiffness_law import power_law

BASE = khgps.KHGPS(N=2, J=0.15, h=0.1, kappa_min=0.1)


def test_averages_at_rest_are_moments_of_the_stiffness() -> None:
    """x = 0 without a field: E[1/k^n] of the uniform law, and derivatives of first order in v.

    x = f/kappa - f^3/(6 kappa^4) and 1/k = 1/kappa - x^2/(2 kappa^2): E[x^2] = v E[kappa^-2], dchi/dv =
    -E[kappa^-4]/2, and E[x^2] - v E[1/k^2] is of order v^2.
    """
    b, w = 0.3, 0.9
    top = b + w
    m = averages(power_law(0.0, w, 0.0), b, 0.0, 0.0)
    inverse = [math.log(top / b) / w, (1 / b - 1 / top) / w, (b**-2 - top**-2) / 2 / w]
    np.testing.assert_allclose([m.chi, m.k_2, m.k_3], inverse, rtol=1e-13)
    assert (m.x2, m.energy, m.deficit, m.x2_b, m.deficit_v) == (0.0, 0.0, 0.0, 0.0, 0.0)
    assert m.one == pytest.approx(1.0, rel=1e-14)
    assert m.x2_v == pytest.approx(inverse[1], rel=1e-13)
    assert m.chi_b == pytest.approx(-inverse[1], rel=1e-13)
    assert m.chi_v == pytest.approx(-0.5 * (b**-3 - top**-3) / 3 / w, rel=1e-13)
    near = averages(power_law(0.0, w, 0.0), b, 0.0, 1e-5)  # v = 1e-10
    assert near.x2 / 1e-10 == pytest.approx(m.x2_v, rel=1e-7)
    assert (near.chi - m.chi) / 1e-10 == pytest.approx(m.chi_v, rel=1e-4)


@pytest.mark.parametrize(("beta", "w"), [(0.5, 0.7), (2.5, 0.7), (-0.5, 1.0), (1.0, 0.7), (0.5, 0.0)])
def test_averages_at_rest_without_a_gap(beta: float, w: float) -> None:
    """E[kappa^-n] = (beta + 1)/(beta + 1 - n) w^-n while beta + 1 > n, else infinite."""
    m = averages(power_law(0.0, w, beta), 0.0, 0.0, 0.0)
    expected = [
        (beta + 1.0) / (beta + 1.0 - n) * w**-n if w > 0.0 and beta + 1.0 > n else math.inf for n in (1, 2, 3)
    ]
    np.testing.assert_allclose([m.chi, m.k_2, m.k_3], expected, rtol=1e-14)
    assert (m.one, m.x2, m.energy, m.deficit, m.x2_b) == (1.0, 0.0, 0.0, 0.0, 0.0)
    assert (m.x2_v, m.chi_b) == (m.k_2, -m.k_2)
    assert math.isnan(m.chi_v)
    assert math.isnan(m.deficit_v)


@pytest.mark.parametrize("h", [0.0, 0.001, 0.1])
def test_critical_is_within_a_millionth_of_a_millionth_of_the_line(h: float) -> None:
    J = float(khgps.critical_coupling(h, kappa_min=0.1).J)
    for shift, status in ((-1.25e-12, "stable"), (-0.8e-12, "critical"), (0.8e-12, "critical")):
        found = khgps.solve_rs(dataclasses.replace(BASE, h=h, J=J * (1.0 + shift)))
        assert found.status == status
        assert found.residual < 3e-12
    beyond = dataclasses.replace(BASE, h=h, J=J * (1.0 + 1.25e-12))
    with pytest.raises(ValueError, match=re.escape(f"J = {beyond.J}: must be <= J_c = {J}")):
        khgps.solve_rs(beyond)
    assert khgps.solve_rs(beyond, unstable=True).status == "unstable"


def test_a_marginal_third_moment_leaves_no_prefactor_at_the_special_point() -> None:
    """beta = 1/2: E[1/k^3] diverges by a logarithm at b = 0, and D falls below any omega^2."""
    point = khgps.special_point(kappa_min=0.1, kappa_0=1.0, beta=0.5)
    assert (point.exponent, point.prefactor, point.gap_edge) == (2.0, 0.0, 0.0)
    assert abs(float(point.replicon)) < 1e-10
    steep = khgps.special_point(kappa_min=0.1, kappa_0=1.0, beta=0.75)
    s = float(steep.J) * math.sqrt(float(steep.q))
    mean = averages(power_law(0.1, 1.0, 0.75), 0.0, float(steep.h), s, cube=True)
    expected = 2.0 / (math.pi * float(steep.J) ** 3 * math.sqrt(mean.k_3))
    assert steep.exponent == 2.0
    assert float(steep.prefactor) == pytest.approx(expected, rel=1e-9)


def root(kappa: float, A: float, f: float) -> float:
    """Return the largest real root of kappa x + A x^3/6 = f."""
    roots = np.roots([A / 6.0, 0.0, kappa, -f])
    return float(roots.real[np.abs(roots.imag) < 1e-9].max())


@pytest.mark.parametrize(
    ("J", "kappa_min", "kappa_0", "A"),
    [(0.15, 0.1, 1.0, 1.0), (0.15, 0.1, 1.0, 3.0), (0.01, 0.1, 1.0, 3.0), (0.3, 0.1, 1.0, 2.0),
     (0.3, -2.0, -1.0, 2.0)],
)  # fmt: skip
def test_supports_end_at_8_4_deviations_of_the_field(
    J: float, kappa_min: float, kappa_0: float, A: float
) -> None:
    """x of the softest oscillator there, or of the stiffest where all x have one sign; k likewise.

    Beyond is 4e-17 of a normal law. k has the greatest value at either end of the law, and a minimum with
    kappa' < 0 is the lower one if k >= -2 kappa'.
    """
    params = dataclasses.replace(BASE, J=J, kappa_min=kappa_min, kappa_0=kappa_0, A=A)
    laws, found = khgps.rs_distributions(params, unstable=True), khgps.solve_rs(params, unstable=True)
    reach, b = 8.4 * J * math.sqrt(found.q), found.gap_edge
    low, high = params.h - reach, params.h + reach
    top = b + kappa_0 - kappa_min
    np.testing.assert_allclose(laws.field.support, (low, high), rtol=1e-12)
    least = root(top, A, low) if low > 0.0 else -root(b, A, -low)
    np.testing.assert_allclose(laws.x.support, (least, root(b, A, high)), rtol=1e-9)
    stiffest = max(kappa + A * root(kappa, A, high) ** 2 / 2.0 for kappa in (b, top))
    lowest = b if b >= 0.0 else max(0.0, -2.0 * top)
    np.testing.assert_allclose(laws.k.support, (lowest, stiffest), rtol=1e-9, atol=1e-12)


def test_laws_are_taken_up_to_sixty_powers_of_ten() -> None:
    """The ends themselves are in, what is beyond them is not."""
    for law in ((LEAST_SCALE, 0.0), (0.0, LEAST_SCALE), (0.0, 1e60), (1e60, 0.0), (1e-60, 1.0), (-1e60, 0.0)):
        oscillators = Oscillators(power_law(law[0], sum(law), 0.0), 0.1)
        assert check_scales(oscillators) is oscillators
    for kappa_min, width in ((0.9e-60, 0.0), (0.0, 0.9e-60), (0.0, 1.1e60), (0.9e-60, 1.0), (-1.1e60, 0.0)):
        with pytest.raises(ValueError, match="must be"):
            check_scales(Oscillators(power_law(kappa_min, kappa_min + width, 0.0), 0.1))
    assert LEAST_SCALE == 1e-60


def test_parameters_that_are_not_given() -> None:
    """kappa_0 = 1, a uniform law, A = 1: of samples, of the critical line and of its special point."""
    default = khgps.KHGPS(N=9, J=0.1, h=0.2)
    assert dataclasses.asdict(default) == {
        "N": 9, "J": 0.1, "h": 0.2, "kappa_0": 1.0, "kappa_min": 0.0, "beta": 0.0, "A": 1.0,
        "coupling": "stored", "stiffness": None,
    }  # fmt: skip
    law: dict[str, float] = {"kappa_0": 1.0, "kappa_min": 0.1, "beta": 0.0, "A": 1.0}
    one, said = khgps.critical_coupling(0.1, kappa_min=0.1), khgps.critical_coupling(0.1, **law)
    assert dataclasses.astuple(one) == dataclasses.astuple(said)
    one, said = khgps.special_point(kappa_0=1.0, kappa_min=0.1), khgps.special_point(**law)
    assert dataclasses.astuple(one) == dataclasses.astuple(said)


@pytest.mark.parametrize("beta", [0.0, 0.75])
def test_the_special_point_of_another_anharmonicity(beta: float) -> None:
    """x = y/A^(1/2): with A = 4 the field is halved and q a quarter, all else stays."""
    one, four = (khgps.special_point(kappa_0=1.0, kappa_min=0.1, beta=beta, A=A) for A in (1.0, 4.0))
    for name, factor in (
        ("J", 1.0),
        ("h", 0.5),
        ("exponent", 1.0),
        ("prefactor", 1.0),
        ("q", 0.25),
        ("chi", 1.0),
    ):
        assert float(getattr(four, name)) == pytest.approx(factor * float(getattr(one, name)), rel=1e-9)
