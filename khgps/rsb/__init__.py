"""KHGPS with the symmetry of the replicas broken in full: the ground state of the glassy phase."""

from khgps.rsb.solution import FullRSB, solve_rsb

__all__ = ["FullRSB", "solve_rsb"]
