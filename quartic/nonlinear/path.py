"""Minimum-energy paths between minima, and the saddles on them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arguments import count, fraction
from landscape.arrays import Matrix, Vector
from quartic.minima import MinimizationError, minimize
from quartic.nonlinear.branch import LostError
from quartic.nonlinear.images import relaxed, top
from quartic.nonlinear.saddle import Saddle, refine
from quartic.nonlinear.stationary import minimum
from quartic.problem import Problem, energy, line_coefficients

_ASIDE = 1e-3  # of the distance of the minima: how far from a saddle its two descents start
_MOST = 50  # saddles on a path
_ZOOMS = 4  # strings tried, each on the highest part of the one before


@dataclass(frozen=True, eq=False)
class Path:
    """A chain of minima with a saddle between neighbours.

    Attributes
    ----------
    minima : (k + 1, N) array
        From x0 to x1; more than two where the path passes through others.
    energies : (k + 1,) array
        H of them.
    saddles : tuple of k Saddle
        Saddle m is between minima m and m + 1: gradient flow from it ends in one on one side, in the other on
        the other.
    status : {"direct", "indirect", "unresolved"}
        ``"direct"``: one saddle. ``"indirect"``: through other minima. ``"unresolved"``: the chain could not
        be closed; `minima` and `saddles` hold what was found, from x0 on and up to x1.
    """

    minima: Matrix
    energies: Vector
    saddles: tuple[Saddle, ...]
    status: str

    @property
    def barrier(self) -> float:
        """The highest saddle above the first minimum; nan if unresolved."""
        if self.status == "unresolved":
            return float("nan")
        return max(saddle.energy for saddle in self.saddles) - float(self.energies[0])


class PathError(RuntimeError):
    """No saddle was found between two minima; the message holds the numbers."""


def minimum_energy_path(
    problem: Problem, x0: ArrayLike, x1: ArrayLike, *, images: int = 9, tol: float = 1e-10
) -> Path:
    """Return the chain of minima and saddles on the minimum-energy path from x0 to x1.

    A string of images is relaxed, its highest point refined to a saddle (`saddle_between`), and the gradient
    flow followed from there to both sides. Where it ends in other minima than x0 and x1, the same is done
    between these and x0 or x1, until the chain is closed. There may be other paths, and lower ones: this is
    the one to which the straight line relaxes.

    Parameters
    ----------
    problem : Problem
    x0, x1 : (N,) arrays
        Minima.
    images, tol
        As in `saddle_between`.

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.
    """
    images, tol = count("images", images, least=3), fraction("tol", tol)
    x0, x1 = minimum(problem, x0, name="x0"), minimum(problem, x1, name="x1")
    chain = _Chain(problem, x0, images, tol)
    chain.connect(x0, x1)
    minima = np.array([x0, *chain.minima])
    status = "direct" if len(chain.saddles) == 1 else "indirect"
    return Path(
        minima=minima,
        energies=np.array([energy(problem, x) for x in minima]),
        saddles=tuple(chain.saddles),
        status=status if chain.closed else "unresolved",
    )


def saddle_between(
    problem: Problem, x0: ArrayLike, x1: ArrayLike, *, images: int = 9, tol: float = 1e-10
) -> Saddle:
    """Return the highest saddle on the minimum-energy path between two minima.

    The path is a string of images (E, Ren and Vanden-Eijnden 2007), relaxed across by Newton's method: all
    images make their products of J as one block. Its highest point climbs to the saddle along the direction
    of negative curvature; if that fails, a string of as many images is laid through the highest part of the
    first. Between the minima on its two sides there may be others than x0 and x1:
    `minimum_energy_path` looks.

    Parameters
    ----------
    problem : Problem
    x0, x1 : (N,) arrays
        Minima.
    images : int
        Points of the string, the minima included; at least 3.
    tol : float
        Largest |gradient| at the saddle, over the typical force.

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.
    PathError
        If no saddle with one direction of negative curvature is found, or forces at it are too far from 1.
    """
    images, tol = count("images", images, least=3), fraction("tol", tol)
    x0, x1 = minimum(problem, x0, name="x0"), minimum(problem, x1, name="x1")
    return _highest(problem, x0, x1, images, tol)


def _highest(
    problem: Problem, x0: Vector, x1: Vector, images: int, tol: float, start: Vector | None = None
) -> Saddle:
    """Return what `saddle_between` does, of arguments known to be right; above `start`, or x0."""
    if one_well(problem, x0, x1):
        raise ValueError("x0 and x1 are one minimum: the energy is convex between them")
    left, right = x0, x1
    for _ in range(_ZOOMS):
        string = relaxed(problem, left, right, images)
        at, tangent, piece = top(problem, string)
        longest = float(np.linalg.norm(np.diff(string, axis=1), axis=0).max())
        try:
            saddle = refine(
                problem, at, tangent, start=x0 if start is None else start, longest=longest, tol=tol
            )
        except LostError as error:
            raise PathError(f"between x0 and x1: {error}") from error
        if saddle.negative == 1 and saddle.residual <= tol:
            return saddle
        left, right = string[:, max(piece - 1, 0)], string[:, min(piece + 2, images - 1)]
    raise PathError(
        f"from the highest of {images} images: {saddle.negative} directions of negative curvature, "
        f"relative gradient {saddle.residual:.3g}; must be 1 and <= {tol:.3g}"
    )


def one_well(problem: Problem, a: ArrayLike, b: ArrayLike) -> bool:
    """Return whether the energy is convex on the segment from a to b: minima a and b are one then."""
    a = np.asarray(a, np.float64)
    _, _, c2, c3, c4 = line_coefficients(problem, a, np.asarray(b, np.float64) - a)
    lowest = min(max(-c3 / (4.0 * c4), 0.0), 1.0) if c4 > 0.0 else 0.0
    return bool(c2 + lowest * (3.0 * c3 + lowest * 6.0 * c4) >= 0.0)


class _Chain:
    """A chain of minima and saddles under construction, without its first minimum."""

    def __init__(self, problem: Problem, start: Vector, images: int, tol: float) -> None:
        self.problem, self.start, self.images, self.tol = problem, start, images, tol
        self.minima: list[Vector] = []
        self.saddles: list[Saddle] = []
        self.closed = True
        self._left = _MOST

    def connect(self, a: Vector, b: Vector) -> None:
        """Add what is between a and b, then b."""
        self._left -= 1
        found = self._between(a, b) if self._left > 0 else None
        if found is None:
            self.closed = False
            self.minima.append(b)
            return
        saddle, left, right = found
        if not one_well(self.problem, a, left):
            self.connect(a, left)
        self.saddles.append(saddle)
        if one_well(self.problem, right, b):
            self.minima.append(b)
        else:
            self.minima.append(right)
            self.connect(right, b)

    def _between(self, a: Vector, b: Vector) -> tuple[Saddle, Vector, Vector] | None:
        """Return a saddle between a and b and the two minima below it; None where the search fails."""
        try:
            saddle = _highest(self.problem, a, b, self.images, self.tol, self.start)
            left, right = self._sides(saddle, a, b)
        except (PathError, MinimizationError):
            self._left = 0
            return None
        return None if one_well(self.problem, left, right) else (saddle, left, right)

    def _sides(self, saddle: Saddle, a: Vector, b: Vector) -> tuple[Vector, Vector]:
        """Return the two minima below a saddle, the one on the side of a first."""
        step = _ASIDE * float(np.linalg.norm(b - a)) * saddle.direction
        ends = [
            minimize(self.problem, method="descent", start=saddle.x + side * step, tol=self.tol).x
            for side in (-1.0, 1.0)
        ]
        if one_well(self.problem, ends[1], a) or one_well(self.problem, ends[0], b):
            ends.reverse()
        return ends[0], ends[1]
