"""The deepest of many minima of each sample of KHGPS, and what of their energy the disorder explains."""

import dataclasses
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.experiments.one_oscillator import lower_well
from qle.measurements.ensemble import Ensemble

Array = NDArray[np.float64]
TOLERANCE = 1e-8
MODES = 8  # lowest ones kept
SITES = 801  # stiffnesses at which one site is averaged over its field
NODES = 80
SAME = 1e-3  # relative difference of frequencies within one minimum
FIELDS = np.array([0.0, 0.125, 0.25, 0.5, 1.0, 1.5])  # ends of bins of |H|, in units of J^(3/2)/A^(1/2)


class Deepest(NamedTuple):
    """The lowest minimum of each of many samples.

    Attributes
    ----------
    energy : (S,) array
        Per oscillator.
    half : (S,) array
        By how much the deepest of half as many starts is higher, the mean of both halves.
    controls : (S, 5) array
        Sums over the disorder alone whose mean is exactly 0 (`Sites.controls`).
    modes : (S, MODES) array
        Lowest frequencies.
    descended : (S, MODES) array
        Those of the minimum that a descent from the minimum without couplings ends in.
    fields : (S, 2, bins) array
        Share of oscillators in local fields |H| between the ends `FIELDS`: of those that have two wells, and
        of all (`fields_in_bins`).
    """

    energy: Array
    half: Array
    controls: Array
    modes: Array
    descended: Array
    fields: Array

    @property
    def differ(self) -> NDArray[np.bool_]:
        """In which samples the descent ended elsewhere: (S,)."""
        apart = np.abs(self.modes - self.descended) > SAME * self.descended
        return np.asarray(apart.any(axis=1))


class Sites(NamedTuple):
    """Means of one site over its field, in the replica-symmetric solution, by its stiffness.

    Attributes
    ----------
    kappa : (SITES,) array
        Evenly spaced; what is between is linear, so that means over a uniform law are exact.
    energy, x, x2, response : (SITES,) array
        Of -f, x, x^2 and dx/dh.
    """

    kappa: Array
    energy: Array
    x: Array
    x2: Array
    response: Array

    def controls(self, problem: quartic.Problem, J: float) -> Array:
        """Return sums that vary as the energy per oscillator does to low order in J, of mean 0, (5,).

        The mean energy of sites; the energy of pairs of mean displacements, and what the others gain by it;
        the weight of strong couplings; and the triangles. All but the first have mean 0 at any stiffness.
        """
        kappa, coupling, N = problem.stiffness, problem.coupling.dense(), problem.size
        energy, x, x2, response = (np.interp(kappa, self.kappa, row) for row in self[1:])
        excess = coupling**2 - J**2 / N
        np.fill_diagonal(excess, 0.0)
        force = coupling @ x
        root = np.sqrt(response)
        scaled = root[:, np.newaxis] * coupling * root
        sums = (
            energy.sum() - N * float(np.trapezoid(self.energy, self.kappa)) / np.ptp(self.kappa),
            x @ force,
            response @ (force**2 - J**2 * (x @ x - x**2) / N),
            x2 @ excess @ response,
            np.sum((scaled @ scaled) * scaled),
        )
        return np.array(sums) / N


def sites(params: khgps.KHGPS) -> Sites:
    """Return the means of sites in the fields of the replica-symmetric solution, kappa_min = 0, beta = 0."""
    solution = khgps.solve_rs(params, unstable=True)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights /= weights.sum()
    kappa = np.linspace(0.0, params.kappa_0, SITES)
    spread = params.J * math.sqrt(solution.q)
    field = params.h + spread * nodes
    shifted = (kappa - params.J**2 * solution.chi)[:, np.newaxis]
    x = np.sign(field) * lower_well(shifted, np.abs(field), 1.0)
    energy = shifted * x**2 / 2.0 + x**4 / 24.0 - field * x
    return Sites(kappa, energy @ weights, x @ weights, x**2 @ weights, x @ (weights * nodes) / spread)


def deepest(params: khgps.KHGPS, *, starts: int, samples: int, seed: int) -> Deepest:
    """Return the lowest of the minima from `starts` random points, an even number, of samples 0, 1 ...

    The others' couplings to a site are scaled so that the sum of their squares is J^2, as at large N though
    there are N - 1 of them: one correction ~ 1/N less.
    """
    N = params.N
    drawn = dataclasses.replace(params, J=params.J * math.sqrt(N / (N - 1)))
    means, chi_EA = sites(params), khgps.solve_rsb(params, rtol=1e-5).chi_EA
    rows = []
    ensemble = Ensemble(params=drawn, seed=seed, protocol=Protocol(method="descent", tol=TOLERANCE))
    for sample, (problem, descended) in enumerate(ensemble.minima(samples)):
        found = quartic.explore(problem, starts=starts, tol=TOLERANCE, seed=sample)
        halves = np.split(found.energies[found.which], 2)
        lowest = found.energies[0]
        modes = [np.sqrt(quartic.spectrum(problem, x)[:MODES]) for x in (found.x[0], descended)]
        half = np.mean([part.min() for part in halves]) - lowest
        fields = fields_in_bins(problem, found.x[0], params.J, chi_EA)
        rows.append((lowest / N, half / N, means.controls(problem, drawn.J), *modes, fields))
    return Deepest(*(np.array(column) for column in zip(*rows, strict=True)))


def fields_in_bins(problem: quartic.Problem, x: Array, J: float, chi_EA: float) -> Array:
    """Return the shares of oscillators of two wells, and of all, by |H| at a minimum, (2, bins).

    H is the field without the oscillator's own influence on the others, H = kappa' x + A x^3/6 with kappa' =
    kappa - J^2 chi_EA; with two wells kappa' < 0.
    """
    kappa = problem.stiffness - J**2 * chi_EA
    H = np.abs(kappa * x + problem.anharmonicity * x**3 / 6.0)
    ends = FIELDS * J**1.5 / math.sqrt(problem.anharmonicity)
    return np.array([np.histogram(H[kappa < 0.0], ends)[0], np.histogram(H, ends)[0]]) / problem.size
