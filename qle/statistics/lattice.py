"""Means over relaxed samples of the lattice model, and the tail of its spectrum, with errors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qle.measurements.lattice import LatticeSamples
from qle.statistics.pooled import power

Array = NDArray[np.float64]
MODES_PER_SAMPLE = 0.5  # below the cut-off, as in the table of a sweep


class Summary(NamedTuple):
    """What samples say.

    Attributes
    ----------
    omega_cut : float
        The frequency with half a mode per sample below it, or that below which none is missing.
    modes : int
        How many lie below it.
    numbers : dict
        By what they are, values with one standard error, nan for that of one sample. With two modes below
        omega_cut or more also the exponent of D there.
    """

    omega_cut: float
    modes: int
    numbers: dict[str, tuple[float, float]]


def summary(found: LatticeSamples) -> Summary:
    """Return the means, the exponent and the participation number of the softest modes."""
    N, samples = found.params.N, found.frequency.shape[0]
    cut = _cut(found.frequency)
    soft = found.frequency < cut
    numbers = {
        "destabilised oscillators": _mean(found.destabilised),
        "sites with two wells": _mean(found.double_wells / N),
        "sites in upper wells": _mean(found.upper_wells / N),
        "<|x|>": _mean(np.abs(found.displacement).mean(axis=1)),
        "median |f'|": _mean(np.median(np.abs(found.field), axis=1)),
    }
    if soft.sum() >= 2:
        exponent, error, _ = power(found.frequency[soft], np.nonzero(soft)[0], samples, cut)
        numbers[f"exponent of D below {cut:.3g}"] = exponent, error
        numbers["participation number N e there"] = _mean(N * found.participation[soft])
    return Summary(cut, int(soft.sum()), numbers)


def _cut(frequency: Array) -> float:
    modes = np.sort(frequency, axis=None)
    complete = float(frequency[:, -1].min())
    return min(float(modes[int(MODES_PER_SAMPLE * len(frequency))]), complete)


def _mean(values: Array) -> tuple[float, float]:
    """Return mean and standard error; nan for the error of a single value."""
    error = values.std(ddof=1) / values.size**0.5 if values.size > 1 else np.nan
    return float(values.mean()), float(error)
