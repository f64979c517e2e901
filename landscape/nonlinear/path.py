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

_ASIDE = 1e-3  # of the distance of the minima: how far from a saddle its two descents start at most
_HALVINGS = 20  # of that, until the energy falls there
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
        Saddle m is between minima m and m + 1, and above both: gradient flow from it ends in one on one side,
        in the other on the other.
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

    A string of images (E, Ren and Vanden-Eijnden 2007) is relaxed across by Newton's method. Its highest
    point climbs to a saddle along the direction of negative curvature; if that fails, a string of as many
    images is laid through the highest part of the first. The gradient flow is followed from the saddle to
    both sides. Where it ends in other minima than x0 and x1, the same is done
    between these and x0 or x1, until the chain is closed. There may be other paths, and lower ones: this is
    the one to which the straight line relaxes. Minima that differ by a motion along zero modes are one, but
    the straight line is that between x0 and x1 as they are given.

    Parameters
    ----------
    landscape : Landscape
    x0, x1 : (N,) arrays
        Minima.
    images : int
        Points of each string, its ends included; at least 3.
    tol : float
        Largest |gradient| at saddles, over the typical force.

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

    It is above both. The whole path is followed, as by `minimum_energy_path`: a saddle that a string leads to
    may join other minima than x0 and x1, and be lower than these.

    Parameters
    ----------
    landscape, x0, x1, images, tol
        As `minimum_energy_path` takes them.

    Returns
    -------
    Saddle

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.
    PathError
        If the path is unresolved: no saddle with one direction of negative curvature is found, or no chain
        of them leads from x0 to x1.

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
    return routes.highest(x0, x1)


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

    def saddle(self, x0: Vector, x1: Vector, start: Vector) -> Saddle:
        """Return the saddle that the highest point of a string climbs to, its barrier that above `start`.

        It need not be between x0 and x1, nor above them.
        """
        if self.one_well(x0, x1):
            raise ValueError("x0 and x1 are one minimum: the energy is convex between them")
        left, right = x0, x1
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
        chain = _Chain(self, x0, x1)
        minima = np.array([x0, *chain.minima])
        status = "direct" if len(chain.saddles) == 1 else "indirect"
        return Path(
            minima=minima,
            energies=np.array([self.energy(x) for x in minima]),
            saddles=tuple(chain.saddles),
            status="unresolved" if chain.fault else status,
        )

    def highest(self, x0: Vector, x1: Vector) -> Saddle:
        """Return what `saddle_between` does, of arguments known to be right."""
        chain = _Chain(self, x0, x1)
        if chain.fault:
            raise PathError(f"the path from x0 to x1 is unresolved: {chain.fault}")
        return max(chain.saddles, key=lambda saddle: saddle.energy)


class _Chain:
    """A chain of minima and saddles, without its first minimum; `fault` says why it could not be closed."""

    def __init__(self, routes: Routes, x0: Vector, x1: Vector) -> None:
        self.routes, self.start = routes, x0
        self.minima: list[Vector] = []
        self.saddles: list[Saddle] = []
        self.fault = ""
        self._left = _MOST
        self._connect(x0, x1)

    def _connect(self, a: Vector, b: Vector) -> None:
        """Add what is between a and b, then b."""
        try:
            saddle, left, right = self._between(a, b)
        except PathError as error:
            self.fault = self.fault or str(error)
            self.minima.append(b)
            return
        if not self.routes.one_well(a, left):
            self._connect(a, left)
        self.saddles.append(saddle)
        if self.routes.one_well(right, b):
            self.minima.append(b)
        else:
            self.minima.append(right)
            self._connect(right, b)

    def _between(self, a: Vector, b: Vector) -> tuple[Saddle, Vector, Vector]:
        """Return a saddle between a and b and the minima on its two sides, or raise PathError."""
        if self.fault or self._left <= 0:
            raise PathError(f"it passes over more than {_MOST} saddles")
        self._left -= 1
        saddle = self.routes.saddle(a, b, self.start)
        left, right = self._sides(saddle, a, b)
        if self.routes.one_well(left, right):
            raise PathError(f"both sides of the saddle at H = {saddle.energy:.6g} lead to one minimum")
        return saddle, left, right

    def _sides(self, saddle: Saddle, a: Vector, b: Vector) -> tuple[Vector, Vector]:
        """Return the two minima below a saddle, the one on the side of a first."""
        most = _ASIDE * float(np.linalg.norm(b - a))
        ends = [self.routes.descend(self._aside(saddle, side * most)) for side in (-1.0, 1.0)]
        if self.routes.one_well(ends[1], a) or self.routes.one_well(ends[0], b):
            ends.reverse()
        return ends[0], ends[1]

    def _aside(self, saddle: Saddle, step: float) -> Vector:
        """Return a point beside a saddle, at most `step` along its direction, whence the energy falls on."""
        for _ in range(_HALVINGS):
            x = saddle.x + step * saddle.direction
            if step * float(self.routes.point(x).gradient @ saddle.direction) < 0.0:
                return x
            step /= 2.0
        raise PathError(f"no way down from the saddle at H = {saddle.energy:.6g}")
