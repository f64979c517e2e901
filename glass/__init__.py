"""Computer glasses: particles with pair potentials, as landscapes of the engine.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from glass.bonds import Bonds
from glass.elasticity import SimpleShear, bond_heat, nonaffine_force, pressure, shear_modulus, stress
from glass.equilibration import Equilibration
from glass.liquid import SoftSpheres, draw, equilibrate
from glass.mixing import Mixing
from glass.pair_glass import PairGlass
from glass.potential import Potential
from glass.potentials import (
    NAMES,
    Custom,
    harmonic_spheres,
    hertzian_spheres,
    inverse_power_mixture,
    kob_andersen,
    ninarello,
    soft_spheres,
    sticky_spheres,
    symbolic,
)
from glass.quenching import quench

__all__ = [
    "NAMES",
    "Bonds",
    "Custom",
    "Equilibration",
    "Mixing",
    "PairGlass",
    "Potential",
    "SimpleShear",
    "SoftSpheres",
    "bond_heat",
    "draw",
    "equilibrate",
    "harmonic_spheres",
    "hertzian_spheres",
    "inverse_power_mixture",
    "kob_andersen",
    "ninarello",
    "nonaffine_force",
    "pressure",
    "quench",
    "shear_modulus",
    "soft_spheres",
    "sticky_spheres",
    "stress",
    "symbolic",
]
