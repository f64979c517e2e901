"""Glasses of soft spheres: a liquid quenched, 20 modes, 8 cubic searches; against a plain script of scipy."""

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse.linalg import eigsh, splu
from threadpoolctl import threadpool_limits

import glass
import landscape
from benchmarks.timing import timed_on_processor

LIQUIDS = {  # N and sweeps, by dimension
    2: {400: 400, 4000: 400, 10_000: 400, 64_000: 100},
    3: {300: 400, 2000: 400},
}
T_P, MODES, SEARCHES = 0.5, 20, 8
PLAIN = 10_000  # particles, above which the plain script is not run
STEPS = 150  # of a plain search, at most

Array = NDArray[np.float64]


def run(liquids: dict[int, dict[int, int]] = LIQUIDS) -> list[dict[str, Any]]:
    """Return a row of this package and one of the plain script for each size: seconds of one core.

    In seconds of the processor, so that what else the machine does counts for little. "modes" has the proof
    that none is missing, and so that all are above zero. "gradient" is the largest force over the typical
    one, "mode residual" |M psi - lambda psi| over the largest |M_ij|. What the plain script takes: scipy's
    L-BFGS-B with the same energies, `eigsh` of scipy about a shift, and the fixed point of cubic modes with a
    factor of scipy for up to 150 steps, which must end in a residual of 1e-9.
    """
    before = landscape.threads.count()
    landscape.set_threads(1)
    rows = []
    with threadpool_limits(1):
        for d, sizes in liquids.items():
            for size, sweeps in sizes.items():
                rows += _rows(d, size, sweeps)
                print(f"  d = {d}, N = {size}: {rows[-1]['seconds']:.3g} s", flush=True)
    landscape.set_threads(before)
    return rows


def _rows(d: int, size: int, sweeps: int) -> list[dict[str, Any]]:
    params = glass.SoftSpheres(N=size, d=d, T_p=T_P, sweeps=sweeps)
    liquid_seconds, liquid = timed_on_processor(lambda: glass.draw(params, seed=1, sample=0))
    if size == min(LIQUIDS[d]):
        ours(liquid)  # compiles
        plain(liquid)
        liquid_seconds, liquid = timed_on_processor(lambda: glass.draw(params, seed=1, sample=0))
    step = 1e6 * liquid_seconds / (size * sweeps)
    known = {"d": d, "N": size, "sweeps": sweeps}
    rows = [known | {"by": "qle"} | ours(liquid) | {"swap step us": step}]
    if size <= PLAIN:
        rows.append(known | {"by": "plain"} | plain(liquid))
        rows[0]["plain / qle"] = rows[1]["seconds"] / rows[0]["seconds"]
    return rows


def ours(liquid: glass.PairGlass) -> dict[str, Any]:
    """Return the row of this package."""
    relax, solid = timed_on_processor(lambda: glass.quench(liquid))
    hessian = solid.point.hessian
    modes, low = timed_on_processor(lambda: landscape.low_modes(hessian, MODES))
    starts = low.vectors[:, :SEARCHES]
    search, cubic = timed_on_processor(lambda: landscape.cubic_modes(liquid, solid.x, starts=starts))
    found = [len(mode.starts) for mode in cubic if mode.residual <= 1e-9]
    return _row(relax, modes, search, solid.point.relative_gradient, sum(found), low.complete) | {
        "mode residual": float(low.residuals.max()) / float(np.abs(hessian.diagonal).max())
    }


def plain(liquid: glass.PairGlass) -> dict[str, Any]:
    """Return the row of the plain script, with the energies of this package and nothing else of it."""
    options = {"maxiter": 50_000, "maxfun": 100_000, "ftol": 0.0, "gtol": 1e-9}

    def minimum() -> Array:
        return np.asarray(minimize(liquid.evaluate, liquid.x, jac=True, method="L-BFGS-B", options=options).x)

    relax, x = timed_on_processor(minimum)
    bonds = liquid.bonds(x, 3)
    matrix = bonds.matrix().tocsc()
    size = float(np.abs(matrix.diagonal()).max())
    d = liquid.dimension

    def lowest() -> tuple[Array, Array]:
        values, vectors = eigsh(matrix, MODES + d, sigma=-1e-5 * size)
        order = np.argsort(values)[d:]
        return values[order], vectors[:, order]

    modes, (values, vectors) = timed_on_processor(lowest)
    search, found = timed_on_processor(lambda: _searches(bonds, matrix, size, vectors[:, :SEARCHES]))
    residual = float(np.linalg.norm(matrix @ vectors - vectors * values, axis=0).max())
    gradient = liquid.at(x).relative_gradient
    return _row(relax, modes, search, gradient, found, None) | {"mode residual": residual / size}


def _searches(bonds: glass.Bonds, matrix: Any, size: float, starts: Array) -> int:
    """Return from how many starts which z <- normalise(M^-1 U''' : z z) comes to a residual of 1e-9."""
    lifted = scipy.sparse.csc_matrix(matrix + 1e-12 * size * scipy.sparse.identity(matrix.shape[0]))
    lu, arrived = splu(lifted), 0
    for start in starts.T:
        z = start
        for _ in range(STEPS):
            u = bonds.stretch(z)
            f, mz = bonds.gather(bonds.third(u, u)), matrix @ z
            if np.linalg.norm(mz - (z @ mz) / (z @ f) * f) <= 1e-9 * np.linalg.norm(mz):
                arrived += 1
                break
            z = lu.solve(f)
            z /= np.linalg.norm(z)
    return arrived


def _row(
    relax: float, modes: float, search: float, gradient: float, arrived: int, proof: bool | None
) -> dict[str, Any]:
    return {
        "seconds": relax + modes + search,
        "quench": relax,
        "20 modes": modes,
        "8 searches": search,
        "gradient": gradient,
        "searches arrived": arrived,
        "proof": proof,
    }
