"""Gradient descent: energy and speed against time, correlation and response against two times."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from qle.figures.captions import below
from qle.figures.style import PAGE, page, shades
from qle.solutions.dynamics import of_samples
from qle.statistics.flow_spectra import along_flow, density
from qle.statistics.points import labelled

MOST_WAITING = 5  # times t_w drawn
CAPTION = (
    r"Lines: dynamical mean field for $N \to \infty$, {batches} batches of {samples} samples, in the upper "
    r"row with bands of one standard error. Dots: {flows}. A colour for each waiting time $t_\mathrm{{w}}$; "
    r"$R = E[dx(t)/dx(t_\mathrm{{w}})]$, of samples by one random push each. "
)
SPECTRA = (
    r" Last row: Hessians of {samples} samples of $N$ = {N}, {coupling} couplings, at times $t$ and in "
    r"the minima below: $D(\omega)$ of eigenvalues $\lambda = \omega^2 > 0$ with one standard error, its "
    r"exponent for $\omega \to 0$ and $A_g$ with 95 percent intervals (dotted: 4). Where most samples are "
    "at saddles there is no $A_g$."
)
PARAMETERS = {"J": "$J$", "h": "$h$", "kappa_min": r"$\kappa_\mathrm{min}$", "kappa_0": r"$\kappa_0$"}
STARTS = {"zero": "$x = 0$", "decoupled": "the minimum without couplings"}


def draw(data: xr.Dataset, path: str | Path) -> Path:
    """Draw what `qle.solutions.dynamics.gradient_descent` computed; return `path`.

    e - e_inf with e_inf of the ground state, or e itself where that is not known, and where samples end;
    E[x'^2]; E[x]; C(t, t_w)/(C(t, t) C(t_w, t_w))^(1/2) against t/t_w and t - t_w; R(t, t_w). Lines: N ->
    infinity; dots: samples. With the eigenvalues of `qle.solutions.flow_spectra`, D(omega), its exponent and
    A_g at each of their times.

    Raises
    ------
    ValueError
        For a suffix other than .png, .pdf or .svg.
    """
    data = labelled("data", data)
    spectra = "eigenvalue" in data
    with page(path, PAGE, 6.2 if spectra else 4.2) as drawing:
        panels = drawing.subplots(3 if spectra else 2, 3).ravel()
        _against_time(panels[0], data, "energy")
        _against_time(panels[1], data, "dissipation")
        _against_time(panels[2], data, "mean_x")
        times = data["time"].values
        waiting = np.unique(np.linspace(0, max(times.size - 2, 0), MOST_WAITING).astype(int))
        for k, color in zip(waiting, shades(len(waiting)), strict=True):
            label = rf"$t_\mathrm{{w}} = {times[k]:.3g}$"
            _two_times(panels[3], data, "C", int(k), times[k:] / times[k], color, label)
            _two_times(panels[4], data, "C", int(k), times[k:] - times[k], color, label)
            _two_times(panels[5], data, "R", int(k), times[k:] - times[k], color, label)
        ratio = r"$C(t, t_\mathrm{w})/[C(t, t)\, C(t_\mathrm{w}, t_\mathrm{w})]^{1/2}$"
        known = np.isfinite(data["ground_energy"].item())
        names = (
            r"$e - e_\infty$" if known else "$e$",
            r"$E[\dot x^2]$",
            "$E[x]$",
            ratio,
            ratio,
            r"$R(t, t_\mathrm{w})$",
        )
        difference = r"$t - t_\mathrm{w}$"
        for panel, name, abscissa in zip(
            panels[:6], names, ("$t$", "$t$", "$t$", r"$t/t_\mathrm{w}$", difference, difference), strict=True
        ):
            panel.set_ylabel(name)
            panel.set_xlabel(abscissa)
            panel.set_xscale("symlog" if abscissa == difference else "log")
        panels[1].set_yscale("log")
        if known:
            panels[0].set_yscale("log")
        if spectra:
            _hessians(panels[6:], data)
        handles = panels[3].get_legend_handles_labels()
        if handles[0]:
            drawing.legend(*handles, loc="outside upper center", ncols=MOST_WAITING)
        below(drawing, caption(data))
    return Path(path)


def caption(data: xr.Dataset) -> str:
    """Say what is drawn, of how many samples, and by how much these are off the limit."""
    at = ", ".join(f"{symbol} = {float(data[name]):g}" for name, symbol in PARAMETERS.items())
    words = f"Gradient descent of KHGPS from {STARTS.get(data.attrs['start'], 'a random $x$')}, {at}. "
    flows, told = data.sizes["sample"], data.attrs
    each = (
        f"each of {flows} samples of $N$ = {int(data['N'])}" if flows else "samples, of which there are none"
    )
    words += CAPTION.format(batches=told["limit_batches"], samples=told["limit_samples"], flows=each)
    if np.isfinite(data["ground_energy"].item()):
        words += r"$e_\infty$: the ground state, replica symmetry broken in full. "
    if told["status"] == "noise":
        words += "The lines end where their noise takes over. "
    words += _disagreement(data)
    if "eigenvalue" in data:
        samples, size = data.sizes["hessian_sample"], data["hessian_N"].item()
        words += SPECTRA.format(samples=samples, N=size, coupling=told["hessian_coupling"])
    return words


def _disagreement(data: xr.Dataset) -> str:
    """Say where the energy of samples is farthest off the line."""
    energy, error = of_samples(data, "energy")
    pulls = (energy - data["energy"].values) / np.hypot(error, data["energy_error"].values)
    if not np.isfinite(pulls).any():
        return "Too few samples to say how far their energy is off the line."
    worst = int(np.nanargmax(np.abs(pulls)))
    return (
        f"Energies of samples are at most {abs(pulls[worst]):.1f} standard errors off the line, at $t$ = "
        f"{data['time'].values[worst]:.3g}."
    )


def _against_time(panel: Axes, data: xr.Dataset, name: str) -> None:
    """Draw a mean and its samples."""
    lowest = data["ground_energy"].item() if name == "energy" else 0.0
    lowest = lowest if np.isfinite(lowest) else 0.0
    time, value, error = data["time"].values, data[name].values - lowest, data[f"{name}_error"].values
    panel.plot(time, value, "-", color="black", linewidth=0.9, label="_lines")
    panel.fill_between(time, value - error, value + error, color="0.8", label="_bands")
    for one in data[f"{name}_of_samples"].values:
        panel.plot(time, one - lowest, ".", color="tab:red", markersize=3, label="_dots")
    if name == "energy" and np.isfinite(end := float(of_samples(data, "descent")[0])):
        panel.axhline(end - lowest, linestyle="--", linewidth=0.9, color="tab:red", label="where samples end")
        panel.legend()


def _hessians(panels: Sequence[Axes], data: xr.Dataset) -> None:
    """Draw D, the exponent of its tail and A_g, at each stop; what is below zero is in the labels of D."""
    states, law = density(data), along_flow(data)
    places = np.arange(law.sizes["stop"])
    names = [f"{t:g}" if np.isfinite(t) else "minimum" for t in law["stop"].values]
    omega = states["omega"].values
    for k, (color, name) in enumerate(zip(shades(places.size), names, strict=True)):
        D, error = (states[one].values[k] for one in ("D", "D_error"))
        there = D > 0.0
        label = f"{'' if name == 'minimum' else '$t$ = '}{name}: {float(law['down'][k]):.2g}"
        panels[0].errorbar(omega[there], D[there], error[there], color=color, linewidth=0.9, label=label)
    panels[0].set(xscale="log", yscale="log", xlabel=r"$\omega$", ylabel=r"$D(\omega)$")
    panels[0].legend(loc="upper left", title=r"share of $\lambda < 0$")
    for panel, one, words in zip(panels[1:], ("exponent", "A_g"), ("exponent of $D$", "$A_g$"), strict=True):
        value = law[one].values
        ends = np.abs(np.array([law[f"{one}_low"].values, law[f"{one}_high"].values]) - value)
        panel.errorbar(
            places, value, ends, fmt="o", color="black", markersize=4, elinewidth=0.9, label="_intervals"
        )
        panel.set(
            xticks=places, xticklabels=names, xlabel="$t$", ylabel=words, xlim=(-0.5, places.size - 0.5)
        )
    panels[1].axhline(4.0, linestyle=":", color="0.5", label="_dotted")


def _two_times(panel: Axes, data: xr.Dataset, name: str, k: int, place: Any, color: Any, label: str) -> None:
    """Draw C as a coefficient of correlation, or R, from t_w = times[k] on."""
    value, others = data[name].values, data[f"{name}_of_samples"].values
    panel.plot(place, _column(value, name, k), "-", color=color, linewidth=0.9, label=label)
    for one in others:
        panel.plot(place, _column(one, name, k), ".", color=color, markersize=2, label="_dots")


def _column(values: Any, name: str, k: int) -> Any:
    if name == "R":
        return values[k:, k]
    size = np.sqrt(np.diagonal(values))
    with np.errstate(invalid="ignore", divide="ignore"):
        return values[k:, k] / (size[k:] * size[k])
