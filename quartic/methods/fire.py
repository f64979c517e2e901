"""Fast inertial relaxation (Bitzek et al. 2006), with an exact brake."""

import numpy as np

from quartic.walk import Walk

_PATIENT_STEPS = 5  # downhill steps before the time step grows
_GROW, _SHRINK = 1.1, 0.5
_MIXING, _MIXING_DECAY = 0.1, 0.99


def fire(walk: Walk) -> None:
    """Walk to a minimum by damped molecular dynamics of unit masses.

    As published, but for the uphill rule: the moment at which the power F . v vanishes is known exactly, as
    the minimum along the step. The step ends there, the velocity is reset and the time step halved, so that
    the energy never rises. The time step is bounded by one over the highest frequency that
    `Walk.curvature_scale` allows. One product a step.
    """
    v = np.zeros_like(walk.x)
    dt = 0.1 * _longest(walk)
    mixing, downhill = _MIXING, 0
    while not walk.arrived():
        force = -walk.gradient
        v += dt * force
        v = (1.0 - mixing) * v + mixing * float(np.linalg.norm(v) / np.linalg.norm(force)) * force
        braked = bool(v @ force <= 0.0)
        if braked:
            v = dt * force
        braked = walk.line_step(dt * v, longest=1.0) < 1.0 or braked
        if braked:
            v[:] = 0.0
            dt, mixing, downhill = _SHRINK * dt, _MIXING, 0
        else:
            downhill += 1
            if downhill > _PATIENT_STEPS:
                dt, mixing = min(_GROW * dt, _longest(walk)), _MIXING_DECAY * mixing


def _longest(walk: Walk) -> float:
    return 1.0 / float(np.sqrt(np.max(walk.curvature_scale())))
