"""Soft potentials sampled: all their minima, as a table."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, spread
from spm.law import SoftPotentials, check_size, draw
from spm.shape import cubic_barrier
from spm.stationary import (
    ASYMMETRY,
    B2,
    B3,
    B4,
    BARRIER,
    ENERGY,
    POSITION,
    depress,
    fill_minima,
    outer_root,
)  # fmt: skip
from spm.table import Wells

Array = NDArray[np.float64]


def sample(law: SoftPotentials, n: int, *, seed: int = 0) -> Wells:
    """Return every minimum of n sampled potentials.

    Rows follow the potentials, and of two minima the lower comes first. Potential i depends on (law, seed, i)
    alone, so that a larger n appends rows.

    Returns
    -------
    Wells
        `potentials` is n.

    Raises
    ------
    ValueError
        For n outside 1 .. 2^32 or a seed outside 0 .. 2^32 - 1.

    Examples
    --------
    >>> import spm
    >>> wells = spm.sample(spm.SoftPotentials(), 1000, seed=1)
    >>> int(wells.is_global.sum()), bool((wells.r[wells.is_global] <= 3).all())
    (1000, True)
    """
    n, seed = check_size(n, seed)
    return minima(*draw(law, 0, n, seed=seed))


def minima(a1: ArrayLike, a2: ArrayLike, a3: ArrayLike, a4: ArrayLike) -> Wells:
    """Return every minimum of the potentials U(q) = a1 q + a2 q^2/2 + a3 q^3/6 + a4 q^4/24.

    Where two of three stationary points nearly merge, their distance comes from the discriminant in 32
    digits.

    Parameters
    ----------
    a1, a2, a3, a4 : array_like
        Coefficients, arrays (n,) or numbers; a4 > 0.

    Returns
    -------
    Wells
        Rows follow the potentials, and of two minima the lower comes first.

    Raises
    ------
    ValueError
        For a coefficient that is not finite, or a4 <= 0.

    Examples
    --------
    >>> import spm
    >>> wells = spm.minima(0.0, -1.0, 0.0, 6.0)  # -q^2/2 + q^4/4
    >>> wells.position, wells.energy, wells.barrier
    (array([ 1., -1.]), array([-0.25, -0.25]), array([0.25, 0.25]))
    """
    given = {name: array(name, a, (), ("n",)) for name, a in (("a1", a1), ("a2", a2), ("a3", a3))}
    coefficients = spread(**given, a4=array("a4", a4, (), ("n",), above=0.0))
    size = coefficients[0].size
    table, paired = np.empty((7, 2 * size)), np.empty(2 * size, np.bool_)
    count = fill_table(coefficients, np.empty((3, size)), table, paired)
    return _wells(table[:, :count], paired[:count], size)


def fill_table(
    coefficients: list[Array] | tuple[Array, ...], scratch: Array, table: Array, paired: NDArray[np.bool_]
) -> int:
    """Fill the first columns of `table` (7, 2 n) and `paired` (2 n,); return how many they are.

    `scratch` is (3, n). Rows of the table and the order of its columns are those of `spm.stationary`.
    """
    p, q, y = scratch
    depress(*coefficients, p, q)
    outer_root(p, q, y)
    return int(fill_minima(*coefficients, p, q, y, table, paired))


def _wells(table: Array, paired: NDArray[np.bool_], potentials: int) -> Wells:
    """Return the table with names; `paired` marks the lower minimum of each pair, the upper one follows."""
    upper = np.concatenate([[False], paired[:-1]])
    partner = np.arange(paired.size) + np.where(paired, 1, -1)
    partner[~(paired | upper)] = -1
    cubic = np.where(partner >= 0, cubic_barrier(table[B2], table[B3]), np.nan)
    return Wells(
        b2=table[B2],
        b3=table[B3],
        b4=table[B4],
        position=table[POSITION],
        energy=table[ENERGY],
        is_global=~(upper & (table[ASYMMETRY] < 0.0)),
        partner=partner,
        barrier=table[BARRIER],
        cubic_barrier=cubic,
        asymmetry=table[ASYMMETRY],
        potentials=float(potentials),
    )
