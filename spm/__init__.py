"""The soft potential model: random quartic potentials, their wells, barriers, levels and specific heat.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from spm.debye import debye_coefficient
from spm.given_wells import GivenWells, read_wells
from spm.heat_fit import HeatFit, fit_specific_heat
from spm.heat_table import HeatTable, read_specific_heat
from spm.heat_units import HeatUnit, heat_unit
from spm.law import SoftPotentials
from spm.laws import Density, JointDensity, Laws, density, laws
from spm.marginals import Gaussian, StudentT, Tabulated, Uniform
from spm.pairs import quartic_of_pair
from spm.paths import PathFit, fit_path
from spm.power_law import PowerLaw, power_law
from spm.prefactors import SoftLimits, soft_limits
from spm.quantum import BasisError, levels, splitting
from spm.sampling import minima, sample
from spm.shape import asymmetry, asymmetry_factor, barrier, barrier_factor, cubic_barrier
from spm.soft_sampling import barrier_range, sample_soft
from spm.specific_heat import (
    SpecificHeat,
    TwoLevelSystems,
    WellLevels,
    specific_heat,
    two_level_systems,
    well_levels,
)
from spm.streaming import stream
from spm.table import QuarticWells, Wells
from spm.tally import Tally, tally
from spm.well_units import mass_of

__all__ = [
    "BasisError",
    "Density",
    "Gaussian",
    "GivenWells",
    "HeatFit",
    "HeatTable",
    "HeatUnit",
    "JointDensity",
    "Laws",
    "PathFit",
    "PowerLaw",
    "QuarticWells",
    "SoftLimits",
    "SoftPotentials",
    "SpecificHeat",
    "StudentT",
    "Tabulated",
    "Tally",
    "TwoLevelSystems",
    "Uniform",
    "WellLevels",
    "Wells",
    "asymmetry",
    "asymmetry_factor",
    "barrier",
    "barrier_factor",
    "barrier_range",
    "cubic_barrier",
    "debye_coefficient",
    "density",
    "fit_path",
    "fit_specific_heat",
    "heat_unit",
    "laws",
    "levels",
    "mass_of",
    "minima",
    "power_law",
    "quartic_of_pair",
    "read_specific_heat",
    "read_wells",
    "sample",
    "sample_soft",
    "soft_limits",
    "specific_heat",
    "splitting",
    "stream",
    "tally",
    "two_level_systems",
    "well_levels",
]
