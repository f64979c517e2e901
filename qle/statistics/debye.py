"""The Debye part of a density of states: plane waves of an elastic body."""

import math

from arguments import count, real
from qle.description.units import frequency_unit


def debye_level(
    longitudinal: float, transverse: float, density: float, *, dimension: int = 3, units: str = "1"
) -> float:
    """Return A_D of D(omega) = A_D omega^(d - 1) per mode, from the velocities of sound.

    A_D = V_d/((2 pi)^d rho) (c_L^-d + (d - 1) c_T^-d), with V_d the volume of the unit ball: the plane waves
    below omega, of one longitudinal and d - 1 transverse kinds, over the d N modes of N = rho L^d particles.
    In d = 3 it is 3/omega_D^3.

    Parameters
    ----------
    longitudinal, transverse : float
        Velocities of sound c_L, c_T > 0: in m/s, in reduced units for frequencies in these.
    density : float
        Particles per volume, rho: in m^-d, or reduced.
    dimension : int
        d.
    units : str
        Of the frequencies that A_D is for; those that count periods, as THz, have (2 pi)^d more.

    Raises
    ------
    ValueError
        For a number that is not > 0, or an unknown unit.

    Examples
    --------
    Of silica, per THz, and the frequency below which all its modes would be:

    >>> from qle.statistics import debye_level
    >>> level = debye_level(5900.0, 3700.0, 6.6e28, units="THz")
    >>> round(level, 5), round((3.0 / level) ** (1 / 3), 1)
    (0.00281, 10.2)
    """
    c_l = real("longitudinal", longitudinal, above=0.0)
    c_t = real("transverse", transverse, above=0.0)
    rho, d = real("density", density, above=0.0), count("dimension", dimension)
    volume = math.pi ** (d / 2) / math.gamma(d / 2 + 1)
    per_radian = volume / ((2.0 * math.pi) ** d * rho) * (c_l**-d + (d - 1) * c_t**-d)
    return float(per_radian * frequency_unit(units).radians ** d)
