"""Specific heat of soft potentials, tunnelling double wells and soft single wells alike; hbar = k_B = 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, real
from spm.quantum import frozen_from, gaps, levels_below, reduced, splitting
from spm.shape import DOUBLE
from spm.table import QuarticWells
from spm.tunnelling import doublets, log_tunnel_splitting

Array = NDArray[np.float64]

REACH = 25.0  # levels up to so many temperatures enter; (E/T)^2 exp(-E/T) is 1e-8 there
STIFFEST = 20.0  # temperatures that the frequency of the stiffest wells must reach; costs 3e-4 of T^5


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class SpecificHeat:
    """Specific heat per potential.

    Attributes
    ----------
    T : ndarray, shape (k,)
        Temperatures, k_B T in the unit of energies.
    C : ndarray, shape (k,)
        In units of k_B.
    error : ndarray, shape (k,)
        Standard error, from the scatter of the wells.
    frozen : float
        Double wells per potential that do not tunnel, and count as oscillators in their lower well.
    """

    T: Array
    C: Array
    error: Array
    frozen: float


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class TwoLevelSystems:
    """Double wells that tunnel.

    Attributes
    ----------
    splitting : ndarray, shape (n,)
        E_1 - E_0 of the two lowest levels, as `spm.splitting`.
    tunnelling : ndarray, shape (n,)
        Splitting of the potential without the term that is odd about its middle, U'''= 0.
    asymmetry : ndarray, shape (n,)
        Energy of the upper minimum above the lower.
    weight : ndarray, shape (n,)
        How many of them each row stands for.
    potentials : float
        Divided by which the sum of weights is the number of them per potential.

    Energies are in the units of b2, with hbar = 1.
    """

    splitting: Array
    tunnelling: Array
    asymmetry: Array
    weight: Array
    potentials: float


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class WellLevels:
    """The lowest two levels of potentials.

    Attributes
    ----------
    splitting : ndarray, shape (n,)
        E_1 - E_0; nan where it is frozen.
    log_tunnelling : ndarray, shape (n,)
        ln of the splitting without the term that is odd about the middle, nan where there is one well.
    double : ndarray of bool, shape (n,)
        Whether there are two wells, r > 8/3.
    frozen : ndarray of bool, shape (n,)
        Whether there are two and that splitting is below `freeze` in units of (b4/m^2)^(1/3).
    """

    splitting: Array
    log_tunnelling: Array
    double: NDArray[np.bool_]
    frozen: NDArray[np.bool_]


def specific_heat(
    wells: QuarticWells, T: ArrayLike, *, mass: float, freeze: float = 1e-8, complete: bool = False
) -> SpecificHeat:
    """Return C(T) per potential from the quantum levels of every potential, once by its global minimum.

    C = (<E^2> - <E>^2)/T^2. A double well whose tunnel splitting without asymmetry is below `freeze`, in
    units of (b4/m^2)^(1/3), stays in its lower well during the experiment and counts as an oscillator of
    frequency (b2/m)^(1/2); thermal hopping over its barrier is left out. The linear term grows slowly as
    `freeze` falls, like ln(1/freeze)^(1/3).

    Parameters
    ----------
    wells : QuarticWells
        Of `sample` or `sample_soft`; those with r > 3 are left out. Its stiffest must reach beyond what is
        excited, (b2/m)^(1/2) >= 20 T, unless the table is complete.
    T : array_like, shape (k,)
        > 0.
    mass : float
        > 0.
    freeze : float
        1e-30 .. 0.1.
    complete : bool
        Whether these are all wells there are, rather than the softest of many.

    Returns
    -------
    SpecificHeat

    Raises
    ------
    ValueError
        For an argument out of range.
    BasisError
        As `spm.quantum.levels`.

    Examples
    --------
    One oscillator of frequency 1 (Einstein), (omega/T)^2 e^(omega/T)/(e^(omega/T) - 1)^2:

    >>> import numpy as np, spm
    >>> heat = spm.specific_heat(spm.QuarticWells(b2=[1.0], b3=0.0, b4=1e-6), [0.05], mass=1.0)
    >>> einstein = 20**2 * np.exp(20) / (np.exp(20) - 1) ** 2
    >>> (heat.C / einstein).round(3)
    array([1.])
    """
    T, mass = np.atleast_1d(array("T", T, (), ("k",), above=0.0)), real("mass", mass, above=0.0)
    wells = _chosen(wells, ~wells.violates, "is a global minimum, r <= 3")
    still = _frozen(wells, mass, freeze)
    omega = np.sqrt(wells.b2 / mass)
    if not (complete or omega.max() >= STIFFEST * T.max()):
        raise ValueError(
            f"T = {T.max():g}: must be <= {omega.max() / STIFFEST:g}, "
            f"1/{STIFFEST:g} of the frequency of the stiffest well"
        )
    each = np.zeros((wells.size, T.size))
    each[still] = _oscillators(omega[still], T)
    moving = np.flatnonzero(~still & ((omega < 2.0 * REACH * T.max()) | (wells.r > DOUBLE)))
    if moving.size:
        each[moving] = _quantum(wells.select(moving), T, mass)
    weighted = each * wells.weights[:, np.newaxis]
    C = weighted.sum(axis=0) / wells.per
    square = np.sum(weighted**2, axis=0) / wells.per
    error = np.sqrt(np.maximum(square - C**2, 0.0) / wells.per)
    return SpecificHeat(T=T, C=C, error=error, frozen=float(wells.weights[still].sum() / wells.per))


def well_levels(wells: QuarticWells, *, mass: float, freeze: float = 1e-8) -> WellLevels:
    """Return the lowest two levels of every potential of a table.

    Arguments and errors are those of `specific_heat`, but that either minimum is taken.

    Returns
    -------
    WellLevels

    Examples
    --------
    An oscillator of frequency 2:

    >>> import spm
    >>> levels = spm.well_levels(spm.QuarticWells(b2=[4.0], b3=0.0, b4=1e-9), mass=1.0)
    >>> levels.splitting.round(6), levels.double
    (array([2.]), array([False]))
    """
    mass = real("mass", mass, above=0.0)
    frozen, double = _frozen(wells, mass, freeze), wells.r > DOUBLE
    unit, eta, rho = reduced(wells.b2, wells.b3, wells.b4, mass=mass)
    gap, logs = np.full(wells.size, np.nan), np.full(wells.size, np.nan)
    moving = np.flatnonzero(~frozen)
    if moving.size:
        gap[moving] = splitting(wells.b2[moving], wells.b3[moving], wells.b4[moving], mass=mass)
    for row in np.flatnonzero(double):
        logs[row] = np.log(unit[row]) + log_tunnel_splitting(float(0.5 * rho[row] ** 2 - eta[row]))
    return WellLevels(splitting=gap, log_tunnelling=logs, double=double, frozen=frozen)


def two_level_systems(wells: QuarticWells, *, mass: float, freeze: float = 1e-8) -> TwoLevelSystems:
    """Return the tunnelling double wells of a table, with splittings.

    Arguments and errors are those of `specific_heat`; also ValueError where no double well tunnels.

    Returns
    -------
    TwoLevelSystems

    Examples
    --------
    Two equal wells: the splitting is that of tunnelling alone.

    >>> import spm
    >>> systems = spm.two_level_systems(spm.QuarticWells(b2=[2.0], b3=6.0, b4=6.0), mass=10.0)
    >>> systems.asymmetry, (systems.splitting / systems.tunnelling).round(6)
    (array([0.]), array([1.]))
    """
    mass = real("mass", mass, above=0.0)
    pairs = (wells.r > DOUBLE) & ~wells.violates & ~_frozen(wells, mass, freeze)
    wells = _chosen(wells, pairs, "is a double well that tunnels")
    unit, eta, rho = reduced(wells.b2, wells.b3, wells.b4, mass=mass)
    logs, _ = doublets(0.5 * rho**2 - eta)
    found = levels_below(eta, rho, np.full(eta.size, 0.5) + np.sqrt(eta))
    return TwoLevelSystems(
        splitting=unit * gaps(eta, rho, found),
        tunnelling=unit * np.exp(logs),
        asymmetry=wells.exact_asymmetry,
        weight=wells.weights,
        potentials=wells.per,
    )


def _chosen(wells: QuarticWells, rows: NDArray[np.bool_], what: str) -> QuarticWells:
    """Return the table of some rows; raise ValueError if there is none."""
    if not rows.any():
        raise ValueError(f"wells: none of {wells.size} {what}")
    return wells.select(rows)


def _frozen(wells: QuarticWells, mass: float, freeze: float) -> NDArray[np.bool_]:
    """Return which double wells tunnel too slowly; k = rho^2/2 - eta is -U'' where U''' = 0."""
    _, eta, rho = reduced(wells.b2, wells.b3, wells.b4, mass=mass)
    return (wells.r > DOUBLE) & (0.5 * rho**2 - eta > frozen_from(freeze))


def _oscillators(omega: Array, T: Array) -> Array:
    """Return the specific heats of harmonic oscillators, (x/sinh x)^2 with x = omega/(2 T), shape (n, k)."""
    x = np.minimum(0.5 * omega[:, np.newaxis] / T, 300.0)
    return np.asarray((x / np.sinh(x)) ** 2)


def _quantum(wells: QuarticWells, T: Array, mass: float) -> Array:
    """Return the specific heats of quartic potentials from their levels, shape (n, k)."""
    unit, eta, rho = reduced(wells.b2, wells.b3, wells.b4, mass=mass)
    top = REACH * T.max() / unit + np.sqrt(eta)
    found = levels_below(eta, rho, top)
    out = np.empty((wells.size, T.size))
    first = gaps(eta, rho, found)
    for row, (one, scale) in enumerate(zip(found, unit.tolist(), strict=True)):
        energy = scale * (one - one[0])
        energy[1] = scale * first[row]
        x = energy[:, np.newaxis] / T
        weight = np.exp(-np.minimum(x, 700.0))
        norm = weight.sum(axis=0)
        mean = (weight * x).sum(axis=0) / norm
        out[row] = (weight * (x - mean) ** 2).sum(axis=0) / norm
    return out
