"""Specific heat: T^5 of soft wells, the linear term of tunnelling pairs, and the fit to (S 23)."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

import spm
from spm.prefactors import moment
from spm.quantum import frozen_from, tunnel_splitting

MASS = 1e24  # so heavy that wells of b2 < 1e-3 are soft beside the laws of a_n, and quantal
LAW = spm.SoftPotentials(
    a4=spm.Uniform(low=0.98, high=1.02)
)  # all wells have one unit of energy, to 1 percent
UNIT = MASS ** (-2.0 / 3.0)
SOFT = MASS ** (-1.0 / 3.0)  # b2 in units of which eta is counted


def test_soft_wells_give_the_t5_law() -> None:
    """C -> 16 pi^6/21 A_g m^(5/2) T^5, with A_g derived: Gamma(7) zeta(6), for T above the unit of energy.

    4 sigma of 3 temperatures: false alarms 2e-4, the seed is fixed; and 3 percent for what is left of the
    quartic term, which at T = 2 to 4 units fell to that in larger samples.
    """
    wells = spm.sample_soft(LAW, 4000, b2_max=8e3 * SOFT, b2_min=SOFT, seed=1)
    T = UNIT * np.array([2.0, 3.0, 4.0])
    heat = spm.specific_heat(wells, T, mass=MASS)
    expected = 16.0 * math.pi**6 / 21.0 * spm.soft_limits(LAW).A_g * MASS**2.5 * T**5
    assert (heat.error < 0.1 * expected).all()
    assert (np.abs(heat.C - expected) < 4.0 * heat.error + 0.03 * expected).all()


def test_tunnelling_pairs_give_the_linear_term() -> None:
    """C of two-level systems by integration over barrier and asymmetry, against the levels of sampled pairs.

    About the middle U = h u - k u^2/2 + u^4/24 in reduced units, with density M_(13/6) m^(-5/6) dh dk for b4
    = 1: da3 = -b4 dq and (a1, a2) -> (h, k) at given q. The asymmetry is 2 h (6 k)^(1/2), less the difference
    of the two zero-point energies, a part 1/(8 sqrt(2) k^(3/2)) of it; the tunnelling is that of the
    symmetric potential. At T = 0.004 to 0.02 units both are small beside the distance to the next levels.
    """
    freeze = 1e-6
    wells = spm.sample_soft(LAW, 12_000, b2_max=9.0 * SOFT, b2_min=0.8 * SOFT, seed=2)
    T = UNIT * np.array([0.004, 0.01, 0.02])
    heat = spm.specific_heat(wells, T, mass=MASS, freeze=freeze)
    for t, C, error in zip(T / UNIT, heat.C, heat.error, strict=True):

        def at(k: float, t: float = float(t)) -> float:
            tunnelling = tunnel_splitting(k)

            def pair(asymmetry: float) -> float:
                x = math.hypot(asymmetry, tunnelling) / (2.0 * t)
                return (x / math.cosh(x)) ** 2 if x < 300.0 else 0.0

            slope = 2.0 * math.sqrt(6.0 * k) * (1.0 - 1.0 / (8.0 * math.sqrt(2.0) * k**1.5))
            return float(2.0 * quad(pair, 0.0, 40.0 * t)[0] / slope)

        grid = np.linspace(0.6, frozen_from(freeze), 41)  # below, tunnelling is beyond 10 T
        expected = moment(LAW, 13.0 / 6.0) * MASS ** (-5.0 / 6.0) * np.trapezoid([at(k) for k in grid], grid)
        assert error < 0.12 * expected
        assert abs(C - expected) < 4.0 * error + 0.03 * expected  # 3 percent: T beside the unit of energy


def test_two_level_systems_obey_the_pythagoras_of_asymmetry_and_tunnelling() -> None:
    """E^2 = asymmetry^2 + tunnelling^2 where both are small.

    To 10 percent: the zero-point energies differ by 1/(8 sqrt(2) k^(3/2)) of the asymmetry, 7 percent at k =
    1.2.
    """
    wells = spm.sample_soft(LAW, 4000, b2_max=6.0 * SOFT, b2_min=2.5 * SOFT, seed=3)
    pairs = spm.two_level_systems(wells, mass=MASS, freeze=1e-6)
    small = (pairs.asymmetry < 0.02 * UNIT) & (pairs.tunnelling < 0.02 * UNIT)
    assert np.count_nonzero(small) > 50
    expected = np.hypot(pairs.asymmetry, pairs.tunnelling)[small]
    np.testing.assert_allclose(pairs.splitting[small], expected, rtol=0.1)
    assert (pairs.tunnelling > 0.9e-6 * 0.98 * UNIT).all()


def test_frozen_pairs_are_oscillators() -> None:
    """C of (x/sinh x)^2, x = omega/(2 T), with pairs all beyond tunnelling."""
    wells = spm.QuarticWells(b2=np.array([8.0, 1e4]), b3=np.array([4.85, 0.0]), b4=np.array([1.0, 1.0]))
    assert wells.r[0] == pytest.approx(2.94, abs=0.01)
    heat = spm.specific_heat(wells, [0.1, 1.0, 5.0], mass=1.0)
    x = math.sqrt(8.0) / (2.0 * heat.T)
    np.testing.assert_allclose(
        heat.C,
        (x / np.sinh(x)) ** 2 / 2.0 + (50.0 / heat.T / np.sinh(np.minimum(50.0 / heat.T, 300.0))) ** 2 / 2.0,
        rtol=1e-6,
    )
    assert heat.frozen == 0.5


@pytest.mark.parametrize(
    ("T", "options", "message"),
    [
        ([1.0, 0.0], {"mass": 1.0}, "T[1] = 0.0: must be finite and > 0"),
        ([-1.0], {"mass": 1.0}, "T[0] = -1.0: must be finite and > 0"),
        ([1.0], {"mass": 1.0}, "T = 1: must be <= 0.0"),
        ([1e-3], {"mass": -1.0}, "mass = -1.0: must be finite and > 0"),
        ([1e-3], {"mass": 1.0, "freeze": 0.0}, "freeze = 0.0: must be in [1e-30, 0.1]"),
    ],
)  # fmt: skip
def test_bad_input(T: list[float], options: dict[str, Any], message: str) -> None:
    wells = spm.QuarticWells(b2=np.array([1.0]), b3=np.array([0.0]), b4=np.array([1.0]))
    with pytest.raises(ValueError, match=re.escape(message)):
        spm.specific_heat(wells, T, **options)


def test_tables_without_the_wells_that_count() -> None:
    upper = spm.QuarticWells(b2=np.array([1.0]), b3=np.array([2.0]), b4=np.array([1.0]))
    with pytest.raises(ValueError, match=re.escape("wells: none of 1 is a global minimum, r <= 3")):
        spm.specific_heat(upper, [0.01], mass=1.0)
    with pytest.raises(ValueError, match=re.escape("wells: none of 1 is a double well that tunnels")):
        spm.two_level_systems(upper, mass=1.0)
    frozen = spm.QuarticWells(b2=np.array([8.0]), b3=np.array([4.85]), b4=np.array([1.0]))
    assert spm.specific_heat(frozen, [0.01], mass=1.0).frozen == 1.0


def test_a_fit_recovers_what_made_the_data() -> None:
    T = np.geomspace(0.1, 3.0, 30)
    C = 2.0 * T + 0.3 * T**3 + 0.05 * T**5
    free = spm.fit_specific_heat(T, C, 0.01 * C)
    np.testing.assert_allclose([free.C_TLS, free.C_D, free.C_sm], [2.0, 0.3, 0.05], rtol=1e-10)
    assert free.freedom == 27
    given = spm.fit_specific_heat(T, C, 0.01 * C, debye=0.3)
    np.testing.assert_allclose([given.C_TLS, given.C_D, given.C_sm], [2.0, 0.3, 0.05], rtol=1e-12)
    np.testing.assert_allclose(given(T), C, rtol=1e-12)
    assert given.T_min == pytest.approx(40.0**0.25, rel=1e-12)
    fine = np.linspace(2.0, 3.0, 100_001)  # (C - C_D T^3)/T^3 is least at T_min
    reduced = (given(fine) - 0.3 * fine**3) / fine**3
    assert fine[np.argmin(reduced)] == pytest.approx(given.T_min, abs=1e-4)


@pytest.mark.parametrize("debye", [None, 0.3])
def test_the_covariance_of_a_fit(debye: float | None) -> None:
    """400 noisy copies: pulls of all numbers have mean 0 and spread 1, within 4 sigma; chi^2 its mean."""
    T = np.geomspace(0.1, 3.0, 12)
    truth, error = 2.0 * T + 0.3 * T**3 + 0.05 * T**5, 0.02 * T * (1.0 + T)
    rng = np.random.default_rng(1)
    pulls, chi2 = [], []
    for _ in range(400):
        fit = spm.fit_specific_heat(T, truth + error * rng.normal(size=T.size), error, debye=debye)
        sigma = np.sqrt(np.diag(fit.covariance))
        pulls.append(
            [
                (fit.C_TLS - 2.0) / sigma[0],
                (fit.C_sm - 0.05) / sigma[2],
                (fit.T_min - 40**0.25) / fit.T_min_error,
            ]
        )
        chi2.append(fit.chi2)
    assert (np.abs(np.mean(pulls, axis=0)) < 4.0 / 20.0 + 0.05).all()  # 0.05: T_min is not linear in C
    assert (np.abs(np.std(pulls, axis=0) - 1.0) < 4.0 / math.sqrt(800) + 0.02).all()
    assert abs(np.mean(chi2) - fit.freedom) < 4.0 * math.sqrt(2.0 * fit.freedom / 400)


def test_data_of_a_user(tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    path.write_text(
        "sample,T,C,C_error\n" + "".join(f"a,{t},{2 * t + 0.1 * t**5},0.1\n" for t in (0.5, 1.0, 2.0))
    )
    data = spm.read_specific_heat(path)
    fit = spm.fit_specific_heat(data.T, data.C, data.C_error, debye=0.0)
    np.testing.assert_allclose([fit.C_TLS, fit.C_sm], [2.0, 0.1], rtol=1e-12)


def test_without_errors_the_scatter_gives_them() -> None:
    """Errors of one relative size s: (S 23) fitted to C(1 + s xi) has pulls of unit width, and finds s.

    False alarm: each bound is four standard deviations of a mean or spread over 400 fits, 6e-5.
    """
    T, s = np.geomspace(0.1, 3.0, 40), 0.03
    truth = 2.0 * T + 0.3 * T**3 + 0.05 * T**5
    rng = np.random.default_rng(2)
    pulls, variance = [], []
    for _ in range(400):
        fit = spm.fit_specific_heat(T, truth * (1.0 + s * rng.normal(size=T.size)), None)
        pulls.append((fit.C_sm - 0.05) / math.sqrt(fit.covariance[2, 2]))
        assert fit.relative_error is not None
        variance.append(fit.relative_error**2)
        assert fit.chi2 == fit.freedom
    assert abs(np.mean(pulls)) < 4.0 / 20.0 + 0.05  # 0.05: the weights have the scatter of C, 3 percent
    assert abs(np.std(pulls) - 1.0) < 4.0 / math.sqrt(800) + 0.03  # t of 37 degrees has spread 1.028
    assert abs(np.mean(variance) / s**2 - 1.0) < 4.0 * math.sqrt(2.0 / 37 / 400) + 4.0 * s**2
    with pytest.raises(ValueError, match="C_error: must be given for 3 values"):
        spm.fit_specific_heat([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], None)
    with pytest.raises(ValueError, match=r"C\[1\] = -2\.0: must be finite and > 0"):
        spm.fit_specific_heat([1.0, 2.0, 3.0, 4.0], [1.0, -2.0, 3.0, 1.0], None)


@pytest.mark.parametrize(
    ("T", "C", "error", "debye", "message"),
    [
        ([1.0, 0.0, 2.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0], None, "T[1] = 0.0: must be finite and > 0"),
        ([1.0, 2.0, 3.0], [1.0, math.nan, 1.0], [1.0, 1.0, 1.0], None, "C[1] = nan: must be finite"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], [1.0, 0.0, 1.0], None, "C_error[1] = 0.0: must be finite and > 0"),
        ([1.0, 2.0], [1.0, 1.0], [1.0, 1.0], None, "T: 2 different values; must be at least 3"),
        ([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], 0.0, "T: 1 different values; must be at least 2"),
        ([1.0, 2.0], [1.0], [1.0, 1.0], 0.0, "C has shape (1,): must be (2,)"),
        ([1.0, 2.0], [1.0, 1.0], [1.0, 1.0], math.inf, "debye = inf: must be finite"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_fitted(
    T: list[float], C: list[float], error: list[float], debye: float | None, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        spm.fit_specific_heat(T, C, error, debye=debye)
