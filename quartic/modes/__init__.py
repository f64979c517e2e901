"""Normal modes of a configuration: M psi = lambda psi, omega = sqrt(lambda). One file per method."""

from quartic.modes.certificate import positive_definite
from quartic.modes.low import METHODS, EigenError, Modes, low_modes
from quartic.modes.measures import participation_ratio, response, spectrum

__all__ = [
    "METHODS",
    "EigenError",
    "Modes",
    "low_modes",
    "participation_ratio",
    "positive_definite",
    "response",
    "spectrum",
]
