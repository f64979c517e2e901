"""omega_x, the frequency at which the density of states leaves its omega^4 law."""

from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from qle.statistics.points import Point, assemble, points
from qle.statistics.resampling import ratio, resampled_sums, spread
from qle.statistics.tail_law import tail

Array = npt.NDArray[np.float64]

WIDTH = 10.0**0.1  # of the windows in which D is counted
STEPS = 4  # windows overlap: each begins at 1/STEPS of the last one, in the logarithm

_DESCRIBE = {
    "omega_x": ("frequency at which D leaves A_g omega^4 by the factor", ()),
    "omega_x_error": ("standard error of omega_x, from resampling samples", ()),
    "side": (
        "1 where D rises above its omega^4 law there, -1 where it falls below, 0 where it does not leave",
        (),
    ),
    "omega_cut": ("cut-off below which A_at_cut is measured", ()),
}


def crossover(
    dataset: xr.Dataset,
    *,
    factor: float = 2.0,
    cutoff: float | xr.DataArray | None = None,
    resamples: int = 400,
) -> xr.Dataset:
    """Return omega_x of every grid point: where D(omega)/(A omega^4) first is `factor` or 1/`factor`.

    A is the mean of D/omega^4 below omega_cut, `A_at_cut` of `tail`: also where a law that bends so soon has
    no A_g to be had.

    The ratio is taken in windows (omega_cut/w^(1/2) and up) of width w = 10^0.1, a quarter of which is the
    step to the next, and interpolated between their middles, linearly in the logarithms. D is counted above
    the cut-off only, where modes are many: below it A is counted. omega_x = omega_cut says that it is no
    higher than that: the window is too wide.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    factor : float
        > 1; part of the definition.
    cutoff : float or DataArray over grid dimensions, optional
        As in `tail`. An omega_cut beyond omega_x gives an A, and with it an omega_x, of no meaning.
    resamples : int
        Bootstrap replicates over samples.

    Returns
    -------
    xarray.Dataset
        Over the grid: omega_x, omega_x_error, side, omega_cut. nan where D keeps to the law as far as modes
        are stored, and where `tail` gives no A_at_cut.

    Raises
    ------
    ValueError
        For a factor that is not above 1, and as `tail`.
    """
    if not factor > 1.0:
        raise ValueError(f"factor = {factor}: must be > 1")
    law = tail(dataset, cutoff=cutoff, resamples=resamples)
    flat = law[["A_at_cut", "omega_cut"]].to_array().values.reshape(2, -1)
    rows = [
        _leave(point, float(A_at_cut), float(cut), factor, resamples)
        for point, A_at_cut, cut in zip(points(dataset), *flat, strict=True)
    ]
    return assemble(dataset, rows, _DESCRIBE, {})


def _leave(point: Point, A_at_cut: float, cut: float, factor: float, resamples: int) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(_DESCRIBE, np.nan) | {"omega_cut": cut, "side": 0}
    if not np.isfinite(A_at_cut):
        return row
    edges = _edges(point, cut)
    below = np.zeros((point.included.size, 1 + edges.size))
    below[point.included] = np.stack([(point.frequency < e).sum(axis=1) for e in (cut, *edges)], axis=1)
    best, side = _first(below.sum(axis=0, keepdims=True), edges, cut, factor)
    row["omega_x"], row["side"] = best[0], side[0]
    row["omega_x_error"] = float(spread(_first(resampled_sums(below, resamples), edges, cut, factor)[0]))
    return row


def _edges(point: Point, cut: float) -> Array:
    """Return the ends of windows from cut/sqrt(WIDTH) up, as far as no mode is missing."""
    highest = min(point.omega_complete, float(point.frequency.max()))
    count = max(int(np.log(highest * np.sqrt(WIDTH) / cut) / np.log(WIDTH) * STEPS), 0)
    return np.asarray(cut / np.sqrt(WIDTH) * WIDTH ** (np.arange(count + 1) / STEPS))


def _first(numbers: Array, edges: Array, cut: float, factor: float) -> tuple[Array, Array]:
    """Return where each replicate leaves the law, and on which side; nan and 0 where it does not.

    `numbers` are (replicates, 1 + edges): modes below the cut, and below each edge.
    """
    counts = numbers[:, 1 + STEPS :] - numbers[:, 1:-STEPS]
    expected = numbers[:, :1] * (edges[STEPS:] ** 5 - edges[:-STEPS] ** 5) / cut**5
    logs = np.log(np.maximum(ratio(counts, expected), 1e-9)) / np.log(factor)
    middles = np.log(edges[STEPS:] / np.sqrt(WIDTH))
    omega, side = np.full(len(logs), np.nan), np.zeros(len(logs))
    for i, row in enumerate(logs):
        out = np.flatnonzero(np.abs(row) >= 1.0)
        if not out.size:
            continue
        side[i] = np.sign(row[out[0]])
        pair = slice(max(out[0] - 1, 0), out[0] + 1)
        omega[i] = np.exp(np.interp(1.0, side[i] * row[pair], middles[pair]))
    return omega, side
