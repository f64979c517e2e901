"""One sample from nothing: draw, minimise, 20 lowest modes; against the plain script, in the same run."""

from typing import Any

import numpy as np

import khgps
import quartic
from benchmarks import naive
from benchmarks.timing import timed

SIZES = (500, 1000, 2000)
COUPLINGS = (0.03, 0.3)
FIELD, MODES, REPEATS = 0.01, 20, 5


def run() -> list[dict[str, Any]]:
    """Return one row per (N, J): medians over samples of the times of both, their ratio and residuals."""
    ours(50, 0.1, 0)  # compiles
    rows = []
    for n in SIZES:
        for j in COUPLINGS:
            pairs = [
                (ours(n, j, s), plain(n, j, s)) for s in range(REPEATS)
            ]  # in turn: the machine may drift
            row: dict[str, Any] = {"N": n, "J": j}
            for side, name in enumerate(("qle", "naive")):
                samples = [pair[side] for pair in pairs]
                row |= {f"{name} {key}": float(np.median([s[key] for s in samples])) for key in samples[0]}
            row["ratio"] = float(np.median([b["seconds"] / a["seconds"] for a, b in pairs]))
            rows.append(row)
    return rows


def ours(n: int, j: float, sample: int) -> dict[str, float]:
    """Return seconds, work and residuals of this package, for one sample."""
    params = khgps.KHGPS(N=n, J=j, h=FIELD)
    draw, problem = timed(lambda: khgps.draw(params, seed=1, sample=sample))
    relax, minimum = timed(lambda: quartic.minimize(problem, start="zero"))
    modes, low = timed(lambda: quartic.low_modes(problem, minimum.x, MODES))
    return {
        "seconds": draw + relax + modes,
        "draw": draw,
        "minimise": relax,
        "modes": modes,
        "products": minimum.products,
        "gradient": minimum.gradient_norm,
        "mode residual": float(low.residuals.max()),
    }


def plain(n: int, j: float, sample: int) -> dict[str, float]:
    """Return seconds, work and residuals of the plain script, for one sample of its own disorder."""
    draw, (kappa, coupling) = timed(lambda: naive.draw(n, j, sample))
    relax, found = timed(lambda: naive.relax(kappa, coupling, FIELD))
    modes, (values, vectors) = timed(lambda: naive.modes(kappa, coupling, found.x))
    matrix = coupling + np.diag(kappa + found.x**2 / 2)
    low = vectors[:, :MODES]
    return {
        "seconds": draw + relax + modes,
        "draw": draw,
        "minimise": relax,
        "modes": modes,
        "products": found.nfev,
        "gradient": float(np.abs(found.jac).max()),
        "mode residual": float(np.linalg.norm(matrix @ low - low * values[:MODES], axis=0).max()),
    }
