"""Soft modes of samples of KHGPS, with every site in the lower one of its wells if wanted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.measurements.ensemble import Ensemble
from qle.measurements.soft_minima import TOLERANCE, in_upper_wells, lowered, soft_minimum

Array = NDArray[np.float64]
MODES = 40  # of a sample that are looked at; the cuts leave six on average, or fewer


@dataclass(frozen=True, eq=False)
class SoftModes:
    """Modes below omega_cut of `samples` samples.

    Attributes
    ----------
    frequency, sample : (n,) arrays
        omega, and the sample it is of.
    stiffness, participation : (n,) arrays
        kappa of the site on which the mode has its largest component, and its participation ratio.
    in_upper_well : (n,) array of bool
        Whether b3^2 > 3 b2 b4 along the mode.
    samples : int
    upper : int
        Sites that were moved to their lower wells.
    mean_x2 : (samples,) array
        <x^2>.
    """

    frequency: Array
    sample: NDArray[np.int64]
    stiffness: Array
    participation: Array
    in_upper_well: NDArray[np.bool_]
    samples: int
    upper: int
    mean_x2: Array

    @property
    def counts(self) -> Array:
        """Modes of each sample, shape (samples,)."""
        return np.bincount(self.sample, minlength=self.samples).astype(np.float64)


def soft_modes(
    params: khgps.KHGPS,
    omega_cut: float,
    *,
    samples: int,
    seed: int,
    method: str = "lbfgs",
    lower: bool = True,
) -> SoftModes:
    """Return the modes below omega_cut of minima reached from the minimum without couplings.

    Parameters
    ----------
    params : khgps.KHGPS
    omega_cut : float
    samples, seed : int
        Samples 0 .. samples - 1 of the seed.
    method : str
        Of the minimisation.
    lower : bool
        Move every soft site that is in the upper one of its wells, b3^2 > 3 b2 b4 along its mode, to the
        lower one, and minimise again.

    Raises
    ------
    RuntimeError
        As `lowered`.
    """
    rows: list[tuple[float, int, float, float, bool]] = []
    upper = 0
    squares = np.empty(samples)
    ensemble = Ensemble(params=params, seed=seed, protocol=Protocol(method=method, tol=TOLERANCE))
    for sample, (problem, x) in enumerate(ensemble.minima(samples)):
        found = soft_minimum(problem, x, omega_cut, most=MODES)
        if lower:
            found = lowered(problem, found, omega_cut, most=MODES)
        upper += found.upper
        if found.eigenvalues.size:
            sites = np.abs(found.vectors).argmax(axis=0)
            ratios = quartic.participation_ratio(found.vectors)
            rows += zip(
                np.sqrt(found.eigenvalues),
                [sample] * sites.size,
                problem.stiffness[sites],
                ratios,
                in_upper_wells(problem, found.x, found.vectors),
                strict=True,
            )
        squares[sample] = np.mean(found.x**2)
    frequency, sample_of, stiffness, participation, above = np.array(rows, np.float64).reshape(-1, 5).T
    return SoftModes(
        frequency, sample_of.astype(np.int64), stiffness, participation, above.astype(bool), samples, upper,
        squares,
    )  # fmt: skip
