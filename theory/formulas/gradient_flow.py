"""Gradient descent x' = -grad H of KHGPS from x = 0, N -> infinity."""

from typing import Any


def flow_energy(lib: Any, J: Any, site: Any, memory: Any) -> Any:
    """Return e = E[kappa x^2/2 + A x^4/24 - h x] - J^2 int_0^t R(t,s) C(t,s) ds: `site`, and `memory`."""
    return site - J**2 * memory


def linear_flow(lib: Any, eigenvalue: Any, t: Any) -> Any:
    """Return x(t)/h = (1 - e^(-l t))/l along an eigenvector of the Hessian, A = 0, l != 0 of either sign."""
    return (1 - lib.exp(-eigenvalue * t)) / eigenvalue


def linear_flow_energy(lib: Any, h: Any, eigenvalue: Any, t: Any) -> Any:
    """Return -(h^2/2) (1 - e^(-2 l t))/l, the energy of it, A = 0."""
    return -(h**2) * (1 - lib.exp(-2 * eigenvalue * t)) / (2 * eigenvalue)
