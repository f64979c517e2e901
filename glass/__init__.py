"""Computer glasses: particles with pair potentials, as landscapes of the engine.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from glass.bonds import Bonds
from glass.calculator import FromCalculator
from glass.crystals import crystal
from glass.dilation import dilatancy, strain_coupling
from glass.dipoles import dipole_frequency, dipole_responses, dipole_stiffness
from glass.elasticity import SimpleShear, bond_heat, nonaffine_force, pressure, shear_modulus, stress
from glass.equilibration import Equilibration
from glass.liquid import Liquid, SoftSpheres, draw, equilibrate
from glass.mixing import Mixing
from glass.pair_glass import PairGlass
from glass.phonons import (
    Bands,
    band_width,
    dagger_frequency,
    mechanical_disorder,
    phonon_bands,
    phonon_share,
    shear_speed,
)
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
from glass.profiles import Decay, centre, core_size, decay
from glass.quenching import quench

__all__ = [
    "NAMES",
    "Bands",
    "Bonds",
    "Custom",
    "Decay",
    "Equilibration",
    "FromCalculator",
    "Liquid",
    "Mixing",
    "PairGlass",
    "Potential",
    "SimpleShear",
    "SoftSpheres",
    "band_width",
    "bond_heat",
    "centre",
    "core_size",
    "crystal",
    "dagger_frequency",
    "decay",
    "dilatancy",
    "dipole_frequency",
    "dipole_responses",
    "dipole_stiffness",
    "draw",
    "equilibrate",
    "harmonic_spheres",
    "hertzian_spheres",
    "inverse_power_mixture",
    "kob_andersen",
    "mechanical_disorder",
    "ninarello",
    "nonaffine_force",
    "phonon_bands",
    "phonon_share",
    "pressure",
    "quench",
    "shear_modulus",
    "shear_speed",
    "soft_spheres",
    "sticky_spheres",
    "strain_coupling",
    "stress",
    "symbolic",
]
