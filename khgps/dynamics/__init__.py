"""Gradient descent for N -> infinity: dynamical mean field."""

from khgps.dynamics.solution import Dynamics, solve_dynamics

__all__ = ["Dynamics", "solve_dynamics"]
