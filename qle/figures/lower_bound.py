"""Why cubic modes of glasses have b3^2/(b2 b4) above about 0.4, and those of models have not."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from qle.experiments import lower_bound
from qle.experiments.bent_valleys import LOW, WEAK
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import MARKERS, PAGE, page, shades
from qle.measurements.bent_modes import BentModes, collect_bent
from qle.measurements.frozen_modes import FREE
from qle.measurements.valleys import ValleyModes, collected
from qle.statistics.pooled import share

Array = NDArray[np.float64]
BENDS = (0.0, 0.4, 0.8)  # F of the models that are drawn
BINS = [0.1 * k for k in range(31)]  # of r
WHOLE = 400  # particles that move where none is frozen


def draw(modes: ValleyModes, bent: Sequence[BentModes], frozen: Sequence[Array], path: str | Path) -> Path:
    """Draw r against f, histograms of r, and the share of r < 0.4 against m; return `path`.

    Parameters
    ----------
    modes : ValleyModes
        Of glasses; those near a soft direction are drawn on the left.
    bent : sequence of BentModes
        Of a model at several F.
    frozen : sequence of (k, 3) arrays
        Rows of `frozen_modes` of each glass.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    glasses = int(modes.sample.max()) + 1
    with page(path, PAGE, 5.4) as drawing:
        panels = drawing.subplot_mosaic([["left", "right"], ["below", "below"]])
        left, middle, right = (panels[place] for place in ("left", "right", "below"))
        _against_share(left, modes, bent)
        _histograms(middle, modes, bent)
        _violations(right, modes, frozen)
        model = WEAK.name.replace("N =", "$N$ =").replace("J =", "$J$ =").replace("h =", "$h$ =")
        drawing.suptitle(
            f"cubic modes of {glasses} glasses of soft spheres, 2D, $N$ = 400, quenched from $T_p$ = 2, and\n"
            f"of {bent[0].samples} minima of {model}, bent so that valleys undo the share $F$ of $b_4$",
            fontsize=7.5,
        )
        below(
            drawing,
            "Left: glass modes near a soft direction, and all modes of the bent models; a cubic "
            "mode of the two "
            "coordinates z and y has $r$ above $f$, and one of a bent model above $F/3$. Right: "
            "all cubic modes. "
            "Below: cubic modes of clusters of $m$ particles, all others frozen; bars are errors "
            "over glasses, "
            "triangles stand where none was found, at the share of one mode more.",
        )
    return Path(path)


def _against_share(panel: Axes, modes: ValleyModes, bent: Sequence[BentModes]) -> None:
    near = modes.near
    panel.plot(modes.undone[near], modes.ratio[near], ".", color="0.5", markersize=3, label="glass")
    for one, colour, marker in zip(bent, shades(len(bent)), MARKERS[1:], strict=False):
        panel.plot(one.undone, one.ratio, marker, color=colour, markersize=2.5, label=f"$F$ = {one.share:g}")
    f = np.array([1e-4, 3.0])
    panel.plot(f, f, "-", color="0.1", linewidth=1.0, label="$r = f$")
    panel.plot(f, f / 3.0, "--", color="0.1", linewidth=1.0, label="$r = f/3$")
    panel.axhline(LOW, color="0.1", linewidth=1.0, linestyle=":", label=f"$r$ = {LOW:g}")
    low = min(float(one.ratio.min()) for one in bent)
    panel.set(xscale="log", yscale="log", xlim=(1e-4, 3.0), ylim=(0.7 * low, 20.0))
    panel.set(xlabel="$f$, share of $b_4$ undone along the valley", ylabel="$r = b_3^2/(b_2 b_4)$")
    panel.legend(loc="upper left", fontsize=6.5, markerscale=1.5, ncols=2)


def _histograms(panel: Axes, modes: ValleyModes, bent: Sequence[BentModes]) -> None:
    for one, colour in zip(bent, shades(len(bent)), strict=True):
        panel.hist(
            np.minimum(one.ratio, 2.999),
            BINS,
            density=True,
            histtype="step",
            color=colour,
            label=f"$F$ = {one.share:g}",
        )
    ahead = modes.ratio[~modes.backward]
    panel.hist(
        np.minimum(ahead, 2.999), BINS, density=True, histtype="stepfilled", color="0.75", zorder=0,
        label="glass",
    )  # fmt: skip
    panel.axvline(LOW, color="0.1", linewidth=1.0, linestyle=":", label=f"$r$ = {LOW:g}")
    panel.set(xlim=(0.0, 3.0), xlabel="$r$ (last bin: and above)", ylabel="density of $r$")
    panel.legend(loc="upper right", fontsize=6.5)


def _violations(panel: Axes, modes: ValleyModes, frozen: Sequence[Array]) -> None:
    """Draw shares with their errors; where there is none, the upper end alone."""
    sample = np.repeat(np.arange(len(frozen)), [len(rows) for rows in frozen])
    count, ratio, _ = np.concatenate(frozen).T
    ahead = ~modes.backward
    shares = [share(ratio[count == m] < LOW, sample[count == m], len(frozen)) for m in FREE]
    shares.append(share(modes.ratio[ahead] < LOW, modes.sample[ahead], int(modes.sample.max()) + 1))
    found, error = np.array(shares).T
    place = np.array([*FREE, WHOLE], np.float64)
    some = found > 0.0
    dark, light, _ = shades(3)
    panel.errorbar(
        place[some], found[some], np.minimum(error, 0.99 * found)[some], fmt="o", color=dark, markersize=4,
        capsize=2, label=f"all but $m$ frozen, {len(frozen)} glasses",
    )  # fmt: skip
    panel.plot(
        place[~some], error[~some], "v", color=light, markersize=5, label="none: one mode more would be this"
    )
    panel.axvline(WHOLE, color="0.6", linewidth=0.8, linestyle="-.", label="none frozen, all glasses")
    panel.set(xscale="log", yscale="log", ylim=(3e-4, 1.6), xlabel="particles $m$ that move")
    panel.set_ylabel(f"share of $r$ < {LOW:g}")
    panel.legend(loc="upper right", bbox_to_anchor=(0.93, 1.0), fontsize=6.5)


def collect(options: Options) -> dict[str, Any]:
    """Return the modes of glasses, whole and frozen, and of the bent model."""
    made = [lower_bound.measured(lower_bound.SPHERES, sample) for sample in range(options.samples)]
    return {
        "modes": collected([one.modes for one in made]),
        "bent": collect_bent(WEAK, options.samples, BENDS),
        "frozen": [one.frozen for one in made if len(one.frozen)],
    }


ASKED = partial(add_samples, default=20, what="glasses, and samples of the model")
FIGURES = {"lower-bound": FigureRecord(options=ASKED, collect=collect, draw=draw)}
