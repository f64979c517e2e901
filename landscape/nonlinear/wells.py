"""Double wells: the second minimum that a soft excitation leads to, and the true barrier in between."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, brief, count, fraction, real
from landscape.arrays import Vector
from landscape.nonlinear.expansion import Expansion, coefficients, cubic_barrier, quartic_barrier
from landscape.nonlinear.path import Path, Relaxed, Routes
from landscape.nonlinear.stationary import minimum
from landscape.protocol import Landscape

STATUSES = ("found", "same", "none", "unconverged")
IMAGES = 9  # of the strings of paths
_GROWTH = 1.25  # of the push from one relaxation to the next
_ROUGH = 1e-4  # relative gradient at which a relaxation is looked at first
_FAR = 4.0  # the last push over the first, where b4 <= 0 tells no end


@brief()
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
        quartic, nan where it has no second minimum (b3^2 < (8/3) b2 b4, or b4 <= 0).
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
    landscape: Landscape,
    x: ArrayLike,
    modes: Sequence[Any],
    *,
    reach: float = 1.5,
    paths: bool = True,
    tol: float = 1e-10,
    max_steps: int = 10_000,
) -> list[DoubleWell]:
    """Return what is found on pushing the minimum x along each mode, in their order.

    From x + s z, with z on the side of b3 <= 0, the gradient flow (method ``"descent"``) is followed to its
    minimum; s grows by a quarter each time until that is another than x. The first s is the top of the cubic
    barrier 2 b2/|b3|, or (6 b2/b4)^(1/2) if that is less; the last is `reach` times 3 |b3|/b4, which is where
    the quartic's second minimum is as b2 goes to zero, or `reach` times (6 b2/b4)^(1/2) if that is more.
    Where b4 <= 0 the last is `reach` times four times the first.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
        A minimum.
    modes : sequence
        `NonlinearMode` (anything with a `direction`) or arrays (N,), of any length but zero.
    reach : float
        > 0.
    paths : bool
        Whether to find the minimum-energy paths, most of the work.
    tol, max_steps
        Of the minimisations, as in `landscape.minimize`.

    Returns
    -------
    list of DoubleWell
        One for each mode.

    Raises
    ------
    ValueError
        For an argument outside its range, and where x is no minimum.

    Examples
    --------
    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**4/4 - x[0]**2/2, lambda x: x**3 - x, 1)
    >>> found = landscape.double_wells(well, [1.0], [[1.0]])[0]
    >>> found.status, round(found.distance, 4), round(found.barrier, 4)
    ('found', 2.0, 0.25)
    """
    reach = real("reach", reach, above=0.0)
    routes, most = Routes(landscape, IMAGES, fraction("tol", tol)), count("max_steps", max_steps)
    point = minimum(landscape, x)
    search = PushSearch(routes, point.x, lambda z: coefficients(point, z[:, None]), reach, most)
    return search.run(modes, paths=paths)


class PushSearch:
    """The search around one minimum.

    Parameters
    ----------
    routes : Routes
    x : (N,) array
    expand : callable
        The expansion along a direction (N,), of arrays (1,).
    reach, most
        `double_wells`; most steps of a minimisation.
    """

    def __init__(
        self, routes: Routes, x: Vector, expand: Callable[[Vector], Expansion], reach: float, most: int
    ) -> None:
        self.routes, self.x, self.expand, self.reach, self.most = routes, x, expand, reach, most

    def run(self, modes: Sequence[Any], *, paths: bool) -> list[DoubleWell]:
        """Return what pushes along each of the modes lead to."""
        found: list[DoubleWell] = []
        for direction in [_direction(self.x.size, mode, f"modes[{k}]") for k, mode in enumerate(modes)]:
            found.append(self.along(direction, found, paths))
        return found

    def along(self, z: Vector, earlier: Sequence[DoubleWell], paths: bool) -> DoubleWell:
        """Return what a push along z leads to."""
        local = self.expand(z)
        if local.b3[0] > 0.0:
            z = -z
            local = self.expand(z)
        estimates = cubic_barrier(local.b2, local.b3), _whole(local)
        local = Expansion(*(float(b[0]) for b in local))
        end, push = None, math.nan
        for push in self._pushes(local):
            end = self._relax(self.x + push * z)
            if end is not None:
                break
        known: dict[str, Any] = {
            "direction": z,
            "expansion": local,
            "cubic_barrier": float(estimates[0][0]),
            "quartic_barrier": estimates[1],
            "push": push,
        }
        if end is None:
            return DoubleWell(status="none", **known)
        if not end.converged:
            return DoubleWell(status="unconverged", **known)
        return self._second(end, earlier, paths, known)

    def _second(
        self, end: Relaxed, earlier: Sequence[DoubleWell], paths: bool, known: dict[str, Any]
    ) -> DoubleWell:
        """Return the record of a second minimum."""
        moved = end.x - self.x
        distance = float(np.linalg.norm(moved))
        twin = next(
            (
                w
                for w in earlier
                if w.status == "found" and w.x is not None and self.routes.one_well(w.x, end.x)
            ),
            None,
        )
        path = twin.path if twin is not None else self.routes.path(self.x, end.x) if paths else None
        return DoubleWell(
            status="found" if twin is None else "same",
            x=end.x if twin is None else twin.x,
            distance=distance,
            overlap=abs(float(known["direction"] @ moved)) / distance,
            asymmetry=end.energy - self.routes.energy(self.x),
            path=path,
            **known,
        )

    def _pushes(self, local: Expansion) -> Iterator[float]:
        """Yield the lengths of the pushes."""
        top = 2.0 * local.b2 / -local.b3 if local.b3 < 0.0 else math.inf
        if local.b4 > 0.0:
            wide = math.sqrt(6.0 * local.b2 / local.b4)
            s = min(wide, top)
            last = self.reach * max(wide, -3.0 * local.b3 / local.b4)
        else:
            s = top if top < math.inf else self.routes.landscape.length
            last = self.reach * _FAR * s
        while s < last:
            yield s
            s *= _GROWTH
        yield last

    def _relax(self, start: Vector) -> Relaxed | None:
        """Return the minimum in whose basin `start` lies, or None if it is x."""
        rough = self.routes.relax(start, _ROUGH, self.most)
        if rough.converged and self.routes.one_well(self.x, rough.x):
            return None
        end = self.routes.relax(rough.x, self.routes.tol, self.most)
        same = end.converged and self.routes.one_well(self.x, end.x)
        return None if same else end


def _whole(local: Expansion) -> float:
    """Return the barrier of the whole quartic, nan where it has none."""
    return float(quartic_barrier(*local)[0]) if local.b4[0] > 0.0 else math.nan


def _direction(size: int, mode: Any, name: str) -> Vector:
    """Return the direction of a mode, or what is given as one, at length 1."""
    direction = array(name, getattr(mode, "direction", mode), (size,))
    largest = float(np.abs(direction).max())
    if largest == 0.0:
        raise ValueError(f"{name} is zero: must be a direction")
    direction = direction / largest
    return np.asarray(direction / np.linalg.norm(direction))
