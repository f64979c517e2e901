"""The specific heat of sound waves at low temperature, from elastic data."""

import math

from scipy.constants import hbar, k

from arguments import real

SPEEDS = (50.0, 30_000.0)  # m/s
DENSITIES = (50.0, 30_000.0)  # kg/m^3


def debye_coefficient(
    *, longitudinal: float, transverse: float, density: float, molar_mass: float | None = None
) -> float:
    """Return C_D of the specific heat C_D T^3 of sound waves, in J/(g K^4) or, per mole, J/(mol K^4).

    C/V = (2 pi^2/5) k_B (k_B T/hbar)^3 v_D^-3 with 3 v_D^-3 = v_l^-3 + 2 v_t^-3, the limit T -> 0 of
    Debye's law, (12 pi^4/5) k_B (T/theta_D)^3 an atom.

    Parameters
    ----------
    longitudinal, transverse : float
        Speeds of sound in m/s, v_l^2 > 4 v_t^2/3: else the bulk modulus is not positive.
    density : float
        In kg/m^3.
    molar_mass : float, optional
        Of a formula unit, in g/mol.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For values out of range, such as speeds in km/s and densities in g/cm^3.

    Examples
    --------
    Vitreous silica, SiO2, in J/(mol K^4):

    >>> import spm
    >>> C_D = spm.debye_coefficient(longitudinal=5968, transverse=3764, density=2200, molar_mass=60.08)
    >>> round(C_D * 1e6, 1)
    47.0
    """
    low, high = SPEEDS
    transverse = real("transverse", transverse, least=low, most=high, otherwise="it is not in m/s")
    longitudinal = real("longitudinal", longitudinal, least=low, most=high, otherwise="it is not in m/s")
    density = real("density", density, least=DENSITIES[0], most=DENSITIES[1], otherwise="it is not in kg/m^3")
    if not 3.0 * longitudinal**2 > 4.0 * transverse**2:
        raise ValueError(
            f"longitudinal = {longitudinal:g}: must be > {transverse * math.sqrt(4 / 3):.6g}, (4/3)^(1/2) of "
            "the transverse speed: the bulk modulus is positive"
        )
    waves = longitudinal**-3 + 2.0 * transverse**-3
    by_volume = 2.0 * math.pi**2 / 15.0 * k * (k / hbar) ** 3 * waves  # J/(m^3 K^4)
    by_gram = float(by_volume / density / 1000.0)
    return by_gram if molar_mass is None else by_gram * real("molar_mass", molar_mass, above=0.0)
