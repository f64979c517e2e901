"""The minima of one sample and the passes between them: a disconnectivity graph."""

import argparse
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

import khgps
import quartic
from arguments import array, count
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, page, shades

MOST = 16  # minima, whose pairs are 120
CAPTION = (
    "Each line ends below in a minimum of one sample; two lines join at the energy that has to be reached to "
    "get from one of their minima to the other, over any of the passes found. The larger a symbol, the more "
    "of the starts ended there. Passes: the highest saddle on the chain of steepest descents between each "
    "pair of minima. There may be other minima, and lower passes by other ways."
)


class Join(NamedTuple):
    """Where two groups of minima meet, at an energy; groups are named by their lowest minimum."""

    low: int
    high: int
    energy: float


def joins(energies: ArrayLike, passes: ArrayLike) -> list[Join]:
    """Return in ascending energy where groups of minima meet, m - 1 joins of m minima.

    Two minima are in one group at the energy E if passes of at most E lead from one to the other. So E of
    their join is the least, over all ways, of the highest pass on the way.

    Parameters
    ----------
    energies : (m,) array
        Of the minima.
    passes : (m, m) array
        Energies of the passes between minima, symmetric, above both minima, inf where none is known; the
        diagonal is not read.

    Raises
    ------
    ValueError
        For a shape or value out of range.
    """
    E = array("energies", energies, ("m",))
    heights = np.asarray(passes, np.float64)
    if heights.shape != (E.size, E.size) or np.isnan(heights).any() or (heights != heights.T).any():
        raise ValueError(f"passes: must be a symmetric array of shape {(E.size, E.size)} without nan")
    for a, b in np.argwhere(np.triu(heights <= np.maximum(E[:, np.newaxis], E), 1)):
        raise ValueError(f"passes[{a}, {b}] = {heights[a, b]:g}: must be above both minima")
    group = np.arange(E.size)
    found = []
    for a, b in sorted(np.ndindex(heights.shape), key=lambda pair: float(heights[pair])):
        one, other = sorted((int(group[a]), int(group[b])), key=lambda k: float(E[k]))
        if a < b and one != other and np.isfinite(heights[a, b]):
            group[group == other] = one
            found.append(Join(one, other, float(heights[a, b])))
    return found


def draw(
    energies: ArrayLike, passes: ArrayLike, hits: ArrayLike, path: str | Path, *, title: str = ""
) -> Path:
    """Draw the disconnectivity graph of minima and passes; return `path`.

    Parameters
    ----------
    energies, passes
        As `joins` takes them.
    hits : (m,) array
        Starts that ended in each minimum.
    path : str or Path
        Ends in .png, .pdf or .svg.
    title : str

    Raises
    ------
    ValueError
        For another suffix, or what `joins` refuses.
    """
    E = array("energies", energies, ("m",))
    share = array("hits", hits, E.shape, least=0.0)
    tree = joins(E, passes)
    place = dict(zip(_order(E, tree), range(E.size), strict=True))
    dark, middle, _ = shades(3)
    with page(path, COLUMN, 3.2) as drawing:
        panel = drawing.subplots()
        top: dict[int, tuple[float, float]] = {k: (float(place[k]), float(E[k])) for k in range(E.size)}
        for join in tree:
            (x, low), (other, high) = top[join.low], top[join.high]
            corners = [x, x, other, other], [low, join.energy, join.energy, high]
            panel.plot(*corners, "-", color=middle, linewidth=1.0, label="_line")
            top[join.low] = 0.5 * (x + other), join.energy
        sizes = 8.0 + 80.0 * share / max(share.max(), 1.0)
        panel.scatter([place[k] for k in range(E.size)], E, s=sizes, color=dark, zorder=3, label="_symbol")
        panel.set(xlabel="minima", ylabel="energy per oscillator", xticks=[])
        panel.margins(x=0.08)
        drawing.suptitle(title)
        below(drawing, CAPTION)
    return Path(path)


def _order(energies: np.ndarray, tree: list[Join]) -> Iterator[int]:
    """Yield the minima so that no lines cross: groups stay together, the lower one first."""
    members = {k: [k] for k in range(energies.size)}
    for join in tree:
        members[join.low] += members.pop(join.high)
    for group in sorted(members, key=lambda k: float(energies[k])):
        yield from members[group]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the model and the starts."""
    for name, default, kind in (
        ("N", 80, int),
        ("J", 0.4, float),
        ("h", 0.05, float),
        ("kappa-0", 1.0, float),
    ):
        parser.add_argument(
            f"--{name}", metavar=name[0], type=kind, default=default, help=f"default {default}"
        )
    parser.add_argument("--sample", type=int, default=0, help="default 0")
    parser.add_argument("--starts", type=int, default=200, help="random starts; default 200")


def collect(options: Options) -> dict[str, Any]:
    """Return the lowest minima that random starts of a sample lead to, and the passes between all pairs."""
    starts = count("starts", options.starts, least=2)
    params = khgps.KHGPS(N=options.N, J=options.J, h=options.h, kappa_0=options.kappa_0)
    problem = khgps.draw(params, seed=1, sample=options.sample)
    found = quartic.explore(problem, starts=starts)
    lowest = np.argsort(found.energies)[:MOST]
    E, x = found.energies[lowest], found.x[lowest]
    passes = np.full((E.size, E.size), np.inf)
    for a, b in combinations(range(E.size), 2):
        way = quartic.minimum_energy_path(problem, x[a], x[b])
        if way.status != "unresolved":  # all the way is known, minima in between included
            passes[a, b] = passes[b, a] = max(saddle.energy for saddle in way.saddles)
    title = (
        f"KHGPS, $N = {params.N}$, $J = {params.J:g}$, $h = {params.h:g}$, sample {options.sample}\n"
        f"{E.size} of {found.energies.size} minima from {starts} starts"
    )
    hits = found.multiplicities[lowest]
    return {"energies": E / params.N, "passes": passes / params.N, "hits": hits, "title": title}


FIGURES = {"landscape": FigureRecord(options=add_options, collect=collect, draw=draw)}
