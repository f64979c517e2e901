"""The models that a sweep can run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import khgps
import lattice_gps
import quartic
from qle.store import Identity


@dataclass(frozen=True, kw_only=True)
class Model:
    """What a sweep needs to know of a model.

    Attributes
    ----------
    parameters : type
        Its dataclass of parameters, with an attribute N, the number of oscillators.
    draw : callable
        draw(parameters, *, seed, sample) returns one sample.
    extent : tuple of str
        The parameters that decide N.
    small : int
        A value of the first of them, large enough to compile every kernel and small enough to take no time.
    rests : callable
        rests(values) tells whether samples with these parameters have x = 0 for a stationary point, which is
        where the starts "zero" and "decoupled" are, and a saddle unless the couplings are weak.
    """

    parameters: type[Any]
    draw: Callable[..., quartic.Problem]
    extent: tuple[str, ...]
    small: int
    rests: Callable[[Mapping[str, Any]], bool] = lambda values: False

    def oscillators(self, values: Mapping[str, Any]) -> int:
        """Return N of a sample with these parameters."""
        return int(self.parameters(**values).N)


MODELS = {
    "khgps": Model(parameters=khgps.KHGPS, draw=khgps.draw, extent=("N",), small=16),
    "lattice_gps": Model(
        parameters=lattice_gps.GPSLattice,
        draw=lattice_gps.draw,
        extent=("L", "d"),
        small=3,
        rests=lambda values: values["h"] == 0.0 and values["J"] > 0.0,  # no stiffness is negative
    ),
}


def oscillators(point: Identity) -> int:
    """Return the number of oscillators of the samples of a grid point."""
    return MODELS[point["model"]].oscillators(point["parameters"])


def shrunk(point: Identity) -> Identity:
    """Return a point like this one but with samples as small as `Model.small`."""
    model = MODELS[point["model"]]
    first = model.extent[0]
    parameters = {**point["parameters"], first: min(model.small, point["parameters"][first])}
    modes = point["measure"]["modes"]
    if not isinstance(modes, str):
        modes = min(model.oscillators(parameters), modes)
    return {**point, "parameters": parameters, "measure": {**point["measure"], "modes": modes}}
