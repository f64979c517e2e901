"""C/T^3 and the reduced specific heat (C - C_D T^3)/T^3 with their fit (source paper, Fig. 15a)."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import spm
from qle.figures.axes import in_units, label_decades
from qle.figures.captions import below
from qle.figures.style import PAGE, page, shades

Array = NDArray[np.float64]

SILICA = 2.0  # kelvin, about, where C/T^3 of vitreous silica has its minimum


def draw(
    data: spm.HeatTable,
    fit: spm.HeatFit,
    path: str | Path,
    *,
    window: Sequence[float] | None = None,
    fitted: NDArray[np.bool_] | None = None,
    tunnels: bool = True,
) -> Path:
    """Draw C/T^3 and the reduced specific heat with the fit to (S 23); return `path`.

    Left: C/T^3, its fit, and the level C_D. Right: the same less C_D; dashed are C_TLS T^-2 and C_sm T^2,
    which cross at T_min. Points that are not fitted are hollow. Without errors, the bars are those that the
    fit has found.

    Parameters
    ----------
    data : spm.HeatTable
    fit : spm.HeatFit
    path : str or Path
        Ends in .png, .pdf or .svg.
    window : (float, float), optional
        Of the T that were fitted; by default all.
    fitted : (k,) array of bool, optional
        Which were, in the place of a window.
    tunnels : bool
        Whether C_TLS is known; if not, the term of soft modes alone is drawn.

    Raises
    ------
    ValueError
        For another suffix, or where C_D T^3 is more than every C.
    """
    low, high = window or (0.0, np.inf)
    used = (low <= data.T) & (high >= data.T) if fitted is None else fitted
    whole = data.C / data.T**3
    if not (whole > fit.C_D).any():
        raise ValueError(f"C_D = {fit.C_D:.4g}: C_D T^3 exceeds every C; is it in the units of the data?")
    fine = np.geomspace(data.T.min(), data.T.max(), 200)
    temperature, reduced = ("", "") if data.unit == "1" else (in_units("K"), in_units(f"{data.unit}^4"))
    with page(path, PAGE, 2.8) as drawing:
        left, right = drawing.subplots(1, 2)
        _points(left, data, fit, whole, used)
        if tunnels:
            _curve(left, fine, fit(fine) / fine**3, "-", "fit (S 23)")
        if fit.C_D > 0.0:
            _curve(left, fine, np.full(fine.size, fit.C_D), ":", "$C_D$ of phonons")
        _points(right, data, fit, whole - fit.C_D, used)
        terms = r"$C_\mathrm{TLS} T^{-2}$, $C_\mathrm{sm} T^2$"
        if tunnels:
            _curve(right, fine, fit(fine) / fine**3 - fit.C_D, "-", "fit (S 23)")
            _curve(right, fine, fit.C_TLS / fine**2, "--", terms)
        _curve(right, fine, fit.C_sm * fine**2, "--", "_dashed" if tunnels else r"$C_\mathrm{sm} T^2$")
        if tunnels and fit.T_min > 0.0:
            right.axvline(fit.T_min, color="0.6", linewidth=0.8, linestyle=":", label=r"$T_\mathrm{min}$")
        left.set(xlabel=f"$T${temperature}", ylabel=f"$C/T^3${reduced}")
        right.set(xlabel=f"$T${temperature}", ylabel=rf"$(C - C_D T^3)/T^3${reduced}")
        for panel in (left, right):
            panel.set(xscale="log", yscale="log")
            panel.legend(fontsize=7)
            label_decades(panel.xaxis)
        below(drawing, _caption(data, fit, tunnels, used))
    return Path(path)


def _caption(data: spm.HeatTable, fit: spm.HeatFit, tunnels: bool, fitted: NDArray[np.bool_]) -> str:
    """Say what the marks are, and for reduced temperatures what they may be in kelvin."""
    bars = (
        "the scatter about the fit, one standard deviation" if data.C_error is None else "one standard error"
    )
    right = "without the phonons' $C_D T^3$" if fit.C_D > 0.0 else "the same, as there are no phonons"
    hollow = "" if fitted.all() else " Hollow points are not fitted."
    text = (
        f"Error bars: {bars}. Left: specific heat over $T^3$. Right: {right}; dashed are the terms of "
        rf"tunnelling, $T^{{-2}}$, and of soft modes, $T^2$, equal at $T_\mathrm{{min}}$.{hollow}"
    )
    least = fit.T_min
    if not tunnels:
        text = (
            f"Error bars: {bars}; hollow points are not fitted. Left: specific heat over $T^3$. Right: "
            f"{right}; dashed is the term of soft modes, $T^2$. Too few wells tunnel to tell the other, "
            "$T^{-2}$."
        )
        least = float(data.T[np.argmin(data.C / data.T**3)])
    if data.unit == "1" and least > 0.0:
        power = math.floor(math.log10(SILICA / least))
        kelvin = rf"${SILICA / least / 10.0**power:.1f} \cdot 10^{{{power}}}$ K"
        text += (
            " Temperatures in units of the energy of the potentials over $k_B$: where the minimum is that of "
            rf"$C/T^3$ in vitreous silica, near {SILICA:g} K, one unit is {kelvin}."
        )
    return text


def _points(
    panel: Any, data: spm.HeatTable, fit: spm.HeatFit, values: Array, used: NDArray[np.bool_]
) -> None:
    """Draw the positive ones of some values with the errors of C/T^3, and set the range to them."""
    error = (fit.errors(data.C) if data.C_error is None else data.C_error) / data.T**3
    seen = values > 0.0
    for rows, inside, label in ((seen & used, True, "fitted"), (seen & ~used, False, "not fitted")):
        if rows.any():
            bars = np.minimum(error, 0.999 * np.abs(values))[rows]
            panel.errorbar(
                data.T[rows], values[rows], yerr=bars, fmt="o", color=shades(3)[0], markersize=3.5,
                markerfacecolor=shades(3)[0] if inside else "none", label=label,
            )  # fmt: skip
    panel.set_ylim(values[seen].min() / 3.0, values[seen].max() * 3.0)


def _curve(panel: Any, T: Array, values: Array, line: str, label: str) -> None:
    """Draw a curve where it is positive."""
    panel.plot(T, np.where(values > 0.0, values, np.nan), line, color="0.3", linewidth=1.0, label=label)
