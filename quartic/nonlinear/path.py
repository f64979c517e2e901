"""Minimum-energy paths of coupled oscillators, and the saddles on them: `landscape.nonlinear.path`, faster.

All images of a string make their products of J as one block, whose rounding is that of no product alone; the
energy on straight pieces is a quartic, whose minima, maxima and convexity are exact.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

import landscape.nonlinear.path
from arguments import count, fraction
from landscape.arrays import Matrix, Vector
from landscape.linear.conjugate_gradients import conjugate_gradients
from landscape.modes.low import SADDLE_SIZE
from landscape.nonlinear.images import ROUGH, between, highest, relaxed, tangents_of
from landscape.nonlinear.path import Path, PathError, Relaxed
from landscape.nonlinear.saddle import WATCHED, Saddle
from landscape.protocol import Point
from quartic.line import first_minimum, is_convex, line
from quartic.minima import MinimizationError, minimize
from quartic.modes import low_modes
from quartic.nonlinear.stationary import minimum
from quartic.problem import Problem, energy, line_coefficients
from quartic.units import in_range

__all__ = ["Path", "PathError", "minimum_energy_path", "one_well", "saddle_between"]


def minimum_energy_path(
    problem: Problem, x0: ArrayLike, x1: ArrayLike, *, images: int = 9, tol: float = 1e-10
) -> Path:
    """Return the chain of minima and saddles on the minimum-energy path from x0 to x1.

    As `landscape.minimum_energy_path`. All images of a string make their products of J as one block; whether
    two minima are one is known exactly.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.

    Examples
    --------
    Two double wells turn over one after the other, the second from the minimum that the first leads to:

    >>> import quartic
    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, -0.1], [-0.1, 0.0]], [0.01, 0.02], 6.0)
    >>> down, up = (quartic.minimize(pair, start=x).x for x in ([-1.0, -1.0], [1.0, 1.0]))
    >>> path = quartic.minimum_energy_path(pair, down, up)
    >>> path.status, len(path.saddles)
    ('indirect', 2)
    """
    routes = Routes(problem, count("images", images, least=3), fraction("tol", tol))
    return routes.path(minimum(problem, x0, name="x0"), minimum(problem, x1, name="x1"))


def saddle_between(
    problem: Problem, x0: ArrayLike, x1: ArrayLike, *, images: int = 9, tol: float = 1e-10
) -> Saddle:
    """Return the highest saddle on the minimum-energy path between two minima.

    As `landscape.saddle_between`: above both, as the whole path is followed.

    Returns
    -------
    Saddle

    Raises
    ------
    ValueError
        If x0 or x1 is no minimum, if they are one minimum, or an argument is outside its range.
    PathError
        If the path is unresolved, or forces on it are too far from 1.

    Examples
    --------
    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)  # -x^2/2 + x^4/4
    >>> saddle = quartic.saddle_between(well, [-1.0], [1.0])
    >>> round(saddle.barrier, 4), saddle.eigenvalues.round(4)
    (0.25, array([-1.]))
    """
    routes = Routes(problem, count("images", images, least=3), fraction("tol", tol))
    return routes.highest(minimum(problem, x0, name="x0"), minimum(problem, x1, name="x1"))


def one_well(problem: Problem, a: ArrayLike, b: ArrayLike) -> bool:
    """Return whether the energy is convex on the segment from a to b: minima a and b are one then."""
    a = np.asarray(a, np.float64)
    return is_convex(*line_coefficients(problem, a, np.asarray(b, np.float64) - a)[2:])


class Routes(landscape.nonlinear.path.Routes):
    """Paths of coupled oscillators."""

    def __init__(self, problem: Problem, images: int, tol: float) -> None:
        super().__init__(problem, images, tol)
        self.problem = problem

    def point(self, x: Vector) -> Point:
        """Return the point x; raise PathError where forces are out of range."""
        point = self.problem.at(x)
        if not in_range(point.force_scale):
            raise PathError(
                f"between x0 and x1: typical force {point.force_scale:.3g}: too far from 1; rescale the "
                "problem"
            )
        return point

    def energy(self, x: Vector) -> float:
        """Return H(x)."""
        return float(energy(self.problem, x))

    def lowest(self, point: Point) -> tuple[Vector, Matrix]:
        """Return the two lowest eigenvalues of M and their modes, in units that the point has."""
        method = "davidson" if self.problem.size > SADDLE_SIZE else None
        modes = low_modes(self.problem, point.x, min(WATCHED, self.problem.size), method=method, verify=False)
        return modes.eigenvalues, modes.vectors

    def one_well(self, a: Vector, b: Vector) -> bool:
        """Return whether the minima a and b are one, exactly."""
        return one_well(self.problem, a, b)

    def string(self, x0: Vector, x1: Vector) -> Matrix:
        """Return a relaxed string, (N, images)."""
        return relaxed(x0, x1, self.images, lambda string: across(self.problem, string))

    def top(self, string: Matrix) -> tuple[Vector, Vector, int]:
        """Return the highest point of a string, its direction there and the number of the piece, exactly."""
        return top(self.problem, string)

    def descend(self, x: Vector) -> Vector:
        """Return the minimum that the gradient flow from x leads to; raise PathError if it does not."""
        try:
            return minimize(self.problem, method="descent", start=x, tol=self.tol).x
        except MinimizationError as error:
            raise PathError(str(error)) from error

    def relax(self, x: Vector, tol: float, most: int) -> Relaxed:
        """Return where the gradient flow from x is after at most `most` products."""
        end = minimize(
            self.problem,
            method="descent",
            start=x,
            tol=tol,
            max_products=most,
            certify=False,
            check=False,
        )
        return Relaxed(end.x, end.energy, end.status == "converged")


def top(problem: Problem, string: Matrix) -> tuple[Vector, Vector, int]:
    """Return the highest point (N,) of a string, its direction there, |t| = 1, and the number of the piece.

    On each straight piece the energy is a quartic, whose maximum is exact.
    """

    def inside(k: int) -> tuple[Vector, Callable[[float], float]]:
        left, right = string[:, k], string[:, k + 1]
        c = line_coefficients(problem, left, right - left)
        roots = np.roots(np.array([4.0 * c[4], 3.0 * c[3], 2.0 * c[2], c[1]]))
        return between(roots), lambda s: float(np.polyval(c[::-1], s))

    return highest(string, inside)


def across(problem: Problem, string: Matrix) -> tuple[Vector, Vector]:
    """Move the inner images in place; return how far each went and their energies, shape (images - 2,)."""
    x = string[:, 1:-1]
    tangents, longest = tangents_of(string)
    p, a = problem, np.reshape(problem.anharmonicity, (-1, 1))
    jx = p.coupling.products(np.asfortranarray(x))
    site = p.stiffness[:, None] * x + a * x**3 / 6.0 - p.field[:, None]
    gradients = site + jx
    energies = np.sum(x * (p.stiffness[:, None] * x / 2 + a * x**3 / 24 - p.field[:, None] + jx / 2), axis=0)
    diagonal = p.stiffness[:, None] + a * x**2 / 2

    def project(block: Matrix) -> Matrix:
        return np.asarray(block - tangents * np.sum(tangents * block, axis=0))

    def products(block: Matrix) -> Matrix:
        block = project(block)
        return project(diagonal * block + p.coupling.products(np.asfortranarray(block)))

    scale = np.abs(diagonal) + p.coupling.strength[:, None]
    floor = 1e-4 * scale.max()
    d, _ = conjugate_gradients(products, np.maximum(scale, floor), -project(gradients), tol=ROUGH)
    d = project(d)
    jd = p.coupling.products(np.asfortranarray(d))
    moved = np.zeros(x.shape[1])
    for m in range(x.shape[1]):
        size = float(np.linalg.norm(d[:, m]))
        c = line(p.stiffness, p.a_max, p.a_shares, x[:, m], gradients[:, m], d[:, m], jd[:, m])
        if size > 0.0 and c[0] < 0.0:
            s = min(float(first_minimum(*c)), longest[m] / size)
            x[:, m] += s * d[:, m]
            moved[m] = s * size
    return moved, energies
