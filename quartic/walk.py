"""A walk downhill: the point, its energy and gradient, and the account of the work done."""

from collections.abc import Callable

import numpy as np

from quartic.line import first_minimum
from quartic.problem import Problem, Vector
from quartic.site import advance, evaluate, line, preconditioner

Callback = Callable[[Vector, float], object]

_PATIENCE = 100  # steps at the level of rounding before a walk is called stalled


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
    """

    def __init__(
        self, problem: Problem, x: Vector, tol: float, max_products: int, callback: Callback | None
    ) -> None:
        self.problem, self.tol, self.max_products, self.callback = problem, tol, max_products, callback
        self.products = 0
        linear = problem.linear_strength
        self._least_force = 1e-6 * linear * float(np.sqrt(6.0 * linear / problem.anharmonicity))
        self.x = np.array(x, np.float64)
        self.jx = np.zeros(problem.size)
        self.gradient = np.zeros(problem.size)
        self._fresh = False  # whether jx is a product of its own, without the rounding of many steps
        self._best = np.inf
        self._idle = 0
        if self.x.any():
            self.refresh()
        else:  # J 0 = 0 costs no product
            self._fresh = True
            self._evaluate()

    def multiply(self, d: Vector) -> Vector:
        """Return J d, shape (N,), and count the product; stop the walk when none is left."""
        if self.products >= self.max_products:
            raise Stop("max_products")
        self.products += 1
        return self.problem.coupling.product(d)

    def refresh(self) -> None:
        """Recompute J x, at the cost of one product."""
        self.jx = self.multiply(self.x)
        self._fresh = True
        self._evaluate()

    def arrived(self) -> bool:
        """Return whether |gradient|_inf <= tol * typical force, confirmed with a J x of its own."""
        if self.gradient_norm > self.tol * self.force_scale:
            return False
        if not self._fresh:
            self.refresh()
        return bool(self.gradient_norm <= self.tol * self.force_scale)

    def line_step(self, d: Vector, jd: Vector | None = None, *, longest: float = np.inf) -> float:
        """Move to the first energy minimum along d, or by `longest` d if that is nearer; return the step s.

        One product, or none where jd = J d is known. d must point downhill.
        """
        jd = self.multiply(d) if jd is None else jd
        p = self.problem
        coefficients = line(p.stiffness, p.anharmonicity, self.x, self.gradient, d, jd)
        s = 0.0
        if coefficients[0] < 0.0:
            s = min(longest, first_minimum(*coefficients))
        advance(self.x, self.jx, d, jd, s)
        self._fresh = False
        self._evaluate()
        c1, c2, c3, c4 = coefficients
        self._watch(-s * (c1 + s * (c2 + s * (c3 + s * c4))))
        return s

    def change(self, x: Vector, jx: Vector) -> float:
        """Return H(x) - H(here), given J x; without the cancellation of a difference of energies."""
        p = self.problem
        return float(sum(line(p.stiffness, p.anharmonicity, self.x, self.gradient, x - self.x, jx - self.jx)))

    def jump(self, x: Vector, jx: Vector) -> None:
        """Move to x, where J x is known from a product of its own."""
        drop = -self.change(x, jx)
        self.x, self.jx, self._fresh = x, jx, True
        self._evaluate()
        self._watch(drop)

    def curvature_scale(self) -> Vector:
        """Return a positive diagonal (N,) that estimates the curvature of every site, for preconditioning."""
        out = np.empty(self.problem.size)
        p = self.problem
        preconditioner(p.stiffness, p.anharmonicity, self.x, p.coupling.strength, out)
        return out

    def _evaluate(self) -> None:
        p = self.problem
        self.energy, self.gradient_norm, force = evaluate(
            p.stiffness, p.field, p.anharmonicity, self.x, self.jx, self.gradient
        )
        self.force_scale = max(force, self._least_force)

    def _watch(self, drop: float) -> None:
        """Stop a walk whose energy falls by no more than rounding while its gradient does not shrink."""
        if self.callback is not None:
            self.callback(self.x.copy(), self.energy)
        rounding = 1e-16 * self.force_scale * float(np.abs(self.x).sum())
        self._idle = self._idle + 1 if drop <= rounding and self.gradient_norm >= self._best else 0
        self._best = min(self._best, self.gradient_norm)
        if self._idle >= _PATIENCE:
            raise Stop("stalled")
