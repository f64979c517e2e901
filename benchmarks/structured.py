"""A million oscillators: structured couplings, one sample minimised and its 20 lowest modes found.

Nobody would write this plainly: the matrix alone has 8 TB.
"""

import multiprocessing
from typing import Any

import numpy as np

import khgps
import quartic
from benchmarks.timing import peak_kib, timed

SIZE = 10**6
COUPLINGS = (0.03, 0.1)
FIELD, MODES, TOL = 0.01, 20, 4e-9


def run(size: int = SIZE) -> list[dict[str, Any]]:
    """Return one row per J, each from a process of its own: seconds, work, residuals and peak memory."""
    context = multiprocessing.get_context("spawn")
    rows = []
    for j in COUPLINGS:
        with context.Pool(1) as pool:
            rows.append(pool.apply(sample, (size, j)))
        print(f"  J = {j}: {rows[-1]['seconds']:.3g} s", flush=True)
    return rows


def sample(n: int, j: float) -> dict[str, Any]:
    """Return seconds, work and residuals of one sample."""
    params = khgps.KHGPS(N=n, J=j, h=FIELD, coupling="structured")
    draw, problem = timed(lambda: khgps.draw(params, seed=1, sample=0))
    relax, minimum = timed(lambda: quartic.minimize(problem, start="zero"))
    modes, low = timed(lambda: quartic.low_modes(problem, minimum.x, MODES, tol=TOL))
    product, _ = timed(lambda: problem.coupling.product(minimum.x), repeats=20)
    return {
        "N": n,
        "J": j,
        "seconds": draw + relax + modes,
        "draw": draw,
        "minimise": relax,
        "modes": modes,
        "product ms": 1e3 * product,
        "products": minimum.products,
        "gradient": minimum.gradient_norm,
        "mode residual": float(low.residuals.max()),
        "lowest frequency": float(np.sqrt(low.eigenvalues[0])),
        "coupling MiB": problem.coupling.nbytes / 2**20,
        "peak GiB": peak_kib() / 2**20,
    }
