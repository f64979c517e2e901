"""(S 22), equipartition, soft modes and the specific heat, against quadrature and in problems."""

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from theory import formulas
from theory.properties.agreement import agree, require
from theory.strategies import oscillator_problems, positive

__all__ = [
    "heat_capacities_add_up",
    "heat_tail_by_quantiles",
    "reduced_specific_heat_is_least_there",
    "soft_mode_has_the_heat",
    "specific_heat_by_quadrature",
    "thermal_slope_by_quadrature",
]


@settings(deadline=None)
@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-0.5, 0.5))
def thermal_slope_by_quadrature(slope: float, curvature: float, third: float) -> None:
    """Extrapolate <O>/T of a two-dimensional energy from T = 1e-4 and 4e-4 to 0: the stated slope."""
    hessian = np.array([[1.5, 0.4], [0.4, 1.0]])
    cubic = np.zeros((2, 2, 2))
    cubic[0, 0, 0], cubic[1, 1, 1] = third, 0.3
    cubic[0, 0, 1] = cubic[0, 1, 0] = cubic[1, 0, 0] = -0.2
    first, second = np.array([slope, 0.7]), np.array([[curvature, 0.1], [0.1, -0.3]])
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    y = np.stack(np.meshgrid(nodes, nodes, indexing="ij")).reshape(2, -1)
    weight = np.outer(weights, weights).ravel()
    root = np.linalg.cholesky(np.linalg.inv(hessian))

    def mean(T: float) -> float:
        x = math.sqrt(T) * root @ y
        anharmonic = np.einsum("ijk,ia,ja,ka->a", cubic, x, x, x) / 6.0 + 0.4 * np.sum(x**4, axis=0)
        observable = first @ x + np.einsum("ij,ia,ja->a", second, x, x) / 2.0
        boltzmann = weight * np.exp(-anharmonic / T)
        return float(np.sum(boltzmann * observable) / np.sum(boltzmann))

    extrapolated = (4.0 * mean(1e-4) / 1e-4 - mean(4e-4) / 4e-4) / 3.0
    stated = formulas.thermal_slope(np, first, second, np.linalg.inv(hessian), cubic)
    require(abs(extrapolated - stated) < 1e-5, f"{extrapolated} by quadrature, {stated} stated")


@given(oscillator_problems(largest=4), st.lists(st.floats(-1.0, 1.0), min_size=4, max_size=4))
def heat_capacities_add_up(problem: dict[str, Any], shares: list[float]) -> None:
    """Split the energy by sites in any shares: the heat capacities add up to N, at x = (1, 5/4, ..).

    M is made positive by a stiffness, and x stationary by a field, as any minimum is one of some field.
    """
    A, N = problem["anharmonicity"], problem["stiffness"].size
    x = 1.0 + np.arange(N) / 4.0
    bare = np.diag(problem["stiffness"]) + problem["coupling"]
    bare = bare + (1.0 + np.abs(bare).sum()) * np.eye(N)
    inverse = np.linalg.inv(bare + np.diag(A * x**2 / 2.0))
    cubic = np.zeros((N, N, N))
    cubic[np.arange(N), np.arange(N), np.arange(N)] = A * x
    total = 0.0
    for share in (np.array(shares[:N]), 1.0 - np.array(shares[:N])):
        pairs = 0.5 * (share[:, None] + share) * bare
        field = share * (bare @ x + A * x**3 / 6.0)
        first = pairs @ x + share * A * x**3 / 6.0 - field
        second = pairs + np.diag(share * A * x**2 / 2.0)
        total += 2.0 * formulas.thermal_slope(np, first, second, inverse, cubic)
    agree(total, N, 1e-9)


@settings(deadline=None)
@given(st.floats(0.0, 6.0), positive(0.1, 10.0))
def specific_heat_by_quadrature(delta: float, T: float) -> None:
    """Sum y^2 e^y/(e^y - 1)^2 over the modes of D = 2 omega^delta: the stated power of T."""

    def heat(y: float) -> float:
        return y**delta * (0.5 * y / math.sinh(0.5 * y)) ** 2 if y > 0.0 else float(delta == 0.0)

    integral = quad(heat, 0.0, 1.0)[0] + quad(heat, 1.0, 80.0, limit=200)[0]
    agree(formulas.specific_heat_factor(np, delta), integral, 1e-6)
    agree(formulas.power_law_specific_heat(np, T, 2.0, delta), 2.0 * T ** (delta + 1.0) * integral, 1e-6)


@given(positive(0.1, 10.0), positive(0.1, 10.0))
def reduced_specific_heat_is_least_there(C_TLS: float, C_sm: float) -> None:
    """C_TLS T^-2 + C_sm T^2 is larger on both sides of T_min."""
    T = formulas.minimum_temperature(np, C_TLS, C_sm)
    values = [C_TLS / (T * c) ** 2 + C_sm * (T * c) ** 2 for c in (0.99, 1.0, 1.01)]
    require(values[1] < min(values[0], values[2]), f"not least at {T}: {values}")


@given(st.floats(0.1, 1.4), positive(0.1, 3.0), positive(0.1, 3.0), st.floats(-1.0, 1.0))
def soft_mode_has_the_heat(angle: float, A: float, force: float, curvature: float) -> None:
    """Two sites with a mode of omega = 1e-3: (S 22) of a term of site 0 is -f b3/omega^4, to omega^2."""
    psi = np.array([math.cos(angle), math.sin(angle)])
    stiff = np.array([-psi[1], psi[0]])
    x, omega = np.array([1.0, 0.25]), 1e-3
    cubic = np.zeros((2, 2, 2))
    cubic[[0, 1], [0, 1], [0, 1]] = A * x
    slope, second = np.array([force, 0.0]), np.diag([curvature, 0.0])
    inverse = np.outer(psi, psi) / omega**2 + np.outer(stiff, stiff)
    heat = 2.0 * formulas.thermal_slope(np, slope, second, inverse, cubic)
    stated = formulas.soft_mode_heat(np, omega, A * np.sum(x * psi**3), slope @ psi)
    agree(heat, stated, 1e-2)  # |curvature| <= 1, b3 f > 4e-4: the rest is below 3e-3


@given(st.floats(0.0, 6.0), st.floats(0.0, 2.0))
def heat_tail_by_quantiles(delta: float, steepness: float) -> None:
    """Take a share u of modes of D ~ omega^delta: above their |c| is the share u of the law of |c|."""
    shares = np.array([1e-3, 1e-4])
    omega = shares ** (1.0 / (delta + 1.0))
    heat = np.abs(formulas.soft_mode_heat(np, omega, omega**steepness, 1.0))
    above = np.diff(np.log(shares)) / np.diff(np.log(heat))
    agree(formulas.heat_tail_exponent(np, delta, steepness), above[0] - 1.0, 1e-9)
