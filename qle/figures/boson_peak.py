"""The reduced density of states D/omega^2 and its maximum, for several couplings."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

import quartic
from arguments import real
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, minima, params_of, whole
from qle.figures.record import FigureRecord, Options
from qle.figures.style import MARKERS, PAGE, page, shades
from qle.measurements.spectra import frequencies
from qle.statistics.boson_peak import BosonPeak, boson_peak
from theory import formulas

Minimum = tuple[quartic.Problem, np.ndarray]
FEWEST = 5  # modes of a bin that is drawn

CAPTION = (
    r"Left: density of states over $\omega^{d-1} = \omega^2$, which waves would make constant, divided by "
    "its maximum; bins of 5 modes or more, with standard errors of counts. Vertical lines: the boson peak "
    r"$\omega_b$, the maximum of a parabola through the bins around it. Right: its place, with one "
    "standard error from resampling samples. "
)
DISPLACED = (
    r" Open: $(J\langle|x|\rangle)^{1/3}$ with the mean displacement of the same minima, moved to the "
    r"points' geometric mean: at weak coupling $\omega_b$ goes as this cube root of the width of the "
    "local fields. Its slope is ${:.2f}$."
)


def draw(
    peaks: Mapping[float, BosonPeak],
    path: str | Path,
    *,
    beta: float = 0.0,
    displacements: Mapping[float, float] | None = None,
    title: str = "",
) -> Path:
    """Draw D/omega^2 over its maximum for each J, and omega_b against J beside its power at weak coupling.

    Parameters
    ----------
    peaks : mapping
        Boson peak by J.
    path : str or Path
        Ends in .png, .pdf or .svg.
    beta : float
        Exponent of the stiffness law, which sets the power (4 beta + 7)/6 of the line; the line goes through
        the middle of the points.
    displacements : mapping, optional
        Mean |x| of the minima by J.
    title : str
        Model, parameters and number of samples.

    Raises
    ------
    ValueError
        For another suffix, no peaks, or more than there are markers.
    """
    beta = real("beta", beta)
    if not 1 <= len(peaks) <= len(MARKERS):
        raise ValueError(f"peaks: {len(peaks)} couplings, must be 1 to {len(MARKERS)}")
    with page(path, PAGE, 2.7) as drawing:
        left, right = drawing.subplots(1, 2)
        for (J, peak), marker, color in zip(peaks.items(), MARKERS, shades(len(peaks)), strict=False):
            seen = peak.modes >= FEWEST
            top = float(np.interp(np.log(peak.omega_b), np.log(peak.omega), peak.reduced))
            error = peak.reduced[seen] / np.sqrt(peak.modes[seen]) / top
            omega, value = peak.omega[seen], peak.reduced[seen] / top
            left.errorbar(
                omega, value, np.minimum(error, 0.99 * value), fmt=marker, color=color, markersize=3.0,
                elinewidth=0.7, label=f"{J:g}",
            )  # fmt: skip
            left.axvline(peak.omega_b, color=color, linewidth=0.6, label="_Vertical lines")
            right.errorbar(
                J, peak.omega_b, peak.error, fmt=marker, color=color, markersize=4.5, label=f"_{J:g}"
            )
        left.set(xscale="log", yscale="log", xlabel=r"$\omega$", ylim=(0.05, 3.0))
        left.set_ylabel(r"$\mathcal{D}/\omega^2$, over its maximum")
        left.legend(title="$J$", fontsize=7, loc="lower right")
        left.set_xlim(right=6.0 * max(peak.omega_b for peak in peaks.values()))
        _power(right, peaks, beta)
        words = CAPTION + _slope_words(peaks, beta)
        if displacements:
            words += _cube_roots(right, peaks, displacements)
        right.set(xscale="log", yscale="log", xlabel="$J$", ylabel=r"$\omega_b$")
        right.legend(fontsize=8, loc="upper left")
        for axis in (left.xaxis, right.xaxis, right.yaxis):
            label_decades(axis)
        drawing.suptitle(title)
        below(drawing, words)
    return Path(path)


def _power(panel: Axes, peaks: Mapping[float, BosonPeak], beta: float) -> None:
    J, omega = np.array([(J, peak.omega_b) for J, peak in peaks.items()]).T
    power = float(formulas.boson_peak_exponent(np, beta))
    scale = np.exp(np.mean(np.log(omega) - power * np.log(J)))
    panel.plot(J, scale * J**power, color="0.3", linewidth=0.9, label=rf"$J^{{{power:.3g}}}$")


def _slope_words(peaks: Mapping[float, BosonPeak], beta: float) -> str:
    """Say what the line is, and by how much the points have another slope."""
    power = float(formulas.boson_peak_exponent(np, beta))
    words = (
        rf"The line has the power of weak coupling, $J^{{{power:.3g}}}$ for $J \to 0$, and the geometric "
        "mean of the points"
    )
    if len(peaks) < 2:
        return words + "."
    (first, low), (last, high) = min(peaks.items()), max(peaks.items())
    step = np.log(last / first)
    slope = np.log(high.omega_b / low.omega_b) / step
    error = np.hypot(low.error / low.omega_b, high.error / high.omega_b) / step
    return rf"{words}; from end to end these have the slope ${slope:.2f} \pm {error:.2f}$."


def _cube_roots(panel: Axes, peaks: Mapping[float, BosonPeak], displacements: Mapping[float, float]) -> str:
    """Draw (J <|x|>)^(1/3) through the middle of the points; return what the caption says of it."""
    J = np.array(list(peaks))
    root = np.array([(one * displacements[one]) ** (1 / 3) for one in peaks])
    root *= np.exp(np.mean(np.log([peak.omega_b for peak in peaks.values()])) - np.mean(np.log(root)))
    panel.plot(J, root, "o", color="0.3", fillstyle="none", markersize=7.0, mew=0.8, label="_Open")
    if J.size < 2:
        return DISPLACED.rpartition(" Its")[0]
    ends = np.argmin(J), np.argmax(J)
    return DISPLACED.replace(
        "{:.2f}", f"{np.log(root[ends[1]] / root[ends[0]]) / np.log(J.max() / J.min()):.2f}"
    )


def collect(options: Options) -> dict[str, Any]:
    """Return the boson peak of samples at each J, and the mean |x| of their minima."""
    peaks, displacements = {}, {}
    for params in [whole(params_of(options, options.L, J)) for J in sorted(set(options.J))]:
        sizes: list[float] = []
        omega = frequencies(_noting(minima(options, params), sizes))
        displacements[params.J] = float(np.mean(sizes))
        try:
            peaks[params.J] = boson_peak(omega, params.N)
        except ValueError as error:
            raise ValueError(f"J = {params.J:g}: {error}") from None
    title = (
        rf"$L = {options.L}$, $d = {options.d}$, $\beta = {options.beta:g}$, {options.samples} samples for "
        "each $J$"
    )
    return {"peaks": peaks, "beta": options.beta, "displacements": displacements, "title": title}


def _noting(found: Iterable[Minimum], sizes: list[float]) -> Iterator[Minimum]:
    """Yield minima, and note the mean |x| of each."""
    for problem, x in found:
        sizes.append(float(np.mean(np.abs(x))))
        yield problem, x


FIGURES = {
    "boson-peak": FigureRecord(
        options=partial(add_model, samples=100, J=(0.1, 0.17, 0.3)), collect=collect, draw=draw
    )
}
