"""Participation ratio, softest mode, cubic modes, softening, single oscillators: differences and bounds."""

import math
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from theory import formulas
from theory.properties.agreement import agree, require
from theory.strategies import oscillator_problems, positive, unit_vectors

__all__ = [
    "barrier_slope_is_the_mode_equation",
    "minimum_balances_the_force",
    "pair_has_a_mode_below_the_threshold",
    "participation_ratio_is_bounded",
    "softening_solves_its_equation",
    "softest_mode_law_is_stable",
]
Array = NDArray[np.float64]


@given(st.integers(1, 20).flatmap(unit_vectors))
def participation_ratio_is_bounded(psi: Array) -> None:
    """1/N <= e <= 1, and e is N_c/N where the mode is even on N_c sites."""
    N = psi.size
    ratio = np.sum(psi**2) ** 2 / (N * np.sum(psi**4))
    lowest, highest = formulas.box_participation_ratio(np, 1, N), formulas.box_participation_ratio(np, N, N)
    require(lowest * (1.0 - 1e-12) <= ratio <= highest * (1.0 + 1e-12), f"e = {ratio} of {psi}")
    box = np.sign(psi)
    even = np.sum(box**2) ** 2 / (N * np.sum(box**4))
    agree(even, formulas.box_participation_ratio(np, np.count_nonzero(psi), N), 1e-12)


@given(positive(0.1, 10.0), positive(0.1, 10.0), st.integers(1, 10))
def softest_mode_law_is_stable(A_g: float, omega: float, samples: int) -> None:
    """Find the softest of m samples distributed as that of one sample m times as large."""
    one = formulas.softest_mode_law(np, omega, 7.0, A_g)
    many = formulas.softest_mode_law(np, omega, 7.0 * samples, A_g)
    require(abs(many - (1.0 - (1.0 - one) ** samples)) < 1e-12, f"{samples} samples: {many}, one: {one}")
    soft = (1e-4 / formulas.mode_number(np, A_g, 1.0)) ** 0.2
    agree(formulas.softest_mode_law(np, soft, 1.0, A_g), A_g * soft**5 / 5.0, 1e-4)


def _cubic_barrier(problem: dict[str, Any], x: Array, z: Array) -> float:
    """Return B(z) at x, for any length of z: b3 = A sum x_i z_i^3."""
    A = problem["anharmonicity"]
    hessian = np.diag(problem["stiffness"] + A * x**2 / 2.0) + problem["coupling"]
    return float(formulas.cubic_barrier(np, z @ hessian @ z, A * np.sum(x * z**3)))


@given(oscillator_problems(largest=4), st.data())
def barrier_slope_is_the_mode_equation(problem: dict[str, Any], data: st.DataObject) -> None:
    """Take dB/dz by differences of 1e-5: 4 b2^2/b3^2 (M z - (b2/b3) U''' : z z) within 1e-6 of its terms."""
    N, A = problem["stiffness"].size, problem["anharmonicity"]
    z = data.draw(unit_vectors(N))
    x = 1.0 + np.arange(N) / 4.0
    hessian = np.diag(problem["stiffness"] + A * x**2 / 2.0) + problem["coupling"]
    b2, b3 = z @ hessian @ z, A * np.sum(x * z**3)
    assume(abs(b3) > 0.1 and abs(b2) > 0.1)
    equation = 4.0 * b2**2 / b3**2 * (hessian @ z - b2 / b3 * A * x * z**2)
    for i, axis in enumerate(np.eye(N)):
        step = 1e-5 * axis
        slope = (_cubic_barrier(problem, x, z + step) - _cubic_barrier(problem, x, z - step)) / 2e-5
        scale = (
            1.0 + abs(equation).max() + (abs(b2) ** 3 + np.abs(hessian).max() ** 3) / min(abs(b3), 1.0) ** 5
        )
        require(abs(slope - equation[i]) < 1e-6 * scale, f"axis {i}: slope {slope}, equation {equation[i]}")


@given(positive(0.1, 10.0), positive(0.1, 10.0), st.floats(0.001, 0.11), st.floats(-1.0, 2.0))
def pair_has_a_mode_below_the_threshold(k_i: float, k_j: float, epsilon: float, q: float) -> None:
    """B(z) of z = (1, p) has a minimum on a grid up to p = -3 J/k_j for q below the threshold only."""
    limit = formulas.pull_threshold(np, epsilon)
    assume(abs(q - limit) > 0.03 and abs(abs(q) - 1.0) > 1e-9)
    A, x_i, J = 2.0, 0.5, math.sqrt(epsilon * k_i * k_j)
    x_j = -q * k_j**2 * x_i / (4.0 * k_i * J)
    bare = np.array([k_i, k_j]) - A * np.array([x_i, x_j]) ** 2 / 2.0
    problem = {"anharmonicity": A, "stiffness": bare, "coupling": J * (1.0 - np.eye(2))}
    grid = -J / k_j * np.linspace(0.0, 3.0, 301)
    barrier = [_cubic_barrier(problem, np.array([x_i, x_j]), np.array([1.0, p])) for p in grid]
    require(bool(np.any(np.diff(barrier) > 0.0)) == (q < limit), f"q = {q}, epsilon = {epsilon}: {limit}")
    agree(formulas.mode_pull(np, k_i, k_j, J, x_i, x_j) + 3.0, q + 3.0, 1e-12)
    least = formulas.window_ratio(np, k_i, k_j, J, A * x_j**2 / k_j)
    require((A * x_i**2 / k_i > least) == (abs(q) < 1.0), f"q = {q}: r_i must exceed {least}")


@given(positive(0.1, 10.0), positive(0.1, 10.0), positive(0.1, 10.0))
def softening_solves_its_equation(b3: float, F: float, distance: float) -> None:
    """b2 db2/d(gamma_c - gamma) is b3 F, by central differences."""
    step = 1e-4 * distance
    ahead, here, behind = (
        formulas.softening_stiffness(np, b3, F, distance + shift) for shift in (step, 0.0, -step)
    )
    agree(here * (ahead - behind) / (2.0 * step), b3 * F, 1e-6)


@given(st.floats(-3.0, 3.0), positive(0.01, 10.0), positive(0.1, 10.0))
def minimum_balances_the_force(kappa: float, f: float, A: float) -> None:
    """Find the stated minima holding the force with positive curvature; for kappa < 0 the lower one."""
    assume(abs(kappa) > 1e-3)
    if kappa > 0.0:
        x = formulas.oscillator_minimum(np, kappa, f, A)
        agree(formulas.held_force(np, 0.0, formulas.soft_oscillator_minimum(np, f, A), A), f, 1e-12)
    else:
        f = min(f, 0.99 * A * math.sqrt(-2.0 * kappa / A) ** 3 / 3.0)
        x = formulas.two_well_oscillator_minimum(np, kappa, f, A)
        grid = np.linspace(-1.5, 1.5, 301) * x
        energy = kappa * grid**2 / 2 + A * grid**4 / 24 - f * grid
        lowest = kappa * x**2 / 2 + A * x**4 / 24 - f * x
        require(np.all(energy >= lowest * (1.0 + 1e-12)), f"{x}: not lowest")
    agree(formulas.held_force(np, kappa, x, A) + abs(kappa) * x, f + abs(kappa) * x, 1e-9)
    require(formulas.oscillator_stiffness(np, kappa, x, A) > 0.0, f"curvature at {x}")
