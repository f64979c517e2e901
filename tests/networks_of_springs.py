"""Hessians with closed forms, and files of them written as the manuals of other programs say."""

from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

Array = Any  # numpy arrays of numbers


def write_lammps(
    path: Path, matrix: Array, masses: Array, *, binary: bool = False, components: int = 3
) -> Path:
    """Write m^-1/2 M m^-1/2 as the manual of `dynamical_matrix` says, M (N d, N d) in d <= 3 directions.

    "Three elements at a time", the beta of one (i, alpha, j); j increases first, alpha second, i last. Its
    source prints each as %4.8f; with `binary yes` the same numbers are float64 without anything else.
    """
    n = len(masses)
    d = len(matrix) // n
    weighted = matrix.reshape(n, d, n, d) / np.sqrt(np.multiply.outer(masses, masses))[:, None, :, None]
    numbers: list[list[float]] = []
    for i in range(n):
        for alpha in range(components):
            for j in range(n):
                inside = [alpha < d and beta < d for beta in range(components)]
                numbers.append(
                    [float(weighted[i, alpha, j, b]) if yes else 0.0 for b, yes in enumerate(inside)]
                )
    if binary:
        np.array(numbers, "<f8").tofile(path)
    else:
        path.write_text("".join(" ".join(f"{x:4.8f}" for x in row) + "\n" for row in numbers))
    return path


def ring(n: int, stiffness: float = 1.0) -> Array:
    """Return the matrix (n, n) of masses on a ring and equal springs between neighbours."""
    step = np.roll(np.eye(n), 1, axis=0)
    return stiffness * (2.0 * np.eye(n) - step - step.T)


def ring_frequencies(n: int, stiffness: float, mass: float) -> Array:
    """Return 2 (k/m)^(1/2) |sin(q/2)|, q = 2 pi j/n, without the translation j = 0, ascending."""
    q = 2.0 * np.pi * np.arange(1, n) / n
    return np.sort(2.0 * np.sqrt(stiffness / mass) * np.abs(np.sin(q / 2.0)))


def diatomic_frequencies(cells: int, stiffness: float, light: float, heavy: float) -> Array:
    """Return both branches of a ring of alternating masses, without the translation, ascending.

    omega^2 = s -+ (s^2 - 4 k^2 sin^2(q/2)/(m M))^(1/2), s = k (1/m + 1/M), q = 2 pi j/cells.
    """
    q = 2.0 * np.pi * np.arange(cells) / cells
    s = stiffness * (1.0 / light + 1.0 / heavy)
    root = np.sqrt(s**2 - 4.0 * stiffness**2 * np.sin(q / 2.0) ** 2 / (light * heavy))
    return np.sqrt(np.sort(np.concatenate([s - root, s + root]))[1:])


def triangular(edge: int) -> scipy.sparse.csr_array:
    """Return the matrix (2 n, 2 n) of n = edge^2 masses on a periodic triangular lattice of unit springs."""
    n = edge**2
    rows = np.arange(n)
    row, column = rows // edge, rows % edge
    total = scipy.sparse.csr_array((2 * n, 2 * n))
    for (down, right), bond in BONDS.items():
        other = (row + down) % edge * edge + (column + right) % edge
        block = np.outer(bond, bond)
        for i, j, sign in ((rows, rows, 1.0), (other, other, 1.0), (rows, other, -1.0), (other, rows, -1.0)):
            place = scipy.sparse.csr_array((np.full(n, sign), (i, j)), shape=(n, n))
            total = total + scipy.sparse.kron(place, block)
    return scipy.sparse.csr_array(total)


BONDS = {
    (0, 1): np.array([1.0, 0.0]),
    (1, 0): np.array([0.5, 0.75**0.5]),
    (1, -1): np.array([-0.5, 0.75**0.5]),
}


def triangular_frequencies(edge: int) -> Array:
    """Return all frequencies but those of two translations: D(q) = sum_b 2 (1 - cos q.b) b b^T, ascending."""
    values = []
    for k in range(edge):
        for m in range(edge):
            matrix = np.zeros((2, 2))
            for (down, right), bond in BONDS.items():
                phase = 2.0 * np.pi * (k * down + m * right) / edge
                matrix += 2.0 * (1.0 - np.cos(phase)) * np.outer(bond, bond)
            trace, determinant = np.trace(matrix), np.linalg.det(matrix)
            root = np.sqrt(max((trace / 2.0) ** 2 - determinant, 0.0))
            values += [trace / 2.0 - root, trace / 2.0 + root]
    return np.sqrt(np.sort(values)[2:])


def network(n: int, seed: int) -> tuple[Array, Array]:
    """Return matrix (3 n, 3 n) and masses (n,) of random springs in a periodic box: a glass of sorts."""
    rng = np.random.default_rng(seed)
    x, matrix = rng.uniform(size=(n, 3)), np.zeros((n, 3, n, 3))
    for i in range(n):
        apart = (x - x[i] + 0.5) % 1.0 - 0.5
        far = np.linalg.norm(apart, axis=1)
        for j in np.argsort(far)[1:9]:
            bond = apart[j] / far[j]
            block = rng.uniform(0.5, 1.5) * np.outer(bond, bond)
            for a, b, sign in ((i, i, 1.0), (j, j, 1.0), (i, j, -1.0), (j, i, -1.0)):
                matrix[a, :, b, :] += sign * block
    return matrix.reshape(3 * n, 3 * n), rng.uniform(1.0, 4.0, n)
