"""All models that a sweep can run."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import glass
import khgps
import lattice_gps
from qle.description import own_model
from qle.description.grid import SpecError, choice
from qle.description.identity import Identity
from qle.description.model import LABELS, Model
from qle.description.protocol import DRAWN, QUENCHES

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
    "soft_spheres": Model(
        parameters=glass.SoftSpheres,
        draw=glass.draw,
        extent=("N", "d"),
        small=160,
        labels={
            "N": "number of particles",
            "d": "dimension of space",
            "T_p": "temperature at which the liquid was equilibrated",
            "density": "particles in a unit of volume",
            "sweeps": "steps of Monte Carlo for each particle",
            "energy": "energy per particle, U/N",
            "mean_x": "mean displacement of a coordinate from the liquid",
            "mean_x2": "mean square displacement of a coordinate from the liquid",
            "products": "steps of the quench",
        },
        starts_at_saddle=lambda values, start: False,
        particles=True,
        quick={"sweeps": 32},
        protocol={"method": "quench", "start": "drawn", "tol": 1e-12},
        methods=QUENCHES,
        starts=(DRAWN,),
        always=("liquid",),
        seconds=lambda values: values["N"] * (2e-6 * values["sweeps"] + 2e-3),
    ),
}


def identified(model: object) -> str:
    """Return the name that results of a model are filed under: its key, or module:Class@digest.

    Parameters
    ----------
    model : str or type
        A key of `MODELS`; for a model of a user's own module:Class, or the class itself.

    Raises
    ------
    SpecError
        There is no such model, or a user's breaks a rule (`qle.description.own_model`).
    """
    if own_model.is_own(model):
        return own_model.identify(model)  # type: ignore[arg-type]
    return choice("model", model, tuple(MODELS), also=", or module:Class of your own")


def loaded(name: str) -> Model:
    """Return the model of a name that results are filed under; a user's is imported, its source compared."""
    return own_model.loaded(name) if own_model.is_own(name) else MODELS[name]


def described(name: str) -> Model:
    """Return what is known of a model without importing anything of a user's; raise KeyError for no name."""
    return own_model.RECORDED if own_model.is_recorded(name) else MODELS[name]


def model_of(parameters: object) -> Model:
    """Return the model that has parameters of this type; raise TypeError if none has."""
    for model in MODELS.values():
        if type(parameters) is model.parameters:
            return model
    try:
        return own_model.record(type(parameters))
    except SpecError as error:
        raise TypeError(f"must be the parameters of {', '.join(MODELS)}, or of your own: {error}") from None


def oscillators(point: Identity) -> int:
    """Return the number of oscillators of the samples of a grid point."""
    return described(point["model"]).oscillators(point["parameters"])


def pace(point: Identity) -> int:
    """Return the number of densely coupled oscillators whose samples take as long as those of a point."""
    return described(point["model"]).pace(point["parameters"])


def coordinates(point: Identity) -> int:
    """Return the number of coordinates of the samples of a grid point."""
    return described(point["model"]).coordinates(point["parameters"])


def shrunk(point: Identity) -> Identity:
    """Return a point like this one but with samples as small as `Model.small`.

    In the place of a model of a user's, who alone knows which sizes it has, stands KHGPS.
    """
    if own_model.is_own(point["model"]):
        known = MODELS["khgps"].values(khgps.KHGPS(N=16, J=0.1, h=0.1))
        point = {**point, "model": "khgps", "parameters": known}
    model = MODELS[point["model"]]
    parameters = model.shrunk(point["parameters"])
    modes = point["measure"]["modes"]
    if not isinstance(modes, str):
        modes = min(model.oscillators(parameters), modes)
    return {**point, "parameters": parameters, "measure": {**point["measure"], "modes": modes}}
