"""Units of wells: energies to K, lengths to angstroms, masses in u to those with hbar = k_B = 1."""

from scipy.constants import N_A, angstrom, atomic_mass, eV, hbar, k

from arguments import choice, real

ENERGIES = {"K": 1.0, "meV": 1e-3 * eV / k, "eV": eV / k, "kJ/mol": 1e3 / N_A / k, "J": 1.0 / k}
LENGTHS = {"A": 1.0, "Å": 1.0, "angstrom": 1.0, "nm": 10.0, "pm": 0.01, "m": 1.0 / angstrom}


def kelvin_of(unit: str) -> float:
    """Return one such unit of energy, over k_B, in K; raise ValueError for one that is not known."""
    return float(ENERGIES[choice("energy unit", unit, ENERGIES)])


def angstrom_of(unit: str) -> float:
    """Return one such unit of length in angstroms; raise ValueError for one that is not known."""
    return float(LENGTHS[choice("length unit", unit, LENGTHS)])


def mass_of(mass: float) -> float:
    """Return a mass in u as one with hbar = k_B = 1, energies in K and lengths in angstroms.

    Parameters
    ----------
    mass : float
        > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For another mass.

    Examples
    --------
    hbar^2/m of helium, in K A^2:

    >>> import spm
    >>> round(1 / spm.mass_of(4.0026), 2)
    12.12
    """
    return real("mass", mass, above=0.0) * float(atomic_mass * angstrom**2 * k / hbar**2)
