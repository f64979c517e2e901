"""Nonlinear excitations of a minimum (S IV.F to IV.J): modes, wells, driving, thermal response."""

from landscape.nonlinear.fold import Fold
from landscape.nonlinear.modes import NonlinearMode
from landscape.nonlinear.saddle import Saddle
from quartic.nonlinear.cubic import ModeError, cubic_modes, quartic_modes
from quartic.nonlinear.drive import Drive, DriveError, Event, drive
from quartic.nonlinear.expansion import Expansion, barrier, expansion
from quartic.nonlinear.heat import HeatCapacities, heat_capacities
from quartic.nonlinear.inverse import Inverse, InverseError
from quartic.nonlinear.path import Path, PathError, minimum_energy_path, saddle_between
from quartic.nonlinear.softening import Softening, softening
from quartic.nonlinear.thermal import Observable, thermal_response
from quartic.nonlinear.wells import DoubleWell, double_wells

__all__ = [
    "DoubleWell",
    "Drive",
    "DriveError",
    "Event",
    "Expansion",
    "Fold",
    "HeatCapacities",
    "Inverse",
    "InverseError",
    "ModeError",
    "NonlinearMode",
    "Observable",
    "Path",
    "PathError",
    "Saddle",
    "Softening",
    "barrier",
    "cubic_modes",
    "double_wells",
    "drive",
    "expansion",
    "heat_capacities",
    "minimum_energy_path",
    "quartic_modes",
    "saddle_between",
    "softening",
    "thermal_response",
]
