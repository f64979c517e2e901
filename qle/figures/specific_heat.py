"""The reduced specific heat (C - C_D T^3)/T^3 and its fit (source paper, Fig. 15a)."""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

import spm
from arguments import array
from qle.figures.style import page, shades


def draw(T: ArrayLike, C: ArrayLike, C_error: ArrayLike | None, fit: spm.HeatFit, path: str | Path) -> Path:
    """Draw the reduced specific heat with its fit to (S 23); return `path`.

    Full: the fit without its Debye term. Dashed: C_TLS T^-2 and C_sm T^2, which cross at T_min. Without
    errors, the bars are those that the fit has found.

    Parameters
    ----------
    T, C, C_error : array_like, shape (k,)
        As given to `spm.fit_specific_heat`.
    fit : spm.HeatFit
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or where C_D T^3 is more than every C.
    """
    T = array("T", T, ("k",), above=0.0)
    C = array("C", C, T.shape)
    C_error = C * (fit.relative_error or 0.0) if C_error is None else array("C_error", C_error, T.shape)
    with page(path, 4.0, 3.4) as drawing:
        panel = drawing.subplots()
        reduced = C / T**3 - fit.C_D
        seen = reduced > 0.0
        if not seen.any():
            raise ValueError(f"C_D = {fit.C_D:.4g}: C_D T^3 exceeds every C; is it in the units of the data?")
        error = np.minimum(C_error / T**3, 0.999 * reduced)[seen]
        panel.errorbar(T[seen], reduced[seen], yerr=error, fmt="o", color=shades(3)[0], markersize=3.5)
        fine = np.geomspace(T.min(), T.max(), 200)
        low, high = float(reduced[seen].min()), float(reduced[seen].max())
        for curve, line in (
            (fit(fine) / fine**3 - fit.C_D, "-"),
            (fit.C_TLS / fine**2, "--"),
            (fit.C_sm * fine**2, "--"),
        ):
            panel.plot(fine, np.where(curve > 0.0, curve, np.nan), line, color="0.3", linewidth=1.0)
        if fit.T_min > 0.0:
            panel.axvline(fit.T_min, color="0.6", linewidth=0.8, linestyle=":")
        panel.set(xscale="log", yscale="log", xlabel="$T$", ylabel=r"$(C - C_\mathrm{Deb})/T^3$")
        panel.set_ylim(low / 10.0, high * 3.0)
    return Path(path)
