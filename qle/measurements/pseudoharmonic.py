"""The energy along pseudo-harmonic modes, which are soft and local by the Hessian alone."""

import numpy as np

import landscape as general
from qle.measurements.nonlinear import GOOD, SOFTEST_SITES, lacks
from qle.measurements.record import Array, Axis, Measurement, Place, engine

AXIS = Axis(
    "pseudoharmonic_mode",
    "number of the pseudo-harmonic mode, 0 that of the lowest cost",
    lambda N: min(N, SOFTEST_SITES),
)
VARIABLES = {
    "pseudoharmonic_b2": "stiffness along a pseudo-harmonic mode, z.M.z",
    "pseudoharmonic_b3": "magnitude of the third derivative of the energy along it",
    "pseudoharmonic_b4": "fourth derivative along it",
    "pseudoharmonic_cost": "b2^2 / sum over bonds |z_j - z_i|^4; over sites |z_i|^4 of oscillators",
}


def _measure(place: Place) -> dict[str, Array]:
    found = MEASUREMENT.absent(place.landscape.size)
    count = min(SOFTEST_SITES, place.landscape.size - place.landscape.zero_modes(place.x).shape[1])
    try:
        modes = general.pseudo_harmonic_modes(place.landscape, place.x, count=count)
    except general.ModeError:
        return found
    modes = [mode for mode in modes if mode.status in GOOD]
    block = np.column_stack([mode.direction for mode in modes])
    along = engine(place.landscape).expansion(place.landscape, place.x, block)
    numbers = (along.b2, np.abs(along.b3), along.b4, [mode.cost for mode in modes])
    for name, value in zip(VARIABLES, numbers, strict=True):
        found[name][: len(modes)] = value
    return found


MEASUREMENT = Measurement(variables=VARIABLES, axis=AXIS, measure=_measure, lacks=lacks)
