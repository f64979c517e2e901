"""Steps of the gradient flow: each ends on the flow itself, far closer to it than its error may be."""

import itertools
from importlib import import_module

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.optimize import minimize_scalar

import quartic
from landscape.linear.krylov import LARGEST, Krylov
from quartic.methods.exponential import remainders


def test_remainders_by_dense_matrices() -> None:
    """d = dt phi_1(-dt M) v, R(d) = -A_i (x d^2/2 + d^3/6); 32/9 R at 3 dt/4, less 2 R at dt; phi_3 of it."""
    rng, n, dt, shares = np.random.default_rng(2), 4, 0.6, np.array([1.0, 0.4, 0.7, 1.0])
    upper = np.triu(rng.normal(size=(n, n)), 1)
    matrix, x, v = np.diag(rng.normal(size=n)) + upper + upper.T, rng.normal(size=n), rng.normal(size=n)
    diagonal = np.array(matrix.diagonal())
    space = Krylov(lambda y: (upper + upper.T) @ y, diagonal, v, np.empty((LARGEST + 1, n)))
    space.grow(n - 1)
    assert space.complete

    def phi(k: int, t: float) -> np.ndarray:
        z, value, term = -t * matrix, expm(-t * matrix), 1.0
        for j in range(1, k + 1):
            value, term = np.linalg.solve(z, value - term * np.eye(n)), term / j
        return np.asarray(value)

    def rest(e: np.ndarray) -> np.ndarray:
        return np.asarray(-1.3 * shares * (x * e**2 / 2.0 + e**3 / 6.0))

    d, e = (t * phi(1, t) @ v for t in (dt, 0.75 * dt))
    late = 32.0 / 9.0 * rest(e)
    change = late - 2.0 * rest(d)
    found = np.empty((3, n))
    length, error = remainders(
        space.basis, space.values, space.vectors, space.norm, dt, 1.3, shares, x, diagonal,
        found[0], found[1], found[2],
    )  # fmt: skip
    np.testing.assert_allclose(found, [d, late, change], rtol=1e-10)
    assert length == pytest.approx(np.linalg.norm(d), rel=1e-12)
    assert error == pytest.approx(dt * np.linalg.norm(phi(3, dt) @ change), rel=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_steps_end_on_the_flow(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Distances from DOP853 at 1e-12, over the length of a step, of which 1e-6 are allowed at lower order.

    The step itself is of the next order, and off by an eighth of that at most.
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
    assert max(off) < 1.2e-7
