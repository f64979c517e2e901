"""Reconstruction step by step: bare, softened, reconstructed and final stiffnesses of a disorder (S II.B)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arguments import brief
from quartic import Problem, hessian, minimize

Vector = NDArray[np.float64]


@brief()
@dataclass(frozen=True, eq=False)
class Reconstruction:
    """Four spectra of the same disorder: stiffnesses lambda = omega^2, each (N,), ascending.

    Attributes
    ----------
    bare : (N,) array
        kappa_i: no couplings.
    softened : (N,) array
        Eigenvalues of kappa_i delta_ij + J_ij: with couplings, every x_i = 0. Negative ones are oscillators
        that the couplings have destabilised.
    reconstructed : (N,) array
        2 |lambda| of those and lambda of the others: every normal mode of the softened lattice is taken for
        an oscillator of its own that goes to one of its minima, exerting no force on the others. Whatever
        its anharmonicity, the curvature there is 2 |lambda|.
    final : (N,) array
        Eigenvalues of the Hessian at the minimum x: with the static forces that displaced oscillators exert.
    x : (N,) array
        The minimum.
    """

    bare: Vector
    softened: Vector
    reconstructed: Vector
    final: Vector
    x: Vector

    @property
    def destabilised(self) -> float:
        """Negative eigenvalues of `softened` per site."""
        return float(np.mean(self.softened < 0.0))


def reconstruct(problem: Problem, *, seed: int = 0, tol: float = 1e-8) -> Reconstruction:
    """Return the four spectra; the minimum is that reached from the start "kick".

    Parameters
    ----------
    problem : quartic.Problem
        Without a field, h = 0: it has no place in the picture.
    seed : int
        Of the start.
    tol : float
        Of the minimisation.

    Returns
    -------
    Reconstruction

    Raises
    ------
    ValueError
        If there is a field.
    quartic.MinimizationError
        If no minimum is reached.

    Examples
    --------
    The modes that couplings destabilise go to twice the stiffness, and all are stable at the minimum:

    >>> import lattice_gps
    >>> problem = lattice_gps.draw(lattice_gps.GPSLattice(L=8, J=0.2, d=2), seed=1, sample=0)
    >>> spectra = lattice_gps.reconstruct(problem)
    >>> unstable = spectra.softened[spectra.softened < 0]
    >>> bool(spectra.final[0] > 0), set((-2 * unstable).round(9)) <= set(spectra.reconstructed.round(9))
    (True, True)
    """
    if np.any(problem.field):
        raise ValueError(f"field: is {problem.field[problem.field != 0.0][0]} somewhere, must be 0")
    softened = np.linalg.eigvalsh(hessian(problem, np.zeros(problem.size)))
    x = minimize(problem, start="kick", seed=seed, tol=tol).x
    return Reconstruction(
        bare=np.sort(problem.stiffness),
        softened=softened,
        reconstructed=np.sort(np.where(softened < 0.0, -2.0 * softened, softened)),
        final=np.linalg.eigvalsh(hessian(problem, x)),
        x=x,
    )
