"""Gradient descent of samples to long times, for several couplings and sizes, as a data set."""

import math
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from itertools import product
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import khgps
import landscape
from arguments import array, real

Array = NDArray[np.float64]
FIRST = 12.5  # half octaves from here on
AMPLIFIES = 25.0  # until then the flow makes errors grow
EARLY, LATE = 1e-4, 1e-2  # rtol before and after
WORDS = {
    "energy": "energy per oscillator",
    "mean_x": "mean of x",
    "dissipation": "mean of x'^2",
    "C": "mean of x(t) x(s)",
}


def long_flows(
    J: Any,
    sizes: Sequence[int],
    samples: Sequence[int],
    *,
    until: float,
    h: float = 0.01,
    seed: int = 0,
    each: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> xr.Dataset:
    """Return the flow of samples of structured couplings from x = 0, kappa_0 = A = 1, kappa_min = 0.

    Local errors are a percent of each step from t = 25 on: samples then fall into other minima than with
    smaller ones, as deep within their scatter (docs/dynamics.md).

    Parameters
    ----------
    J : (n,) array
        Couplings, > 0.
    sizes, samples : sequences of int
        N, and how many samples of each.
    until : float
        Last time, at least 25; times are half octaves from 12.5 on.

    Returns
    -------
    xarray.Dataset
        Over J, N, sample and time energy, mean_x, dissipation; over these and earlier C, in single precision
        and at earlier <= time. nan where there are less samples.
    """
    couplings = array("J", J, ("n",), above=0.0)
    halves = 2.0 * math.log2(real("until", until, least=AMPLIFIES) / FIRST)
    times: Array = np.asarray(FIRST * 2.0 ** (0.5 * np.arange(math.floor(halves + 1e-9) + 1)), np.float64)
    rows: dict[tuple[int, int, int], dict[str, Array]] = {}
    cases = [
        (i, j, k) for j, most in enumerate(samples) for k, i in product(range(most), range(couplings.size))
    ]
    for i, j, k in each(cases):
        model = khgps.KHGPS(N=sizes[j], J=float(couplings[i]), h=h, coupling="structured")
        rows[i, j, k] = _flow(model, times, seed, k)
    return assembled(rows, couplings, list(sizes), times, {"h": h, "seed": seed})


def _flow(model: khgps.KHGPS, times: Array, seed: int, sample: int) -> dict[str, Array]:
    """Return what is kept of the flow of one sample."""
    problem = khgps.draw(model, seed=seed, sample=sample)
    early = times <= AMPLIFIES
    first = landscape.flow(problem, np.zeros(model.N), times[early], rtol=EARLY)
    parts = [first]
    if not early.all():
        parts.append(landscape.flow(problem, first.x[-1], times[~early] - times[early][-1], rtol=LATE))
    x = np.concatenate([part.x for part in parts])
    return {
        "energy": np.concatenate([part.energy for part in parts]) / model.N,
        "mean_x": x.mean(axis=1),
        "dissipation": np.concatenate([part.speed for part in parts]),
        "C": x @ x.T / model.N,
    }


def assembled(
    rows: dict[tuple[int, int, int], dict[str, Array]],
    J: Array,
    sizes: list[int],
    times: Array,
    about: dict[str, Any],
) -> xr.Dataset:
    """Return rows by the numbers of coupling, size and sample as a data set."""
    shape = (len(J), len(sizes), 1 + max(k for *_, k in rows), times.size)
    dims = ("J", "N", "sample", "time")
    found = {name: np.full(shape + shape[-1:] * (name == "C"), math.nan) for name in WORDS}
    for place, row in rows.items():
        for name, values in row.items():
            found[name][place] = np.tril(values) if name == "C" else values
    found["C"] = found["C"].astype(np.float32)
    variables = {
        name: (dims + ("earlier",) * (name == "C"), found[name], {"long_name": words})
        for name, words in WORDS.items()
    }
    coordinates = {"J": J, "N": sizes, "time": times, "earlier": times}
    told = {"model": "khgps", "start": "zero", "coupling": "structured", "qle_version": version("qle")}
    return xr.Dataset(variables, coordinates, {**told, **about})
