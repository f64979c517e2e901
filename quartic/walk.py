"""A walk downhill: the point, its energy and gradient, and the account of the work done."""

from collections.abc import Callable
from typing import Any

import numpy as np

from quartic.line import evaluate, line, take_step
from quartic.problem import Problem, Vector
from quartic.site import curvature_scale

Callback = Callable[[Vector, float], object]

PATIENCE = 100  # steps at the level of rounding before a walk is called stalled
_LAST_STEP = 100.0  # |gradient| / (tol F) from which a step may be the last
_DIGITS = 1e-12  # |gradient| / F below which J (x + d) - J x has too few digits of J d


def least_force(problem: Problem) -> float:
    """Return a millionth of the force at which linear and anharmonic ones balance: none counts for less."""
    linear = problem.linear_strength
    return 1e-6 * linear * float(np.sqrt(6.0 * linear / problem.anharmonicity))


def is_idle(drop: Any, scale: Any, gradient_norm: Any, best: Any) -> Any:
    """Return whether a step was in vain: energy fell by no more than rounding, and the gradient not at all.

    `scale` is the typical force times the sum of |x_i|, `best` the least gradient norm before; numbers, or
    arrays of several walks.
    """
    return (drop <= 1e-16 * scale) & (gradient_norm >= best)


class Stop(Exception):
    """Ends a walk that cannot go on; its text is the status of the result."""


class Walk:
    """The state that every method of minimisation shares.

    Attributes
    ----------
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
        self, problem: Problem, x: Vector, tol: float, max_products: int, callback: Callback | None = None
    ) -> None:
        self.problem, self.tol, self.max_products, self.callback = problem, tol, max_products, callback
        self.products = 0
        self._least_force = least_force(problem)
        self.x = np.array(x, np.float64)
        self.jx = np.zeros(problem.size)
        self.gradient = np.zeros(problem.size)
        self.force_scale = 0.0
        self.fresh = False
        self._best = np.inf
        self._idle = 0
        self._last_unit, self._anticipate = False, True
        self.energy = self.gradient_norm = np.inf

    def begin(self) -> None:
        """Make the first product, J x; none at x = 0."""
        self.renew(self.multiply(self.x) if self.x.any() else np.zeros_like(self.x))

    def multiply(self, d: Vector) -> Vector:
        """Return J d, shape (N,), and count the product; stop the walk when none is left."""
        self.count_product()
        return self.problem.coupling.product(d)

    def count_product(self) -> None:
        """Count a product that is to be made, or stop the walk when none is left."""
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
        return bool(self.gradient_norm <= self.tol * self.force_scale)

    def arrived(self) -> bool:
        """Return whether the walk is at its goal, confirmed with a J x of its own."""
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
            p.stiffness, p.field, p.anharmonicity, self.x, self.jx, self.gradient, d, jd, longest
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
        state = evaluate(p.stiffness, p.field, p.anharmonicity, y, jy, gradient)
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
        return float(sum(line(p.stiffness, p.anharmonicity, self.x, self.gradient, x - self.x, jx - self.jx)))

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
        curvature_scale(p.stiffness, p.anharmonicity, self.x, p.coupling.strength, self.force_scale, out)
        return out

    def _evaluate(self) -> None:
        p = self.problem
        self._note(*evaluate(p.stiffness, p.field, p.anharmonicity, self.x, self.jx, self.gradient))

    def _note(self, energy: float, largest: float, force: float, distance: float) -> None:
        self.energy, self.gradient_norm, self._distance = energy, largest, distance
        self.force_scale = max(force, self._least_force)

    def _watch(self, drop: float) -> None:
        """Stop a walk whose energy falls by no more than rounding while its gradient does not shrink."""
        if self.callback is not None:
            self.callback(self.x.copy(), self.energy)
        in_vain = is_idle(drop, self.force_scale * self._distance, self.gradient_norm, self._best)
        self._idle = self._idle + 1 if in_vain else 0
        self._best = min(self._best, self.gradient_norm)
        if self._idle >= PATIENCE:
            raise Stop("stalled")
