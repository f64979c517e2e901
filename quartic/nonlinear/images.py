"""Strings of images between two minima, relaxed across by Newton's method."""

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.linear.conjugate_gradients import conjugate_gradients
from quartic.line import first_minimum, line
from quartic.problem import Problem, line_coefficients

_ITERATIONS = 40
_ROUGH = 0.1  # residual of the Newton equations
_STILL = 0.05  # displacement of the highest image, over the distance of images, of a relaxed string


def relaxed(problem: Problem, x0: Vector, x1: Vector, images: int) -> Matrix:
    """Return a string (N, images) from x0 to x1 close to a minimum-energy path.

    In every iteration each image moves by Newton's method in the hyperplane across the string, no farther
    than the first minimum on that line and no farther than its neighbours are; then the images are spread
    evenly again. It ends when the highest image hardly moves, or after 40 iterations: what comes next is the
    refinement of its highest point.
    """
    string = x0[:, None] + np.linspace(0.0, 1.0, images) * (x1 - x0)[:, None]
    for _ in range(_ITERATIONS):
        moved, energies = _across(problem, string)
        spacing = float(np.linalg.norm(np.diff(string, axis=1), axis=0).mean())
        string = _evenly(string)
        if moved[int(np.argmax(energies))] <= _STILL * spacing:
            break
    return string


def top(problem: Problem, string: Matrix) -> tuple[Vector, Vector, int]:
    """Return the highest point (N,) of a string, its direction there, |t| = 1, and the number of the piece.

    On each straight piece the energy is a quartic, whose maximum is exact.
    """
    best, where, tangent, piece = -np.inf, string[:, 0], string[:, 0], 0
    for k in range(string.shape[1] - 1):
        left, right = string[:, k], string[:, k + 1]
        c = line_coefficients(problem, left, right - left)
        roots = np.roots(np.array([4.0 * c[4], 3.0 * c[3], 2.0 * c[2], c[1]]))
        inside = roots.real[(np.abs(roots.imag) < 1e-9) & (roots.real > 0.0) & (roots.real < 1.0)]
        for s in (0.0, 1.0, *inside):
            value = float(np.polyval(c[::-1], s))
            if value > best:
                best, where, tangent, piece = value, left + s * (right - left), right - left, k
    return where, tangent / float(np.linalg.norm(tangent)), piece


def _across(problem: Problem, string: Matrix) -> tuple[Vector, Vector]:
    """Move the inner images in place; return how far each went and their energies, shape (images - 2,)."""
    x = string[:, 1:-1]
    tangents = string[:, 2:] - string[:, :-2]
    tangents /= np.linalg.norm(tangents, axis=0)
    longest = np.linalg.norm(string[:, 2:] - string[:, :-2], axis=0) / 2
    p, a = problem, problem.anharmonicity
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
    d, _ = conjugate_gradients(products, np.maximum(scale, floor), -project(gradients), tol=_ROUGH)
    d = project(d)
    jd = p.coupling.products(np.asfortranarray(d))
    moved = np.zeros(x.shape[1])
    for m in range(x.shape[1]):
        size = float(np.linalg.norm(d[:, m]))
        c = line(p.stiffness, a, x[:, m], gradients[:, m], d[:, m], jd[:, m])
        if size > 0.0 and c[0] < 0.0:
            s = min(float(first_minimum(*c)), longest[m] / size)
            x[:, m] += s * d[:, m]
            moved[m] = s * size
    return moved, energies


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
