"""Nonlinear modes by dense matrices, slowly: the other route of their tests."""

import numpy as np
import pytest
from scipy.optimize import minimize

import khgps
import quartic
from quartic.nonlinear import NonlinearMode

Array = np.ndarray


def sample(n: int, j: float, number: int = 0) -> tuple[quartic.Problem, Array]:
    problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=0.01), seed=1, sample=number)
    return problem, quartic.minimize(problem).x


def with_hessian(matrix: Array, x: Array, a: float = 1.0) -> quartic.Problem:
    """The problem for which x is stationary and M is `matrix`."""
    off = matrix - np.diag(np.diag(matrix))
    bare = quartic.Problem(np.diag(matrix) - a * x**2 / 2, off, 0.0, a)
    return quartic.Problem(bare.stiffness, off, quartic.gradient(bare, x), a)


def forced(problem: quartic.Problem, x: Array, z: Array, order: int) -> Array:
    """A x z^2 or A z^3."""
    return problem.anharmonicity * (x * z**2 if order == 3 else z**3)


def residual(problem: quartic.Problem, x: Array, mode: NonlinearMode, order: int) -> float:
    """|M z - (b2/b_p) ...| / |M z| by dense matrices."""
    z = mode.direction
    mz = quartic.hessian(problem, x) @ z
    f = forced(problem, x, z, order)
    return float(np.linalg.norm(mz - (z @ mz) / (z @ f) * f) / np.linalg.norm(mz))


def downward(problem: quartic.Problem, x: Array, mode: NonlinearMode, order: int) -> Array:
    """Second derivatives of the barrier in the metric M, over directions M-orthogonal to z, ascending.

    Those of -ln(b_p)/p at b2 = 1: eigenvalues of 1 - (p - 1) M^-1 diag(w z^(p-2))/b_p; z itself has 2 - p.
    """
    z, matrix = mode.direction, quartic.hessian(problem, x)
    diagonal = np.diag(problem.anharmonicity * (x * z if order == 3 else z**2))
    factor = (order - 1) * (z @ matrix @ z) / (z @ forced(problem, x, z, order))
    whitened = np.linalg.inv(np.linalg.cholesky(matrix))
    values = np.linalg.eigvalsh(np.eye(len(z)) - factor * whitened @ diagonal @ whitened.T)
    itself = int(np.argmin(np.abs(values - (2 - order))))
    assert values[itself] == pytest.approx(2 - order, abs=1e-6)
    return np.delete(values, itself)


def searched(problem: quartic.Problem, x: Array, start: Array, order: int) -> Array:
    """The direction of a minimum of p ln b2 - 2 ln|b_p| by scipy's BFGS, and dense matrices."""
    matrix = quartic.hessian(problem, x)

    def level(z: Array) -> tuple[float, Array]:
        mz, f = matrix @ z, forced(problem, x, z, order)
        value = order * np.log(z @ mz) - 2 * np.log(abs(z @ f))
        return float(value), 2 * order * (mz / (z @ mz) - f / (z @ f))

    z = minimize(level, start / np.linalg.norm(start), jac=True, method="BFGS", options={"gtol": 1e-9}).x
    return np.asarray(z / np.linalg.norm(z))


def same(a: Array, b: Array) -> bool:
    return bool(abs(a @ b) > 1.0 - 1e-6)
