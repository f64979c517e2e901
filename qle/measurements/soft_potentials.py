"""Laws and specific heat of sampled soft potentials, fitted where their power laws stand."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import spm

STIFF = 4e4  # b2_max of the quantum sample, in units m^(-1/3): frequencies up to 200 units of temperature
TEMPERATURES = (3e-4, 8.0, 31)  # in units of m^(-2/3): lowest, highest, how many
FITTED = (0.02, 1.0)  # below and above which the laws T and T^5 stand, in the same units
KNOWN = 0.5  # relative error of a cold C beyond which it stands on two or three wells, and is not fitted


class FittedLaw(NamedTuple):
    """The density of one quantity as a power law.

    Attributes
    ----------
    name : str
    free, fixed : spm.PowerLaw
        Fitted with its exponent, and at the derived one.
    exponent, prefactor : float
        As derived; nan for a prefactor that is not.
    """

    name: str
    free: spm.PowerLaw
    fixed: spm.PowerLaw
    exponent: float
    prefactor: float


def fitted_laws(
    soft: spm.Laws, limits: spm.SoftLimits, ranges: dict[str, tuple[float, float]]
) -> list[FittedLaw]:
    """Return the laws of stiffness, frequency and barrier of soft wells.

    Parameters
    ----------
    soft : spm.Laws
    limits : spm.SoftLimits
        The derived prefactors.
    ranges : dict
        Where "b2" and "barrier" are fitted; frequencies at the roots of those of b2.
    """
    roots = (math.sqrt(ranges["b2"][0]), math.sqrt(ranges["b2"][1]))
    rows = [
        ("p(b2), all minima", soft.b2_all, ranges["b2"], 1.0, math.nan),
        ("p(b2), global minima", soft.b2_global, ranges["b2"], 1.5, limits.b2),
        ("D(omega), all minima", soft.D_all, roots, 3.0, math.nan),
        ("D(omega), global minima", soft.D_global, roots, 4.0, limits.A_g),
        ("p(B), lower minimum", soft.barrier_global, ranges["barrier"], 0.25, limits.barrier),
    ]
    return [
        FittedLaw(
            name,
            spm.power_law(density, low=low, high=high),
            spm.power_law(density, low=low, high=high, exponent=exponent),
            exponent,
            prefactor,
        )
        for name, density, (low, high), exponent, prefactor in rows
    ]


class FittedHeat(NamedTuple):
    """The specific heat of soft wells.

    Attributes
    ----------
    unit : float
        Of temperature, m^(-2/3).
    heat : spm.SpecificHeat
    fit : spm.HeatFit
        Of T and T^5, at temperatures where one of them stands.
    derived : float
        C_sm as derived.
    tunnels : bool
        Whether any cold temperature is fitted; without one C_TLS is unknown.
    used : (k,) array of bool
        The temperatures that are fitted.
    """

    unit: float
    heat: spm.SpecificHeat
    fit: spm.HeatFit
    derived: float
    tunnels: bool
    used: NDArray[np.bool_]


def fitted_heat(law: spm.SoftPotentials, n: int, *, mass: float, seed: int) -> FittedHeat:
    """Return the specific heat of n soft wells of a law, hbar = 1, and its fit."""
    unit = mass ** (-2.0 / 3.0)
    wells = spm.sample_soft(law, n, b2_max=STIFF * mass ** (-1.0 / 3.0), seed=seed)
    heat = spm.specific_heat(wells, unit * np.geomspace(*TEMPERATURES), mass=mass)
    cold = (FITTED[0] * unit > heat.T) & (heat.error < KNOWN * heat.C)
    used = cold | (FITTED[1] * unit < heat.T)
    fit = spm.fit_specific_heat(heat.T[used], heat.C[used], heat.error[used], debye=0.0)
    derived = 16.0 * math.pi**6 / 21.0 * spm.soft_limits(law).A_g * mass**2.5
    return FittedHeat(unit, heat, fit, derived, bool(cold.any()), used)
