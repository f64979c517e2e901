"""How soft modes become fewer: of glasses with 1/T_p of their liquids, of KHGPS with 1/J^2 (S IV.E)."""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

from qle.dataset import open_store
from qle.description.measure import Measure
from qle.description.spec import Spec
from qle.experiments.depletion import SWEEPS, made
from qle.figures.captions import below, span
from qle.figures.record import FigureRecord, Options, add_samples
from qle.figures.style import MARKERS, page, shades
from qle.measurements.glass_modes import GlassModes
from qle.running.sweeping import sweep
from qle.statistics.depletion import excitation_number, formation_energy
from qle.statistics.glassy_phase import limit_prefactor, measured, state_prefactor, weak_abscissa
from qle.store.batches import StoreError

Array = NDArray[np.float64]

COLD = 0.7  # T_p up to which the straight line is laid
CURVE = 25  # points of a predicted curve
GRID = {
    "N": 500,
    "h": 0.01,
    "J": {"from": 0.045, "to": 0.12, "points": 5, "spacing": "log"},
    "kappa_0": [0.3, 1.0],
}
"""Of KHGPS, drawn where no store is given."""


def draw(found: Mapping[float, GlassModes], model: xr.Dataset, path: str | Path) -> Path:
    """Draw numbers of soft modes against 1/T_p, and of KHGPS against kappa_0 h^(2/3)/J^2; return `path`.

    Of glasses A_g omega_g^5 (S 7), and A_g alone in units of the omega_g of the hottest. Of KHGPS A_g
    h^(5/3), for A = 1 the number below omega ~ h^(1/3), where the field bends wells. Both scales have as many
    decades.

    Parameters
    ----------
    found : mapping of T_p to GlassModes
    model : xarray.Dataset
        What `qle.open` returns of a sweep of KHGPS over h, J and kappa_0.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, without any soft mode, or for a sweep of another kind.
    """
    if not any(one.soft()[1] for one in found.values()):
        raise ValueError("no glass has a mode below 0.7 of the first phonons; take more samples")
    law = measured(model)
    with page(path, 7.2, 3.1) as drawing:
        glasses, models = drawing.subplots(1, 2)
        _draw_glasses(glasses, found)
        _draw_models(models, law)
        doubtful = any(one.doubtful.mean() >= 0.5 for one in found.values())
        hollow = "hollow: most liquids may be out of equilibrium; " if doubtful else ""
        counts = span(one.samples for one in found.values())
        below(
            drawing,
            f"Left: soft spheres in the plane, $N$ = {next(iter(found.values())).particles}, "
            f"{counts} glasses for each $T_p$, modes below 0.7 of the first phonons; bars: standard "
            f"errors from resampling glasses; {hollow}dashed: fitted at $T_p$ up to {COLD}; squares: $A_g$ "
            rf"alone, in units of the $\omega_g$ of the hottest. Right: KHGPS, $N$ = {int(model['N'])}, "
            r"minima by lbfgs, $A = 1$, 95 percent intervals; full lines: cavity equations of one state; "
            r"dashed: their limit $J \to 0$. Both scales have as many decades.",
        )
    return Path(path)


def _draw_glasses(panel: Axes, found: Mapping[float, GlassModes]) -> None:
    dark, middle, light = shades(3)
    T = np.array([t for t in sorted(found) if found[t].soft()[1]])
    number, error = np.array([excitation_number(found[t]) for t in T]).T
    stiffening = np.array([(found[max(T)].frequency_scale / found[t].frequency_scale) ** 5 for t in T])
    panel.errorbar(
        1.0 / T,
        number * stiffening,
        error * stiffening,
        color=light,
        fmt="none",
        elinewidth=0.9,
        label="_bars",
    )
    label = rf"$A_g\,\omega_g^5(T_p = {max(T):g})$"
    panel.plot(1.0 / T, number * stiffening, "s", color=light, ms=4, label=label)
    panel.errorbar(1.0 / T, number, error, color=dark, fmt="none", elinewidth=0.9, label="_bars")
    rested = np.array([found[t].doubtful.mean() < 0.5 for t in T])
    for which, fill, label in ((rested, dark, r"$A_g\,\omega_g^5$"), (~rested, "white", "_hollow")):
        panel.plot(1.0 / T[which], number[which], "o", color=dark, mfc=fill, ms=4.5, label=label)
    if (line := formation_energy(found, COLD)) is not None:
        ends = np.array([0.9 / COLD, 1.05 / min(T)])
        label = rf"$e^{{-E/T_p}}$, $E = {-line.slope:.2f} \pm {line.slope_error:.2f}$"
        fit = np.exp(line.value + line.slope * (ends - line.middle))
        panel.plot(ends, fit, "--", color=middle, linewidth=1.0, label=label)
    top = 2.0 * float(np.max(number + error))
    panel.set(yscale="log", ylim=(top / 1e4, top), xlabel="$1/T_p$", ylabel="number of soft modes")
    panel.legend(loc="lower left")


def _draw_models(panel: Axes, law: xr.Dataset) -> None:
    top = 0.0
    marks: list[tuple[float, float]] = []
    pairs = [(h, kappa_0) for h in law["h"].values for kappa_0 in law["kappa_0"].values]
    for k, (color, (h, kappa_0)) in enumerate(zip(shades(len(pairs)), pairs, strict=True)):
        row = law.sel(h=h, kappa_0=kappa_0)
        row = row.isel(J=np.flatnonzero(np.isfinite(row["A_g"].values)))
        if not row.sizes["J"]:
            continue
        J, unit = row["J"].values, float(h) ** (5.0 / 3.0)
        A_g, low, high = (unit * row[name].values for name in ("A_g", "A_g_low", "A_g_high"))
        label = rf"$\kappa_0 = {kappa_0:g},\ h = {h:g}$"
        ends = np.array([A_g - low, high - A_g])
        panel.errorbar(
            -weak_abscissa(h, J, kappa_0), A_g, ends, fmt=MARKERS[k % len(MARKERS)], color=color, ms=4,
            elinewidth=0.9, label=label,
        )  # fmt: skip
        fine = np.geomspace(0.97 * J.min(), 1.03 * J.max(), CURVE)
        for formula, style in ((state_prefactor, "-"), (limit_prefactor, "--")):
            curve = unit * np.array([formula(one, float(h), float(kappa_0)) for one in fine.tolist()])
            kind = {"-": "_full", "--": "_dashed"}[style]
            panel.plot(-weak_abscissa(h, fine, kappa_0), curve, style, color=color, linewidth=0.9, label=kind)
            top = np.nanmax([top, *curve, *high])
        marks += zip(-weak_abscissa(h, J, kappa_0), A_g, strict=True)
    panel.set(
        yscale="log",
        ylim=(2.0 * top / 1e4, 2.0 * top),
        xlim=(0.0, 1.3 * max((x for x, y in marks if y > 2.0 * top / 1e4), default=1.0)),
    )
    panel.set(xlabel=r"$\kappa_0\, h^{2/3}/J^2$", ylabel=r"$A_g\, h^{5/3}$")
    panel.legend(loc="upper right")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the store and the number of samples."""
    parser.add_argument("store", metavar="STORE", type=Path, nargs="?", help="sweep of KHGPS, as of fig9b")
    add_samples(
        parser, default=20, what="glasses of each temperature, and tens of samples of KHGPS; 2 or more"
    )


def collect(options: Options) -> dict[str, Any]:
    """Return modes of glasses at each temperature, and a sweep of KHGPS."""
    if options.samples < 2:
        raise ValueError(f"--samples {options.samples}: must be 2 or more")
    if options.store:
        try:
            model = open_store(options.store)
        except StoreError as error:
            raise ValueError(str(error)) from None
    else:
        spec = Spec(model="khgps", samples=10 * options.samples, grid=GRID, measure=Measure(modes=20))
        with tempfile.TemporaryDirectory() as folder:
            model = sweep(spec, store=folder, progress="none")
    return {"found": {t: made(t, options.samples) for t in SWEEPS}, "model": model}


FIGURES = {"depletion": FigureRecord(options=add_options, collect=collect, draw=draw)}
