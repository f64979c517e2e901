"""Gradient descent of KHGPS: the limit of large N and samples beside it, as a data set."""

import math
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import khgps
import landscape
import quartic
from arguments import array, count, real
from quartic.starts import starting_point

Array = NDArray[np.float64]
OF_TIME = {
    "energy": "energy per oscillator",
    "mean_x": "E[x]",
    "dissipation": "E[x'^2], the speed",
    "chi": "response of E[x] to a field since t = 0",
}
OF_TWO_TIMES = {"C": "E[x(t) x(s)]", "R": "E[dx(t)/dx(s)]"}
FLOWS = ("energy", "mean_x", "dissipation")
ENDS = {
    "descent": "energy per oscillator of the minimum that the flow of a sample ends in",
    "lbfgs": "energy per oscillator of a minimum by lbfgs from the same start",
}


def gradient_descent(
    params: khgps.KHGPS,
    *,
    times: Any,
    start: str = "zero",
    samples: int = 4096,
    batches: int = 3,
    flows: int = 4,
    seed: int = 0,
    each: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> xr.Dataset:
    """Return the flow from a start, at times, for N -> infinity and for samples of params.N oscillators.

    Parameters
    ----------
    samples, batches
        As in `khgps.solve_dynamics`.
    flows : int
        Samples of N oscillators, each with one probe of R.
    each : callable
        Passes on the numbers of these, as tqdm does.

    Returns
    -------
    xarray.Dataset
        Over time and earlier: `OF_TIME` and `OF_TWO_TIMES` with errors, nan from where the noise of the limit
        has taken over; over sample the same of the flows, as ``energy_of_samples``, and energies of minima,
        ``descent_of_samples`` and ``lbfgs_of_samples``, nan where none is reached. ``ground_energy`` is that
        of broken replicas, nan where it is not found.

    Raises
    ------
    ValueError
        For a value out of range, before any work.
    """
    asked = array("times", times, ("n",), above=0.0)
    flows = count("flows", flows, least=0)
    limit = khgps.solve_dynamics(
        params, times=asked, start=start, samples=samples, batches=batches, seed=seed
    )
    variables: dict[str, Any] = {}
    tables: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
        (OF_TIME, ("time",)),
        (OF_TWO_TIMES, ("time", "earlier")),
    )
    for names, shape in tables:
        for name, words in names.items():
            for one, meaning in ((name, words), (f"{name}_error", f"standard error of {name}")):
                value = _padded(getattr(limit, one), asked.size)
                variables[one] = (shape, value, {"long_name": meaning})
    found = [_flow(params, asked, start, seed, k) for k in each(range(flows))]
    for name in (*FLOWS, *OF_TWO_TIMES):
        dims = ("sample", "time", "earlier") if name in OF_TWO_TIMES else ("sample", "time")
        values = np.array([one[name] for one in found]).reshape(flows, *(asked.size for _ in dims[1:]))
        told = {"long_name": f"{name} of samples of N oscillators"}
        variables[f"{name}_of_samples"] = (dims, values, told)
    for name, words in ENDS.items():
        energies = np.array([one[name] for one in found]).reshape(flows)
        variables[f"{name}_of_samples"] = ("sample", energies, {"long_name": words})
    variables["ground_energy"] = ((), _ground_energy(params), {"long_name": "energy of the ground state"})
    coordinates = {"time": asked, "earlier": asked, "N": params.N}
    for name in ("J", "h", "kappa_0", "kappa_min", "beta", "A"):
        coordinates[name] = getattr(params, name)
    about: dict[str, Any] = {"limit_samples": samples, "limit_batches": batches, "start": start}
    about |= {"model": "khgps", "status": limit.status, "qle_version": version("qle")}
    return xr.Dataset(variables, coordinates, about)


def _padded(values: Array, size: int) -> Array:
    """Return values along all times asked for, nan beyond those reached."""
    return np.pad(values, [(0, size - n) for n in values.shape], constant_values=math.nan)


def _flow(params: khgps.KHGPS, times: Array, start: str, seed: int, sample: int) -> dict[str, Any]:
    """Return what is asked of the flow of one sample."""
    problem = khgps.draw(params, seed=seed, sample=sample)
    x = starting_point(problem, start, (sample << 32) + seed)
    way = landscape.flow(problem, x, times, probes=1, seed=sample)
    return {
        "energy": way.energy / params.N,
        "mean_x": way.x.mean(axis=1),
        "dissipation": way.speed,
        "C": way.C,
        "R": np.asarray(way.R),
        "descent": _minimum(problem, "descent", way.x[-1]),
        "lbfgs": _minimum(problem, "lbfgs", x),
    }


def _minimum(problem: quartic.Problem, method: str, start: Array) -> float:
    """Return the energy per oscillator of a minimum, nan where none is reached."""
    end = quartic.minimize(problem, method=method, start=start, check=False)
    return end.energy / problem.size if end.status == "converged" else math.nan


def _ground_energy(params: khgps.KHGPS) -> float:
    try:
        return khgps.solve_rsb(params).energy
    except (ValueError, khgps.StalledError):
        return math.nan


def times_until(last: float, points: int) -> Array:
    """Return times from 0.5 on, evenly in their logarithm."""
    last = real("until", last, above=0.5)
    return np.geomspace(0.5, last, count("points", points, least=2))


def of_samples(data: xr.Dataset, name: str) -> tuple[Array, Array]:
    """Return mean and standard error of the flows at each time; nan of none, and of one alone."""
    values = data[f"{name}_of_samples"].values
    number, nothing = values.shape[0], np.full(values.shape[1:], math.nan)
    mean = values.mean(axis=0) if number else nothing
    return mean, values.std(axis=0, ddof=1) / math.sqrt(number) if number > 1 else nothing


def powers(data: xr.Dataset) -> list[tuple[str, float, float]]:
    """Return the power of time that E[x'^2] follows over the last factor of four in time, and its error.

    Of the limit, where it is known that far, with the error that its own gives a slope; and of the samples,
    by their scatter.
    """
    time = data["time"].values
    late = time >= 0.25 * time[-1] * (1.0 - 1e-12)
    if late.sum() < 2:
        return []
    centred = np.log(time[late]) - np.log(time[late]).mean()
    slope = centred / (centred @ centred)
    found = []
    limit, error = (data[name].values[late] for name in ("dissipation", "dissipation_error"))
    if np.isfinite(limit).all() and (limit > 0.0).all():
        found.append(
            ("the limit", float(np.log(limit) @ slope), float(np.linalg.norm(error / limit * slope)))
        )
    flows = data["dissipation_of_samples"].values[:, late]
    if len(flows) > 1 and (flows > 0.0).all():
        each = np.log(flows) @ slope
        found.append(("samples", float(each.mean()), float(each.std(ddof=1) / math.sqrt(each.size))))
    return found
