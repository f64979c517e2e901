"""The replica-symmetric phase diagram of KHGPS over field and stiffness law, as a labelled data set."""

import math
from collections.abc import Sequence
from importlib.metadata import version
from itertools import product
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

import khgps
from arguments import array, count, real

MOST_POINTS = 100_000  # of a line: minutes
LINE = {
    "J": "critical coupling J_c: the replica-symmetric phase is J < J_c",
    "exponent": "exponent of D(omega) on the critical line",
    "q": "mean square displacement E[x^2] on the line",
    "chi": "response E[dx/df] on the line",
    "gap_edge": "kappa_min - J^2 chi on the line",
    "replicon": "1 - J^2 E[1/k^2] on the line",
}
WELLS = {"double_J": "coupling above which some oscillators have two wells"}
KNOTS = 9  # fields at which that is solved for
SPECIAL = {
    "special_h": "field of the special point, where the edge and the replicon vanish together",
    "special_J": "coupling of the special point",
}
LABELS = {"h": "field", "kappa_min": "smallest stiffness", "kappa_0": "largest stiffness"}


def phase_diagram(
    h: ArrayLike,
    *,
    kappa_min: float | Sequence[float],
    kappa_0: float | Sequence[float] = 1.0,
    beta: float = 0.0,
    A: float = 1.0,
    wells: bool = False,
) -> xr.Dataset:
    """Return the critical line J_c(h), or its map over stiffness laws J_c(h, kappa_min, kappa_0).

    Parameters
    ----------
    h : float or array
        Fields, >= 0, ascending.
    kappa_min, kappa_0 : float or sequence
        Every pair of them is computed; all need 0 < kappa_min <= kappa_0.
    beta, A : float
        As in `khgps.KHGPS`.
    wells : bool
        Also find where wells become double: a minute for each stiffness law.

    Returns
    -------
    xarray.Dataset
        Over (h, kappa_min, kappa_0): J, exponent, q, chi, gap_edge and replicon of `khgps.critical_coupling`;
        with `wells` double_J of `khgps.double_well_coupling`, by a monotonic cubic of h^(1/2) between nine
        fields where it is not the critical line.
        Over (kappa_min, kappa_0): special_h and special_J of `khgps.special_point`, nan where there is none.
        beta and A are scalar coordinates.

    Raises
    ------
    ValueError
        For a value out of range, with the rule.
    """
    axes = {"h": _values("h", h)} | _laws(kappa_min, kappa_0)
    fields, softest, stiffest = axes.values()
    beta, A = real("beta", beta), real("A", A)
    shape = (fields.size, softest.size, stiffest.size)
    on_line = LINE | (WELLS if wells else {})
    arrays = {name: np.full(shape, np.nan) for name in on_line} | {
        name: np.full(shape[1:], np.nan) for name in SPECIAL
    }
    for (i, low), (j, high) in product(enumerate(softest.tolist()), enumerate(stiffest.tolist())):
        law = {"kappa_min": low, "kappa_0": high, "beta": beta, "A": A}
        line = khgps.critical_coupling(fields, **law)
        for name in LINE:
            arrays[name][:, i, j] = getattr(line, name)
        special = _special_point(low, high, beta, A)
        arrays["special_h"][i, j], arrays["special_J"][i, j] = special
        if wells:
            arrays["double_J"][:, i, j] = _double_wells(fields, np.atleast_1d(line.J), special[0], law)
    dims = tuple(axes)
    variables: dict[str, Any] = {
        name: (dims if name in on_line else dims[1:], array, _labels((on_line | SPECIAL)[name]))
        for name, array in arrays.items()
    }
    coordinates: dict[str, Any] = {name: (name, axis, _labels(LABELS[name])) for name, axis in axes.items()}
    coordinates |= {"beta": beta, "A": A}
    solution = "replica-symmetric, zero temperature"
    return xr.Dataset(
        variables, coordinates, {"model": "khgps", "solution": solution, "qle_version": version("qle")}
    )


def suitable_fields(
    *,
    kappa_min: float | Sequence[float],
    kappa_0: float | Sequence[float],
    beta: float = 0.0,
    A: float = 1.0,
    h_max: float | None = None,
    points: int = 200,
) -> NDArray[np.float64]:
    """Return fields from 0 to h_max, denser near 0 where J_c(h) is steep: h ~ t^2, t evenly spaced.

    By default h_max is 3 times the field of the farthest special point, or kappa_0^(3/2)/A^(1/2) without any.

    Raises
    ------
    ValueError
        For an argument out of range: h_max that is not positive, or points that are not from 2 to 100,000.
    """
    points = count("points", points, least=2, most=MOST_POINTS)
    softest, stiffest = (axis.tolist() for axis in _laws(kappa_min, kappa_0).values())
    beta, A = real("beta", beta), real("A", A, above=0.0)
    if h_max is None:
        special = [_special_point(low, high, beta, A)[0] for low, high in product(softest, stiffest)]
        found = [h for h in special if np.isfinite(h)]
        h_max = 3.0 * max(found) if found else max(stiffest) ** 1.5 / A**0.5
    return real("h_max", h_max, above=0.0) * np.linspace(0.0, 1.0, points) ** 2


def _laws(kappa_min: ArrayLike, kappa_0: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return the axes of the stiffness laws."""
    return {"kappa_min": _values("kappa_min", kappa_min), "kappa_0": _values("kappa_0", kappa_0)}


def _values(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return the values along an axis: several, or one."""
    return np.atleast_1d(array(name, value, (), ("n",)))


def _special_point(kappa_min: float, kappa_0: float, beta: float, A: float) -> tuple[float, float]:
    """Return (h, J) of the special point, nan where there is none."""
    law = {"kappa_min": kappa_min, "kappa_0": kappa_0, "beta": beta, "A": A}
    khgps.critical_coupling(0.0, **law)  # raises for a law that has no critical line
    try:
        point = khgps.special_point(**law)
    except ValueError:  # none of the line's points is special
        return np.nan, np.nan
    return float(point.h), float(point.J)


def _double_wells(
    h: NDArray[np.float64], J_c: NDArray[np.float64], special: float, law: dict[str, float]
) -> NDArray[np.float64]:
    """Return where wells become double: on the critical line in fields above the special point's."""
    inner = h <= special if np.isfinite(special) else np.full(h.shape, True)
    roots = np.linspace(0.0, math.sqrt(min(special, h.max()) if np.isfinite(special) else h.max()), KNOTS)
    found = khgps.double_well_coupling(roots**2, **law)
    return np.where(inner, PchipInterpolator(roots, found)(np.where(inner, np.sqrt(h), 0.0)), J_c)


def _labels(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
