"""The map of local heat capacities of a plane lattice (source paper, Fig. 13)."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import SymLogNorm

import lattice_gps
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import COLUMN, page
from qle.measurements.ensemble import RANDOM, Ensemble
from quartic.nonlinear.heat import HeatCapacities, heat_capacities

PARAMS = lattice_gps.GPSLattice(L=40, J=0.3, d=2)  # of fig13
PAIRS = 2000  # that are drawn
LINEAR = 0.01  # of the largest |c|: below, colours are linear
THICKEST = 5.0  # points, of the pair of largest |c|


def draw(params: lattice_gps.GPSLattice, heat: HeatCapacities, path: str | Path) -> Path:
    """Draw each pair as a line as thick as |c| is large, coloured by c; return `path`.

    Parameters
    ----------
    params : lattice_gps.GPSLattice
        Of dimension 2.
    heat : HeatCapacities
        Of a minimum; the pairs it holds are drawn.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, another dimension, or no pair.
    """
    if params.d != 2:
        raise ValueError(f"d = {params.d}: must be 2, for a map")
    if not heat.pair_values.size:
        raise ValueError("heat: holds no pair; must hold those that shall be drawn")
    places = lattice_gps.coordinates(params.L, 2)
    i, j = heat.pairs.T
    step = lattice_gps.displacement(params.L, 2, i, j)
    scale = np.abs(heat.pair_values).max()
    with page(path, COLUMN, 3.0) as drawing:
        panel = drawing.subplots()
        for ends in (
            (places[i], places[i] + step),
            (places[j], places[j] - step),
        ):  # across the border, twice
            lines = LineCollection(
                list(np.stack(ends, axis=1)),
                linewidths=THICKEST * np.abs(heat.pair_values) / scale,
                array=heat.pair_values,
                cmap="PuOr",
                norm=SymLogNorm(LINEAR * scale, vmin=-scale, vmax=scale),
                label="_Lines",
            )
            panel.add_collection(lines)
        reach = (-0.5, params.L - 0.5)
        panel.set(xlim=reach, ylim=reach, aspect="equal", xlabel="$x$", ylabel="$y$")
        drawing.colorbar(panel.collections[0], ax=panel, label="$c$ of a pair")
        panel.set_title(f"$L = {params.L}$, $d = 2$, $J = {params.J:g}$")
        below(
            drawing,
            f"Lines: the {heat.pair_values.size} pairs of largest $|c|$, {heat.pair_values.min():.3g} to "
            f"{heat.pair_values.max():.3g}, between their sites, as thick as $|c|$ is large; lengths in "
            r"lattice constants. $c = (2/k_B)\, d\langle J_{ij} x_i x_j \rangle/dT$ at $T = 0$; "
            "with the terms of single sites they add up to $N$.",
        )
    return Path(path)


def collect(options: Options) -> dict[str, Any]:
    """Return the heat capacities of one sample, with so many pairs of largest |c|."""
    ensemble = Ensemble(params=PARAMS, seed=141, protocol=RANDOM)
    return {"params": PARAMS, "heat": heat_capacities(*ensemble.relaxed(options.samples), largest=PAIRS)}


FIGURES = {
    "fig13": FigureRecord(
        options=partial(add_samples, default=1, what="the sample that is drawn"), collect=collect, draw=draw
    )
}
