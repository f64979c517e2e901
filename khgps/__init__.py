"""The KHGPS mean-field model of interacting anharmonic oscillators: its samples, and its limit of large N."""

from khgps.branch import StalledError
from khgps.critical import CriticalPoint, critical_coupling, special_point
from khgps.distributions import Distributions, Law, rs_distributions
from khgps.model import KHGPS, draw
from khgps.replica_symmetric import ReplicaSymmetric, solve_rs
from khgps.rsb import (
    FullRSB,
    GroundState,
    double_well_coupling,
    field_response,
    ground_state,
    solve_rsb,
)
from khgps.spectrum import rs_gap, rs_specific_heat, rs_spectrum

__all__ = [
    "KHGPS",
    "CriticalPoint",
    "Distributions",
    "FullRSB",
    "GroundState",
    "Law",
    "ReplicaSymmetric",
    "StalledError",
    "critical_coupling",
    "double_well_coupling",
    "draw",
    "field_response",
    "ground_state",
    "rs_distributions",
    "rs_gap",
    "rs_specific_heat",
    "rs_spectrum",
    "solve_rs",
    "solve_rsb",
    "special_point",
]
