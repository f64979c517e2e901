"""The glassy phase (S Fig. 9): A_g at weak coupling, and across the crossover."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from matplotlib.axes import Axes
from scipy.interpolate import PchipInterpolator

from qle.figures.axes import label_decades
from qle.figures.captions import below, protocol, sweep_title
from qle.figures.record import FigureRecord, Options
from qle.figures.style import MARKERS, check_suffix, figure, one_look, save, shades
from qle.statistics.glassy_phase import (
    LEAST_REPLICON,
    STRONG,
    WEAK,
    check_one_field,
    crossing,
    exponent,
    global_prefactor,
    ground_prefactor,
    limit_prefactor,
    measured,
    state_prefactor,
    strong_fit,
    weak_abscissa,
    weak_fit,
    weak_ordinate,
)
from qle.statistics.tail_law import MODES_PER_SAMPLE

Array = npt.NDArray[np.float64]

SIZE = (5.0, 3.6)  # inches
KINDS = {"-": "_Full lines", "--": "_dashed", "-.": "_dash-dotted"}  # of lines, by their names in the caption
INTERVAL = ("A_g", "A_g_low", "A_g_high")
CURVE = 30  # points of a predicted curve
GROUND = 6  # of the ground state's: each takes seconds
DEEPEST = 2.0  # E0 up to which it is drawn: states differ by less than rounding beyond


def draw_weak(dataset: xr.Dataset, path: str | Path, *, modes_per_sample: float = MODES_PER_SAMPLE) -> Path:
    """Draw ln(kappa_0^(1/2) h^(2/3) J A_g) against -kappa_0 h^(2/3)/J^2 (S Fig. 9b), and return `path`.

    Points have 95 percent intervals, which allow for a bend (`qle.statistics.tail`); small ones are the means
    below omega_cut, A_at_cut, also where the exponent is not 4 and there is no A_g. Dashed lines are the
    limit J -> 0 in closed form, constant included; full lines `khgps.solve_one_state`; dash-dotted ones
    A_at_cut of the ground state with replica symmetry broken, of the same share of modes. The caption has
    `qle.statistics.glassy_phase.weak_fit`: both its numbers are 0 where the full lines hold.

    `modes_per_sample` sets the window of A_g: the fewer, the nearer to omega -> 0, and the larger the errors.

    Raises
    ------
    ValueError
        For another suffix, another model or swept parameter, or no point with an A_g.
    """
    path = _checked(path)
    law = measured(dataset, modes_per_sample=modes_per_sample)
    if not np.isfinite(law["A_g"]).any():
        raise ValueError(
            "dataset: has no point with an omega^4 tail; sweep more samples or stronger coupling"
        )
    with one_look():
        drawing = figure(*SIZE)
        panel = drawing.subplots()
        pairs = [(h, k) for h in law["h"].values for k in law["kappa_0"].values]
        for i, (color, (h, kappa_0)) in enumerate(zip(shades(len(pairs)), pairs, strict=True)):
            row = law.sel(h=h, kappa_0=kappa_0)
            row = row.isel(J=np.flatnonzero(row["E0"].values >= WEAK / 2))
            _draw_weak_row(panel, row, i, color, modes_per_sample / int(dataset["N"]))
        _keep_to_points(panel)
        panel.set_xlabel(r"$-\kappa_0\, h^{2/3} J^{-2}$")
        panel.set_ylabel(r"$\ln(\kappa_0^{1/2} h^{2/3} J \mathcal{A}_g)$")
        panel.plot([], [], "-", color="0.3", label="cavity equations")
        panel.plot([], [], "--", color="0.3", label=r"limit $J \to 0$")
        panel.plot([], [], "-.", color="0.3", label="ground state")
        drawing.legend(loc="outside upper center", ncols=3)
        panel.set_title(sweep_title(dataset, law))
        below(
            drawing,
            MARKS + r"; dashed: their limit $J \to 0$ in closed form, constant included; " + GROUND_WORDS
            + r". The abscissa is $-3 \cdot 6^{1/3} E_0$, with $\mathcal{A}_g \sim e^{-E_0}$. "
            + _weak_words(law) + protocol(dataset),
        )  # fmt: skip
        return save(drawing, path)


def draw_crossover(
    dataset: xr.Dataset, path: str | Path, *, modes_per_sample: float = MODES_PER_SAMPLE
) -> Path:
    """Draw A_g against J across J_x (S Fig. 9c), and return `path`.

    Points have 95 percent intervals, which allow for a bend (`qle.statistics.tail`); small ones are the means
    below omega_cut, A_at_cut, also where the exponent is not 4 and there is no A_g. Full lines are
    `khgps.solve_one_state`, up to where its replicon is 0.2; dashed ones the replica-symmetric prediction,
    every site at its global minimum, at all J; dash-dotted ones A_at_cut of the ground state with replica
    symmetry broken, of the same share of modes; ticks at the bottom J_x. Dotted lines are power laws fitted
    at 2.5 J_x < J <= kappa_0; the legend has their exponents.

    `modes_per_sample` sets the window of A_g: the fewer, the nearer to omega -> 0, and the larger the errors.

    Raises
    ------
    ValueError
        For another suffix, another model or swept parameter, several h, or no point with an A_g.
    """
    path = _checked(path)
    law = measured(dataset, modes_per_sample=modes_per_sample)
    check_one_field(law)
    if not np.isfinite(law["A_g"]).any():
        raise ValueError("dataset: has no point with an omega^4 tail; sweep more samples")
    with one_look():
        drawing = figure(*SIZE)
        panel = drawing.subplots()
        panel.set(xscale="log", yscale="log", xlabel=r"$J$", ylabel=r"$\mathcal{A}_g$")
        h = float(law["h"][0])
        seen = law["A_g"].values[np.isfinite(law["A_g"].values)]
        panel.set_ylim(seen.min() / 40, seen.max() * 5)
        for i, color in enumerate(shades(law.sizes["kappa_0"])):
            place = {"h": 0, "kappa_0": i}
            _draw_crossing_row(panel, law.isel(place), h, i, color, modes_per_sample / int(dataset["N"]))
        panel.plot([], [], "-", color="0.3", label="cavity equations of one state")
        panel.plot([], [], "--", color="0.3", label="replica-symmetric: global minima")
        panel.plot([], [], "-.", color="0.3", label="ground state, symmetry broken")
        drawing.legend(loc="outside upper center", ncols=2)
        label_decades(panel.xaxis)
        panel.set_title(sweep_title(dataset, law))
        below(
            drawing,
            MARKS + "; dashed: replica-symmetric, every site in its global minimum; " + GROUND_WORDS
            + r". Ticks at the bottom: $J_x$, where weak coupling ends. Dotted: powers of $J$ fitted at "
            + rf"${STRONG:g} J_x < J \leq \kappa_0$, with standard errors in the legend." + protocol(dataset),
        )  # fmt: skip
        return save(drawing, path)


def _checked(path: str | Path) -> Path:
    path = Path(path)
    check_suffix(path)
    return path


def _draw_weak_row(panel: Axes, row: xr.Dataset, i: int, color: tuple[float, ...], share: float) -> None:
    """Draw the points and predictions of one (h, kappa_0), where there are numbers."""
    row = row.isel(J=np.flatnonzero(np.isfinite(row["A_at_cut"].values)))
    h, kappa_0, J = float(row["h"]), float(row["kappa_0"]), row["J"].values
    if not J.size:
        return
    x = weak_abscissa(h, J, kappa_0)
    ends = [weak_ordinate(h, J, kappa_0, row[name].values) for name in (*INTERVAL, "A_at_cut")]
    _draw_marks(panel, x, ends, i, color, rf"$\kappa_0 = {kappa_0:g},\ h = {h:g}$")
    fine = np.geomspace(0.95 * J.min(), 1.05 * J.max(), CURVE)
    for formula, style in ((state_prefactor, "-"), (limit_prefactor, "--")):
        predicted = weak_ordinate(h, fine, kappa_0, _curve(formula, fine, h, kappa_0))
        panel.plot(
            weak_abscissa(h, fine, kappa_0), predicted, style, color=color, linewidth=0.9, label=KINDS[style]
        )
    J, A_g = _ground_curve(J, h, kappa_0, share)
    lines = weak_abscissa(h, J, kappa_0), weak_ordinate(h, J, kappa_0, A_g)
    panel.plot(*lines, "-.", color=color, linewidth=0.9, label=KINDS["-."])


def _keep_to_points(panel: Axes) -> None:
    """Show the range of what has an A_g: means below omega_cut and lines go on to much weaker coupling."""
    points = np.hstack([container[0].get_data() for container in panel.containers])
    x, y = points[:, np.isfinite(points[1])]
    panel.set_xlim(1.15 * x.min(), 0.0)
    panel.set_ylim(y.min() - 1.0, y.max() + 1.5)


def _draw_crossing_row(
    panel: Axes, row: xr.Dataset, h: float, i: int, color: tuple[float, ...], share: float
) -> None:
    """Draw the points, predictions and power law of one kappa_0."""
    kappa_0, J = float(row["kappa_0"]), row["J"].values
    fit = strong_fit(row)
    label = rf"$\kappa_0 = {kappa_0:g}$"
    if fit is not None:
        label += rf": $J^{{{fit.slope:.2f} \pm {fit.slope_error:.2f}}}$"
        reach = np.array([STRONG * crossing(h, kappa_0), min(J.max(), kappa_0)])
        panel.plot(
            reach,
            np.exp(fit.value + fit.slope * (np.log(reach) - fit.middle)),
            ":",
            color=color,
            linewidth=1.4,
            label="_Dotted",
        )
    _draw_marks(panel, J, [row[name].values for name in (*INTERVAL, "A_at_cut")], i, color, label)
    fine = np.geomspace(J.min(), J.max(), CURVE)
    for formula, style in ((state_prefactor, "-"), (global_prefactor, "--")):
        panel.plot(
            fine, _curve(formula, fine, h, kappa_0), style, color=color, linewidth=0.9, label=KINDS[style]
        )
    panel.plot(*_ground_curve(J, h, kappa_0, share), "-.", color=color, linewidth=0.9, label=KINDS["-."])
    bottom = panel.get_ylim()[0]
    panel.plot([crossing(h, kappa_0)] * 2, [bottom, 1.6 * bottom], color=color, linewidth=2, label="_Ticks")


def _draw_marks(
    panel: Axes, x: Array, ends: list[Array], i: int, color: tuple[float, ...], label: str
) -> None:
    """Draw A_g with its bars, and A_at_cut small and open; `ends` are A_g, both ends of it, and A_at_cut."""
    A_g, low, high, mean = ends
    look: Any = {"color": color, "markersize": 4, "elinewidth": 0.9, "label": label}
    panel.errorbar(x, A_g, yerr=np.array([A_g - low, high - A_g]), fmt=MARKERS[i % len(MARKERS)], **look)
    panel.plot(
        x, mean, MARKERS[i % len(MARKERS)], color=color, mfc="none", markersize=2.5, mew=0.6, label="_open"
    )


def _curve(formula: Callable[[float, float, float], float], J: Array, h: float, kappa_0: float) -> Array:
    """Return a prediction at ascending J, up to the first J where there is none."""
    values = np.array([formula(value, h, kappa_0) for value in J])
    return np.where(np.logical_or.accumulate(np.isnan(values)), np.nan, values)


def _ground_curve(J: Array, h: float, kappa_0: float, share: float) -> tuple[Array, Array]:
    """Return J and A_g of the ground state over the range of J, as far as it is solved: a smooth curve."""
    first = max(J.min(), np.sqrt(exponent(1.0, h, kappa_0) / DEEPEST))  # E0 goes as J^-2
    if first >= J.max():
        return np.empty(0), np.empty(0)
    few = np.geomspace(first, J.max(), GROUND)
    A_g = np.array([ground_prefactor(value, h, kappa_0, share) for value in few.tolist()])
    few, A_g = few[np.isfinite(A_g)], A_g[np.isfinite(A_g)]
    if few.size < 2:
        return few, A_g
    fine = np.geomspace(few[0], few[-1], CURVE)
    return fine, np.exp(PchipInterpolator(np.log(few), np.log(A_g))(np.log(fine)))


def _weak_words(law: xr.Dataset) -> str:
    fit = weak_fit(law)
    if fit is None:
        return ""
    ratio = rf"$\ln(\mathcal{{A}}_g/\mathrm{{cavity}})$ at $E_0 \geq {WEAK:g}$"
    slope = rf"slope in $E_0$ ${fit.slope:.3f} \pm {fit.slope_error:.3f}$"
    value = rf"${fit.value:.3f} \pm {fit.value_error:.3f}$"
    return f"{ratio}: {value}, {slope}: both are 0 where the full lines hold."


MARKS = (
    r"Symbols: $\mathcal{A}_g$ with 95 percent intervals, which allow for a bend of $\mathcal{D}$. Small "
    r"open symbols: mean of $\mathcal{D}/\omega^4$ below $\omega_\mathrm{cut}$, also where 4 is denied as "
    r"exponent and there is no $\mathcal{A}_g$. Full lines: cavity equations of one state, every site in "
    f"its lower well, up to where the replicon is {LEAST_REPLICON:g}"
)
GROUND_WORDS = (
    r"dash-dotted: the mean below $\omega_\mathrm{cut}$ of the ground state, replica symmetry broken in "
    "full, for the same share of modes"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the window of A_g."""
    what = f"in the window of A_g; default {MODES_PER_SAMPLE}"
    parser.add_argument("--modes-per-sample", metavar="M", type=float, default=MODES_PER_SAMPLE, help=what)


def collect(options: Options) -> dict[str, Any]:
    """Return the sweep and the window."""
    return {"dataset": options.dataset, "modes_per_sample": options.modes_per_sample}


FIGURES = {
    name: FigureRecord(options=add_options, collect=collect, draw=draw)
    for name, draw in {"fig9b": draw_weak, "fig9c": draw_crossover}.items()
}
