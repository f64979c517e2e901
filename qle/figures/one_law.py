"""The omega^4 law of a glass, a lattice and the mean-field model on one line, beside theory."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

import khgps
from qle.figures.axes import label_decades
from qle.figures.captions import below
from qle.figures.record import FigureRecord, Options
from qle.figures.stores import add_stores, collect_sets
from qle.figures.style import page, shades
from qle.statistics import tail
from qle.statistics.excitations import first_phonon
from qle.statistics.glassy_phase import state_prefactor
from qle.statistics.intervals import counts_interval
from qle.statistics.points import Point, points

Array = NDArray[np.float64]

LINES = ("-", "--", "-.", ":")
DRAWN = 150  # points of a curve, at most
SETS: dict[str, dict[str, Any]] = {
    "glass, soft spheres in 2D": {
        "model": "soft_spheres",
        "grid": {"N": 400, "T_p": 2.0, "sweeps": 1000},
        "measure": {"modes": 20, "elasticity": True},
    },
    "lattice, couplings $r^{-3}$": {
        "model": "lattice_gps",
        "grid": {"L": 7, "J": 0.3},
        "protocol": {"start": "random"},
        "measure": {"modes": 20},
    },
    "mean field (KHGPS)": {
        "model": "khgps",
        "grid": {"N": 500, "h": 0.05, "J": 0.1},
        "measure": {"modes": 20},
    },
}
"""Drawn where no stores are given."""
CAPTION = (
    r"Normal modes below $\omega$, all samples together, with 95 percent intervals of their counts (bands), "
    r"against $\omega$ in units of $\omega_1 = (5/(N A_g))^{1/5}$, below which a sample would have one mode "
    r"if $\mathcal{D} = A_g\,\omega^4$ held up to there (grey). Exponents are those of $\mathcal{D}$ below "
    r"$\omega_\mathrm{cut}$, with 95 percent intervals. $A_g$ is measured"
)
THEORY = (
    r", but for KHGPS: there it is that of the cavity equations for $N \to \infty$, and nothing is fitted; "
    "dotted: all modes that they predict"
)
PHONONS = " Circle: first phonons of the glass; above, modes are waves too."


def draw(datasets: Mapping[str, xr.Dataset], path: str | Path) -> Path:
    """Draw how many modes samples have below omega, every set in units of its own A_g; return `path`.

    On the line y = x^5 are all whose D is A_g omega^4. Of KHGPS with kappa_min = 0 at weak coupling A_g is
    that of `khgps.solve_one_state`, whose modes below omega are drawn as well; of all others `tail` of the
    modes themselves.

    Parameters
    ----------
    datasets : mapping of str to xarray.Dataset
        By name what `qle.open` returns, of one grid point each.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, a set of several grid points, or one without an omega^4 law.
    """
    with page(path, 5.2, 3.7) as drawing:
        panel = drawing.subplots()
        x = np.array([0.2, 1.6])
        panel.plot(x, x**5, color="0.6", linewidth=2.5, label=r"$\mathcal{D} = A_g\,\omega^4$")
        theory, phonons, last = "", "", 0.0
        for color, line, (name, dataset) in zip(
            shades(len(datasets)), LINES * len(datasets), datasets.items(), strict=False
        ):
            (point,) = points(dataset)
            label, A_g = _law(dataset, name)
            if (state := _one_state(dataset)) is not None:
                A_g = state.A_g
                theory = THEORY
            unit = (5.0 / (point.N * A_g)) ** 0.2
            last = max(last, _draw_set(panel, point, unit, label, {"color": color, "linestyle": line}))
            if state is not None:
                _draw_state(panel, state, point, unit)
            if "shear_modulus" in dataset:
                phonons = PHONONS
                _draw_phonon(panel, dataset, point, unit, color)
        panel.set(xscale="log", yscale="log", xlim=(0.3, 1.1 * last), ylim=(2e-3, 30.0))
        panel.set(xlabel=r"$\omega/\omega_1$", ylabel=r"modes per sample below $\omega$")
        label_decades(panel.xaxis)
        panel.legend(loc="upper left", handlelength=2.8)
        below(drawing, f"{CAPTION}{theory}.{phonons} {_sizes(datasets)}")
    return Path(path)


def _law(dataset: xr.Dataset, name: str) -> tuple[str, float]:
    """Return the name with its exponent and interval, where there is one, and the measured A_g."""
    law = tail(dataset).squeeze()
    if not np.isfinite(law["A_g"]):
        raise ValueError(f"{name}: no omega^4 law is measured, so there is no A_g; take more samples")
    exponent, low, high = (float(law[key]) for key in ("exponent", "exponent_low", "exponent_high"))
    said = rf": $\omega^{{{exponent:.1f}}}$ ({low:.1f} to {high:.1f})" if np.isfinite(exponent) else ""
    return name + said, float(law["A_g"])


def _one_state(dataset: xr.Dataset) -> khgps.OneState | None:
    """Return the cavity equations' solution of a set of KHGPS; None where they do not hold."""
    here = dataset.squeeze()
    if dataset.attrs.get("model") != "khgps" or any(
        float(here[name]) != value for name, value in (("kappa_min", 0.0), ("beta", 0.0), ("A", 1.0))
    ):
        return None
    J, h, kappa_0 = (float(here[name]) for name in ("J", "h", "kappa_0"))
    if not np.isfinite(state_prefactor(J, h, kappa_0)):
        return None
    return khgps.solve_one_state(J=J, h=h, kappa_0=kappa_0)


def _draw_set(panel: Axes, point: Point, unit: float, label: str, style: dict[str, Any]) -> float:
    """Draw the counts of a set with their intervals; return the last abscissa."""
    omega = _known(point)
    rank = np.unique(np.geomspace(1, omega.size, DRAWN).astype(np.int64))
    x, samples = omega[rank - 1] / unit, point.n_samples
    low, high = counts_interval(rank)
    panel.fill_between(
        x, low / samples, high / samples, color=style["color"], alpha=0.2, lw=0, label="_bands"
    )
    panel.plot(x, rank / samples, linewidth=1.4, label=label, **style)
    return float(x[-1])


def _known(point: Point) -> Array:
    """Return the frequencies below which no mode is missing, ascending."""
    return np.sort(point.frequency[point.frequency < point.omega_complete])


def _draw_state(panel: Axes, state: khgps.OneState, point: Point, unit: float) -> None:
    x = np.geomspace(0.3, min(2.5, _known(point)[-1] / unit), 40)
    modes = [point.N * state.fraction_below(unit * float(one)) for one in x]
    panel.plot(x, modes, ":", color="0.1", linewidth=1.4, label=r"cavity equations, $N \to \infty$")


def _draw_phonon(panel: Axes, dataset: xr.Dataset, point: Point, unit: float, color: Any) -> None:
    omega = _known(point)
    first = first_phonon(dataset)
    if np.isfinite(first) and first < omega[-1]:
        below_it = np.sum(omega < first) / point.n_samples
        panel.plot(first / unit, below_it, "o", color=color, mfc="white", markersize=5, label="_circle")


def _sizes(datasets: Mapping[str, xr.Dataset]) -> str:
    """Return the sizes of all sets."""
    found = []
    for name, dataset in datasets.items():
        (point,) = points(dataset)
        found.append(f"{name.split(',')[0]} {point.n_samples}, of {point.N} modes")
    return f"Samples: {'; '.join(found)}."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the stores."""
    add_stores(parser, 200)


def collect(options: Options) -> dict[str, Any]:
    """Return what is in the stores, or samples of `SETS`."""
    return collect_sets(options, SETS)


FIGURES = {"one-law": FigureRecord(options=add_options, collect=collect, draw=draw)}
