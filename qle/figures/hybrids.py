"""A quasilocalised mode that is hybridised with a plane wave (source paper, Fig. 3)."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import glass
import landscape
from qle.figures.captions import below
from qle.figures.glass_maps import Map, draw_map
from qle.figures.record import FigureRecord, Options
from qle.figures.style import page

PARAMS = glass.SoftSpheres(N=2500, T_p=1.0, sweeps=300)
SEED, MODES = 33, 16


def draw(hybrid: Map, alone: Map, core: float, titles: tuple[str, str], path: str | Path) -> Path:
    """Draw a normal mode that is wave and localised, and the cubic mode in it; return `path`.

    Parameters
    ----------
    hybrid, alone : Map
        Both with the centre of the cubic mode in the middle.
    core : float
        Diameter of the circle.
    titles : (str, str)
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    with page(path, 7.2, 4.2) as drawing:
        panels = drawing.subplots(1, 2)
        for panel, one, title in zip(panels, (hybrid, alone), titles, strict=True):
            draw_map(panel, one, core=core / 2.0)
            panel.set_title(title, fontsize=7.5)
        below(
            drawing,
            f"A minimum of soft spheres in the plane, $N = {PARAMS.N}$, from $T_p = {PARAMS.T_p:g}$. "
            "Arrows are displacements of particles, longest and darkest where they are largest. Left: a "
            r"normal mode with much of a wave, and of the cubic mode on the right. Circles: the core "
            r"of that, of diameter $\xi_g = 2\pi c_s/\omega_g$.",
        )
    return Path(path)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the sample."""
    parser.add_argument("--sample", type=int, default=0, help="default 0")


def collect(options: Options) -> dict[str, Any]:
    """Return the normal mode that has most of a wave and of a cubic mode at once, and the latter."""
    made = glass.draw(PARAMS, seed=SEED, sample=options.sample)
    x = glass.quench(made).x
    low = landscape.low_modes(made.hessian(x), MODES)
    cubic = [one for one in landscape.cubic_modes(made, x, starts=low.vectors) if one.residual < 1e-8]
    if not cubic:
        raise ValueError(f"--sample {options.sample}: has no cubic mode; take another")
    overlaps = np.array([[float(one.direction @ psi) ** 2 for psi in low.vectors.T] for one in cubic])
    waves = np.array([glass.phonon_share(made, x, psi, shells=1) for psi in low.vectors.T])
    which, mode = np.unravel_index(int((overlaps * waves).argmax()), overlaps.shape)
    psi, z = low.vectors[:, mode], cubic[which].direction
    middle = glass.centre(made, x, z)
    band = 2.0 * np.pi * glass.shear_speed(made, x) / made.box.min()
    mixed = f"normal mode, $\\omega$ = {low.eigenvalues[mode] ** 0.5:.2f}; first phonons at {band:.2f}\n"
    mixed += (
        f"{waves[mode]:.0%} in waves of the longest wavelength, {overlaps[which, mode]:.0%} in the cubic mode"
    )
    share = glass.phonon_share(made, x, z, shells=1)
    single = f"cubic mode, frequency {cubic[which].b2 ** 0.5:.2f}; {share:.0%} in such waves"
    core = glass.core_size(made, x, omega_g=glass.dipole_frequency(made, x, most=100))
    maps = [Map.of(made, x, [one]).around(middle) for one in (psi, z)]
    return {"hybrid": maps[0], "alone": maps[1], "core": core, "titles": (mixed, single)}


FIGURES = {"fig3": FigureRecord(options=add_options, collect=collect, draw=draw)}
