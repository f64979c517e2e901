"""Steps of the gradient flow: each ends on the flow itself, far closer to it than its error may be."""

import itertools
from importlib import import_module

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

import quartic


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_steps_end_on_the_flow(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Distances from DOP853 at 1e-12, over the length of a step, of which 1e-6 are allowed at lower order.

    The step itself is of the next order, and off by a quarter of that at most.
    """
    monkeypatch.setattr(import_module("quartic.methods.descent"), "ACCURACY", 1e-6)
    monkeypatch.setattr(import_module("quartic.methods.descent"), "_CURVATURE_CHANGE", 0.0)  # no other method
    rng = np.random.default_rng(seed)
    upper = np.triu(0.4 * rng.standard_normal((4, 4)), 1)
    problem = quartic.Problem(rng.uniform(-1.0, 1.0, 4), upper + upper.T, 0.3 * rng.normal(size=4), 1.3)
    points = [1.5 * rng.normal(size=4)]
    quartic.minimize(
        problem, method="descent", start=points[0], tol=1e-6, callback=lambda x, _: points.append(x)
    )
    off = []
    for x, new in itertools.pairwise(points[:20]):
        speed = np.linalg.norm(quartic.gradient(problem, x))
        flow = solve_ivp(
            lambda _, y: -quartic.gradient(problem, y), (0.0, 20.0 * np.linalg.norm(new - x) / speed), x,
            method="DOP853", rtol=1e-12, atol=1e-14, dense_output=True,
        )  # fmt: skip

        def distance(t: float, new: np.ndarray = new, flow: object = flow) -> float:
            return float(np.linalg.norm(flow.sol(t) - new))  # type: ignore[attr-defined]

        grid = np.linspace(0.0, flow.t[-1], 400)
        near = int(np.argmin([distance(t) for t in grid]))
        ends = (grid[max(near - 1, 0)], grid[min(near + 1, 399)])
        best = minimize_scalar(distance, bounds=ends, method="bounded", options={"xatol": 1e-12})
        off.append(best.fun / np.linalg.norm(new - x))
    assert len(off) >= 10
    assert max(off) < 2.5e-7
