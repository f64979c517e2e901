"""Each step of the methods of minimisation, once more with dense matrices and roots of polynomials.

Methods that step otherwise than they say converge too, to the same minimum where there is one: so the points
on the way are compared, until the forces are 1e-6 of the typical ones.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import quartic

Array = np.ndarray
N, A = 7, 1.3
Steps = Callable[[quartic.Problem, Array], Iterator[Array]]


def problem() -> quartic.Problem:
    """Sites of either sign of stiffness, all different, coupled, in fields of their own."""
    rng = np.random.default_rng(5)
    upper = np.triu(0.4 * rng.standard_normal((N, N)), 1)
    return quartic.Problem(rng.uniform(-0.5, 2.0, N), upper + upper.T, rng.normal(size=N), A)


def first_minimum(p: quartic.Problem, x: Array, d: Array) -> float:
    """Return the least s > 0 where H(x + s d) has a minimum."""
    _, c1, c2, c3, c4 = quartic.line_coefficients(p, x, d)
    roots = np.roots([4.0 * c4, 3.0 * c3, 2.0 * c2, c1])
    real = np.sort(roots.real[np.abs(roots.imag) < 1e-9 * np.abs(roots)])
    curved = 2.0 * c2 + real * (6.0 * c3 + real * 12.0 * c4)
    return float(real[(real > 0.0) & (curved > 0.0)][0])


def curvature(p: quartic.Problem, x: Array) -> Array:
    """Return |kappa_i + A x_i^2/2| + (sum_j J_ij^2)^(1/2), all far above a ten-thousandth of the largest."""
    return np.asarray(np.abs(p.stiffness + A * x**2 / 2.0) + np.sqrt(np.sum(p.coupling.dense() ** 2, axis=1)))


def conjugate_gradients(p: quartic.Problem, x: Array) -> Iterator[Array]:
    """Polak and Ribiere, preconditioned; beta < 0 is 0, and what does not fall starts anew."""
    d, before, size = np.zeros(N), quartic.gradient(p, x), math.inf
    while True:
        g, scale = quartic.gradient(p, x), curvature(p, x)
        beta = max(0.0, float((g / scale) @ (g - before)) / size)
        d = beta * d - g / scale
        if d @ g >= 0.0:
            d = -g / scale
        before, size = g, float((g / scale) @ g)
        x = x + first_minimum(p, x, d) * d
        yield x


def quasi_newton(p: quartic.Problem, x: Array) -> Iterator[Array]:
    """BFGS by matrices: H <- (1 - rho s y^T) H (1 - rho y s^T) + rho s s^T over the last three pairs."""
    pairs: list[tuple[Array, Array]] = []
    while True:
        g = quartic.gradient(p, x)
        inverse = np.diag(1.0 / curvature(p, x))
        for s, y in pairs[-3:]:
            turn = np.eye(N) - np.outer(s, y) / (s @ y)
            inverse = turn @ inverse @ turn.T + np.outer(s, s) / (s @ y)
        d = -inverse @ g
        new = x + first_minimum(p, x, d) * d
        pairs.append((new - x, quartic.gradient(p, new) - g))
        x = new
        yield x


def fire(p: quartic.Problem, x: Array) -> Iterator[Array]:
    """Bitzek et al. 2006: velocities turned by 0.1, 0.99 of that after 5 steps downhill, dt times 1.1 or 1/2.

    A step ends at the first minimum on its way; the velocity is 0 from there on.
    """

    def longest() -> float:
        return float(1.0 / np.sqrt(curvature(p, x).max()))

    v, dt, mixing, downhill = np.zeros(N), 0.1 * longest(), 0.1, 0
    while True:
        g = quartic.gradient(p, x)
        v = v - dt * g
        v = (1.0 - mixing) * v - mixing * np.linalg.norm(v) * g / np.linalg.norm(g)
        braked = bool(v @ g >= 0.0)
        if braked:
            v = -dt * g
        s = min(1.0, first_minimum(p, x, dt * v))
        x = x + s * dt * v
        if braked or s < 1.0:
            v, dt, mixing, downhill = np.zeros(N), 0.5 * dt, 0.1, 0
        else:
            downhill += 1
            if downhill > 5:
                dt, mixing = min(1.1 * dt, longest()), 0.99 * mixing
        yield x


def newton(p: quartic.Problem, x: Array) -> Iterator[Array]:
    """Conjugate gradients on M d = -g, preconditioned, to (|g|/F)^(1/2) or a direction that curves down."""
    while True:
        g, scale, matrix = quartic.gradient(p, x), curvature(p, x), quartic.hessian(p, x)
        terms = np.abs(p.stiffness * x) + np.abs(p.coupling @ x) + A * np.abs(x) ** 3 / 6.0 + np.abs(p.field)
        tol = min(0.5, math.sqrt(np.abs(g).max() / math.sqrt(np.mean(terms**2))))
        d, r = np.zeros(N), -g
        q = r / scale
        first = size = float(r @ q)
        while True:
            bend = float(q @ matrix @ q)
            if bend <= 1e-10 * float(q @ (scale * q)):
                d = d if d.any() else q
                break
            d, r = d + size / bend * q, r - size / bend * (matrix @ q)
            new = float(r @ (r / scale))
            if new <= tol**2 * first:
                break
            q, size = r / scale + new / size * q, new
        x = x + first_minimum(p, x, d) * d
        yield x


@pytest.mark.parametrize(
    ("method", "steps", "least"),
    [("cg", conjugate_gradients, 12), ("lbfgs", quasi_newton, 10), ("fire", fire, 60), ("newton", newton, 4)],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_points_on_the_way_are_those_of_the_method(
    method: str, steps: Steps, least: int, seed: int
) -> None:
    p, seen = problem(), list[Array]()
    start = 2.0 * np.random.default_rng(seed).normal(size=N)
    quartic.minimize(p, method=method, start=start, callback=lambda x, _: seen.append(x))
    compared = 0
    for found, expected in zip(seen, steps(p, start), strict=False):
        if np.abs(quartic.gradient(p, found)).max() < 1e-6:
            break
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8)
        compared += 1
    assert compared >= least
