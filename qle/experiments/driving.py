"""Softening on the way to an instability: oscillators driven by their field until a minimum vanishes."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

import quartic
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SITES, A = 6, 1.0
NEAR = (1e-8, 4e-8, 1.6e-7)  # distances from the instability, by factors of 4


def softening(quick: bool) -> list[Comparison]:
    """Compare b2 at small distances from the instability, and its exponent, for random systems."""
    found = []
    for seed in (1, 2) if quick else range(1, 9):
        stiffness, coupling = _system(seed)
        x, h = _instability(stiffness, coupling)
        mode = quartic.low_modes(quartic.Problem(stiffness, coupling, h, A), x, 1).vectors[:, 0]
        b3, F = float(A * np.sum(x * mode**3)), -float(np.sum(mode))
        side = -math.copysign(1.0, b3 * F)  # h - h_c of the side where the minimum is
        b2 = np.array([_stiffness_at(side * d, (stiffness, coupling, x, h, mode, b3, F)) for d in NEAR])
        predicted = float(formulas.softening_stiffness(np, abs(b3), abs(F), NEAR[0]))
        how = (
            f"{SITES} coupled oscillators, instability by Newton's method, minima at h_c - h = 1e-8, 4e-8 "
            "and 1.6e-7 by quartic.minimize; tolerance: 1.5 times the next order, ~ b2, from the changes "
            "between them"
        )
        quantity = f"b2 over (2 b3 F (h_c - h))^(1/2), system {seed}"
        next_order = 1.5 * abs(0.5 * b2[1] / b2[0] - 1.0)  # it doubles with b2
        found.append(computed("S21", quantity, 1.0, b2[0] / predicted, next_order, how))
        near, further = np.diff(np.log(b2)) / math.log(4.0)
        quantity = f"exponent of b2 in h_c - h, system {seed}"
        tolerance = 1.5 * abs(further - near)
        others = {"(h_c - h)^(1/3)": 1.0 / 3.0, "h_c - h": 1.0}
        found.append(computed("S21", quantity, 0.5, near, tolerance, how, alternatives=others))
    return found


def _system(seed: int) -> tuple[Array, Array]:
    """Return random stiffnesses, the first one negative, and weak couplings."""
    rng = np.random.Generator(np.random.PCG64(seed))
    upper = np.triu(0.1 * rng.standard_normal((SITES, SITES)), 1)
    return np.append(-0.5, rng.uniform(0.5, 2.0, SITES - 1)), upper + upper.T


def _instability(stiffness: Array, coupling: Array) -> tuple[Array, float]:
    """Return (x, h) where a minimum with x_0 < 0 vanishes on raising h."""
    x, h, step = np.zeros(SITES), 0.0, 0.02
    x[0] = -math.sqrt(-6.0 * stiffness[0] / A)
    while step > 1e-5:  # x_0 jumps where the minimum is gone
        trial = quartic.minimize(
            quartic.Problem(stiffness, coupling, h + step, A), method="descent", start=x
        ).x
        if trial[0] < 0.0:
            x, h = trial, h + step
        else:
            step /= 2.0
    mode = quartic.low_modes(quartic.Problem(stiffness, coupling, h, A), x, 1).vectors[:, 0]

    def fold(v: Array) -> Array:
        problem = quartic.Problem(stiffness, coupling, v[-1], A)
        z = v[SITES:-1]
        at = v[:SITES]
        return np.concatenate(
            [quartic.gradient(problem, at), quartic.hessian(problem, at) @ z, [z @ z - 1.0]]
        )

    solution = root(fold, np.concatenate([x, mode, [h]]), tol=1e-14)
    residual = np.abs(fold(solution.x)).max()
    if residual > 1e-12:
        raise ArithmeticError(f"instability: residual {residual:.2g}, must be < 1e-12")
    return solution.x[:SITES], float(solution.x[-1])


def _stiffness_at(change: float, at: tuple[Array, Array, Array, float, Array, float, float]) -> float:
    """Return b2 of the minimum at h_c + change: the lowest eigenvalue there."""
    stiffness, coupling, x, h, mode, b3, F = at
    problem = quartic.Problem(stiffness, coupling, h + change, A)
    s = math.sqrt(abs(2.0 * F * change / b3)) * math.copysign(1.0, b3)  # the side of positive curvature
    minimum = quartic.minimize(problem, method="newton", start=x + s * mode, tol=1e-14).x
    return float(quartic.low_modes(problem, minimum, 1).eigenvalues[0])


EXPERIMENTS = (Experiment(claims=("S21",), run=softening, seconds=2.0),)
