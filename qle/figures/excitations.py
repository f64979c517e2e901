"""One quasilocalised mode, and how such modes fall off with the distance (source paper, Fig. 1)."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

import glass
from landscape import cubic_modes
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.glass_maps import Map, draw_map
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import page, shades

Array = NDArray[np.float64]
SEED = 31
LIQUIDS = {
    2: glass.SoftSpheres(N=1600, T_p=0.6, sweeps=500),
    3: glass.SoftSpheres(N=2000, d=3, T_p=0.6, sweeps=300),
}
MODES = 5  # softest normal modes that cubic ones are sought from
FIRST = 1.0  # distance, in those of particles, at which amplitudes are set to 1


def draw(one: Map, core: float, decays: Mapping[int, Sequence[glass.Decay]], path: str | Path) -> Path:
    """Draw a cubic mode with its core, and amplitudes of modes against the distance; return `path`.

    Parameters
    ----------
    one : Map
        With the centre of the mode in the middle.
    core : float
        xi_g, the diameter of the circle.
    decays : mapping of dimensions to sequences of glass.Decay
        Distances in those between particles.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a dimension without modes.
    """
    for d, some in decays.items():
        if not some:
            raise ValueError(f"d = {d}: no cubic mode; take more samples")
    with page(path, 7.4, 3.5) as drawing:
        left, right = drawing.subplots(1, 2)
        draw_map(left, one, core=core / 2.0)
        left.set_title(
            "cubic mode of a plane glass;\n" r"circle: core of diameter $\xi_g = 2\pi c_s/\omega_g$",
            fontsize=8,
        )
        for color, mark, (d, some) in zip(shades(3), "os", decays.items(), strict=False):
            _draw_decays(right, d, some, color, mark)
        right.set(xscale="log", yscale="log", xlabel=r"$r/a_0$", ylabel="rms displacement at $r$")
        label_decades(right.xaxis)
        right.legend(fontsize=7, loc="lower left")
        right.set_title(
            "medians and quartiles over modes, each 1 at $r = a_0$;\nlaws through the outer points",
            fontsize=8,
        )
        counts = " and ".join(f"{len(some)} in {d}D" for d, some in decays.items())
        below(
            drawing,
            r"Left: arrows are displacements of particles, longest in the core; the circle has the diameter "
            rf"$\xi_g$. Right: cubic modes, {counts}; points are medians over modes and bars quartiles, not "
            "errors; distances from the centre of the mode in units of those between particles.",
        )
    return Path(path)


def _draw_decays(panel: Axes, d: int, some: Sequence[glass.Decay], color: Any, mark: str) -> None:
    """Draw medians and quartiles over modes, and the law of the far field through its outer part."""
    far = min(one.distance[-1] for one in some)
    r = np.geomspace(FIRST, far, 12)
    logs = np.array(
        [np.interp(np.log(r), np.log(np.maximum(one.distance, 1e-9)), np.log(one.amplitude)) for one in some]
    )
    logs -= logs[:, :1]
    low, middle, high = np.quantile(logs, [0.25, 0.5, 0.75], axis=0)
    values = np.exp(middle)
    bars = [values - np.exp(low), np.exp(high) - values]
    panel.errorbar(
        r,
        values,
        bars,
        fmt=mark,
        color=color,
        markersize=4,
        linewidth=0.8,
        label=f"d = {d}, {len(some)} modes",
    )
    outer = r > 0.3 * far
    level = np.exp(np.mean(np.log(values[outer] * r[outer] ** (d - 1))))
    ends = np.array([0.2 * far, far])
    panel.plot(ends, level * ends ** (1.0 - d), "--", color=color, linewidth=1.0, label=rf"$r^{{-{d - 1}}}$")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the number of samples."""
    add_samples(parser, default=1, what="glasses of each dimension")


def collect(options: Options) -> dict[str, Any]:
    """Return the softest cubic mode of the first plane glass, and the decay of those of all."""
    decays: dict[int, list[glass.Decay]] = {}
    first: tuple[Map, float] | None = None
    for d, params in LIQUIDS.items():
        decays[d] = []
        for sample in range(options.samples):
            made = glass.draw(params, seed=SEED, sample=sample)
            x = glass.quench(made).x
            modes = [one.direction for one in cubic_modes(made, x, count=MODES) if one.residual < 1e-8]
            spacing = params.density ** (-1.0 / d)
            decays[d] += [_in_spacings(glass.decay(made, x, z), spacing) for z in modes]
            if first is None and modes:
                middle = glass.centre(made, x, modes[0])
                size = glass.core_size(made, x, omega_g=glass.dipole_frequency(made, x, most=200))
                first = Map.of(made, x, modes[:1]).around(middle), size
    if first is None:
        raise ValueError("no cubic mode to draw; take more samples")
    return {"one": first[0], "core": first[1], "decays": decays}


def _in_spacings(one: glass.Decay, spacing: float) -> glass.Decay:
    return glass.Decay(one.distance / spacing, one.amplitude, one.count)


FIGURES = {"fig1": FigureRecord(options=add_options, collect=collect, draw=draw)}
