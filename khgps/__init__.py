"""The KHGPS mean-field model of interacting anharmonic oscillators: its samples, and its limit of large N.

Model and phase diagram are those of Bouchbinder et al., Phys. Rev. B 103, 174202 (2021);
(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from khgps.dynamics import Dynamics, solve_dynamics
from khgps.model import KHGPS, draw
from khgps.one_state import OneState, solve_one_state
from khgps.oscillators import StalledError
from khgps.rs import (
    CriticalPoint,
    Distributions,
    Law,
    ReplicaSymmetric,
    critical_coupling,
    rs_distributions,
    rs_gap,
    rs_specific_heat,
    rs_spectrum,
    solve_rs,
    special_point,
)
from khgps.rsb import FullRSB, GroundState, double_well_coupling, field_response, ground_state, solve_rsb
from khgps.stiffness_input import law_of_points
from khgps.stiffness_law import StiffnessLaw

__all__ = [
    "KHGPS",
    "CriticalPoint",
    "Distributions",
    "Dynamics",
    "FullRSB",
    "GroundState",
    "Law",
    "OneState",
    "ReplicaSymmetric",
    "StalledError",
    "StiffnessLaw",
    "critical_coupling",
    "double_well_coupling",
    "draw",
    "field_response",
    "ground_state",
    "law_of_points",
    "rs_distributions",
    "rs_gap",
    "rs_specific_heat",
    "rs_spectrum",
    "solve_dynamics",
    "solve_one_state",
    "solve_rs",
    "solve_rsb",
    "special_point",
]
