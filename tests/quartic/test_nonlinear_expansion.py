"""Expansions along a direction: against mpmath, the exact line, theory's formulas, and their symmetries."""

import math
import re

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import quartic
import spm
from quartic.nonlinear import Expansion, barrier, expansion
from tests.oscillators import points, problems, rescaled
from theory import formulas, strategies


def unit(data: st.DataObject, problem: quartic.Problem) -> np.ndarray:
    z = data.draw(points(problem))
    size = np.linalg.norm(z)
    assume(size > 1e-3)
    return np.asarray(z / size)


def test_coefficients_are_derivatives_of_the_energy() -> None:
    """mpmath differentiates the energy, in exact numbers from the float64 ones, to 30 digits."""
    rng = np.random.default_rng(1)
    upper = np.triu(rng.normal(size=(5, 5)), 1)
    problem = quartic.Problem(rng.normal(size=5), upper + upper.T, rng.normal(size=5), 1.7)
    x, z = rng.normal(size=5), rng.normal(size=5)
    z /= np.linalg.norm(z)
    kappa, h, j = problem.stiffness, problem.field, problem.coupling.dense()

    def energy(s: mpmath.mpf) -> mpmath.mpf:
        y = [mpmath.mpf(a) + s * mpmath.mpf(b) for a, b in zip(x, z, strict=True)]
        pairs = sum(mpmath.mpf(j[i, k]) * y[i] * y[k] for i in range(5) for k in range(i))
        own = sum(
            mpmath.mpf(kappa[i]) * y[i] ** 2 / 2 + mpmath.mpf(1.7) * y[i] ** 4 / 24 - mpmath.mpf(h[i]) * y[i]
            for i in range(5)
        )
        return own + pairs

    with mpmath.workdps(60):
        exact = [float(mpmath.diff(energy, 0, n, h=mpmath.mpf("1e-10"))) for n in (2, 3, 4)]
    np.testing.assert_allclose(expansion(problem, x, z), exact, rtol=1e-12)  # rounding of sums of five


@given(strategies.double_wells())
def test_barriers_are_maxima_of_the_energy(well: strategies.Quartic) -> None:
    """Stationary points by mpmath's root finder; theory's formulas, written another way."""
    e = Expansion(*well)
    b2, b3, b4 = map(mpmath.mpf, well)
    with mpmath.workdps(40):
        roots = mpmath.polyroots([b4 / 6, b3 / 2, b2], maxsteps=200, extraprec=200)
        top = min(float(b2 * s**2 / 2 + b3 * s**3 / 6 + b4 * s**4 / 24) for s in roots if not s.imag)
        highest = max(float(b2 * s**2 / 2 + b3 * s**3 / 6 + b4 * s**4 / 24) for s in roots if not s.imag)
    assert top < highest
    assert barrier(e, exact=True) == pytest.approx(highest, rel=1e-9)  # r near 8/3 loses digits in 9 r - 24
    theory = formulas.quartic_barrier(np, e.b2, e.b4, e.ratio)
    assert barrier(e, exact=True) == pytest.approx(theory, rel=1e-12)
    assert barrier(e) == pytest.approx(formulas.cubic_barrier(np, e.b2, e.b3), rel=1e-14)
    assert barrier(e) < barrier(e, exact=True)  # b4 s^4 raises the energy everywhere


def test_limits_of_the_barrier() -> None:
    """beta = 1/2 where the barrier appears, r = 8/3, 3/8 where both wells are equal, and cubic as b4 -> 0."""
    assert barrier(Expansion(1.0, math.sqrt(8 / 3) + 1e-15, 1.0), exact=True) == pytest.approx(0.5, abs=1e-7)
    assert barrier(Expansion(2.0, math.sqrt(3.0), 0.5), exact=True) == pytest.approx(0.375 * 8, rel=1e-14)
    thin = Expansion(1.0, 1.0, 1e-9)
    assert barrier(thin, exact=True) == pytest.approx(
        barrier(thin), rel=1e-8
    )  # the next term is of order 1/r
    assert math.isnan(barrier(Expansion(1.0, 1.63, 1.0), exact=True))  # 1.63^2 < 8/3
    assert barrier(Expansion(1.0, 0.0, 1.0)) == math.inf
    many = Expansion(np.ones(3), np.array([0.0, 1.0, -2.0]), np.ones(3))
    np.testing.assert_allclose(barrier(many), [np.inf, 2 / 3, 1 / 6])
    assert np.isnan(barrier(many, exact=True)).tolist() == [True, True, False]


@given(st.data())
def test_the_energy_along_a_direction_from_a_stationary_point_is_the_expansion(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    problem = quartic.Problem(
        problem.stiffness,
        problem.coupling,
        problem.field + quartic.gradient(problem, x),
        problem.anharmonicity,
    )
    z = unit(data, problem)
    found = expansion(problem, x, z)
    c = quartic.line_coefficients(problem, x, z)
    scale = 1.0 + np.abs(quartic.hessian(problem, x)).sum() + problem.anharmonicity * np.abs(x).sum()
    exact = [found.b2 / 2, found.b3 / 6, found.b4 / 24]
    np.testing.assert_allclose(c[1:], [0.0, *exact], rtol=0, atol=1e-13 * scale)


@given(st.data(), st.floats(0.1, 10.0), st.randoms(use_true_random=False))
def test_symmetries(data: st.DataObject, a: float, random: st.DrawFn) -> None:
    """z -> -z, any order of sites, and x = a y: b_n(y) = b_n(x) a^(n-4)/A, so B is in units of A a^4."""
    problem = data.draw(problems())
    x, z = data.draw(points(problem)), unit(data, problem)
    b2, b3, b4 = expansion(problem, x, z)
    size = 1e-13 * (1.0 + np.abs(quartic.hessian(problem, x)).sum())
    np.testing.assert_allclose(expansion(problem, x, -z), [b2, -b3, b4], rtol=1e-13, atol=size)
    order = np.random.default_rng(random.randrange(2**32)).permutation(problem.size)  # type: ignore[attr-defined]
    shuffled = quartic.Problem(
        problem.stiffness[order],
        problem.coupling.dense()[np.ix_(order, order)],
        problem.field[order],
        problem.anharmonicity,
    )
    bound = size + 1e-13 * problem.anharmonicity * float(np.abs(x).sum())
    np.testing.assert_allclose(expansion(shuffled, x[order], z[order]), [b2, b3, b4], rtol=1e-12, atol=bound)
    unit_a = problem.anharmonicity
    exact = np.array([b2 / a**2, b3 / a, b4]) / unit_a
    found = expansion(rescaled(problem, a), x / a, z)
    np.testing.assert_allclose(found, exact, rtol=1e-12, atol=bound * (1 + a**-2) / unit_a)


def test_columns_are_expanded_one_by_one() -> None:
    rng = np.random.default_rng(2)
    problem = quartic.Problem(rng.uniform(1, 2, 6), np.zeros((6, 6)), 0.1, 1.0)
    x, z = rng.normal(size=6), np.eye(6)
    found = expansion(problem, x, z)
    for k in range(6):
        one = expansion(problem, x, z[:, k])
        assert all(isinstance(b, float) for b in one)
        np.testing.assert_array_equal(one, [b[k] for b in found])
        assert (one.b2, one.b3, one.b4) == (problem.stiffness[k] + x[k] ** 2 / 2, x[k], 1.0)


def test_what_is_no_direction_is_refused() -> None:
    problem = quartic.Problem(np.ones(3), np.zeros((3, 3)), 0.1, 1.0)
    for z, message in (
        (np.ones(3), "direction 0 has |z| = 1.73205: must be 1"),
        (np.ones(4) / 2, "z has shape (4,): must be (3,) or (3, m) with m >= 1"),
        (np.ones((3, 0)), "z has shape (3, 0): must be (3,) or (3, m) with m >= 1"),
        (np.array([1.0, 0.0, np.nan]), "z[2] = nan: must be finite"),
        (np.ones(3) * 1j, "must be real numbers, not of type complex128"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            expansion(problem, np.zeros(3), z)
    for wrong, message in ((Expansion(0.0, 1.0, 1.0), "b2 = 0.0"), (Expansion(1.0, 1.0, -2.0), "b4 = -2.0")):
        with pytest.raises(ValueError, match=re.escape(f"{message}: must be finite and > 0")):
            barrier(wrong)


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e-100, 1e100, 1e200])
def test_barriers_scale_with_the_energy(size: float) -> None:
    """All three coefficients times a number: so is the barrier, though their cubes are beyond floats.

    b2 = b4 = 1 and b3 = 3: 2/27 of the cubic; of the quartic, with r = 9, sigma = (9 - sqrt(57))/2.
    """
    sigma = (9.0 - 57.0**0.5) / 2.0
    height = sigma**2 / 2.0 - 3.0 * sigma**3 / 6.0 + sigma**4 / 24.0
    well = quartic.Expansion(size, 3.0 * size, size)
    assert well.ratio == pytest.approx(9.0, rel=1e-15)
    assert quartic.barrier(well) / size == pytest.approx(2.0 / 27.0, rel=1e-14)
    assert quartic.barrier(well, exact=True) / size == pytest.approx(height, rel=1e-13)
    assert spm.barrier(size, 3.0 * size, size) / size == pytest.approx(height, rel=1e-13)
    # the second well is at t = (9 + sqrt(57))/2
    second = (9.0 + 57.0**0.5) / 2.0
    depth = second**2 / 2.0 - 3.0 * second**3 / 6.0 + second**4 / 24.0
    assert spm.asymmetry(size, 3.0 * size, size) / size == pytest.approx(depth, rel=1e-13)
