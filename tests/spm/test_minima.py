"""Minima of quartic potentials: against 60-digit roots, in degenerate corners, and the stability bound."""

import re
from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import spm

KINDS = st.sampled_from(["any", "symmetric", "fold", "cusp"])
CASES = 500  # potentials in each of 200 drawn examples: 100,000


def exact_minima(a: list[float]) -> list[tuple[float, float, float, float]]:
    """Return (position, b2, energy, saddle) of each minimum, lowest first, from the roots in 60 digits."""
    with mpmath.workdps(60):
        a1, a2, a3, a4 = (mpmath.mpf(value) for value in a)
        roots = mpmath.polyroots([a4 / 6, a3 / 2, a2, a1], maxsteps=500, extraprec=400)
        real = sorted(mpmath.re(root) for root in roots if abs(mpmath.im(root)) < mpmath.mpf(10) ** -25)

        def energy(q: mpmath.mpf) -> mpmath.mpf:
            return q * (a1 + q * (a2 / 2 + q * (a3 / 6 + q * a4 / 24)))

        found = [
            (float(q), float(a2 + a3 * q + a4 * q**2 / 2), energy(q))
            for q in (real[::2] if len(real) > 1 else real)
        ]
        saddle = energy(real[1]) if len(real) == 3 else mpmath.nan
        rows = [(q, b2, float(U), float(saddle - U)) for q, b2, U in sorted(found, key=lambda row: row[2])]
    return rows


def check_stationary(at: Sequence[float], tolerance: float) -> None:
    """Compare the minima of U' = (a4/6) prod (q - at), coefficients rounded, with those in 60 digits."""
    y = np.array(at)
    a = [-y.prod() / 2, (y[0] * y[1] + y[0] * y[2] + y[1] * y[2]) / 2, -y.sum(), 3.0]
    wells, expected = spm.minima(*a), exact_minima(a)
    assert wells.size == len(expected)
    position, b2, energy, barrier = (np.array(column) for column in zip(*expected, strict=True))
    np.testing.assert_allclose(wells.position, position, rtol=tolerance)
    np.testing.assert_allclose(wells.b2, b2, rtol=1e-12)
    np.testing.assert_allclose(wells.energy, energy, rtol=1e-12)
    np.testing.assert_allclose(wells.barrier, barrier, rtol=1e-12)


@pytest.mark.parametrize("separation", [1.0, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10])
def test_nearly_merging_stationary_points_are_found_to_full_precision(separation: float) -> None:
    check_stationary((0.25, 0.25 + separation, -2.0), 1e-14)


@pytest.mark.parametrize("smallness", [1e-2, 1e-4, 1e-6, 1e-8])
def test_near_the_cusp_wells_are_found_to_full_precision(smallness: float) -> None:
    """Three stationary points within `smallness` of 1/3."""
    check_stationary([1.0 / 3.0 + smallness * step for step in (2.0, -0.5, -1.5)], 1e-13)


def test_random_potentials_against_roots_of_many_digits() -> None:
    rng = np.random.default_rng(1)
    a = rng.normal(size=(60, 4)) * [1.0, 2.0, 2.0, 1.0]
    a[:, 3] = np.abs(a[:, 3]) + 1e-2
    wells = spm.minima(*a.T)
    expected = [row for one in a.tolist() for row in exact_minima(one)]
    position, b2, energy, barrier = (np.array(column) for column in zip(*expected, strict=True))
    # a3/a4 reaches 100 here, and is subtracted from all positions: 100 eps, times its powers in the energy
    np.testing.assert_allclose(wells.position, position, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(wells.b2, b2, rtol=1e-9)
    np.testing.assert_allclose(wells.energy, energy, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(wells.barrier, barrier, rtol=1e-8)
    two = wells.partner >= 0
    assert two.any()
    np.testing.assert_array_equal(wells.partner[wells.partner[two]], np.flatnonzero(two))
    np.testing.assert_array_equal(np.isnan(wells.barrier), ~two)
    np.testing.assert_array_equal(np.isnan(wells.cubic_barrier), ~two)
    rise = wells.energy[wells.partner[two]] - wells.energy[two]
    np.testing.assert_allclose(wells.asymmetry[two], rise, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(
    ("a", "b2", "rows"),
    [
        ((0.0, -1.0, 0.0, 6.0), [2.0, 2.0], [True, True]),  # symmetric: both are global
        ((0.0, 1.0, 0.0, 6.0), [1.0], [True]),
        ((-1.0, 0.0, 0.0, 6.0), [3.0], [True]),  # U' = q^3 - 1
        ((0.0, 0.0, 6.0, 6.0), [9.0], [True]),  # U' = q^2 (q + 3): a well and an inflection
    ],
)
def test_special_potentials(a: tuple[float, ...], b2: list[float], rows: list[bool]) -> None:
    wells = spm.minima(*a)
    np.testing.assert_allclose(wells.b2, b2, rtol=1e-15)
    assert wells.is_global.tolist() == rows


@st.composite
def corners(draw: st.DrawFn) -> np.ndarray:
    """Draw CASES potentials: of very different scales, nearly symmetric, nearly merging, or near the cusp."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = 10.0 ** np.array([draw(st.floats(-6.0, 6.0)) for _ in range(4)])
    a = rng.normal(size=(CASES, 4)) * scale
    a[:, 3] = np.abs(a[:, 3]) + 1e-3 * scale[3]
    kind, smallness = (
        draw(st.sampled_from(["any", "symmetric", "fold", "cusp"])),
        10.0 ** draw(st.floats(-14.0, -1.0)),
    )
    a4, middle = a[:, 3], rng.normal(size=CASES)
    if kind in ("symmetric", "cusp"):  # U' = a4 y^3/6 - k y + h about `middle`
        k = np.abs(a[:, 1]) * (smallness if kind == "cusp" else 1.0)
        h = smallness * rng.normal(size=CASES) * np.sqrt(k**3 / a4)
        a[:, 2] = -a4 * middle
        a[:, 1] = -k + a4 * middle**2 / 2
        a[:, 0] = h + k * middle - a4 * middle**3 / 6
    if kind == "fold":
        first, third = middle, middle + rng.normal(size=CASES)
        second = first + smallness * (third - first)
        a[:, 2] = -a4 / 3 * (first + second + third)
        a[:, 1] = a4 / 6 * (first * second + first * third + second * third)
        a[:, 0] = -a4 / 6 * first * second * third
    return a


@given(corners())
@settings(max_examples=200)
def test_the_stability_bound_in_100_000_potentials(a: np.ndarray) -> None:
    """Global minima keep b3^2 <= 3 b2 b4; others violate it and have a partner that is lower; to rounding."""
    wells = spm.minima(*a.T)
    assert wells.potentials == CASES
    lower, upper = np.flatnonzero(wells.is_global), np.flatnonzero(~wells.is_global)
    assert (wells.r[lower] <= 3.0 * (1 + 1e-14)).all()
    assert (wells.r[upper] >= 3.0 * (1 - 1e-14)).all()
    assert lower.size - CASES == np.count_nonzero(wells.asymmetry == 0.0) / 2  # one each, two where symmetric
    assert (wells.asymmetry[upper] < 0.0).all()
    partner = wells.partner[upper]
    assert wells.is_global[partner].all()
    assert (wells.energy[partner] <= wells.energy[upper]).all()
    rise = wells.barrier[partner] - wells.barrier[upper]
    np.testing.assert_allclose(
        wells.asymmetry[partner], rise, atol=1e-13 * wells.barrier[partner].max(initial=0.0)
    )
    alone = wells.partner < 0
    assert (wells.r[~alone] >= 8.0 / 3.0 - 1e-11).all()
    assert (wells.r[alone] <= 8.0 / 3.0 + 1e-11).all()


@pytest.mark.parametrize("r", [8.0 / 3.0 + 1e-9, 2.7, 2.9, 3.0, 3.1, 4.0, 10.0, 1e3, 1e6])
def test_barrier_and_second_well_against_a_direct_search(r: float) -> None:
    """The greatest, then the least energy along the way from the well, by golden sections; b2 = 2, b4 = 3."""
    b2, b4 = 2.0, 3.0
    b3 = -np.sqrt(r * b2 * b4)

    def energy(s: float) -> float:
        return float(s**2 * (b2 / 2 + s * (b3 / 6 + s * b4 / 24)))

    turn = (-b3 + np.sqrt(b3**2 - 2 * b2 * b4)) / b4  # between the saddle and the second well: U'' = 0
    top = minimize_scalar(
        lambda s: -energy(s), bounds=(0.0, turn), method="bounded", options={"xatol": 1e-12}
    )
    bottom = minimize_scalar(energy, bounds=(turn, 10 * turn), method="bounded", options={"xatol": 1e-12})
    assert spm.barrier(b2, b3, b4) == pytest.approx(-top.fun, rel=1e-8)
    assert spm.asymmetry(b2, b3, b4) == pytest.approx(bottom.fun, rel=1e-7, abs=1e-7)


def test_limits_of_the_barrier() -> None:
    """beta(8/3) = 1/2, beta(3) = 3/8, and the cubic barrier 2 b2^3/(3 b3^2) (S 14) for b4 -> 0."""
    assert spm.barrier_factor(8.0 / 3.0 * (1 + 1e-15)) == pytest.approx(0.5, rel=1e-6)
    assert spm.barrier_factor(3.0) == pytest.approx(0.375, rel=1e-15)
    assert spm.asymmetry_factor(3.0) == pytest.approx(0.0, abs=1e-15)
    assert spm.barrier(0.5, 2.0, 1e-9) == pytest.approx(spm.cubic_barrier(0.5, 2.0), rel=1e-8)
    assert np.isnan(spm.barrier_factor([0.0, 2.0, 8.0 / 3.0])).all()
    assert spm.cubic_barrier(1.0, 0.0) == np.inf


@pytest.mark.parametrize(
    ("a", "message"),
    [
        ((0.0, 1.0, 0.0, 0.0), "a4 = 0.0: must be finite and > 0"),
        ((0.0, 1.0, 0.0, [1.0, -2.0]), "a4[1] = -2.0: must be finite and > 0"),
        ((np.nan, 1.0, 0.0, 1.0), "a1 = nan: must be finite"),
    ],
)
def test_bad_coefficients(a: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        spm.minima(*a)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"b2": [1.0, -1.0], "b3": [0.0, 0.0], "b4": [1.0, 1.0]}, "b2[1] = -1.0: must be finite and > 0"),
        ({"b2": [1.0], "b3": [np.inf], "b4": [1.0]}, "b3[0] = inf: must be finite"),
        ({"b2": [1.0], "b3": [0.0], "b4": [0.0]}, "b4[0] = 0.0: must be finite and > 0"),
        ({"b2": [1.0, 1.0], "b3": [0.0], "b4": [1.0]}, "b3 has shape (1,): must be a number or (2,)"),
        ({"b2": [], "b3": [], "b4": []}, "b2 has shape (0,): must be (n,) with n >= 1"),
        ({"b2": [1j]}, "b2 = [1j]: must be real numbers, not of type complex128"),
        ({"b2": np.ones(2) + 0j}, "must be real numbers, not of type complex128"),
        ({"weight": [1.0, -1.0]}, "weight[1] = -1.0: must be finite and >= 0"),
        ({"weight": [np.nan, 1.0]}, "weight[0] = nan: must be finite and >= 0"),
        ({"weight": np.nan}, "weight = nan: must be finite and >= 0"),
        ({"potentials": -5}, "potentials = -5: must be finite and > 0"),
        ({"potentials": 0}, "potentials = 0: must be finite and > 0"),
        ({"potentials": np.nan}, "potentials = nan: must be finite and > 0"),
    ],
)
def test_bad_tables(columns: dict[str, Any], message: str) -> None:
    good = {"b2": [1.0, 1.0], "b3": [0.0, 0.0], "b4": [1.0, 1.0]}
    with pytest.raises(ValueError, match=re.escape(message)):
        spm.QuarticWells(**{**good, **columns})
