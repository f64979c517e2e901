"""Strings of images between two minima, relaxed across by Newton's method."""

from collections.abc import Callable

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.linear.conjugate_gradients import conjugate_gradients
from landscape.modes.zero import without_zero_modes
from landscape.nonlinear.saddle import preconditioner
from landscape.protocol import Landscape

ROUGH = 0.1  # residual of the Newton equations
_ITERATIONS = 40
_STILL = 0.05  # displacement of the highest image, over the distance of images, of a relaxed string


def relaxed(x0: Vector, x1: Vector, images: int, across: Callable[[Matrix], tuple[Vector, Vector]]) -> Matrix:
    """Return a string (N, images) from x0 to x1 close to a minimum-energy path.

    In every iteration each image moves by Newton's method in the hyperplane across the string, no farther
    than the first minimum on that line and no farther than its neighbours are; then the images are spread
    evenly again. It ends when the highest image hardly moves, or after 40 iterations: what comes next is the
    refinement of its highest point.

    Parameters
    ----------
    across : callable
        Moves the inner images of a string in place; returns how far each went and their energies before,
        (images - 2,) arrays.
    """
    string = x0[:, None] + np.linspace(0.0, 1.0, images) * (x1 - x0)[:, None]
    for _ in range(_ITERATIONS):
        moved, energies = across(string)
        spacing = float(np.linalg.norm(np.diff(string, axis=1), axis=0).mean())
        string = _evenly(string)
        if moved[int(np.argmax(energies))] <= _STILL * spacing:
            break
    return string


def tangents_of(string: Matrix) -> tuple[Matrix, Vector]:
    """Return the directions of the string at its inner images, of length 1, and how far these may move."""
    tangents = string[:, 2:] - string[:, :-2]
    tangents /= np.linalg.norm(tangents, axis=0)
    return tangents, np.linalg.norm(string[:, 2:] - string[:, :-2], axis=0) / 2


def across(landscape: Landscape, string: Matrix) -> tuple[Vector, Vector]:
    """Move the inner images in place, one by one; what `relaxed` asks for."""
    tangents, longest = tangents_of(string)
    moved, energies = np.zeros(longest.size), np.zeros(longest.size)
    for m in range(longest.size):
        point, t = landscape.at(string[:, m + 1].copy()), tangents[:, m : m + 1]
        hessian = without_zero_modes(point.hessian)

        def project(block: Matrix, t: Matrix = t) -> Matrix:
            return np.asarray(block - t * (t.T @ block))

        right = -project(point.gradient[:, None])
        d, _ = conjugate_gradients(
            lambda p: project(hessian.products(project(p))),  # noqa: B023 (called before the next image)
            preconditioner(hessian),
            right,
            tol=ROUGH,
        )
        d, energies[m] = project(d), point.energy
        size = float(np.linalg.norm(d))
        if size > 0.0:
            end = landscape.step(point, d[:, 0], longest=longest[m] / size)
            moved[m] = float(np.linalg.norm(end.x - point.x))
            string[:, m + 1] = end.x
    return moved, energies


def highest(
    string: Matrix, inside: Callable[[int], tuple[Vector, Callable[[float], float]]]
) -> tuple[Vector, Vector, int]:
    """Return the highest point (N,) of a string, its direction there, |t| = 1, and the number of the piece.

    Parameters
    ----------
    inside : callable
        Of piece k: the places s in (0, 1) of the maxima and minima on it, and the energy as a function of s.
    """
    best, where, tangent, piece = -np.inf, string[:, 0], string[:, 0], 0
    for k in range(string.shape[1] - 1):
        left, right = string[:, k], string[:, k + 1]
        places, energy = inside(k)
        for s in (0.0, 1.0, *places):
            value = float(energy(s))
            if value > best:
                best, where, tangent, piece = value, left + s * (right - left), right - left, k
    return where, tangent / float(np.linalg.norm(tangent)), piece


def top(landscape: Landscape, string: Matrix) -> tuple[Vector, Vector, int]:
    """Return `highest` with the cubic on each piece that has the energies and slopes of its ends."""
    points = [landscape.at(x.copy()) for x in string.T]

    def inside(k: int) -> tuple[Vector, Callable[[float], float]]:
        left, right = points[k], points[k + 1]
        d = right.x - left.x
        rise, first, last = right.energy - left.energy, float(left.gradient @ d), float(right.gradient @ d)
        c = np.array([first + last - 2.0 * rise, 3.0 * rise - 2.0 * first - last, first, left.energy])
        roots = np.roots(np.array([3.0 * c[0], 2.0 * c[1], c[2]]))
        return between(roots), lambda s: float(np.polyval(c, s))

    return highest(string, inside)


def between(roots: np.ndarray) -> Vector:
    """Return the real roots in (0, 1)."""
    return np.asarray(roots.real[(np.abs(roots.imag) < 1e-9) & (roots.real > 0.0) & (roots.real < 1.0)])


def _evenly(string: Matrix) -> Matrix:
    """Return the images spread evenly along the polygon that they are the corners of."""
    pieces = np.linalg.norm(np.diff(string, axis=1), axis=0)
    length = np.concatenate([[0.0], np.cumsum(pieces)])
    wanted = np.linspace(0.0, length[-1], string.shape[1])[1:-1]
    piece = np.clip(np.searchsorted(length, wanted, side="right") - 1, 0, pieces.size - 1)
    share = (wanted - length[piece]) / pieces[piece]
    out = string.copy()
    out[:, 1:-1] = string[:, piece] + share * (string[:, piece + 1] - string[:, piece])
    return out
