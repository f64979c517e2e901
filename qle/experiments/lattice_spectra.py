"""Spectra of the lattice model: the omega^4 tail, step one of the reconstruction, unstable pairs."""

import math

import numpy as np
from numpy.typing import NDArray

import quartic
from lattice_gps import GPSLattice, draw
from lattice_gps.profile import shells
from lattice_gps.reconstruction import reconstruct
from qle.measurements.lattice_modes import LatticeModes, lattice_modes
from qle.statistics.pooled import exponent_below
from qle.verification.comparison import BESIDE_4, Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEED = 210
TAILS = {0.0: (0.1, 0.072), 0.5: (0.2, 0.09), 1.0: (0.3, 0.12), 2.0: (0.7, 0.16)}  # beta: J, omega_cut
TAIL_SIZE = {True: (8, 600), False: (12, 1500)}  # L, samples


def flat(quick: bool) -> list[Comparison]:
    """Measure the tail for beta = 0."""
    return _tail(0.0, quick)


def root(quick: bool) -> list[Comparison]:
    """Measure the tail for beta = 1/2."""
    return _tail(0.5, quick)


def linear(quick: bool) -> list[Comparison]:
    """Measure the tail for beta = 1."""
    return _tail(1.0, quick)


def square(quick: bool) -> list[Comparison]:
    """Measure the tail for beta = 2."""
    return _tail(2.0, quick)


def steps(quick: bool) -> list[Comparison]:
    """Measure D ~ omega after step one, for several laws of stiffness, and that it persists above omega_b."""
    found = []
    for beta, J, cut in ((0.0, 0.1, 0.12), (1.0, 0.4, 0.15), (2.0, 0.5, 0.15)):
        samples = 120 if quick else 1200
        params = GPSLattice(L=8, J=J, beta=beta)
        rows = [reconstruct(draw(params, seed=SEED, sample=s), seed=s) for s in range(samples)]
        first, last = (np.sqrt([getattr(row, name) for row in rows]) for name in ("reconstructed", "final"))
        place, how = f"beta = {beta:g}, J = {J:g}", f"{samples} samples of L = 8"
        below = first[first < cut]
        exponent, error = exponent_below(below, cut)
        text = f"{below.size} modes below {cut:g} in {how}, maximum likelihood"
        found.append(
            sampled(
                "reconstruction-1", f"exponent of D without fields, {place}", 1.0, exponent, error, text,
                scale="power", alternatives={f"omega^{x:g}, lattice": x for x in (0.0, 2.0)},
            )
        )  # fmt: skip
        if beta == 0.0:
            found.append(_persists(first, last, f"{place}, {how}"))
    return found


def unstable(quick: bool) -> list[Comparison]:
    """Count negative eigenvalues without displacements at two small J, extrapolated to J = 0."""
    L, samples, J = 5, 1_500 if quick else 30_000, 0.03
    shell = shells(L, 3)
    ratios = []
    for coupling in (J, 2.0 * J):
        c = coupling / shell.r[1:] ** 3
        predicted = 0.5 * float(np.sum(shell.counts[1:] * formulas.unstable_pair_probability(np, c)))
        params = GPSLattice(L=L, J=coupling)
        counts = np.empty(samples)
        for sample in range(samples):
            problem = draw(params, seed=SEED, sample=sample)
            counts[sample] = np.sum(np.linalg.eigvalsh(quartic.hessian(problem, np.zeros(params.N))) < 0.0)
        ratios.append(counts / (predicted * params.N))
    limit = 2.0 * ratios[0] - ratios[1]  # the same disorder at both
    error = float(limit.std(ddof=1)) / math.sqrt(samples)
    how = (
        f"{samples} samples of L = {L} at J = {J:g} and {2 * J:g} (ratios {ratios[0].mean():.3f}, "
        f"{ratios[1].mean():.3f}), extrapolated linearly"
    )
    return [sampled("lattice-unstable", "N_- over that of pairs, J -> 0", 1.0, limit.mean(), error, how)]


def _tail(beta: float, quick: bool) -> list[Comparison]:
    (J, cut), (L, samples) = TAILS[beta], TAIL_SIZE[quick]
    params = GPSLattice(L=L, J=J, beta=beta)
    descended, lower = lattice_modes(params, cut, samples=samples, seed=SEED)
    place = f"exponent of D, beta = {beta:g}, J = {J:g}"
    found = []
    for claim, modes in (("S2-omega4", lower), ("S2-omega4-descended", descended)):
        exponent, error = _exponent_of(modes, cut)
        how = (
            f"{modes.frequency.size} modes below omega = {cut:g} in {samples} samples of L = {L}, maximum "
            f"likelihood; {modes.upper} modes moved to lower wells"
        )
        others = {f"{name}, beta = {beta:g}": x for name, x in BESIDE_4.items()}
        found.append(sampled(claim, place, 4.0, exponent, error, how, scale="power", alternatives=others))
    return found


def _persists(first: Array, last: Array, how: str) -> Comparison:
    """Compare the number of modes in (2 omega_b, 4 omega_b) with that of step one, on the same samples."""
    low, high = 0.28, 0.56
    before, after = (np.sum((one > low) & (one < high), axis=1) for one in (first, last))
    ratio = after.sum() / before.sum()
    moved = np.sum(first < 0.5 * low) / before.sum()
    how = f"{how}; tolerance: all modes that step one has below omega_b = {0.5 * low:g}, moved in here"
    quantity = f"modes with omega = {low:g} to {high:g}, final over without fields"
    return computed("reconstruction-1", quantity, 1.0, ratio, moved, how)


def _exponent_of(modes: LatticeModes, cut: float) -> tuple[float, float]:
    """Return the exponent and its error over samples, of whose modes several may lie below the cut."""
    logs = np.bincount(modes.sample, np.log(cut / modes.frequency), modes.samples)
    found, _ = exponent_below(modes.frequency, cut)
    power = found + 1.0  # n/sum of logs: its relative error is that of n - power * logs over samples
    scatter = float(np.sum((modes.counts - power * logs) ** 2))
    return found, power * math.sqrt(scatter) / modes.frequency.size


EXPERIMENTS = (
    *(
        Experiment(claims=("S2-omega4", "S2-omega4-descended"), run=run, seconds=13.0)
        for run in (flat, root, linear, square)
    ),
    Experiment(claims=("reconstruction-1",), run=steps, seconds=11.0),
    Experiment(claims=("lattice-unstable",), run=unstable, seconds=4.0),
)
