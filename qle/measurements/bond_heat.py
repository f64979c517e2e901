"""The heat capacities of the bonds of a glass."""

from typing import Any

import glass
from qle.measurements.elasticity import no_particles
from qle.measurements.record import Array, Axis, Measurement, Place

BOND = Axis("bond", "number of the bond, in no order", lambda N: 4 * N)


def _measure(place: Place) -> dict[str, Array]:
    """Return c_alpha of every bond; their sum is the number of degrees of freedom, N d - d."""
    particles: Any = place.landscape  # as nothing else is let in
    heat, _ = glass.bond_heat(particles, place.x)
    found = MEASUREMENT.absent(place.landscape.size)
    if heat.size > found["bond_heat"].size:
        raise ValueError(f"{heat.size} bonds: must be at most {found['bond_heat'].size}")
    found["bond_heat"][: heat.size] = heat
    return found


MEASUREMENT = Measurement(
    variables={"bond_heat": "heat capacity of a bond, (2/k_B) d<V_ij>/dT at T = 0; sum N d - d"},
    axis=BOND,
    measure=_measure,
    lacks=no_particles,
)
