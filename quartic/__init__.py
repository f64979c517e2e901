"""The engine: coupled quartic oscillators, their minima and normal modes."""

from quartic.explore import Exploration, explore
from quartic.minima import METHODS, STATUSES, MinimizationError, Minimum, minimize
from quartic.modes import EigenError, Modes, low_modes, participation_ratio, response, spectrum
from quartic.problem import Problem, energy, gradient, hessian, line_coefficients
from quartic.starts import STARTS
from quartic.threads import set_threads

__all__ = [
    "METHODS",
    "STARTS",
    "STATUSES",
    "EigenError",
    "Exploration",
    "MinimizationError",
    "Minimum",
    "Modes",
    "Problem",
    "energy",
    "explore",
    "gradient",
    "hessian",
    "line_coefficients",
    "low_modes",
    "minimize",
    "participation_ratio",
    "response",
    "set_threads",
    "spectrum",
]
