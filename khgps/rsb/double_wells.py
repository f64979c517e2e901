"""Where in the glassy phase the first wells become double: b = kappa_min - J^2 chi_EA = 0."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike

from arguments import array
from khgps.model import KHGPS
from khgps.oscillators import StalledError
from khgps.rs.critical import Values, critical_coupling
from khgps.rs.solution import solve_rs
from khgps.rsb.solution import solve_rsb

GROWTH = 1.25  # of J, in search of b < 0
TOLERANCE = 3e-4  # of J; what the extrapolation of chi_EA leaves is more


def double_well_coupling(
    h: ArrayLike,
    *,
    kappa_0: float = 1.0,
    kappa_min: float = 0.0,
    beta: float = 0.0,
    A: float = 1.0,
    stiffness: object = None,
) -> Values:
    """Return the coupling above which some oscillators have two wells, at zero temperature.

    On raising J wells become double where b = kappa_min - J^2 chi_EA passes through zero. In fields above
    that of the special point this is the critical line itself. Below it the critical line comes first, where
    the replicon vanishes, and wells are single up to a larger J, within the phase of broken replicas: the
    replicon inside a state is zero there, and positive where wells are double.

    Parameters
    ----------
    h : float or array
        Field, >= 0.
    kappa_0, kappa_min, beta, A : float
    stiffness : law, optional
        As in `KHGPS`, with kappa_min > 0: at kappa_min = 0 wells are double at any J > 0.

    Returns
    -------
    float or array of the shape of h
        J, to about 1e-3, and 1e-2 where all stiffnesses are one; that of `critical_coupling` where both lines
        are one. Some ten seconds for each field.

    Raises
    ------
    ValueError
        With name, value and rule.
    StalledError
        If the equations cannot be solved.

    Examples
    --------
    >>> from khgps import critical_coupling, double_well_coupling
    >>> law = {"kappa_min": 0.1, "kappa_0": 1.0}
    >>> h = 0.03  # above the field of the special point
    >>> double_well_coupling(h, **law) == critical_coupling(h, **law).J
    True
    """
    law: dict[str, Any] = {"kappa_0": kappa_0, "kappa_min": kappa_min, "beta": beta, "A": A}
    law["stiffness"] = stiffness
    line = critical_coupling(h, **law)
    fields = array("h", h, least=0.0)
    starts, singles = np.atleast_1d(line.J), np.atleast_1d(line.replicon) < np.atleast_1d(line.gap_edge)
    found = [
        _root(_edge(field, law), J) if single else J
        for field, J, single in zip(np.atleast_1d(fields).ravel().tolist(), starts.ravel().tolist(),
                                    singles.ravel().tolist(), strict=True)
    ]  # fmt: skip
    return found[0] if fields.ndim == 0 else np.reshape(found, fields.shape)


def _edge(h: float, law: dict[str, Any]) -> Callable[[float], float]:
    """Return b as a function of J."""

    def b(J: float) -> float:
        params = KHGPS(N=2, J=J, h=h, **law)
        try:
            return solve_rsb(params).gap_edge
        except StalledError:  # where states are too near to be told apart: it is that of one state
            return solve_rs(params, unstable=True).gap_edge

    return b


def _root(b: Callable[[float], float], start: float) -> float:
    """Return where b vanishes, from below, where it is positive."""
    low, high = start, GROWTH * start
    while b(high) > 0.0:
        low, high = high, GROWTH * high
    return float(scipy.optimize.brentq(b, low, high, xtol=TOLERANCE * start, rtol=TOLERANCE))
