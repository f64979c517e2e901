"""Lines that theory draws across a plane of J and another parameter of KHGPS."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qle.solutions.phase_diagram import phase_diagram
from theory import formulas

Array = NDArray[np.float64]

OTHERS = ("h", "kappa_0", "kappa_min")
CRITICAL, CROSSOVER, SPECIAL = "$J_c$ ($N \\to \\infty$)", "$J_x$", "special point"
DOUBLE = "wells become double"


class Curve(NamedTuple):
    """Values of J along the other parameter, and how they are drawn; one value is a point."""

    label: str
    style: str
    other: Array
    J: Array


def curves(other: str, values: Array, fixed: Mapping[str, Any], *, wells: bool = False) -> list[Curve]:
    """Return what is known of the plane of J and another parameter.

    Parameters
    ----------
    other : str
        One of `OTHERS`; without a line for any other.
    values : (n,) array
        Along which.
    fixed : mapping
        The other parameters of `khgps.KHGPS`.
    wells : bool
        Also where, beyond J_c, wells become double: a minute.

    Returns
    -------
    list of Curve
        For kappa_min > 0 the critical line J_c, and along h its special point. For kappa_min = 0, where the
        whole plane is glassy, the crossover J_x from weak to strong coupling. Empty for other stiffness laws.
    """
    if other not in OTHERS or fixed.get("stiffness") or fixed.get("beta", 0.0) != 0.0:
        return []
    if other != "kappa_min" and fixed["kappa_min"] == 0.0:
        given = {name: fixed[name] for name in ("h", "kappa_0", "A") if name != other} | {other: values}
        return [Curve(CROSSOVER, "--", values, formulas.crossover_coupling(np, **given))]
    if other == "h":
        return _along_h(values, fixed, wells=wells)
    least, most = (0.0, fixed["kappa_0"]) if other == "kappa_min" else (fixed["kappa_min"], np.inf)
    values = values[(values > least) & (values <= most)]
    if not values.size:
        return []
    law = {name: fixed[name] for name in ("kappa_min", "kappa_0", "A") if name != other}
    line = phase_diagram([fixed["h"]], **law, **{other: values.tolist()})["J"]
    return [Curve(CRITICAL, "-", values, line.values.ravel())]


def _along_h(values: Array, fixed: Mapping[str, Any], *, wells: bool) -> list[Curve]:
    law = {name: fixed[name] for name in ("kappa_min", "kappa_0", "A")}
    found = phase_diagram(values, **law, wells=wells).squeeze(("kappa_min", "kappa_0"))
    rows = [Curve(CRITICAL, "-", values, found["J"].values)]
    h, J = float(found["special_h"]), float(found["special_J"])
    if values[0] <= h <= values[-1]:
        rows.append(Curve(SPECIAL, "o", np.array([h]), np.array([J])))
    if wells:
        below = values <= h if np.isfinite(h) else np.full(values.shape, True)
        rows.append(Curve(DOUBLE, "-.", values[below], found["double_J"].values[below]))
    return rows
