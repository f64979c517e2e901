"""Soft modes of samples of KHGPS, with every site in the lower one of its wells if wanted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky

import khgps
import quartic

Array = NDArray[np.float64]
TOLERANCE = 1e-8  # of the minimisation
MODES = 40  # of a sample that are looked at; the cuts leave six on average, or fewer
TURNS = 20  # of one sample, from upper wells to lower ones


@dataclass(frozen=True, eq=False)
class SoftModes:
    """Modes below omega_cut of `samples` samples.

    Attributes
    ----------
    frequency, sample : (n,) arrays
        omega, and the sample it is of.
    stiffness, participation : (n,) arrays
        kappa of the site on which the mode has its largest component, and its participation ratio.
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
        If a sample has too many modes below the cut, or too many wells to leave.
    """
    rows: list[tuple[float, int, float, float]] = []
    upper = 0
    squares = np.empty(samples)
    for sample in range(samples):
        problem = khgps.draw(params, seed=seed, sample=sample)
        x = quartic.minimize(problem, method=method, tol=TOLERANCE).x
        values, vectors = _below(problem, x, omega_cut)
        for _ in range(TURNS):
            turned = _leave_upper_wells(problem, x, vectors) if lower else None
            if turned is None:
                break
            upper += 1
            x = turned
            values, vectors = _below(problem, x, omega_cut)
        else:
            raise RuntimeError(f"sample {sample} of {params}: more than {TURNS} sites in upper wells")
        if values.size:
            sites = np.abs(vectors).argmax(axis=0)
            ratios = quartic.participation_ratio(vectors)
            rows += zip(np.sqrt(values), [sample] * sites.size, problem.stiffness[sites], ratios, strict=True)
        squares[sample] = np.mean(x**2)
    frequency, sample_of, stiffness, participation = np.array(rows, np.float64).reshape(-1, 4).T
    return SoftModes(frequency, sample_of.astype(np.int64), stiffness, participation, samples, upper, squares)


def _below(problem: quartic.Problem, x: Array, omega_cut: float) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors below the cut; a Cholesky factor tells if there are none."""
    matrix = quartic.hessian(problem, x)
    matrix.flat[:: problem.size + 1] -= omega_cut**2
    try:
        cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError:
        modes = quartic.low_modes(problem, x, MODES)
        inside = int(np.sum(modes.eigenvalues < omega_cut**2))
        if inside == MODES:
            raise RuntimeError(f"{MODES} modes or more below omega = {omega_cut}: lower the cut") from None
        return modes.eigenvalues[:inside], modes.vectors[:, :inside]
    return np.empty(0), np.empty((problem.size, 0))


def _leave_upper_wells(problem: quartic.Problem, x: Array, vectors: Array) -> Array | None:
    """Return the minimum reached from the lower well along the first mode that has one; None if none has."""
    for z in vectors.T:
        _, _, c2, c3, c4 = quartic.line_coefficients(problem, x, z)  # U = c2 s^2 + c3 s^3 + c4 s^4
        if c3**2 <= 4.0 * c2 * c4:  # b3^2 <= 3 b2 b4
            continue
        s = -(3.0 * c3 + np.copysign(np.sqrt(9.0 * c3**2 - 32.0 * c2 * c4), c3)) / (8.0 * c4)
        found = quartic.minimize(problem, start=x + s * z, tol=TOLERANCE)
        if found.energy < quartic.energy(problem, x):
            return found.x
    return None
