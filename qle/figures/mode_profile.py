"""How soft modes of the lattice fall off from their centres."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import quartic
from arguments import count
from lattice_gps.profile import Profile, centres, radial_profile
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, minima, params_of
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, MARKERS, page, shades

CAPTION = (
    "Weight of soft modes at distance $r$ from their centres, in lattice constants, over that at the "
    r"centre; shells in bins of $\ln r$. Filled: geometric mean over modes and sites, the weight of a "
    "typical one; open: mean; error bars: one standard error over modes. Dashed: $r^{{-{power}}}$ through "
    "the nearest geometric mean. "
)
FIRST = (
    r"Dotted, of the same minima: the geometric mean of modes to first order, $\psi_j = -J_{{0j}}\psi_0/"
    r"(k_j - \lambda)$ with the Hessian's diagonal $k$, so without ways over other sites. "
)
BINS = 6  # per factor e of distance
BELOW_CENTRE = 0.999  # of the largest |psi|, for sites in resonance with the mode
SHARE = 0.005  # of the modes of each sample, the softest, that enter a profile


def draw(
    profiles: Mapping[int, Profile],
    d: int,
    path: str | Path,
    *,
    first_order: Mapping[int, Profile] | None = None,
    title: str = "",
) -> Path:
    """Draw mean and geometric mean of psi^2(r)/psi^2(0) against r, for each L, and return `path`.

    Parameters
    ----------
    profiles : mapping
        Profiles of modes by L; the shells are gathered in bins of equal ln(r).
    d : int
        Dimensions; the dashed line is r^(-2 d), through the nearest geometric mean.
    path : str or Path
        Ends in .png, .pdf or .svg.
    first_order : mapping, optional
        Profiles by L of the same modes to first order in the couplings (`first_order_modes`).
    title : str
        Model, parameters and number of samples.

    Raises
    ------
    ValueError
        For another suffix, or a number of sizes out of range.
    """
    d = count("d", d)
    near = first_order or {}
    if not 1 <= len(profiles) <= len(MARKERS):
        raise ValueError(f"profiles: {len(profiles)} sizes, must be 1 to {len(MARKERS)}")
    with page(path, COLUMN, 2.9) as drawing:
        panel = drawing.subplots()
        for (L, profile), marker, color in zip(
            profiles.items(), MARKERS, shades(len(profiles)), strict=False
        ):
            r, mean, error = _of_modes(profile, profile.mean)
            ends = mean - np.minimum(error, 0.9 * mean), mean + error
            panel.vlines(r, *ends, color=color, linewidth=0.8, label="_error bars")
            panel.plot(r, mean, marker, color=color, markersize=4, mfc="white", label=f"$L = {L}$, mean")
            r, log, error = _of_modes(profile, profile.mean_log)
            panel.vlines(
                r, np.exp(log - error), np.exp(log + error), color=color, lw=0.8, label="_error bars"
            )
            panel.plot(r, np.exp(log), marker, color=color, markersize=4, label=f"$L = {L}$, geometric mean")
            if L in near:
                r, one = _binned(near[L], near[L].mean_log.mean(axis=0))
                panel.plot(r, np.exp(one), ":", color=color, linewidth=1.2, label="_Dotted")
        edges = np.array([r[0], r[-1]])
        label = f"$r^{{-{2 * d}}}$"
        panel.plot(edges, np.exp(log[0]) * (edges / r[0]) ** (-2.0 * d), "--", color="0.3", label=label)
        panel.set(xscale="log", yscale="log", xlabel="$r$", ylabel=r"$\psi^2(r)/\psi^2(0)$")
        panel.legend(fontsize=7)
        drawing.suptitle(title)
        words = CAPTION + FIRST if near else CAPTION
        below(drawing, words.format(power=2 * d) + _outer_slopes(profiles, near))
    return Path(path)


def _of_modes(profile: Profile, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distances of bins, means over modes and their standard errors, none of one mode."""
    each = np.array([_binned(profile, one)[1] for one in values])
    error = each.std(axis=0, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.zeros(each.shape[1])
    return _binned(profile, values[0])[0], each.mean(axis=0), error


def _outer_slopes(profiles: Mapping[int, Profile], near: Mapping[int, Profile]) -> str:
    """Say which powers the geometric means have from a quarter to a half of L."""
    words = []
    for L, profile in profiles.items():
        slope = _outer_slope(profile, L)
        if np.isfinite(slope):
            also = f" (dotted $r^{{{_outer_slope(near[L], L):.1f}}}$)" if L in near else ""
            words.append(f"$r^{{{slope:.1f}}}${also} at $L = {L}$")
    if not words:
        return "The lattices are too small to tell the power far out."
    return f"From $L/4$ to $L/2$ the geometric mean goes as {', '.join(words)}."


def _outer_slope(profile: Profile, L: int) -> float:
    r, log = _binned(profile, profile.mean_log.mean(axis=0))
    far = (r >= 0.25 * L) & (r <= 0.5 * L)
    return float(np.polyfit(np.log(r[far]), log[far], 1)[0]) if far.sum() >= 2 else np.nan


def _binned(profile: Profile, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean distance and value of the sites of each bin of ln(r)."""
    row = np.floor(BINS * np.log(profile.r) + 1e-9).astype(np.int64)
    total = np.bincount(row, profile.counts)
    used = total > 0
    r = np.bincount(row, profile.counts * np.log(profile.r))[used] / total[used]
    return np.exp(r), np.bincount(row, profile.counts * values)[used] / total[used]


def first_order_modes(problem: quartic.Problem, x: np.ndarray, modes: quartic.Modes) -> np.ndarray:
    """Return psi_j = -J_0j/(k_j - lambda) of every mode, shape (N, k), with psi = 1 at its centre, site 0.

    k is the diagonal of the Hessian at x. A site in resonance is held just below the centre.
    """
    stiffness = problem.hessian(x).diagonal
    columns = []
    for centre, value in zip(centres(modes.vectors).tolist(), modes.eigenvalues, strict=True):
        gaps = stiffness - value
        gaps[centre] = 1.0
        psi = np.clip(-problem.coupling.row(centre) / gaps, -BELOW_CENTRE, BELOW_CENTRE)
        psi[centre] = 1.0
        columns.append(psi)
    return np.transpose(columns)


def collect(options: Options) -> dict[str, Any]:
    """Return the profiles of the softest modes of samples at each L, and of the same modes to first order."""
    profiles: dict[int, Profile] = {}
    first: dict[int, Profile] = {}
    for params in [params_of(options, L, options.J) for L in sorted(set(options.L))]:
        softest = max(1, round(SHARE * params.N))
        vectors, near = [], []
        for problem, x in minima(options, params):
            modes = quartic.low_modes(problem, x, softest)
            vectors.append(modes.vectors)
            near.append(first_order_modes(problem, x, modes))
        for into, found in ((profiles, vectors), (first, near)):
            into[params.L] = radial_profile(np.concatenate(found, axis=1), params.L, params.d)
    title = (
        f"$d = {options.d}$, $J = {options.J:g}$, $\\beta = {options.beta:g}$\nsoftest {SHARE:.1%} of the "
        f"modes of {options.samples} samples for each $L$"
    )
    return {"profiles": profiles, "d": options.d, "first_order": first, "title": title}


FIGURES = {
    "mode-profile": FigureRecord(
        options=partial(add_model, samples=30, L=(8, 12)), collect=collect, draw=draw
    )
}
