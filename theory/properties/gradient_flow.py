"""The gradient flow at A = 0: small steps, and memory against the energy of couplings by quadrature."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import formulas
from theory.properties.agreement import agree
from theory.strategies import positive

__all__ = ["linear_flow_in_small_steps", "memory_is_the_energy_of_couplings"]


@settings(max_examples=30)
@given(positive(0.1, 1.5), st.sampled_from((1.0, -1.0)), positive(0.1, 3.0), positive(0.1, 3.0))
def linear_flow_in_small_steps(size: float, sign: float, h: float, t: float) -> None:
    """Let x' = h - l x go in 1000 steps of order 2, x = 0 at first; the energy there is l x^2/2 - h x."""
    eigenvalue, dt, x = sign * size, t / 1000, 0.0
    for _ in range(1000):
        middle = x + 0.5 * dt * (h - eigenvalue * x)
        x += dt * (h - eigenvalue * middle)
    agree(h * formulas.linear_flow(np, eigenvalue, t), x, 1e-4)
    energy = eigenvalue * x**2 / 2.0 - h * x
    agree(formulas.linear_flow_energy(np, h, eigenvalue, t), energy, 1e-3)


@settings(max_examples=30)
@given(positive(0.1, 1.0), positive(0.3, 2.0), positive(0.1, 1.0), positive(0.1, 4.0))
def memory_is_the_energy_of_couplings(J: float, kappa: float, h: float, t: float) -> None:
    """Add up energies of the modes of one stiffness and of the semicircle, l = kappa + 2 J cos(angle)."""
    angle = math.pi * (np.arange(60) + 0.5) / 60
    weight, eigenvalue = np.sin(angle) ** 2 / 30, kappa + 2.0 * J * np.cos(angle)
    nodes, lengths = np.polynomial.legendre.leggauss(40)
    s = 0.5 * t * (nodes + 1.0)
    x = h * formulas.linear_flow(np, eigenvalue, t)
    earlier = h * formulas.linear_flow(np, eigenvalue[:, None], s)
    R, C = weight @ np.exp(-np.multiply.outer(eigenvalue, t - s)), (weight * x) @ earlier
    memory = 0.5 * t * float(lengths @ (R * C))
    site = float(weight @ (kappa * x**2 / 2.0 - h * x))
    modes = float(weight @ formulas.linear_flow_energy(np, h, eigenvalue, t))
    agree(formulas.flow_energy(np, J, site, memory), modes, 1e-9)
