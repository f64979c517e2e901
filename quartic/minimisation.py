"""A minimisation on its way: the point, its energy and gradient, and the account of the work done."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.arrays import Vector
from quartic.line import evaluate, line, take_step
from quartic.oscillator import curvature_scale
from quartic.point import least_force
from quartic.problem import Problem
from quartic.units import NONE, Units, in_range, log2, scaled, units_at

Callback = Callable[[Vector, float], object]

PATIENCE = 100  # steps at the level of rounding before a run is called stalled
_LAST_STEP = 100.0  # |gradient| / (tol F) from which a step may be the last
_DIGITS = 1e-12  # |gradient| / F below which J (x + d) - J x has too few digits of J d


def is_idle(drop: Any, scale: Any, gradient_norm: Any, best: Any) -> Any:
    """Return whether a step was in vain: energy fell by no more than rounding, and the gradient not at all.

    `scale` is the typical force times the sum of |x_i|, `best` the least gradient norm before; numbers, or
    arrays of several runs.
    """
    return (drop <= 1e-16 * scale) & (gradient_norm >= best)


class Stop(Exception):
    """Ends a run that cannot go on; its text is the status of the result."""


class OutOfRangeError(ArithmeticError):
    """Forces are so large or so small that the run needs other units."""


class Minimisation:
    """A run of a minimiser: the state that every method shares, in units of its own.

    Attributes
    ----------
    problem : Problem
        In these units.
    units, origin : Units
        Those of the run in those of the problem that was given, and those of that.
    x, jx, gradient : (N,) arrays
        The point, J x and dH/dx.
    energy, gradient_norm, force_scale : float
        H(x), max_i |gradient_i| and the typical force (`quartic.minima.Minimum`).
    products : int
        Products J v made so far.
    fresh : bool
        Whether jx is a product of its own, without the rounding of many steps.
    """

    def __init__(
        self,
        problem: Problem,
        x: Vector,
        tol: float,
        max_products: int,
        callback: Callback | None = None,
        origin: Units = NONE,
    ) -> None:
        self.tol, self.max_products, self.callback = tol, max_products, callback
        self._given, self.origin, self.products = problem, origin, 0
        self.x = np.array(x, np.float64)
        self.jx = np.zeros(problem.size)
        self.gradient = np.zeros(problem.size)
        self.force_scale = 0.0
        self.fresh = False
        self.energy = self.gradient_norm = np.inf
        self._enter(NONE)

    def begin(self) -> None:
        """Make the first product, J x; none at x = 0. In the units of the start."""
        self.change_units(units_at(self._given, log2(float(np.abs(self.x).max()))))
        self.jx = self.multiply(self.x) if self.x.any() else np.zeros_like(self.x)
        self.fresh = True
        if not self.measure():
            self._follow_forces()

    def to_end(self, method: Callable[["Minimisation"], None]) -> str:
        """Go by a method to its end, in other units wherever forces ask for them; return the status."""
        while True:
            try:
                method(self)
                return "converged"
            except OutOfRangeError:
                if not self._follow_forces():
                    return "stalled"
            except Stop as stop:
                return str(stop)

    def change_units(self, units: Units) -> None:
        """Write the point in other units; its energy and forces are those of before until `measure`."""
        length = self.units.length - units.length
        force = self.units.energy - self.units.length - units.energy + units.length
        self.x, self.jx = scaled(self.x, length), scaled(self.jx, force)
        self._enter(units)

    def _enter(self, units: Units) -> None:
        self.units, self.problem = units, units.problem(self._given)
        self._least_force = least_force(self.problem)
        self._best, self._idle = np.inf, 0
        self._last_unit, self._anticipate = False, True

    def _follow_forces(self) -> bool:
        """Take the units of the forces here; return whether they are in range then."""
        known = 0.0 < self.force_scale < math.inf
        force = log2(self.force_scale) + self.units.energy - self.units.length if known else None
        size = log2(float(np.abs(self.x).max())) + self.units.length
        self.change_units(units_at(self._given, size, force))
        return self.measure()

    def measure(self) -> bool:
        """Find energy and forces here, by the J x at hand; return whether the forces are in range."""
        p = self.problem
        self._keep(*evaluate(p.stiffness, p.field, p.a_max, p.a_shares, self.x, self.jx, self.gradient))
        return bool(in_range(self.force_scale))

    def multiply(self, d: Vector) -> Vector:
        """Return J d, shape (N,), and count the product; stop the run when none is left."""
        self.count_product()
        return self.problem.coupling.product(d)

    def count_product(self) -> None:
        """Count a product that is to be made, or stop the run when none is left."""
        if self.products >= self.max_products:
            raise Stop("max_products")
        self.products += 1

    def renew(self, jx: Vector) -> None:
        """Take over J x from a product of its own."""
        self.jx, self.fresh = jx, True
        self._evaluate()

    @property
    def at_goal(self) -> bool:
        """Whether |gradient|_inf <= tol * typical force, by the J x at hand."""
        return bool(self.gradient_norm <= self.tol * self.force_scale < math.inf)

    def arrived(self) -> bool:
        """Return whether the run is at its goal, confirmed with a J x of its own."""
        if self.at_goal and not self.fresh:
            self.renew(self.multiply(self.x))
        return self.at_goal

    def line_step(self, d: Vector, jd: Vector | None = None, *, longest: float = np.inf) -> float:
        """Move to the first energy minimum along d, or by `longest` d if that is nearer; return the step s.

        One product, or none where jd = J d is known. d must point downhill. Where x + d is at the goal the
        step ends there: its product is J (x + d) then, and none is left to be made to confirm the arrival.
        """
        near = jd is None and longest == np.inf and self._near()
        if near:
            y = self.x + d
            jy = self.multiply(y)
            if self._lands(y, jy):
                return 1.0
            jd = jy - self.jx
        if jd is None:
            jd = self.multiply(d)
        p = self.problem
        s, drop, *state = take_step(
            p.stiffness, p.field, p.a_max, p.a_shares, self.x, self.jx, self.gradient, d, jd, longest
        )
        unit = 0.5 <= s <= 2.0
        self.fresh, self._last_unit, self._anticipate = False, unit, self._anticipate and (unit or not near)
        self._note(*state)
        self._watch(drop)
        return float(s)

    def _near(self) -> bool:
        """Return whether the next step may be the last: then J (x + d), not J d, is worth its product.

        Not so where directions come in another length than steps: an error of J x grows by s - 1 with every
        J d that is made from it. Once a step was wrong in that, none is tried again.
        """
        relative = self.gradient_norm / self.force_scale
        close = bool(_DIGITS < relative <= _LAST_STEP * self.tol)
        return close and self._last_unit and self._anticipate

    def _lands(self, y: Vector, jy: Vector) -> bool:
        """Move to y and return True if it has arrived, given a product J y of its own, and lies below."""
        p = self.problem
        gradient = np.empty(p.size)
        state = evaluate(p.stiffness, p.field, p.a_max, p.a_shares, y, jy, gradient)
        drop = -self.change(y, jy)
        if drop <= 0.0 or state[1] > self.tol * max(state[2], self._least_force):
            return False
        self.x, self.jx, self.gradient, self.fresh = y, jy, gradient, True
        self._note(*state)
        self._watch(drop)
        return True

    def change(self, x: Vector, jx: Vector) -> float:
        """Return H(x) - H(here), given J x; without the cancellation of a difference of energies."""
        p = self.problem
        return float(
            sum(line(p.stiffness, p.a_max, p.a_shares, self.x, self.gradient, x - self.x, jx - self.jx))
        )

    def jump(self, x: Vector, jx: Vector) -> None:
        """Move to x, where J x is known from the products of other vectors."""
        drop = -self.change(x, jx)
        self.x, self.jx, self.fresh = x, jx, False
        self._evaluate()
        self._watch(drop)

    def curvature_scale(self, out: Vector | None = None) -> Vector:
        """Return a positive diagonal (N,) that estimates the curvature of every site, for preconditioning."""
        out = np.empty(self.problem.size) if out is None else out
        p = self.problem
        curvature_scale(p.stiffness, p.a_max, p.a_shares, self.x, p.coupling.strength, self.force_scale, out)
        return out

    def _evaluate(self) -> None:
        if not self.measure():
            raise OutOfRangeError

    def _note(self, energy: float, largest: float, force: float, distance: float) -> None:
        self._keep(energy, largest, force, distance)
        if not in_range(self.force_scale):
            raise OutOfRangeError

    def _keep(self, energy: float, largest: float, force: float, distance: float) -> None:
        self.energy, self.gradient_norm, self._distance = energy, largest, distance
        self.force_scale = max(force, self._least_force)

    def _watch(self, drop: float) -> None:
        """Stop a run whose energy falls by no more than rounding while its gradient does not shrink."""
        if self.callback is not None:
            self.callback(scaled(self.x, self.units.length), float(scaled(self.energy, self.units.energy)))
        in_vain = is_idle(drop, self.force_scale * self._distance, self.gradient_norm, self._best)
        self._idle = self._idle + 1 if in_vain else 0
        self._best = min(self._best, self.gradient_norm)
        if self._idle >= PATIENCE:
            raise Stop("stalled")
