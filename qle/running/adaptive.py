"""Samples where they are needed: as many at each grid point as a given error of A_at_cut takes.

A rule that looks at the samples it then averages biases the average: stopping at the first sample that brings
n modes makes A_at_cut = 5 n / (S N omega_cut^5) too large by about 1/n, and a pilot that sets the number of
samples and is averaged with them makes it too large by up to error^2. Here the samples that decide do not
estimate:

* the *pilot*, samples 0 <= s < p, fixes the cut-off omega_cut and the number S of samples;
* the estimate is made of samples p <= s < p + S, at that omega_cut.

Given the pilot, omega_cut and S are constants and the S samples independent of it. So E[n] is exactly S N
times the integrated density of states at omega_cut: for D = A_g omega^4 up to there the estimate is unbiased
given the pilot, and therefore altogether, whatever the pilot did. It costs the pilot's samples.

Everything here is a function of the data: a resumed sweep decides as the first one did.
"""

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

import quartic
from qle.description.target import Target
from qle.store.batches import StoreError, examine

if TYPE_CHECKING:  # imported where it is used: the workers of a sweep do without
    import xarray as xr

PILOT_SAMPLES = 64  # the pilot's first size; it doubles until it has PILOT_MODES
PILOT_MODES = 25  # modes below omega_cut that a pilot needs: they tell S to 20 percent
PILOT_SHARE = 4  # at most 1 / PILOT_SHARE of the samples allowed are spent on the pilot
MODES_PER_SAMPLE = 0.5  # mean number of modes below the cut-off that the pilot chooses, as in `tail`

Array = npt.NDArray[np.float64]


class Decision(NamedTuple):
    """What the pilot of one grid point decided: its own size, the cut-off, and how many samples follow."""

    pilot: int
    omega_cut: float
    followers: int


def pilot_sizes(most: int) -> list[int]:
    """Return the sizes that a pilot takes in turn, ascending, if `most` samples are allowed (at least 2)."""
    last = max(1, most // PILOT_SHARE)
    sizes = [PILOT_SAMPLES]
    while sizes[-1] < last:
        sizes.append(2 * sizes[-1])
    return [size for size in sizes if size < last] + [last]


def judge(
    omega: Array, pilot: int, size: int, target: Target, most: int, complete_below: float = math.inf
) -> Decision | None:
    """Return what a pilot decides; None if it has too few modes and may grow.

    For independent modes the relative variance of n is 1/n, which repulsion only lowers. With n_0 modes in a
    pilot of p samples, ``S = (1 + n_0^(-1/2)) p / (n_0 error^2)`` samples follow, and at most `most` - p: one
    standard deviation of n_0 is added, so that about five points in six reach the error.

    Parameters
    ----------
    omega : (s, k) array
        Frequencies of those of the samples 0 <= sample < pilot that count, ascending along k.
    pilot : int
        p, one of `pilot_sizes(most)`.
    size : int
        N: with k = N no mode is missing.
    target : Target
    most : int
        Samples allowed, the pilot's included; at least 2.
    complete_below : float
        No mode below is missing, those above may be inf: `Measure.complete_below`.

    Raises
    ------
    ValueError
        No sample counts, or the cut-off asked for lies above the highest mode measured of one of them.
    """
    cut = _cut(omega, size, target, complete_below)
    count = int((omega < cut).sum())
    if count < PILOT_MODES and pilot < pilot_sizes(most)[-1]:
        return None
    if not count:
        return Decision(pilot, cut, most - pilot)
    needed = math.ceil((1 + count**-0.5) * pilot / (count * target.error**2))
    return Decision(pilot, cut, min(needed, most - pilot))


def _cut(omega: Array, size: int, target: Target, complete_below: float) -> float:
    """Return omega_cut for a pilot's modes: as asked for, or with half a mode per sample below it."""
    samples, stored = omega.shape
    if not samples:
        raise ValueError("no sample of the pilot is at a minimum")
    complete = min(complete_below, math.inf if stored == size else float(omega[:, -1].min()))
    if target.cutoff is not None:
        if target.cutoff > complete:
            raise ValueError(
                f"target.cutoff = {target.cutoff}: above {complete:.4g}, from where on modes are missing; "
                "measure more modes or lower it"
            )
        return target.cutoff
    rank = int(MODES_PER_SAMPLE * samples)
    modes = np.sort(omega, axis=None)
    return min(float(modes[rank]), complete) if rank < modes.size else complete


def read_pilot(folder: Path, pilot: int) -> Array:
    """Return the frequencies of those samples below `pilot` that count, (s, k), from a point's folder.

    Modes that are not there, as they are not below `Measure.complete_below`, are inf.
    """
    end, rows = 0, []
    for span, found in examine(folder, 0, pilot):
        if not isinstance(found, StoreError):
            new = slice(max(0, end - span.start), pilot - span.start)
            status, omega = found.arrays["status"][new], found.arrays["frequency"][new]
            omega = np.where(np.isnan(omega), np.inf, omega)
            rows.append(omega[(status == quartic.STATUSES.index("converged")) & (omega[:, 0] > 0)])
            end = max(end, span.stop)
    return np.concatenate(rows)


def decisions(dataset: "xr.Dataset", target: Target) -> "xr.Dataset":
    """Return what the pilots decided: `pilot`, `omega_cut` and `followers` at every grid point.

    Parameters
    ----------
    dataset : xarray.Dataset
        All samples of the sweep, as read from its store; their number is what was allowed.
    target : Target
        The sweep's.

    Raises
    ------
    ValueError
        As `judge`.
    """
    from qle.statistics.points import assemble, points

    most, rows = dataset.sizes["sample"], []
    for point in points(dataset):
        number = np.flatnonzero(point.included)
        made = (
            judge(point.frequency[number < pilot], pilot, point.N, target, most, point.omega_complete)
            for pilot in pilot_sizes(most)
        )
        rows.append(next(one for one in made if one is not None)._asdict())
    describe: dict[str, tuple[str, tuple[str, ...]]] = {
        "pilot": ("samples of the pilot", ()),
        "omega_cut": ("cut-off frequency, chosen by the pilot", ()),
        "followers": ("samples after the pilot, which estimate", ()),
    }
    return assemble(dataset, rows, describe, {})


def estimators(dataset: "xr.Dataset") -> "xr.Dataset":
    """Return a sweep with a target with only the samples that estimate: the others count as nothing.

    ``tail(estimators(dataset), cutoff=dataset.omega_cut)`` is then the estimate without bias, with the errors
    of its samples.
    """
    from qle.dataset import UNUSED

    number, status = dataset["sample"], dataset["status"]
    used = (number >= dataset["pilot"]) & (number < dataset["pilot"] + dataset["followers"])
    kept = status.where(used, UNUSED).astype(status.dtype).transpose(*status.dims)
    return dataset.assign(status=kept.assign_attrs(status.attrs))
