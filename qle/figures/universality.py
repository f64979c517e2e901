"""D(omega) of glasses of several potentials, dimensions and histories (source paper, Fig. 5)."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

import glass
from qle.figures.axes import label_decades
from qle.figures.captions import below, span
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import MARKERS, PAGE, page, shades
from qle.measurements.glass_modes import Glasses, GlassModes, from_chance, from_liquid
from qle.measurements.glass_modes import collect as modes_of

SEED, N = 35, 144
LIQUIDS = {
    T_p: glass.SoftSpheres(N=N, T_p=T_p, sweeps=sweeps)
    for T_p, sweeps in ((2.0, 1000), (0.6, 2000), (0.4, 4000))
}
SPACE = glass.SoftSpheres(N=200, d=3, T_p=0.6, sweeps=300)
BINARY, SPHERES = (1.0, 1.4), (1.0, 1.0, 0.88)
PANELS: dict[str, tuple[Glasses, ...]] = {
    "potentials, quenched from chance": (
        from_chance("inverse powers", "inverse_power_mixture", BINARY, N=N, density=0.86, seed=SEED),
        from_chance("Hertzian spheres", "hertzian_spheres", BINARY, N=N, density=0.86, seed=SEED),
        from_chance("Kob-Andersen", "kob_andersen", SPHERES, N=N, density=1.2, seed=SEED),
        from_chance("sticky spheres", "sticky_spheres", BINARY, N=N, density=0.62, seed=SEED),
    ),
    "soft spheres, dimensions": (
        from_liquid("d = 2", LIQUIDS[0.6], SEED),
        from_liquid("d = 3", SPACE, SEED),
    ),
    "soft spheres, parent temperatures": tuple(
        from_liquid(f"$T_p$ = {T_p:g}", params, SEED) for T_p, params in LIQUIDS.items()
    ),
}
APART = 10.0  # factor between the curves of a panel
EDGES = np.geomspace(0.15, 1.5, 9)  # of bins, over the first band


def draw(found: Mapping[str, Mapping[str, GlassModes]], path: str | Path) -> Path:
    """Draw D(omega) over the frequency of the first phonons, a panel for each mapping; return `path`.

    Curves are moved apart by factors of 10. Lines are omega^4 through the modes below 0.7 of the first
    phonons, and dashed to 1.

    Parameters
    ----------
    found : mapping of panels to mappings of names to GlassModes
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    with page(path, PAGE, 3.2) as drawing:
        panels = drawing.subplots(1, len(found), squeeze=False)[0]
        for panel, (title, curves) in zip(panels, found.items(), strict=True):
            for k, (color, (name, one)) in enumerate(zip(shades(len(curves)), curves.items(), strict=True)):
                _draw_curve(panel, one, name, color, MARKERS[k], APART**-k)
            panel.axvline(1.0, color="0.5", linewidth=0.8, linestyle=":", label="_first phonons")
            panel.set(xscale="log", yscale="log", xlabel=r"$\omega/\omega_1$")
            panel.set_title(
                f"{title}\n{span(one.samples for one in curves.values())} glasses each", fontsize=7
            )
            panel.set_ylim(top=20.0 * panel.get_ylim()[1])
            panel.legend(fontsize=6.5, loc="upper left")
            label_decades(panel.xaxis)
        panels[0].set_ylabel(r"$\mathcal{D}(\omega)\,\omega_1$, moved apart")
        below(
            drawing,
            f"Curves of a panel are moved apart by factors of {APART:g}; bars are errors of "
            "counts; dotted: the first phonons. Lines, whose power is assumed, are "
            r"$\omega^4$ through the modes below 0.7 of the first phonons, $\omega_1$, and dashed on to it.",
        )
    return Path(path)


def _draw_curve(panel: Axes, one: GlassModes, name: str, color: Any, mark: str, factor: float) -> None:
    first = one.first_band
    complete = float(one.omega[:, -1].min()) / first
    edges = EDGES[complete >= EDGES]
    counts, _ = np.histogram(one.omega / first, edges)
    vibrations = one.dimension * (one.particles - 1)
    unit = factor / (one.samples * vibrations * np.diff(edges))
    some = counts > 0
    errors = np.sqrt(np.maximum(counts, 1)) * np.where(counts == 1, 0.9, 1.0)
    middle = np.sqrt(edges[1:] * edges[:-1])
    panel.errorbar(
        middle[some], (counts * unit)[some], (errors * unit)[some], fmt=mark, color=color, markersize=3.0,
        linewidth=0.8, label=name,
    )  # fmt: skip
    level = factor * one.prefactor()[0] * first**5
    if level > 0.0:
        for ends, line in (((0.2, 0.7), "-"), ((0.7, 1.0), "--")):
            x = np.array(ends)
            label = r"$\omega^4$" if factor == 1.0 and line == "-" else "_lines"
            panel.plot(x, level * x**4, line, color=color, linewidth=1.0, label=label)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the number of samples."""
    add_samples(parser, default=12)


def collect(options: Options) -> dict[str, Any]:
    """Return the modes of samples of every ensemble; those in two panels are computed once."""
    known: dict[int, GlassModes] = {}
    for glasses in (one for curves in PANELS.values() for one in curves):
        known[id(glasses)] = modes_of(glasses, options.samples)
    return {
        "found": {title: {one.name: known[id(one)] for one in curves} for title, curves in PANELS.items()}
    }


FIGURES = {"fig5": FigureRecord(options=add_options, collect=collect, draw=draw)}
