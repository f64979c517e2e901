"""The law of the static fields, beside a Cauchy law and a normal one."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from arguments import array
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, params_of, title_of
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, page, shades
from qle.measurements.lattice import measure

CAPTION = (
    "Static fields $f_i$ with which the reconstruction replaces the other oscillators, over the median of "
    "$|f|$: density of $|f|$ in bins of 3 fields or more; error bars: one standard error of counts, as if "
    "fields were independent. Lines: Cauchy and normal law of the same median."
)
BINS = 6  # per decade


def draw(field: ArrayLike, path: str | Path, *, title: str = "") -> Path:
    """Draw the density of |f|, with the Cauchy and the normal law of the same median |f|; return `path`.

    Parameters
    ----------
    field : array
        Fields of either sign, any shape.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or if half of the fields or more are zero.
    """
    f = np.abs(array("field", field)).ravel()
    median = float(np.median(f)) if f.size else 0.0
    if median == 0.0:
        raise ValueError("field: half of the fields are zero, nothing to draw")
    f = f[f > 0.0] / median
    edges = 10.0 ** (np.arange(-2 * BINS, np.ceil(BINS * np.log10(f.max())) + 1) / BINS)
    counts = np.histogram(f, edges)[0]
    middle, density = np.sqrt(edges[1:] * edges[:-1]), counts / (f.size * np.diff(edges))
    seen = counts >= 3
    s = 1.0 / 0.6744897501960817  # deviation of a normal law with median |f| = 1
    with page(path, COLUMN, 2.7) as drawing:
        panel = drawing.subplots()
        dark, middling, light = shades(3)
        panel.plot(middle[seen], density[seen], "o", color=dark, markersize=3, label="fields")
        error = density[seen] / np.sqrt(counts[seen])
        ends = density[seen] - np.minimum(error, 0.9 * density[seen]), density[seen] + error
        panel.vlines(middle[seen], *ends, color=dark, linewidth=0.8, label="_error bars")
        fine = np.geomspace(edges[0], edges[-1], 200)
        panel.plot(fine, 2.0 / (np.pi * (1.0 + fine**2)), "-", color=middling, label="Cauchy")
        normal = np.sqrt(2.0 / np.pi) / s * np.exp(-0.5 * (fine / s) ** 2)
        panel.plot(fine, normal, "--", color=light, label="normal")
        panel.set(xscale="log", yscale="log", xlabel="$|f|$ over its median", ylabel="density")
        panel.set_ylim(0.3 * density[seen].min(), 3.0 * density.max())
        panel.legend(fontsize=8)
        drawing.suptitle(title)
        below(drawing, CAPTION)
    return Path(path)


def collect(options: Options) -> dict[str, Any]:
    """Return the static fields of samples."""
    params = params_of(options, options.L, options.J)
    with tqdm(total=options.samples, unit=" samples", disable=None) as bar:
        found = measure(params, options.samples, modes=1, seed=options.seed, seen=lambda *one: bar.update())
    return {"field": found.field, "title": f"{title_of(params)}, {options.samples} samples"}


FIGURES = {"fields": FigureRecord(options=partial(add_model, samples=50), collect=collect, draw=draw)}
