"""The shape of a quartic well: second well, barrier and asymmetry from b2, b3, b4.

U(s) = b2 s^2/2 + b3 s^3/6 + b4 s^4/24 (S 16). With s = -sign(b3) t (b2/b4)^(1/2) and r = b3^2/(b2 b4),
energies are b2^2/b4 times t^2/2 - r^(1/2) t^3/6 + t^4/24, stationary at t = 0 and where t^2 - 3 r^(1/2) t + 6
= 0; there the energy is t^2 (12 - t^2)/72 = t^2 (6 - r^(1/2) t)/24. The smaller root is the saddle, the
larger one the second well.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array
from landscape.nonlinear import expansion
from landscape.nonlinear.expansion import DOUBLE as DOUBLE

Array = NDArray[np.float64]

BOUND = 3.0  # the second well is the lower one above this r


def barrier_factor(r: ArrayLike) -> Array:
    """Return beta(r), the barrier in units of b2^2/b4; nan for r <= 8/3, where there is no second well.

    beta(8/3) = 1/2, beta(3) = 3/8, and beta -> 2/(3 r), the barrier of the cubic truncation, as r -> inf.

    Returns
    -------
    ndarray
        Shape of r.

    Examples
    --------
    >>> import spm
    >>> spm.barrier_factor([2.6, 3.0, 300.0]).round(5)  # 2/(3 r) is 0.00222
    array([    nan, 0.375  , 0.00223])
    """
    r = _checked(r)
    finite = np.isfinite(r)
    height = expansion.barrier_factor(np.where(finite & (r > DOUBLE), r, np.nan))
    return np.where(finite, height, 0.0)


def asymmetry_factor(r: ArrayLike) -> Array:
    """Return the energy of the second well above the first in units of b2^2/b4; nan for r <= 8/3.

    1/2 at r = 8/3, 0 at r = 3, and negative beyond.

    Returns
    -------
    ndarray
        Shape of r.

    Examples
    --------
    >>> import spm
    >>> spm.asymmetry_factor([2.6, 2.8, 3.0, 3.2]).round(3)
    array([   nan,  0.344,  0.   , -0.452])
    """
    r = _checked(r)
    rho, larger = _roots(r)
    near_r = np.minimum(r, 4.0)
    near = 24.0 * (3.0 - near_r) / (12.0 - 3.0 * near_r + rho * (2.0 * larger - 3.0 * rho))
    return larger**2 * np.where(r < 4.0, near, 6.0 - rho * larger) / 24.0


def barrier(b2: ArrayLike, b3: ArrayLike, b4: ArrayLike) -> Array:
    """Return the energy of the saddle above the well, nan where there is no second well.

    Returns
    -------
    ndarray
        Energies in the shape of b2, b3 and b4 broadcast.

    Examples
    --------
    The well -x^2/2 + x^4/4 about x = 1, the stability bound r = 3:

    >>> import spm
    >>> float(spm.barrier(2.0, 6.0, 6.0)), float(spm.asymmetry(2.0, 6.0, 6.0))
    (0.25, 0.0)
    """
    b2, b3, b4 = coefficients(b2, b3, b4)
    return barrier_factor(ratio(b2, b3, b4)) * (b2 / b4) * b2


def asymmetry(b2: ArrayLike, b3: ArrayLike, b4: ArrayLike) -> Array:
    """Return the energy of the second well above this one, nan where there is none.

    Returns
    -------
    ndarray
        Energies in the shape of b2, b3 and b4 broadcast.

    Examples
    --------
    A well is the lower of two where r = b3^2/(b2 b4) < 3, the stability bound, and the upper one where r > 3:

    >>> import spm
    >>> spm.asymmetry(1.0, [1.6, 1.7, 3**0.5, 1.8], 1.0).round(3)
    array([   nan,  0.204,  0.   , -0.554])
    """
    b2, b3, b4 = coefficients(b2, b3, b4)
    return asymmetry_factor(ratio(b2, b3, b4)) * (b2 / b4) * b2


def cubic_barrier(b2: ArrayLike, b3: ArrayLike) -> Array:
    """Return 2 b2^3/(3 b3^2), the barrier of the potential without b4 (S 14); inf where b3 = 0.

    Returns
    -------
    ndarray
        Energies in the shape of b2 and b3 broadcast.

    Examples
    --------
    Too low for a double well, by a factor 27/16 where both wells are equal:

    >>> import spm
    >>> float(spm.barrier(2.0, 6.0, 6.0) / spm.cubic_barrier(2.0, 6.0)), 27 / 16
    (1.6875, 1.6875)
    """
    b2, b3, _ = coefficients(b2, b3, 1.0)
    return expansion.cubic_barrier(*np.broadcast_arrays(b2, b3))


def coefficients(
    b2: ArrayLike, b3: ArrayLike, b4: ArrayLike, *shapes: tuple[str, ...]
) -> tuple[Array, Array, Array]:
    """Return the coefficients of wells as arrays; raise ValueError unless all are finite, b2 and b4 > 0."""
    return array("b2", b2, *shapes, above=0.0), array("b3", b3, *shapes), array("b4", b4, *shapes, above=0.0)


def ratio(b2: Array, b3: Array, b4: Array) -> Array:
    """Return r = b3^2/(b2 b4)."""
    return (b3 / b2) * (b3 / b4)


def _checked(r: ArrayLike) -> Array:
    return array("r", r, least=0.0, infinite=True)


def _roots(r: Array) -> tuple[Array, Array]:
    """Return (r^(1/2), larger root t), nan for r <= 8/3."""
    r = np.where(r > DOUBLE, r, np.nan)
    return np.sqrt(r), 0.5 * (3.0 * np.sqrt(r) + np.sqrt(9.0 * r - 24.0))
