"""A picture of one mode of the lattice: its amplitude on the plane through its centre."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import SymLogNorm
from numpy.typing import ArrayLike

import quartic
from arguments import array, count
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, params_of, title_of
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, page
from qle.measurements.lattice import relax

CAPTION = (
    r"Colours: the softest mode $\psi_i$ of one minimum over its largest component, at {where}, "
    "interpolated between sites; logarithmic down to $10^{{-3}}$. Distances in lattice constants from the "
    "centre; the border is periodic."
)
LINEAR = 1e-3  # of the largest amplitude: below, colours are linear


def draw(vector: ArrayLike, L: int, d: int, path: str | Path, *, title: str = "") -> Path:
    """Draw psi over its largest component, in two dimensions or on the plane z = that of the centre.

    Colours are logarithmic in |psi| down to 1e-3 of the largest, red positive and blue negative; the lattice
    is shifted so that the centre is in the middle.

    Parameters
    ----------
    vector : (N,) array
        Mode on the sites of `lattice_gps.geometry`, N = L^d.
    L, d : int
        d = 2 or 3.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, a chain (d = 1), or a vector of another size or of zeros.
    """
    L, d = count("L", L), count("d", d, least=2, most=3)
    psi = array("vector", vector, (L**d,))
    centre = int(np.abs(psi).argmax())
    if psi[centre] == 0.0:
        raise ValueError("vector: must have a component that is not 0")
    place = np.unravel_index(centre, (L,) * d)
    grid = (psi / psi[centre]).reshape((L,) * d)
    plane = np.roll(grid, [L // 2 - int(at) for at in place], axis=tuple(range(d)))
    if d == 3:
        plane = plane[:, :, L // 2]
    with page(path, COLUMN, 2.9) as drawing:
        panel = drawing.subplots()
        reach = (-(L // 2) - 0.5, L - L // 2 - 0.5)
        image = panel.imshow(
            plane.T, interpolation="bilinear", label="_Colours",
            origin="lower", cmap="RdBu_r", extent=(*reach, *reach),
            norm=SymLogNorm(LINEAR, vmin=-1.0, vmax=1.0, linscale=0.5),
        )  # fmt: skip
        panel.set(xlabel="$x$", ylabel="$y$")
        drawing.colorbar(image, ax=panel, label=r"$\psi/\psi(0)$")
        drawing.suptitle(title)
        where = "all sites" if d == 2 else "the plane through its centre"
        below(drawing, CAPTION.format(where=where))
    return Path(path)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the model and the sample."""
    add_model(parser, samples=None, L=40, d=2)
    parser.add_argument("--sample", type=int, default=0, help="default 0")


def collect(options: Options) -> dict[str, Any]:
    """Return the softest mode of the sample."""
    params = params_of(options, options.L, options.J)
    problem, x = relax(params, seed=options.seed, sample=options.sample)
    mode = quartic.low_modes(problem, x, 1)
    omega, e = float(mode.eigenvalues[0]) ** 0.5, float(quartic.participation_ratio(mode.vectors)[0])
    named = rf"$\omega = {omega:.3g}$, $N e = {params.N * e:.3g}$"
    title = f"{title_of(params)}\nsample {options.sample}: {named}"
    return {"vector": mode.vectors[:, 0], "L": params.L, "d": params.d, "title": title}


FIGURES = {"mode-map": FigureRecord(options=add_options, collect=collect, draw=draw)}
