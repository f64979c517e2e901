"""The reconstruction of the lattice model's spectrum, step by step (S II.B)."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from tqdm import tqdm

import lattice_gps
from lattice_gps.reconstruction import Reconstruction, reconstruct
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, params_of, title_of, whole
from qle.figures.record import FigureRecord, Options
from qle.figures.style import PAGE, page, shades

Array = NDArray[np.float64]
STEPS = {"bare": "bare", "softened": "coupled", "reconstructed": "without fields", "final": "final"}
LINES = (":", "--", "-.", "-")
CAPTION = (
    r"Eigenvalues $\lambda$ and frequencies $\omega = \lambda^{1/2}$ of the same samples, step by step. "
    "Bare: stiffnesses of oscillators alone. Coupled: with couplings, where some are negative, left of "
    "the vertical line, and the system is unstable. Without fields: each of these normal modes relaxed for "
    r"itself, which makes $2|\lambda|$ of a negative $\lambda$. Final: at the minimum of all together, where "
    r"each is in the static field of the others. Bins of $\omega$ have 5 modes or more; those of $n$ modes "
    r"are uncertain by a share $n^{-1/2}$. The grey lines have the powers beside them, and are no fits."
)
BINS = 8  # per decade
FEWEST = 5  # modes of a bin that is drawn


def draw(rows: Sequence[Reconstruction], path: str | Path, *, title: str = "") -> Path:
    """Draw the density of stiffnesses about 0 and D(omega), of all four steps; return `path`.

    Parameters
    ----------
    rows : sequence of Reconstruction
        Samples of one model.
    path : str or Path
        Ends in .png, .pdf or .svg.
    title : str
        Model and parameters; the number of samples is added.

    Raises
    ------
    ValueError
        For another suffix, or no samples.
    """
    if not rows:
        raise ValueError("rows: must hold at least one sample")
    spectra = {name: np.concatenate([getattr(row, name) for row in rows]) for name in STEPS}
    with page(path, PAGE, 2.8) as drawing:
        left, right = drawing.subplots(1, 2)
        for (name, label), line, color in zip(STEPS.items(), LINES, shades(4), strict=True):
            _stiffnesses(left, spectra[name], spectra["softened"], line, color, label)
            _frequencies(right, spectra[name], line, color, label)
        left.axvline(0.0, color="0.7", linewidth=0.6, label="_vertical line")
        left.set(xlabel=r"$\lambda$", ylabel=r"$P(\lambda)$", ylim=(0.0, None))
        right.set(xscale="log", yscale="log", xlabel=r"$\omega$", ylabel=r"$\mathcal{D}(\omega)$")
        _slopes(right)
        right.legend(loc="upper left", fontsize=7)
        drawing.suptitle(f"{title}{', ' if title else ''}{len(rows)} samples")
        below(drawing, CAPTION)
    return Path(path)


def _stiffnesses(panel: Axes, values: Array, softened: Array, line: str, color: object, label: str) -> None:
    """Draw the density within three times the most negative stiffness, or the whole where there is none."""
    reach = -3.0 * float(softened.min()) if softened.min() < 0.0 else float(softened.max())
    edges = np.linspace(-reach / 3.0, reach, 41)
    density = np.histogram(values, edges)[0] / (values.size * np.diff(edges))
    panel.stairs(density, edges, linestyle=line, color=color, linewidth=1.1, label=f"_{label}")


def _frequencies(panel: Axes, values: Array, line: str, color: object, label: str) -> None:
    omega = np.sqrt(values[values > 0.0])
    first, last = np.floor(BINS * np.log10(omega.min())), np.ceil(BINS * np.log10(omega.max()))
    edges = 10.0 ** (np.arange(first, last + 1) / BINS)
    counts = np.histogram(omega, edges)[0]
    seen = counts >= FEWEST
    middle = np.sqrt(edges[1:] * edges[:-1])
    density = counts / (values.size * np.diff(edges))
    panel.plot(middle[seen], density[seen], line, color=color, linewidth=1.1, label=label)


def _slopes(panel: Axes) -> None:
    """Draw omega and omega^4 beside the spectra."""
    (left, right), (low, high) = panel.get_xlim(), panel.get_ylim()
    for power, at, height in ((1, 0.5, 0.78), (4, 0.52, 0.22)):
        x = left * (right / left) ** np.array([at - 0.08, at + 0.08])
        y = low * (high / low) ** height * (x / np.sqrt(x[0] * x[1])) ** power
        panel.plot(x, y, color="0.4", linewidth=0.8, label="_grey lines")
        label = r"$\omega$" if power == 1 else rf"$\omega^{power}$"
        panel.annotate(label, (x[1], y[1]), xytext=(3, -3), textcoords="offset points")
    panel.set(xlim=(left, right), ylim=(low, high))


def collect(options: Options) -> dict[str, Any]:
    """Return all steps of each sample."""
    params = whole(params_of(options, options.L, options.J))
    rows = [
        reconstruct(lattice_gps.draw(params, seed=options.seed, sample=s), seed=s)
        for s in tqdm(range(options.samples), unit=" samples", disable=None)
    ]
    return {"rows": rows, "title": title_of(params)}


FIGURES = {"reconstruction": FigureRecord(options=partial(add_model, samples=50), collect=collect, draw=draw)}
