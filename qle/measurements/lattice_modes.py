"""Relaxed samples of the lattice model: as descended, and with every soft mode in its lower well."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import lattice_gps
from qle.measurements.lattice import relax
from qle.measurements.soft_minima import SoftMinimum, lowered, soft_minimum

Array = NDArray[np.float64]
MODES = 20  # of a sample that are looked at


@dataclass(frozen=True, eq=False)
class LatticeModes:
    """Modes below omega_cut of S samples.

    Attributes
    ----------
    frequency, sample : (n,) arrays
        omega, and the sample it is of.
    vectors : (N, n) array
    samples : int
    upper : int
        Modes that were moved to their lower wells.
    """

    frequency: Array
    sample: NDArray[np.int64]
    vectors: Array
    samples: int
    upper: int

    @property
    def counts(self) -> Array:
        """Modes of each sample, shape (S,)."""
        return np.bincount(self.sample, minlength=self.samples).astype(np.float64)


def lattice_modes(
    params: lattice_gps.GPSLattice, omega_cut: float, *, samples: int, seed: int
) -> tuple[LatticeModes, LatticeModes]:
    """Return the modes below omega_cut of minima as descended, and after all upper wells have been left.

    Raises
    ------
    RuntimeError
        As `lowered`: 20 modes of a sample below the cut are too many.
    """
    descended, lower = [], []
    for sample in range(samples):
        problem, x = relax(params, seed=seed, sample=sample)
        descended.append(soft_minimum(problem, x, omega_cut, most=MODES))
        lower.append(lowered(problem, descended[-1], omega_cut, most=MODES))
    return _gather(descended), _gather(lower)


def _gather(rows: list[SoftMinimum]) -> LatticeModes:
    return LatticeModes(
        frequency=np.sqrt(np.concatenate([row.eigenvalues for row in rows])),
        sample=np.repeat(np.arange(len(rows)), [row.eigenvalues.size for row in rows]),
        vectors=np.concatenate([row.vectors for row in rows], axis=1),
        samples=len(rows),
        upper=sum(row.upper for row in rows),
    )
