"""The energy along the softest normal modes."""

import numpy as np

from qle.measurements.nonlinear import lacks
from qle.measurements.record import Array, Axis, Measurement, Place, engine, low_modes

SOFTEST = 20
"""So many modes, or what there is."""

AXIS = Axis("normal_mode", "number of the normal mode, 0 the softest", lambda N: min(N, SOFTEST))
VARIABLES = {
    "harmonic_b2": "stiffness along a normal mode, omega^2",
    "harmonic_b3": "magnitude of the third derivative of the energy along it",
    "harmonic_b4": "fourth derivative along it",
}


def _measure(place: Place) -> dict[str, Array]:
    found = MEASUREMENT.absent(place.landscape.size)
    count = min(SOFTEST, place.landscape.size - place.landscape.zero_modes(place.x).shape[1])
    modes = low_modes(place.landscape, place.x, count)
    along = engine(place.landscape).expansion(place.landscape, place.x, modes.vectors)
    for name, value in zip(VARIABLES, (along.b2, np.abs(along.b3), along.b4), strict=True):
        found[name][:count] = value
    return found


MEASUREMENT = Measurement(variables=VARIABLES, axis=AXIS, measure=_measure, lacks=lacks)
