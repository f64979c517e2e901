"""The static susceptibility of a minimum."""

from landscape import response
from qle.measurements.record import Measurement, Place


def _measure(place: Place) -> dict[str, float]:
    return {"chi": response(place.landscape.hessian(place.x))}


MEASUREMENT = Measurement(variables={"chi": "static susceptibility, tr(M^-1)/N"}, axis=None, measure=_measure)
