"""The gradient flow against closed forms and a Runge-Kutta method of order 8."""

import math
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

import khgps
import landscape
import quartic
from landscape.explicit import Explicit
from landscape.exponential import Departure
from landscape.linear.krylov import LARGEST

TIMES = np.array([0.0, 1.0, 4.0, 10.0, 20.0])


@pytest.fixture(scope="module")
def glass() -> quartic.Problem:
    return khgps.draw(khgps.KHGPS(N=60, J=0.3, h=0.05), seed=1, sample=0)


def test_against_runge_kutta(glass: quartic.Problem) -> None:
    """Errors are below their estimate but for what the flow makes of them, here less than three."""
    exact = solve_ivp(
        lambda t, x: -glass.gradient(x), (0.0, TIMES[-1]), np.zeros(glass.size), "DOP853", TIMES,
        rtol=1e-11, atol=1e-13,
    ).y.T  # fmt: skip
    errors = []
    for rtol in (1e-3, 1e-4, 1e-5):
        found = landscape.flow(glass, np.zeros(glass.size), TIMES, rtol=rtol)
        error = np.sqrt(np.mean((found.x - exact) ** 2, axis=1))
        assert (error[2:] <= 3.0 * found.error[2:]).all()
        errors.append(error[-1])
    assert errors[0] < 1e-3
    assert errors[2] < errors[0] / 30.0
    assert found.energy == pytest.approx([glass.energy(x) for x in exact], abs=1e-4)
    assert found.speed == pytest.approx([np.mean(glass.gradient(x) ** 2) for x in exact], abs=1e-7)
    assert found.C[2, 1] == pytest.approx(exact[2] @ exact[1] / glass.size, abs=1e-6)


def test_linear_forces_in_few_steps() -> None:
    """Stiffnesses from 1e-3 to 1e3: e^(-M t), to the accuracy of the Krylov spaces."""
    rng = np.random.default_rng(3)
    frame = np.linalg.qr(rng.normal(size=(30, 30)))[0]
    matrix = frame @ np.diag(np.geomspace(1e-3, 1e3, 30)) @ frame.T
    matrix = (matrix + matrix.T) / 2.0
    x = rng.normal(size=30)
    found = landscape.flow(landscape.Harmonic(matrix), x, [0.01, 1.0, 100.0])
    for t, there in zip(found.times, found.x, strict=True):
        assert there == pytest.approx(expm(-t * matrix) @ x, abs=1e-4)
    assert found.steps < 80  # explicit ones alone would be at least 100 * 1000/3.3


def test_explicit_steps_are_of_order_five_and_know_their_bound() -> None:
    """On x' = -x^3 from 1, x = (1 + 2 t)^(-1/2): halved, errors fall by 2^6, estimates by 2^5."""
    quartic_well = landscape.Functions(lambda x: x[0] ** 4 / 4.0, lambda x: x**3, 1)
    away = Explicit(quartic_well.at(np.ones(1)), np.empty((7, 1)))
    (coarse, estimate), (fine, smaller) = away.step(0.1), away.step(0.05)
    errors = [abs(end.x[0] - (1.0 + 2.0 * dt) ** -0.5) for end, dt in ((coarse, 0.1), (fine, 0.05))]
    assert errors[0] / errors[1] > 2.0**5.5  # a wrong weight leaves an order of four at most, 2^5
    assert estimate / smaller == pytest.approx(2.0**5, rel=0.25)
    apart = []
    for dt in (0.1, 0.05):
        end, _ = away.step(dt)
        assert away.within(dt)[0] == pytest.approx(end.x[0] - 1.0, rel=1e-12)
        apart.append(abs(1.0 + away.within(0.4 * dt)[0] - (1.0 + 0.8 * dt) ** -0.5))
    assert apart[0] / apart[1] > 2.0**4.5  # within the step of order four; the cubic has three, 2^4
    assert apart[0] < 3.0 * estimate
    stiff = landscape.Harmonic(np.diag([1e-3, 40.0]))
    away = Explicit(stiff.at(np.ones(2)), np.empty((7, 2)))
    away.step(0.05)
    assert away.stiffest == pytest.approx(40.0, rel=0.01)


def test_exponential_steps_are_of_order_four() -> None:
    """On x' = -x^3 from 1: halved, errors of a step fall by 2^5, their estimates by 2^4."""
    quartic_well = landscape.Functions(
        lambda x: x[0] ** 4 / 4.0, lambda x: x**3, 1, hessian=lambda x: np.array([[3.0 * x[0] ** 2]])
    )
    away = Departure(quartic_well.at(np.ones(1)), np.empty((2, LARGEST + 1, 1)), 1e-6)
    (coarse, estimate), (fine, smaller) = away.step(0.05), away.step(0.025)
    errors = [abs(end.x[0] - (1.0 + 2.0 * dt) ** -0.5) for end, dt in ((coarse, 0.05), (fine, 0.025))]
    assert errors[0] / errors[1] == pytest.approx(2.0**5, rel=0.25)  # of order three it would be 2^4
    assert estimate / smaller == pytest.approx(2.0**4, rel=0.25)


def test_exact_rescaling() -> None:
    """H of x/2 at A = 4, h/2 is a quarter of that at A = 1, time the same; steps are the same."""
    one, other = (
        landscape.flow(khgps.draw(khgps.KHGPS(N=60, J=0.3, h=h, A=A), seed=1, sample=0), np.zeros(60), TIMES)
        for A, h in ((1.0, 0.05), (4.0, 0.025))
    )
    assert other.x == pytest.approx(one.x / 2.0, rel=1e-9, abs=1e-12)
    assert other.energy == pytest.approx(one.energy / 4.0, rel=1e-9)
    assert one.steps == other.steps


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, int]]:
    """Kind, length and point of every step that is tried."""
    found: list[tuple[str, float, int]] = []
    for kind in (Explicit, Departure):

        def noted(self: Any, dt: float, step: Any = kind.step, name: str = kind.__name__) -> Any:
            found.append((name, dt, id(self.point)))
            return step(self, dt)

        monkeypatch.setattr(kind, "step", noted)
    return found


def taken(tried: list[tuple[str, float, int]]) -> list[tuple[str, float]]:
    """Return kind and length of the steps that were taken: of each point the last."""
    return [
        (name, dt) for (name, dt, here), (*_, there) in pairwise([*tried, ("", 0.0, -1)]) if here != there
    ]


def test_steps_become_exponential_once_where_dt_lambda_is_near_its_bound(
    tried: list[tuple[str, float, int]],
) -> None:
    """Before, dt lambda is below 2.5; after, no step is explicit, though lambda = 40 is at rest."""
    slow, stiff = 0.01, 40.0
    found = landscape.flow(landscape.Harmonic(np.diag([slow, stiff])), np.ones(2), [1000.0])
    kinds = [kind for kind, _ in taken(tried)]
    first = kinds.index("Departure")
    assert kinds == ["Explicit"] * first + ["Departure"] * (len(kinds) - first)
    *before, last = (stiff * dt for _, dt in taken(tried)[:first])
    assert max(before) < 2.5 * 1.01  # the last two slopes have lambda to a percent
    assert last > 2.5 * 0.99
    assert found.steps == len(kinds) < 60  # explicit ones alone would be at least 1000 * 40/3.3
    assert found.x[0, 0] == pytest.approx(math.exp(-slow * 1000.0), rel=1e-3)


def test_steps_stay_explicit_where_the_error_bounds_them(tried: list[tuple[str, float, int]]) -> None:
    """On x' = -x^3 lambda falls as 3/(2 t), and dt grows as t: dt lambda stays, below 2.5."""
    well = landscape.Functions(
        lambda x: x[0] ** 4 / 4.0, lambda x: x**3, 1, hessian=lambda x: np.array([[3.0 * x[0] ** 2]])
    )
    found = landscape.flow(well, [1.0], [1e4])
    assert {kind for kind, _ in taken(tried)} == {"Explicit"}
    assert found.x[0, 0] == pytest.approx((1.0 + 2e4) ** -0.5, rel=1e-3)


def test_a_step_takes_six_gradients_and_a_time_within_it_one(tried: list[tuple[str, float, int]]) -> None:
    """Of x' = -x^3: one at the beginning, one at each time but the last, where a step ends."""
    calls = []
    well = landscape.Functions(
        lambda x: x[0] ** 4 / 4.0,
        lambda x: calls.append(1) or x**3,  # type: ignore[func-returns-value]
        1,
        hessian=lambda x: np.array([[3.0 * x[0] ** 2]]),
    )
    times = np.linspace(0.5, 50.0, 40)
    found = landscape.flow(well, [1.0], times)
    assert {kind for kind, *_ in tried} == {"Explicit"}
    assert found.x[:, 0] == pytest.approx((1.0 + 2.0 * times) ** -0.5, rel=1e-3)
    assert len(calls) == 1 + 6 * len(tried) + times.size - 1


def test_steps_become_explicit_again_where_the_error_bounds_them(
    tried: list[tuple[str, float, int]],
) -> None:
    """Near a saddle at x = 0 until t = 15, then fast into a well; lambda = 4, below dt lambda = 0.5."""
    linear = np.array([-1.0, 4.0, 0.001])
    saddle = landscape.Functions(
        lambda x: float(x @ (linear * x) / 2.0 + x[0] ** 4 / 4.0),
        lambda x: linear * x + np.array([x[0] ** 3, 0.0, 0.0]),
        3,
        hessian=lambda x: np.diag(linear + np.array([3.0 * x[0] ** 2, 0.0, 0.0])),
    )
    found = landscape.flow(saddle, [1e-9, 1.0, 1.0], [100.0], rtol=1e-5)
    steps = [list(some) for _, some in groupby(taken(tried), key=itemgetter(0))]
    assert [some[0][0] for some in steps] == ["Explicit", "Departure"] * 2
    *before, last = (4.0 * dt for _, dt in steps[1])
    assert min(before) > 0.5 * 0.99
    assert last < 0.5 * 1.01
    assert found.x[0] == pytest.approx([1.0, 0.0, math.exp(-0.1)], abs=1e-4)


def test_both_kinds_of_steps_go_the_same_way(glass: quartic.Problem) -> None:
    """With probes all are exponential; the errors of both are within three times their estimates."""
    one, other = (landscape.flow(glass, np.zeros(glass.size), TIMES, probes=k) for k in (0, 1))
    apart = np.sqrt(np.mean((one.x - other.x) ** 2, axis=1))
    assert (apart <= 3.0 * (one.error + other.error)).all()
    assert apart[-1] < 1e-3 * np.sqrt(one.C[-1, -1])


def test_few_gradients_where_nothing_is_stiff(glass: quartic.Problem) -> None:
    """Fewer than a rule of order 5 of scipy makes for the same accuracy, of each step over its length."""
    made = 0

    def gradient(x: np.ndarray) -> np.ndarray:
        nonlocal made
        made += 1
        return glass.gradient(x)

    counted = landscape.Functions(
        glass.energy, gradient, glass.size, hessian=lambda x: glass.hessian(x).dense()
    )
    found = landscape.flow(counted, np.zeros(glass.size), [20.0])
    assert made < 8 * found.steps + 20
    plain = solve_ivp(
        lambda t, x: -glass.gradient(x), (0.0, 20.0), np.zeros(glass.size), rtol=1e-5, atol=1e-7
    )
    assert made < 1.2 * plain.nfev


def test_times_within_a_step_change_no_step(glass: quartic.Problem) -> None:
    one = landscape.flow(glass, np.zeros(glass.size), [20.0])
    many = landscape.flow(glass, np.zeros(glass.size), np.linspace(0.0, 20.0, 41))
    assert one.steps == many.steps
    assert (one.x[0] == many.x[-1]).all()
    assert (np.diff(many.energy) < 0.0).all()


def test_response() -> None:
    """The trace of dx(t)/dx(s) by differences; four standard errors of 40 probes."""
    glass = khgps.draw(khgps.KHGPS(N=24, J=0.3, h=0.05), seed=1, sample=0)
    times, size, d = [0.5, 2.0, 5.0], glass.size, 1e-4
    found = landscape.flow(glass, np.zeros(size), times, probes=40, seed=2)
    assert found.R is not None
    assert found.R_error is not None
    assert found.R.diagonal() == pytest.approx(np.ones(3), abs=1e-15)
    assert (np.triu(found.R, 1) == 0.0).all()
    trace = np.zeros(2)
    for k in range(size):
        push = np.zeros(size)
        push[k] = d
        ends = [
            landscape.flow(glass, found.x[0] + sign * push, [1.5, 4.5], rtol=1e-6).x[:, k] for sign in (1, -1)
        ]
        trace += (ends[0] - ends[1]) / (2.0 * d * size)
    pulls = (found.R[1:, 0] - trace) / found.R_error[1:, 0]
    assert np.abs(pulls).max() < 4.0


def test_at_rest_only_probes_move() -> None:
    """In a minimum R(t) is the mean of e^(-l t), which probes of signs find exactly if M is diagonal."""
    stiffness = np.linspace(0.0, 2.0, 50)
    found = landscape.flow(landscape.Harmonic(np.diag(stiffness)), np.zeros(50), [0.0, 3.0, 50.0], probes=1)
    assert found.R is not None
    assert (found.x == 0.0).all()
    assert found.R[:, 0] == pytest.approx(np.exp(-np.outer(found.times, stiffness)).mean(axis=1), abs=1e-4)


def test_into_a_minimum_and_no_farther(glass: quartic.Problem) -> None:
    end = landscape.flow(glass, np.zeros(glass.size), [1e6])
    minimum = quartic.minimize(glass, method="descent")
    assert end.x[0] == pytest.approx(minimum.x, abs=1e-8)


def test_at_rest_within_rounding_steps_are_long() -> None:
    """Where all that is left of the force is rounding, of structured couplings more than of others."""
    problem = khgps.draw(khgps.KHGPS(N=4096, J=0.1, h=0.01, coupling="structured"), seed=1, sample=0)
    found = landscape.flow(problem, np.zeros(4096), [1e4, 1e6])
    assert found.steps < 1000
    assert np.abs(problem.gradient(found.x[1])).max() < 1e-12


def test_where_the_energy_ends() -> None:
    edge = landscape.Functions(
        lambda x: math.nan if x[0] > 1.0 else -x[0], lambda x: -np.where(x > 1.0, math.nan, 1.0), 1
    )
    with pytest.raises(landscape.FlowError, match=r"not finite|too short"):
        landscape.flow(edge, [0.0], [2.0])


@pytest.mark.parametrize("times", [[1.0, 1.0], [-1.0], []])
def test_refused(times: list[float]) -> None:
    with pytest.raises(ValueError, match="times"):
        landscape.flow(landscape.Harmonic(np.eye(2)), [1.0, 0.0], times)
