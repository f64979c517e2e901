"""Participation ratios of modes of glasses in space, and their bands of phonons (source paper, Fig. 4)."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

import glass
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import PAGE, page, shades
from qle.measurements.glass_modes import GlassModes, from_liquid
from qle.measurements.glass_modes import collect as modes_of
from qle.statistics.intervals import counts_interval

PARAMS = glass.SoftSpheres(N=1000, d=3, T_p=0.6, sweeps=300)
SMALL, SAMPLES = glass.SoftSpheres(N=250, d=3, T_p=0.6, sweeps=300), 12
"""Glasses whose moduli tell of the disorder chi, which does not hang on the size."""
CAPTION = (
    r"Participation ratios $e = (\Sigma_i\, z_i^2)^2/(N\, \Sigma_i\, z_i^4)$ of normal modes, $z_i$ the "
    "displacement of particle $i$, and their density, up to the frequency below which every glass has all of "
    r"its modes; bars: 95 percent intervals of counts. Above $\omega_\dagger$ the bands of phonons overlap."
)
SEED, MODES, BINS = 34, 60, 20


def draw(found: GlassModes, bands: glass.Bands, dagger: float, path: str | Path) -> Path:
    """Draw e of every mode and D(omega), with the bands of a homogeneous medium; return `path`.

    Parameters
    ----------
    found : GlassModes
    bands : glass.Bands
    dagger : float
        omega_dagger.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    dark = shades(3)[0]
    scale = found.omega_0
    complete = float(found.omega[:, -1].min()) / scale
    omega, e = found.omega.ravel() / scale, found.participation.ravel()
    some = omega < complete
    with page(path, PAGE, 4.8) as drawing:
        upper, lower = drawing.subplots(2, 1, sharex=True)
        for panel in (upper, lower):
            _draw_bands(panel, bands, scale, complete, dagger / scale)
        upper.plot(omega[some], e[some], ".", color=dark, markersize=2.0, label="normal modes")
        edges = np.linspace(0.0, complete, BINS + 1)
        counts, _ = np.histogram(omega[some], edges)
        vibrations = found.dimension * (found.particles - 1)
        unit = found.samples * vibrations * np.diff(edges)
        low, high = counts_interval(counts)
        lower.stairs(counts / unit, edges, color=dark, label="_density")
        some = counts > 0
        middle, ends = (edges[1:] + edges[:-1])[some] / 2.0, np.array([counts - low, high - counts])
        lower.errorbar(
            middle, (counts / unit)[some], (ends / unit)[:, some], fmt="none", color=dark, label="_density"
        )
        upper.set(yscale="log", ylabel="$e$")
        lower.set(
            xlabel=r"$\omega/\omega_0$",
            ylabel=r"$\mathcal{D}(\omega)\,\omega_0$",
            yscale="log",
            xlim=(0.0, complete),
        )
        upper.legend(fontsize=7, loc="upper left")
        label_decades(upper.yaxis)
        label_decades(lower.yaxis)
        upper.set_title(
            f"soft spheres in space, N = {found.particles}, $T_p$ = {PARAMS.T_p:g}, {found.samples} glasses; "
            r"$\omega_0 = c_s/a_0$", fontsize=8,
        )  # fmt: skip
        below(drawing, CAPTION)
    return Path(path)


def _draw_bands(panel: Axes, bands: glass.Bands, scale: float, complete: float, dagger: float) -> None:
    """Draw the places of the bands and omega_dagger."""
    light = shades(3)[2]
    for k, omega in enumerate(bands.frequency[bands.frequency < complete * scale]):
        label = "phonons of shear waves" if k == 0 else "_phonons"
        panel.axvline(omega / scale, color=light, linewidth=0.9, linestyle="--", label=label)
    if dagger < complete:
        panel.axvline(dagger, color="#c02020", linewidth=1.2, label=r"$\omega_\dagger$")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the number of samples."""
    add_samples(parser, default=3, what="glasses")


def collect(options: Options) -> dict[str, Any]:
    """Return modes of glasses in space, their bands and omega_dagger."""
    found = modes_of(from_liquid("space", PARAMS, SEED), options.samples, modes=MODES)
    made = glass.draw(replace(PARAMS, sweeps=32), seed=SEED, sample=0)  # for its box alone
    bands = glass.phonon_bands(made, found.speed, below=float(found.omega.max()))
    moduli = modes_of(from_liquid("disorder", SMALL, SEED), SAMPLES).modulus
    chi = glass.mechanical_disorder(moduli, particles=SMALL.N)
    dagger = glass.dagger_frequency(found.first_band, dimension=3, disorder=chi, particles=PARAMS.N)
    return {"found": found, "bands": bands, "dagger": dagger}


FIGURES = {"fig4": FigureRecord(options=add_options, collect=collect, draw=draw)}
