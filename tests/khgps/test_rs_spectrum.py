"""D(omega) in the replica-symmetric phase: exact cases, sum rules, the Pastur equation solved otherwise."""

import dataclasses
import math
import re
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import khgps
from khgps.rs.local_stiffness import curvature_panels
from khgps.rs.solution import solved_state
from khgps.stiffness import gauss_rules

BASE = khgps.KHGPS(N=2, J=0.15, h=0.1, kappa_min=0.1)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def moments(params: khgps.KHGPS, top: float) -> np.ndarray:
    """Return int D omega^(2 n) d omega, n = 0, 1, 2, up to omega = top, on panels of t, omega = gap + t^2.

    Panels are halved until the last terms of their Legendre series are below 1e-9 of the integral.
    """
    gap = khgps.rs_gap(params)
    edges = math.sqrt(top - gap) * np.linspace(0.0, 1.0, 201)
    panels, total = np.stack([edges[:-1], edges[1:]], axis=1), np.zeros(3)
    series = np.polynomial.legendre.legvander(NODES, 15) * np.outer(WEIGHTS, np.arange(16) + 0.5)
    for _ in range(20):
        half = 0.5 * (panels[:, 1] - panels[:, 0])
        t = panels[:, :1] + half[:, None] * (1.0 + NODES)
        omega = gap + t**2
        density = khgps.rs_spectrum(params, omega) * 2.0 * t
        fine = np.max(np.abs(density @ series)[:, -4:], axis=1) * half < 1e-9
        weight = (density * half[:, None] * WEIGHTS)[fine]
        total += [np.sum(weight * omega[fine] ** (2 * n)) for n in range(3)]
        middle = panels[~fine].mean(axis=1)
        panels = np.concatenate(
            [np.stack([panels[~fine, 0], middle], 1), np.stack([middle, panels[~fine, 1]], 1)]
        )
        if not panels.size:
            break
    return total


@pytest.mark.parametrize("J", [0.1, 0.499, 0.5])
def test_one_stiffness_without_field_is_a_semicircle(J: float) -> None:
    """rho(lambda) = sqrt(4 J^2 - (lambda - kappa)^2)/(2 pi J^2), D = 2 omega rho; gap sqrt(kappa - 2 J)."""
    params = khgps.KHGPS(N=2, J=J, h=0.0, kappa_min=1.0, kappa_0=1.0)
    omega = np.linspace(0.0, 1.6, 50)
    inside = np.maximum(4 * J**2 - (omega**2 - 1) ** 2, 0.0)
    exact = 2 * omega * np.sqrt(inside) / (2 * math.pi * J**2)
    np.testing.assert_allclose(khgps.rs_spectrum(params, omega), exact, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(khgps.rs_gap(params), math.sqrt(1 - 2 * J), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"J": 0.2025369},
        {"h": 0.0, "J": 0.13},
        {"h": 1e-3, "J": 0.05},
        {"A": 4.0, "beta": -0.5, "J": 0.1},
        {"beta": 1.5},
        {"kappa_min": 1.0, "J": 0.55},
        {"kappa_min": 0.999, "J": 0.3, "h": 1.0},
        {"h": 3.0, "J": 0.01},
    ],
)
def test_norm_and_first_moments(change: dict[str, float]) -> None:
    """int D = 1, tr(M)/N = E[k + J^2 chi], tr(M^2)/N = E[(k + J^2 chi)^2] + J^2."""
    params = dataclasses.replace(BASE, **change)  # type: ignore[arg-type]
    solution = khgps.solve_rs(params)
    u = params.J**2 * solution.chi
    panels = curvature_panels(solved_state(params)[0]) if params.h > 0 or params.kappa_min < 1 else None
    assert panels is not None
    y = panels.middle[:, None] + panels.half[:, None] * gauss_rules(0.0).nodes[0]
    k = panels.origin[:, None] + y**2
    law = panels.density * k * panels.half[:, None] * gauss_rules(0.0).weights[0]
    exact = [np.sum(law * (k + u) ** n) + (params.J**2 if n == 2 else 0.0) for n in range(3)]
    top = math.sqrt(float(np.max(k)) + u + 2 * params.J)
    np.testing.assert_allclose(moments(params, top), exact, rtol=1e-6)


def test_another_solution_of_the_pastur_equation() -> None:
    """In the band, g by damped iteration of g = E[1/(kappa + x^2/2 - lambda - J^2 g)], with x(kappa, f) by
    Newton on a grid of fields and stiffnesses (Gauss-Hermite and Gauss-Legendre, 100 each)."""
    solution = khgps.solve_rs(BASE)
    z, weight = np.polynomial.hermite_e.hermegauss(100)
    f = BASE.h + BASE.J * math.sqrt(solution.q) * z
    t, stiff_weight = np.polynomial.legendre.leggauss(100)
    kappa = (0.1 + 0.45 * (1 + t))[:, None]
    soft = kappa - BASE.J**2 * solution.chi
    x = np.cbrt(6 * f) * np.ones_like(kappa)
    for _ in range(60):  # Newton from beyond the root of a function convex there
        x -= (soft * x + x**3 / 6 - f) / (soft + x**2 / 2)
    weights = stiff_weight[:, None] / 2 * weight / math.sqrt(2 * math.pi)
    for omega in (0.5, 0.8, 1.0):
        g = 1j
        for _ in range(3000):
            g = 0.5 * g + 0.5 * np.sum(weights / (kappa + x**2 / 2 - omega**2 - BASE.J**2 * g))
        np.testing.assert_allclose(khgps.rs_spectrum(BASE, omega), 2 * omega * g.imag / math.pi, rtol=1e-6)


def test_a_frequency_is_found_alone_as_in_company() -> None:
    """In any order and shape, repeated or not: nothing depends on where the solution was followed from."""
    omega = np.linspace(0.0, 1.6, 160)
    together = khgps.rs_spectrum(BASE, omega)
    alone = [float(khgps.rs_spectrum(BASE, w)) for w in omega[::13]]
    np.testing.assert_allclose(together[::13], alone, rtol=1e-9, atol=1e-14)
    shuffled = np.random.default_rng(1).permutation(omega).reshape(2, 5, 16)
    np.testing.assert_allclose(
        khgps.rs_spectrum(BASE, shuffled), np.interp(shuffled, omega, together), rtol=1e-9
    )
    assert khgps.rs_spectrum(BASE, [0.5, 0.5]).tolist() == [khgps.rs_spectrum(BASE, 0.5)] * 2


@pytest.mark.parametrize("J", [0.02, 0.1, 0.137])
def test_gap_without_field(J: float) -> None:
    """lambda_gap is the largest zeta - J^2 ln((kappa_0 - zeta)/(kappa_min - zeta))/w: uniform law, x = 0."""
    params = khgps.KHGPS(N=2, J=J, h=0.0, kappa_min=0.1)
    found = minimize_scalar(
        lambda zeta: -(zeta - J**2 / 0.9 * math.log((1 - zeta) / (0.1 - zeta))),
        bounds=(-1.0, 0.1 - 1e-12),
        method="bounded",
        options={"xatol": 1e-10},
    )
    np.testing.assert_allclose(khgps.rs_gap(params), math.sqrt(-found.fun), rtol=1e-7)


def test_the_gap_is_where_the_density_begins_and_closes_on_the_line() -> None:
    for h in (0.001, 0.1):
        J_c = float(khgps.critical_coupling(h, kappa_min=0.1).J)
        gaps = []
        for fraction in (0.5, 0.9, 0.999, 1.0):
            params = dataclasses.replace(BASE, h=h, J=fraction * J_c)
            gaps.append(khgps.rs_gap(params))
            below, above = khgps.rs_spectrum(params, gaps[-1] * np.array([1 - 1e-6, 1 + 1e-6]) + [0, 1e-9])
            assert below == 0.0
            assert above > 0.0
        assert np.all(np.diff(gaps) < 0.0)
        assert gaps[-1] == 0.0


@pytest.mark.parametrize(
    ("beta", "J", "h", "exponent"),
    [(0.0, 0.15, 0.01, 0.5), (0.0, 0.15, 0.1, 0.5), (1.0, 0.1, 0.1, 1.5), (2.0, 0.1, 0.1, 2.5)],
)
def test_edges_of_both_kinds(beta: float, J: float, h: float, exponent: float) -> None:
    """D ~ (lambda - lambda_gap)^(1/2) where the modes at the edge are delocalised, as always for beta <= 1/2.
    Else, at weak coupling, J^2 E[1/(k - b)^2] < 1: the edge is that of P(k) ~ (k - b)^(beta + 1/2)."""
    params = dataclasses.replace(BASE, beta=beta, h=h, J=J)
    distance = np.array([1e-5, 1e-6]) if beta else np.array([1e-12, 1e-13])
    omega = np.sqrt(khgps.rs_gap(params) ** 2 + distance)
    density = khgps.rs_spectrum(params, omega) / omega
    np.testing.assert_allclose(math.log10(density[0] / density[1]), exponent, rtol=3e-3)


@pytest.mark.parametrize(
    ("omega", "message"),
    [
        (-0.1, "omega = -0.1: must be"),
        ([1.0, math.nan], "omega[1] = nan: must be"),
        (math.inf, "omega = inf: must be"),
    ],
)
def test_bad_frequencies(omega: Any, message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        khgps.rs_spectrum(BASE, omega)


def test_no_spectrum_past_the_line() -> None:
    with pytest.raises(ValueError, match=r"^J = 0.3: must be <= J_c = 0.2025"):
        khgps.rs_spectrum(dataclasses.replace(BASE, J=0.3), 1.0)
