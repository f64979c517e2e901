"""The laws of soft potentials: stiffness, frequency and barrier, with the laws derived for them."""

import math
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

import spm
from qle.figures.captions import below
from qle.figures.style import page, shades

PANEL = (3.0, 3.0)  # inches
TAIL = 1e-3  # x p(x) at the right edge, in units of its peak
LEAST_EVENTS = 5.0  # wells of a bin that is drawn
CAPTION = (
    "Densities of stiffness, frequency and barrier of random quartic potentials, per potential, in bins of 5 "
    "wells or more, with one standard error. Small dots: an importance sample of soft wells, where it is "
    "complete. Dashed lines: the derived laws of soft lower wells, constants included. Dotted: the powers of "
    "all minima, upper wells included, through the small dots."
)


def draw(
    plain: spm.Laws,
    soft: spm.Laws,
    limits: spm.SoftLimits,
    ranges: dict[str, tuple[float, float]],
    path: str | Path,
) -> Path:
    """Draw p(b2), D(omega) and p(B) with their limits for soft wells; return `path`.

    Filled points are of all minima, open ones of global minima, small dots of the importance sample, dashed
    lines the derived laws b2^(3/2), omega^4 and B^(1/4), dotted ones of slopes 1 and 3 through the softest
    points.

    Parameters
    ----------
    plain : spm.Laws
        Of sampled potentials.
    soft : spm.Laws
        Of `spm.sample_soft`.
    limits : spm.SoftLimits
        Of the same law of the coefficients.
    ranges : dict
        Where `soft` is complete: (low, high) of "b2" and of "barrier".
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix.
    """
    roots = (math.sqrt(ranges["b2"][0]), math.sqrt(ranges["b2"][1]))
    with page(path, 3.0 * PANEL[0], PANEL[1]) as drawing:
        stiffness, frequency, height = drawing.subplots(1, 3)
        _points(stiffness, plain.b2_all, soft.b2_all, ranges["b2"], "o", "all minima")
        _points(stiffness, plain.b2_global, soft.b2_global, ranges["b2"], "s", "global minima")
        _guide(stiffness, ranges["b2"], limits.b2, 1.5, "$b_2^{3/2}$")
        _slope(stiffness, soft.b2_all, ranges["b2"], 1.0, "$b_2$")
        _points(frequency, plain.D_all, soft.D_all, roots, "o", "all minima")
        _points(frequency, plain.D_global, soft.D_global, roots, "s", "global minima")
        _guide(frequency, roots, limits.A_g, 4.0, r"$A_g\,\omega^4$")
        _slope(frequency, soft.D_all, roots, 3.0, r"$\omega^3$")
        _points(height, plain.barrier_global, soft.barrier_global, ranges["barrier"], "s", "lower minimum")
        _guide(height, ranges["barrier"], limits.barrier, 0.25, "$B^{1/4}$")
        for panel, variable, density in (
            (stiffness, "b_2", "p(b_2)"),
            (frequency, r"\omega", r"\mathcal{D}(\omega)"),
            (height, "B", "p(B)"),
        ):
            panel.set(xscale="log", yscale="log", xlabel=f"${variable}$", ylabel=f"${density}$")
            panel.legend(loc="best", fontsize=7)
            _cut(panel)
        height.xaxis.set_major_locator(LogLocator(numticks=6))
        below(drawing, CAPTION)
    return Path(path)


def _cut(panel: Axes) -> None:
    """Leave out the far tail of large values, below the least of what is drawn of the soft sample."""
    points = panel.containers[0][0]
    x, y = (np.asarray(values, np.float64) for values in (points.get_xdata(), points.get_ydata()))
    peak = int(np.argmax(x * y))
    panel.set_xlim(right=float(x[peak:][y[peak:] * x[peak:] > TAIL * y[peak] * x[peak]].max()))


def _points(
    panel: Axes, plain: spm.Density, soft: spm.Density, ends: tuple[float, float], marker: str, label: str
) -> None:
    """Draw a density of both samples; of the soft one only within `ends`, where it is complete."""
    color = shades(3)[0 if marker == "o" else 1]
    seen = plain.events >= LEAST_EVENTS
    panel.errorbar(
        plain.centre[seen],
        plain.density[seen],
        yerr=np.minimum(plain.error[seen], 0.999 * plain.density[seen]),
        fmt=marker,
        color=color,
        markersize=3.0,
        markerfacecolor=color if marker == "o" else "none",
        elinewidth=0.7,
        label=label,
    )
    inside = (soft.edges[:-1] >= ends[0]) & (soft.edges[1:] <= ends[1])
    panel.plot(soft.centre[inside], soft.density[inside], ".", color=color, markersize=1.5, label="_dots")


def _guide(panel: Axes, ends: tuple[float, float], prefactor: float, exponent: float, label: str) -> None:
    """Draw prefactor x^exponent within `ends`, and on to where the plain sample begins."""
    x = np.array([ends[0], max(ends[1], _first(panel))])
    panel.plot(x, prefactor * x**exponent, "--", color="0.2", linewidth=1.0, label=label)


def _slope(panel: Axes, soft: spm.Density, ends: tuple[float, float], exponent: float, label: str) -> None:
    """Draw a line of a given slope through a density, as far as `_guide`."""
    fit = spm.power_law(soft, low=ends[0], high=ends[1], exponent=exponent)
    x = np.array([ends[0], max(ends[1], _first(panel))])
    panel.plot(x, fit.prefactor * x**exponent, ":", color="0.2", linewidth=1.0, label=label)


def _first(panel: Axes) -> float:
    """Return ten times the least value drawn of the plain sample."""
    return 10.0 * float(np.min(np.asarray(panel.containers[0][0].get_xdata(), np.float64)))
