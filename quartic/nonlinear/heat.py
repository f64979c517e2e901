"""Local heat capacities of a minimum: of every site, and of the pairs (S IV.I)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import brief, count
from landscape.arrays import Vector
from quartic.curvature import real_displacement
from quartic.nonlinear.thermal import Fluctuations
from quartic.problem import Problem


@brief()
@dataclass(frozen=True, kw_only=True, eq=False)
class HeatCapacities:
    """c_alpha = (2/k_B) d<eps_alpha>/dT at T = 0 of the terms of the energy; they add up to N.

    Attributes
    ----------
    site : (N,) array
        Of kappa_i x_i^2/2 + A x_i^4/24 - h_i x_i, what a site has of its own; where the coupling has a
        diagonal, J_ii x_i^2/2 is in it.
    shared : (N,) array
        Half of the sum over j of the pairs J_ij x_i x_j.
    pairs : (k, 2) array of int
        The pairs i < j of largest |c|, largest first.
    pair_values : (k,) array
        c of J_ij x_i x_j of these.
    residual : float
        (sum of all c - N)/N: rounding, and the gradient that the minimisation left.
    """

    site: Vector
    shared: Vector
    pairs: NDArray[np.int64]
    pair_values: Vector
    residual: float

    @property
    def local(self) -> Vector:
        """c_i of each oscillator with half of each of its pairs, shape (N,); their sum is N."""
        return self.site + self.shared


def heat_capacities(problem: Problem, x: ArrayLike, *, largest: int = 1000) -> HeatCapacities:
    """Return the classical local heat capacities c_alpha of all terms of the energy at the minimum x (S 22).

    Parameters
    ----------
    problem : Problem
    x : (N,) array
        A minimum; the averages are over this one alone (`quartic.nonlinear.thermal.Fluctuations`, notes).
    largest : int
        Number of pairs to return, those of largest |c|; fewer if there are not so many.

    Returns
    -------
    HeatCapacities

    Raises
    ------
    ValueError
        If x is no minimum, or `largest` < 0.

    Examples
    --------
    By equipartition they add up to N:

    >>> import quartic
    >>> pair = quartic.Problem([2.0, 1.0], [[0.0, 0.5], [0.5, 0.0]], 0.3, 6.0)
    >>> heat = quartic.heat_capacities(pair, quartic.minimize(pair).x)
    >>> round(float(heat.site.sum() + heat.shared.sum()), 6)
    2.0
    """
    largest = count("largest", largest, least=0)
    x = real_displacement(problem, x)
    motion = Fluctuations(problem, x)
    own, halves = np.empty(problem.size), np.zeros(problem.size)
    best = _Largest(min(largest, problem.size * (problem.size - 1) // 2))
    for i in range(problem.size):
        row = problem.coupling.row(i)
        own[i] = row[i]
        later = row[i + 1 :]
        c = 2.0 * later * motion.later(i) + later * (
            x[i + 1 :] * motion.shift[i] + x[i] * motion.shift[i + 1 :]
        )
        halves[i] += c.sum() / 2.0
        halves[i + 1 :] += c / 2.0
        best.add(i, c)
    a, stiffness = problem.anharmonicity, problem.stiffness + own
    force = stiffness * x + a * x**3 / 6.0 - problem.field
    site = (stiffness + a * x**2 / 2.0) * motion.variance + force * motion.shift
    pairs, values = best.sorted()
    residual = float((site.sum() + halves.sum()) / problem.size - 1.0)
    return HeatCapacities(site=site, shared=halves, pairs=pairs, pair_values=values, residual=residual)


class _Largest:
    """The pairs of largest |c| among those added."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._least = 0.0
        self._pairs = np.empty((0, 2), np.int64)
        self._values = np.empty(0)

    def add(self, i: int, c: Vector) -> None:
        """Add the pairs (i, i + 1), (i, i + 2) .."""
        new = np.flatnonzero(np.abs(c) >= self._least)
        if not self._count or not new.size:
            return
        added = np.column_stack([np.full(new.size, i), i + 1 + new])
        self._pairs, self._values = np.concatenate([self._pairs, added]), np.append(self._values, c[new])
        if self._values.size > 2 * self._count:
            self._cut()

    def sorted(self) -> tuple[NDArray[np.int64], Vector]:
        """Return pairs (k, 2) and values (k,), largest |c| first."""
        order = np.argsort(-np.abs(self._values), kind="stable")[: self._count]
        return self._pairs[order], self._values[order]

    def _cut(self) -> None:
        self._pairs, self._values = self.sorted()
        self._least = float(np.abs(self._values[-1]))
