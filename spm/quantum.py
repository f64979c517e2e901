"""Quantum levels of quartic wells: the Schroedinger equation in one dimension, hbar = 1.

In units of energy (b4/m^2)^(1/3) and length (m b4)^(-1/6) the Hamiltonian has two parameters,

    H = p^2/2 + eta u^2/2 + rho u^3/6 + u^4/24,    eta = b2 m^(1/3) b4^(-2/3),    rho = b3 m^(1/6) b4^(-5/6).

It is diagonalised among the lowest states of a harmonic oscillator whose ellipse in phase space has the width
and the height of the classical motion at the highest energy asked for. A difference of levels, which may be
exponentially small, comes from the wave function under the barrier instead (`spm.tunnelling`).
"""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

import arguments
from spm.shape import BOUND, DOUBLE, barrier_factor, coefficients
from spm.tunnelling import doublets, log_tunnel_splitting

Array = NDArray[np.float64]

TOLERANCE = 1e-9  # change of a level on enlarging the basis, relative to the highest level or 1
MARGIN = 24  # states beyond those of the ellipse, to begin with
GROWTH = 1.3
MOST_STATES = 3000
CLOSE = 1e-4  # difference of levels below which they count as a pair of two wells
FREEZE = (1e-30, 0.1)
BATCH = 1 << 22  # matrix elements diagonalised in one call
POINTS, WEIGHTS = np.polynomial.chebyshev.chebgauss(200)


class BasisError(ArithmeticError):
    """The levels did not converge with the basis size; the message says how far they were."""


def levels(b2: ArrayLike, b3: ArrayLike, b4: ArrayLike, *, mass: float, count: int) -> Array:
    """Return the lowest levels of quartic potentials, above their lower minimum, shape (n, count), ascending.

    Parameters
    ----------
    b2, b3, b4 : array_like, shape (n,)
        Derivatives at a minimum, either one of two (S 1); b2, b4 > 0.
    mass : float
        > 0; in units in which hbar = 1.
    count : int
        At least 1.

    Returns
    -------
    ndarray, shape (n, count)
        With hbar = 1.

    Raises
    ------
    ValueError
        For an argument out of range.
    BasisError
        If a level changes by more than 1e-9 of the highest one with the largest basis.

    Examples
    --------
    An oscillator of frequency 1:

    >>> import spm
    >>> spm.levels([1.0], [0.0], [1e-9], mass=1.0, count=3).round(6)
    array([[0.5, 1.5, 2.5]])
    """
    count = arguments.count("count", count)
    unit, eta, rho = _lowest(b2, b3, b4, mass=mass)
    top = energy_of_level(eta, rho, count + 1.0)
    found = np.array([one[:count] for one in levels_below(eta, rho, top)])
    return np.asarray(unit[:, np.newaxis] * found)


def reduced(b2: Array, b3: Array, b4: Array, *, mass: float) -> tuple[Array, Array, Array]:
    """Return the unit of energy, eta and rho, each (n,); raise ValueError unless mass > 0."""
    mass = arguments.real("mass", mass, above=0.0)
    third = np.cbrt(mass)
    return np.cbrt(b4) / third**2, b2 * third / np.cbrt(b4) ** 2, b3 * np.sqrt(third / b4) / np.cbrt(b4)


def _lowest(b2: ArrayLike, b3: ArrayLike, b4: ArrayLike, *, mass: float) -> tuple[Array, Array, Array]:
    """Return the unit of energy, and eta and rho at the lower minimum; raise ValueError for bad ones."""
    given = zip(("b2", "b3", "b4"), coefficients(b2, b3, b4, (), ("n",)), strict=True)
    unit, eta, rho = reduced(*arguments.spread(**dict(given)), mass=mass)
    return unit, *lower_well(eta, rho)


def lower_well(eta: Array, rho: Array) -> tuple[Array, Array]:
    """Return eta and rho at the lower minimum of each potential."""
    upper = rho**2 > BOUND * eta
    root = np.sqrt(np.maximum(9.0 * rho**2 - 24.0 * eta, 0.0))
    s = np.where(upper, -0.5 * np.copysign(3.0 * np.abs(rho) + root, rho), 0.0)
    return eta + s * (rho + 0.5 * s), rho + s


def energy_of_level(eta: Array, rho: Array, number: float) -> Array:
    """Return the energy below which there are `number` states, by the area in phase space, 2 pi each."""
    low, high = np.zeros(eta.size), np.full(eta.size, 1.0) + np.sqrt(eta) * number
    while (small := _area(eta, rho, high) < 2.0 * math.pi * number).any():
        high[small] *= 2.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        enough = _area(eta, rho, middle) >= 2.0 * math.pi * number
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def levels_below(eta: Array, rho: Array, top: Array) -> list[Array]:
    """Return for each potential its levels, at least all those below `top`, above its lower minimum.

    `eta` and `rho` are those of the lower minimum: rho^2 <= 3 eta.
    """
    height, width, centre = _ellipse(eta, rho, top)
    size = _checked(np.ceil(0.6 * height * width) + MARGIN, top)
    states = np.ceil(_area(eta, rho, top) / (2.0 * math.pi)).astype(np.int64) + 1
    found: list[Array] = [np.empty(0)] * eta.size
    left = np.arange(eta.size)
    old = _solve(eta, rho, centre, height / width, size, left)
    while left.size:
        size[left] = np.ceil(GROWTH * size[left])
        new = _solve(eta, rho, centre, height / width, _checked(size, top), left)
        moved = np.array([
            np.abs(one[: states[i]] - before[: states[i]]).max() / max(one[states[i] - 1], 1.0)
            for i, one, before in zip(left, new, old, strict=True)
        ])  # fmt: skip
        for i in np.flatnonzero(moved <= TOLERANCE):
            found[left[i]] = new[i][: states[left[i]]]
        rest = moved > TOLERANCE
        left, old = left[rest], [one for one, again in zip(new, rest, strict=True) if again]
    return found


def _checked(size: Array | NDArray[np.int64], top: Array) -> NDArray[np.int64]:
    """Return `size` as integers; raise BasisError if it is too much for the machine, or for integers."""
    worst = int(np.argmax(size))
    if not size[worst] <= MOST_STATES:
        raise BasisError(
            f"{size[worst]:.4g} basis states for levels up to {top[worst]:.3g}, in units of (b4/m^2)^(1/3): "
            f"at most {MOST_STATES}; the barrier is too high, or the levels too many"
        )
    return size.astype(np.int64)


def splitting(b2: ArrayLike, b3: ArrayLike, b4: ArrayLike, *, mass: float) -> Array:
    """Return E_1 - E_0 of quartic potentials, shape (n,), also where it is far below the rounding of a level.

    Arguments and errors are those of `levels`. The relative error is below 1e-6, beside what the rounding of
    b2, b3 and b4 does to the asymmetry of two wells: 1e-15 of the barrier.

    Returns
    -------
    ndarray, shape (n,)
        With hbar = 1.

    Examples
    --------
    In -x^2/2 + x^4/4 at mass 100, beside 2 omega (6 S/pi)^(1/2) e^-S (1 - 71/(72 S)), S the action:

    >>> import math, spm
    >>> S = 10 * 2**1.5 / 3
    >>> instanton = 2 * 0.02**0.5 * (6 * S / math.pi) ** 0.5 * math.exp(-S) * (1 - 71 / (72 * S))
    >>> (spm.splitting([2.0], [6.0], [6.0], mass=100.0) / instanton).round(2)
    array([0.99])
    """
    unit, eta, rho = _lowest(b2, b3, b4, mass=mass)
    return np.asarray(unit * gaps(eta, rho, levels_below(eta, rho, np.full(eta.size, 0.5) + np.sqrt(eta))))


def gaps(eta: Array, rho: Array, found: list[Array]) -> Array:
    """Return E_1 - E_0, shape (n,), for the levels that `levels_below` found.

    Where the levels are so close that their difference is mostly rounding, U = h u - k u^2/2 + u^4/24 about
    its middle is nearly symmetric, and E_1 - E_0 = (Delta_0^2 + (2 h d)^2)^(1/2) with the splitting Delta_0
    and the dipole d of h = 0, up to a relative error of order h^2: of reflection, the mixing with higher
    states moves the levels of both wells alike. At CLOSE both routes are right to 1e-9.
    """
    gap = np.array([one[1] - one[0] for one in found])
    close = (gap < CLOSE) & (rho**2 > DOUBLE * eta)
    if close.any():
        eta, rho = eta[close], rho[close]
        logs, dipole = doublets(0.5 * rho**2 - eta)
        gap[close] = np.hypot(np.exp(logs), 2.0 * dipole * rho * (rho**2 / 3.0 - eta))
    return gap


def tunnel_splitting(k: float) -> float:
    """Return the splitting of the two lowest levels of p^2/2 - k u^2/2 + u^4/24, in its reduced units.

    The relative error is below 1e-11 as far as floats go, k < 25; `log_tunnel_splitting` goes on.
    """
    return math.exp(log_tunnel_splitting(k))


def frozen_from(freeze: float) -> float:
    """Return k from which on `tunnel_splitting` is below `freeze`; raise ValueError for one out of range."""
    freeze = arguments.real("freeze", freeze, least=FREEZE[0], most=FREEZE[1])
    return float(
        scipy.optimize.brentq(lambda k: log_tunnel_splitting(k) - math.log(freeze), 0.0, 8.0, xtol=1e-12)
    )


def _potential(eta: Array, rho: Array, u: Array) -> Array:
    """Return the reduced potential at u, whose last axis is that of eta and rho."""
    return np.asarray(u**2 * (eta / 2.0 + u * (rho / 6.0 + u / 24.0)))


def _turning_points(eta: Array, rho: Array, energy: Array) -> tuple[Array, Array]:
    """Return the outermost points where the potential is `energy`, if that is above the barrier.

    At the lower minimum U >= u^2 (u + 2 rho)^2/24, which gives the bounds to begin with.
    """
    ends = []
    for sign in (-1.0, 1.0):
        inside, outside = np.zeros(eta.size), sign * (2.0 * np.abs(rho) + (24.0 * energy) ** 0.25)
        for _ in range(50):
            middle = 0.5 * (inside + outside)
            low = _potential(eta, rho, middle) < energy
            inside, outside = np.where(low, middle, inside), np.where(low, outside, middle)
        ends.append(outside)
    return ends[0], ends[1]


def _area(eta: Array, rho: Array, energy: Array) -> Array:
    """Return the area in phase space below `energy`."""
    left, right = _turning_points(eta, rho, np.maximum(energy, _barrier(eta, rho)))
    half = 0.5 * (right - left)
    u = 0.5 * (left + right) + half * POINTS[:, np.newaxis]
    momentum = np.sqrt(2.0 * np.maximum(energy - _potential(eta, rho, u), 0.0))
    return np.asarray(2.0 * half * ((WEIGHTS * np.sqrt(1.0 - POINTS**2)) @ momentum))


def _barrier(eta: Array, rho: Array) -> Array:
    """Return the energy of the saddle, 0 where there is none."""
    r = rho**2 / eta
    return np.where(r > DOUBLE, np.nan_to_num(barrier_factor(r)) * eta**2, 0.0)


def _ellipse(eta: Array, rho: Array, top: Array) -> tuple[Array, Array, Array]:
    """Return largest momentum, half the width and the middle of the motion below `top`, and the barrier."""
    energy = np.maximum(top, 1.1 * _barrier(eta, rho))
    left, right = _turning_points(eta, rho, energy)
    return np.sqrt(2.0 * energy), 0.5 * (right - left), 0.5 * (left + right)


def _solve(
    eta: Array, rho: Array, centre: Array, frequency: Array, size: NDArray[np.int64], rows: NDArray[np.int64]
) -> list[Array]:
    """Return all eigenvalues for the potentials `rows`, in bases of at least `size` states."""
    sizes = -(-size[rows] // 16) * 16
    out: list[Array] = [np.empty(0)] * rows.size
    for one in np.unique(sizes):
        x, kinetic = _ladder(int(one))
        members = np.flatnonzero(sizes == one)
        for first in range(0, members.size, max(1, BATCH // int(one) ** 2)):
            part = members[first : first + max(1, BATCH // int(one) ** 2)]
            k = rows[part]
            e, h, c, root = eta[k], rho[k], centre[k], np.sqrt(frequency[k])
            slope = c * (e + c * (h / 2.0 + c / 6.0))
            taylor = [
                slope / root,
                (e + c * (h + c / 2.0)) / 2.0 / root**2,
                (h + c) / 6.0 / root**3,
                1 / 24.0 / root**4,
            ]
            hamiltonian = (
                np.tensordot(np.array(taylor).T, x, 1) + frequency[k, np.newaxis, np.newaxis] * kinetic
            )
            values = np.linalg.eigvalsh(hamiltonian) + _potential(e, h, c)[:, np.newaxis]
            for i, levels_of_one in zip(part, values, strict=True):
                out[i] = levels_of_one
    return out


def _ladder(size: int) -> tuple[Array, Array]:
    """Return x, x^2, x^3, x^4 and p^2/2 among `size` states of the oscillator p^2/2 + x^2/2."""
    off = np.sqrt(0.5 * np.arange(1, size + 4))
    x = np.diag(off, 1) + np.diag(off, -1)
    square = x @ x
    number = np.diag(np.arange(size) + 0.5)
    powers = np.stack([x, square, square @ x, square @ square])[:, :size, :size]
    return powers, number - 0.5 * powers[1]
