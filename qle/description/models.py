"""All models that a sweep can run."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import khgps
import lattice_gps
from qle.description.identity import Identity
from qle.description.model import LABELS, Model

LAW = ("kappa_0", "kappa_min", "beta", "stiffness")


def _mean_field_saddle(values: Mapping[str, Any], start: str) -> bool:
    """Negative stiffnesses have wells, where "decoupled" goes; positive ones hold out up to J_c(h = 0)."""
    if values["h"] > 0.0:
        return False
    if values["kappa_min"] <= 0.0:
        gapless = values["kappa_min"] == 0.0
        return bool(values["J"] > 0.0) if gapless else start == "zero"
    return bool(values["J"] > _unforced_coupling(*(values.get(name) for name in LAW)))


@cache
def _unforced_coupling(*law: Any) -> float:
    return float(khgps.critical_coupling(0.0, **dict(zip(LAW, law, strict=True))).J)


def _lattice_saddle(values: Mapping[str, Any], start: str) -> bool:
    """No stiffness is negative, and they begin at zero."""
    return bool(values["h"] == 0.0 and values["J"] > 0.0)


MODELS = {
    "khgps": Model(
        parameters=khgps.KHGPS,
        draw=khgps.draw,
        extent=("N",),
        small=16,
        labels={
            **LABELS,
            "kappa_min": "smallest stiffness",
            "stiffness": "law of the stiffness",
            "coupling": "representation of the couplings",
        },
        starts_at_saddle=_mean_field_saddle,
    ),
    "lattice_gps": Model(
        parameters=lattice_gps.GPSLattice,
        draw=lattice_gps.draw,
        extent=("L", "d"),
        small=3,
        labels={**LABELS, "L": "sites along a side of the lattice", "d": "dimension of the lattice"},
        starts_at_saddle=_lattice_saddle,
    ),
}


def model_of(parameters: object) -> Model:
    """Return the model that has parameters of this type; raise TypeError if none has."""
    for model in MODELS.values():
        if type(parameters) is model.parameters:
            return model
    raise TypeError(f"{type(parameters).__name__}: must be the parameters of {', '.join(MODELS)}")


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
