"""Double wells: the second minimum that a soft excitation leads to, and the true barrier in between."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, count, fraction, real
from landscape.arrays import Vector
from quartic.minima import Minimum, minimize
from quartic.nonlinear.expansion import Expansion, barrier, expansion
from quartic.nonlinear.path import Path, minimum_energy_path, one_well
from quartic.nonlinear.stationary import minimum
from quartic.problem import Problem, energy

STATUSES = ("found", "same", "none", "unconverged")
_GROWTH = 1.25  # of the push from one relaxation to the next
_ROUGH = 1e-4  # relative gradient at which a relaxation is looked at first


@dataclass(frozen=True, eq=False)
class DoubleWell:
    """Where a push along one direction led.

    Attributes
    ----------
    direction : (N,) array
        z, |z| = 1, on the side where the cubic term lowers the energy: b3 <= 0.
    expansion : Expansion
        b2, b3, b4 along it.
    cubic_barrier, quartic_barrier : float
        Estimates from the expansion alone: 2 b2^3/(3 b3^2) (S 14), inf where b3 = 0, and that of the whole
        quartic, nan where it has no second minimum (b3^2 < (8/3) b2 b4).
    status : {"found", "same", "none", "unconverged"}
        ``"found"``: a second minimum. ``"same"``: one that an earlier direction of the list led to already.
        ``"none"``: every relaxation came back. ``"unconverged"``: one failed before a second minimum was
        found.
    push : float
        s, the length of the last push.
    x : (N,) array or None
        The second minimum x1, with status ``"found"`` or ``"same"``; the rest is nan or None otherwise.
    distance : float
        |x1 - x0|.
    overlap : float
        |z . (x1 - x0)|/|x1 - x0| (S IV.J).
    asymmetry : float
        H(x1) - H(x0).
    path : Path or None
        The minimum-energy path from x0 to x1. Where it passes through other minima its status is
        ``"indirect"``, and `path.minima[1]` is the neighbour of x0. None if not asked for.
    """

    direction: Vector
    expansion: Expansion
    cubic_barrier: float
    quartic_barrier: float
    status: str
    push: float
    x: Vector | None = None
    distance: float = math.nan
    overlap: float = math.nan
    asymmetry: float = math.nan
    path: Path | None = None

    @property
    def barrier(self) -> float:
        """Highest saddle of the path above x0; nan where there is none: the true barrier."""
        return math.nan if self.path is None else self.path.barrier


def double_wells(
    problem: Problem,
    x: ArrayLike,
    modes: Sequence[Any],
    *,
    reach: float = 1.5,
    paths: bool = True,
    tol: float = 1e-10,
    max_products: int = 100_000,
) -> list[DoubleWell]:
    """Return what is found on pushing the minimum x along each mode, in their order.

    From x + s z, with z on the side of b3 <= 0, the gradient flow (method ``"descent"``) is followed to its
    minimum; s grows by a quarter each time until that is another than x. The first s is the top of the cubic
    barrier 2 b2/|b3|, or (6 b2/b4)^(1/2) if that is less; the last is `reach` times 3 |b3|/b4, which is where
    the quartic's second minimum is as b2 goes to zero, or `reach` times (6 b2/b4)^(1/2) if that is more.

    Parameters
    ----------
    problem : Problem
    x : (N,) array
        A minimum.
    modes : sequence
        `NonlinearMode` (anything with a `direction`) or arrays (N,), of any length but zero.
    reach : float
        > 0.
    paths : bool
        Whether to find the minimum-energy paths, most of the work.
    tol, max_products
        Of the minimisations, as in `quartic.minimize`.

    Raises
    ------
    ValueError
        For an argument outside its range, and where x is no minimum.
    """
    reach = real("reach", reach, above=0.0)
    tol, max_products = fraction("tol", tol), count("max_products", max_products)
    search = _Search(problem, minimum(problem, x), reach, tol, max_products)
    found: list[DoubleWell] = []
    for direction in [_direction(problem, mode, f"modes[{k}]") for k, mode in enumerate(modes)]:
        found.append(search.along(direction, found, paths))
    return found


class _Search:
    """The search around one minimum."""

    def __init__(self, problem: Problem, x: Vector, reach: float, tol: float, max_products: int) -> None:
        self.problem, self.x, self.reach, self.tol, self.max_products = problem, x, reach, tol, max_products

    def along(self, z: Vector, earlier: Sequence[DoubleWell], paths: bool) -> DoubleWell:
        """Return what a push along z leads to."""
        local = expansion(self.problem, self.x, z)
        if local.b3 > 0.0:
            z, local = -z, expansion(self.problem, self.x, -z)
        end, push = None, math.nan
        for push in self._pushes(local):
            end = self._relax(self.x + push * z)
            if end is not None:
                break
        known: dict[str, Any] = {
            "direction": z,
            "expansion": local,
            "cubic_barrier": barrier(local),
            "quartic_barrier": barrier(local, exact=True),
            "push": push,
        }
        if end is None:
            return DoubleWell(status="none", **known)
        if end.status != "converged":
            return DoubleWell(status="unconverged", **known)
        return self._second(end, earlier, paths, known)

    def _second(
        self, end: Minimum, earlier: Sequence[DoubleWell], paths: bool, known: dict[str, Any]
    ) -> DoubleWell:
        """Return the record of a second minimum."""
        moved = end.x - self.x
        distance = float(np.linalg.norm(moved))
        twin = next(
            (
                w
                for w in earlier
                if w.status == "found" and w.x is not None and one_well(self.problem, w.x, end.x)
            ),
            None,
        )
        path = twin.path if twin is not None else self._path(end.x) if paths else None
        return DoubleWell(
            status="found" if twin is None else "same",
            x=end.x if twin is None else twin.x,
            distance=distance,
            overlap=abs(float(known["direction"] @ moved)) / distance,
            asymmetry=end.energy - float(energy(self.problem, self.x)),
            path=path,
            **known,
        )

    def _pushes(self, local: Expansion) -> Iterator[float]:
        """Yield the lengths of the pushes."""
        wide = math.sqrt(6.0 * local.b2 / local.b4)
        s = min(wide, 2.0 * local.b2 / -local.b3) if local.b3 < 0.0 else wide
        last = self.reach * max(wide, -3.0 * local.b3 / local.b4)
        while s < last:
            yield s
            s *= _GROWTH
        yield last

    def _relax(self, start: Vector) -> Minimum | None:
        """Return the minimum in whose basin `start` lies, or None if it is x."""
        rough = self._descend(start, _ROUGH)
        if rough.status == "converged" and one_well(self.problem, self.x, rough.x):
            return None
        end = self._descend(rough.x, self.tol)
        same = end.status == "converged" and one_well(self.problem, self.x, end.x)
        return None if same else end

    def _descend(self, start: Vector, tol: float) -> Minimum:
        return minimize(
            self.problem,
            method="descent",
            start=start,
            tol=tol,
            max_products=self.max_products,
            certify=False,
            check=False,
        )

    def _path(self, end: Vector) -> Path:
        return minimum_energy_path(self.problem, self.x, end, tol=self.tol)


def _direction(problem: Problem, mode: Any, name: str) -> Vector:
    """Return the direction of a mode, or what is given as one, at length 1."""
    direction = array(name, getattr(mode, "direction", mode), (problem.size,))
    largest = float(np.abs(direction).max())
    if largest == 0.0:
        raise ValueError(f"{name} is zero: must be a direction")
    direction = direction / largest
    return np.asarray(direction / np.linalg.norm(direction))
