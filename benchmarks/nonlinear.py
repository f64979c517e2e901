"""Cubic modes from the 20 softest sites: both methods against the minimisation and a plain script."""

from typing import Any

import numpy as np

import khgps
import quartic
from benchmarks.modes import Counted
from benchmarks.timing import best, timed
from quartic.nonlinear import cubic_modes
from quartic.nonlinear.cubic import METHODS

SIZES = (500, 1000, 2000, 4000, 8000, 16_000)
COUPLINGS = (0.03, 0.1, 0.3)
FIELD, STARTS, REPEATS = 0.01, 20, 3
LARGEST = {"plain": 2000, "fixed-point": 8000}  # N, where time is bounded
PLAIN_STEPS = 1000


def run() -> list[dict[str, Any]]:
    """Return one row per (N, J, method): least of up to three seconds, products, worst residual, modes."""
    rows = []
    for n in SIZES:
        for j in COUPLINGS:
            problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=FIELD), seed=1, sample=0)
            x = quartic.minimize(problem, certify=False).x
            rows += [{"N": n, "J": j, "method": "minimise"} | minimisation(problem)]
            least = rows[-1]["seconds"]
            for method in (*METHODS, "plain"):
                if n <= LARGEST.get(method, n):
                    found = plain(problem, x) if method == "plain" else measure(problem, x, method)
                    ratio = {"times minimisation": found["seconds"] / least}
                    rows.append({"N": n, "J": j, "method": method} | found | ratio)
    return rows


def minimisation(problem: quartic.Problem) -> dict[str, Any]:
    """Return seconds and products of `quartic.minimize`, which certifies nothing here."""
    seconds, minimum = best(lambda: quartic.minimize(problem, certify=False), REPEATS)
    return {"seconds": seconds, "products": minimum.products}


def measure(problem: quartic.Problem, x: np.ndarray, method: str) -> dict[str, Any]:
    """Return the row of one method."""
    seconds, modes = best(lambda: cubic_modes(problem, x, count=STARTS, method=method), REPEATS)
    counted = Counted(problem.coupling)
    again = quartic.Problem(problem.stiffness, counted, problem.field, problem.anharmonicity)
    cubic_modes(again, x, count=STARTS, method=method)
    return {
        "seconds": seconds,
        "products": counted.made,
        "residual": max(m.residual for m in modes if m.status in ("converged", "descended")),
        "modes": len(modes),
        "not converged": sum(m.status not in ("converged", "descended") for m in modes),
    }


def plain(problem: quartic.Problem, x: np.ndarray) -> dict[str, Any]:
    """Return the row of what one would write with numpy: the scheme, one start after the other."""
    seconds, (residuals, modes) = timed(lambda: plain_modes(problem, x))
    converged = residuals <= 1e-9
    return {
        "seconds": seconds,
        "residual": float(residuals[converged].max()),
        "modes": modes,
        "not converged": int(np.sum(~converged)),
    }


def plain_modes(problem: quartic.Problem, x: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the last residuals, and how many different directions those <= 1e-9 have."""
    hessian = quartic.hessian(problem, x)
    inverse = np.linalg.inv(hessian)
    residuals: list[float] = []
    directions: list[np.ndarray] = []
    for site in np.argsort(hessian.diagonal())[:STARTS]:
        z = np.zeros(len(x))
        z[site] = 1.0
        for _ in range(PLAIN_STEPS):
            z = inverse @ (x * z**2)
            z /= np.linalg.norm(z)
            mz = hessian @ z
            residual = np.linalg.norm(mz - (z @ mz) / (x @ z**3) * x * z**2) / np.linalg.norm(mz)
            if residual <= 1e-9:
                break
        residuals.append(float(residual))
        if residual <= 1e-9 and not any(abs(z @ other) > 1.0 - 1e-6 for other in directions):
            directions.append(z)
    return np.array(residuals), len(directions)
