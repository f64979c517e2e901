"""A minimum as a function of the uniform field: where it goes, and how fast."""

import math
from dataclasses import dataclass

import numpy as np

from landscape.arrays import Vector
from landscape.modes.low import DENSE_SIZE
from quartic.line import evaluate
from quartic.modes import low_modes
from quartic.nonlinear.solves import IndefiniteError, Lifted
from quartic.problem import Problem, least_force
from quartic.units import in_range

NEWTON = 12  # steps of Newton's method after which a point counts as not found
_ROUGH, FINE = 1e-3, 1e-10  # residuals of the linear equations: of Newton's method, of derivatives
_MODES = 4  # softest normal modes watched
_SHARE = 0.3  # of a soft eigenvalue that a step may take, by its rate: 0.6 of the way to the fold
_ROUNDING = 1e-10  # of x, below which differences are not looked at
_MOST = 2.0**100  # of linear forces per displacement: the range of float32 numbers, and some room
_BENT = 0.2  # largest part of a step that the second order of its prediction may be, or its correction


class LostError(ArithmeticError):
    """Newton's method did not arrive, or not on the branch that was followed."""


@dataclass(frozen=True, eq=False)
class Point:
    """A minimum at a field, and how it moves with the field.

    Attributes
    ----------
    h : float
    x : (N,) array
    energy : float
    slope, bend : (N,) arrays
        dx/dh = M^-1 1 and d2x/dh2 = -M^-1 (A x (dx/dh)^2).
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
        """The second lowest eigenvalue; infinite if there is only one oscillator."""
        return float(self.eigenvalues[1]) if self.eigenvalues.size > 1 else math.inf


class Branch:
    """The minima of one problem under a uniform field h; where the field is not uniform, h is its mean."""

    def __init__(self, problem: Problem, tol: float) -> None:
        self.problem, self.tol = problem, tol
        field = problem.field
        self.h = float(field[0]) if np.all(field == field[0]) else float(field.mean())
        self._rest = field - self.h
        linear = problem.linear_strength
        if linear > _MOST:
            raise ValueError(
                f"stiffness and couplings of size {linear:.3g}: must be <= {_MOST:.2g}; rescale the problem"
            )

    def at(self, h: float) -> Problem:
        """Return the problem at field h."""
        p = self.problem
        return Problem(p.stiffness, p.coupling, self._rest + h, p.anharmonicity)

    def forces(self, x: Vector, h: float) -> tuple[Vector, float, float]:
        """Return (gradient, energy, typical force) at field h; `Minimum.force_scale` defines the last.

        Raises
        ------
        LostError
            If the force is so large or small that products of forces are beyond the range of floats.
        """
        p = self.problem
        gradient, field = np.empty(p.size), self._rest + h
        jx = p.coupling.product(np.ascontiguousarray(x))
        energy, _, force, _ = evaluate(p.stiffness, field, p.anharmonicity, x, jx, gradient)
        force = max(float(force), least_force(p, field))
        if not in_range(force):
            raise LostError(f"typical force {force:.3g} at h = {h}: too far from 1; rescale the problem")
        return gradient, float(energy), force

    def correct(self, x: Vector, h: float) -> Vector:
        """Return the minimum at field h that Newton's method finds from x.

        Raises
        ------
        LostError, IndefiniteError
            If it does not.
        """
        for _ in range(NEWTON):
            gradient, _, force = self.forces(x, h)
            x = x - Lifted(self.problem, x).solve(gradient[:, None], tol=_ROUGH)[:, 0]
            relative = float(np.abs(gradient).max()) / force
            if relative <= self.tol:  # so the step from there was the last: soft modes need it
                return x
        raise LostError(f"Newton's method at h = {h}: relative gradient {relative:.3g} after {NEWTON} steps")

    def point(self, x: Vector, h: float) -> Point:
        """Return the minimum x at field h with its derivatives and softest modes."""
        k = min(_MODES, self.problem.size)
        method = "davidson" if self.problem.size > DENSE_SIZE else None  # no factorisation for every step
        modes = low_modes(self.problem, x, k, method=method, verify=False)
        if modes.eigenvalues[0] <= 0.0:
            raise LostError(f"lowest eigenvalue {modes.eigenvalues[0]:.3g} at h = {h}: no minimum")
        slope, bend = self.derivatives(x)
        a = self.problem.anharmonicity
        rates = a * (x * slope) @ modes.vectors**2
        energy = self.forces(x, h)[1]
        return Point(h, x, energy, slope, bend, modes.eigenvalues, rates, modes.vectors[:, 0])

    def derivatives(self, x: Vector) -> tuple[Vector, Vector]:
        """Return (dx/dh, d2x/dh2), each of shape (N,)."""
        matrix = Lifted(self.problem, x)
        slope = matrix.solve(np.ones((x.size, 1)), tol=FINE)
        a = self.problem.anharmonicity
        return slope[:, 0], matrix.solve(-a * x[:, None] * slope**2, tol=FINE)[:, 0]

    def advance(self, here: Point, h_to: float, *, longest: float, least: float) -> Point:
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

    def _follow(self, here: Point, h: float) -> Point:
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
