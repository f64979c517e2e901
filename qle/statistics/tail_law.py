"""The omega^4 tail of the density of states: prefactor, exponent, and the cut-off they are measured below."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from qle.statistics.intervals import rate_interval
from qle.statistics.points import COUNTS, Point, assemble, grid_dims, points
from qle.statistics.resampling import ratio, resampled_sums, spread

Array = npt.NDArray[np.float64]

MODES_PER_SAMPLE = 0.5  # mean number of modes per sample below the default cut-off,
LEAST_MODES = 7  # but so many modes of all samples together at least
LEAST_SAMPLES = 3  # samples with a mode below the cut-off that a number needs; fewer give nan
INDEPENDENT = 40.0  # degrees of freedom that phi = 1 counts for: it may be 20 percent off
LOGARITHMS = 9.0  # fourth cumulant of 1 - e, e exponential of mean one
VERDICTS = ("given", "not_quartic", "too_few_samples")

_MEASURED = {
    "A_g": "prefactor of D = A_g omega^4, maximum likelihood on the modes below omega_cut",
    "A_g_weibull": "prefactor from the softest mode of each sample, censored at omega_cut",
    "exponent": "exponent delta of D ~ omega^delta below omega_cut",
}
_DESCRIBE = {
    "omega_cut": ("cut-off frequency", ()),
    "omega_complete": ("frequency below which no mode is missing", ()),
    "n_modes": ("modes below omega_cut, all samples together", ()),
    "n_soft_samples": ("samples with at least one mode below omega_cut", ()),
    **{name: (text, ()) for name, text in _MEASURED.items()},
    **{f"{name}_error": (f"standard error of {name}, from resampling samples", ()) for name in _MEASURED},
    **{f"{name}_low": (f"lower end of the 95 percent interval of {name}", ()) for name in _MEASURED},
    **{f"{name}_high": (f"upper end of the 95 percent interval of {name}", ()) for name in _MEASURED},
    **{f"{name}_resampled": (f"{name} of each replicate", ("resample",)) for name in _MEASURED},
    **{name: (text, ()) for name, text in COUNTS.items()},
    "verdict": ("whether the numbers stand", ()),
}


def tail(
    dataset: xr.Dataset,
    *,
    cutoff: float | xr.DataArray | None = None,
    modes_per_sample: float = MODES_PER_SAMPLE,
    resamples: int = 1000,
) -> xr.Dataset:
    """Return the prefactor A_g and the exponent of the low-frequency tail of every grid point.

    With n modes omega_i below omega_cut in S samples of N modes, d samples having at least one of them and
    omega_1s the softest mode of sample s:

    * ``A_g = 5 n / (S N omega_cut^5)``: maximum likelihood for D = A_g omega^4;
    * ``A_g_weibull = 5 d / (N sum_s min(omega_1s, omega_cut)^5)``: maximum likelihood for the softest modes,
      F(omega_1) = 1 - exp(-N A_g omega_1^5 / 5), right-censored at omega_cut. It takes modes to be
      independent; modes of a sample repel each other, so it agrees with A_g only as omega_cut -> 0;
    * ``exponent = (n - 1) / sum_i ln(omega_cut / omega_i) - 1``: maximum likelihood for D ~ omega^exponent
      with its bias removed.

    The default omega_cut is the pooled mode of rank ``max(floor(S / 2), 7) + 1``, so that half a mode per
    sample lies below it, or `omega_complete` if that is lower. The rule never looks at the exponent, and the
    cut-off falls as N^(-1/5). Counting the modes strictly below it keeps A_g and exponent unbiased for an
    exact power law.

    Standard errors come from resampling samples at fixed omega_cut. (For an omega^4 tail the scatter of the
    default omega_cut adds nothing: it is the scatter of the number of modes below any given frequency over
    again.) The 95 percent intervals are those of `qle.statistics.intervals`, and hold from ten samples on.
    Both are statistical; `qle.statistics.windows` has the systematic error of a finite omega_cut. In 3000
    samples of KHGPS at h = 0.01, N = 500, the default A_g was 20 to 30 percent below its value at 0.6 of the
    cut-off for J = 0.2 and 0.3, A_g_weibull 5 to 20 percent, the exponent 3.3 to 3.4; at J = 0.03 to 0.1,
    where there was an omega^4 tail, the drift was within its error of about 8 percent and the exponent was 4.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    cutoff : float or DataArray over grid dimensions, optional
        omega_cut instead of the default rule.
    modes_per_sample : float
        Of the default rule: the half.
    resamples : int
        Bootstrap replicates over samples, the same samples at every grid point.

    Returns
    -------
    xarray.Dataset
        Over the grid: omega_cut, omega_complete, n_modes (n), n_soft_samples (d), A_g, A_g_weibull, exponent,
        these three with `_error` (one standard error), `_low` and `_high` (95 percent interval), n_samples
        (S) and the other `COUNTS`, and verdict, an index into its `flag_meanings`: "too_few_samples" (d < 3;
        the three are nan), "not_quartic" (the interval of the exponent is outside 3 to 5; both A_g are nan)
        or "given".
        Over the grid and `resample`: A_g_resampled and so on, for errors of ratios and fits between points.

    Raises
    ------
    ValueError
        For a cutoff that is not positive or exceeds omega_complete somewhere, modes_per_sample that is not
        positive, resamples below 2, or a dataset that lacks a variable.
    """
    return tails(dataset, cutoff=cutoff, shares=[modes_per_sample], resamples=resamples)[0]


def tails(
    dataset: xr.Dataset,
    *,
    shares: Sequence[float],
    cutoff: float | xr.DataArray | None = None,
    resamples: int = 1000,
) -> list[xr.Dataset]:
    """Return `tail` for each modes_per_sample in `shares`, of samples that are resampled once for all."""
    for share in shares:
        if not 0.0 < share < np.inf:
            raise ValueError(f"modes_per_sample = {share}: must be > 0 and finite")
    cuts = _cuts(dataset, cutoff)
    samples: list[_Samples] = []
    for point, cut in zip(points(dataset), cuts, strict=True):
        samples += [_counted(point, _default_cut(point, share) if cut is None else cut) for share in shares]
    columns = np.concatenate([one.columns for one in samples], axis=1)
    sums = resampled_sums(columns, resamples).reshape(resamples, len(samples), -1)
    rows = [_measure(one, sums[:, i].T) for i, one in enumerate(samples)]
    return [_assembled(dataset, rows[i :: len(shares)], resamples) for i in range(len(shares))]


def _assembled(dataset: xr.Dataset, rows: list[dict[str, Any]], resamples: int) -> xr.Dataset:
    result = assemble(dataset, rows, _DESCRIBE, {"resample": np.arange(resamples)})
    flags = np.arange(len(VERDICTS), dtype=np.int8)
    result["verdict"].attrs.update(flag_values=flags, flag_meanings=" ".join(VERDICTS))
    return result


def _cuts(dataset: xr.Dataset, cutoff: float | xr.DataArray | None) -> list[float | None]:
    """Return the cut-off asked for at each grid point, None for the default rule."""
    dims = grid_dims(dataset)
    shape = dataset["status"].isel(sample=0, drop=True).transpose(*dims)
    if cutoff is None:
        return [None] * shape.size
    asked = xr.DataArray(cutoff)
    if not set(asked.dims) <= set(dims):
        raise ValueError(f"cutoff: has dimensions {asked.dims}, the grid has {dims}")
    values = asked.reindex_like(shape).broadcast_like(shape).transpose(*dims).values.ravel()
    bad = values[~(values > 0) | np.isinf(values)]
    if bad.size:
        raise ValueError(f"cutoff = {bad[0]}: must be positive and finite at every grid point")
    return [float(value) for value in values]


class _Samples(NamedTuple):
    """What each sample of one grid point brings to the numbers, and what they are called by."""

    columns: Array  # (samples, 5): one, modes below the cut, has any, sum of ln(cut/omega), softest^5
    included: npt.NDArray[np.bool_]
    counts: dict[str, int]
    N: int
    cut: float
    complete: float


def _measure(one: _Samples, sums: Array) -> dict[str, Any]:
    """Return one point's row; `sums` are (5, resamples), those of the columns in every replicate."""
    best = _estimate(one, one.columns.sum(axis=0)[:, np.newaxis])
    replicates = _estimate(one, sums)
    n_modes, n_soft = (int(total) for total in one.columns[:, 1:3].sum(axis=0))
    row: dict[str, Any] = {
        "omega_cut": one.cut,
        "omega_complete": one.complete,
        "n_modes": n_modes,
        "n_soft_samples": n_soft,
        **one.counts,
    }
    ends = _intervals(one)
    for name in _MEASURED:
        row[name] = best[name][0]
        row[f"{name}_low"], row[f"{name}_high"] = ends[name]
        row[f"{name}_error"] = float(spread(replicates[name]))
        row[f"{name}_resampled"] = replicates[name]
    return _judge(row)


def _judge(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its verdict, and nan in place of the numbers that do not stand."""
    if row["n_soft_samples"] < LEAST_SAMPLES:
        verdict, withheld = "too_few_samples", tuple(_MEASURED)
    elif row["exponent_low"] > 5 or row["exponent_high"] < 3:
        verdict, withheld = "not_quartic", ("A_g", "A_g_weibull")
    else:
        verdict, withheld = "given", ()
    for name in withheld:
        row[name] = row[f"{name}_error"] = row[f"{name}_low"] = row[f"{name}_high"] = np.nan
        row[f"{name}_resampled"] = np.full_like(row[f"{name}_resampled"], np.nan)
    return {**row, "verdict": np.int8(VERDICTS.index(verdict))}


def _default_cut(point: Point, modes_per_sample: float) -> float:
    """Return the pooled mode with so many modes per sample below it, or omega_complete if lower."""
    rank = max(int(modes_per_sample * point.n_samples), LEAST_MODES)
    modes = np.sort(point.frequency, axis=None)
    return min(float(modes[min(rank, modes.size - 1)]), point.omega_complete) if modes.size else np.nan


def _estimate(one: _Samples, sums: Array) -> dict[str, Array]:
    """Return the estimates, arrays (R,), from sums of the columns, (5, R)."""
    S, n, d, logs, softest = sums
    return {
        "A_g": ratio(5 * n, S * one.N * one.cut**5),
        "A_g_weibull": ratio(5 * d, one.N * softest),
        "exponent": ratio(n - 1, logs) - 1,
    }


def _intervals(one: _Samples) -> dict[str, tuple[Any, Any]]:
    """Return the 95 percent interval of each measured number."""
    _, counts, soft, logs, softest = one.columns[one.included].T
    per_mode = one.N * one.cut**5 / 5
    power = rate_interval(counts, logs, belief=INDEPENDENT, excess=LOGARITHMS)
    return {
        "A_g": rate_interval(counts, np.full(counts.size, per_mode)),
        "A_g_weibull": rate_interval(soft, one.N * softest / 5, belief=INDEPENDENT, excess=0.0),
        "exponent": (power[0] - 1, power[1] - 1),
    }


def _counted(point: Point, cut: float) -> _Samples:
    """Return what the samples of a point bring below a cut-off; zeros for those that do not count."""
    if cut > point.omega_complete:
        raise ValueError(
            f"cutoff = {cut}: above omega_complete = {point.omega_complete} at {point.labels}, "
            "modes are missing there; store more modes or lower it"
        )
    below = point.frequency < cut
    soft = below.any(axis=1)
    softest = np.where(soft, point.frequency.min(axis=1, initial=np.inf), cut)
    logs = np.log(cut / np.where(below, point.frequency, cut)).sum(axis=1)
    counted = [np.ones(soft.size), below.sum(axis=1), soft, logs, softest**5]
    columns = np.zeros((point.included.size, 5))
    columns[point.included] = np.stack(counted, axis=1)
    return _Samples(columns, point.included, point.counts, point.N, cut, point.omega_complete)
