"""Pressure and shear modulus of a glass."""

from typing import Any

import glass
from landscape import Landscape
from qle.measurements.record import Measurement, Place


def _measure(place: Place) -> dict[str, float]:
    particles: Any = place.landscape  # as nothing else is let in
    return {
        "pressure": glass.pressure(particles, place.x),
        "shear_modulus": glass.shear_modulus(particles, place.x),
    }


def no_particles(landscape: Landscape) -> str | None:
    """Return in words that a landscape is not one of particles; None if it is."""
    if isinstance(landscape, glass.PairGlass):
        return None
    return f"{type(landscape).__name__} is no glass.PairGlass: only particles have bonds and a volume"


MEASUREMENT = Measurement(
    variables={
        "pressure": "-dU/dV",
        "shear_modulus": "d2U/dgamma2 over the volume, of simple shear x -> x + gamma y",
    },
    axis=None,
    measure=_measure,
    lacks=no_particles,
)
