"""What one would write without this package: numpy and scipy, plainly."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize

Array = NDArray[np.float64]


def draw(n: int, j: float, seed: int) -> tuple[Array, Array]:
    """Return (kappa, J_ij) of one KHGPS sample with kappa uniform on [0, 1]."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.normal(0.0, j / np.sqrt(n), (n, n)), 1)
    return rng.uniform(0.0, 1.0, n), upper + upper.T


def relax(kappa: Array, coupling: Array, h: float) -> OptimizeResult:
    """Return scipy's L-BFGS-B minimum from x = 0, with the tightest tolerances that it takes."""

    def energy_and_gradient(x: Array) -> tuple[Any, Array]:
        linear = kappa * x + coupling @ x
        return x @ linear / 2 + np.sum(x**4) / 24 - h * np.sum(x), linear + x**3 / 6 - h

    options = {"ftol": 0.0, "gtol": 1e-10, "maxiter": 20_000, "maxfun": 40_000}
    return minimize(energy_and_gradient, np.zeros(kappa.size), jac=True, method="L-BFGS-B", options=options)


def modes(kappa: Array, coupling: Array, x: Array) -> tuple[Array, Array]:
    """Return all eigenvalues and eigenvectors of the Hessian at x."""
    return np.linalg.eigh(coupling + np.diag(kappa + x**2 / 2))
