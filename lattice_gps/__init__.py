"""The GPS model: anharmonic oscillators on a lattice with random couplings that fall off as r^-d."""

from lattice_gps.geometry import coordinates, displacement, displacements, distance
from lattice_gps.model import GPSLattice, draw

__all__ = ["GPSLattice", "coordinates", "displacement", "displacements", "distance", "draw"]
