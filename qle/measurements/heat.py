"""The local heat capacities of a minimum."""

from typing import Any

import quartic
from landscape import Landscape
from qle.measurements.record import SITE, Array, Measurement, Place


def _measure(place: Place) -> dict[str, Array]:
    """Return the heat capacity of every site, half of each of its pairs included; sum N."""
    problem: Any = place.landscape  # of oscillators, as nothing else is let in
    return {"heat_capacity": quartic.heat_capacities(problem, place.x, largest=0).local}


def _lacks(landscape: Landscape) -> str | None:
    if isinstance(landscape, quartic.Problem):
        return None
    return f"{type(landscape).__name__} is no quartic.Problem: only oscillators have an energy for every site"


MEASUREMENT = Measurement(
    variables={"heat_capacity": "local heat capacity (2/k_B) d<eps_i>/dT at T = 0; sum N"},
    axis=SITE,
    measure=_measure,
    lacks=_lacks,
)
