"""Motions that change no energy: translations and rotations of particles as a whole."""

import numpy as np

from landscape.arrays import Matrix, Vector

KINDS = ("none", "translations", "rigid")
_NONE_LEFT = 1e-8  # length of a motion, relative to the largest, below which it is none: atoms on a line


def zero_modes(x: Vector, dimension: int, kind: str) -> Matrix:
    """Return orthonormal directions, (N, z): ``"translations"``, with rotations (``"rigid"``) or ``"none"``.

    z is d, or d (d + 1)/2 with rotations; fewer where some rotation moves nothing.
    """
    n = x.size // dimension
    if kind == "translations" and n:
        return np.asarray(np.tile(np.eye(dimension), (n, 1)) / np.sqrt(n))
    moves = np.kron(np.ones((n, 1)), np.eye(dimension)) if kind != "none" else np.zeros((x.size, 0))
    if kind == "rigid":
        places = x.reshape(n, dimension) - x.reshape(n, dimension).mean(axis=0)
        rotations = []
        for a in range(dimension):
            for b in range(a):
                rotation = np.zeros((n, dimension))
                rotation[:, a], rotation[:, b] = places[:, b], -places[:, a]
                rotations.append(rotation.ravel())
        moves = np.column_stack([moves, *rotations])
    if not moves.size:
        return np.zeros((x.size, 0))
    sizes = np.linalg.norm(moves, axis=0).clip(min=1e-300)
    u, lengths, _ = np.linalg.svd(moves / sizes, full_matrices=False)
    return np.asarray(u[:, lengths > _NONE_LEFT], np.float64)
