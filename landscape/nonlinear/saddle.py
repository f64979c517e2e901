"""Saddles: stationary points with one direction of negative curvature, by following it uphill."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from arguments import brief
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.linear.conjugate_gradients import conjugate_gradients
from landscape.modes.zero import without_zero_modes
from landscape.protocol import Point

WATCHED = 2  # eigenvalues that tell a saddle: the lowest is negative, the next is not
_STEPS = 60
_ROUGH = 1e-2  # residual of the Newton equations across


@brief()
@dataclass(frozen=True, eq=False)
class Saddle:
    """A stationary point of the energy between two minima.

    Attributes
    ----------
    x : (N,) array
    energy : float
        H(x), of all coordinates together.
    barrier : float
        H(x) - H of the minimum that the path starts from.
    direction : (N,) array
        The mode of negative curvature, |psi| = 1, away from that minimum.
    eigenvalues : (k,) array
        The two lowest of M (one if there are no more) but its zero modes, ascending.
    residual : float
        max_i |dH/dx_i| over the typical force.
    """

    x: Vector
    energy: float
    barrier: float
    direction: Vector
    eigenvalues: Vector
    residual: float

    @property
    def negative(self) -> int:
        """The number of negative eigenvalues of M, at most 2: 1 at a saddle between two minima."""
        return int(np.sum(self.eigenvalues < 0.0))


class Ground(Protocol):
    """What a refinement asks of the landscape; `landscape.nonlinear.path.Routes` has it."""

    def point(self, x: Vector) -> Point:
        """Return the point x."""

    def energy(self, x: Vector) -> float:
        """Return H(x)."""

    def lowest(self, point: Point) -> tuple[Vector, Matrix]:
        """Return the `WATCHED` lowest eigenvalues of M and their modes, or all if there are no more."""


def refine(
    ground: Ground, x: Vector, tangent: Vector, *, start: Vector, longest: float, tol: float
) -> Saddle:
    """Return the stationary point that x climbs to: up along one mode, down across it.

    In every step that mode is the normal mode of lowest curvature, or, where more or less than one curvature
    is negative, the tangent; the step is that of Newton's method with the slope along it reversed where the
    curvature is positive. Steps are no longer than `longest`. Ends at a relative gradient of `tol`, or after
    60 steps.
    """
    point = ground.point(x)
    for _ in range(_STEPS):
        if point.gradient_norm <= tol * point.force_scale:
            break
        values, vectors = ground.lowest(point)
        v = vectors[:, 0] if values[0] < 0.0 and np.all(values[1:] > 0.0) else tangent
        d = _step(without_zero_modes(point.hessian), point.gradient, v)
        point = ground.point(point.x + d * min(1.0, longest / float(np.linalg.norm(d))))
    values, vectors = ground.lowest(point)
    psi = vectors[:, 0] * np.where(vectors[:, 0] @ (point.x - start) < 0.0, -1.0, 1.0)
    residual = point.gradient_norm / point.force_scale
    return Saddle(point.x, point.energy, point.energy - ground.energy(start), psi, values, residual)


def _step(hessian: Hessian, gradient: Vector, v: Vector) -> Vector:
    """Return the step (N,): up along v, to the minimum across v as far as curvatures there are positive."""

    def across(block: Matrix) -> Matrix:
        return np.asarray(block - np.outer(v, v @ block))

    slope = float(v @ gradient)
    curvature = float(v @ hessian.products(v[:, None])[:, 0])
    up = slope / abs(curvature) * v if curvature != 0.0 else slope * v
    right = across(-gradient[:, None])
    down, _ = conjugate_gradients(
        lambda p: across(hessian.products(across(p))), preconditioner(hessian), right, tol=_ROUGH
    )
    return np.asarray(up + across(down)[:, 0])


def preconditioner(hessian: Hessian) -> Matrix:
    """Return a positive diagonal like that of M, (N, 1); ones where M vanishes."""
    size = np.maximum(np.abs(hessian.diagonal), 1e-4 * hessian.scale)[:, None]
    return size if hessian.scale > 0.0 else np.ones_like(size)
