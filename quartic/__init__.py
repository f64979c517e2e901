"""Coupled quartic oscillators as a landscape: their minima, normal modes and nonlinear excitations.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from landscape import disorder as disorder
from landscape import threads as threads
from landscape.threads import set_threads
from quartic.anneal import anneal, best_of
from quartic.bent import Bent
from quartic.explore import Exploration, explore
from quartic.minima import METHODS, STATUSES, MinimizationError, Minimum, minimize
from quartic.modes import EigenError, Modes, low_modes, participation_ratio, response, spectrum
from quartic.nonlinear import (
    DoubleWell,
    Drive,
    DriveError,
    Event,
    Expansion,
    Fold,
    HeatCapacities,
    Inverse,
    InverseError,
    ModeError,
    NonlinearMode,
    Observable,
    Path,
    PathError,
    Saddle,
    Softening,
    barrier,
    cubic_modes,
    double_wells,
    drive,
    expansion,
    heat_capacities,
    minimum_energy_path,
    quartic_modes,
    saddle_between,
    softening,
    thermal_response,
)
from quartic.problem import Problem, energy, gradient, hessian, line_coefficients
from quartic.starts import STARTS

__all__ = [
    "METHODS",
    "STARTS",
    "STATUSES",
    "Bent",
    "DoubleWell",
    "Drive",
    "DriveError",
    "EigenError",
    "Event",
    "Expansion",
    "Exploration",
    "Fold",
    "HeatCapacities",
    "Inverse",
    "InverseError",
    "MinimizationError",
    "Minimum",
    "ModeError",
    "Modes",
    "NonlinearMode",
    "Observable",
    "Path",
    "PathError",
    "Problem",
    "Saddle",
    "Softening",
    "anneal",
    "barrier",
    "best_of",
    "cubic_modes",
    "double_wells",
    "drive",
    "energy",
    "expansion",
    "explore",
    "gradient",
    "heat_capacities",
    "hessian",
    "line_coefficients",
    "low_modes",
    "minimize",
    "minimum_energy_path",
    "participation_ratio",
    "quartic_modes",
    "response",
    "saddle_between",
    "set_threads",
    "softening",
    "spectrum",
    "thermal_response",
]
