"""Normal modes of a Hessian: M psi = lambda psi, omega = sqrt(lambda). One file per method."""

from landscape.modes.low import METHODS, EigenError, Modes, low_modes
from landscape.modes.measures import participation_ratio, response, spectrum

__all__ = ["METHODS", "EigenError", "Modes", "low_modes", "participation_ratio", "response", "spectrum"]
