"""Softening of cubic and of normal modes on the way to instabilities (source paper, Fig. 12)."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from qle.experiments.nonlinear_driving import ENSEMBLES, softenings
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import PAGE, page, shades
from quartic.nonlinear.softening import Softening

MOST_LINES = 15
CAPTION = (
    "Each way is one sample driven by its field $h$ to an instability at $h_c$. The cubic mode that "
    r"becomes unstable has stiffness $b_2 = \pi\cdot M\pi$ and third derivative $b_3$; $\lambda_1$ is the "
    "lowest eigenvalue, of whichever normal mode is the softest. Near a fold $b_2$ is $(2 b_3 F (h_c - "
    r"h))^{1/2}$ (dashed, one for each way), $F$ the force along the mode per field; $\lambda_1$ lies "
    "below far from it, where other modes are softer."
)


def draw(ways: Mapping[str, Sequence[Softening]], path: str | Path) -> Path:
    """Draw stiffnesses against h_c - h, with the square root that they follow in the end; return `path`.

    Dark: b2 of cubic modes; pale: lowest eigenvalues. A panel for each ensemble, with at most 15 ways. Thin
    lines are the law (2 b3 F (h_c - h))^(1/2) of each way, with b3 and F where it ends.

    Parameters
    ----------
    ways : mapping of names to sequences of Softening
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a name without any.
    """
    empty = [name for name, some in ways.items() if not some]
    if empty:
        raise ValueError(f"{empty[0]}: no sample has an instability within reach; take more samples")
    with page(path, min(PAGE, 3.0 * len(ways) + 0.4), 3.0) as drawing:
        panels = drawing.subplots(1, len(ways), sharey=True, squeeze=False)[0]
        for panel, (name, some) in zip(panels, ways.items(), strict=True):
            _draw_panel(panel, some[:MOST_LINES])
            panel.set_title(f"{name}\n{min(len(some), MOST_LINES)} instabilities", fontsize=8)
        panels[0].set_ylabel(r"$b_2$ or $\lambda_1$")
        panels[0].legend(loc="lower right", fontsize=7)
        below(drawing, CAPTION)
    return Path(path)


def _draw_panel(panel: Axes, ways: Sequence[Softening]) -> None:
    dark, _, light = shades(3)
    for k, way in enumerate(ways):
        first = k == 0
        for values, color, mark, label in (
            (way.lowest_eigenvalue, light, "s", "normal modes"),
            (way.b2, dark, "o", "cubic modes"),
        ):
            panel.plot(
                way.distance, values, f"{mark}-", color=color, markersize=1.8,
                linewidth=0.6, label=label if first else f"_{label}",
            )  # fmt: skip
        label = r"$(2 b_3 F (h_c - h))^{1/2}$"
        panel.plot(
            way.distance, way.predicted, "--", color="0.4", linewidth=0.5, label=label if first else "_dashed"
        )
    panel.set(xscale="log", yscale="log", xlabel="$h_c - h$")


def collect(options: Options) -> dict[str, Any]:
    """Return the ways to instabilities of samples of each ensemble."""
    return {"ways": {one.name: softenings(one, options.samples) for one in ENSEMBLES}}


FIGURES = {"fig12": FigureRecord(options=partial(add_samples, default=15), collect=collect, draw=draw)}
