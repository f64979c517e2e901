"""The omega^4 tail of the density of states: prefactor, bend, exponent, and their cut-off."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from arguments import array, count, real
from qle.statistics.intervals import rate_interval
from qle.statistics.points import COUNTS, Point, assemble, grid_dims, points
from qle.statistics.resampling import ratio, resampled_sums, spread
from qle.statistics.smooth_law import (
    LAW,
    POWER,
    ROUGHNESS_OF_POWERS,
    Fit,
    maximum,
    precisions,
    sample_features,
)

Array = npt.NDArray[np.float64]

MODES_PER_SAMPLE = 0.5  # mean number of modes per sample below the default cut-off,
LEAST_MODES = 7  # but so many modes of all samples together at least
WINDOW = 6  # times as many modes lie below omega_window as below omega_cut,
WIDEST = 3.0**0.5  # but omega_window is at most so many omega_cut
LEAST_SAMPLES = 3  # samples with a mode below the cut-off that a number needs; fewer give nan
LIE = 0.99  # confidence of the interval of the exponent that 4 must be outside of to be denied
VERDICTS = ("given", "not_quartic", "too_few_samples")

_MEASURED = {
    "A_g": "prefactor of D = A_g omega^4 at omega -> 0",
    "A_at_cut": "mean of D/omega^4 below omega_cut: 5 n_modes/(n_samples N omega_cut^5)",
    "exponent": "exponent delta of D ~ omega^delta at omega -> 0",
}
_DESCRIBE = {
    "omega_cut": ("cut-off frequency", ()),
    "omega_window": ("frequency below which modes are fitted", ()),
    "omega_complete": ("frequency below which no mode is missing", ()),
    "n_modes": ("modes below omega_cut, all samples together", ()),
    "n_window": ("modes below omega_window, all samples together", ()),
    "n_soft_samples": ("samples with at least one mode below omega_cut", ()),
    **{name: (text, ()) for name, text in _MEASURED.items()},
    "A_g_error": ("A_g times the standard error of ln A_g, allowance for a bend included", ()),
    "A_at_cut_error": ("standard error of A_at_cut, from resampling samples", ()),
    "exponent_error": ("standard error of the exponent, allowance for a bend included", ()),
    **{f"{name}_low": (f"lower end of the 95 percent interval of {name}", ()) for name in _MEASURED},
    **{f"{name}_high": (f"upper end of the 95 percent interval of {name}", ()) for name in _MEASURED},
    "A_g_allowance": ("share of the variance of ln A_g that allows for a bend nobody can see", ()),
    "bend": ("ln of D/(A_g omega^4) at omega_cut", ()),
    "bend_low": ("lower end of the 95 percent interval of bend", ()),
    "bend_high": ("upper end of the 95 percent interval of bend", ()),
    "A_g_resampled": ("A_g of each replicate, the same penalty in all", ("resample",)),
    "A_at_cut_resampled": ("A_at_cut of each replicate", ("resample",)),
    **{name: (text, ()) for name, text in COUNTS.items()},
    "verdict": ("whether the numbers stand", ()),
}
_WITHHELD = {
    "given": (),
    "not_quartic": ("A_g", "bend"),
    "too_few_samples": ("A_g", "bend", "A_at_cut", "exponent"),
}


def tail(
    dataset: xr.Dataset,
    *,
    cutoff: float | xr.DataArray | None = None,
    modes_per_sample: float = MODES_PER_SAMPLE,
    resamples: int = 1000,
) -> xr.Dataset:
    """Return the prefactor A_g and the exponent of the low-frequency tail of every grid point.

    * ``A_g``: of D = A_g omega^4 exp g at omega -> 0, with a smooth g that is not known, fitted to the modes
      below omega_window (`qle.statistics.smooth_law`). Its interval allows for the bends that the samples do
      not show; ``A_g_allowance`` is the share of that in its variance. With a share of a, twice the samples
      shorten the interval by the factor 2^(-(1 - a)/2). A larger N lowers omega_cut, and the bend with it.
    * ``bend``: g at omega_cut.
    * ``A_at_cut = 5 n / (S N omega_cut^5)``, with n modes below omega_cut in S samples of N modes: the mean
      of D/omega^4 there. It is A_g if D keeps to omega^4 so far, and says nothing of whether it does.
    * ``exponent``: of D ~ omega^exponent exp g, likewise at omega -> 0. Below 100 samples it is hardly known.

    The default omega_cut is the pooled mode of rank ``max(floor(S / 2), 7) + 1``, so that half a mode per
    sample lies below it, or `omega_complete` if that is lower. The rule never looks at the exponent, and the
    cut-off falls as N^(-1/5). omega_window has six times as many modes below it, unless modes are missing
    from omega_complete on, or omega_window/omega_cut would exceed 3^(1/2). Counting the modes strictly below
    keeps A_at_cut unbiased for an exact power law.

    Intervals are of 95 percent, hold from ten samples on, and are symmetric in ln A_g. Resampling samples at
    fixed omega_cut gives the scatter from sampling alone: replicates do not contain the allowance. It drops
    out of ratios of A_g between points as far as their laws bend alike, and no further.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    cutoff : float or DataArray over grid dimensions, optional
        omega_cut instead of the default rule. How far D may bend is assumed in units of it.
    modes_per_sample : float
        Of the default rule: the half.
    resamples : int
        Bootstrap replicates over samples, the same samples at every grid point.

    Returns
    -------
    xarray.Dataset
        Over the grid: omega_cut, omega_window, omega_complete, n_modes (n), n_window (modes below
        omega_window), n_soft_samples (samples with a mode below omega_cut); A_g, A_at_cut, exponent, each
        with `_error` (one standard error), `_low` and `_high` (95 percent interval); A_g_allowance; bend with
        its interval; n_samples (S) and the other `COUNTS`; verdict, an index into its `flag_meanings`:
        "too_few_samples" (n_soft_samples < 3; all of these are nan), "not_quartic" (4 is outside the 99
        percent interval of the exponent: A_g and bend are nan) or "given".
        Over the grid and `resample`: A_g_resampled, A_at_cut_resampled, for ratios and fits between points.

    Raises
    ------
    ValueError
        For a cutoff that is not positive or exceeds omega_complete somewhere, modes_per_sample that is not
        positive, resamples below 2, or a dataset that lacks a variable.

    Examples
    --------
    Frequencies of D = 5 omega^4 up to 1, as a statistic sees them that does not know that law:

    >>> import numpy as np, qle
    >>> from qle.statistics import tail
    >>> data = qle.spectra(np.random.default_rng(0).random((100, 200)) ** (1 / 5), 200)
    >>> law = tail(data).squeeze()
    >>> float(law.A_g_low) < 5 < float(law.A_g_high), float(law.exponent_low) < 4 < float(law.exponent_high)
    (True, True)
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
    shares = [real("modes_per_sample", share, above=0.0) for share in shares]
    resamples = count("resamples", resamples, least=2)
    cuts = _cuts(dataset, cutoff)
    samples: list[_Samples] = []
    for point, cut in zip(points(dataset), cuts, strict=True):
        samples += [_counted(point, _default_cut(point, share) if cut is None else cut) for share in shares]
    columns = np.concatenate([one.columns for one in samples], axis=1)
    sums = resampled_sums(columns, resamples).reshape(resamples, len(samples), -1)
    rows = [_measure(one, sums[:, i]) for i, one in enumerate(samples)]
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
    if not (isinstance(cutoff, xr.DataArray) and cutoff.ndim):
        return [real("cutoff", cutoff, above=0.0)] * shape.size
    if not set(cutoff.dims) <= set(dims):
        raise ValueError(f"cutoff: has dimensions {cutoff.dims}, must be of the grid's, {dims}")
    values = cutoff.reindex_like(shape).broadcast_like(shape).transpose(*dims).values.ravel()
    return list(array("cutoff", values, above=0.0).tolist())


class _Samples(NamedTuple):
    """What each sample of one grid point brings to the numbers, and what they are called by."""

    columns: Array  # (samples, 2 + POWER): one, modes below the cut, features of those in the window
    included: npt.NDArray[np.bool_]
    counts: dict[str, int]
    soft: int  # samples with a mode below the cut
    N: int
    cut: float
    window: float
    complete: float

    @property
    def reach(self) -> float:
        """(omega_window/omega_cut)^2."""
        return (self.window / self.cut) ** 2


def _measure(one: _Samples, sums: Array) -> dict[str, Any]:
    """Return one point's row; `sums` are (resamples, columns), those of the columns in every replicate."""
    total = one.columns.sum(axis=0)
    row: dict[str, Any] = {
        "omega_cut": one.cut,
        "omega_window": one.window,
        "omega_complete": one.complete,
        "n_modes": int(total[1]),
        "n_window": int(total[2]),
        "n_soft_samples": one.soft,
        **one.counts,
    }
    verdict = "too_few_samples"
    if one.soft >= LEAST_SAMPLES:
        row |= _count(one, total, sums)
        verdict = "given" if _free_exponent(one, row) else "not_quartic"
        row |= _prefactor(one, sums)
    missing = (
        [name for name in _DESCRIBE if name.startswith(_WITHHELD[verdict])] if _WITHHELD[verdict] else []
    )
    for name in missing:
        row[name] = np.full(len(sums), np.nan) if name.endswith("_resampled") else np.nan
    return {**row, "verdict": np.int8(VERDICTS.index(verdict))}


def _count(one: _Samples, total: Array, sums: Array) -> dict[str, Any]:
    """Return A_at_cut with error, interval and replicates."""
    per_mode = one.N * one.cut**5 / 5
    counts = one.columns[one.included, 1]
    low, high = rate_interval(counts, np.full(counts.size, per_mode))
    replicates = ratio(sums[:, 1], sums[:, 0] * per_mode)
    numbers = {"": total[1] / (total[0] * per_mode), "_low": low, "_high": high}
    numbers |= {"_error": float(spread(replicates)), "_resampled": replicates}
    return {f"A_at_cut{key}": value for key, value in numbers.items()}


def _free_exponent(one: _Samples, row: dict[str, Any]) -> bool:
    """Put the exponent, error and interval into the row; return whether 4 may be it."""
    law = Fit(
        one.columns[one.included, 2:],
        precisions(one.reach, roughness=ROUGHNESS_OF_POWERS, power=True),
    )
    found = law.estimate(np.eye(POWER)[-1])
    row["exponent"], row["exponent_error"] = 4.0 + found.value, found.error
    row["exponent_low"], row["exponent_high"] = (4.0 + end for end in found.interval())
    low, high = found.interval(LIE)
    return low <= 0.0 <= high


def _prefactor(one: _Samples, sums: Array) -> dict[str, Any]:
    """Return A_g and the bend, with errors, intervals and replicates."""
    law = Fit(one.columns[one.included, 2:], precisions(one.reach))
    scale = 5.0 / (one.N * one.window**5)
    found, bend = law.estimate(np.eye(LAW)[0]), law.estimate(law.log_density(1.0 / one.reach))
    low, high = found.interval()
    A_g = scale * np.exp(found.value)
    row: dict[str, Any] = {"A_g": A_g, "A_g_low": scale * np.exp(low), "A_g_high": scale * np.exp(high)}
    row |= {"A_g_error": A_g * found.error, "A_g_allowance": found.allowance / found.error**2}
    row["bend"], (row["bend_low"], row["bend_high"]) = bend.value, bend.interval()
    row["A_g_resampled"] = scale * np.exp(maximum(sums[:, 2:], sums[:, 0], law.penalty, law.theta)[:, 0])
    return row


def _default_cut(point: Point, modes_per_sample: float) -> float:
    """Return the pooled mode with so many modes per sample below it, or omega_complete if lower."""
    rank = max(int(modes_per_sample * point.n_samples), LEAST_MODES)
    modes = np.sort(point.frequency, axis=None)
    return min(float(modes[min(rank, modes.size - 1)]), point.omega_complete) if modes.size else np.nan


def _window(point: Point, cut: float) -> float:
    """Return omega_window: WINDOW times the modes below the cut lie below it, if they are stored."""
    if not point.frequency.size:
        return cut
    modes = np.sort(point.frequency, axis=None)
    rank = WINDOW * int(np.searchsorted(modes, cut))
    end = float(modes[rank]) if rank < modes.size else np.inf
    return max(min(end, point.omega_complete, WIDEST * cut), cut)


def _counted(point: Point, cut: float) -> _Samples:
    """Return what the samples of a point bring below a cut-off; zeros for those that do not count."""
    if cut > point.omega_complete:
        raise ValueError(
            f"cutoff = {cut}: above omega_complete = {point.omega_complete} at {point.labels}, "
            "modes are missing there; store more modes or lower it"
        )
    window = _window(point, cut)
    below = (point.frequency < cut).sum(axis=1)
    columns = np.zeros((point.included.size, 2 + POWER))
    columns[point.included, 0] = 1.0
    columns[point.included, 1] = below
    columns[point.included, 2:] = sample_features(point.frequency, window)
    soft = int(np.count_nonzero(below))
    return _Samples(columns, point.included, point.counts, soft, point.N, cut, window, point.omega_complete)
