"""A configuration of coupled oscillators, with its energy and forces."""

from typing import TYPE_CHECKING

import numpy as np

from landscape.arrays import Vector
from landscape.protocol import Point
from quartic.line import evaluate, take_step

if TYPE_CHECKING:
    from quartic.problem import Problem


class QuarticPoint(Point):
    """A configuration of a problem with J x, from which energy and forces come.

    Attributes
    ----------
    jx : (N,) array
    typical_force : float
        `quartic.Minimum.force_scale`.
    """

    def __init__(self, problem: "Problem", x: Vector, jx: Vector) -> None:
        gradient = np.empty(x.size)
        h, a, share = problem.field, problem.a_max, problem.a_shares
        energy, _, force, _ = evaluate(problem.stiffness, h, a, share, x, jx, gradient)
        super().__init__(problem, x, float(energy), gradient)
        self.problem, self.jx = problem, jx
        self.typical_force = max(float(force), least_force(problem))

    def moved(self, d: Vector, jd: Vector, longest: float) -> "QuarticPoint":
        """Return the first minimum along d, given J d; this point where d does not fall."""
        p, x, jx, gradient = self.problem, self.x.copy(), self.jx.copy(), self.gradient.copy()
        s, *_ = take_step(p.stiffness, p.field, p.a_max, p.a_shares, x, jx, gradient, d, jd, longest)
        return QuarticPoint(p, x, jx) if s > 0.0 else self


def least_force(problem: "Problem", field: Vector | None = None) -> float:
    """Return the force below which none counts: a millionth of that where linear and anharmonic ones balance.

    Only without a field, where all forces vanish together at x = 0; it is 0 otherwise. `field` (N,) takes the
    place of the problem's own.
    """
    if np.any(problem.field if field is None else field):
        return 0.0
    linear = problem.linear_strength
    return 1e-6 * linear * float(np.sqrt(6.0 * linear / problem.a_max))
