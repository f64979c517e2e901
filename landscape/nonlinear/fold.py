"""The end of a branch of minima: a fold, where a minimum and a saddle merge."""

import math
from dataclasses import dataclass

import numpy as np

from arguments import brief
from landscape.arrays import Matrix, Vector
from landscape.nonlinear.branch import FINE, NEWTON, Branch, BranchPoint, LostError
from landscape.nonlinear.solves import Bordered


@brief()
@dataclass(frozen=True, eq=False)
class Fold:
    """Where a minimum and a saddle merge: grad H = 0 and M psi = 0.

    Attributes
    ----------
    h : float
        h_c, the field or parameter at which they do.
    x : (N,) array
        Where they do.
    energy : float
        H(x), of all coordinates together.
    force_scale : float
        The typical force.
    direction : (N,) array
        psi, |psi| = 1, the way in which the minimum goes on changing as it gets there.
    b3, b4 : float
        U''' : psi psi psi and U'''' : psi psi psi psi; b3 < 0, the energy falls along psi.
    force : float
        F = psi . d(gradient)/dh, -sum_i psi_i for a uniform field; of the sign of h - h_c on the branch.
    residual : float
        |M psi| over the typical curvature (`Family.strength`; K = `Problem.linear_strength` of oscillators).
    """

    h: float
    x: Vector
    energy: float
    force_scale: float
    direction: Vector
    b3: float
    b4: float
    force: float
    residual: float


def locate(branch: Branch, start: BranchPoint, toward: float, *, steps: int = 30) -> Fold:
    """Return the fold that the branch runs into from a point near it.

    With v the softest mode of `start` and t = v . x, the branch is x(t), h(t), smooth through the fold, where
    dh/dt = 0: by Newton's method. Each x(t), h(t) solves

        [[M, p], [v^T, 0]] (dx, dh) = (-grad H, 0),

    with p = d(gradient)/dh, where M may be singular along v. An error dt of t moves h by dt^2 only: h_c is
    found to rounding.

    Parameters
    ----------
    toward : {1.0, -1.0}
        Sign of dh.

    Raises
    ------
    LostError, IndefiniteError
        If there is no fold near.
    """
    family = branch.family
    sign = toward * math.copysign(1.0, -family.felt(start.x, start.h, start.direction))
    lift = min(start.next_eigenvalue, float(start.eigenvalues[0]) + branch.strength)
    v, x, h = sign * start.direction, start.x, start.h
    bound = 1e-10 * float(np.abs(x).max())
    for _ in range(steps):
        x, h = _constrained(branch, x, h, v, lift)
        border = _Border(branch, x, h, v, lift)
        slope, rate = border.solve(np.zeros_like(x), 1.0)
        bend, h_bend = border.solve(-family.curve(x, h, slope, rate), 0.0)
        if toward * h_bend >= 0.0:
            raise LostError(f"h does not turn at h = {h}")
        dt = -rate / h_bend
        if abs(dt) * float(np.abs(slope).max()) <= bound:
            return _fold(branch, x, h, slope)
        x, h = x + dt * (slope + dt / 2 * bend), h + dt * (rate + dt / 2 * h_bend)
    raise LostError(f"no fold within {steps} steps from h = {start.h}")


class _Border:
    """Solutions of [[M, p], [v^T, 0]] (y, eta) = (r, rho), by way of K = M + sigma v v^T."""

    def __init__(self, branch: Branch, x: Vector, h: float, v: Vector, lift: float) -> None:
        self._matrix, self._v, self._lift = Bordered(branch.family.hessian(x, h), v, lift), v, lift
        self._one = self._matrix.solve(-branch.family.pull(x, h)[:, None], tol=FINE)[:, 0]

    def solve(self, r: Vector, rho: float) -> tuple[Vector, float]:
        right: Matrix = (r + self._lift * rho * self._v)[:, None]
        y = self._matrix.solve(right, tol=FINE)[:, 0]
        felt = float(self._v @ self._one)
        if felt == 0.0:
            raise LostError("the softest mode does not feel the field: no fold")
        eta = (rho - float(self._v @ y)) / felt
        return y + eta * self._one, eta


def _constrained(branch: Branch, x: Vector, h: float, v: Vector, lift: float) -> tuple[Vector, float]:
    """Return (x, h) with grad H = 0 at field h but for rounding, the v . x as given."""
    for _ in range(NEWTON):
        point = branch.family.point(x, h)
        relative = branch.relative(point)
        dx, dh = _Border(branch, x, h, v, lift).solve(-point.gradient, 0.0)
        x, h = x + dx, h + dh
        if relative <= branch.tol:  # so this step was the last
            return x, h
    raise LostError(f"Newton's method near h = {h}: relative gradient {relative:.3g} after {NEWTON} steps")


def _fold(branch: Branch, x: Vector, h: float, slope: Vector) -> Fold:
    psi, family = slope / float(np.linalg.norm(slope)), branch.family
    image = Bordered(family.hessian(x, h)).products(psi[:, None])
    b3, b4 = family.expansion(x, h, psi)
    point = family.point(x, h)
    return Fold(
        h=h,
        x=x,
        energy=point.energy,
        force_scale=branch.force_scale(point),
        direction=psi,
        b3=b3,
        b4=b4,
        force=family.felt(x, h, psi),
        residual=float(np.linalg.norm(image)) / branch.strength,
    )
