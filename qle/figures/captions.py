"""What a caption says of the samples that a figure is made of."""

import xarray as xr

LEFT = {"n_missing": "missing", "n_unconverged": "not converged", "n_excluded": "left out at saddles"}


def samples(counts: xr.Dataset, per: str) -> str:
    """Return "180 to 200 samples per curve, 25 missing": those that enter, and all that do not.

    Parameters
    ----------
    counts : xarray.Dataset
        Over the grid, with the names of `qle.statistics.points.COUNTS`.
    per : str
        What a grid point is in the figure.
    """
    entered = counts["n_samples"].values
    fewest, most = int(entered.min()), int(entered.max())
    words = [f"{fewest if fewest == most else f'{fewest} to {most}'} samples per {per}"]
    total = {text: int(counts[name].sum()) for name, text in LEFT.items()}
    return ", ".join([*words, *(f"{count} {text}" for text, count in total.items() if count)])
