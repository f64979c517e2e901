"""The Hessian of samples on their way down: its eigenvalues at given times, and in the minimum."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import khgps
import landscape
import quartic
from arguments import array, count
from qle.measurements.spectra import LARGEST
from quartic.starts import starting_point

Array = NDArray[np.float64]


def flow_spectra(
    params: khgps.KHGPS,
    *,
    times: Any,
    start: str = "zero",
    samples: int = 8,
    seed: int = 0,
    each: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> xr.Dataset:
    """Return all eigenvalues of the Hessian of samples at times of their flow, and in the minima below.

    Parameters
    ----------
    times : (n,) array
        Ascending, > 0.
    start : str
        As in `quartic.minimize`.
    samples : int
        Of params.N oscillators, at most 6000.
    each : callable
        Passes on the numbers of these, as tqdm does.

    Returns
    -------
    xarray.Dataset
        Over hessian_sample, stop and mode ``eigenvalue``, ascending; nan where descent reaches no minimum.
        Coordinates ``stop``, the times and inf for the minimum, and ``hessian_N``, the oscillators.

    Raises
    ------
    ValueError
        For a value out of range, before any work.
    """
    asked = array("times", times, ("n",), above=0.0)
    samples = count("samples", samples)
    count("N", params.N, most=LARGEST)
    rows = np.array([_spectra(params, asked, start, seed, k) for k in each(range(samples))])
    words = "eigenvalues of the Hessian, ascending"
    return xr.Dataset(
        {"eigenvalue": (("hessian_sample", "stop", "mode"), rows, {"long_name": words})},
        {
            "stop": ("stop", [*asked, math.inf], {"long_name": "time; inf: the minimum"}),
            "hessian_N": ((), params.N, {"long_name": "oscillators of a sample with Hessian"}),
        },
        {"hessian_coupling": params.coupling},
    )


def _spectra(params: khgps.KHGPS, times: Array, start: str, seed: int, sample: int) -> Array:
    """Return the eigenvalues of one sample, a row for each stop."""
    problem = khgps.draw(params, seed=seed, sample=sample)
    way = landscape.flow(problem, starting_point(problem, start, (sample << 32) + seed), times)
    end = quartic.minimize(problem, method="descent", start=way.x[-1], check=False)
    last = quartic.spectrum(problem, end.x) if end.status == "converged" else np.full(params.N, math.nan)
    return np.array([*(quartic.spectrum(problem, x) for x in way.x), last])


def decades_until(last: float) -> list[float]:
    """Return 10, 100, ... as far as `last`, and `last` where that is none of them."""
    whole = [10.0**k for k in range(1, 1 + math.floor(math.log10(last) + 1e-9))]
    return whole if whole and math.isclose(whole[-1], last) else [*whole, last]
