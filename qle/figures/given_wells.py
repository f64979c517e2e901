"""Wells of a user: asymmetry and barrier of the double ones, and the specific heat of all."""

from pathlib import Path

import numpy as np

import spm
from qle.figures.axes import in_units, label_decades
from qle.figures.captions import below
from qle.figures.style import page, shades


def draw(given: spm.GivenWells, levels: spm.WellLevels, heat: spm.SpecificHeat, path: str | Path) -> Path:
    """Draw asymmetry against barrier, and C(T) per well; return `path`.

    Left: double wells, those that do not tunnel lighter; the line is where asymmetry and barrier are equal.
    Right: C in units of k_B, with its standard error.

    Parameters
    ----------
    given : spm.GivenWells
    levels : spm.WellLevels
    heat : spm.SpecificHeat
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    energy, of = in_units(given.unit[0]), " of the quartic" if given.paths else ""
    barrier, above = given.wells.exact_barrier, given.wells.exact_asymmetry
    with page(path, 7.2, 3.4) as drawing:
        left, right = drawing.subplots(1, 2)
        dark, _, light = shades(3)
        moving = levels.double & ~levels.frozen
        for rows, color, label in ((moving, dark, "tunnels"), (levels.frozen, light, "frozen")):
            if rows.any():
                left.plot(barrier[rows], above[rows], "o", color=color, markersize=3.5, label=label)
        if levels.double.any():
            equal = [0.0, float(np.nanmax(barrier))]
            left.plot(equal, equal, "-", color="0.3", linewidth=1.0, label="asymmetry = barrier")
            left.legend(fontsize=7)
        left.set(xlabel=f"barrier{of}{energy}", ylabel=f"asymmetry{of}{energy}")
        ends = np.minimum(heat.error, 0.999 * heat.C)
        right.errorbar(heat.T, heat.C, ends, color=dark, linewidth=1.0, label="mean of wells, standard error")
        right.set(xscale="log", yscale="log", xlabel=f"$T${energy}", ylabel="$C/k_B$ of a well")
        right.legend(fontsize=7, loc="lower right")
        label_decades(right.xaxis)
        right.set_ylim(float(heat.C.max()) * 1e-6, float(heat.C.max()) * 3.0)
        frozen = " Frozen: does not tunnel." if levels.frozen.any() else ""
        below(
            drawing,
            f"Left: a point for each of {int(levels.double.sum())} double wells, energies above the lower "
            f"minimum: no upper minimum is above the barrier.{frozen} Right: mean specific heat of all "
            f"{levels.double.size} wells, single ones too, with one standard error over wells.",
        )
    return Path(path)
