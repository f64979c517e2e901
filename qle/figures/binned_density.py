"""D in bins over omega^(d - 1), with its Debye level, the omega^4 law and the boson peak."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from qle.figures.axes import in_units, label_decades
from qle.figures.captions import below
from qle.figures.style import page, shades
from qle.readers.binned import BinnedDensity
from qle.statistics.binned_law import BinnedLaw, debye_in
from qle.statistics.binned_peak import BinnedPeak


def draw(
    binned: BinnedDensity, law: BinnedLaw, peak: BinnedPeak | None, path: str | Path, *, dimension: int = 3
) -> Path:
    """Draw D/omega^(d - 1) with one standard error, and what was fitted to it; return `path`.

    Dashed: the Debye level. Full: with A_g omega^4 beside it up to omega_cut, and the band of its interval;
    dotted to omega_window, D bends away from it. The vertical line is the boson peak.

    Raises
    ------
    ValueError
        For another suffix.
    """
    d, (dark, middle, _) = dimension, shades(3)
    waves = debye_in(binned, 1.0, d)
    reduced, error = binned.density * binned.width / waves, binned.error * binned.width / waves
    seen = (reduced > 0.0) & (binned.low > 0.0)
    omega = np.sqrt(binned.low * binned.high)
    with page(path, 4.6, 3.6) as drawing:
        panel = drawing.subplots()
        ends = [np.minimum(error, 0.999 * reduced)[seen], error[seen]]
        if binned.weights == "scatter":
            panel.plot(omega[seen], reduced[seen], "o", color=dark, markersize=3.0, label="bins")
        else:
            look: Any = {"fmt": "o", "color": dark, "markersize": 3.0, "elinewidth": 0.7}
            panel.errorbar(omega[seen], reduced[seen], ends, label="bins, standard error", **look)
        if law.debye > 0.0:
            panel.axhline(
                law.debye, color="0.3", linestyle="--", linewidth=0.9, label=r"Debye, $\mathcal{A}_D$"
            )
        _draw_law(panel, law, float(omega[seen][0]), d, middle)
        if peak is not None:
            panel.axvline(peak.omega_b, color="0.3", linewidth=0.7, label=r"$\omega_b$")
        panel.set(xscale="log", yscale="log")
        units = [in_units(binned.unit.power(power)) for power in (1, -d)]
        panel.set_xlabel(r"$\omega$" + units[0])
        power = "" if d == 1 else r"/\omega" if d == 2 else rf"/\omega^{{{d - 1}}}"
        panel.set_ylabel(rf"$\mathcal{{D}}{power}$" + units[1])
        panel.set_ylim(0.5 * reduced[seen].min(), 2.0 * reduced[seen].max())
        label_decades(panel.xaxis)
        panel.legend(fontsize=7)
        below(
            drawing,
            f"Density of states in bins over that of waves in {d} dimensions. Debye's level and the law are "
            r"fitted together up to $\omega_\mathrm{cut}$, with the 95 percent interval of $\mathcal{A}_g$ "
            r"as a band; beyond it the density bends away from the law. $\omega_b$: boson peak.",
        )
    return Path(path)


def _draw_law(panel: Axes, law: BinnedLaw, first: float, d: int, color: tuple[float, ...]) -> None:
    if not np.isfinite(law.A_g):
        return
    below = np.geomspace(min(first, 0.5 * law.omega_cut), law.omega_cut, 50)
    beyond = np.geomspace(law.omega_cut, law.omega_window, 20)
    words = r"$\mathcal{A}_g \omega^4$" if law.debye == 0.0 else r"Debye and $\mathcal{A}_g \omega^4$"
    for omega, line, label in ((below, "-", words), (beyond, ":", r"beyond $\omega_\mathrm{cut}$")):
        total = law.debye + law.A_g * omega ** (5 - d)
        panel.plot(omega, total, line, color=color, linewidth=1.0, label=label)
    low, high = (law.debye + A_g * below ** (5 - d) for A_g in (law.A_g_low, law.A_g_high))
    panel.fill_between(below, low, high, color=color, alpha=0.18, linewidth=0.0, label="95 percent")
