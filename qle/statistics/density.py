"""Vibrational density of states with logarithmic bins."""

from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from arguments import count
from qle.statistics.points import COUNTS, Point, assemble, points, unit_of
from qle.statistics.resampling import ratio, resampled_sums, spread

Array = npt.NDArray[np.float64]

_DESCRIBE = {
    "D": ("density of states per mode, int D d omega = 1", ("bin",)),
    "D_error": ("standard error of D, from resampling samples", ("bin",)),
    "modes": ("modes in the bin, all samples together", ("bin",)),
    "omega_complete": ("frequency below which no mode is missing", ()),
    **{name: (text, ()) for name, text in COUNTS.items()},
}


def vdos(dataset: xr.Dataset, *, bins_per_decade: int = 10, resamples: int = 1000) -> xr.Dataset:
    """Return the density of states D(omega) of every grid point, with errors.

    ``D = modes / (n_samples N width)``: normalised to one over all N modes of a sample, ``sum D width = 1``
    when all are stored. With only the k lowest modes stored, D is complete below ``omega_complete`` (the
    least over samples of the highest stored frequency); bins reaching beyond it are nan.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    bins_per_decade : int
        Bin edges are 10^(j / bins_per_decade), j integer: the same for every data set.
    resamples : int
        Bootstrap replicates; the standard error is their spread.

    Returns
    -------
    xarray.Dataset
        Over the grid and `bin`: D, D_error, modes (nan where incomplete). A complete bin without modes has D
        = 0 and no error, nan: resampling cannot see what never occurred.
        Over the grid: omega_complete (inf when all modes are stored), n_samples, n_missing, n_unconverged,
        n_excluded.
        Coordinates of `bin`: omega_low, omega_high, omega_width and omega, the frequency at which an omega^4
        density equals its mean over the bin (at 10 bins per decade right to 0.7 percent from omega^1 to
        omega^4).

    Raises
    ------
    ValueError
        For an argument out of range, a dataset without a converged sample, or one that lacks a variable.

    Examples
    --------
    >>> import numpy as np, qle
    >>> from qle.statistics import vdos
    >>> data = qle.spectra(np.random.default_rng(0).random((100, 200)) ** 0.2, 200)  # D = 5 omega^4 up to 1
    >>> density = vdos(data).squeeze()
    >>> round(float((density.D * density.omega_width).sum()), 6)
    1.0
    >>> abs(density.D / density.omega**4 - 5).values[-3:].round(0)
    array([0., 0., 0.])
    """
    bins_per_decade = count("bins_per_decade", bins_per_decade)
    resamples = count("resamples", resamples, least=2)
    grid = list(points(dataset))
    edges = _edges(grid, bins_per_decade)
    columns = [_columns(point, edges) for point in grid]
    sums = resampled_sums(np.concatenate(columns, axis=1), resamples).reshape(resamples, len(grid), -1)
    rows = [_density(point, edges, columns[i], sums[:, i]) for i, point in enumerate(grid)]
    return assemble(dataset, rows, _DESCRIBE, _bin_coords(edges, unit_of(dataset).name))


def _edges(grid: list[Point], bins_per_decade: int) -> Array:
    """Return the edges 10^(j / bins_per_decade) that enclose every frequency."""
    filled = [point.frequency for point in grid if point.frequency.size]
    if not filled:
        raise ValueError("dataset: has no converged sample at any grid point")
    lowest = min(float(modes[:, 0].min()) for modes in filled)
    highest = max(float(modes.max(where=np.isfinite(modes), initial=0.0)) for modes in filled)
    first = np.floor(np.log10(lowest) * bins_per_decade) - 1
    last = np.ceil(np.log10(highest) * bins_per_decade) + 1
    edges = 10.0 ** (np.arange(first, last + 1) / bins_per_decade)
    used = np.flatnonzero((edges[1:] > lowest) & (edges[:-1] <= highest))
    return edges[used[0] : used[-1] + 2]


def _density(point: Point, edges: Array, columns: Array, sums: Array) -> dict[str, Any]:
    """Return one point's row; `sums` are (resamples, 1 + bins), those of the columns in every replicate."""
    width = np.diff(edges)
    complete = edges[1:] <= point.omega_complete
    total = columns[:, 1:].sum(axis=0)
    norm = point.N * width
    replicates = ratio(sums[:, 1:], sums[:, :1]) / norm
    density = ratio(total, np.full_like(total, point.n_samples)) / norm
    return {
        "D": np.where(complete, density, np.nan),
        "D_error": np.where(complete & (total > 0), spread(replicates), np.nan),
        "modes": np.where(complete, total, np.nan),
        "omega_complete": point.omega_complete,
        **point.counts,
    }


def _columns(point: Point, edges: Array) -> Array:
    """Return for each sample whether it counts and its modes in each bin; zeros for those left out."""
    columns = np.zeros((point.included.size, edges.size))
    columns[point.included, 0] = 1.0
    columns[point.included, 1:] = _counts_per_sample(point.frequency, edges)
    return columns


def _counts_per_sample(frequency: Array, edges: Array) -> Array:
    """Return how many modes of each sample lie in each bin [low, high), shape (samples, bins)."""
    n_samples, n_bins = len(frequency), edges.size - 1
    sample, mode = np.nonzero(np.isfinite(frequency))
    flat = sample * n_bins + np.searchsorted(edges, frequency[sample, mode], side="right") - 1
    counts = np.bincount(flat, minlength=n_samples * n_bins)
    return counts.reshape(n_samples, n_bins).astype(np.float64)


def _bin_coords(edges: Array, unit: str) -> dict[str, Any]:
    low, high = edges[:-1], edges[1:]
    omega = ((high**5 - low**5) / (5 * (high - low))) ** 0.25
    named = {
        "omega": (omega, "frequency where an omega^4 density equals its mean over the bin"),
        "omega_low": (low, "lower edge of the bin"),
        "omega_high": (high, "upper edge of the bin"),
        "omega_width": (high - low, "width of the bin"),
    }
    return {key: ("bin", values, {"long_name": text, "units": unit}) for key, (values, text) in named.items()}
