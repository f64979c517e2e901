"""Modes of Hessians from files: participation against frequency, and how many there are."""

from pathlib import Path

import numpy as np
import xarray as xr

from qle.figures.axes import in_units, label_decades
from qle.figures.captions import below
from qle.figures.style import page, shades


def draw(dataset: xr.Dataset, path: str | Path) -> Path:
    """Draw participation ratios and the cumulated number of modes of a sample, and return `path`.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.modes` returns. Modes of frequency <= 0 are left out.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    omega, e = (np.ravel(dataset[name].values) for name in ("frequency", "participation_ratio"))
    stable = omega > 0.0
    ranked = np.sort(omega[stable])
    label = r"$\omega$" + in_units(dataset["frequency"].attrs["units"])
    scale = "log" if stable.any() else "linear"
    files, (dark, *_) = dataset.sizes["sample"], shades(3)
    with page(path, 7.2, 3.2) as drawing:
        left, right = drawing.subplots(1, 2)
        left.plot(omega[stable], e[stable], ".", markersize=3, color=dark, label="_points")
        left.set(xlabel=label, ylabel="participation ratio $e$", xscale=scale, yscale=scale)
        right.step(
            ranked,
            np.arange(1, ranked.size + 1) / files,
            where="post",
            color=dark,
            linewidth=1.0,
            label="_line",
        )
        right.set(xlabel=label, ylabel=r"modes below $\omega$, per file", xscale=scale, yscale=scale)
        for axis in (left.xaxis, left.yaxis, right.xaxis) if stable.any() else ():
            label_decades(axis)
        count = f"{files} file{'s' * (files > 1)}, $N = {int(dataset['N'])}$ particles each"
        drawing.suptitle(f"{count}, $d = {int(dataset['dimension'])}$", fontsize=10)
        below(
            drawing,
            r"Left, points: $e = (\Sigma_i\, u_i^2)^2/(N\, \Sigma_i\, u_i^4)$, $u_i$ the displacement of "
            "particle $i$: 1/N for one particle, 1 where all move alike. Right, line: the number of modes, "
            "all files together. Modes of frequency 0 and of negative curvature are left out.",
        )
    return Path(path)
