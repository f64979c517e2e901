"""How soft modes of the lattice fall off from their centres."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import quartic
from arguments import count
from lattice_gps.profile import Profile, radial_profile
from qle.figures.captions import below
from qle.figures.lattice_options import add_model, minima, params_of
from qle.figures.record import FigureRecord, Options
from qle.figures.style import COLUMN, MARKERS, page, shades

CAPTION = (
    "Weight of soft modes at distance $r$ from their centres, in lattice constants, over that at the "
    r"centre; shells in bins of $\ln r$. Filled: geometric mean over modes, of a typical one; open: mean, "
    "which a few extended modes carry. Dashed: $r^{{-{power}}}$, the far field of a force dipole, through "
    "the nearest geometric mean. "
)
BINS = 6  # per factor e of distance
SHARE = 0.005  # of the modes of each sample, the softest, that enter a profile


def draw(profiles: Mapping[int, Profile], d: int, path: str | Path, *, title: str = "") -> Path:
    """Draw mean and geometric mean of psi^2(r)/psi^2(0) against r, for each L, and return `path`.

    Parameters
    ----------
    profiles : mapping
        Profiles of modes by L; the shells are gathered in bins of equal ln(r).
    d : int
        Dimensions; the dashed line is r^(-2 d), through the nearest geometric mean.
    path : str or Path
        Ends in .png, .pdf or .svg.

    Raises
    ------
    ValueError
        For another suffix, or a number of sizes out of range.
    """
    d = count("d", d)
    if not 1 <= len(profiles) <= len(MARKERS):
        raise ValueError(f"profiles: {len(profiles)} sizes, must be 1 to {len(MARKERS)}")
    with page(path, COLUMN, 2.9) as drawing:
        panel = drawing.subplots()
        for (L, profile), marker, color in zip(
            profiles.items(), MARKERS, shades(len(profiles)), strict=False
        ):
            r, mean = _binned(profile, profile.mean.mean(axis=0))
            panel.plot(r, mean, marker, color=color, markersize=4, fillstyle="none", label=f"$L = {L}$, mean")
            r, log = _binned(profile, profile.mean_log.mean(axis=0))
            panel.plot(r, np.exp(log), marker, color=color, markersize=4, label=f"$L = {L}$, geometric mean")
        ends = np.array([r[0], r[-1]])
        label = f"$r^{{-{2 * d}}}$"
        panel.plot(ends, np.exp(log[0]) * (ends / r[0]) ** (-2.0 * d), "--", color="0.3", label=label)
        panel.set(xscale="log", yscale="log", xlabel="$r$", ylabel=r"$\psi^2(r)/\psi^2(0)$")
        panel.legend(fontsize=7)
        drawing.suptitle(title)
        below(drawing, CAPTION.format(power=2 * d) + _outer_slopes(profiles, d))
    return Path(path)


def _outer_slopes(profiles: Mapping[int, Profile], d: int) -> str:
    """Say which power the geometric mean has beyond a quarter of L, and why it may be another."""
    words = []
    for L, profile in profiles.items():
        r, log = _binned(profile, profile.mean_log.mean(axis=0))
        far = (r >= 0.25 * L) & (r <= 0.5 * L)
        if far.sum() >= 2:
            words.append(f"$r^{{{np.polyfit(np.log(r[far]), log[far], 1)[0]:.1f}}}$ at $L = {L}$")
    if not words:
        return "The lattices are too small to tell the power far out."
    return (
        f"From $L/4$ to $L/2$ the geometric mean goes as {', '.join(words)}: where that is less steep, the "
        "periodic images and the hybridisation with other modes fill the outskirts."
    )


def _binned(profile: Profile, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean distance and value of the sites of each bin of ln(r)."""
    row = np.floor(BINS * np.log(profile.r) + 1e-9).astype(np.int64)
    total = np.bincount(row, profile.counts)
    used = total > 0
    r = np.bincount(row, profile.counts * np.log(profile.r))[used] / total[used]
    return np.exp(r), np.bincount(row, profile.counts * values)[used] / total[used]


def collect(options: Options) -> dict[str, Any]:
    """Return the profiles of the softest modes of samples at each L."""
    profiles = {}
    for params in [params_of(options, L, options.J) for L in sorted(set(options.L))]:
        softest = max(1, round(SHARE * params.N))
        vectors = [quartic.low_modes(*found, softest).vectors for found in minima(options, params)]
        profiles[params.L] = radial_profile(np.concatenate(vectors, axis=1), params.L, params.d)
    title = (
        f"d = {options.d}, J = {options.J:g}, beta = {options.beta:g}\nsoftest {SHARE:.1%} of the modes of "
        f"{options.samples} samples for each L"
    )
    return {"profiles": profiles, "d": options.d, "title": title}


FIGURES = {
    "mode-profile": FigureRecord(
        options=partial(add_model, samples=30, L=(8, 12)), collect=collect, draw=draw
    )
}
