"""How the numbers of the tail depend on the cut-off: narrower windows."""

import itertools
from collections.abc import Sequence

import xarray as xr

from arguments import array, shown
from qle.statistics.tail_law import tails

SHARES = (0.5, 0.25, 0.125)


def windows(dataset: xr.Dataset, *, shares: Sequence[float] = SHARES, resamples: int = 1000) -> xr.Dataset:
    """Return `tail` with a wide window and narrower ones.

    The cut-off is chosen by a rule that does not look at the exponent: so many modes per sample, `shares`,
    lie below it. A_at_cut follows the law as it bends; A_g should stay within its interval, which widens as
    the window narrows.

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
        The variables of `tail` over the grid and `share`, without replicates.

    Raises
    ------
    ValueError
        For shares that do not descend, and as `tail`.

    Examples
    --------
    Of D = 5 omega^4, which does not bend, A_at_cut is 5 in all windows:

    >>> import numpy as np, qle
    >>> from qle.statistics import windows
    >>> found = windows(qle.spectra(np.random.default_rng(0).random((100, 200)) ** (1 / 5), 200)).squeeze()
    >>> ((found.A_at_cut_low < 5) & (5 < found.A_at_cut_high)).values
    array([ True,  True,  True])
    """
    shares = array("shares", shares, ("n",), above=0.0).tolist()
    if len(shares) < 2 or any(a <= b for a, b in itertools.pairwise(shares)):
        raise ValueError(f"shares = {shown(shares)}: must be two or more numbers, descending")
    laws = [law.drop_dims("resample") for law in tails(dataset, shares=shares, resamples=resamples)]
    return xr.concat(laws, dim=xr.DataArray(shares, dims="share", name="share"))
