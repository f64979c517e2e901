"""KHGPS for N -> infinity over the (h, J) plane, on both sides of the critical line: numbers and spectra."""

import math
from collections.abc import Callable, Iterable
from importlib.metadata import version
from itertools import product
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

import khgps
from arguments import array, count, real

Array = NDArray[np.float64]

REGIMES = ("symmetric", "broken", "double wells", "unsolved")
COLUMNS = {
    "q": "E[x^2]: overlap of a state with itself",
    "q_0": "least overlap of two states",
    "chi": "response with all states",
    "chi_EA": "response inside a state",
    "replicon": "1 - J^2 E[1/k^2] inside a state",
    "gap_edge": "kappa_min - J^2 chi_EA: wells are double where it is negative",
    "energy": "energy per oscillator",
    "gap": "frequency at which D(omega) begins",
}
SPECTRA = {"omega": "frequency", "D": "density of states"}
HIGHEST = 1.5  # frequency of a spectrum, of kappa_0^(1/2)
LOWEST = 2e-3  # of the highest, where D has no gap
FARTHEST = 1.8  # coupling, of the largest J_c
NEAREST = 1e-4  # of the range above a gap


def plane(
    h: ArrayLike,
    J: ArrayLike,
    *,
    kappa_min: float = 0.1,
    kappa_0: float = 1.0,
    beta: float = 0.0,
    A: float = 1.0,
    points: int = 48,
    each: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> xr.Dataset:
    """Return the solution at every (h, J): symmetric replicas up to the critical line, broken ones past it.

    Parameters
    ----------
    h, J : float or array
        Fields >= 0 and couplings > 0.
    kappa_min, kappa_0, beta, A : float
        As in `khgps.KHGPS`.
    points : int
        Frequencies of each spectrum, at least 2: dense at its gap, and even in ln(omega) where it has none.
    each : callable
        Passes on what is computed one by one, as tqdm does: a point past the line takes seconds.

    Returns
    -------
    xarray.Dataset
        Over (h, J): `COLUMNS`, and the regime: "symmetric", "broken" (no double wells), "double wells"
        (broken, with them), or "unsolved", where the breaking drowns in rounding, and all numbers are nan.
        Over (h, J, point): omega and D.

    Raises
    ------
    ValueError
        For a value out of range, with the rule; before any work.
    """
    axes = {"h": np.atleast_1d(array("h", h, (), ("n",))), "J": np.atleast_1d(array("J", J, (), ("n",)))}
    real("J", float(axes["J"].min()), above=0.0)
    points = count("points", points, least=2)
    law: dict[str, Any] = {"kappa_min": kappa_min, "kappa_0": kappa_0, "beta": beta, "A": A}
    models = [khgps.KHGPS(N=2, h=h, J=J, **law) for h, J in product(*axes.values())]
    rows = [_point(model, points) for model in each(models)]
    shape = tuple(axis.size for axis in axes.values())
    variables: dict[str, Any] = {
        name: (tuple(axes), np.array([row[0][name] for row in rows]).reshape(shape), _labels(words))
        for name, words in COLUMNS.items()
    }
    for k, (name, words) in enumerate(SPECTRA.items()):
        spectra = np.array([row[1][k] for row in rows]).reshape(*shape, points)
        variables[name] = ((*axes, "point"), spectra, _labels(words))
    flags = np.array([REGIMES.index(row[2]) for row in rows], np.int8).reshape(shape)
    words = " ".join(regime.replace(" ", "_") for regime in REGIMES)
    meaning = {"flag_values": np.arange(len(REGIMES), dtype=np.int8), "flag_meanings": words}
    variables["regime"] = (tuple(axes), flags, meaning)
    coordinates = {name: (name, axis, _labels(name)) for name, axis in axes.items()} | law
    about = {"model": "khgps", "solution": "zero temperature", "qle_version": version("qle")}
    return xr.Dataset(variables, coordinates, about)


def both_sides(diagram: xr.Dataset, points: int) -> tuple[Array, Array]:
    """Return evenly spaced fields, and couplings up to 1.8 times the largest J_c, around a critical line."""
    h = np.linspace(0.0, float(diagram["h"].max()), points)
    return h, FARTHEST * float(diagram["J"].max()) * np.arange(1, points + 1) / points


def _point(params: khgps.KHGPS, points: int) -> tuple[dict[str, float], tuple[Array, Array], str]:
    """Return the numbers of a point, its spectrum and its regime."""
    try:
        glass = khgps.solve_rsb(params)
    except khgps.StalledError:
        nothing = np.full(points, math.nan)
        return dict.fromkeys(COLUMNS, math.nan), (nothing, nothing), REGIMES[3]
    top = HIGHEST * math.sqrt(params.kappa_0)
    if glass.status == "symmetric":
        gap = khgps.rs_gap(params)
        start = NEAREST if gap > 0.0 else LOWEST
        omega = gap + (top - gap) * np.geomspace(start, 1.0, points)
        D, regime = khgps.rs_spectrum(params, omega), REGIMES[0]
    else:
        gap, omega = 0.0, top * np.geomspace(LOWEST, 1.0, points)
        D, regime = khgps.ground_state(glass).spectrum(omega), REGIMES[1 + (glass.gap_edge < 0.0)]
    names = {"q": "q_EA"} | {name: name for name in COLUMNS if name not in ("q", "gap")}
    numbers = {name: float(getattr(glass, where)) for name, where in names.items()} | {"gap": float(gap)}
    return numbers, (omega, D), regime


def _labels(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
