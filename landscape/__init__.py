"""The engine: any energy landscape, its minima, modes and excitations; it knows no model.

A landscape is an energy with derivatives (`Landscape`): your own functions (`Functions`), a Hessian alone
(`Harmonic`), or one of the packages above, as `quartic.Problem`.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from landscape.contract import ContractError, check_landscape
from landscape.exponential import FlowError
from landscape.flow import Flow, flow
from landscape.functions import Functions
from landscape.harmonic import Harmonic
from landscape.held import Held
from landscape.hessian import Hessian
from landscape.minima import MinimizationError, Minimum, minimize
from landscape.modes import EigenError, Modes, low_modes, participation_ratio, response, spectrum
from landscape.modes.certificate import inertia
from landscape.nonlinear.cubic import ModeError, cubic_modes, quartic_modes
from landscape.nonlinear.drive import Drive, DriveError, Event, drive
from landscape.nonlinear.expansion import Expansion, barrier, expansion
from landscape.nonlinear.family import Family
from landscape.nonlinear.fold import Fold
from landscape.nonlinear.modes import NonlinearMode
from landscape.nonlinear.path import Path, PathError, minimum_energy_path, saddle_between
from landscape.nonlinear.pseudoharmonic import PseudoHarmonicMode, pseudo_harmonic_modes
from landscape.nonlinear.saddle import Saddle
from landscape.nonlinear.softening import Softening, softening
from landscape.nonlinear.thermal import thermal_response
from landscape.nonlinear.valley import Valley, valley
from landscape.nonlinear.wells import DoubleWell, double_wells
from landscape.protocol import Landscape, NotGivenError, Point
from landscape.threads import set_threads

__all__ = [
    "ContractError",
    "DoubleWell",
    "Drive",
    "DriveError",
    "EigenError",
    "Event",
    "Expansion",
    "Family",
    "Flow",
    "FlowError",
    "Fold",
    "Functions",
    "Harmonic",
    "Held",
    "Hessian",
    "Landscape",
    "MinimizationError",
    "Minimum",
    "ModeError",
    "Modes",
    "NonlinearMode",
    "NotGivenError",
    "Path",
    "PathError",
    "Point",
    "PseudoHarmonicMode",
    "Saddle",
    "Softening",
    "Valley",
    "barrier",
    "check_landscape",
    "cubic_modes",
    "double_wells",
    "drive",
    "expansion",
    "flow",
    "inertia",
    "low_modes",
    "minimize",
    "minimum_energy_path",
    "participation_ratio",
    "pseudo_harmonic_modes",
    "quartic_modes",
    "response",
    "saddle_between",
    "set_threads",
    "softening",
    "spectrum",
    "thermal_response",
    "valley",
]
