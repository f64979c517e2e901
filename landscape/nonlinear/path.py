"""Minimum-energy paths between minima, and the saddles on them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from arguments import brief, count, fraction
from landscape.arrays import Matrix, Vector
from landscape.minima import MinimizationError, minimize
from landscape.modes.low import low_modes
from landscape.nonlinear import images, separation
from landscape.nonlinear.saddle import WATCHED, Saddle, refine
from landscape.nonlinear.stationary import minimum
from landscape.protocol import Landscape, Point

_ASIDE = 1e-3  # of the distance of the minima: how far from a saddle its two descents start
_MOST = 50  # saddles on a path
_ZOOMS = 4  # strings tried, each on the highest part of the one before


@brief()
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
    landscape: Landscape, x0: ArrayLike, x1: ArrayLike, *, images: int = 9, tol: float = 1e-10
) -> Path:
    """Return the chain of minima and saddles on the minimum-energy path from x0 to x1.

    A string of images is relaxed, its highest point refined to a saddle (`saddle_between`), and the gradient
    flow followed from there to both sides. Where it ends in other minima than x0 and x1, the same is done
    between these and x0 or x1, until the chain is closed. There may be other paths, and lower ones: this is
    the one to which the straight line relaxes. Minima that differ by a motion along zero modes are one, but
    the straight line is that between x0 and x1 as they are given.

    Parameters
    ----------
    landscape : Landscape
    x0, x1 : (N,) arrays
        Minima.
    images, tol
        As in `saddle_between`.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.

    Examples
    --------
    >>> import landscape
    >>> two = landscape.Functions(lambda x: (x[0]**2 - 1)**2, lambda x: 4*x*(x**2 - 1), 1)
    >>> path = landscape.minimum_energy_path(two, [-1.0], [1.0])
    >>> path.status, round(path.barrier, 6)
    ('direct', 1.0)
    """
    routes = Routes(landscape, count("images", images, least=3), fraction("tol", tol))
    x0, x1 = minimum(landscape, x0, name="x0").x, minimum(landscape, x1, name="x1").x
    return routes.path(x0, x1)


def saddle_between(
    landscape: Landscape, x0: ArrayLike, x1: ArrayLike, *, images: int = 9, tol: float = 1e-10
) -> Saddle:
    """Return the highest saddle on the minimum-energy path between two minima.

    The path is a string of images (E, Ren and Vanden-Eijnden 2007), relaxed across by Newton's method. Its
    highest point climbs to the saddle along the direction of negative curvature; if that fails, a string of
    as many images is laid through the highest part of the first. Between the minima on its two sides there
    may be others than x0 and x1: `minimum_energy_path` looks.

    Parameters
    ----------
    landscape : Landscape
    x0, x1 : (N,) arrays
        Minima.
    images : int
        Points of the string, the minima included; at least 3.
    tol : float
        Largest |gradient| at the saddle, over the typical force.

    Returns
    -------
    Saddle

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.
    PathError
        If no saddle with one direction of negative curvature is found.

    Examples
    --------
    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**4/4 - x[0]**2/2, lambda x: x**3 - x, 1)
    >>> saddle = landscape.saddle_between(well, [-1.0], [1.0])
    >>> round(saddle.barrier, 4), saddle.eigenvalues.round(4)
    (0.25, array([-1.]))
    """
    routes = Routes(landscape, count("images", images, least=3), fraction("tol", tol))
    x0, x1 = minimum(landscape, x0, name="x0").x, minimum(landscape, x1, name="x1").x
    return routes.highest_saddle(x0, x1)


class Relaxed(NamedTuple):
    """Where a gradient flow was followed to."""

    x: Vector
    energy: float
    converged: bool


class Routes:
    """Paths on a landscape; a landscape with faster steps has its own, as `quartic.nonlinear.path` does."""

    def __init__(self, landscape: Landscape, images: int, tol: float) -> None:
        self.landscape, self.images, self.tol = landscape, images, tol

    def point(self, x: Vector) -> Point:
        """Return the point x; raise PathError where forces are out of range."""
        return self.landscape.at(x)

    def energy(self, x: Vector) -> float:
        """Return H(x)."""
        return self.landscape.energy(x)

    def lowest(self, point: Point) -> tuple[Vector, Matrix]:
        """Return the two lowest eigenvalues of M and their modes, one if there are no more."""
        hessian = point.hessian
        k = min(WATCHED, hessian.size - hessian.zero_modes.shape[1])
        modes = low_modes(hessian, k, verify=False)
        return modes.eigenvalues, modes.vectors

    def one_well(self, a: Vector, b: Vector) -> bool:
        """Return whether the minima a and b are one."""
        return separation.one_well(self.landscape, a, b)

    def string(self, x0: Vector, x1: Vector) -> Matrix:
        """Return a relaxed string, (N, images)."""
        return images.relaxed(x0, x1, self.images, lambda string: images.across(self.landscape, string))

    def top(self, string: Matrix) -> tuple[Vector, Vector, int]:
        """Return the highest point of a string, its direction there and the number of the piece."""
        return images.top(self.landscape, string)

    def descend(self, x: Vector) -> Vector:
        """Return the minimum that the gradient flow from x leads to; raise PathError if it does not."""
        try:
            return minimize(self.landscape, x, method="descent", tol=self.tol).x
        except MinimizationError as error:
            raise PathError(str(error)) from error

    def relax(self, x: Vector, tol: float, most: int) -> Relaxed:
        """Return where the gradient flow from x is after at most `most` steps; M is not looked at."""
        point, status = self.landscape.relax(x, method="descent", tol=tol, most=most)
        return Relaxed(point.x, point.energy, status == "converged")

    def highest_saddle(self, x0: Vector, x1: Vector, start: Vector | None = None) -> Saddle:
        """Return what `saddle_between` does, of arguments known to be right; above `start`, or x0."""
        if self.one_well(x0, x1):
            raise ValueError("x0 and x1 are one minimum: the energy is convex between them")
        left, right = x0, x1
        start = x0 if start is None else start
        for _ in range(_ZOOMS):
            string = self.string(left, right)
            at, tangent, piece = self.top(string)
            longest = float(np.linalg.norm(np.diff(string, axis=1), axis=0).max())
            saddle = refine(self, at, tangent, start=start, longest=longest, tol=self.tol)
            if saddle.negative == 1 and saddle.residual <= self.tol:
                return saddle
            left, right = string[:, max(piece - 1, 0)], string[:, min(piece + 2, self.images - 1)]
        raise PathError(
            f"from the highest of {self.images} images: {saddle.negative} directions of negative curvature, "
            f"relative gradient {saddle.residual:.3g}; must be 1 and <= {self.tol:.3g}"
        )

    def path(self, x0: Vector, x1: Vector) -> Path:
        """Return what `minimum_energy_path` does, of arguments known to be right."""
        chain = _Chain(self, x0)
        chain.connect(x0, x1)
        minima = np.array([x0, *chain.minima])
        status = "direct" if len(chain.saddles) == 1 else "indirect"
        return Path(
            minima=minima,
            energies=np.array([self.energy(x) for x in minima]),
            saddles=tuple(chain.saddles),
            status=status if chain.closed else "unresolved",
        )


class _Chain:
    """A chain of minima and saddles under construction, without its first minimum."""

    def __init__(self, routes: Routes, start: Vector) -> None:
        self.routes, self.start = routes, start
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
        if not self.routes.one_well(a, left):
            self.connect(a, left)
        self.saddles.append(saddle)
        if self.routes.one_well(right, b):
            self.minima.append(b)
        else:
            self.minima.append(right)
            self.connect(right, b)

    def _between(self, a: Vector, b: Vector) -> tuple[Saddle, Vector, Vector] | None:
        """Return a saddle between a and b and the two minima below it; None where the search fails."""
        try:
            saddle = self.routes.highest_saddle(a, b, self.start)
            left, right = self._sides(saddle, a, b)
        except PathError:
            self._left = 0
            return None
        return None if self.routes.one_well(left, right) else (saddle, left, right)

    def _sides(self, saddle: Saddle, a: Vector, b: Vector) -> tuple[Vector, Vector]:
        """Return the two minima below a saddle, the one on the side of a first."""
        step = _ASIDE * float(np.linalg.norm(b - a)) * saddle.direction
        ends = [self.routes.descend(saddle.x + side * step) for side in (-1.0, 1.0)]
        if self.routes.one_well(ends[1], a) or self.routes.one_well(ends[0], b):
            ends.reverse()
        return ends[0], ends[1]
