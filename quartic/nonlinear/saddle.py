"""Saddles: stationary points with one direction of negative curvature, by following it uphill."""

from dataclasses import dataclass

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.linear.conjugate_gradients import conjugate_gradients
from landscape.modes.low import DENSE_SIZE
from quartic.modes import low_modes
from quartic.nonlinear.branch import Branch
from quartic.nonlinear.solves import Lifted
from quartic.problem import Problem, energy

_STEPS = 60
_ROUGH = 1e-2  # residual of the Newton equations across
_WATCHED = 2  # eigenvalues that tell a saddle: the lowest is negative, the next is not


@dataclass(frozen=True, eq=False)
class Saddle:
    """A stationary point of the energy between two minima.

    Attributes
    ----------
    x : (N,) array
    energy : float
        H(x), of all oscillators together.
    barrier : float
        H(x) - H of the minimum that the path starts from.
    direction : (N,) array
        The mode of negative curvature, |psi| = 1, away from that minimum.
    eigenvalues : (k,) array
        The two lowest of M (one if N = 1), ascending.
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


def refine(
    problem: Problem, x: Vector, tangent: Vector, *, start: Vector, longest: float, tol: float
) -> Saddle:
    """Return the stationary point that x climbs to: up along one mode, down across it.

    In every step that mode is the normal mode of lowest curvature, or, where more or less than one curvature
    is negative, the tangent; the step is that of Newton's method with the slope along it reversed where the
    curvature is positive. Steps are no longer than `longest`. Ends at a relative gradient of `tol`, or after
    60 steps.
    """
    branch = Branch(problem, tol)
    for _ in range(_STEPS):
        gradient, _, force = branch.forces(x, branch.h)
        if float(np.abs(gradient).max()) <= tol * force:
            break
        values, vectors = _modes(problem, x)
        v = vectors[:, 0] if values[0] < 0.0 and np.all(values[1:] > 0.0) else tangent
        d = _step(Lifted(problem, x), gradient, v)
        x = x + d * min(1.0, longest / float(np.linalg.norm(d)))
    gradient, height, force = branch.forces(x, branch.h)
    values, vectors = _modes(problem, x)
    psi = vectors[:, 0] * np.where(vectors[:, 0] @ (x - start) < 0.0, -1.0, 1.0)
    residual = float(np.abs(gradient).max()) / force
    return Saddle(x, height, height - float(energy(problem, start)), psi, values, residual)


def _modes(problem: Problem, x: Vector) -> tuple[Vector, Matrix]:
    method = "davidson" if problem.size > DENSE_SIZE else None
    modes = low_modes(problem, x, min(_WATCHED, problem.size), method=method, verify=False)
    return modes.eigenvalues, modes.vectors


def _step(matrix: Lifted, gradient: Vector, v: Vector) -> Vector:
    """Return the step (N,): up along v, to the minimum across v as far as curvatures there are positive."""

    def across(block: Matrix) -> Matrix:
        return np.asarray(block - np.outer(v, v @ block))

    slope = float(v @ gradient)
    curvature = float(v @ matrix.products(v[:, None])[:, 0])
    up = slope / abs(curvature) * v if curvature != 0.0 else slope * v
    right = across(-gradient[:, None])
    down, _ = conjugate_gradients(
        lambda p: across(matrix.products(across(p))), matrix.scale, right, tol=_ROUGH
    )
    return np.asarray(up + across(down)[:, 0])
