"""What a user of JAX would write: compiled, float64, one sample or a batch at a time; and the plain script.

Energy and gradient by automatic differentiation, optax's L-BFGS, all modes by `jax.numpy.linalg.eigh`;
seconds of the processor per sample, compilation left out, each side to |g| <= 1e-8 and with the residual of
its 20 lowest modes. JAX is no dependency: without it nothing is measured. With it in an environment
of its own, PYTHONPATH=.venv/lib/python3.11/site-packages OTHER/bin/python -m benchmarks peers.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import khgps
import landscape
import quartic
from benchmarks import naive
from benchmarks.timing import timed_on_processor

FIELD, MODES, GOAL, STEPS = 0.01, 20, 1e-8, 3000
# (N, samples, samples of a batch)
SIZES = ((500, 16, 16), (1000, 8, 8), (2000, 2, 2))
COUPLINGS = (0.3, 0.03)

Sample = tuple[np.ndarray, np.ndarray]
Found = tuple[np.ndarray, np.ndarray, np.ndarray]
"""x, eigenvalues and vectors of samples, first axis the sample."""


def run() -> list[dict[str, Any]]:
    """Return one row for each N, J and way, on one core."""
    if find_spec("jax") is None or find_spec("optax") is None:
        print("JAX and optax are not installed: pip install jax optax, in another environment")
        return []
    before = landscape.threads.count()
    landscape.set_threads(1)
    try:
        with threadpool_limits(1):
            return [
                row for N, samples, batch in SIZES for j in COUPLINGS for row in _rows(N, j, samples, batch)
            ]
    finally:
        landscape.set_threads(before)


def _rows(N: int, j: float, samples: int, batch: int) -> list[dict[str, Any]]:
    problems = [khgps.draw(khgps.KHGPS(N=N, J=j, h=FIELD), seed=1, sample=s) for s in range(samples)]
    given = [(one.stiffness, one.coupling.dense()) for one in problems]
    one, many = jaxs(1), jaxs(batch)
    ways: dict[str, Callable[[], Found]] = {
        "plain script": lambda: _stacked([_plain(kappa, matrix) for kappa, matrix in given]),
        "jax": lambda: _stacked([one([sample]) for sample in given]),
        f"jax, {batch} at once": lambda: many(given),
        "qle": lambda: _stacked([_ours(problem) for problem in problems]),
    }
    rows: list[dict[str, Any]] = []
    for name, way in ways.items():
        if name != "plain script":
            way()  # compiles
        seconds, found = timed_on_processor(way)
        rows.append(
            {"N": N, "J": j, "way": name, "ms a sample": 1e3 * seconds / samples} | errors(given, found)
        )
        rows[-1]["over qle"] = None
        print(f"  N = {N}, J = {j}, {name}: {rows[-1]['ms a sample']:.3g} ms", flush=True)
    for row in rows:
        row["over qle"] = row["ms a sample"] / rows[-1]["ms a sample"]
    return rows


def jaxs(batch: int) -> Callable[[list[Sample]], Found]:
    """Return what minimises a batch and diagonalises its Hessians, compiled once for all."""
    import jax  # type: ignore[import-not-found]
    import jax.numpy as jnp  # type: ignore[import-not-found]
    import optax  # type: ignore[import-not-found]

    jax.config.update("jax_enable_x64", True)

    def energy(x: Any, kappa: Any, matrix: Any) -> Any:
        return x @ (kappa * x + matrix @ x) / 2 + jnp.sum(x**4) / 24 - FIELD * jnp.sum(x)

    def minimum(kappa: Any, matrix: Any) -> Any:
        def value(x: Any) -> Any:
            return energy(x, kappa, matrix)

        method = optax.lbfgs()
        both = optax.value_and_grad_from_state(value)

        def step(state: Any) -> Any:
            x, inner, _, count = state
            e, slope = both(x, state=inner)
            change, inner = method.update(slope, inner, x, value=e, grad=slope, value_fn=value)
            return optax.apply_updates(x, change), inner, jnp.max(jnp.abs(slope)), count + 1

        def going(state: Any) -> Any:
            return (state[2] > GOAL) & (state[3] < STEPS)

        start = jnp.zeros_like(kappa)
        return jax.lax.while_loop(going, step, (start, method.init(start), jnp.inf, 0))[0]

    def sample(kappa: Any, matrix: Any) -> Any:
        x = minimum(kappa, matrix)
        return x, *jnp.linalg.eigh(matrix + jnp.diag(kappa + x**2 / 2))

    compiled = jax.jit(jax.vmap(sample) if batch > 1 else sample)

    def call(given: list[Sample]) -> Found:
        arrays = [np.stack(part) if batch > 1 else part[0] for part in zip(*given, strict=True)]
        x, values, vectors = map(np.asarray, compiled(*arrays))
        return (x, values, vectors) if batch > 1 else (x[None], values[None], vectors[None])

    return call


def _plain(kappa: np.ndarray, matrix: np.ndarray) -> Found:
    x = naive.relax(kappa, matrix, FIELD).x
    values, vectors = naive.modes(kappa, matrix, x)
    return x[None], values[None], vectors[None]


def _ours(problem: quartic.Problem) -> Found:
    minimum = quartic.minimize(problem, start="zero")
    modes = quartic.low_modes(problem, minimum.x, MODES)
    return minimum.x[None], modes.eigenvalues[None], modes.vectors[None]


def _stacked(found: list[Found]) -> Found:
    x, values, vectors = (np.concatenate(part) for part in zip(*found, strict=True))
    return x, values, vectors


def errors(given: list[Sample], found: Found) -> dict[str, float]:
    """Return the largest |gradient| and the largest residual of a mode."""
    gradients, residuals = [], []
    for (kappa, matrix), x, values, vectors in zip(given, *found, strict=True):
        gradients.append(np.abs(kappa * x + matrix @ x + x**3 / 6 - FIELD).max())
        low = vectors[:, :MODES]
        image = matrix @ low + (kappa + x**2 / 2)[:, None] * low
        residuals.append(np.linalg.norm(image - low * values[:MODES], axis=0).max())
    return {"gradient": float(max(gradients)), "mode residual": float(max(residuals))}
