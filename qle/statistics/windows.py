"""How much A_g depends on the cut-off: narrower windows, and the systematic error."""

import itertools
from collections.abc import Sequence

import numpy as np
import xarray as xr

from qle.statistics.tail_law import tails

SHARES = (0.5, 0.25, 0.125)


def windows(dataset: xr.Dataset, *, shares: Sequence[float] = SHARES, resamples: int = 1000) -> xr.Dataset:
    """Return `tail` with a wide window and narrower ones, and what they say of the systematic error.

    The window is chosen by a rule that does not look at the exponent: so many modes per sample, `shares[0]`,
    lie below the cut-off. What it leaves out is how D bends away from omega^4 below it. With A_k the
    prefactor in window k and v_k the variance of A_k - A_0 between resampled samples (the same in both),

        A_g_systematic^2 = max_k [(A_k - A_0)^2 - v_k],    0 if that is negative:

    what narrower windows differ by, beyond their scatter. It is no bound: a bend that the narrowest window
    does not resolve stays unseen.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    shares : sequence of float
        Modes per sample below each cut-off, descending, > 0; at least 7 modes of all samples together.
    resamples : int
        As in `tail`.

    Returns
    -------
    xarray.Dataset
        The variables of `tail` over the grid and `share`, without replicates, and over the grid
        ``A_g_systematic``: nan where the widest window has no A_g.

    Raises
    ------
    ValueError
        For shares that do not descend, and as `tail`.
    """
    if not (len(shares) > 1 and all(a > b > 0.0 for a, b in itertools.pairwise(shares))):
        raise ValueError(f"shares = {tuple(shares)}: must be two or more numbers > 0, descending")
    laws = tails(dataset, shares=shares, resamples=resamples)
    excess = [_excess(laws[0], law) for law in laws[1:]]
    kept = [law.drop_dims("resample") for law in laws]
    result = xr.concat(kept, dim=xr.DataArray(list(shares), dims="share", name="share"))
    largest = xr.concat(excess, dim="share").max("share").clip(min=0.0)
    systematic = (largest**0.5).where(np.isfinite(laws[0]["A_g"]))
    systematic.attrs = {"long_name": "systematic error of A_g in the widest window", "units": "1"}
    return result.assign(A_g_systematic=systematic)


def _excess(wide: xr.Dataset, narrow: xr.Dataset) -> xr.DataArray:
    """Return the squared difference of the two A_g less its variance."""
    scatter = (narrow["A_g_resampled"] - wide["A_g_resampled"]).var("resample", ddof=1)
    return (narrow["A_g"] - wide["A_g"]) ** 2 - scatter
