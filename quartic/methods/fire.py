"""Fast inertial relaxation (Bitzek et al. 2006), with an exact brake."""

import math

import numpy as np

from landscape.jit import kernel
from quartic.minimisation import Minimisation

_PATIENT_STEPS = 5  # downhill steps before the time step grows
_GROW, _SHRINK = 1.1, 0.5
_MIXING, _MIXING_DECAY = 0.1, 0.99


@kernel
def steer(gradient, v, dt, mixing):  # type: ignore[no-untyped-def]
    """Accelerate v by the force -gradient for a time dt, and turn it towards the force; in place.

    Return whether that would go uphill: then v starts anew, along the force.
    """
    speed = 0.0
    force = 0.0
    for i in range(v.size):
        v[i] -= dt * gradient[i]
        speed += v[i] * v[i]
        force += gradient[i] * gradient[i]
    along = mixing * math.sqrt(speed) / math.sqrt(force)
    power = 0.0
    for i in range(v.size):
        v[i] = (1.0 - mixing) * v[i] - along * gradient[i]
        power -= v[i] * gradient[i]
    if power > 0.0:
        return False
    for i in range(v.size):
        v[i] = -dt * gradient[i]
    return True


def fire(run: Minimisation) -> None:
    """Go to a minimum by damped molecular dynamics of unit masses.

    As published, but for the uphill rule: the moment at which the power F . v vanishes is known exactly, as
    the minimum along the step. The step ends there, the velocity is reset and the time step halved, so that
    the energy never rises. The time step is bounded by one over the highest frequency that
    `Minimisation.curvature_scale` allows. One product a step.
    """
    v = np.zeros_like(run.x)
    dt = 0.1 * _longest(run)
    mixing, downhill = _MIXING, 0
    while not run.arrived():
        braked = steer(run.gradient, v, dt, mixing)
        braked = run.line_step(dt * v, longest=1.0) < 1.0 or braked
        if braked:
            v[:] = 0.0
            dt, mixing, downhill = _SHRINK * dt, _MIXING, 0
        else:
            downhill += 1
            if downhill > _PATIENT_STEPS:
                dt, mixing = min(_GROW * dt, _longest(run)), _MIXING_DECAY * mixing


def _longest(run: Minimisation) -> float:
    return 1.0 / float(np.sqrt(np.max(run.curvature_scale())))
