"""How a ground state answers to the field."""

import math

import numpy as np

from khgps.rsb.functional import evaluate, resolution_for
from khgps.rsb.saddle import scales, shifted, unknowns
from khgps.rsb.solution import FullRSB

DIFFERENCE = 1e-3  # step of h, and of the unknowns in units of what the breaking changes them by


def field_response(glass: FullRSB) -> float:
    """Return d E[x]/dh, all states included, of the solution of K steps.

    As E[x] = -de/dh at fixed measure, e_h in short, and the slopes of e by the unknowns stay zero, it is
    -e_hh + e_ha (e_ab)^-1 e_hb. The first part is E f''(q_0, .), which tends to `glass.chi`; the second, by
    which the measure changes with h, is zero at h = 0.

    Returns
    -------
    float
        Of inverse stiffness.

    Raises
    ------
    ValueError
        For a replica-symmetric solution.

    Examples
    --------
    At h = 0 it is the response to a field on one oscillator:

    >>> import khgps
    >>> glass = khgps.solve_rsb(khgps.KHGPS(N=2, J=0.6, h=0.0, kappa_min=1.0), steps=1)
    >>> round(khgps.field_response(glass), 2), round(glass.chi, 2)
    (1.68, 1.68)
    """
    if glass.status != "broken":
        raise ValueError(f"status = {glass.status}: must be broken; this state has no others to go to")
    params, oscillators, trial, *_ = glass._discrete
    resolution = resolution_for(oscillators, trial)
    units, free = scales(trial), np.flatnonzero(unknowns(trial))
    curvature = np.empty((units.size, units.size))
    for j in free:
        shift = np.zeros(units.size)
        shift[j] = DIFFERENCE * units[j]
        up, down = (evaluate(oscillators, shifted(trial, s), resolution).gradient for s in (shift, -shift))
        curvature[j] = (up - down) * units / (2.0 * DIFFERENCE)
    step = DIFFERENCE * max(oscillators.h, math.sqrt(trial.q_EA))
    high, low = oscillators.h + step, oscillators.h - step
    above, below = (evaluate(oscillators._replace(h=abs(h)), trial, resolution) for h in (high, low))
    across = ((above.gradient - below.gradient) * units)[free] / (2.0 * step)
    direct = (above.mean_x - math.copysign(below.mean_x, low)) / (2.0 * step)  # E[x] is odd in h
    among = curvature[np.ix_(free, free)]
    return float(direct + across @ np.linalg.solve(0.5 * (among + among.T), across)) / params.J
