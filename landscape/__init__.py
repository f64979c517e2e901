"""The engine: any energy landscape, its minima, modes and excitations; it knows no model.

A landscape is an energy with derivatives (`Landscape`): your own functions (`Functions`), a Hessian alone
(`Harmonic`), or one of the packages above, as `quartic.Problem`.
"""

from landscape.contract import ContractError, check_landscape
from landscape.functions import Functions
from landscape.harmonic import Harmonic
from landscape.hessian import Hessian
from landscape.minima import MinimizationError, Minimum, minimize
from landscape.modes import EigenError, Modes, low_modes, participation_ratio, response, spectrum
from landscape.modes.certificate import inertia
from landscape.protocol import Landscape, NotGivenError, Point
from landscape.threads import set_threads

__all__ = [
    "ContractError",
    "EigenError",
    "Functions",
    "Harmonic",
    "Hessian",
    "Landscape",
    "MinimizationError",
    "Minimum",
    "Modes",
    "NotGivenError",
    "Point",
    "check_landscape",
    "inertia",
    "low_modes",
    "minimize",
    "participation_ratio",
    "response",
    "set_threads",
    "spectrum",
]
