"""The 20 lowest modes of a Hessian alone, dense and sparse: landscape against scipy, one core, CPU time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse
from scipy.linalg import eigh
from scipy.sparse.linalg import eigsh
from threadpoolctl import threadpool_limits

import landscape
from benchmarks.timing import timed_on_processor

MODES, REPEATS = 20, 3
DENSE, EDGE = 2000, 200


def run() -> list[dict[str, Any]]:
    """Return one row per matrix: best seconds of three of both, their ratio, the largest difference.

    On one core, in seconds of the processor: what else the machine does counts for little then.
    """
    before = landscape.threads.count()
    landscape.set_threads(1)
    with threadpool_limits(1):
        rows = _rows()
    landscape.set_threads(before)
    return rows


def _rows() -> list[dict[str, Any]]:
    rows = []
    for name, matrix in dense().items():

        def lapack(given: np.ndarray = matrix) -> np.ndarray:
            return np.asarray(eigh(given, subset_by_index=(0, MODES - 1))[0])

        rows.append({"matrix": name, "N": DENSE} | compare(matrix, lapack))
    square = springs()

    def arpack() -> np.ndarray:
        return np.sort(eigsh(square, MODES, sigma=0.0, return_eigenvectors=True)[0])

    rows.append({"matrix": "springs on a square", "N": EDGE**2} | compare(square, arpack))
    return rows


def compare(matrix: Any, scipys: Callable[[], np.ndarray]) -> dict[str, Any]:
    """Return the times of both, and how well they agree."""
    own, other = [], []
    for _ in range(REPEATS + 1):  # each in turn; the first compiles
        own.append(
            timed_on_processor(lambda: landscape.low_modes(landscape.Harmonic(matrix).hessian(), MODES))
        )
        other.append(timed_on_processor(scipys))
    seconds, times = min(t for t, _ in own), min(t for t, _ in other)
    modes = own[0][1]
    return {
        "seconds": seconds,
        "scipy seconds": times,
        "scipy / landscape": times / seconds,
        "method": modes.method,
        "proof": modes.complete,
        "residual": float(modes.residuals.max()),
        "difference": float(np.abs(modes.eigenvalues - other[0][1]).max()),
    }


def dense() -> dict[str, np.ndarray]:
    """Return matrices of several kinds: oscillators, random ones with and without a gap, a Debye spectrum."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(DENSE, DENSE))
    wide = rng.normal(size=(DENSE, 6 * DENSE // 5))
    frame, _ = np.linalg.qr(rng.normal(size=(DENSE, DENSE)))
    semicircle = (noise + noise.T) / (2.0 * DENSE) ** 0.5
    debye = (frame * np.linspace(0.01, 1.0, DENSE) ** (2 / 3)) @ frame.T
    return {
        "oscillators": 0.2 * semicircle + np.diag(rng.uniform(0.5, 2.0, DENSE)),
        "semicircle, indefinite": semicircle,
        "semicircle above zero": semicircle + 2.1 * np.eye(DENSE),
        "Wishart": wide @ wide.T / wide.shape[1],
        "Debye": (debye + debye.T) / 2.0,
    }


def springs() -> Any:
    """Return springs between the neighbours on a square of 200 x 200 sites, tied to walls."""
    ones = np.ones(EDGE)
    chain = scipy.sparse.diags_array([-ones[1:], 2.0 * ones, -ones[1:]], offsets=[-1, 0, 1])
    one = scipy.sparse.identity(EDGE)
    return scipy.sparse.csr_array(scipy.sparse.kron(chain, one) + scipy.sparse.kron(one, chain))
