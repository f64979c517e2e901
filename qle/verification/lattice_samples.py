"""Relaxed samples of the lattice model: as descended, and with every soft mode in its lower well."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import lattice_gps
import quartic
from qle.lattice_measure import TOLERANCE, relax

Array = NDArray[np.float64]
MODES = 20  # of a sample that are looked at
TURNS = 40  # of one sample, from upper wells to lower ones


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

    A mode psi is in an upper well if b3^2 > 3 b2 b4 along psi. Such minima are left for the lower well of the
    softest such mode, one after the other, and relaxed again.

    Raises
    ------
    RuntimeError
        If a sample has more than 20 modes below the cut, or too many wells to leave.
    """
    found: tuple[list[tuple[Array, Array]], list[tuple[Array, Array]]] = ([], [])
    upper = 0
    for sample in range(samples):
        problem, x = relax(params, seed=seed, sample=sample)
        modes = _below(problem, x, omega_cut)
        found[0].append(modes)
        for _ in range(TURNS):
            turned = _leave(problem, x, modes[1])
            if turned is None:
                break
            upper, x = upper + 1, turned
            modes = _below(problem, x, omega_cut)
        else:
            raise RuntimeError(f"sample {sample} of {params}: more than {TURNS} modes in upper wells")
        found[1].append(modes)
    return _gather(found[0], 0), _gather(found[1], upper)


def _gather(rows: list[tuple[Array, Array]], upper: int) -> LatticeModes:
    frequency = np.concatenate([omega for omega, _ in rows])
    vectors = np.concatenate([psi for _, psi in rows], axis=1)
    sample = np.repeat(np.arange(len(rows)), [omega.size for omega, _ in rows])
    return LatticeModes(frequency, sample, vectors, len(rows), upper)


def _below(problem: quartic.Problem, x: Array, omega_cut: float) -> tuple[Array, Array]:
    """Return frequencies and vectors of the modes below the cut."""
    modes = quartic.low_modes(problem, x, MODES)
    inside = int(np.sum(modes.eigenvalues < omega_cut**2))
    if inside == MODES:
        raise RuntimeError(f"{MODES} modes or more below omega = {omega_cut}: lower the cut")
    return np.sqrt(modes.eigenvalues[:inside]), modes.vectors[:, :inside]


def _leave(problem: quartic.Problem, x: Array, vectors: Array) -> Array | None:
    """Return the lower minimum reached from the lower well of the first mode that has one; None if none."""
    for z in vectors.T:
        _, _, c2, c3, c4 = quartic.line_coefficients(problem, x, z)  # U = c2 s^2 + c3 s^3 + c4 s^4
        if c3**2 <= 4.0 * c2 * c4:  # b3^2 <= 3 b2 b4
            continue
        s = -(3.0 * c3 + np.copysign(np.sqrt(9.0 * c3**2 - 32.0 * c2 * c4), c3)) / (8.0 * c4)
        found = quartic.minimize(problem, start=x + s * z, tol=TOLERANCE)
        if found.energy < quartic.energy(problem, x):
            return found.x
    return None
