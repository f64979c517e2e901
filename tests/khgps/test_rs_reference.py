"""The replica-symmetric solution against mpmath at 30 digits: `tests.cavity_reference`, other integrals."""

from collections.abc import Iterator, Sequence
from typing import Any

import mpmath as mp
import pytest

import khgps
from tests import cavity_reference as reference
from tests.cavity_reference import Cavity

PROMISE = 1e-9  # relative error of J_c, q, chi

# h, kappa_min, kappa_0, A: the replicon ends the phase
DELOCALISED = [
    (1e-6, 0.1, 1.0, 1.0),
    (1e-3, 0.1, 1.0, 1.0),
    (1e-2, 0.1, 1.0, 1.0),
    (1e-3, 0.1, 1.0, 7.0),
    (1e-6, 1.0, 1.001, 1.0),
    (1.0, 1.0, 1.001, 1.0),
    (10.0, 1.0, 1.001, 1.0),
    (1.0, 1.0, 1.0, 1.0),
    (10.0, 1.0, 1.0, 1.0),
]
# h, kappa_min, kappa_0, A: the gap edge does
LOCALISED = [
    (0.02, 0.1, 1.0, 1.0),
    (0.1, 0.1, 1.0, 1.0),
    (1.0, 0.1, 1.0, 1.0),
    (10.0, 0.1, 1.0, 1.0),
    (0.1, 0.1, 1.0, 7.0),
    (1e-6, 1e-4, 1.0, 1.0),
    (1e-2, 1e-4, 1.0, 1.0),
    (10.0, 1e-4, 1.0, 1.0),
    (400.0, 1.0, 1.001, 1.0),
]
FAST = {DELOCALISED[7], LOCALISED[4]}


def points(all_points: Sequence[tuple[float, float, float, float]]) -> list[Any]:
    """Return parameters, all but the fast ones marked for `make verify`."""
    return [p if p in FAST else pytest.param(*p, marks=pytest.mark.verify) for p in all_points]


@pytest.fixture(autouse=True)
def thirty_digits() -> Iterator[None]:
    with mp.workdps(30):
        yield


def assert_critical(found: khgps.CriticalPoint, s: Any, c: Cavity, u: Any) -> None:
    """Compare with the state of u = J^2 chi and field deviation s of the reference."""
    chi, x2 = reference.chi(c), reference.x2(c)
    assert abs(s**2 * chi / (u * x2) - 1) < 1e-15  # it is a state
    for name, value in (("J", mp.sqrt(u / chi)), ("q", x2), ("chi", chi)):
        assert abs(getattr(found, name) / value - 1) < PROMISE, name


@pytest.mark.parametrize(("h", "kappa_min", "kappa_0", "A"), points(LOCALISED))
def test_where_the_gap_edge_vanishes(h: float, kappa_min: float, kappa_0: float, A: float) -> None:
    """b = 0, and s solves s^2 chi = kappa_min q: by secants from the result."""
    found = khgps.critical_coupling(h, kappa_min=kappa_min, kappa_0=kappa_0, A=A)
    assert found.exponent == 4.0
    assert found.gap_edge == 0.0
    u = mp.mpf(kappa_min)

    def cavity(s: Any) -> Cavity:
        return Cavity(mp.mpf(0), mp.mpf(kappa_0) - u, mp.mpf(h), s, mp.mpf(A))

    guess = mp.mpf(found.J) * mp.sqrt(found.q)
    s = mp.findroot(
        lambda s: s**2 * reference.chi(cavity(s)) / (u * reference.x2(cavity(s))) - 1,
        (guess, guess * (1 + mp.mpf(10) ** -8)),
        tol=1e-40,
    )
    assert_critical(found, s, cavity(s), u)


@pytest.mark.parametrize(("h", "kappa_min", "kappa_0", "A"), points(DELOCALISED))
def test_where_the_replicon_vanishes(h: float, kappa_min: float, kappa_0: float, A: float) -> None:
    """s^2 chi = u q and chi = u E[1/k^2]: one Newton step from the result, of error its square."""
    found = khgps.critical_coupling(h, kappa_min=kappa_min, kappa_0=kappa_0, A=A)
    assert found.exponent == 2.0

    def cavity(s: Any, b: Any) -> Cavity:
        return Cavity(b, mp.mpf(kappa_0) - mp.mpf(kappa_min), mp.mpf(h), s, mp.mpf(A))

    def equations(s: Any, b: Any) -> mp.matrix:
        c, u = cavity(s, b), mp.mpf(kappa_min) - b
        chi = reference.chi(c)
        return mp.matrix([s**2 * chi - u * reference.x2(c), chi - u * reference.k_2(c)])

    s, b = mp.mpf(found.J) * mp.sqrt(found.q), mp.mpf(found.gap_edge)
    here, by = equations(s, b), mp.mpf(10) ** -12
    slopes = [(equations(s * (1 + by), b) - here) / (s * by), (equations(s, b * (1 + by)) - here) / (b * by)]
    jacobian = mp.matrix(2, 2)
    jacobian[:, 0], jacobian[:, 1] = slopes
    step = mp.lu_solve(jacobian, here)
    assert abs(step[0] / s) < 1e-8
    assert abs(step[1] / b) < 1e-8
    s, b = s - step[0], b - step[1]
    assert_critical(found, s, cavity(s, b), mp.mpf(kappa_min) - b)


@pytest.mark.parametrize(
    ("J", "h", "kappa_min", "kappa_0", "A"),
    [
        (0.15, 0.1, 0.1, 1.0, 1.0),
        (0.3, 0.1, 0.1, 1.0, 5.0),  # past the line, with jumps of x(f)
        (0.1, 0.0, 0.0, 1.0, 1.0),
        (0.5, 0.2, -0.5, 2.0, 1.0),
    ],
)
def test_both_equations_hold(J: float, h: float, kappa_min: float, kappa_0: float, A: float) -> None:
    params = khgps.KHGPS(N=2, J=J, h=h, kappa_min=kappa_min, kappa_0=kappa_0, A=A)
    found = khgps.solve_rs(params, unstable=True)
    b = mp.mpf(kappa_min) - mp.mpf(J) ** 2 * mp.mpf(found.chi)
    c = Cavity(b, mp.mpf(kappa_0) - mp.mpf(kappa_min), mp.mpf(h), mp.mpf(J) * mp.sqrt(found.q), mp.mpf(A))
    assert abs(reference.chi(c) / found.chi - 1) < 1e-10
    assert abs(reference.x2(c) / found.q - 1) < 1e-10
    if found.status == "stable":
        assert abs(1 - mp.mpf(J) ** 2 * reference.k_2(c) - found.replicon) < 1e-10


@pytest.mark.verify
def test_replicon_where_the_gap_edge_vanishes() -> None:
    """There E[1/k^2] has a logarithm at x = 0, kappa' = 0, which a plain grid misses."""
    found = khgps.critical_coupling(0.1, kappa_min=0.1)
    s = mp.mpf(found.J) * mp.sqrt(found.q)
    c = Cavity(mp.mpf(0), mp.mpf(1) - mp.mpf(0.1), mp.mpf("0.1"), s, mp.mpf(1))
    assert abs(1 - mp.mpf(found.J) ** 2 * reference.k_2(c) - found.replicon) < 1e-10
