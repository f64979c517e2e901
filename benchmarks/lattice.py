"""GPS lattice: one sample minimised and its 20 lowest modes, stored, regenerated and in plain numpy.

The plain script holds the matrix as float64 numbers, minimises by scipy's L-BFGS-B and takes numpy's eigh;
it draws couplings of its own.
"""

import multiprocessing
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import lattice_gps
import quartic
from benchmarks import naive
from benchmarks.timing import peak_kib, timed

SIZES = (10, 16, 24, 40)
PLAIN = (10, 16)  # beyond, eigh takes minutes, at L = 40 130 GB and a day
COUPLING, BETA = 0.2, 1.0
MODES, TOL = 20, 4e-9
WARM = 13  # large enough to compile what the larger sizes need

Array = NDArray[np.float64]


def run(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Return one row per size and kind, each from a process of its own: seconds, work, memory, residuals.

    "product ns" is per pair of sites.
    """
    context = multiprocessing.get_context("spawn")
    rows = []
    for size in sizes:
        for kind in ("stored", "regenerated", *(["plain"] if size in PLAIN else [])):
            with context.Pool(1) as pool:
                rows.append(pool.apply(plain, (size,)) if kind == "plain" else pool.apply(ours, (size, kind)))
            print(f"  L = {size}, {kind}: {rows[-1]['seconds']:.3g} s", flush=True)
    return rows


def ours(size: int, kind: str) -> dict[str, Any]:
    """Return seconds, work and residuals of this package for one sample; the first one compiles."""
    sample(min(size, WARM), kind, 1)
    return sample(size, kind, 0)


def sample(size: int, kind: str, number: int) -> dict[str, Any]:
    """Return seconds, work and residuals of one sample."""
    params = lattice_gps.GPSLattice(L=size, J=COUPLING, beta=BETA)
    draw, problem = timed(lambda: lattice_gps.draw(params, seed=1, sample=number, coupling=kind))
    relax, minimum = timed(lambda: quartic.minimize(problem, start="kick", certify=False))
    modes, low = timed(lambda: quartic.low_modes(problem, minimum.x, MODES, tol=TOL))
    product = min(timed(lambda: problem.coupling.product(minimum.x))[0] for _ in range(5))
    row = _row(size, kind, draw, relax, modes, minimum.products, minimum.gradient_norm)
    return row | {
        "mode residual": float(low.residuals.max()),
        "product ms": 1e3 * product,
        "product ns": 2e9 * product / params.N**2,
        "coupling MiB": problem.coupling.nbytes / 2**20,
    }


def plain(size: int) -> dict[str, Any]:
    """Return the same of the plain script."""
    draw, (kappa, coupling) = timed(lambda: plain_draw(size))
    relax, found = timed(lambda: plain_relax(kappa, coupling))
    modes, (values, vectors) = timed(lambda: naive.modes(kappa, coupling, found.x))
    product = min(timed(lambda: coupling @ found.x)[0] for _ in range(5))
    image = coupling @ vectors[:, :MODES] + (kappa + found.x**2 / 2)[:, None] * vectors[:, :MODES]
    gradient = float(np.abs(found.jac).max())
    return _row(size, "plain", draw, relax, modes, found.nfev, gradient) | {
        "mode residual": float(np.linalg.norm(image - vectors[:, :MODES] * values[:MODES], axis=0).max()),
        "product ms": 1e3 * product,
        "product ns": 2e9 * product / size**6,
        "coupling MiB": coupling.nbytes / 2**20,
    }


def plain_draw(size: int) -> tuple[Array, Array]:
    """Return (kappa, J_ij) of one sample in three dimensions."""
    rng = np.random.default_rng(1)
    square = np.zeros((size**3, size**3))
    for axis in np.indices((size,) * 3).reshape(3, -1):
        step = np.abs(axis[:, None] - axis)
        square += np.minimum(step, size - step) ** 2
    np.fill_diagonal(square, np.inf)
    upper = np.triu(COUPLING * rng.uniform(-0.5, 0.5, square.shape) / square**1.5, 1)
    return rng.uniform(0.0, 1.0, size**3) ** (1.0 / (BETA + 1.0)), upper + upper.T


def plain_relax(kappa: Array, coupling: Array) -> Any:
    """Return scipy's L-BFGS-B minimum from small random displacements, with its tightest tolerances."""

    def energy_and_gradient(x: Array) -> tuple[Any, Array]:
        linear = kappa * x + coupling @ x
        return x @ linear / 2 + np.sum(x**4) / 24, linear + x**3 / 6

    start = 1e-3 * np.random.default_rng(2).normal(size=kappa.size)
    options = {"ftol": 0.0, "gtol": 1e-10, "maxiter": 20_000, "maxfun": 40_000}
    return minimize(energy_and_gradient, start, jac=True, method="L-BFGS-B", options=options)


def _row(
    size: int, kind: str, draw: float, relax: float, modes: float, products: int, gradient: float
) -> dict[str, Any]:
    return {
        "L": size,
        "coupling": kind,
        "seconds": draw + relax + modes,
        "draw": draw,
        "minimise": relax,
        "modes": modes,
        "products": products,
        "gradient": gradient,
        "peak GiB": peak_kib() / 2**20,
    }
