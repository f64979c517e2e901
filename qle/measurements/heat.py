"""The local heat capacities of a minimum."""

import quartic
from qle.measurements.record import SITE, Array, Measurement, Place


def _measure(place: Place) -> dict[str, Array]:
    """Return the heat capacity of every site, half of each of its pairs included; sum N."""
    return {"heat_capacity": quartic.heat_capacities(place.landscape, place.x, largest=0).local}


MEASUREMENT = Measurement(
    variables={"heat_capacity": "local heat capacity (2/k_B) d<eps_i>/dT at T = 0; sum N"},
    axis=SITE,
    measure=_measure,
)
