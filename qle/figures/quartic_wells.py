"""b3^2 against b2 b4 of wells, with the stability bound (source paper, Fig. 11)."""

from pathlib import Path

import numpy as np

import spm
from qle.figures.captions import below
from qle.figures.style import page, shades

MOST_POINTS = 5000
BOUNDS = {"-": 3.0, "--": 0.4}  # stability bound; empirical lower bound of modes of computer glasses (S IV.G)


def draw(wells: spm.QuarticWells, path: str | Path) -> Path:
    """Draw b3^2 against b2 b4, light where the bound b3^2 <= 3 b2 b4 is violated; return `path`.

    Of more than 5000 wells, so many are drawn at equal distances in the table. The dashed line is
    b3^2 = 0.4 b2 b4, below which nonlinear modes of computer glasses are not found, but soft potentials are.

    Parameters
    ----------
    wells : spm.QuarticWells
        Sampled, or the nonlinear modes of a model.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    rows = np.linspace(0, wells.size - 1, min(wells.size, MOST_POINTS)).astype(np.int64)
    wells = wells.select(rows)
    product, square = wells.b2 * wells.b4, wells.b3**2
    with page(path, 4.0, 3.4) as drawing:
        panel = drawing.subplots()
        dark, _, light = shades(3)
        for kind, color, label in (
            (~wells.violates, dark, "global minima"),
            (wells.violates, light, "upper of two minima"),
        ):
            panel.plot(product[kind], square[kind], ".", color=color, markersize=2, label=label)
        x = np.array([product.min(), product.max()])
        for line, factor in BOUNDS.items():
            label = rf"$b_3^2 = {factor:g}\, b_2 b_4$"
            panel.plot(x, factor * x, line, color="0.2", linewidth=1.0, label=label)
        low = np.quantile(square[square > 0.0], 0.01) if (square > 0.0).any() else 1e-3 * x[0]
        panel.set(xscale="log", yscale="log", xlabel="$b_2 b_4$", ylabel="$b_3^2$")
        panel.set_ylim(low, 30.0 * float(square.max()))
        panel.legend(loc="upper left", fontsize=7, markerscale=3.0)
        below(
            drawing,
            f"A point for each of {wells.size} quartic wells $b_2 s^2/2 + b_3 s^3/6 + b_4 s^4/24$ at a "
            "minimum. Above the full line there is a lower minimum; below the dashed line are hardly any "
            "modes of computer glasses.",
        )
    return Path(path)
