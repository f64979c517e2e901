"""How soft modes of glasses hang on the temperature of their liquid (source paper, Fig. 6)."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

import glass
from landscape import cubic_modes
from qle.figures.axes import label_decades
from qle.figures.captions import below, span
from qle.figures.glass_maps import Map, draw_map
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import PAGE, page, shades
from qle.measurements.glass_modes import GlassModes, from_liquid
from qle.measurements.glass_modes import collect as modes_of

N, SEED = 144, 63  # of the glasses that are counted
SWEEPS = {2.0: 1000, 1.0: 1500, 0.6: 2000, 0.45: 3000, 0.35: 5000, 0.28: 7000}
"""Of the liquids, by parent temperatures."""
MAPPED = 900  # particles of the glasses that are drawn
FITTED = 4  # lowest temperatures that the straight line is laid through


def draw(maps: Sequence[tuple[str, Map]], found: Mapping[float, GlassModes], path: str | Path) -> Path:
    """Draw soft modes of two glasses, core sizes, and numbers of soft modes against T_p; return `path`.

    Parameters
    ----------
    maps : sequence of two (str, Map)
        Titles and cubic modes, all on top of each other.
    found : mapping of T_p to GlassModes
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or without any soft mode.
    """
    if not any(one.soft()[1] for one in found.values()):
        raise ValueError("no glass has a mode below 0.7 of the first phonons; take more samples")
    with page(path, PAGE, 6.0) as drawing:
        panels = drawing.subplots(2, 2).ravel()
        for panel, (title, one) in zip(panels, maps, strict=False):
            draw_map(panel, one)
            panel.set_title(title, fontsize=8)
        _cores(panels[-2], found)
        _numbers(panels[-1], found)
        counts = span(one.samples for one in found.values())
        below(
            drawing,
            "Soft spheres in the plane. Above: cubic modes of one glass each, on top of each other; arrows "
            "are displacements of particles, longest and darkest where they are largest. Below: "
            f"$N$ = {next(iter(found.values())).particles}, "
            f"{counts} glasses each, bars are standard errors of counts, and over glasses and modes; "
            "$e$: participation ratio; full circles: most liquids look equilibrated.",
        )
    return Path(path)


def _cores(panel: Axes, found: Mapping[float, GlassModes]) -> None:
    dark, _, light = shades(3)
    T = np.array(sorted(found))
    cores = np.array([found[t].core * found[t].density ** 0.5 for t in T])
    spread = np.array([found[t].core_error for t in T])
    panel.errorbar(T, cores, cores * spread, fmt="s", color=light, label=r"$2\pi c_s/(\omega_g a_0)$")
    lengths = [found[t].soft_extent for t in T]
    values, errors = np.array(lengths).T
    panel.errorbar(T, values, errors, fmt="D", color=dark, markersize=4, label=r"$(N e)^{1/2}$ of soft modes")
    panel.set(xlabel="$T_p$", ylabel=r"core size $/a_0$", ylim=(0.0, 1.25 * np.nanmax([cores, values])))
    panel.legend(fontsize=7, loc="lower right")


def _numbers(panel: Axes, found: Mapping[float, GlassModes]) -> None:
    dark, middle, _ = shades(3)
    T = np.array(sorted(found))
    scale = np.array([found[t].frequency_scale ** 5 for t in T])
    values, errors = scale * np.array([found[t].prefactor() for t in T]).T
    some = values > 0.0
    panel.errorbar(
        1.0 / T[some],
        values[some],
        np.minimum(errors, 0.99 * values)[some],
        fmt="none",
        color=dark,
        label="_bars",
    )
    rested = np.array([found[t].doubtful.mean() < 0.5 for t in T])
    for which, fill, label in ((rested, dark, "in equilibrium"), (~rested, "white", "perhaps not")):
        panel.plot(
            1.0 / T[some & which], values[some & which], "o", color=dark, markerfacecolor=fill, label=label
        )
    cold = np.flatnonzero(some)[:FITTED]
    if cold.size > 2:
        weights = values[cold] / errors[cold]
        (slope, level), covariance = np.polyfit(
            1.0 / T[cold], np.log(values[cold]), 1, w=weights, cov="unscaled"
        )
        ends = np.array([0.95 * (1.0 / T[cold]).min(), 1.03 * (1.0 / T[cold]).max()])
        label = rf"$\exp(-E/T_p)$, $E = {-slope:.2f} \pm {covariance[0, 0] ** 0.5:.2f}$"
        panel.plot(ends, np.exp(level + slope * ends), "--", color=middle, linewidth=1.0, label=label)
    panel.set(yscale="log", xlabel="$1/T_p$", ylabel=r"$A_g \omega_g^5$")
    label_decades(panel.yaxis)
    panel.legend(fontsize=7, loc="lower left")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the number of samples."""
    add_samples(parser, default=16, what="glasses of each temperature; 2 or more")


def collect(options: Options) -> dict[str, Any]:
    """Return maps of two glasses, and modes of samples at each temperature."""
    if options.samples < 2:
        raise ValueError(f"--samples {options.samples}: must be 2 or more")
    found = {t: modes_of(from_liquid(f"{t:g}", liquid(t), SEED), options.samples) for t in SWEEPS}
    return {"maps": [mapped(t) for t in (2.0, 0.35)], "found": found}


def liquid(T_p: float, particles: int = N) -> glass.SoftSpheres:
    """Return the liquid of a parent temperature."""
    return glass.SoftSpheres(N=particles, T_p=T_p, sweeps=SWEEPS[T_p])


def mapped(T_p: float) -> tuple[str, Map]:
    """Return title and soft cubic modes of one glass."""
    made = glass.draw(liquid(T_p, MAPPED), seed=SEED, sample=0)
    x = glass.quench(made).x
    modes = [one for one in cubic_modes(made, x, count=16) if one.residual < 1e-8]
    return f"$T_p$ = {T_p:g}: {len(modes)} cubic modes", Map.of(made, x, [one.direction for one in modes])


FIGURES = {"fig6": FigureRecord(options=add_options, collect=collect, draw=draw)}
