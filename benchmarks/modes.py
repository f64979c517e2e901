"""The 20 lowest modes of a minimum: every method against LAPACK, in one run."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from benchmarks.timing import best
from landscape import low_modes
from landscape.arrays import Matrix, Vector
from landscape.modes.certificate import definite
from quartic.couplings import Coupling
from quartic.curvature import Curvature

SIZES = (500, 1000, 2000, 4000, 8000, 16_000)
COUPLINGS = (0.03, 0.3)
FIELD, MODES, REPEATS = 0.01, 20, 3
LARGEST = {"numpy eigh": 2000, "dense": 2000, "factor": 8000, "certificate": 8000}  # N, where time is bounded


def run() -> list[dict[str, Any]]:
    """Return one row per (N, J, method): least seconds of up to three, products J v, residual and proof."""
    rows = []
    for n in SIZES:
        for j in COUPLINGS:
            problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=FIELD), seed=1, sample=0)
            x = quartic.minimize(problem, start="zero", certify=False).x
            for method in ("numpy eigh", "dense", "factor", "davidson", "certificate"):
                if n <= LARGEST.get(method, n):
                    rows.append({"N": n, "J": j, "method": method} | measure(problem, x, method))
    return rows


def measure(problem: quartic.Problem, x: np.ndarray, method: str) -> dict[str, Any]:
    """Return the row of one method: each time of a new Hessian, for the factor of the last one is kept."""
    if method == "numpy eigh":
        matrix = quartic.hessian(problem, x)
        return {"seconds": best(lambda: np.linalg.eigh(matrix), REPEATS)[0]}
    if method == "certificate":
        seconds, proof = best(lambda: definite(Curvature(problem, x)), REPEATS)
        return {"seconds": seconds, "proof": proof is not None}
    verify = False if method == "davidson" else None
    seconds, low = best(
        lambda: low_modes(Curvature(problem, x), MODES, method=method, verify=verify), REPEATS
    )
    return {
        "seconds": seconds,
        "products": products(problem, x, method),
        "residual": float(low.residuals.max()),
        "proof": low.complete,
    }


def products(problem: quartic.Problem, x: np.ndarray, method: str) -> int:
    """Return the number of products J v of one call."""
    counted = Counted(problem.coupling)
    again = quartic.Problem(problem.stiffness, counted, problem.field, problem.anharmonicity)
    quartic.low_modes(again, x, MODES, method=method, verify=False if method == "davidson" else None)
    return counted.made


class Counted(Coupling):
    """A coupling that counts its products."""

    def __init__(self, coupling: Coupling) -> None:
        self.coupling, self.made = coupling, 0
        self.size, self.strength = coupling.size, coupling.strength

    @property
    def nbytes(self) -> int:
        return self.coupling.nbytes

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        self.made += 1
        return self.coupling.product(x, out)

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        self.made += block.shape[1]
        return self.coupling.products(block)

    def row(self, i: int) -> Vector:
        return self.coupling.row(i)

    def dense(self) -> Matrix:
        return self.coupling.dense()
