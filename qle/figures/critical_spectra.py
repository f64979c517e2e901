"""D(omega) of the replica-symmetric phase on approaching the critical line (source paper, Fig. 8b and 8c)."""

import argparse
import dataclasses
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

import khgps
from qle.figures.captions import below
from qle.figures.phase_diagram import add_law
from qle.figures.record import FigureRecord, Options
from qle.figures.style import page, shades

DISTANCES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.0)  # 1 - J/J_c
HIGHEST = 1.5  # frequency drawn, of sqrt(kappa_0)
LOWEST = 2e-3  # of the highest
POINTS = 400
CAPTION = (
    r"Density of states of KHGPS for $N \to \infty$, replica-symmetric, on the way to the critical "
    r"coupling $J_c$, dark to light. Dashed: the law on the critical line itself, as $\omega \to 0$, its "
    "prefactor derived."
)


def draw(params: khgps.KHGPS, path: str | Path) -> Path:
    """Draw D(omega) for couplings that approach J_c from below, and return `path`.

    Parameters
    ----------
    params : khgps.KHGPS
        Its field h says which part of the line is approached; J and N are ignored. In fields below that of
        the special point (`khgps.special_point`) the line is of omega^2, above of omega^(4 + 2 beta).
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a stiffness law that has no replica-symmetric phase.
    """
    law = {name: getattr(params, name) for name in ("kappa_0", "kappa_min", "beta", "A")}
    critical = khgps.critical_coupling(params.h, **law)
    with page(path, 4.4, 2.9) as drawing:
        panel = drawing.subplots()
        for distance, color in zip(DISTANCES, shades(len(DISTANCES)), strict=True):
            J = float(critical.J) * (1.0 - distance)
            _draw_spectrum(panel, dataclasses.replace(params, J=J), f"{distance:g}", color)
        _finish(panel, params, critical)
        drawing.legend(*panel.get_legend_handles_labels(), title="$1 - J/J_c$", loc="outside right upper")
        below(drawing, CAPTION)
    return Path(path)


def _draw_spectrum(panel: Axes, params: khgps.KHGPS, label: str, color: tuple[float, ...]) -> None:
    """Draw one D(omega), with frequencies dense at its gap, where it rises steeply."""
    gap, top = khgps.rs_gap(params), HIGHEST * np.sqrt(params.kappa_0)
    omega = gap + (top - gap) * np.geomspace(1e-13 if gap > 0.0 else 0.1 * LOWEST, 1.0, POINTS)
    panel.plot(omega, khgps.rs_spectrum(params, omega), color=color, linewidth=1.3, label=label)


def _finish(panel: Axes, params: khgps.KHGPS, critical: khgps.CriticalPoint) -> None:
    """Add the law at the line itself, limits and labels."""
    exponent, prefactor = float(critical.exponent), float(critical.prefactor)
    top = HIGHEST * np.sqrt(params.kappa_0)
    omega = np.geomspace(LOWEST * top, 0.2 * top, 50)
    peak = max(np.max(np.asarray(line.get_ydata(), np.float64)) for line in panel.lines)
    panel.plot(omega, prefactor * omega**exponent, "--", color="0.4", label=rf"$\omega^{{{exponent:.3g}}}$")
    panel.set(
        xscale="log", yscale="log", xlim=(omega[0], top), ylim=(prefactor * omega[0] ** exponent, 2 * peak)
    )
    panel.set(xlabel=r"$\omega$", ylabel=r"$\mathcal{D}(\omega)$")
    stiffness = rf"\kappa_\mathrm{{min}} = {params.kappa_min:g},\ \kappa_0 = {params.kappa_0:g}"
    panel.set_title(rf"$h = {params.h:.3g},\ {stiffness}$")


def add_options(parser: argparse.ArgumentParser, share: float) -> None:
    """Add the options of the law, and the field, by default a `share` of the special point's."""
    add_law(parser)
    parser.add_argument("--h", type=float, help=f"default: {share:g} times the special point's")


def collect(options: Options, share: float) -> dict[str, Any]:
    """Return the law and the field."""
    law = {"kappa_min": options.kappa_min, "kappa_0": options.kappa_0}
    h = options.h
    if h is None:
        h = share * float(khgps.special_point(**law).h)
    return {"params": khgps.KHGPS(N=2, J=0.0, h=h, **law)}


FIGURES = {
    name: FigureRecord(
        options=partial(add_options, share=share), collect=partial(collect, share=share), draw=draw
    )
    for name, share in {"fig8b": 1.0 / 3.0, "fig8c": 5.0}.items()
}
