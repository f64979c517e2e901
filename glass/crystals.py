"""Crystals: what is known of them in closed form tests and examples are held against."""

import numpy as np

from arguments import count, real
from glass.pair_glass import PairGlass
from glass.potential import Potential


def crystal(
    side: int, *, spacing: float, potential: str | Potential, size: float = 1.0, d: int = 2
) -> PairGlass:
    """Return a close-packed crystal of equal particles: triangular in the plane, in space face-centred cubic.

    Parameters
    ----------
    side : int
        Rows, and particles in each, of a triangular lattice, even: side^2 particles; or cubic cells in every
        direction, of four particles each.
    spacing : float
        Between nearest neighbours, > 0.
    potential : str or Potential
        As `PairGlass` takes it; the box must be twice as long as its reach.
    size : float
        lambda of every particle.
    d : {2, 3}

    Raises
    ------
    ValueError
        For an argument outside its range.

    Examples
    --------
    Discs that all touch six others, each bond shorter by a tenth than they are wide:

    >>> import glass
    >>> discs = glass.crystal(4, spacing=0.9, potential="harmonic_spheres")
    >>> discs.particles, round(discs.energy(discs.x) / (16 * 3 * 0.1**2 / 2), 12)
    (16, 1.0)
    """
    d, side = count("d", d, least=2, most=3), count("side", side)
    spacing, size = real("spacing", spacing, above=0.0), real("size", size, above=0.0)
    if d == 2 and side % 2:
        raise ValueError(f"side = {side}: must be even for d = 2, so that rows fit at the ends")
    if d == 2:
        row, column = np.divmod(np.arange(side**2), side)
        places, box = np.column_stack([column + row % 2 / 2.0, row * 0.75**0.5]), np.array([1.0, 0.75**0.5])
    else:
        corners = np.stack(np.meshgrid(*[np.arange(side)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
        faces = np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]])
        places, box = 2.0**0.5 * (corners + faces).reshape(-1, 3), np.full(3, 2.0**0.5)
    return PairGlass(spacing * places, sizes=size, box=spacing * side * box, potential=potential)
