"""Measurements on relaxed samples of the lattice model, sample by sample."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import arguments
import quartic
from arguments import count
from lattice_gps import GPSLattice
from lattice_gps.fields import SitePotentials, site_potentials
from qle.description.grid import ADDRESSES
from qle.description.protocol import Protocol
from qle.measurements.ensemble import Ensemble
from qle.measurements.spectra import LARGEST

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
PROTOCOL = Protocol(start="kick", tol=1e-8)


@dataclass(frozen=True, eq=False)
class LatticeSamples:
    """What S relaxed samples of N sites say, their k lowest modes included.

    Attributes
    ----------
    params : GPSLattice
    frequency, participation : (S, k) arrays
        omega ascending, and the participation ratio e of each mode.
    stiffness, field, displacement : (S, N) arrays
        kappa'_i, f'_i and x_i (`lattice_gps.fields.SitePotentials`).
    double_wells, upper_wells : (S,) arrays of int
        Sites whose potential has two minima, and those that rest in the upper one.
    """

    params: GPSLattice
    frequency: Array
    participation: Array
    stiffness: Array
    field: Array
    displacement: Array
    double_wells: Integers
    upper_wells: Integers

    @property
    def destabilised(self) -> Array:
        """Fraction of oscillators with kappa'_i < 0 in each sample, shape (S,)."""
        return np.asarray(np.mean(self.stiffness < 0.0, axis=1))


def measure(
    params: GPSLattice,
    samples: int,
    *,
    modes: int = 20,
    seed: int = 0,
    seen: Callable[[int, quartic.Problem, Array, quartic.Modes], object] = lambda *one: None,
) -> LatticeSamples:
    """Return measurements of the minima reached from small random displacements.

    Parameters
    ----------
    samples : int
        At least 1: samples 0 .. samples - 1 of the seed.
    modes : int
        Lowest modes of each sample.
    seen : callable
        Called after each sample with its number, the sample, its minimum and its modes.

    Raises
    ------
    ValueError
        For an argument out of range, or a lattice whose Hessian is too large to be inverted.
    """
    samples, modes = count("samples", samples, most=ADDRESSES), count("modes", modes, most=params.N)
    seed = arguments.seed(seed)
    if params.N > LARGEST:
        raise ValueError(
            f"L = {params.L}, d = {params.d}: site potentials take the inverse of an N x N matrix, N = "
            f"{params.N}; N must be at most {LARGEST}"
        )
    rows: list[tuple[quartic.Modes, SitePotentials]] = []
    for sample in range(samples):
        problem, x = relax(params, seed=seed, sample=sample)
        low = quartic.low_modes(problem, x, modes)
        rows.append((low, site_potentials(problem, x)))
        seen(sample, problem, x, low)
    sites = [site for _, site in rows]
    return LatticeSamples(
        params=params,
        frequency=np.sqrt([low.eigenvalues for low, _ in rows]),
        participation=np.array([quartic.participation_ratio(low.vectors) for low, _ in rows]),
        stiffness=np.array([site.stiffness for site in sites]),
        field=np.array([site.field for site in sites]),
        displacement=np.array([site.x for site in sites]),
        double_wells=np.array([site.double_wells.sum() for site in sites]),
        upper_wells=np.array([site.upper_wells.sum() for site in sites]),
    )


def relax(params: GPSLattice, *, seed: int, sample: int) -> tuple[quartic.Problem, Array]:
    """Return a sample and the minimum reached from small random displacements."""
    return Ensemble(params=params, seed=seed, protocol=PROTOCOL).relaxed(sample)
