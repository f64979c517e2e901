"""What a run says of whether a liquid is in equilibrium, and still a liquid."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from arguments import brief
from glass.bonds import Bonds
from landscape.arrays import Vector

AGEING = 4.0  # standard errors between the third and the last quarter of a run
OVERLAP = 0.3  # of the particles in their places of the middle of a run
ORDER = 4.0  # times the order of as many angles at random


@brief()
@dataclass(frozen=True, eq=False)
class Equilibration:
    """A run in numbers.

    Attributes
    ----------
    energy : (32,) array
        Mean energy of a particle in each stretch of the run.
    ageing : float
        Mean of the last quarter less that of the third, over the error of their difference.
    overlap : float
        Share of the particles that, at the end, are where they were in the middle of the run, to 0.3.
    order : float
        Of the angles of bonds, over what as many bonds at random have: global hexatic order |psi_6| in two
        dimensions, Q_6 of Steinhardt, Nelson and Ronchetti in three.
    moves_taken, swaps_taken : float
        Shares of steps that were accepted.
    faults : tuple of str
        Which of ``"ageing"``, ``"overlap"`` and ``"order"`` are too large: |ageing| > 4, overlap > 0.3,
        order > 4. Nothing is proven where there is none; where there is one the liquid is out of equilibrium,
        has not moved enough to tell, or has crystallised.
    """

    energy: Vector
    ageing: float
    overlap: float
    order: float
    moves_taken: float
    swaps_taken: float
    faults: tuple[str, ...]


def judged(
    *, energy: Vector, overlap: float, order: float, moves_taken: float, swaps_taken: float
) -> Equilibration:
    """Return the record of a run of 32 stretches, with its faults."""
    quarter = energy.size // 4
    third, last = energy[2 * quarter : 3 * quarter], energy[3 * quarter :]
    error = np.sqrt((third.var(ddof=1) + last.var(ddof=1)) / quarter)
    ageing = float((last.mean() - third.mean()) / error) if error else 0.0
    found = tuple(name for name, there in faults(ageing, overlap, order).items() if there)
    return Equilibration(energy, ageing, overlap, order, moves_taken, swaps_taken, found)


def faults(ageing: Any, overlap: Any, order: Any) -> dict[str, Any]:
    """Return which of these numbers, or arrays of them, are too large."""
    return {"ageing": abs(ageing) > AGEING, "overlap": overlap > OVERLAP, "order": order > ORDER}


def bond_order(bonds: Bonds) -> float:
    """Return the six-fold order of the directions of bonds, of the order of 1 for a liquid.

    sqrt(sum over pairs of bonds of P(angle between them) / number of bonds), with P(t) = cos 6t in two
    dimensions and the Legendre polynomial P_6(cos t) in three: the length of the mean of e^(6 i t), or of
    the harmonics Y_6m, over that of random directions.
    """
    e = bonds.r / np.linalg.norm(bonds.r, axis=1)[:, None]
    count = len(e)
    if e.shape[1] == 2:
        return float(abs(np.sum((e[:, 0] + 1j * e[:, 1]) ** 6)) / np.sqrt(count))
    total = 0.0
    for part in np.array_split(e, 1 + count // 1000):
        c2 = (part @ e.T) ** 2
        total += float(np.sum(((231.0 * c2 - 315.0) * c2 + 105.0) * c2 - 5.0)) / 16.0
    return float(np.sqrt(max(total, 0.0) / count))
