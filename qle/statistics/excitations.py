"""Excitations of models and glasses side by side: shapes of wells, barriers, second minima, heat."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from arguments import brief, shown
from landscape.nonlinear.expansion import DOUBLE, quartic_barrier
from qle.statistics.points import converged, grid_dims, labelled, lacking, points
from qle.statistics.pooled import cut_at, power, share, slope

Array = NDArray[np.float64]

KINDS = {"cubic": "", "harmonic": "harmonic_", "pseudoharmonic": "pseudoharmonic_"}
"""Kinds of modes, and what the names of their b2, b3 and b4 begin with in a store."""

LOWER, UPPER = 0.4, 3.0  # bounds of r: of the source for glasses, and of the lower of two wells
EACH = 0.5  # softest modes of a sample that an exponent is of, where there are no phonons
BELOW_PHONONS = 0.7  # of the first phonon: below are no others than soft modes
LOWEST = 0.2  # share of the barriers that their exponent is of
LEAST = 10  # modes or barriers that an exponent, a share or a slope needs
TOP = 0.01  # of the sites or bonds, whose share of the heat is told

QUANTITIES = {
    "samples": "samples",
    "exponent": "exponent of D",
    "cubic_below": "cubic modes with r < 0.4",
    "cubic_above": "cubic modes with r > 3",
    "soft_below": "softest cubic modes with r < 0.4",
    "soft_above": "softest cubic modes with r > 3",
    "harmonic_below": "harmonic modes with r < 0.4",
    "harmonic_above": "harmonic modes with r > 3",
    "pseudoharmonic_below": "pseudo-harmonic modes with r < 0.4",
    "pseudoharmonic_above": "pseudo-harmonic modes with r > 3",
    "b3_slope": "slope of ln b3 in ln omega",
    "barrier_exponent": "exponent of p(B), r > 8/3",
    "second_minima": "cubic modes that lead to a second minimum",
    "overlap": "their median overlap with the way there",
    "hot": "share of the heat in the hottest hundredth",
    "shear_modulus": "shear modulus",
    "shear_modulus_sd": "its standard deviation",
}
"""What is told of each set of samples, in words; each with `_error`, one standard error, and `_count`."""


@brief()
@dataclass(frozen=True, eq=False)
class Excitations:
    """Modes of one kind, of `samples` samples.

    Attributes
    ----------
    b2, b3, b4 : (n,) arrays
        Of the energy b2 s^2/2 + b3 s^3/6 + b4 s^4/24 along each; b3 >= 0.
    sample : (n,) array of int
    samples : int
    """

    b2: Array
    b3: Array
    b4: Array
    sample: NDArray[np.int64]
    samples: int

    @property
    def frequency(self) -> Array:
        """b2^(1/2)."""
        return np.sqrt(self.b2)

    @property
    def ratio(self) -> Array:
        """Shape r = b3^2/(b2 b4)."""
        return self.b3**2 / (self.b2 * self.b4)

    def barriers(self) -> tuple[Array, NDArray[np.int64]]:
        """Return the heights of the wells of r > 8/3, of the whole quartic, and the samples they are of."""
        double = self.ratio > DOUBLE
        return quartic_barrier(self.b2[double], self.b3[double], self.b4[double]), self.sample[double]


def excitations(dataset: xr.Dataset, kind: str = "cubic") -> Excitations | None:
    """Return the modes of a kind of `KINDS` in the store of one grid point; None if they were not measured.

    Raises
    ------
    ValueError
        If it has several grid points.
    """
    names = [f"{KINDS[kind]}b{k}" for k in (2, 3, 4)]
    here = _one_point(dataset)
    if not set(names) <= set(here.data_vars):
        return None
    b2, b3, b4 = (here[name].values for name in names)
    there = np.isfinite(b2)
    sample = np.nonzero(there)[0]
    return Excitations(b2[there], np.abs(b3[there]), b4[there], sample, here.sizes["sample"])


def compare_excitations(datasets: Mapping[str, xr.Dataset]) -> pd.DataFrame:
    """Return what sets of samples, such as glasses and models, have in common and what not.

    * ``exponent``: of D ~ omega^exponent, by maximum likelihood: of the normal modes of a glass below 0.7 of
      its first phonon (`first_phonon`); of a model of the softest half a mode a sample.
    * Shares of cubic, harmonic (normal) and pseudo-harmonic modes with r = b3^2/(b2 b4) below and above; of
      cubic ones also of the softest half a mode a sample.
    * ``b3_slope``, ``barrier_exponent``: of cubic modes, the softest half a mode a sample; and of the lowest
      fifth of the barriers with r > 8/3, those of the whole quartic.
    * ``second_minima``, ``overlap``: of the pushes along cubic modes.
    * ``hot``: of the local heat capacities, by sites of oscillators, by bonds of glasses.

    Parameters
    ----------
    datasets : mapping of str to xarray.Dataset
        By name what `qle.open` returns, of one grid point.

    Returns
    -------
    pandas.DataFrame
        A row for each set, with the columns of `QUANTITIES`, ``_error`` and ``_count`` of each: one standard
        error by resampling samples, and of how many modes, barriers or sites. nan where a store lacks it.

    Raises
    ------
    ValueError
        For a set of several grid points.
    """
    if not isinstance(datasets, Mapping) or not datasets:
        raise ValueError(f"datasets = {shown(datasets)}: must be a mapping with one set at least")
    rows = []
    for name, dataset in datasets.items():
        try:
            rows.append({"set": name, **_row(labelled(f"datasets[{name!r}]", dataset))})
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    empty = [name + end for name in QUANTITIES for end in ("", "_error", "_count")]
    return pd.DataFrame(rows, columns=["set", *empty])


def one_by_one(datasets: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return sets of one grid point each: those of a set with several have its name and their parameters."""
    found = {}
    for name, dataset in datasets.items():
        swept = [dim for dim in grid_dims(dataset) if dataset.sizes[dim] > 1]
        for index in np.ndindex(*(dataset.sizes[dim] for dim in swept)):
            place = dict(zip(swept, index, strict=True))
            values = [f"{dim} = {dataset[dim].values[i]}" for dim, i in place.items()]
            found[", ".join([name, *values])] = dataset.isel({dim: [i] for dim, i in place.items()})
    return found


def comparison_text(frame: pd.DataFrame) -> str:
    """Return what `compare_excitations` gives as text: a line for each quantity, a column for each set."""
    lines = [["", *map(str, frame["set"])]]
    for name, words in QUANTITIES.items():
        cells = [_cell(row, name) for row in frame.to_dict("records")]
        if any(cell != "-" for cell in cells):
            lines.append([words, *cells])
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    texts = (
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
        for line in lines
    )
    return "\n".join(texts)


def first_phonon(dataset: xr.Dataset) -> float:
    """Return the frequency 2 pi/L (G/rho)^(1/2) of the first plane wave, G the mean modulus; nan if G < 0."""
    here = _one_point(dataset)
    density, N, d = (float(here[name]) for name in ("density", "N", "d"))
    modulus = float(here["shear_modulus"].mean())
    speed = math.sqrt(modulus / density) if modulus >= 0.0 else math.nan
    return float(2.0 * math.pi * (density / N) ** (1.0 / d) * speed)


def _one_point(dataset: xr.Dataset) -> xr.Dataset:
    """Return the samples that converged of the one grid point of a data set."""
    dims = grid_dims(dataset)
    sizes = {dim: dataset.sizes[dim] for dim in dims if dataset.sizes[dim] > 1}
    if sizes:
        swept = ", ".join(f"{size} {name}" for name, size in sizes.items())
        raise ValueError(f"has {swept}: must have one grid point; select it")
    here = dataset.isel(dict.fromkeys(dims, 0))
    return here.isel(sample=np.flatnonzero(converged(here).values))


def _row(dataset: xr.Dataset) -> dict[str, float]:
    here = _one_point(dataset)
    (point,) = points(dataset)
    if not point.n_samples:
        raise lacking(dataset, ["converged samples"])
    glassy = "shear_modulus" in here
    row: dict[str, Any] = {"samples": point.n_samples}
    omega = point.frequency
    sample = np.repeat(np.arange(len(omega)), omega.shape[1])
    cut = BELOW_PHONONS * first_phonon(dataset) if glassy else cut_at(omega.ravel(), len(omega), EACH)
    if np.sum(omega < cut) >= LEAST:
        cut = min(cut, point.omega_complete)
        _put(row, "exponent", *power(omega.ravel(), sample, len(omega), cut))
    for kind in KINDS:
        if (modes := excitations(dataset, kind)) is not None and modes.b2.size >= LEAST:
            for side, inside in (("below", modes.ratio < LOWER), ("above", modes.ratio > UPPER)):
                _put(row, f"{kind}_{side}", *share(inside, modes.sample, modes.samples), modes.b2.size)
    if (modes := excitations(dataset)) is not None:
        _cubic(row, modes)
    _wells(row, here)
    _heat(row, here)
    if glassy:
        modulus = here["shear_modulus"].values
        deviation = modulus.std(ddof=1) if modulus.size > 1 else math.nan
        _put(row, "shear_modulus", modulus.mean(), deviation / math.sqrt(modulus.size), modulus.size)
        _put(row, "shear_modulus_sd", deviation, deviation / math.sqrt(2.0 * modulus.size), modulus.size)
    return row


def _cubic(row: dict[str, Any], modes: Excitations) -> None:
    """Add how b3 grows, and the law of the lowest barriers."""
    if not modes.b2.size:
        return
    soft = modes.frequency < cut_at(modes.frequency, modes.samples, EACH)
    if np.sum(soft) >= LEAST:
        for side, inside in (("below", modes.ratio < LOWER), ("above", modes.ratio > UPPER)):
            _put(
                row,
                f"soft_{side}",
                *share(inside[soft], modes.sample[soft], modes.samples),
                int(np.sum(soft)),
            )
        logs = np.log(modes.frequency[soft]), np.log(modes.b3[soft])
        _put(row, "b3_slope", *slope(*logs, modes.sample[soft], modes.samples), int(np.sum(soft)))
    heights, sample = modes.barriers()
    if LOWEST * heights.size >= LEAST:
        cut = float(np.quantile(heights, LOWEST))
        exponent, error, _ = power(heights, sample, modes.samples, cut)
        _put(row, "barrier_exponent", exponent, error, heights.size)


def _wells(row: dict[str, Any], here: xr.Dataset) -> None:
    """Add the share of the pushes that led to a second minimum, and their overlaps."""
    if "well_distance" not in here:
        return
    pushed = np.isfinite(here["b2"].values)
    led = np.isfinite(here["well_distance"].values)
    sample = np.nonzero(pushed)[0]
    if sample.size >= LEAST:
        _put(row, "second_minima", *share(led[pushed], sample, here.sizes["sample"]), sample.size)
    if np.sum(led) >= LEAST:
        overlap = here["well_overlap"].values[led]
        spread = 1.2533 * overlap.std(ddof=1) / math.sqrt(overlap.size)
        _put(row, "overlap", np.median(overlap), spread, overlap.size)


def _heat(row: dict[str, Any], here: xr.Dataset) -> None:
    """Add the share of the heat in the hottest of the sites or bonds."""
    for name in ("heat_capacity", "bond_heat"):
        if name in here:
            shares = [_top(one[np.isfinite(one)]) for one in here[name].values]
            error = np.std(shares, ddof=1) / math.sqrt(len(shares)) if len(shares) > 1 else math.nan
            _put(row, "hot", np.mean(shares), error, len(shares))


def _top(heat: Array) -> float:
    most = np.sort(heat)[-max(1, round(TOP * heat.size)) :]
    return float(most.sum() / heat.sum())


def _put(row: dict[str, Any], name: str, value: Any, error: Any, count: int) -> None:
    row |= {name: float(value), f"{name}_error": float(error), f"{name}_count": count}


def _cell(row: Mapping[Any, Any], name: str) -> str:
    """Return "3.41 +- 0.25 (120)"; "-" for what is not there."""
    value, error, count = (row[name + end] for end in ("", "_error", "_count"))
    if not np.isfinite(value):
        return "-"
    if not np.isfinite(error) or error <= 0.0:
        return f"{value:.4g}"
    places = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:.{places}f} +- {error:.{places}f} ({count:.0f})"
