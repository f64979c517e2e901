"""The GPS model: anharmonic oscillators on a lattice with random couplings that fall off as r^-d.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from lattice_gps.fields import SitePotentials, site_potentials, static_fields
from lattice_gps.geometry import coordinates, displacement, displacements, distance
from lattice_gps.model import GPSLattice, draw
from lattice_gps.profile import Profile, core_radius, decay_exponent, radial_profile
from lattice_gps.reconstruction import Reconstruction, reconstruct

__all__ = [
    "GPSLattice",
    "Profile",
    "Reconstruction",
    "SitePotentials",
    "coordinates",
    "core_radius",
    "decay_exponent",
    "displacement",
    "displacements",
    "distance",
    "draw",
    "radial_profile",
    "reconstruct",
    "site_potentials",
    "static_fields",
]
