"""The (h, J) plane as one page of HTML on which points can be clicked, without server or network."""

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.ticker import Locator, LogLocator, MaxNLocator
from numpy.typing import NDArray

from qle.report.page import ENVIRONMENT
from qle.solutions.plane import COLUMNS, REGIMES
from qle.store.writing import replacing

Array = NDArray[np.float64]

DIGITS = 5  # of the numbers on the page
EXACT = 10  # of h and J: just past a critical line q ~ J - J_c hangs on the sixth
COLORS = ("#dcdcdc", "#5c8fb0", "#2f4b7c", "#ffffff")
MEANING = (
    "Replica-symmetric: one state. D has a gap.",
    "Glass: replica symmetry broken, all wells single.",
    "Glass: replica symmetry broken; some oscillators have two wells.",
    "Not solved: too near the line, the breaking drowns in rounding.",
)
WORDS = {
    "q": "q, E[x²] of a state", "q_0": "q₀, least overlap of states", "chi": "χ, response",
    "chi_EA": "χ_EA, response inside a state", "replicon": "replicon, 1 - J² E[1/k²]",
    "gap_edge": "b = κ_min - J² χ_EA", "energy": "energy per oscillator", "gap": "gap of D(ω)",
}  # fmt: skip
OMEGA, D = (3e-3, 2.0), (1e-7, 10.0)  # ranges of the plot of D


class Frame(NamedTuple):
    """The rectangle of a plot in an SVG image, and the ranges along it.

    Attributes
    ----------
    left, top, width, height : float
    x, y : pairs of float
        Ranges, ascending.
    log : bool
        Whether both are logarithmic.
    """

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    log: bool

    def across(self, value: float) -> float:
        """Return where a value of x is."""
        return round(self.left + self.width * self._share(value, *self.x), 2)

    def up(self, value: float) -> float:
        """Return where a value of y is."""
        return round(self.top + self.height * (1.0 - self._share(value, *self.y)), 2)

    def _share(self, value: float, low: float, high: float) -> float:
        if self.log:
            value, low, high = math.log(value), math.log(low), math.log(high)
        return (value - low) / (high - low)


def write_plane(plane: xr.Dataset, diagram: xr.Dataset, path: Path) -> None:
    """Write the page of a plane; an earlier one is replaced when it is whole.

    Parameters
    ----------
    plane : xarray.Dataset
        Of `qle.solutions.plane.plane`, h and J ascending, two of each or more.
    diagram : xarray.Dataset
        The critical line of the same law, of `qle.solutions.phase_diagram.phase_diagram`.
    path : Path

    Raises
    ------
    OSError
        The file cannot be written.
    """
    h, J = (_edges(plane[name].values) for name in ("h", "J"))
    frame = Frame(66, 10, 366, 320, (h[0], h[-1]), (J[0], J[-1]), log=False)
    spectra = Frame(80, 10, 362, 320, OMEGA, D, log=True)
    cells = [
        {
            "i": i, "j": j, "x": frame.across(h[i]), "y": frame.up(J[j + 1]),
            "width": round(frame.across(h[i + 1]) - frame.across(h[i]), 2),
            "height": round(frame.up(J[j]) - frame.up(J[j + 1]), 2),
            "color": COLORS[int(plane["regime"][i, j])],
        }
        for i in range(h.size - 1)
        for j in range(J.size - 1)
    ]  # fmt: skip
    line = diagram.squeeze(("kappa_min", "kappa_0"))
    inside = (line["h"].values <= h[-1]) & (line["J"].values <= J[-1])
    text = ENVIRONMENT.get_template("plane.html").render(
        data=plane_data(plane), frame=frame, spectra=spectra, cells=cells, words=WORDS,
        law={name: float(plane[name]) for name in ("kappa_min", "kappa_0", "beta", "A")},
        line=list(zip(line["h"].values[inside].tolist(), line["J"].values[inside].tolist(), strict=True)),
        special=(line["special_h"].item(), line["special_J"].item()),
        kinds=list(zip(COLORS, MEANING, strict=True)),
        ticks=[
            [_ticks(MaxNLocator(6), frame.x), _ticks(MaxNLocator(8), frame.y)],
            [_ticks(LogLocator(numticks=12), ends) for ends in (OMEGA, D)],
        ],
    )  # fmt: skip
    with replacing(path) as file:
        file.write(text.encode())


def plane_data(plane: xr.Dataset) -> dict[str, Any]:
    """Return what the page knows of every point as JSON: five digits, ten of h and J; null for no number."""
    numbers = {name: _rounded(plane[name].values) for name in COLUMNS}
    return {
        "h": _rounded(plane["h"].values, EXACT), "J": _rounded(plane["J"].values, EXACT), "regimes": REGIMES,
        "meaning": MEANING, "regime": plane["regime"].values.tolist(), "numbers": numbers,
        "omega": _rounded(plane["omega"].values), "D": _rounded(plane["D"].values),
    }  # fmt: skip


def _rounded(values: Array, digits: int = DIGITS) -> Any:
    """Return nested lists of numbers of so many digits; None for nan."""
    if np.ndim(values):
        return [_rounded(one, digits) for one in values]
    return float(f"{values:.{digits}g}") if np.isfinite(values) else None


def _edges(values: Array) -> Array:
    """Return the borders of the cells around ascending values: half way between neighbours."""
    middle = 0.5 * (values[1:] + values[:-1])
    return np.concatenate([[2.0 * values[0] - middle[0]], middle, [2.0 * values[-1] - middle[-1]]])


def _ticks(locator: Locator, ends: tuple[float, float]) -> list[float]:
    """Return the numbers of an axis that are inside its range."""
    low, high = ends
    return [float(value) for value in locator.tick_values(low, high) if low <= value <= high]
