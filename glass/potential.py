"""Pair potentials V_ij(q), q = r^2/2, with their derivatives by q: no square root is in them."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from glass.mixing import Mixing
from landscape.arrays import Matrix, Vector
from landscape.protocol import NotGivenError


class Potential(ABC):
    """V_ij(q) = eps_ij v(q/lambda_ij^2), zero from r = reach lambda_ij on.

    Derivatives of the energy of order p are defined where those of order p - 1 are continuous, so that p is
    at most smooth + 1: the last may jump where a bond is as long as the reach. Those beyond are refused.

    Attributes
    ----------
    name : str
    mixing : Mixing
        lambda_ij and eps_ij.
    reach : float
        x_c, where v ends, in units of lambda_ij.
    smooth : int
        How many derivatives of v are continuous everywhere.
    repulsive : bool
        Whether v falls everywhere.
    law : tuple or None
        n, c, Taylor coefficients and x_c^2 of smoothed powers, whose energy and forces are summed in one pass
        (`glass.forces`); None for all others.

    Examples
    --------
    >>> import glass
    >>> potential = glass.harmonic_spheres()
    >>> potential.name, potential.reach, potential.smooth
    ('harmonic spheres', 1.0, 1)
    """

    law: tuple[NDArray[np.int64], Vector, Vector, float] | None = None

    def __init__(self, name: str, mixing: Mixing, *, reach: float, smooth: int, repulsive: bool) -> None:
        self.name, self.mixing, self.reach = name, mixing, reach
        self.smooth, self.repulsive = smooth, repulsive

    @abstractmethod
    def profile(self, s: Vector, order: int) -> Matrix:
        """Return v, v' ... up to an order <= 4, (order + 1, P) and new, at s = q/lambda^2."""

    def derivatives(self, q: Vector, length: Vector, energy: Vector, order: int) -> Matrix:
        """Return V, V' ... of bonds with lambda_ij and eps_ij, all (P,), up to an order: (order + 1, P)."""
        inverse = 1.0 / length**2
        found = self.profile(q * inverse, order)
        factor = energy
        for k in range(order + 1):
            found[k] *= factor
            factor = factor * inverse
        return found

    def demand(self, order: int) -> None:
        """Raise NotGivenError where derivatives of the energy of this order are not defined."""
        if order > self.smooth + 1:
            raise NotGivenError(
                f"derivatives of order {order} are not defined: only {self.smooth} of {self.name} are "
                f"continuous, must be >= {order - 1}"
            )
