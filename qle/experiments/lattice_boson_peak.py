"""Weak coupling on the lattice: how far unstable pairs move, and how the boson peak follows their fields."""

import math

import numpy as np
from numpy.typing import NDArray

import quartic
from lattice_gps import GPSLattice, draw
from lattice_gps.profile import shells
from qle.measurements.lattice import relax
from qle.statistics.resampling import resampling_weights
from qle.verification.comparison import Comparison, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEED = 211
L_PAIR = 4
FINE = 1e-12  # of the minimisation: stiffnesses of a pair are of order J
ALONE = (1e-5, 1e-4)  # J at which all that pairs move and soften changes <|x|> by less than 3 percent
PEAKS = {
    0.017: (12, 16),
    0.03: (12, 16),
    0.055: (12, 32),
    0.1: (8, 64),
    0.17: (8, 128),
}  # J: L, modes of a sample
SAMPLES = {12: {True: 40, False: 480}, 8: {True: 100, False: 800}}  # by L
LEVELS = (0.5, 0.25, 0.75)
FIRST = 5  # modes in all samples below which n(omega) is not looked at
RESAMPLES = 200


def pairs(quick: bool) -> list[Comparison]:
    """Measure <x^2> and <|x|> of lattices that hold an unstable pair, over what is derived."""
    J, samples = ALONE[0], 1000 if quick else 20_000
    moments = pair_moments(J, samples)
    r, counts = shells(L_PAIR, 3).r[1:], shells(L_PAIR, 3).counts[1:]
    how = (
        f"{samples} minima of L = {L_PAIR} at J = {J:g}, one pair drawn unstable and the rest as they come; "
        "error from samples"
    )
    found = []
    for name, m, values in (
        ("pair_mean_displacement", 2.5, moments[0]),
        ("pair_mean_square", 3.0, moments[1]),
    ):
        S = float(np.sum(counts * r ** (-3.0 * m)))
        ratio = values / float(getattr(formulas, name)(np, J, 1.0, 1.0, S))
        error = float(ratio.std(ddof=1)) / math.sqrt(samples)
        quantity = f"{'<|x|>' if m == 2.5 else '<x^2>'} over that derived, J = {J:g}, d = 3"
        found.append(sampled("lattice-pair-displacements", quantity, 1.0, ratio.mean(), error, how))
    return found


def peaks(quick: bool) -> list[Comparison]:
    """Measure the exponent of omega_b in J <|x|>, and that of <|x|> in J where pairs are alone."""
    slopes, replicates, raw = _slopes(quick)
    first, last = (pair_moments(J, 300 if quick else 3000)[0].sum() for J in ALONE)
    source = 1.0 + math.log(last / first) / math.log(ALONE[1] / ALONE[0])
    shape = 0.5 * abs(slopes[1] - slopes[2])
    error = math.hypot(float(replicates[:, 0].std(ddof=1)), shape)
    low, high = min(PEAKS), max(PEAKS)
    how = (
        f"{slopes[0]:.3f} (of omega in J <|x|>, J = {low:g} to {high:g}; {raw:.3f} in J itself) times "
        f"{source:.3f} (of J <|x|> in J, J = {ALONE[0]:g} to {ALONE[1]:g}); omega: n(omega)/(N omega^2) is "
        f"half of the bare density of stiffnesses; samples: "
        f"{', '.join(f'{SAMPLES[L][quick]} of L = {L}' for L in SAMPLES)}; error: resampling, and half of "
        f"what a quarter and three quarters differ by ({slopes[1]:.3f}, {slopes[2]:.3f})"
    )
    predicted = float(formulas.boson_peak_exponent(np, 0.0))
    quantity = "exponent of omega_b in J -> 0, beta = 0"
    others = {"omega_b ~ (J <|x|>)^(1/2)": 1.5 * predicted, "omega_b ~ J^(1/2)": 0.5}
    return [
        sampled(
            "lattice-boson-peak-scaling", quantity, predicted, slopes[0] * source, error * source, how,
            alternatives=others,
        )
    ]  # fmt: skip


def pair_moments(J: float, samples: int) -> Array:
    """Return <|x|> and <x^2> per site, shape (2, samples), an average over which is that over all disorder.

    Site 0 and a partner, drawn with a probability w ~ J_0j^2, are given stiffnesses uniform in the region
    kappa_0 kappa_j < J_0j^2 of the unit square; it has the area a. Of all disorder with unstable pairs, each
    sample stands for a/(2 w m) per site, m being the unstable pairs that it has. Lattices that are unstable
    without an unstable pair are left out: they are rarer by a factor of order J.
    """
    rng = np.random.Generator(np.random.PCG64(SEED))
    found = np.empty((2, samples))
    for sample in range(samples):
        problem = draw(GPSLattice(L=L_PAIR, J=J), seed=SEED, sample=sample)
        couplings = quartic.hessian(problem, np.zeros(problem.size)) - np.diag(problem.stiffness)
        chance = couplings[0] ** 2 / np.sum(couplings[0] ** 2)
        partner = int(rng.choice(problem.size, p=chance))
        stiffness = np.array(problem.stiffness)
        bond = float(couplings[0, partner])
        stiffness[[0, partner]], area = _below_hyperbola(bond**2, rng)
        unstable = int(np.sum(np.outer(stiffness, stiffness) < couplings**2)) // 2
        problem = quartic.Problem(stiffness, problem.coupling, 0.0, 1.0)
        start = np.zeros(problem.size)
        start[[0, partner]] = np.sqrt(6.0 * abs(bond)) * np.array([1.0, -np.sign(bond)])
        x = np.abs(quartic.minimize(problem, start=start, tol=FINE).x)
        weight = area / (2.0 * chance[partner] * unstable)
        found[:, sample] = weight * x.sum(), weight * np.sum(x**2)
    return found


def plateau_frequency(frequency: Array, N: int, level: float, weights: Array) -> Array:
    """Return where n(omega)/(N omega^2), the mean density of stiffnesses below omega^2, reaches a level.

    Parameters
    ----------
    frequency : (S, k) array
        The k lowest of each sample, ascending.
    weights : (R, S) array
        How often each sample enters each replicate.

    Returns
    -------
    (R,) array

    Raises
    ------
    RuntimeError
        If it does not, where the k lowest modes are all that there are.
    """
    order = np.argsort(frequency, axis=None)
    omega = frequency.ravel()[order]
    end = int(np.searchsorted(omega, frequency[:, -1].min())) if frequency.shape[1] < N else omega.size
    omega, sample = omega[FIRST:end], (order // frequency.shape[1])[:end]
    number = np.cumsum(weights[:, sample], axis=1)[:, FIRST:] / weights.sum(axis=1, keepdims=True)
    reached = number >= level * N * omega**2
    if not reached.any(axis=1).all():
        raise RuntimeError(f"n(omega) = {level} N omega^2 is not reached below omega = {omega[-1]:.3g}")
    return np.asarray(omega[reached.argmax(axis=1)])


def _below_hyperbola(product: float, rng: np.random.Generator) -> tuple[tuple[float, float], float]:
    """Return u, v uniform in u v < product < 1 of the unit square, and the area of that region."""
    area = product * (1.0 - math.log(product))
    one, other = 1.0 - rng.random(2)
    if rng.random() * area < product:
        return (product * one, other), area
    u = product**one
    return (u, other * product / u), area


def _slopes(quick: bool) -> tuple[Array, Array, float]:
    """Return the slopes of ln omega in ln(J <|x|>) at all levels, their replicates, and that in ln J."""
    sources: list[Array] = []
    scales: list[list[Array]] = []
    for J, (L, k) in PEAKS.items():
        samples = SAMPLES[L][quick]
        params = GPSLattice(L=L, J=J)
        frequency, moved = np.empty((samples, k)), np.empty(samples)
        for sample in range(samples):
            problem, x = relax(params, seed=SEED, sample=sample)
            frequency[sample] = np.sqrt(quartic.low_modes(problem, x, k).eigenvalues)
            moved[sample] = np.mean(np.abs(x))
        # the same weights for the same samples at two J
        weights = np.vstack([np.ones(samples), resampling_weights(samples, RESAMPLES)])
        sources.append(np.log(J * (weights @ moved) / samples))
        scales.append([np.log(plateau_frequency(frequency, params.N, level, weights)) for level in LEVELS])
    x, y = np.array(sources, np.float64), np.array(scales, np.float64)  # (J, R + 1), (J, level, R + 1)
    x = x - x.mean(axis=0)
    slopes = np.einsum("jr,jlr->rl", x, y) / np.sum(x**2, axis=0)[:, np.newaxis]
    raw = float(np.polyfit(np.log(list(PEAKS)), y[:, 0, 0], 1)[0])
    return slopes[0], slopes[1:], raw


EXPERIMENTS = (
    Experiment(claims=("lattice-pair-displacements",), run=pairs, seconds=1.0),
    Experiment(claims=("lattice-boson-peak-scaling",), run=peaks, seconds=16.0),
)
