"""KHGPS with symmetric replicas: the phase of one state, its critical line, laws and spectrum."""

from khgps.rs.critical import CriticalPoint, critical_coupling, special_point
from khgps.rs.distributions import Distributions, Law, rs_distributions
from khgps.rs.solution import ReplicaSymmetric, solve_rs
from khgps.rs.spectrum import rs_gap, rs_specific_heat, rs_spectrum

__all__ = [
    "CriticalPoint",
    "Distributions",
    "Law",
    "ReplicaSymmetric",
    "critical_coupling",
    "rs_distributions",
    "rs_gap",
    "rs_specific_heat",
    "rs_spectrum",
    "solve_rs",
    "special_point",
]
