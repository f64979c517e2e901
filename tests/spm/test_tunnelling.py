"""Splittings far below the rounding of a level, in many digits, by the instanton series and in C(T)."""

import math
import re

import mpmath
import numpy as np
import pytest

import spm
from spm.quantum import frozen_from, tunnel_splitting
from spm.tunnelling import doublet, doublets, log_tunnel_splitting

# E_odd - E_even of p^2/2 - k u^2/2 + u^4/24 from the power series about u = 0, with 110 to 220 digits; and
# E_1 - E_0 of wells (b2, b3, b4 = 1) of mass 1 from the two series about the middle, with 80 digits. The
# verify tests below compute them again.
SPLITTINGS = {
    3.0: 6.08102493149826737e-12,
    4.0: 1.14097897097747775e-18,
    5.3: 7.78772112837296339e-29,
    5.6: 2.19278651393811428e-31,
    8.0: 3.19246933861785673e-54,
}
GAPS = {
    (5.3333335, 4.0): 5.22041935980706767e-6,  # asymmetry
    (4.083333335, 3.5): 1.44893632740050808e-6,  # tunnelling, and as much asymmetry in 3 percent
    (6.750000001, 4.5): 3.99056660971963925e-8,
}


def level(k: float, parity: int, digits: int) -> mpmath.mpf:
    """Return the lowest level of p^2/2 - k u^2/2 + u^4/24 of one parity, k >= 3.

    psi is a power series in u, even or odd, that must vanish 7 units beyond the minimum, where the true one
    is below 1e-20 of its greatest value and the error of the level below its square, of either parity alike.
    """
    K = mpmath.mpf(k)
    square = (mpmath.sqrt(6 * K) + 7) ** 2

    def end(E: mpmath.mpf) -> mpmath.mpf:
        before, last, c = mpmath.mpf(0), mpmath.mpf(0), mpmath.mpf(1)
        total, power = c, parity
        while power < 100 or abs(c) > mpmath.mpf(10) ** -digits:
            new = -2 * E * c * square - K * last * square**2 + before * square**3 / 12
            before, last, c = last, c, new / ((power + 1) * (power + 2))
            total, power = total + c, power + 2
        return total

    g = 1 / (24 * mpmath.sqrt(2) * K**1.5)
    guess = -1.5 * K**2 + mpmath.sqrt(2 * K) * (0.5 - g - 4.5 * g**2)  # perturbation theory about a minimum
    return mpmath.findroot(
        end, (guess, guess + 1e-4), tol=mpmath.mpf(10) ** (20 - digits), verify=False, maxsteps=60
    )


@pytest.mark.verify
@pytest.mark.parametrize("k", SPLITTINGS)
def test_the_splittings_in_many_digits(k: float) -> None:
    digits = 80 + round(17.5 * k)  # the series cancels to exp of the barrier
    with mpmath.workdps(digits):
        assert level(k, 1, digits) - level(k, 0, digits) == pytest.approx(SPLITTINGS[k], rel=1e-15)


def two_series(E: mpmath.mpf, h: mpmath.mpf, k: mpmath.mpf) -> mpmath.mpf:
    """Return the determinant of two solutions at both ends, 0 at a level of U = h u - k u^2/2 + u^4/24."""
    reach, ends = mpmath.sqrt(6 * k) + 7, []
    for first in ((1, 0), (0, 1)):
        c = [mpmath.mpf(0)] * 4 + [mpmath.mpf(first[0]), first[1] * reach]
        right, left = c[4] + c[5], c[4] - c[5]
        j = 0
        while j < 100 or max(abs(one) for one in c) > mpmath.mpf(10) ** -80:
            new = -2 * E * c[4] * reach**2 + 2 * h * c[3] * reach**3
            new += -k * c[2] * reach**4 + c[0] * reach**6 / 12
            c = [*c[1:], new / ((j + 1) * (j + 2))]
            right, left = right + c[5], left + (-1) ** j * c[5]
            j += 1
        ends.append((right, left))
    return ends[0][0] * ends[1][1] - ends[0][1] * ends[1][0]


@pytest.mark.verify
@pytest.mark.parametrize(("b2", "b3"), GAPS)
def test_the_gaps_in_many_digits(b2: float, b3: float) -> None:
    start = float(spm.levels([b2], [b3], [1.0], mass=1.0, count=1)[0, 0])
    with mpmath.workdps(80):
        e, r = mpmath.mpf(b2), mpmath.mpf(b3)
        h, k = r * (r**2 / 3 - e), r**2 / 2 - e  # about the middle, where U is e r^2/2 - r^4/8

        def root(rest: tuple[mpmath.mpf, ...], near: mpmath.mpf, step: float) -> mpmath.mpf:
            def f(E: mpmath.mpf) -> mpmath.mpf:
                return two_series(E, h, k) / mpmath.fprod(E - one for one in rest)

            return mpmath.findroot(f, (near, near + step), tol=1e-65, verify=False, maxsteps=200)

        first = root((), start - e * r**2 / 2 + r**4 / 8, 1e-11)
        second = root((first,), first + 1.01 * GAPS[b2, b3], 1e-4 * GAPS[b2, b3])
        assert float(second - first) == pytest.approx(GAPS[b2, b3], rel=1e-15)


@pytest.mark.parametrize("k", SPLITTINGS)
def test_splittings_from_1e_minus_11_to_1e_minus_54(k: float) -> None:
    assert tunnel_splitting(k) == pytest.approx(SPLITTINGS[k], rel=1e-12, abs=0.0)


def test_the_series_about_an_instanton() -> None:
    """(8 k/(pi g))^(1/2) e^(-1/(6 g)) (1 - 71 g/12 - 6299 g^2/288 - ...), asymptotic in g ~ k^(-3/2).

    Four coefficients of Zinn-Justin and Jentschura (2004, arXiv:quant-ph/0501136). Each is less than 17 times
    the one before; so the rest is below 25 times the last and g. 2e-12: rounding of an exponent of 3000.
    """
    for k in (6.0, 10.0, 30.0, 66.0):
        g = k**-1.5 / (24.0 * math.sqrt(2.0))
        coefficients = (-71 / 12, -6299 / 288, -2691107 / 10368, -2125346615 / 497664)
        series = 1.0 + sum(c * g ** (n + 1) for n, c in enumerate(coefficients))
        leading = math.log(2.0 * math.sqrt(2.0 * k) / math.sqrt(math.pi * g)) - 1.0 / (6.0 * g)
        rest = 25.0 * abs(coefficients[-1]) * g**5
        assert log_tunnel_splitting(k) == pytest.approx(leading + math.log(series), rel=0.0, abs=rest + 2e-12)


def test_the_logarithm_goes_on_where_floats_end() -> None:
    """The two routes agree at k = 100, and far out the logarithm is minus the action, 4 2^(1/2) k^(3/2)."""
    slope = 6.0 * math.sqrt(200.0)  # 3/2 of the action by k
    inside, outside = log_tunnel_splitting(100.0), log_tunnel_splitting(100.0 * (1 + 1e-9))
    assert outside - inside == pytest.approx(-slope * 1e-7, abs=1e-8)
    assert tunnel_splitting(100.0) == 0.0
    assert log_tunnel_splitting(1e8) == pytest.approx(-math.sqrt(32.0) * 1e12, rel=1e-10)
    assert log_tunnel_splitting(1e300) == -math.inf


def test_the_dipole() -> None:
    """Two wells far apart: (6 k)^(1/2), less half of what one well's mean lies off for its cubic term.

    <s> = -b3/(4 m^2 omega^3) = -(6 k)^(1/2)/(4 (2 k)^(3/2)) to first order. At k = 0, by diagonalisation.
    """
    k = 40.0
    assert doublet(k).dipole == pytest.approx(math.sqrt(6 * k) * (1 - 1 / (4 * (2 * k) ** 1.5)), rel=2e-6)
    n = np.arange(1, 80)
    x = np.diag(np.sqrt(n / 2.0), 1) + np.diag(np.sqrt(n / 2.0), -1)
    p2 = np.diag(np.arange(80) + 0.5) - 0.5 * x @ x
    _, states = np.linalg.eigh((p2 + np.linalg.matrix_power(x, 4) / 24.0)[:70, :70])
    assert doublet(0.0).dipole == pytest.approx(abs(states[:, 0] @ x[:70, :70] @ states[:, 1]), rel=1e-9)


def test_a_table_is_as_good_as_its_points() -> None:
    k = np.linspace(0.0, 6.0, 1501)
    logs, dipole = doublets(k)
    for one in (7, 101, 777, 1499):
        exact = doublet(float(k[one]))
        assert logs[one] == pytest.approx(exact.log_splitting, rel=0.0, abs=1e-8)
        assert dipole[one] == pytest.approx(exact.dipole, rel=1e-8)


@pytest.mark.parametrize(("b2", "b3"), GAPS)
def test_gaps_of_nearly_symmetric_wells(b2: float, b3: float) -> None:
    gap = spm.splitting([b2, b2], [b3, -b3], [1.0, 1.0], mass=1.0)
    np.testing.assert_allclose(gap, GAPS[b2, b3], rtol=2e-7)  # b3^2 - 3 b2 is rounded: 1e-15 of 5e-9


def test_gaps_are_differences_of_levels_where_those_are_far_apart() -> None:
    b2, b3 = np.array([0.1, 1.0, 2.0, 5.0]), np.array([0.0, 1.7, 2.4, 3.9])
    levels = spm.levels(b2, b3, np.ones(4), mass=0.7, count=2)
    np.testing.assert_allclose(spm.splitting(b2, b3, np.ones(4), mass=0.7), np.diff(levels)[:, 0], rtol=1e-9)


@pytest.mark.parametrize("b3", [4.5, 6.0])
def test_symmetric_wells_tunnel_in_the_specific_heat(b3: float) -> None:
    """b2 = b3^2/3 without rounding: k = b3^2/6, two states 1e-14 or 1e-34 apart; their Schottky anomaly."""
    delta = tunnel_splitting(b3**2 / 6.0)
    wells = spm.QuarticWells(b2=np.array([b3**2 / 3.0]), b3=np.array([b3]), b4=np.array([1.0]))
    assert spm.splitting(wells.b2, wells.b3, wells.b4, mass=1.0)[0] == pytest.approx(delta, rel=1e-9, abs=0.0)
    if delta < 1e-30:
        return
    T = delta * np.array([0.2, 0.4, 3.0])
    x = delta / (2.0 * T)
    heat = spm.specific_heat(wells, T, mass=1.0, freeze=1e-30)
    np.testing.assert_allclose(heat.C, (x / np.cosh(x)) ** 2, rtol=1e-9)
    pairs = spm.two_level_systems(wells, mass=1.0, freeze=1e-30)
    np.testing.assert_allclose([pairs.tunnelling[0], pairs.splitting[0]], delta, rtol=1e-9)


def test_where_tunnelling_ends() -> None:
    for freeze in (0.1, 1e-6, 1e-30):
        assert tunnel_splitting(frozen_from(freeze)) == pytest.approx(freeze, rel=1e-10, abs=0.0)


@pytest.mark.parametrize("k", [-1.0, math.inf, math.nan])
def test_depths_that_are_none(k: float) -> None:
    with pytest.raises(ValueError, match=re.escape(f"k = {k}: must be finite and >= 0")):
        tunnel_splitting(k)
    with pytest.raises(ValueError, match=re.escape("freeze = 1e-31: must be in [1e-30, 0.1]")):
        frozen_from(1e-31)
