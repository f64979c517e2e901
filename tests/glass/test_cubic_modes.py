"""Cubic modes of a glass by routes that share little, and the starts from which the plain scheme fails."""

from functools import cache
from typing import Any

import numpy as np
import pytest

import glass
import landscape
from landscape.hessian import DenseHessian, Hessian, SparseHessian
from landscape.modes.inverse import Inverse
from landscape.nonlinear import cubic
from tests import glass_reference as reference

Array = np.ndarray


class ForcesAlone(landscape.Landscape):
    """A glass of which forces are known, and M at a minimum: U''' comes from differences of forces."""

    def __init__(self, made: glass.PairGlass) -> None:
        self._made, self.length, self.dimension = made, made.length, made.dimension

    @property
    def size(self) -> int:
        return self._made.size

    def energy(self, x: Array) -> float:
        return self._made.energy(x)

    def gradient(self, x: Array) -> Array:
        return self._made.gradient(x)

    def hessian(self, x: Array) -> Hessian:
        matrix = self._made.bonds(x, 2).matrix()
        return SparseHessian(matrix, zero_modes=self._made.zero_modes(x))


@cache
def softest() -> tuple[glass.PairGlass, Array, Array]:
    """Return the glass of the table, and its ten softest modes."""
    made = reference.tabled()
    return made, made.x, landscape.low_modes(made.hessian(made.x), 10).vectors


def converged(modes: list[landscape.NonlinearMode]) -> list[landscape.NonlinearMode]:
    return [mode for mode in modes if mode.status in ("converged", "descended")]


def test_three_routes_to_the_same_modes() -> None:
    """Fixed point, descent of the barrier, and forces alone: 1 - |overlap| below 1e-8.

    A mode of residual 1e-9 is off by 1e-9 times |M| |M^-1| at most, some 1e-6, and its overlap by the square.
    """
    made, x, starts = softest()
    known = {"starts": starts, "tol": 1e-9}
    descent = converged(landscape.cubic_modes(made, x, **known))  # type: ignore[arg-type]
    fixed = converged(landscape.cubic_modes(made, x, method="fixed-point", **known))  # type: ignore[arg-type]
    forces = converged(landscape.cubic_modes(ForcesAlone(made), x, **known))  # type: ignore[arg-type]
    assert len(descent) >= 3
    assert descent[0].barrier == pytest.approx(2 * 1.874424598**3 / (3 * 13.66402257**2), rel=3e-9)
    for mode in descent:  # each start may lead elsewhere by another method
        assert best_overlap(mode, forces) > 1.0 - 1e-8
    assert sum(best_overlap(mode, fixed) > 1.0 - 1e-8 for mode in descent) >= 3
    assert best_overlap(descent[0], fixed) > 1.0 - 1e-8


def best_overlap(mode: landscape.NonlinearMode, others: list[landscape.NonlinearMode]) -> float:
    return max(abs(float(mode.direction @ other.direction)) for other in others)


def plain_scheme(made: glass.PairGlass, x: Array, z: Array, steps: int) -> tuple[Array, float]:
    """Return where z <- normalise(M^-1 U''' : z z) is after some steps, and its residual there."""
    inverse, form = Inverse(made.hessian(x)), made.third(x)
    hessian = made.hessian(x)
    for _ in range(steps):
        z = inverse.precondition(form.vector(z)[:, None])[:, 0]
        z /= np.linalg.norm(z)
    mz, f = hessian.products(z[:, None])[:, 0], form.vector(z)
    left = mz - float(z @ mz) / float(z @ f) * f
    return z, float(np.linalg.norm(left) / np.linalg.norm(mz))


def test_starts_that_the_plain_scheme_fails_from_lead_to_modes_as_well() -> None:
    """Within 120 steps it comes to no mode from some of 20 starts; both methods do from each of them."""
    made, x, _ = softest()
    starts = landscape.low_modes(made.hessian(x), 20).vectors
    plain = [plain_scheme(made, x, z, 120) for z in starts.T]
    arrived = [k for k, (_, residual) in enumerate(plain) if residual < 1e-6]
    assert 10 <= len(arrived) < 20
    for method in ("fixed-point", "descent"):
        modes = landscape.cubic_modes(made, x, starts=starts, method=method)
        assert sorted(k for mode in converged(modes) for k in mode.starts) == list(range(20))
        assert all(mode.residual <= 1e-9 for mode in modes)
        if method == "fixed-point":  # where the plain scheme arrives, mostly at the same modes
            ends = {k: mode for mode in modes for k in mode.starts}
            agree = [abs(float(plain[k][0] @ ends[k].direction)) > 1.0 - 1e-8 for k in arrived]
            assert np.mean(agree) > 0.8


def test_zero_modes_cost_no_steps() -> None:
    """A search takes as many steps by a sparse factor of M as by a dense one, which has them lifted."""
    made, x, starts = softest()
    hessian, form = made.hessian(x), made.third(x)
    steps = []
    for given in (hessian, DenseHessian(hessian.dense(), zero_modes=hessian.zero_modes)):
        found: Any = cubic.search(
            given, form, starts, method="descent", tol=1e-9, max_steps=1000, metric="factor"
        )
        steps.append([one.steps for one in found])
    assert np.abs(np.subtract(steps[0], steps[1])).max() <= 3 + 0.1 * np.max(steps)
