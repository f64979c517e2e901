"""The modes below a frequency, all of them; most samples have none, and that is proven without computing any.

A Cholesky factor of M - omega^2 that is found shows that no eigenvalue of M lies below omega^2, and that the
point is a minimum. Where there is none a few modes are computed, and more if all of these lie below.
"""

import numpy as np

import quartic
from landscape import Landscape, Modes
from landscape.linear.cholesky import factorise
from landscape.modes.certificate import FACTOR_SIZE, margin
from qle.measurements.record import Array, low_modes
from quartic.couplings import Sparse

FIRST = 4
"""Modes computed of a sample that has any: at half a mode a sample three in a hundred have more."""


def modes_below(landscape: Landscape, x: Array, omega: float, most: int) -> Modes:
    """Return the modes with eigenvalues below omega^2 at a stationary point, and no others, `most` at most.

    Parameters
    ----------
    omega : float
    most : int
        With so many returned, further ones may be below omega.

    Returns
    -------
    Modes
        With k = 0 columns where there are none; negative eigenvalues, at a saddle, are among them.
    """
    if none_below(landscape, x, omega):
        return Modes(np.empty(0), np.empty((x.size, 0)), np.empty(0), "factor", True)
    count = min(FIRST, most)
    found = low_modes(landscape, x, count)
    while found.eigenvalues[-1] < omega**2 and count < most:
        count = min(2 * count, most)
        found = low_modes(landscape, x, count)
    k = int(np.searchsorted(found.eigenvalues, omega**2))
    return found._replace(
        eigenvalues=found.eigenvalues[:k], vectors=found.vectors[:, :k], residuals=found.residuals[:k]
    )


def none_below(landscape: Landscape, x: Array, omega: float) -> bool:
    """Return whether a factor proves that no mode of oscillators lies below omega; False where none is made.

    It is a Cholesky factor in float32 of M - omega^2 less its margin for rounding, made of dense couplings up
    to N = 6000; above, modes are cheaper. One that does not exist ends at a pivot of the soft sites, early.
    """
    if not isinstance(landscape, quartic.Problem) or landscape.size > FACTOR_SIZE:
        return False
    if isinstance(landscape.coupling, Sparse):
        return False
    with np.errstate(over="ignore"):
        low = landscape.hessian(x).lower(np.float32)
    low.flat[:: landscape.size + 1] -= np.float32(omega**2 + margin(low))
    return factorise(low) is not None
