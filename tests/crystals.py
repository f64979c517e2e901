"""Triangular crystals, of which modes and elasticity are known in closed form."""

import numpy as np

import glass

BOTTOM = 2.0 ** (1.0 / 6.0)  # where `sticky_spheres` have their minimum


def triangular(columns: int, rows: int, spacing: float, potential: object, **known: float) -> glass.PairGlass:
    """Return a triangular lattice of spheres of size 1, `rows` even, one of its directions along x."""
    j, i = np.divmod(np.arange(columns * rows), columns)
    places = spacing * np.column_stack([i + (j % 2) / 2.0, j * 0.75**0.5])
    box = spacing * np.array([columns, rows * 0.75**0.5])
    return glass.PairGlass(places, sizes=1.0, box=box, potential=potential, **known)  # type: ignore[arg-type]


def relaxed(columns: int, rows: int) -> glass.PairGlass:
    """Return one whose bonds, of nearest neighbours alone, are under no force."""
    return triangular(columns, rows, BOTTOM, glass.sticky_spheres(r_c=1.2))


def stiffness(crystal: glass.PairGlass) -> float:
    """Return V'' r^2 = d2V/dr2 of a bond of `relaxed`."""
    bonds = crystal.bonds(crystal.x, 2)
    return float(bonds.v[2][0] * (bonds.r[0] @ bonds.r[0]))


def waves(crystal: glass.PairGlass, columns: int, rows: int) -> np.ndarray:
    """Return all eigenvalues of M but two zeros, ascending: 2 k sum (1 - cos k.a) n n^T of every k, three a.

    By Bloch's theorem, for bonds under no force.
    """
    m, n = np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij")
    k = 2.0 * np.pi * np.column_stack([m.ravel() / crystal.box[0], n.ravel() / crystal.box[1]])
    angles = np.arange(3) * np.pi / 3.0
    unit = np.column_stack([np.cos(angles), np.sin(angles)])
    share = 1.0 - np.cos(BOTTOM * k @ unit.T)
    matrices = 2.0 * stiffness(crystal) * np.einsum("ka,ai,aj->kij", share, unit, unit)
    return np.sort(np.linalg.eigvalsh(matrices).ravel())[2:]
