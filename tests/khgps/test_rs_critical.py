"""The critical line: which end comes first, the laws of D(omega) on it, the special point, bad input."""

import dataclasses
import math
import re
from typing import Any

import numpy as np
import pytest

import khgps

LAW: dict[str, float] = {"kappa_0": 1.0, "kappa_min": 0.1}


def slopes(omega: np.ndarray, density: np.ndarray) -> np.ndarray:
    """Return the local exponents d ln D/d ln omega."""
    return np.asarray(np.diff(np.log(density)) / np.diff(np.log(omega)))


def at(point: khgps.CriticalPoint, **law: Any) -> khgps.KHGPS:
    return khgps.KHGPS(N=2, J=float(point.J), h=float(point.h), **law)


def test_arrays_in_arrays_out() -> None:
    fields = np.array([[0.0, 0.001, 0.01], [0.1, 1.0, 10.0]])
    line = khgps.critical_coupling(fields, **LAW)
    one = khgps.critical_coupling(0.1, **LAW)
    for name, value in dataclasses.asdict(line).items():
        assert value.shape == (2, 3)
        assert type(getattr(one, name)) is float
        np.testing.assert_allclose(value[1, 0], getattr(one, name), rtol=1e-10, atol=1e-12)
    assert khgps.critical_coupling([], **LAW).J.shape == (0,)  # type: ignore[union-attr]
    assert khgps.critical_coupling([1, 2], **LAW).exponent.tolist() == [4.0, 4.0]  # type: ignore[union-attr]


def test_the_line_is_continuous_and_its_parts_meet_at_the_special_point() -> None:
    special = khgps.special_point(**LAW)
    h = float(special.h) * np.array([0.1, 0.5, 0.99, 0.999999, 1.000001, 1.01, 2.0, 10.0])
    line = khgps.critical_coupling(h, **LAW)
    assert line.exponent.tolist() == [2.0] * 4 + [4.0] * 4  # type: ignore[union-attr]
    assert np.all(np.diff(line.J) > 0.0)
    np.testing.assert_allclose(np.asarray(line.J)[3:5], special.J, rtol=1e-5)
    np.testing.assert_allclose(np.asarray(line.replicon)[:4], 0.0, atol=1e-12)
    assert np.all(np.asarray(line.gap_edge)[:4] > 0.0)
    assert np.all(np.asarray(line.gap_edge)[4:] == 0.0)
    assert np.all(np.diff(np.asarray(line.replicon)[4:]) > 0.0)
    assert max(abs(float(special.gap_edge)), abs(float(special.replicon))) < 1e-12


@pytest.mark.parametrize(
    ("h", "kappa_min", "kappa_0", "beta", "exponent"),
    [
        (0.0, 0.1, 1.0, 0.0, 2.0),
        (0.001, 0.1, 1.0, 0.0, 2.0),
        (0.1, 0.1, 1.0, 0.0, 4.0),
        (1.0, 0.1, 1.0, 0.0, 4.0),
        (0.3, 0.1, 1.0, 0.25, 4.5),
        (0.3, 0.1, 1.0, 1.0, 6.0),
        (0.1, 0.1, 1.0, -0.6, 2.0),
        (0.0, 0.1, 1.0, 1.5, 4.0),  # x = 0: the law of k is that of kappa', and D ~ omega^(2 beta + 1)
        (0.001, 1.0, 1.0, 0.0, 2.0),  # one stiffness: omega^2 in every field
        (1.0, 1.0, 1.0, 0.0, 2.0),
        (30.0, 1.0, 1.0, 0.0, 2.0),
    ],
)
def test_low_frequency_law_of_the_solved_spectrum(
    h: float, kappa_min: float, kappa_0: float, beta: float, exponent: float
) -> None:
    """D omega^-exponent tends to the prefactor: at a tenth of omega, a tenth of the correction or less."""
    law = {"kappa_min": kappa_min, "kappa_0": kappa_0, "beta": beta}
    point = khgps.critical_coupling(h, **law)
    assert point.exponent == exponent
    omega = np.array([1e-4, 1e-5])
    density = khgps.rs_spectrum(at(point, **law), omega)
    error = density / (point.prefactor * omega**exponent) - 1.0
    assert abs(error[1]) < max(0.1 * abs(error[0]), 1e-7)
    np.testing.assert_allclose(slopes(omega, density), exponent, rtol=3e-4)


@pytest.mark.parametrize("beta", [-0.3, 0.0, 0.2])
def test_low_frequency_law_at_the_special_point(beta: float) -> None:
    """Both ends at once: lambda ~ (-zeta)^a, a = beta + 3/2, so D ~ omega^(1 + 2/a): 7/3 for the uniform law.

    The next term is of order zeta^(2 - a) relative to the leading one: slow for beta near 1/2.
    """
    point = khgps.special_point(beta=beta, **LAW)
    assert point.exponent == pytest.approx(1 + 2 / (beta + 1.5), rel=1e-12)
    omega = np.array([1e-5, 1e-7])
    density = khgps.rs_spectrum(at(point, beta=beta, **LAW), omega)
    error = density / (point.prefactor * omega**point.exponent) - 1.0
    assert abs(error[1]) < abs(error[0]) < 0.02
    np.testing.assert_allclose(slopes(omega, density), point.exponent, rtol=1e-3)


@pytest.mark.parametrize("beta", [0.8, 0.9])
def test_low_frequency_law_at_the_special_point_of_a_steep_law(beta: float) -> None:
    """E[1/k^3] is finite for beta > 1/2: omega^2 and its prefactor; the next term is ~ zeta^(beta - 1/2)."""
    point = khgps.special_point(beta=beta, **LAW)
    assert point.exponent == 2.0
    assert abs(float(point.replicon)) < 1e-9
    omega = np.array([1e-5, 1e-7])
    density = khgps.rs_spectrum(at(point, beta=beta, **LAW), omega)
    error = density / (point.prefactor * omega**2) - 1.0
    expected = 100.0 ** (0.5 - beta)
    assert abs(error[1]) < 0.02
    assert error[1] / error[0] == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("beta", [0.0, 0.25])
def test_the_prefactor_diverges_at_the_special_point(beta: float) -> None:
    """The replicon r vanishes there linearly in h, and A_g ~ r^-(beta + 5/2): exponent 5/2 at beta = 0."""
    special = khgps.special_point(beta=beta, **LAW)
    distance = np.array([1e-4, 1e-5])
    line = khgps.critical_coupling(float(special.h) * (1 + distance), beta=beta, **LAW)
    np.testing.assert_allclose(slopes(distance, np.asarray(line.prefactor)), -(beta + 2.5), rtol=1e-3)


def test_a_narrow_law_ends_as_one_stiffness() -> None:
    """First in the width, the line is that of the mean stiffness."""
    for h in (0.01, 1.0):
        one = khgps.critical_coupling(h, kappa_min=1.0, kappa_0=1.0)
        for width in (1e-3, 1e-6):
            narrow = khgps.critical_coupling(h, kappa_min=1.0 - width / 2, kappa_0=1.0 + width / 2)
            np.testing.assert_allclose(
                np.array([narrow.J, narrow.q, narrow.chi]),
                np.array([one.J, one.q, one.chi]),
                rtol=2 * width**2 + 1e-9,
            )


def test_one_stiffness_ends_by_the_replicon_in_every_field() -> None:
    line = khgps.critical_coupling(np.geomspace(1e-6, 300.0, 20), kappa_min=1.0, kappa_0=1.0)
    assert set(np.asarray(line.exponent)) == {2.0}
    np.testing.assert_allclose(line.replicon, 0.0, atol=1e-11)
    assert np.all(np.diff(line.J) > 0.0)
    assert np.all(np.asarray(line.gap_edge) > 0.0)


def test_small_fields() -> None:
    """J_c - J_c(0) ~ h^(2/3), as of the de Almeida-Thouless line near its end in no field: on the line
    0 = E[x^2] - v E[1/k^2] = h^2 E[1/kappa'^2] - O(v^3), as its terms in v^2 cancel: v ~ h^(2/3)."""
    h = np.array([1e-10, 1e-9])
    for law in (LAW, {"kappa_min": 1.0, "kappa_0": 1.0}):
        line, end = khgps.critical_coupling(h, **law), khgps.critical_coupling(0.0, **law)
        np.testing.assert_allclose(slopes(h, np.asarray(line.q)), 2 / 3, rtol=1e-3)
        np.testing.assert_allclose(slopes(h, np.asarray(line.J) - end.J), 2 / 3, rtol=2e-3)


@pytest.mark.parametrize(
    ("h", "law", "error", "message"),
    [
        (-1, LAW, ValueError, "h = -1.0: must be finite and >= 0"),
        (math.nan, LAW, ValueError, "h = nan: must be finite"),
        ([0.1, -1.0], LAW, ValueError, "h[1] = -1.0: must be finite and >= 0"),
        ([[0.1, math.nan]], LAW, ValueError, "h[0, 1] = nan: must be finite and >= 0"),
        ("a", LAW, ValueError, "h = 'a': must be real numbers"),
        (["a"], LAW, ValueError, "h = ['a']: must be real numbers"),
        (
            0.1,
            {},
            ValueError,
            "kappa_min = 0.0: must be > 0, or there is no replica-symmetric phase at any J > 0",
        ),
        (0.1, {"kappa_min": 2.0}, ValueError, "kappa_min = 2.0: must be finite and <= 1"),
        (0.1, {**LAW, "A": 0.0}, ValueError, "A = 0.0: must be finite and > 0"),
        (0.1, {**LAW, "beta": -1.0}, ValueError, "beta = -1.0: must be finite and > -1"),
    ],
)
def test_bad_input_names_value_and_rule(
    h: Any, law: dict[str, float], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match="^" + re.escape(message)):
        khgps.critical_coupling(h, **law)


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ({"kappa_0": 1.0, "kappa_min": 1.0}, "kappa_min = 1.0: must be < kappa_0 = 1.0"),
        ({**LAW, "beta": -0.5}, "beta = -0.5: must be > -1/2"),
        (
            {**LAW, "beta": 2.0},
            "kappa_min = 0.1: must be > E[1/(kappa - kappa_min)]/E[1/(kappa - kappa_min)^2] = 0.45",
        ),
        (
            {"kappa_0": 1.0, "kappa_min": 1e-4, "beta": 1.0},
            "beta = 1.0: puts the special point at a field below",
        ),
        ({"kappa_0": 1.0, "kappa_min": 0.0}, "kappa_min = 0.0: must be > 0"),
    ],
)
def test_where_there_is_no_special_point(law: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        khgps.special_point(**law)


def test_steep_laws_end_by_the_edge_down_to_no_field() -> None:
    """beta > 1, kappa_min < w (beta - 1)/beta: r = 1 - kappa_min beta/((beta - 1) w) > 0 at b = 0, x = 0."""
    line = khgps.critical_coupling([0.0, 1e-6, 1e-2], beta=2.0, **LAW)
    assert line.exponent.tolist() == [5.0, 8.0, 8.0]  # type: ignore[union-attr]
    np.testing.assert_allclose(np.asarray(line.replicon)[:2], 1 - 0.1 * 2 / 0.9, rtol=1e-3)
    np.testing.assert_allclose(
        np.asarray(line.J)[0] ** 2, 0.1 * 0.9 * 2 / 3, rtol=1e-12
    )  # kappa_min/E[1/kappa']


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ({"kappa_min": 1e-300}, "kappa_min = 1e-300: must be at least 1e-60 kappa_0, or 0"),
        ({"kappa_min": 1e150, "kappa_0": 2e150}, "kappa_0 = 2e+150: must be within 1e-60 and 1e+60"),
        ({"kappa_min": 1e-101, "kappa_0": 1e-100}, "kappa_0 = 1e-100: must be within 1e-60 and 1e+60"),
    ],
)
def test_laws_beyond_the_quadrature_are_refused(law: dict[str, float], message: str) -> None:
    for h in (0.0, 0.1):
        with pytest.raises(ValueError, match="^" + re.escape(message)):
            khgps.critical_coupling(h, **law)
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        khgps.solve_rs(dataclasses.replace(khgps.KHGPS(N=2, J=1e-3, h=0.1), **law))  # type: ignore[arg-type]


def test_a_gap_below_all_fields_is_not_solved_in_silence() -> None:
    """E[x^2] chi J^2 underflows on the way to the gap edge."""
    with pytest.raises(khgps.StalledError, match="below all floats at gap edge b = 0"):
        khgps.critical_coupling(0.1, kappa_min=1e-50)


@pytest.mark.parametrize("kappa_min", [1e-10, 1e-30, 1e-50])
def test_zero_field_with_hardly_a_gap(kappa_min: float) -> None:
    """J_c^2 = b (1 - kappa_min + b) and b + J_c^2/(1 - kappa_min) ln[(1 - kappa_min + b)/b] = kappa_min."""
    found = khgps.critical_coupling(0.0, kappa_min=kappa_min)

    def left(b: float) -> float:
        top = 1.0 - kappa_min + b
        return b + b * top / (1.0 - kappa_min) * math.log(top / b) - kappa_min

    low, high = 1e-6 * kappa_min, kappa_min
    for _ in range(100):
        b = (low * high) ** 0.5
        low, high = (b, high) if left(b) < 0.0 else (low, b)
    assert pytest.approx(b * (1.0 - kappa_min + b), rel=1e-9) == found.J**2
