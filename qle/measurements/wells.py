"""The second minima that pushes along the cubic modes of a minimum lead to, with the barriers on the way."""

from qle.measurements.nonlinear import EXCITATION, cubic_modes
from qle.measurements.record import Array, Measurement, Place, engine

VARIABLES = {
    "well_overlap": "overlap of the cubic mode with the way to the second minimum",
    "well_distance": "length of that way",
    "well_asymmetry": "energy of the second minimum above the first",
    "well_barrier": "highest saddle of the minimum-energy path above the first minimum",
}


def _measure(place: Place) -> dict[str, Array]:
    found = MEASUREMENT.absent(place.landscape.size)
    if modes := place.once(cubic_modes):
        for k, well in enumerate(engine(place.landscape).double_wells(place.landscape, place.x, modes)):
            ends = (well.overlap, well.distance, well.asymmetry, well.barrier)
            for name, value in zip(VARIABLES, ends, strict=True):
                found[name][k] = value
    return found


MEASUREMENT = Measurement(variables=VARIABLES, axis=EXCITATION, measure=_measure)
