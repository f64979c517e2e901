"""The KHGPS mean-field model of interacting anharmonic oscillators: its samples, and its limit of large N."""

from khgps.branch import StalledError
from khgps.critical import CriticalPoint, critical_coupling, special_point
from khgps.distributions import Distributions, Law, rs_distributions
from khgps.model import KHGPS, draw
from khgps.replica_symmetric import ReplicaSymmetric, solve_rs
from khgps.rsb import FullRSB, solve_rsb
from khgps.spectrum import rs_gap, rs_spectrum

__all__ = [
    "KHGPS",
    "CriticalPoint",
    "Distributions",
    "FullRSB",
    "Law",
    "ReplicaSymmetric",
    "StalledError",
    "critical_coupling",
    "draw",
    "rs_distributions",
    "rs_gap",
    "rs_spectrum",
    "solve_rs",
    "solve_rsb",
    "special_point",
]
