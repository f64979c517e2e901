"""The ground state of KHGPS for N -> infinity over coupling, field and stiffness, as a labelled data set."""

import math
from collections.abc import Callable, Iterable
from importlib.metadata import version
from itertools import product
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

import khgps
from arguments import array, real

SHARE = 1e-3  # of the modes, below omega_cut
STATUS = ("broken", "symmetric", "unsolved")
BROKEN, UNSOLVED = 0, 2
COLUMNS = {
    "q_EA": "E[x^2]: overlap of a state with itself",
    "q_0": "least overlap of two states",
    "replicon": "1 - J^2 E[1/k^2] inside a state",
    "gap_edge": "b = kappa_min - J^2 chi_EA: wells are double where it is negative",
    "chi_EA": "response inside a state",
    "chi": "response with all states",
    "mean_x": "E[x]",
    "energy": "energy per oscillator",
    "energy_error": "its error",
    "energy_symmetric": "energy of the replica-symmetric solution, too low where that is unstable",
    "double_wells": "share of oscillators with two wells",
    "omega_cut": "frequency below which a given share of the modes lies",
    "A_at_cut": "mean of D over that of omega^4 below omega_cut",
    "exponent": "d ln D/d ln omega at omega_cut",
}
AXES = {"h": "field", "kappa_0": "largest stiffness", "J": "coupling"}


def ground_states(
    J: ArrayLike,
    *,
    h: ArrayLike,
    kappa_0: ArrayLike = 1.0,
    kappa_min: float = 0.0,
    beta: float = 0.0,
    A: float = 1.0,
    share: float = SHARE,
    each: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> xr.Dataset:
    """Return what `khgps.solve_rsb` and `khgps.ground_state` find at every J, h and kappa_0.

    Parameters
    ----------
    J, h, kappa_0 : float or array
        Every triple is computed, in a few seconds.
    kappa_min, beta, A : float
        As in `khgps.KHGPS`.
    share : float
        Of the modes below omega_cut, in (0, 0.1]: that of half a mode per sample is 1/(2 N).
    each : callable
        Passes on what is computed one by one, as tqdm does.

    Returns
    -------
    xarray.Dataset
        Over (h, kappa_0, J): `COLUMNS`, and the status. The last three of them, double_wells, and those of no
        solution are nan where the symmetry is not broken.

    Raises
    ------
    ValueError
        For a value out of range, with the rule; before any work.
    """
    share = real("share", share, above=0.0, most=0.1)
    axes = {
        name: np.atleast_1d(array(name, value, (), ("n",)))
        for name, value in (("h", h), ("kappa_0", kappa_0), ("J", J))
    }
    real("J", float(axes["J"].min()), above=0.0)
    law: dict[str, Any] = {"kappa_min": kappa_min, "beta": beta, "A": A}
    models = [khgps.KHGPS(N=2, h=h, kappa_0=kappa_0, J=J, **law) for h, kappa_0, J in product(*axes.values())]
    rows = [_row(model, share) for model in each(models)]
    shape = tuple(axis.size for axis in axes.values())
    variables: dict[str, Any] = {
        name: (
            tuple(axes),
            np.array([row.get(name, math.nan) for row in rows]).reshape(shape),
            _labels(words),
        )
        for name, words in COLUMNS.items()
    }
    flags = np.array([STATUS.index(row["status"]) for row in rows], np.int8).reshape(shape)
    meaning = {"flag_values": np.arange(len(STATUS), dtype=np.int8), "flag_meanings": " ".join(STATUS)}
    variables["status"] = (tuple(axes), flags, meaning)
    coordinates: dict[str, Any] = {name: (name, axis, _labels(AXES[name])) for name, axis in axes.items()}
    coordinates |= {name: getattr(models[0], name) for name in law} | {"share": share}
    solution = "replica symmetry broken in full, zero temperature"
    return xr.Dataset(
        variables, coordinates, {"model": "khgps", "solution": solution, "qle_version": version("qle")}
    )


def _row(params: khgps.KHGPS, share: float) -> dict[str, Any]:
    """Return the numbers of a point."""
    found: dict[str, Any] = {"energy_symmetric": khgps.solve_rs(params, unstable=True).energy}
    try:
        solution = khgps.solve_rsb(params)
    except khgps.StalledError:
        return found | {"status": "unsolved"}
    found |= {name: getattr(solution, name) for name in COLUMNS if hasattr(solution, name)}
    found["status"] = solution.status
    if solution.status == "broken":
        state = khgps.ground_state(solution)
        cut, level = tail_of_share(state, params, share)
        found |= {
            "double_wells": state.double_wells,
            "omega_cut": cut,
            "A_at_cut": level,
            "exponent": float(state.exponent(cut)),
        }
    return found


def tail_of_share(state: khgps.GroundState, params: khgps.KHGPS, share: float) -> tuple[float, float]:
    """Return omega_cut, below which a share of the modes lies, and D over omega^4 there, means of both."""
    highest = 2.0 * math.sqrt(max(abs(params.kappa_0), params.J))
    omega = highest * np.geomspace(1e-4, 1.0, 600)
    content = omega * state.spectrum(omega)
    steps = 0.5 * (content[1:] + content[:-1]) * np.diff(np.log(omega))
    below = content[0] / 5.0 + np.concatenate([[0.0], np.cumsum(steps)])
    rising = below > 0.0
    cut = float(np.exp(np.interp(math.log(share), np.log(below[rising]), np.log(omega[rising]))))
    return cut, 5.0 * share / cut**5


def edge_vanishes(line: xr.Dataset) -> NDArray[np.float64]:
    """Return the J where b = 0 along a line of one h and kappa_0, by straight lines between its points."""
    solved = line["status"].values == BROKEN
    J, b = line["J"].values[solved], line["gap_edge"].values[solved]
    k = np.flatnonzero(np.sign(b[1:]) != np.sign(b[:-1]))
    return np.asarray(J[k] - b[k] * (J[k + 1] - J[k]) / (b[k + 1] - b[k]))


def _labels(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
