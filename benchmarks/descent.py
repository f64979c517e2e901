"""Gradient flow: coupling products that its minimum costs, against explicit Runge-Kutta steps."""

from functools import partial
from typing import Any

import numpy as np

import khgps
import quartic
from benchmarks.timing import timed
from landscape.arrays import Vector
from quartic.starts import starting_point

SIZES = (500,)
COUPLINGS = (0.03, 0.1, 0.3, 0.5)
FIELD, SAMPLES, TOL = 0.01, 4, 1e-10


def run() -> list[dict[str, Any]]:
    """Return one row per (N, J, start): means over samples, and how often both ended in one minimum."""
    quartic.minimize(khgps.draw(khgps.KHGPS(N=20, J=0.1, h=0.1), seed=1, sample=0), method="descent")
    return [
        compare(n, j, start) for n in SIZES for j in COUPLINGS for start in ("zero", "decoupled", "random")
    ]


def compare(n: int, j: float, start: str) -> dict[str, Any]:
    """Return products and seconds of both, and the agreement of their minima."""
    ours, plain, same = [], [], 0
    for sample in range(SAMPLES):
        problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=FIELD), seed=7, sample=sample)
        x = starting_point(problem, start, sample)
        flow = partial(quartic.minimize, problem, method="descent", start=x, tol=TOL, certify=False)
        seconds, found = timed(flow)
        plain_seconds, (end, products) = timed(partial(explicit_flow, problem, x, TOL))
        ours.append((found.products, seconds))
        plain.append((products, plain_seconds))
        same += bool(np.abs(found.x - end).max() < 1e-6)
    (products, seconds), (plain_products, plain_seconds) = np.mean(ours, axis=0), np.mean(plain, axis=0)
    return {
        "N": n,
        "J": j,
        "start": start,
        "qle products": float(products),
        "explicit products": float(plain_products),
        "ratio": float(plain_products / products),
        "qle seconds": float(seconds),
        "explicit seconds": float(plain_seconds),
        "same minimum": f"{same}/{SAMPLES}",
    }


def explicit_flow(
    problem: quartic.Problem, x: Vector, tol: float, accuracy: float = 1e-4
) -> tuple[Vector, int]:
    """Return (end of the flow dx/dt = -grad H, products), by the method of Bogacki & Shampine (1989).

    Order 3 with an embedded estimate of order 2: a step is accepted if the estimated error is at most
    `accuracy` of its length. Ends where |grad H|_inf <= tol times the typical force.
    """
    products = 0

    def force(y: Vector) -> tuple[Vector, float]:
        nonlocal products
        products += 1
        jy = problem.coupling @ y
        terms = np.abs(problem.stiffness * y) + np.abs(jy) + problem.anharmonicity * np.abs(y) ** 3 / 6
        scale = float(np.sqrt(np.mean((terms + np.abs(problem.field)) ** 2)))
        return problem.field - jy - y * (problem.stiffness + problem.anharmonicity / 6 * y * y), scale

    dt = 0.1 / float(np.max(np.abs(problem.stiffness) + problem.coupling.strength))
    k1, scale = force(x)
    while np.abs(k1).max() > tol * scale:
        k2, _ = force(x + dt / 2 * k1)
        k3, _ = force(x + 3 * dt / 4 * k2)
        y = x + dt / 9 * (2 * k1 + 3 * k2 + 4 * k3)
        k4, new_scale = force(y)
        error = dt / 72 * np.linalg.norm(-5 * k1 + 6 * k2 + 8 * k3 - 9 * k4)
        ratio = float(error / (accuracy * np.linalg.norm(y - x) + 1e-15 * np.linalg.norm(y)))
        if ratio <= 1.0:
            x, k1, scale = y, k4, new_scale
            dt *= min(3.0, 0.9 / max(ratio, 1e-3) ** (1 / 3))
        else:
            dt *= max(0.2, 0.9 / ratio ** (1 / 3))
    return x, products
