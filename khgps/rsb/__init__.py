"""KHGPS with the symmetry of the replicas broken in full: the ground state of the glassy phase."""

from khgps.rsb.double_wells import double_well_coupling
from khgps.rsb.ground_state import GroundState, ground_state
from khgps.rsb.response import field_response
from khgps.rsb.solution import FullRSB, solve_rsb

__all__ = ["FullRSB", "GroundState", "double_well_coupling", "field_response", "ground_state", "solve_rsb"]
