"""One sample from nothing: draw, minimise, 20 lowest modes; against the plain script, in the same run."""

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

import khgps
import quartic
from benchmarks import naive
from benchmarks.timing import peak_kib, timed
from quartic.curvature import Curvature

FIELD, MODES, RESIDUAL = 0.01, 20, 1e-8


class Plan(NamedTuple):
    """How many samples each process runs, of this package and of the plain script."""

    N: int
    ours: int
    plain: int
    couplings: tuple[float, ...] = (0.3, 0.03)


TOGETHER = (Plan(500, 16, 8), Plan(1000, 12, 4), Plan(2000, 8, 3), Plan(4000, 4, 1), Plan(8000, 3, 1, (0.3,)))
"""One single-thread process per core, all at work together; the plain script also alone, as users run it."""

ALONE = (Plan(16000, 3, 0),)
"""One process with all threads; without the plain script, whose eigh takes six minutes to half an hour."""

_start: Barrier


def run() -> list[dict[str, Any]]:
    """Return one row per (N, J): seconds per sample of both, their ratio, work, memory and residuals.

    ``seconds`` is the wall time per sample with the processes as planned (a throughput); ``draw``,
    ``minimise`` and ``modes`` are medians over the samples of one process. ``naive`` is the script run as it
    is, with all threads of BLAS; ``naive x processes`` as many scripts at once as there are cores.
    """
    cores = os.cpu_count() or 1
    rows = []
    for plans, processes in ((TOGETHER, cores), (ALONE, 1)):
        for plan in plans:
            for j in plan.couplings:
                row: dict[str, Any] = {"N": plan.N, "J": j, "processes": processes}
                row |= _crew(ours, plan.N, j, plan.ours, processes, "qle")
                if plan.plain:
                    row |= _crew(plain, plan.N, j, plan.plain, 1, "naive")
                    row["ratio"] = row["naive seconds"] / row["qle seconds"]
                    together = _crew(plain, plan.N, j, plan.plain, processes, "several")["several seconds"]
                    row |= {
                        "naive x processes seconds": together,
                        "ratio to it": together / row["qle seconds"],
                    }
                rows.append(row)
                print(f"  N = {plan.N}, J = {j}: {row['qle seconds']:.3g} s", flush=True)
    return rows


def ours(n: int, j: float, sample: int) -> dict[str, float]:
    """Return seconds, work and residuals of this package, for one sample."""
    params = khgps.KHGPS(N=n, J=j, h=FIELD)
    draw, problem = timed(lambda: khgps.draw(params, seed=1, sample=sample))
    relax, minimum = timed(lambda: quartic.minimize(problem, start="zero"))
    tol = RESIDUAL / Curvature(problem, minimum.x).scale
    modes, low = timed(lambda: quartic.low_modes(problem, minimum.x, MODES, tol=tol))
    return {
        "draw": draw,
        "minimise": relax,
        "modes": modes,
        "products": minimum.products,
        "gradient": minimum.gradient_norm,
        "mode residual": float(low.residuals.max()),
    }


def plain(n: int, j: float, sample: int) -> dict[str, float]:
    """Return the same of the plain script."""
    draw, (kappa, coupling) = timed(lambda: naive.draw(n, j, sample))
    relax, found = timed(lambda: naive.relax(kappa, coupling, FIELD))
    modes, (values, vectors) = timed(lambda: naive.modes(kappa, coupling, found.x))
    low = vectors[:, :MODES]
    image = coupling @ low + (kappa + found.x**2 / 2)[:, None] * low
    residual = float(np.linalg.norm(image - low * values[:MODES], axis=0).max())
    return {
        "draw": draw,
        "minimise": relax,
        "modes": modes,
        "products": found.nfev,
        "gradient": float(np.abs(found.jac).max()),
        "mode residual": residual,
    }


def _crew(
    call: Callable[..., dict[str, float]], n: int, j: float, samples: int, processes: int, name: str
) -> dict[str, float]:
    """Run `samples` samples in each of fresh `processes`; return seconds per sample, medians, peak memory."""
    context = multiprocessing.get_context("spawn")
    threads = (os.cpu_count() or 1) // processes
    barrier = context.Barrier(processes)
    shares = [(call, n, j, p * samples, samples) for p in range(processes)]
    with context.Pool(processes, _prepare, (barrier, threads)) as pool:
        ended = pool.starmap(_share, shares, chunksize=1)
    row = {
        "seconds": max(e[0] for e in ended) / (samples * processes),
        "peak GiB": max(e[2] for e in ended) / 2**20,
    }
    found = [sample for e in ended for sample in e[1]]
    row |= {key: float(np.median([sample[key] for sample in found])) for key in found[0]}
    return {f"{name} {key}": value for key, value in row.items()}


def _prepare(barrier: Barrier, threads: int) -> None:
    global _start
    _start = barrier
    threadpool_limits(threads)
    quartic.set_threads(threads)


def _share(
    call: Callable[..., dict[str, float]], n: int, j: float, first: int, samples: int
) -> tuple[float, list[dict[str, float]], int]:
    """Return (seconds, rows, peak memory in KiB) of one process's samples, begun by all together."""
    call(64, j, 0)
    if call is ours:
        call(min(n, 2500), j, 0)  # compiles whatever this size needs
    _start.wait()
    begin = time.perf_counter()
    rows = [call(n, j, sample) for sample in range(first, first + samples)]
    return time.perf_counter() - begin, rows, peak_kib()
