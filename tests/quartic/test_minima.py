"""Minimisation: one minimum for all methods where there is only one, the flow's own for `descent`."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import khgps
import quartic
from quartic.couplings import Dense
from quartic.oscillator import lone_minimum
from tests.oscillators import points, problems, rescaled

SINGLE = khgps.KHGPS(N=200, J=0.1, h=0.2, kappa_0=1.0, kappa_min=0.5)  # kappa_min > 2 J: H is convex
GLASSY = khgps.KHGPS(N=120, J=0.4, h=0.01)
methods = pytest.mark.parametrize("method", quartic.METHODS)


@methods
@pytest.mark.parametrize("start", quartic.STARTS)
def test_the_one_minimum_of_a_convex_energy(method: str, start: str) -> None:
    """With kappa_min above the edge 2 J of the couplings' spectrum, H is convex: one minimum."""
    problem = khgps.draw(SINGLE, seed=1, sample=0)
    assert problem.stiffness.min() + np.linalg.eigvalsh(problem.coupling.dense())[0] > 0.0
    x = np.zeros(problem.size)  # the readable route: Newton's iteration with a dense Hessian
    for _ in range(50):
        x -= np.linalg.solve(quartic.hessian(problem, x), quartic.gradient(problem, x))
    found = quartic.minimize(problem, method=method, start=start, seed=5)
    np.testing.assert_allclose(found.x, x, rtol=0, atol=1e-9)
    assert found.energy == pytest.approx(quartic.energy(problem, x), rel=1e-13)


@methods
@given(st.data())
@settings(max_examples=40)
def test_what_converged_means(method: str, data: st.DataObject) -> None:
    """The record agrees with the definitions, and a certified minimum is one."""
    problem = data.draw(problems())
    start = data.draw(points(problem))
    result = quartic.minimize(
        problem, method=method, start=start, tol=1e-9, max_products=10_000, certify=True, check=False
    )
    # relaxation in time is algebraic for a site without any linear force: it may not get there
    assume(method not in ("descent", "fire") or result.status != "max_products")
    assert result.status in ("converged", "saddle")  # a start may lie exactly on a saddle
    x = result.x
    gradient = quartic.gradient(problem, x)
    terms = np.abs(problem.stiffness * x) + np.abs(problem.coupling @ x)
    terms += problem.anharmonicity * np.abs(x) ** 3 / 6 + np.abs(problem.field)
    stiffness = np.sqrt(np.mean(problem.stiffness**2 + problem.coupling.strength**2))
    least = 0.0 if problem.field.any() else 1e-6 * stiffness * np.sqrt(6 * stiffness / problem.anharmonicity)
    assert result.force_scale == pytest.approx(max(np.sqrt(np.mean(terms**2)), least), rel=1e-12)
    assert np.abs(gradient).max() <= 1.01 * result.tol * result.force_scale + 1e-14 * terms.max()
    assert result.energy == pytest.approx(quartic.energy(problem, x), rel=1e-12, abs=1e-12)
    lowest = np.linalg.eigvalsh(quartic.hessian(problem, x))[0]
    assert result.lowest_eigenvalue == pytest.approx(lowest, abs=1e-9)
    assert (result.status == "converged") == (lowest > 0.0) or abs(lowest) < 1e-9


@methods
@given(st.data())
@settings(max_examples=40)
def test_the_energy_never_rises_along_the_path(method: str, data: st.DataObject) -> None:
    problem = data.draw(problems())
    start = data.draw(points(problem))
    path = [quartic.energy(problem, start)]

    def record(x: np.ndarray, energy: float) -> None:
        assert energy == pytest.approx(quartic.energy(problem, x), rel=1e-11, abs=1e-11)
        path.append(energy)

    quartic.minimize(problem, method=method, start=start, check=False, tol=1e-8, callback=record)
    # the energy itself is known to rounding only: 8 x 8 terms of magnitude up to 2 * 3^2 and A 3^4/24
    assert np.diff(path).max(initial=0.0) <= 1e-13 * (1.0 + np.abs(path[0]) + 1e3 * problem.anharmonicity)


def test_the_rounding_of_anticipated_arrivals_does_not_grow() -> None:
    """Steps of four directions and of two in turn: J d = J (x + d) - J x would triple an error of J x."""
    coupling = np.array([[0.0, 0.0, -2.0], [0.0, 0.0, 0.0], [-2.0, 0.0, 0.0]])
    problem = quartic.Problem(np.zeros(3), coupling, np.array([0.25, 0.0, 0.0]), 0.1)

    def record(x: np.ndarray, energy: float) -> None:
        assert energy == pytest.approx(quartic.energy(problem, x), rel=1e-13)

    quartic.minimize(problem, method="cg", start=np.full(3, 0.3125), tol=1e-8, check=False, callback=record)


@methods
@pytest.mark.parametrize("start", quartic.STARTS)
def test_the_path_falls_in_a_glassy_landscape(method: str, start: str) -> None:
    problem = khgps.draw(GLASSY, seed=1, sample=1)
    path: list[float] = []
    result = quartic.minimize(
        problem,
        method=method,
        start=start,
        seed=3,
        certify=True,
        callback=lambda x, energy: path.append(energy),
    )
    assert np.diff(path).max() <= 1e-14 * abs(path[-1]) * problem.size
    assert result.lowest_eigenvalue is not None
    assert result.lowest_eigenvalue > 0.0
    assert (result.method, result.start, result.seed) == (method, start, 3)


@pytest.mark.parametrize("start", ["zero", "random"])
@pytest.mark.parametrize("sample", range(4))
def test_descent_ends_where_the_gradient_flow_ends(start: str, sample: int) -> None:
    """Against DOP853 at a relative tolerance of 1e-12, in a landscape where other methods end elsewhere.

    Until the flow is so close to its end that the minimum nearby is its own: |gradient|_inf < 1e-9.
    """
    problem = khgps.draw(GLASSY, seed=2, sample=sample)
    found = quartic.minimize(problem, method="descent", start=start, seed=sample)
    x = quartic.starts.starting_point(problem, start, sample)

    def flow(t: float, y: np.ndarray) -> np.ndarray:
        return -quartic.gradient(problem, y)

    while np.abs(quartic.gradient(problem, x)).max() > 1e-9:
        x = solve_ivp(flow, (0.0, 200.0), x, method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    np.testing.assert_allclose(found.x, x, rtol=0, atol=1e-6)


@pytest.mark.parametrize("method", ["lbfgs", "newton"])
def test_other_methods_end_elsewhere_in_a_glassy_landscape(method: str) -> None:
    """The protocol is part of the result: over 8 samples at least one minimum differs from the flow's."""
    differs = 0
    for sample in range(8):
        problem = khgps.draw(GLASSY, seed=2, sample=sample)
        flow = quartic.minimize(problem, method="descent", start="random", seed=sample)
        other = quartic.minimize(problem, method=method, start="random", seed=sample)
        differs += np.abs(flow.x - other.x).max() > 1e-3
    assert differs > 0


@methods
@given(st.data())
@settings(max_examples=20)
def test_rescaled_problems_have_rescaled_minima(method: str, data: st.DataObject) -> None:
    """Scaled by powers of two, every operation is exact: the same path, bit for bit, the same work.

    `fire` makes steps of time, which scales as 1/(A a^2)^(1/2): the square root asks for even powers.
    """
    problem = data.draw(problems())
    power = data.draw(st.integers(-3, 3))
    problem = dataclasses.replace(problem, anharmonicity=4.0**power)
    a = 2.0 ** data.draw(st.integers(-3, 3))
    start = data.draw(points(problem))
    small = rescaled(problem, a)
    one = quartic.minimize(problem, method=method, start=start, check=False)
    other = quartic.minimize(small, method=method, start=start / a, check=False)
    assume(one.status == "converged")
    np.testing.assert_array_equal(other.x, one.x / a)
    assert other.products == one.products


@methods
@pytest.mark.parametrize("start", [0.0, 1e-44, 1e-200])
def test_a_site_without_linear_forces_is_found(method: str, start: float) -> None:
    """A x^3/6 = h: there is no curvature at the start, and directions must not overflow."""
    problem = quartic.Problem([0.0], [[0.0]], 1.0, 1.0)
    found = quartic.minimize(problem, method=method, start=[start], max_products=100)
    assert found.x[0] == pytest.approx(6.0 ** (1 / 3), rel=1e-9)


@given(st.floats(-5.0, 5.0), st.floats(-5.0, 5.0), st.floats(0.05, 20.0))
def test_the_lone_oscillator(kappa: float, h: float, a: float) -> None:
    """The global minimum among all real stationary points, from the companion matrix."""
    x = lone_minimum(kappa, h, a)
    roots = np.roots([a / 6, 0.0, kappa, -h])
    real = roots[np.abs(roots.imag) < 1e-4 * (1e-3 + np.abs(roots))].real

    def energy(y: np.ndarray) -> np.ndarray:
        return kappa * y**2 / 2 + a * y**4 / 24 - h * y

    assert energy(x) <= energy(real).min() + 1e-12
    assert x * h >= 0.0
    assert abs(kappa * x + a * x**3 / 6 - h) <= 1e-14 * (abs(kappa * x) + a * abs(x) ** 3 / 6 + abs(h))


@pytest.mark.parametrize(
    ("kappa", "h", "expected"),
    [
        (0.0, 0.0, 0.0),
        (0.0, 0.125, 0.75 ** (1 / 3)),  # A x^3/6 = h
        (-2.0, 0.0, 12**0.5),  # the positive well: x^2 = -6 kappa/A
        (1e-200, 1.0, 6 ** (1 / 3)),
        (1.0, 1e-200, 1e-200),
        (-1e-200, 0.0, (6e-200) ** 0.5),
    ],
)
def test_the_lone_oscillator_in_closed_form(kappa: float, h: float, expected: float) -> None:
    assert lone_minimum(kappa, h, 1.0) == pytest.approx(expected, rel=1e-15)


@methods
def test_without_couplings_every_oscillator_finds_its_own_minimum(method: str) -> None:
    problem = khgps.draw(khgps.KHGPS(N=50, J=0.0, h=0.3), seed=1, sample=0)
    alone = np.array([lone_minimum(k, 0.3, 1.0) for k in problem.stiffness])
    found = quartic.minimize(problem, method=method, start="zero")
    np.testing.assert_allclose(found.x, alone, rtol=0, atol=1e-9)
    assert quartic.minimize(problem, method=method, start="decoupled").products <= 2


def test_a_problem_without_any_scale_is_refused() -> None:
    flat = quartic.Problem(np.zeros(2), np.zeros((2, 2)), 0.0, 1.0)
    with pytest.raises(ValueError, match="stiffness, coupling and field are all zero"):
        quartic.minimize(flat, start=np.ones(2))


def test_a_stationary_start_is_not_taken_for_a_minimum() -> None:
    """At h = 0, x = 0 is a saddle once the couplings destabilise it."""
    problem = khgps.draw(khgps.KHGPS(N=50, J=1.0, h=0.0), seed=1, sample=0)
    with pytest.raises(quartic.MinimizationError, match="saddle of lowest eigenvalue -") as caught:
        quartic.minimize(problem, start="zero")
    assert caught.value.result.status == "saddle"
    assert quartic.minimize(problem, start="zero", certify=False, check=False).status == "saddle"
    assert quartic.minimize(problem, start="random", certify=True).status == "converged"


def test_a_path_into_a_saddle_is_found_out_unless_told_not_to() -> None:
    """J x_1 x_2 with J = 2 alone: the symmetric line leads to x = 0, whose eigenvalues are -2 and 2."""
    problem = quartic.Problem(np.zeros(2), np.array([[0.0, 2.0], [2.0, 0.0]]), 0.0, 1.0)
    with pytest.raises(quartic.MinimizationError, match="saddle of lowest eigenvalue -2") as caught:
        quartic.minimize(problem, start=[1.0, 1.0])
    assert caught.value.result.lowest_eigenvalue == pytest.approx(-2.0)
    assert quartic.minimize(problem, start=[1.0, 1.0], certify=False).status == "converged"
    found = quartic.minimize(problem, start=[1.0, 0.9])
    assert (found.status, found.lowest_eigenvalue) == ("converged", None)


class Recorded(Dense):
    """A coupling that remembers what it was multiplied with."""

    def __init__(self, matrix: np.ndarray) -> None:
        super().__init__(matrix)
        self.vectors: list[np.ndarray] = []

    def product(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        self.vectors.append(x.copy())
        return super().product(x, out)


@methods
@pytest.mark.parametrize("start", quartic.STARTS)
def test_an_arrival_is_confirmed_by_a_product_of_its_own(method: str, start: str) -> None:
    """All products are counted, and the last one was J x at the very end."""
    drawn = khgps.draw(GLASSY, seed=1, sample=1)
    coupling = Recorded(drawn.coupling.dense())
    problem = dataclasses.replace(drawn, coupling=coupling)
    found = quartic.minimize(problem, method=method, start=start, certify=False)
    np.testing.assert_array_equal(coupling.vectors[-1], found.x)
    assert found.products == len(coupling.vectors)


@methods
def test_work_is_bounded_and_reported(method: str) -> None:
    problem = khgps.draw(GLASSY, seed=1, sample=1)
    with pytest.raises(
        quartic.MinimizationError, match=r"max_products is used up .* after 7 products"
    ) as caught:
        quartic.minimize(problem, method=method, max_products=7)
    assert caught.value.result.products == 7
    result = quartic.minimize(problem, method=method, max_products=7, check=False)
    assert (result.status, result.products) == ("max_products", 7)


@methods
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_tolerance_below_rounding_stalls_instead_of_running_on(method: str, sign: float) -> None:
    problem = khgps.draw(khgps.KHGPS(N=30, J=0.2, h=0.1), seed=1, sample=0)
    problem = dataclasses.replace(problem, field=sign * problem.field)
    result = quartic.minimize(problem, method=method, tol=1e-18, check=False, max_products=50_000)
    assert result.status == "stalled"
    assert result.gradient_norm < 1e-14


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("method", "bfgs", "method = 'bfgs': must be one of lbfgs, cg, fire, descent, newton"),
        ("start", "origin", "start = 'origin': must be one of zero, decoupled, random, kick or an array"),
        ("start", [0.0], "start has shape (1,)"),
        ("start", np.full(30, np.nan), "start[0] = nan: must be finite"),
        ("start", np.zeros(30, complex), "start = array([0.+0.j...+0.j, 0.+0.j]): must be real numbers"),
        ("tol", 0.0, "tol = 0.0: must be in (0, 1)"),
        ("tol", np.nan, "tol = nan: must be in (0, 1)"),
        ("max_products", 0, "max_products = 0: must be an integer of at least 1"),
        ("max_products", 10.5, "max_products = 10.5: must be an integer"),
        ("seed", -1, "seed = -1: must be an integer in [0, 2**64)"),
        ("seed", 2**64, "seed = 18446744073709551616: must be an integer in [0, 2**64)"),
    ],
)
def test_bad_arguments_name_value_and_rule(argument: str, value: object, message: str) -> None:
    problem = khgps.draw(khgps.KHGPS(N=30, J=0.2, h=0.1), seed=1, sample=0)
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        quartic.minimize(problem, **{argument: value})  # type: ignore[arg-type]
