"""Steps of the searches for nonlinear modes, far from a mode, once more with dense matrices."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from landscape.forms import Diagonal
from landscape.nonlinear.rotation import rotation
from landscape.nonlinear.search import Kick, Search, _renew, _step
from quartic.nonlinear.inverse import Inverse
from tests.nonlinear_reference import with_hessian

N = 9
NO_KICK = Kick(np.zeros(N), np.zeros(N))


def first_highest(b: np.ndarray, z: np.ndarray, d: np.ndarray, order: int) -> float:
    """Return the first t > 0 where |sum_i w_i (z cos t + d sin t)_i^p| is largest."""

    def height(t: float) -> float:
        return abs(float(b @ (z * math.cos(t) + d * math.sin(t)) ** order))

    grid = np.linspace(0.0, math.pi, 2001)
    heights = np.array([height(t) for t in grid])
    top = int(np.flatnonzero((heights[1:-1] >= heights[:-2]) & (heights[1:-1] > heights[2:]))[0]) + 1
    found = minimize_scalar(
        lambda t: -height(t),
        bounds=(grid[top - 1], grid[top + 1]),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return float(found.x)


@pytest.mark.parametrize("order", [3, 4])
@pytest.mark.parametrize("scheme", [False, True])
def test_steps_by_dense_matrices(order: int, scheme: bool) -> None:
    """Conjugate directions of Polak and Ribiere in the metric of the approximate inverse, or plain steps.

    With z.M.z = 1, b_p = sum_i w_i z_i^p and g = M z - w z^(p-1)/b_p, each to the first maximum of |b_p|
    along d made M-orthogonal to z; the scheme goes to M^-1 w z^(p-1) where |b_p| is no smaller. Products of
    float32 numbers leave 1e-6.
    """
    compared = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        root = rng.normal(size=(N, N))
        matrix, x = root @ root.T / N + 0.3 * np.eye(N), rng.normal(size=N)
        problem = with_hessian(matrix, x, 1.3)
        w = 1.3 * x if order == 3 else np.full(N, 1.3)
        inverse = Inverse(problem, x, method="factor" if scheme else "products")
        metric = inverse.precondition(np.eye(N))
        z = rng.normal(size=N)
        search = Search(rotation(Diagonal(w, order)), z, scheme=scheme)
        _renew(inverse.curvature, [search], NO_KICK, 1e-9, 1000)
        z, d, before, size = z / math.sqrt(z @ matrix @ z), np.zeros(N), np.zeros(N), 0.0
        while search.residual > 0.1:
            np.testing.assert_allclose(search.z, z, rtol=0, atol=3e-6)
            g = matrix @ z - w * z ** (order - 1) / (w @ z**order)
            residual = np.linalg.norm(g) / np.linalg.norm(matrix @ z)
            assert search.residual == pytest.approx(residual, rel=1e-4)
            y = metric @ g
            beta = max(0.0, float(y @ (g - before)) / size) if size > 0.0 and not scheme else 0.0
            d = beta * d - y
            if d @ g >= 0.0:
                d = -y
            before, size = g, float(g @ y)
            plain = z + d
            plain /= math.sqrt(plain @ matrix @ plain)
            across = d - (d @ matrix @ z) * z
            length = math.sqrt(across @ matrix @ across)
            if scheme and abs(w @ plain**order) >= abs(w @ z**order):
                z = plain
            else:
                t = first_highest(w, z, across / length, order)
                z, d = (
                    z * math.cos(t) + across / length * math.sin(t),
                    across * math.cos(t) - length * z * math.sin(t),
                )
            _step(inverse.curvature, inverse.precondition, [search], NO_KICK)
            compared += 1
    assert compared >= 15
