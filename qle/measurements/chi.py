"""The static susceptibility of a minimum."""

import quartic
from qle.measurements.record import Measurement, Place


def _measure(place: Place) -> dict[str, float]:
    return {"chi": quartic.response(place.landscape, place.x)}


MEASUREMENT = Measurement(variables={"chi": "static susceptibility, tr(M^-1)/N"}, axis=None, measure=_measure)
