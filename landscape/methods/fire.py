"""Fast inertial relaxation (Bitzek et al. 2006)."""

import math

import numpy as np

from landscape.line import ROUNDING
from landscape.relaxation import Relaxation

_PATIENT_STEPS = 5  # downhill steps before the time step grows
_GROW, _SHRINK = 1.1, 0.5
_MIXING, _MIXING_DECAY = 0.1, 0.99
_LONGEST = 10.0  # time step, over the first


def fire(run: Relaxation) -> None:
    """Go to a minimum by damped molecular dynamics of unit masses, as published.

    The first time step is a tenth of one over the highest frequency there; steps are no longer than the
    landscape's length. Where the energy has risen by more than rounding the step is taken back.
    """
    v = np.zeros_like(run.point.x)
    dt = 0.1 / math.sqrt(run.point.hessian.scale or 1.0)
    longest, mixing, downhill = _LONGEST * dt, _MIXING, 0
    while not run.arrived:
        force = -run.point.gradient
        v = v + dt * force
        v = (1.0 - mixing) * v + mixing * math.sqrt(float(v @ v) / float(force @ force)) * force
        step = dt * v * min(1.0, run.landscape.length / (dt * float(np.abs(v).max())))
        end = run.landscape.at(run.point.x + step)
        if float(v @ force) <= 0.0 or not end.energy <= run.point.energy + ROUNDING * abs(run.point.energy):
            v, dt, mixing, downhill = np.zeros_like(v), _SHRINK * dt, _MIXING, 0
            if dt * dt * run.point.gradient_norm <= 1e-17 * float(np.abs(run.point.x).max()):
                run.move(run.point)  # stalled
            continue
        downhill += 1
        if downhill > _PATIENT_STEPS:
            dt, mixing = min(_GROW * dt, longest), _MIXING_DECAY * mixing
        run.move(end)
