"""What is soft in a snapshot: particles with the vectors of its softest mode, and the modes by frequency."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.collections import EllipseCollection
from numpy.typing import NDArray

from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.style import PAGE, page, shades

Array = NDArray[np.float64]
_LONGEST = 2.0  # mean spacings of the longest arrow
_FAINT = 0.06  # of it, below which none is drawn
_SLAB = 1.0  # mean spacings to either side of the centre that are drawn in three dimensions
CAPTION = (
    "Particles at the minimum, as discs of diameter $\\lambda${slab}; what moves most is in the middle. "
    "Arrows: the softest {kind} mode, the longest {longest:g} mean spacings, none below {faint:g} of it. "
    "Steps: normal modes with a frequency below $\\omega$. Nonlinear modes have $b_2^{{1/2}}$ for $\\omega$."
)
SLAB = ", in a slab of one mean spacing to either side"
_NAMES = {"cubic": "cubic", "pseudo": "pseudo-harmonic", "normal": "normal"}


def draw(dataset: xr.Dataset, path: str | Path) -> Path:
    """Draw the particles of the first file with its softest mode, and all modes; return `path`.

    The mode is the cubic one of lowest barrier; where there is none, the pseudo-harmonic one of lowest cost,
    or the softest normal one. The particle that moves most is in the middle; in three dimensions a slab
    around it is seen along z.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.soft_spots` returns.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    one: Any = dataset.isel(ensemble=0, sample=0)
    with page(path, PAGE, 3.4) as drawing:
        layout = [["particles", "count"], ["particles", "share"]]
        panels = drawing.subplot_mosaic(layout, width_ratios=(1.25, 1.0))  # type: ignore[arg-type]
        kind = _particles(panels["particles"], one)
        panels["count"].sharex(panels["share"])
        _spectrum(panels["count"], panels["share"], dataset)
        count = f"$N = {int(one['N'])}$, $d = {int(one['dimension'])}$"
        drawing.suptitle(f"{Path(str(one['file'].item())).name}: {count}")
        slab = SLAB if int(one["dimension"]) == 3 else ""
        below(drawing, CAPTION.format(kind=kind, slab=slab, longest=_LONGEST, faint=_FAINT))
    return Path(path)


def _particles(panel: Any, one: Any) -> str:
    """Draw the particles with the softest mode, and return its kind."""
    kind, vectors = _softest(one)
    centre = int(np.sum(vectors**2, axis=1).argmax())
    away = _images(one, centre)
    spacing = float((one["box"].values.prod() / away.shape[0]) ** (1.0 / away.shape[1]))
    seen = np.ones(len(away), bool) if away.shape[1] == 2 else np.abs(away[:, 2]) < _SLAB * spacing
    dark, light = shades(3)[0], "0.85"
    lengths, half = one["size"].values[seen], one["box"].values[:2] / 2.0
    (width, height), lean = 2.0 * half, 2.0 * half[1] * one["shear"].item()
    for i, j in np.ndindex(3, 3):  # those at the edge are seen on both sides
        image = away[seen, :2] + [(i - 1) * width + (j - 1) * lean, (j - 1) * height]
        panel.add_collection(
            EllipseCollection(
                lengths, lengths, np.zeros(lengths.size), units="xy", offsets=image,
                transOffset=panel.transData, facecolors=light, edgecolors="0.6", linewidths=0.3,
                label="_discs",
            )
        )  # fmt: skip
    length = np.linalg.norm(vectors, axis=1)
    arrows = seen & (length > _FAINT * length.max())
    scaled = vectors[arrows, :2] * (_LONGEST * spacing / length.max())
    panel.quiver(
        *away[arrows, :2].T, *scaled.T, angles="xy", scale_units="xy", scale=1.0, color=dark, width=0.004,
        label="_Arrows",
    )  # fmt: skip
    panel.set(xlim=(-half[0], half[0]), ylim=(-half[1], half[1]), xlabel="$x$", ylabel="$y$", aspect="equal")
    return _NAMES[kind]


def _softest(one: Any) -> tuple[str, Array]:
    for kind in ("cubic", "pseudo"):
        if one.sizes.get(kind) and np.isfinite(one[f"{kind}_b2"].values[0]):
            return kind, one[f"{kind}_vector"].values[0]
    return "normal", one["mode_vector"].values[0]


def _images(one: Any, centre: int) -> Array:
    """Return where the nearest images of particles are, from that of the centre."""
    away = one["position"].values - one["position"].values[centre]
    box, shear = one["box"].values, one["shear"].item()
    rows = np.rint(away[:, 1] / box[1])
    away[:, 0] -= rows * shear * box[1]
    return np.asarray(away - np.rint(away / box) * box)


def _spectrum(top: Any, bottom: Any, dataset: xr.Dataset) -> None:
    """Draw how many normal modes are below omega, and participation ratios of all modes."""
    omega = dataset["frequency"].values.ravel()
    ranked, files = np.sort(omega[omega > 0.0]), dataset.sizes["sample"]
    dark, middle, light = shades(3)
    top.step(ranked, np.arange(1, ranked.size + 1) / files, where="post", color=dark, label="_Steps")
    top.set(ylabel=r"modes below $\omega$, per file" if files > 1 else r"modes below $\omega$", yscale="log")
    bottom.plot(omega, dataset["participation_ratio"].values.ravel(), ".", color=dark, label="normal")
    for kind, marker, colour in (("pseudo", "D", light), ("cubic", "^", middle)):
        b2, e = (dataset[f"{kind}_{name}"].values.ravel() for name in ("b2", "participation"))
        if np.isfinite(b2).any():
            bottom.plot(np.sqrt(b2), e, marker, color=colour, markersize=4, label=_NAMES[kind])
    bottom.set(xlabel=r"$\omega$, or $b_2^{1/2}$", ylabel="participation ratio $e$", yscale="log")
    bottom.legend()
    top.tick_params(labelbottom=False)
    for axis in (top.yaxis, bottom.yaxis):
        label_decades(axis)
