"""Soft modes of sticky spheres against the range of their attraction (source paper, Fig. 7)."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

import glass
import landscape
from qle.figures.axes import label_decades
from qle.figures.captions import below, span
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import PAGE, page, shades
from qle.measurements.glass_modes import Glasses, GlassModes, from_chance
from qle.measurements.glass_modes import collect as modes_of

Array = NDArray[np.float64]
RANGES = (1.15, 1.25, 1.4, 1.6)
N, DENSITY, SEED = 144, 0.62, 37
CUBIC = 6  # softest normal modes that cubic ones are sought from
UNSEEN = 3.0  # modes, of which none is found in 5 percent of all cases
STEPS, PRESSURE = 12, 1e-3  # of the secant that takes the pressure away, and what is left of the modulus


def draw(found: Mapping[float, tuple[GlassModes, Array]], path: str | Path) -> Path:
    """Draw potentials, core sizes, numbers of soft modes and dilation against the range; return `path`.

    Parameters
    ----------
    found : mapping of r_c to (GlassModes, array)
        And the ratios of dilation to shear of cubic modes.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    r_c = np.array(sorted(found))
    colors = shades(r_c.size)
    with page(path, PAGE, 5.2) as drawing:
        panels = drawing.subplots(2, 2).ravel()
        _potentials(panels[0], r_c, colors)
        for k, r in enumerate(r_c):
            one, ratios = found[r]
            core = one.core * one.density**0.5
            level, error = (value * one.omega_0**5 for value in one.prefactor())
            panels[1].errorbar(r, core, core * one.core_error, fmt="s", color=colors[k], label="_colour")
            if level > 0.0:
                panels[2].errorbar(
                    r, level, min(error, 0.99 * level), fmt="o", color=colors[k], label="_colour"
                )
            else:
                panels[2].plot(r, UNSEEN * error, "v", color=colors[k], mfc="white", label="_triangles")
            low, middle, high = np.quantile(ratios, [0.25, 0.5, 0.75])
            panels[3].plot(
                [r, r], [low, high], color=colors[k], alpha=0.6, lw=14, solid_capstyle="butt", label="_bars"
            )
            panels[3].plot(r, middle, "_", color="black", markersize=14, label="_lines")
        panels[1].set(ylabel=r"$\xi_g/a_0$, $\xi_g = 2\pi c_s/\omega_g$")
        panels[1].set_ylim(bottom=0.0)
        panels[2].set(ylabel=r"$A_g \omega_0^5$, $\omega_0 = c_s/a_0$", yscale="log")
        panels[3].set(ylabel="dilation/shear of cubic modes")
        panels[3].set_ylim(bottom=0.0)
        label_decades(panels[2].yaxis)
        for panel in panels[1:]:
            panel.set(xlabel=r"$r_c/r_0$", xlim=(r_c[0] - 0.08, r_c[-1] + 0.08))
        counts = span(one.samples for one, _ in found.values())
        below(
            drawing,
            f"Sticky spheres in the plane, $N$ = {N}, {counts} glasses each, quenched from chance and "
            r"without pressure, a colour for each range $r_c$; $r_0$ is where the potential $\varphi$ is "
            "lowest. Thin bars are standard errors, over glasses and of counts; triangles: none found, 95 "
            "percent limits. Last panel: quartiles (wide bars) and medians (lines) of "
            f"{min(r.size for _, r in found.values())} cubic modes or more.",
        )
    return Path(path)


def _potentials(panel: Axes, r_c: Array, colors: Any) -> None:
    x = np.linspace(0.9, 1.05 * r_c[-1], 400)  # over the place of the minimum
    for r, color in zip(r_c, colors, strict=True):
        law = glass.sticky_spheres(r_c=float(r))
        inside = x < r
        s = (2.0 ** (1.0 / 6.0) * x[inside]) ** 2 / 2.0
        values = np.zeros(x.size)
        values[inside] = law.profile(s, 0)[0]
        panel.plot(x, values, color=color, linewidth=1.2, label=f"$r_c/r_0$ = {r:g}")
    panel.set(xlabel=r"$r/r_0$", ylabel=r"$\varphi$", ylim=(-1.15, 0.6))
    panel.legend(fontsize=7)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the number of samples."""
    add_samples(parser, default=12, what="glasses of each range; 2 or more")


def collect(options: Options) -> dict[str, Any]:
    """Return modes of glasses of each range of attraction."""
    if options.samples < 2:
        raise ValueError(f"--samples {options.samples}: must be 2 or more")
    return {"found": {r: _of_range(r, options.samples) for r in RANGES}}


def _of_range(r_c: float, samples: int) -> tuple[GlassModes, Array]:
    crowded = from_chance(
        f"{r_c:g}", glass.sticky_spheres(r_c=r_c), (1.0, 1.4), N=N, density=DENSITY, seed=SEED
    )
    ratios: list[float] = []

    def start(sample: int) -> tuple[glass.PairGlass, bool]:
        made, doubtful = crowded.start(sample)
        free = without_pressure(made)
        modes = landscape.cubic_modes(free, free.x, count=CUBIC)
        ratios.extend(glass.dilatancy(free, free.x, one.direction) for one in modes if one.residual < 1e-8)
        return free, doubtful

    return modes_of(Glasses(name=crowded.name, start=start), samples), np.array(ratios)


def without_pressure(made: glass.PairGlass) -> glass.PairGlass:
    """Return a glass at rest in a box of such a size that its pressure is nearly nothing, by secants.

    Raises
    ------
    ValueError
        If none is found.
    """
    scale, here = 1.0, glass.quench(made)
    before: tuple[float, float] | None = None
    start, box = here.x.reshape(-1, made.dimension), made.box
    for _ in range(STEPS):
        now = glass.PairGlass(start, sizes=made.sizes, box=box * scale, potential=made.potential)
        now = _at(now, glass.quench(now).x)
        pressure = glass.pressure(now, now.x)
        if abs(pressure) < PRESSURE * abs(_stiffness(now)):
            return now
        stiffness = made.dimension * _stiffness(now)  # minus dp/d ln(scale), of order of the modulus
        if before is not None and before[0] != scale:
            slope = -(pressure - before[1]) / np.log(scale / before[0])
            stiffness = slope if slope > 0.2 * stiffness else stiffness
        before = (scale, pressure)
        step = float(np.clip(pressure / stiffness, -0.03, 0.03))
        scale *= np.exp(step)
        start = now.places(now.x) * np.exp(step)
    raise ValueError(f"the pressure is {pressure:.3g} after {STEPS} steps: no box without pressure is found")


def _at(made: glass.PairGlass, x: Array) -> glass.PairGlass:
    places = x.reshape(-1, made.dimension)
    return glass.PairGlass(places, sizes=made.sizes, box=made.box, potential=made.potential)


def _stiffness(made: glass.PairGlass) -> float:
    """Return sum V'' r^4 over d volumes, of the order of the bulk modulus: of affine changes of volume."""
    bonds = made.bonds(made.x, 2)
    square = np.sum(bonds.r**2, axis=1)
    return float(np.sum(bonds.v[2] * square**2)) / (made.dimension * made.volume)


FIGURES = {"fig7": FigureRecord(options=add_options, collect=collect, draw=draw)}
