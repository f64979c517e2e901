"""What a liquid's run says of equilibrium, and of the glass that it was quenched to."""

import glass
from qle.measurements.record import Measurement, Place

VARIABLES = {
    "ageing": "energy of the last quarter of the run less that of the third, over its error",
    "overlap": "share of the particles that have not moved in the second half of the run",
    "order": "of the angles of bonds, over that of as many at random",
    "moves_taken": "share of moves that were accepted",
    "swaps_taken": "share of exchanges of sizes that were accepted",
}


def _measure(place: Place) -> dict[str, float]:
    run = _liquid(place.landscape).run
    return {name: float(getattr(run, name)) for name in VARIABLES}


def _liquid(landscape: object) -> glass.Liquid:
    if not isinstance(landscape, glass.Liquid):
        raise TypeError(f"{type(landscape).__name__} is no glass.Liquid: nobody knows its run")
    return landscape


MEASUREMENT = Measurement(variables=VARIABLES, axis=None, measure=_measure)
