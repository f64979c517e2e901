"""A minimum as a function of a control parameter h: where it goes, and how fast."""

import math
from dataclasses import dataclass

import numpy as np

from landscape.arrays import Vector
from landscape.nonlinear.family import Family
from landscape.nonlinear.solves import Bordered, IndefiniteError
from landscape.protocol import Point

NEWTON = 12  # steps of Newton's method after which a point counts as not found
_ROUGH, FINE = 1e-3, 1e-10  # residuals of the linear equations: of Newton's method, of derivatives
_MODES = 4  # softest normal modes watched
_SHARE = 0.3  # of a soft eigenvalue that a step may take, by its rate: 0.6 of the way to the fold
_ROUNDING = 1e-10  # of x, below which differences are not looked at
_BENT = 0.2  # largest part of a step that the second order of its prediction may be, or its correction


class LostError(ArithmeticError):
    """Newton's method did not arrive, or not on the branch that was followed."""


@dataclass(frozen=True, eq=False)
class BranchPoint:
    """A minimum at a value of the parameter, and how it moves with it.

    Attributes
    ----------
    h : float
    x : (N,) array
    energy : float
    slope, bend : (N,) arrays
        dx/dh = -M^-1 p, p = d(gradient)/dh, and d2x/dh2 = -M^-1 c, c the second derivative of the gradient
        along (dx/dh, 1).
    eigenvalues : (k,) array
        The lowest of M, ascending.
    rates : (k,) array
        Their derivatives by h.
    direction : (N,) array
        The softest normal mode.
    """

    h: float
    x: Vector
    energy: float
    slope: Vector
    bend: Vector
    eigenvalues: Vector
    rates: Vector
    direction: Vector

    @property
    def next_eigenvalue(self) -> float:
        """The second lowest eigenvalue; infinite if there is only one."""
        return float(self.eigenvalues[1]) if self.eigenvalues.size > 1 else math.inf


class Branch:
    """The minima of a family.

    Attributes
    ----------
    strength : float
        The typical curvature at the first point that was asked for (`Family.strength`).
    """

    def __init__(self, family: Family, tol: float) -> None:
        self.family, self.tol, self.strength, self._least = family, tol, 0.0, 0.0

    def correct(self, x: Vector, h: float) -> Vector:
        """Return the minimum at h that Newton's method finds from x.

        Raises
        ------
        LostError, IndefiniteError
            If it does not.
        """
        for _ in range(NEWTON):
            point = self.family.point(x, h)
            x = x - Bordered(self.family.hessian(x, h)).solve(point.gradient[:, None], tol=_ROUGH)[:, 0]
            relative = self.relative(point)
            if relative <= self.tol:  # so the step from there was the last: soft modes need it
                return x
        raise LostError(f"Newton's method at h = {h}: relative gradient {relative:.3g} after {NEWTON} steps")

    def force_scale(self, point: Point) -> float:
        """Return the typical force at a point, which does not vanish with all curvatures."""
        return max(point.force_scale, self._least)

    def relative(self, point: Point) -> float:
        """Return the largest |gradient| over the typical force; 0 where there are no forces."""
        largest = point.gradient_norm
        return largest / self.force_scale(point) if largest else 0.0

    def point(self, x: Vector, h: float) -> BranchPoint:
        """Return the minimum x at h with its derivatives and softest modes."""
        if not self.strength:
            self.strength = self.family.strength(x, h)
            self._least = self.family.least_force(h, self.strength)
        values, vectors = self.family.lowest(x, h, _MODES)
        if values[0] <= 0.0:
            raise LostError(f"lowest eigenvalue {values[0]:.3g} at h = {h}: no minimum")
        slope, bend = self.derivatives(x, h)
        rates = self.family.rates(x, h, slope, 1.0, vectors)
        energy = self.family.point(x, h).energy
        return BranchPoint(h, x, energy, slope, bend, values, rates, vectors[:, 0])

    def derivatives(self, x: Vector, h: float) -> tuple[Vector, Vector]:
        """Return (dx/dh, d2x/dh2), each of shape (N,)."""
        matrix = Bordered(self.family.hessian(x, h))
        slope = matrix.solve(-self.family.pull(x, h)[:, None], tol=FINE)[:, 0]
        curve = self.family.curve(x, h, slope, 1.0)
        return slope, matrix.solve(-curve[:, None], tol=FINE)[:, 0]

    def advance(self, here: BranchPoint, h_to: float, *, longest: float, least: float) -> BranchPoint:
        """Return a point farther on the branch towards h_to, or at it.

        The step is at most `longest`, and so short that the second order of its prediction is at most a fifth
        of the first and that no soft eigenvalue falls by more than about half: so it cannot pass the end of
        the branch. It is halved where what is found is not surely of this branch.

        Raises
        ------
        LostError
            If steps of `least` fail.
        """
        left, toward = abs(h_to - here.h), math.copysign(1.0, h_to - here.h)
        falling = -toward * here.rates
        soft = falling > 0.0
        most = float(np.min(_SHARE * here.eigenvalues[soft] / falling[soft], initial=math.inf))
        bend = float(np.linalg.norm(here.bend))
        if bend > 0.0:
            most = min(most, 2.0 * _BENT * float(np.linalg.norm(here.slope)) / bend)
        length = min(longest, most, left)
        while length > least:
            try:
                return self._follow(here, h_to if length == left else here.h + toward * length)
            except (LostError, IndefiniteError):
                length *= 0.5
        raise LostError(
            f"the branch is lost at h = {here.h}, lowest eigenvalue {here.eigenvalues[0]:.3g}: steps of "
            f"{2.0 * length:.3g} fail"
        )

    def _follow(self, here: BranchPoint, h: float) -> BranchPoint:
        """Return the point of this branch at h; raise LostError if what is there is not surely of it."""
        dh = h - here.h
        guess = here.x + dh * (here.slope + dh / 2 * here.bend)
        x = self.correct(guess, h)
        bound = _BENT * float(np.linalg.norm(x - here.x)) + _ROUNDING * float(np.linalg.norm(x))
        if float(np.linalg.norm(x - guess)) > bound:
            raise LostError(f"the correction at h = {h} is too large")
        point = self.point(x, h)
        mean = dh / 2 * (here.slope + point.slope)
        if float(np.linalg.norm(x - here.x - mean)) > bound:
            raise LostError(f"the slopes at h = {here.h} and {h} do not match the step")
        return point
