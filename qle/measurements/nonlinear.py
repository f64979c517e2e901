"""The cubic modes that the softest sites of a minimum lead to."""

from typing import Any

import quartic
from landscape import Landscape, NotGivenError
from qle.measurements.record import Array, Axis, Measurement, Place, engine, reference

SOFTEST_SITES = 20
"""From so many of the softest sites the searches for cubic modes start."""

GOOD = ("converged", "descended")  # statuses of a cubic mode
EXCITATION = Axis(
    "excitation",
    "number of the cubic mode, 0 that of the lowest barrier",
    lambda N: min(N, SOFTEST_SITES),
)
VARIABLES = {
    "b2": "stiffness along a cubic mode, z.M.z",
    "b3": "third derivative of the energy along it, A sum_i x_i z_i^3 >= 0",
    "b4": "fourth derivative, A sum_i z_i^4",
    "cubic_barrier": "2 b2^3/(3 b3^2)",
    "nonlinear_participation": "participation ratio of the cubic mode",
    "nonlinear_residual": "|M z - (b2/b3) A x z^2|/|M z|",
}


def cubic_modes(landscape: Landscape, x: Array) -> list[quartic.NonlinearMode]:
    """Return the cubic modes, lowest barrier first; none of oscillators at x = 0: it has no cubic term."""
    if isinstance(landscape, quartic.Problem) and not x.any():
        return []
    count = min(EXCITATION.length(landscape.size), landscape.size - landscape.zero_modes(x).shape[1])
    try:
        modes = engine(landscape).cubic_modes(landscape, x, starts="sites", count=count)
    except quartic.ModeError:
        return []
    return [mode for mode in modes if mode.status in GOOD]


def _measure(place: Place) -> dict[str, Array]:
    found = MEASUREMENT.absent(place.landscape.size)
    for k, mode in enumerate(place.once(cubic_modes)):
        for name, value in zip(VARIABLES, _numbers(mode), strict=True):
            found[name][k] = value
    return found


def _numbers(mode: Any) -> tuple[float, ...]:
    return mode.b2, mode.b3, mode.b4, mode.barrier, mode.participation, mode.residual


def lacks(landscape: Landscape) -> str | None:
    """Return in words that a landscape has no third derivatives; None if it has."""
    try:
        landscape.third(reference(landscape))
    except NotGivenError as error:
        return str(error)
    return None


MEASUREMENT = Measurement(variables=VARIABLES, axis=EXCITATION, measure=_measure, lacks=lacks)
