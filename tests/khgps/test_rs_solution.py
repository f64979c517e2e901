"""The replica-symmetric solution: closed forms, identities, limits, and what it refuses."""

import dataclasses
import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

import khgps
from khgps.oscillators import Oscillators
from khgps.rs import states
from khgps.rs.cavity import averages
from khgps.stiffness_law import power_law

BASE = khgps.KHGPS(N=2, J=0.15, h=0.1, kappa_min=0.1)

laws = st.tuples(
    st.floats(-4.0, 1.0).map(lambda p: 10.0**p),  # kappa_min
    st.floats(-3.0, 4.0).map(lambda p: 10.0**p) | st.just(0.0),  # width/kappa_min
    st.sampled_from([-0.7, -0.5, -0.3, 0.0, 0.5, 1.0, 3.0]),  # beta
    st.floats(-6.0, 1.5).map(lambda p: 10.0**p),  # h
)


def solved(unstable: bool = False, **change: Any) -> khgps.ReplicaSymmetric:
    return khgps.solve_rs(dataclasses.replace(BASE, **change), unstable=unstable)


def closed_form_u(J: float, kappa_min: float, kappa_0: float) -> float:
    """Return u = J^2 chi at x = 0, of the uniform law: u = J^2/w ln((kappa_0 - u)/(kappa_min - u))."""
    w = kappa_0 - kappa_min
    marginal = 0.5 * (kappa_min + kappa_0 - math.sqrt(w * w + 4 * J * J))  # the right side has slope 1 here

    def excess(u: float) -> float:
        return J * J / w * math.log((kappa_0 - u) / (kappa_min - u)) - u

    return float(brentq(excess, 0.0, marginal, xtol=1e-16))


@pytest.mark.parametrize("fraction", [1e-3, 0.3, 0.9, 0.999])
@pytest.mark.parametrize(("kappa_min", "kappa_0"), [(0.1, 1.0), (1e-4, 1.0), (1.0, 1.001), (2.0, 9.0)])
def test_without_field_the_uniform_law_has_a_closed_form(
    fraction: float, kappa_min: float, kappa_0: float
) -> None:
    """chi below J_c; and J_c^2 = (kappa_min - u)(kappa_0 - u), which is E[1/k^2] J^2 = 1 integrated."""
    w = kappa_0 - kappa_min

    def at_the_line(u: float) -> float:
        return u - (kappa_min - u) * (kappa_0 - u) / w * math.log((kappa_0 - u) / (kappa_min - u))

    u = brentq(at_the_line, 1e-9 * kappa_min, kappa_min * (1 - 1e-12), xtol=1e-17)
    J_c = math.sqrt((kappa_min - u) * (kappa_0 - u))
    line = khgps.critical_coupling(0.0, kappa_min=kappa_min, kappa_0=kappa_0)
    assert (line.exponent, line.q, line.h) == (2.0, 0.0, 0.0)
    np.testing.assert_allclose(np.array([line.J, line.gap_edge]), [J_c, kappa_min - u], rtol=1e-11)
    found = solved(J=fraction * J_c, h=0.0, kappa_min=kappa_min, kappa_0=kappa_0)
    u = closed_form_u(fraction * J_c, kappa_min, kappa_0)
    np.testing.assert_allclose(found.chi * (fraction * J_c) ** 2, u, rtol=1e-10)
    assert (found.q, found.energy, found.status) == (0.0, 0.0, "stable")


@pytest.mark.parametrize("kappa", [1e-3, 1.0, 40.0])
def test_kuhn_horstmann_without_field(kappa: float) -> None:
    """One stiffness: chi = 1/b and J^2/b^2 = 1 at the line, so J_c = b = kappa/2, where the semicircle
    [kappa - 2 J, kappa + 2 J] of the eigenvalues touches zero. Below, J^2 chi^2 - kappa chi + 1 = 0."""
    line = khgps.critical_coupling(0.0, kappa_min=kappa, kappa_0=kappa)
    np.testing.assert_allclose(
        np.array([line.J, line.gap_edge, line.chi]), [kappa / 2, kappa / 2, 2 / kappa], rtol=1e-12
    )
    J = 0.3 * kappa
    found = solved(J=J, h=0.0, kappa_min=kappa, kappa_0=kappa)
    np.testing.assert_allclose(found.chi, (kappa - math.sqrt(kappa**2 - 4 * J**2)) / (2 * J**2), rtol=1e-12)


def test_soft_spins_with_deep_wells_are_ising_spins() -> None:
    """For kappa = r -> -inf, x = +-sqrt(-6 r/A) and the energy per spin beyond that of the wells is
    -J q sqrt(2/pi), the replica-symmetric ground-state energy of Sherrington and Kirkpatrick (1975), with
    J^2 chi = J sqrt(2/pi). Corrections are relative J/|r|.
    """
    r, J, A = -1000.0, 1.0, 2.0
    found = solved(True, J=J, h=0.0, kappa_min=r, kappa_0=r, A=A)
    q = -6 * r / A
    np.testing.assert_allclose(found.q, q, rtol=2 * J / abs(r))
    np.testing.assert_allclose(found.chi, math.sqrt(2 / math.pi) / J, rtol=2 * J / abs(r))
    np.testing.assert_allclose(
        found.energy + 1.5 * r * r / A, -J * q * math.sqrt(2 / math.pi), rtol=J / abs(r)
    )
    assert (found.status, found.replicon) == ("unstable", -math.inf)


@settings(max_examples=30)
@given(laws, st.floats(0.05, 0.95), st.floats(0.1, 9.0))
def test_rescaling_of_the_anharmonicity(
    law: tuple[float, float, float, float], fraction: float, A: float
) -> None:
    """x = y/sqrt(A): kappa, J, chi, replicon stay, h grows by sqrt(A), q and energy by A."""
    kappa_min, ratio, beta, h = law
    same: dict[str, Any] = {"kappa_min": kappa_min, "kappa_0": kappa_min * (1 + ratio), "beta": beta}
    one, other = (
        khgps.critical_coupling(h * scale, A=1 / scale**2, **same) for scale in (1.0, 1 / math.sqrt(A))
    )
    np.testing.assert_allclose(
        np.array([other.J, other.chi, other.q]), np.array([one.J, one.chi, one.q / A]), rtol=1e-9
    )
    a = solved(J=fraction * one.J, h=h, **same)
    b = solved(J=fraction * one.J, h=h / math.sqrt(A), A=A, **same)
    np.testing.assert_allclose([b.q * A, b.chi, b.energy * A], [a.q, a.chi, a.energy], rtol=1e-9)


@given(laws)
@example((1.0, 10.0**0.5546875, -0.7, 1.0))  # a panel once ended just before the edge
def test_along_the_curve_of_states(law: tuple[float, float, float, float]) -> None:
    """J rises and the replicon falls as the gap edge falls, so each is met once; and in the replica-symmetric
    phase the two equations have no other instability: the determinant of their Jacobian is positive."""
    kappa_min, ratio, beta, h = law
    oscillators = Oscillators(power_law(kappa_min, kappa_min + ratio * kappa_min, beta), h)
    u = kappa_min * np.array([1e-3, 0.1, 0.4, 0.7, 0.9, 0.99, 1.01, 1.1, 2.0, 5.0])
    found = [states.state_at(oscillators, float(v), kappa_min - float(v)) for v in u]
    assert np.all(np.diff([s.J for s in found]) > 0.0)
    assert np.all(np.diff([s.replicon for s in found if s.b > 0.0]) < 1e-9)
    for s in found:
        m, strength = s.mean, s.J**2
        assert abs(m.one - 1.0) < 1e-12
        assert abs(s.s**2 * m.chi / (s.u * m.x2) - 1.0) < 1e-10
        determinant = (1 - strength * m.x2_v) * (1 + strength * m.chi_b) + strength**2 * m.chi_v * m.x2_b
        assert determinant > 0.0 or s.replicon < 0.0


@given(laws, st.sampled_from([-0.5, 0.0, 0.3]))
def test_response_of_q_and_of_chi_are_conjugate(law: tuple[float, float, float, float], b: float) -> None:
    """d E[x^2]/dv = -d chi/db: both are mixed derivatives of the energy; jumps of x included (b < 0)."""
    kappa_min, ratio, beta, h = law
    if b == 0.0 and (ratio == 0.0 or beta <= -0.5):
        return
    m = averages(power_law(0.0, ratio * kappa_min, beta), b * kappa_min, h, 0.5 * h + 0.1 * kappa_min**1.5)
    np.testing.assert_allclose(m.x2_v, -m.chi_b, rtol=1e-8, atol=1e-10 * m.k_2 if b > 0 else 1e-8 * m.chi**2)


@pytest.mark.parametrize("jump", [False, True])
def test_derivatives_of_the_averages(jump: bool) -> None:
    """Against central differences, of relative error (1e-4)^2."""
    b, law, h, v = (-0.2 if jump else 0.05), power_law(0.0, 0.9, 0.0), 0.1, 0.01
    m = averages(law, b, h, math.sqrt(v))
    d = 1e-4
    up, down = (averages(law, b, h, math.sqrt(v * (1 + e))) for e in (d, -d))
    for name in ("x2", "chi", *(() if jump else ("deficit",))):
        difference = (getattr(up, name) - getattr(down, name)) / (2 * d * v)
        np.testing.assert_allclose(getattr(m, f"{name}_v"), difference, rtol=1e-6)
    up, down = (averages(law, b + e * abs(b), h, math.sqrt(v)) for e in (d, -d))
    for name in ("x2", "chi"):
        difference = (getattr(up, name) - getattr(down, name)) / (2 * d * abs(b))
        np.testing.assert_allclose(getattr(m, f"{name}_b"), difference, rtol=1e-6)


@pytest.mark.parametrize("J", [0.05, 0.15, 0.3, 2.0])
@pytest.mark.parametrize(("beta", "A"), [(0.0, 1.0), (-0.5, 3.0), (1.5, 0.5)])
def test_derivatives_of_the_energy(J: float, beta: float, A: float) -> None:
    """The energy is stationary in q and chi, so dE/dJ = -J q chi and dE/dh = -E[x], on both sides of J_c.

    Central differences of relative step 1e-4: error 1e-8 of the larger terms.
    """
    d = 1e-4

    def energy(**change: float) -> float:
        return solved(True, **{"J": J, "beta": beta, "A": A, **change}).energy

    here = solved(True, J=J, beta=beta, A=A)
    by_coupling = (energy(J=J * (1 + d)) - energy(J=J * (1 - d))) / (2 * d * J)
    np.testing.assert_allclose(by_coupling, -J * here.q * here.chi, rtol=1e-5)
    by_h = (energy(h=0.1 * (1 + d)) - energy(h=0.1 * (1 - d))) / (2 * d * 0.1)
    law = khgps.rs_distributions(dataclasses.replace(BASE, J=J, beta=beta, A=A), unstable=True).x
    edges = np.linspace(*law.support, 41)
    mean = sum(
        quad(lambda x: x * float(law.density(x)), a, b, epsabs=1e-10)[0] for a, b in itertools.pairwise(edges)
    )
    np.testing.assert_allclose(by_h, -mean, rtol=1e-4)


def test_status_and_what_lies_past_the_line() -> None:
    line = khgps.critical_coupling(0.1, kappa_min=0.1)
    assert solved().status == "stable"
    at_line = solved(J=line.J)
    assert (at_line.status, at_line.gap_edge) == ("critical", 0.0)
    assert at_line.q == line.q
    past = solved(True, J=1.01 * float(line.J))
    assert (past.status, past.replicon) == ("unstable", -math.inf)
    assert past.gap_edge < 0.0
    below = khgps.critical_coupling(1e-3, kappa_min=0.1)
    past = solved(True, J=1.01 * float(below.J), h=1e-3)  # the replicon ended the phase: single wells yet
    assert (past.status, past.gap_edge > 0.0, -1.0 < past.replicon < 0.0) == ("unstable", True, True)
    assert solved(J=float(below.J) * (1 - 1e-9), h=1e-3).status == "stable"
    assert solved(J=below.J, h=1e-3).status == "critical"


def test_the_number_of_oscillators_is_ignored() -> None:
    assert solved(N=2) == solved(N=999)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"J": 0.0}, "J = 0.0: must be > 0"),
        ({"J": 0.3}, "J = 0.3: must be <= J_c = 0.202536936603"),
        (
            {"kappa_min": 0.0},
            "kappa_min = 0.0: must be > 0, or there is no replica-symmetric phase at any J > 0",
        ),
        ({"kappa_min": -1.0}, "kappa_min = -1.0: must be > 0, or there is no replica-symmetric phase"),
        ({"kappa_min": 0.0, "J": 1e-9}, "kappa_min = 0.0: must be > 0"),
    ],
)
@pytest.mark.parametrize("function", [khgps.solve_rs, khgps.rs_gap, khgps.rs_distributions])
def test_outside_the_phase_there_is_an_error(change: dict[str, Any], message: str, function: Any) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        function(dataclasses.replace(BASE, **change))


def test_equations_that_are_not_solved_raise_with_their_residual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "LARGEST_RESIDUAL", 0.0)
    with pytest.raises(
        khgps.StalledError, match=r"Oscillators\(law=StiffnessLaw\(.*.*relative error [\d.e-]+ left"
    ):
        solved()


@pytest.mark.parametrize(
    ("J", "A", "kappa_min", "kappa_0", "beta"),
    [
        (0.15, 1.0, 0.1, 1.0, 0.0),
        (0.4, 3.0, 0.1, 1.0, 0.0),
        (0.5, 1.0, -1.0, -1.0, 0.0),
        (0.1, 2.0, 0.1, 1.0, -0.5),
    ],
)
def test_distributions(J: float, A: float, kappa_min: float, kappa_0: float, beta: float) -> None:
    """Norms, and moments of the solution: E[x^2] = q, E[f] = h, E[(f - h)^2] = J^2 q, E[1/k] <= chi."""
    params = dataclasses.replace(BASE, J=J, A=A, kappa_min=kappa_min, kappa_0=kappa_0, beta=beta)
    laws, found = khgps.rs_distributions(params, unstable=True), khgps.solve_rs(params, unstable=True)

    def mean(law: khgps.Law, function: Any) -> float:
        edges = np.linspace(*law.support, 41)
        return math.fsum(
            quad(lambda t: function(t) * float(law.density(t)), a, b, epsabs=1e-9, limit=100)[0]
            for a, b in itertools.pairwise(edges)
        )

    for law in (laws.x, laws.field, laws.k):
        assert abs(mean(law, lambda t: 1.0) - 1.0) < 1e-7
    np.testing.assert_allclose(mean(laws.x, np.square), found.q, rtol=1e-7)
    np.testing.assert_allclose(mean(laws.field, lambda f: f), params.h, rtol=1e-7)
    np.testing.assert_allclose(mean(laws.field, lambda f: (f - params.h) ** 2), J**2 * found.q, rtol=1e-7)
    inverse = mean(laws.k, lambda k: 1 / k)
    if found.gap_edge >= 0.0:
        np.testing.assert_allclose(inverse, found.chi, rtol=1e-7)
    else:
        assert inverse < found.chi
    grid = np.linspace(*laws.k.support, 6).reshape(2, 3)
    assert laws.k.density(grid).shape == (2, 3)


def test_no_distribution_without_field() -> None:
    with pytest.raises(ValueError, match=r"^h = 0.0: must be > 0"):
        khgps.rs_distributions(dataclasses.replace(BASE, h=0.0, J=0.1))
