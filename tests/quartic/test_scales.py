"""The exact rescaling over hundreds of decades: the same status, the same minimum, in other units.

x = a y turns H into e H' with kappa' = kappa a^2/e, J' likewise, h' = h a/e, A' = A a^4/e. Nothing of it is
an approximation, so no status may depend on a and e as long as the numbers themselves are floats.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import findroot, mp, mpf

import khgps
import quartic
from landscape.nonlinear.branch import Branch
from quartic.anneal import FIELD_PATHS, anneal
from quartic.nonlinear.uniform_field import UniformField
from quartic.oscillator import lone_minimum

BASE = khgps.draw(khgps.KHGPS(N=24, J=0.1, h=0.1, kappa_min=0.3), seed=1, sample=0)  # kappa_min > 2 J: convex
GLASSY = khgps.draw(khgps.KHGPS(N=24, J=0.4, h=0.1), seed=1, sample=0)
methods = pytest.mark.parametrize("method", quartic.METHODS)
decades = st.tuples(st.floats(-60.0, 60.0), st.floats(-250.0, 250.0))


def alone(kappa: float, h: float, a: float) -> quartic.Problem:
    return quartic.Problem([kappa], [[0.0]], h, a)


def enlarged(problem: quartic.Problem, a: float, e: float) -> quartic.Problem:
    """Return the problem of x = 10^a y, H = 10^e H'; the disorder stays stored as it is."""
    exponents = (e - 2 * a, e - a, e - 4 * a)
    assume(max(np.abs(exponents)) < 295)
    stiffness, force, quartic_term = (10.0**power for power in exponents)
    return quartic.Problem(
        problem.stiffness * stiffness,
        problem.coupling.dense() * stiffness,
        problem.field * force,
        problem.anharmonicity * quartic_term,
    )


@methods
@given(decades)
@settings(max_examples=40)
def test_minima_are_rescaled_with_the_problem(method: str, powers: tuple[float, float]) -> None:
    """Newton's iteration with a dense Hessian, in ordinary units, knows where the one minimum is."""
    a, e = powers
    y = np.zeros(BASE.size)
    for _ in range(50):
        y -= np.linalg.solve(quartic.hessian(BASE, y), quartic.gradient(BASE, y))
    found = quartic.minimize(enlarged(BASE, a, e), method=method, start="zero", check=False)
    assert found.status == "converged"
    np.testing.assert_allclose(found.x / 10.0**a, y, rtol=0, atol=1e-8)  # |g| <= 1e-10 F, curvatures > 0.1
    assert found.energy / 10.0**e == pytest.approx(quartic.energy(BASE, y), rel=1e-12)
    terms = np.abs(BASE.stiffness * y) + np.abs(BASE.coupling @ y) + np.abs(y) ** 3 / 6 + BASE.field
    assert found.force_scale / 10.0 ** (e - a) == pytest.approx(np.sqrt(np.mean(terms**2)), rel=1e-7)


@given(decades)
@settings(max_examples=25)
def test_protocols_modes_and_explorations_are_rescaled(powers: tuple[float, float]) -> None:
    a, e = powers
    problem = enlarged(BASE, a, e)
    reference = quartic.minimize(BASE)
    for path in FIELD_PATHS:
        np.testing.assert_allclose(anneal(problem, path=path).x / 10.0**a, reference.x, rtol=0, atol=1e-8)
    found = quartic.explore(problem, starts=3)
    assert found.statuses == ("converged",) * 3
    np.testing.assert_allclose(found.x / 10.0**a, reference.x[None, :], rtol=0, atol=1e-8)
    assert found.energies[0] / 10.0**e == pytest.approx(reference.energy, rel=1e-12)
    assert found.overlaps[0, 0] / 10.0 ** (2 * a) == pytest.approx(np.mean(reference.x**2), rel=1e-7)
    modes = quartic.low_modes(problem, found.x[0], 3)
    expected = np.linalg.eigvalsh(quartic.hessian(BASE, reference.x))[:3]
    np.testing.assert_allclose(modes.eigenvalues / 10.0 ** (e - 2 * a), expected, rtol=1e-7)


@pytest.mark.parametrize("start", ["random", "decoupled"])
@pytest.mark.parametrize("power", [-400, -90, 90, 400])
@methods
def test_a_glassy_walk_is_the_same_in_any_power_of_two(method: str, power: int, start: str) -> None:
    """No rounding but that of the start and of the units of time: bit for bit from a given start."""
    point = quartic.minimize(GLASSY, start=start, max_products=1, check=False).x
    problem = quartic.Problem(
        np.ldexp(GLASSY.stiffness, power),
        np.ldexp(GLASSY.coupling.dense(), power),
        np.ldexp(GLASSY.field, power),
        np.ldexp(GLASSY.anharmonicity, power),
    )
    dense = quartic.Problem(GLASSY.stiffness, GLASSY.coupling.dense(), GLASSY.field, GLASSY.anharmonicity)
    one = quartic.minimize(dense, method=method, start=point)
    other = quartic.minimize(problem, method=method, start=point)
    np.testing.assert_array_equal(other.x, one.x)
    assert (other.status, other.products) == (one.status, one.products)


@methods
@pytest.mark.parametrize(
    ("kappa", "h", "a", "start"),
    [
        (0.5, 1e-15, 1.0, "random"),
        (0.5, 1e-300, 1.0, "zero"),
        (1.0, 1.0, 1e-30, "zero"),
        (1.0, 1.0, 1e-300, "decoupled"),
        (-1.0, 1e-200, 1.0, "zero"),  # from the slope of a weak field to a well of size one
        (0.0, 1e-250, 1.0, "zero"),
        (1e-200, 1.0, 1.0, "random"),
    ],
)
def test_weak_and_strong_terms_beside_others(
    method: str, kappa: float, h: float, a: float, start: str
) -> None:
    """The lone oscillator against its cubic, in numbers of hundreds of digits."""
    found = quartic.minimize(alone(kappa, h, a), method=method, start=start, tol=1e-9)
    assert found.status == "converged"
    with mp.workdps(700):
        root = findroot(
            lambda x: mpf(kappa) * x + mpf(a) * x**3 / 6 - mpf(h), mpf(float(found.x[0])), tol=0, verify=False
        )
        assert abs(found.x[0] / root - 1) < 1e-8
        assert kappa + a * root**2 / 2 > 0


@pytest.mark.parametrize("method", ["lbfgs", "cg", "newton"])
@pytest.mark.parametrize("size", [1e52, 1e80, 1e100])
def test_a_start_far_away(method: str, size: float) -> None:
    """x^3/6 alone is 1e155 and more there, and its square overflows."""
    start = size * np.cos(np.arange(BASE.size))
    found = quartic.minimize(BASE, method=method, start=start, check=False)
    assert found.status == "converged"
    np.testing.assert_allclose(found.x, quartic.minimize(BASE).x, rtol=0, atol=1e-8)
    explored = quartic.explore(BASE, starts=[start, "zero"], check=False)
    assert (explored.statuses, explored.multiplicities.tolist()) == (("converged",) * 2, [2])


@pytest.mark.parametrize(("kappa", "h"), [(-1e160, 1.0), (0.0, 1e300)])
def test_energies_beyond_the_range_of_floats_are_no_minima(kappa: float, h: float) -> None:
    """-kappa^2/A and -h^(4/3)/A^(1/3) are 1e320 and 1e400."""
    with pytest.raises(quartic.MinimizationError, match="energy -inf beyond the range of floats") as caught:
        quartic.minimize(alone(kappa, h, 1.0))
    assert caught.value.result.status == "stalled"
    assert quartic.explore(alone(kappa, h, 1.0), starts=2, check=False).statuses == ("stalled",) * 2


def test_a_displacement_without_digits_is_no_minimum() -> None:
    """x = h/kappa = 1e-320 has four digits, fewer than tol asks for."""
    with pytest.raises(quartic.MinimizationError, match="beyond the range of floats"):
        quartic.minimize(alone(1.0, 1e-320, 1.0))


def test_a_field_that_no_random_start_can_feel_is_named() -> None:
    with pytest.raises(ValueError, match="field = 1e-300: is beyond the range of floats beside"):
        quartic.minimize(alone(1e100, 1e-300, 1e-200), start="random")


def test_what_weak_forces_do_not_balance_is_not_stationary() -> None:
    """1 percent off at h = 1e-15: 0.01 of the force, 1e-17 of what kappa makes at x of order one."""
    x = quartic.minimize(alone(0.5, 1e-15, 1.0)).x
    with pytest.raises(ValueError, match="x is no minimum"):
        quartic.quartic_modes(alone(0.5, 1e-15, 1.0), 1.01 * x)
    with pytest.raises(ValueError, match=r"x is out of range: typical force 1e\+60"):
        quartic.quartic_modes(alone(1.0, 1e60, 1.0), [1.0])
    with pytest.raises(ValueError, match=r"stiffness and couplings of size 1e\+40"):
        Branch(UniformField(alone(1e40, 1.0, 1.0)), 1e-10)


@given(
    st.floats(-300.0, 300.0), st.floats(-300.0, 300.0), st.floats(-300.0, 300.0), st.sampled_from([-1.0, 1.0])
)
def test_the_lone_oscillator_at_every_scale(k: float, f: float, q: float, sign: float) -> None:
    """kappa x + A x^3/6 = h in logarithms: the terms of the equation are compared, not multiplied out."""
    kappa, h, a = sign * 10.0**k, 10.0**f, 10.0**q
    x = lone_minimum(kappa, h, a)
    assume(1e-300 < x < 1e300)
    size = np.log10(x)
    terms = np.array([k + size, q + 3 * size - np.log10(6.0), f])
    linear, cubic, field = 10.0 ** (terms - terms.max())
    assert abs(sign * linear + cubic - field) <= 1e-11  # logarithms of 300 have 13 digits left
