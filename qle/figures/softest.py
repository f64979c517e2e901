"""The softest normal mode and the softest cubic mode of samples (source paper, Fig. 10)."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qle.experiments.nonlinear_modes import ENSEMBLES
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import PAGE, page, shades
from qle.measurements import cubic_modes
from qle.measurements.cubic_modes import CubicModes

CAPTION = (
    r"Of each sample the softest normal mode, $\omega_{\min}^2 = \lambda_1$, and the softest cubic mode, "
    r"$\omega_{\min}^2 = b_2 = \pi\cdot M\pi$ (squares: normal modes, circles: cubic modes). Left: the "
    r"share of samples below. Dashed: $\omega^5$, the integral of $\omega^4$, through the median of cubic "
    r"modes. Right: participation ratio $e = 1/(N\,\Sigma_i\, \psi_i^4)$ of the same modes, 1 for a plane "
    "wave and $1/N$ for one site. Minima are as found, some of them in upper wells."
)


def draw(modes: CubicModes, name: str, path: str | Path) -> Path:
    """Draw the law of the softest frequency over samples, and participation ratios; return `path`.

    Parameters
    ----------
    modes : CubicModes
        Of at least 2 samples, each with a mode.
    name : str
        Of the ensemble, for the title.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a sample without cubic mode.
    """
    cubic, participation = _softest(modes)
    dark, _, light = shades(3)
    with page(path, PAGE, 2.6) as drawing:
        left, right = drawing.subplots(1, 2)
        share = (np.arange(modes.samples) + 0.5) / modes.samples
        for omega, e, color, marker, kind in (
            (modes.softest, modes.spread, light, "s", "normal"),
            (cubic, participation, dark, "o", "cubic"),
        ):
            left.plot(np.sort(omega), share, color=color, drawstyle="steps-mid", label=f"{kind} modes")
            right.plot(omega, e, marker, color=color, markersize=2, label=f"_{kind} modes")
        end = np.quantile(cubic, 0.5)
        x = np.array([0.4, 1.0]) * end
        left.plot(x, 0.5 * (x / end) ** 5, "--", color="0.3", linewidth=1.0, label=r"$\omega^5$")
        left.set(xscale="log", yscale="log", xlabel=r"$\omega_{\min}$", ylabel=r"share below $\omega_{\min}$")
        right.set(xscale="log", yscale="log", xlabel=r"$\omega_{\min}$", ylabel="$e$")
        left.legend(loc="lower right")
        for axis in (left.xaxis, right.xaxis, right.yaxis):
            label_decades(axis)
        drawing.suptitle(f"{name}, {modes.samples} samples")
        below(drawing, CAPTION)
    return Path(path)


def _softest(modes: CubicModes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return frequency and participation ratio of the softest cubic mode of each sample."""
    order = np.lexsort((modes.b2, modes.sample))
    samples, first = np.unique(modes.sample[order], return_index=True)
    if samples.size < modes.samples:
        raise ValueError(f"{modes.samples - samples.size} samples have no cubic mode: each must have one")
    rows = order[first]
    return modes.frequency[rows], modes.participation[rows]


def collect(options: Options) -> dict[str, Any]:
    """Return the cubic modes of samples of the lattice model."""
    lattice = ENSEMBLES[2]
    return {"modes": cubic_modes.collect(lattice, options.samples)[0], "name": lattice.name}


FIGURES = {"fig10": FigureRecord(options=partial(add_samples, default=300), collect=collect, draw=draw)}
