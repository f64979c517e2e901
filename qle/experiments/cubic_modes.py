"""Cubic modes: solutions of M z = (b2/b3) U''' : z z against minima of the barrier B(z)."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.experiments.exceptions import EXCEPTIONS
from qle.measurements.ensemble import Ensemble
from qle.verification.comparison import Comparison, computed, counted
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
A = 1.0
AWAY = 0.1  # from a solution of length 1: near enough to be in the basin of its barrier


def cubic_modes(quick: bool) -> list[Comparison]:
    """Solve the equation from soft normal modes of a few minima, minimise B(z) from near by and compare.

    From the normal modes themselves the two routes may end in different modes: both have basins of their own.
    """
    rng = np.random.Generator(np.random.PCG64(91))
    residuals, angles, heights = [], [], []
    params = khgps.KHGPS(N=40, J=0.06, h=0.01)
    ensemble = Ensemble(params=params, seed=91, protocol=Protocol(tol=1e-12))
    for problem, x in ensemble.minima(3 if quick else 20):
        hessian = quartic.hessian(problem, x)
        for start in quartic.low_modes(problem, x, 3).vectors.T:
            z = _fixed_point(hessian, x, start)
            b2, b3 = _coefficients(hessian, x, z)
            forced = A * x * z**2 * b2 / b3
            residuals.append(np.linalg.norm(hessian @ z - forced) / np.linalg.norm(hessian @ z))
            away = rng.normal(size=x.size)
            other = _least_barrier(hessian, x, z + AWAY * away / np.linalg.norm(away))
            angles.append(1.0 - abs(z @ other))
            heights.append(_barrier(other, hessian, x) / formulas.cubic_barrier(np, b2, b3) - 1.0)
    how = (
        f"{len(angles)} modes of minima of KHGPS, N = 40; fixed point z <- M^-1 (U''' : z z) from normal "
        "modes"
    )
    search = f"; B(z) minimised by BFGS from points {AWAY:g} away from them; tolerance: of the search"
    return [
        computed(
            "S15",
            "largest residual of the mode equation",
            0.0,
            max(residuals),
            1e-8,
            f"{how}; no more than 1e-8",
        ),
        computed("S15", "largest 1 - |z . z'| of both routes", 0.0, max(angles), 1e-7, how + search),
        computed("S15", "largest B(z')/B(z) - 1", 0.0, max(map(abs, heights)), 1e-7, how + search),
    ]


def _coefficients(hessian: Array, x: Array, z: Array) -> tuple[float, float]:
    return float(z @ hessian @ z), float(A * np.sum(x * z**3))


def _fixed_point(hessian: Array, x: Array, start: Array) -> Array:
    """Return where z <- normalise(M^-1 (U''' : z z)) ends; by half steps, if whole ones go in circles."""
    inverse = np.linalg.inv(hessian)
    for share in (1.0, 0.5):
        z = math.copysign(1.0, np.sum(x * start**3)) * start
        for _ in range(10_000):
            new = inverse @ (x * z**2)
            new = share * new / np.linalg.norm(new) + (1.0 - share) * z
            new /= np.linalg.norm(new)
            change, z = np.linalg.norm(new - z), new
            if change < 1e-13:
                return z
    raise ArithmeticError(f"fixed point: last change {change:.2g}, must be < 1e-13")


def _barrier(z: Array, hessian: Array, x: Array) -> float:
    b2, b3 = _coefficients(hessian, x, z)
    return 2.0 * b2**3 / (3.0 * b3**2)


def _least_barrier(hessian: Array, x: Array, start: Array) -> Array:
    """Return the direction of a minimum of ln B(z), by its gradient 6 M z/b2 - 6 U''' : z z/b3."""

    def log_barrier(z: Array) -> tuple[float, Array]:
        b2, b3 = _coefficients(hessian, x, z)
        return 3.0 * np.log(b2) - 2.0 * np.log(abs(b3)), 6.0 * (hessian @ z / b2 - A * x * z**2 / b3)

    z: Array = minimize(log_barrier, start, jac=True, method="BFGS", options={"gtol": 1e-9}).x
    return z / np.linalg.norm(z)


def shallow(quick: bool) -> list[Comparison]:
    """Count cubic modes of r = b3^2/(b2 b4) < 0.4, next to the softest normal modes of minima."""
    samples = 300 if quick else 3000
    found = []
    ensemble = Ensemble(params=khgps.KHGPS(N=150, J=0.06, h=0.01), seed=92)
    for problem, x in ensemble.minima(samples):
        hessian = quartic.hessian(problem, x)
        z = _fixed_point(hessian, x, quartic.low_modes(problem, x, 1).vectors[:, 0])
        b2, b3 = _coefficients(hessian, x, z)
        found.append(b3**2 < 0.4 * b2 * A * float(np.sum(z**4)))
    how = (
        "minima of KHGPS, N = 150, J = 0.06, h = 0.01; the claim is of computer glasses and allows "
        f"{EXCEPTIONS:.0%} of exceptions"
    )
    quantity = "share of cubic modes of KHGPS with r < 0.4"
    return [counted("S18-lower", quantity, EXCEPTIONS, np.array(found), how, bound=True)]


EXPERIMENTS = (
    Experiment(claims=("S18-lower",), run=shallow, seconds=8.0),
    Experiment(claims=("S15",), run=cubic_modes, seconds=2.0),
)
