"""The glassy phase (S Fig. 9): D(omega), A_g at weak coupling, A_g across the crossover."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.interpolate import PchipInterpolator

from qle.figures.axes import label_decades
from qle.figures.captions import samples
from qle.figures.record import FigureRecord, Options
from qle.figures.style import MARKERS, check_suffix, figure, one_look, save, shades
from qle.figures.vdos import draw_slope
from qle.statistics import tail, vdos
from qle.statistics.glassy_phase import (
    STRONG,
    WEAK,
    check_gapless,
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

SIZE = (5.2, 4.0)  # inches
INTERVAL = ("A_g", "A_g_low", "A_g_high")
CURVE = 30  # points of a predicted curve
GROUND = 6  # of the ground state's: each takes seconds
DEEPEST = 2.0  # E0 up to which it is drawn: states differ by less than rounding beyond


def draw_density(
    dataset: xr.Dataset, path: str | Path, *, modes_per_sample: float = MODES_PER_SAMPLE
) -> Path:
    """Draw D(omega) of all (J, kappa_0) of one h in one panel (S Fig. 9a), and return `path`.

    Points are `qle.statistics.vdos` with one standard error, lines `A_g omega^4` of `qle.statistics.tail`.

    `modes_per_sample` sets the window of A_g: the fewer, the nearer to omega -> 0, and the larger the errors.

    Raises
    ------
    ValueError
        For another suffix, another model or swept parameter, several h, or no complete bin.
    """
    path = _checked(path)
    density, law = vdos(dataset), tail(dataset, modes_per_sample=modes_per_sample)
    check_gapless(law)
    _one_field(law)
    if not (density["D"] > 0).any():
        raise ValueError("dataset: has no complete bin to draw; store more modes per sample")
    with one_look():
        drawing = figure(SIZE[0] + 1.0, SIZE[1])
        panel = drawing.subplots()
        curves = [(j, k) for k in range(law.sizes["kappa_0"]) for j in range(law.sizes["J"])]
        for color, (j, k) in zip(shades(len(curves)), curves, strict=True):
            place = {"h": 0, "J": j, "kappa_0": k}
            _draw_curve(panel, density.isel(place), law.isel(place), MARKERS[k % len(MARKERS)], color)
        D = density["D"].values
        panel.set(xscale="log", yscale="log", xlabel=r"$\omega$", ylabel=r"$\mathcal{D}(\omega)$")
        panel.set_ylim(D[D > 0].min() / 3, D[D > 0].max() * 3)
        label_decades(panel.xaxis)
        draw_slope(panel)
        drawing.legend(title=r"$J,\ \kappa_0$", loc="outside right upper")
        _caption(drawing, dataset, density)
        return save(drawing, path)


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
        panel.set_xlabel(r"$-\kappa_0\, h^{2/3} J^{-2}$")
        panel.set_ylabel(r"$\ln(\kappa_0^{1/2} h^{2/3} J \mathcal{A}_g)$")
        panel.plot([], [], "-", color="0.3", label="cavity equations")
        panel.plot([], [], "--", color="0.3", label=r"limit $J \to 0$")
        panel.plot([], [], "-.", color="0.3", label="ground state")
        panel.legend(loc="upper left", fontsize=8)
        _caption(drawing, dataset, law, _weak_words(law))
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
    _one_field(law)
    if not np.isfinite(law["A_g"]).any():
        raise ValueError("dataset: has no point with an omega^4 tail; sweep more samples")
    with one_look():
        drawing = figure(SIZE[0] + 0.6, SIZE[1])
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
        panel.legend(loc="lower center", fontsize=7.5, ncols=2)
        label_decades(panel.xaxis)
        _caption(drawing, dataset, law)
        return save(drawing, path)


def _checked(path: str | Path) -> Path:
    path = Path(path)
    check_suffix(path)
    return path


def _one_field(law: xr.Dataset) -> None:
    if law.sizes["h"] != 1:
        raise ValueError(f"h has {law.sizes['h']} values: must be one; select it with dataset.sel(h=[0.01])")


def _draw_curve(
    panel: Axes, curve: xr.Dataset, law: xr.Dataset, marker: str, color: tuple[float, ...]
) -> None:
    """Draw one D(omega) and its omega^4 law."""
    D, error = curve["D"].values, curve["D_error"].values
    seen = D > 0  # False for nan
    omega = curve["omega"].values[seen]
    bars = [np.minimum(error[seen], 0.999 * D[seen]), error[seen]]
    label = f"{float(curve['J']):g}, {float(curve['kappa_0']):g}"
    panel.errorbar(
        omega, D[seen], yerr=bars, fmt=marker, color=color, markersize=3.2, elinewidth=0.8, label=label
    )
    A_g, cut = float(law["A_g"]), float(law["omega_cut"])
    if np.isfinite(A_g) and omega.size:
        for reach, line in (((omega[0], cut), "-"), ((cut, 2 * cut), "--")):
            panel.plot(reach, A_g * np.array(reach) ** 4, line, color=color, linewidth=0.9)


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
        panel.plot(weak_abscissa(h, fine, kappa_0), predicted, style, color=color, linewidth=0.9)
    J, A_g = _ground_curve(J, h, kappa_0, share)
    lines = weak_abscissa(h, J, kappa_0), weak_ordinate(h, J, kappa_0, A_g)
    panel.plot(*lines, "-.", color=color, linewidth=0.9)


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
        )
    _draw_marks(panel, J, [row[name].values for name in (*INTERVAL, "A_at_cut")], i, color, label)
    fine = np.geomspace(J.min(), J.max(), CURVE)
    for formula, style in ((state_prefactor, "-"), (global_prefactor, "--")):
        panel.plot(fine, _curve(formula, fine, h, kappa_0), style, color=color, linewidth=0.9)
    panel.plot(*_ground_curve(J, h, kappa_0, share), "-.", color=color, linewidth=0.9)
    bottom = panel.get_ylim()[0]
    panel.plot([crossing(h, kappa_0)] * 2, [bottom, 1.6 * bottom], color=color, linewidth=2)


def _draw_marks(
    panel: Axes, x: Array, ends: list[Array], i: int, color: tuple[float, ...], label: str
) -> None:
    """Draw A_g with its bars, and A_at_cut small and open; `ends` are A_g, both ends of it, and A_at_cut."""
    A_g, low, high, mean = ends
    look: Any = {"color": color, "markersize": 4, "elinewidth": 0.9, "label": label}
    panel.errorbar(x, A_g, yerr=np.array([A_g - low, high - A_g]), fmt=MARKERS[i % len(MARKERS)], **look)
    panel.plot(x, mean, MARKERS[i % len(MARKERS)], color=color, mfc="none", markersize=2.5, mew=0.6)


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
    return rf"{ratio}: ${fit.value:.3f} \pm {fit.value_error:.3f}$, {slope}"


def _caption(drawing: Figure, dataset: xr.Dataset, counts: xr.Dataset, more: str = "") -> None:
    field = f", $h = {float(dataset['h'][0]):g}$" if dataset.sizes["h"] == 1 else ""
    words = f"$N = {int(dataset['N'])}${field}, {samples(counts, 'point')}"
    drawing.suptitle(words + ("\n" + more if more else ""), fontsize=9)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the window of A_g."""
    what = f"in the window of A_g; default {MODES_PER_SAMPLE}"
    parser.add_argument("--modes-per-sample", metavar="M", type=float, default=MODES_PER_SAMPLE, help=what)


def collect(options: Options) -> dict[str, Any]:
    """Return the sweep and the window."""
    return {"dataset": options.dataset, "modes_per_sample": options.modes_per_sample}


FIGURES = {
    name: FigureRecord(options=add_options, collect=collect, draw=draw)
    for name, draw in {"fig9a": draw_density, "fig9b": draw_weak, "fig9c": draw_crossover}.items()
}
