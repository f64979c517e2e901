"""Moving pictures: a drive through an avalanche, and the quench of a liquid."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

import glass
import landscape
import quartic
from arguments import count
from lattice_gps import GPSLattice
from qle.figures.captions import below
from qle.figures.movies import write_movie
from qle.figures.style import shades
from qle.measurements.lattice import relax

Array = NDArray[np.float64]

PASSES = 3  # of a flow, each with times from the one before
APPROACH = 10  # pictures before the fold
ASIDE = 1e-2  # of the size of an avalanche: where the flow begins beside the fold
TIMES = np.geomspace(1e-2, 3e4, 300)  # at which a flow is looked at, in inverse stiffnesses
AVALANCHE = (
    "Left: displacements of the sites of a plane lattice since the drive began. Right: their mean while the "
    "field $h$ is raised to the fold, where the minimum vanishes, and then at that field, on the gradient "
    "flow; its pictures are at equal lengths of the way."
)
QUENCH = (
    "Left: a liquid of soft spheres in the plane on the gradient flow to its inherent structure, dark where "
    "particles have gone farther. Right: energy per particle above that of the end, against time; the dot is "
    "now."
)


class Frames(NamedTuple):
    """Pictures along a way.

    Attributes
    ----------
    places : (N, 2) or (n, N, 2) array
        Of sites, or of particles in each picture.
    moved : (n, N) array
        Displacements since the beginning, of sites with their sign.
    course : pair of (n,) arrays
        What the curve beside the picture shows.
    title : str
    """

    places: Array
    moved: Array
    course: tuple[Array, Array]
    title: str


def avalanche(
    params: GPSLattice, *, sample: int = 0, seed: int = 0, h_to: float = 0.5, pictures: int = 40
) -> Frames:
    """Return the way of a plane lattice to its first instability on raising the field, and down from there.

    Raises
    ------
    ValueError
        For an argument out of range, or if there is no instability up to h_to.
    """
    pictures = count("pictures", pictures, least=APPROACH + 2)
    problem, x = relax(params, seed=seed, sample=sample)
    driven = quartic.drive(problem, x, h_to=h_to, max_events=1)
    if not driven.events:
        raise ValueError(f"sample {sample}: no instability up to h = {h_to:g}; take another sample")
    event, fold = driven.events[0], driven.events[0].fold
    h_0 = float(np.mean(problem.field))
    h = fold.h - (fold.h - h_0) * np.linspace(1.0, 0.02, APPROACH) ** 2  # even in what b2 is near the fold
    way = [x]
    for field in h[1:].tolist():
        way.append(quartic.minimize(_at(problem, field - h_0), start=way[-1]).x)
    start = fold.x + ASIDE * event.size * fold.direction
    down = downhill(_at(problem, fold.h - h_0), start, problem.linear_strength, pictures - APPROACH)
    path = np.array([*way, *down[0]])
    course = np.concatenate([h, np.full(pictures - APPROACH, fold.h)]), path.mean(axis=1)
    side = np.arange(params.L, dtype=np.float64)
    title = (
        rf"$L = {params.L}$, $J = {params.J:g}$, sample {sample}: $h_c = {fold.h:.4g}$; "
        rf"{event.sites:.0f} sites in the avalanche"
    )
    return Frames(
        np.stack(np.meshgrid(side, side, indexing="ij"), -1).reshape(-1, 2), path - x, course, title
    )


def quench(params: glass.SoftSpheres, *, sample: int = 0, seed: int = 0, pictures: int = 40) -> Frames:
    """Return the gradient flow of a liquid in the plane to its inherent structure."""
    pictures = count("pictures", pictures, least=3)
    made = glass.draw(params, seed=seed, sample=sample)
    x, times, energy = downhill(made, made.x, made.hessian(glass.quench(made).x).scale, pictures)
    places = np.array([made.places(one) for one in x])
    moved = np.linalg.norm(places - places[0], axis=2)
    title = rf"$N = {params.N}$, quenched from $T_p = {params.T_p:g}$, sample {sample}"
    above = (energy[:-1] - energy[-1]) / params.N
    return Frames(places % made.box, moved, (times[:-1], above), title)


def downhill(
    ground: landscape.Landscape, start: Array, stiffness: float, rows: int
) -> tuple[Array, Array, Array]:
    """Return x, times and energies of a gradient flow at equal lengths of its way, the last at its end."""
    times = TIMES / stiffness
    for _ in range(PASSES):  # a flow that waits beside a fold goes fast at last: look there more often
        flow = landscape.flow(ground, start, times)
        way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(flow.x, axis=0), axis=1))])
        goes = np.diff(way, prepend=-1.0) > 1e-9 * way[-1]
        times = np.unique(np.interp(np.linspace(0.0, way[-1], TIMES.size), way[goes], flow.times[goes]))
    chosen = np.searchsorted(way, np.linspace(0.0, way[-1] * (1.0 - 1e-9), rows))
    return flow.x[chosen], flow.times[chosen], flow.energy[chosen]


def _at(problem: quartic.Problem, rise: float) -> quartic.Problem:
    """Return the problem in a field that is higher by `rise` on every site."""
    return quartic.Problem(problem.stiffness, problem.coupling, problem.field + rise, problem.anharmonicity)


def draw_avalanche(found: Frames, path: Path) -> Path:
    """Write the moving picture of `avalanche` as GIF or MP4; return `path`."""
    L, top = round(len(found.places) ** 0.5), float(np.abs(found.moved).max())

    def one(drawing: Figure, k: int) -> None:
        left, right = drawing.subplots(1, 2)
        image = left.imshow(
            found.moved[k].reshape(L, L).T,
            origin="lower",
            cmap="RdBu_r",
            vmin=-top,
            vmax=top,
            interpolation="nearest",
        )
        left.set(xlabel="$x$", ylabel="$y$")
        drawing.colorbar(image, ax=left, label="displacement", shrink=0.8)
        _course(right, found, k)
        right.set(xlabel="$h$", ylabel=r"mean of $x_i$")
        right.locator_params(axis="x", nbins=4)
        drawing.suptitle(found.title)
        below(drawing, AVALANCHE)

    return write_movie(path, len(found.moved), one)


def draw_quench(found: Frames, path: Path) -> Path:
    """Write the moving picture of `quench` as GIF or MP4; return `path`."""
    top = float(found.moved.max())

    def one(drawing: Figure, k: int) -> None:
        left, right = drawing.subplots(1, 2)
        left.scatter(*found.places[k].T, s=14, c=found.moved[k], cmap="viridis_r", vmin=0.0, vmax=top)
        left.set(
            xlabel="$x$",
            ylabel="$y$",
            aspect="equal",
            xlim=(0, found.places.max()),
            ylim=(0, found.places.max()),
        )
        _course(right, found, min(k, len(found.course[0]) - 1))
        right.set(xscale="log", yscale="log", xlabel="$t$", ylabel="energy per particle")
        drawing.suptitle(found.title)
        below(drawing, QUENCH)

    return write_movie(path, len(found.moved), one)


def _course(panel: Axes, found: Frames, k: int) -> None:
    """Draw the whole course, and where it is now."""
    dark, _, light = shades(3)
    panel.plot(*found.course, "-", color=light)
    panel.plot(found.course[0][k], found.course[1][k], "o", color=dark)
