"""How soft modes of the lattice model fall off from their centres."""

import math

import numpy as np

import quartic
from lattice_gps import GPSLattice
from lattice_gps.profile import decay_exponent, radial_profile
from qle.measurements.lattice import relax
from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

SEED = 230
J = 0.00125
SIZES = {1: (64, 512), 2: (16, 24), 3: (8, 12)}  # d: two L
NEAREST = 2.0  # from here on; nearer sites are few
MODES = 3  # softest of each sample


def decay(quick: bool) -> list[Comparison]:
    """Measure the exponent of the geometric mean of psi^2 at J and 2 J, extrapolated to 0, at two sizes."""
    found = []
    for d, sizes in SIZES.items():
        for L in sizes:
            samples = 40 if quick else 400
            ends = np.array([_exponents(L, d, coupling, samples) for coupling in (J, 2.0 * J)])
            limit = 2.0 * ends[0] - ends[1]  # the same disorder at both
            how = (
                f"{MODES} softest modes of {samples} samples, r >= {NEAREST:g}; {ends[0].mean():.3f} and "
                f"{ends[1].mean():.3f} at J = {J:g} and {2.0 * J:g}, extrapolated linearly"
            )
            error = float(limit.std(ddof=1)) / math.sqrt(samples)
            quantity = f"exponent of exp(<ln psi^2>), J -> 0, d = {d}, L = {L}"
            predicted = 2.0 * d
            found.append(
                sampled(
                    "mode-profile", quantity, predicted, limit.mean(), error, how, freedom=samples - 1,
                    alternatives={f"r^-d, d = {d}": d, f"r^-3d, d = {d}": 3.0 * d},
                )
            )  # fmt: skip
    return [*found, *_pairs()]


def _exponents(L: int, d: int, coupling: float, samples: int) -> list[float]:
    """Return the exponent in each sample."""
    found = []
    for sample in range(samples):
        problem, x = relax(GPSLattice(L=L, J=coupling, d=d), seed=SEED, sample=sample)
        profile = radial_profile(quartic.low_modes(problem, x, MODES).vectors, L, d)
        far = profile.r >= NEAREST
        mean_log = profile.mean_log.mean(axis=0)
        found.append(decay_exponent(profile.r[far], mean_log[far], profile.counts[far]))
    return found


def _pairs() -> list[Comparison]:
    """Compare both closed forms with eigenvectors of two coupled sites."""
    V, p = 0.01, 0.25
    edge = 0.5 / p  # detunings uniform in (-edge, edge)
    detuning = edge * np.sinh(12.0 * np.linspace(-1.0, 1.0, 40_001)) / math.sinh(12.0)  # dense about 0
    matrices = np.zeros((detuning.size, 2, 2))
    matrices[:, 0, 1] = matrices[:, 1, 0] = V
    matrices[:, 1, 1] = detuning
    vectors = np.linalg.eigh(matrices)[1]
    weight = np.min(vectors[:, :, 0] ** 2, axis=1)
    mean = float(np.trapezoid(weight, detuning)) * p
    lost = 2.0 * V**2 * p / edge  # beyond the edge weights are V^2/detuning^2
    how = "eigenvectors of 40001 pairs; tolerance: twice the weight beyond the largest detuning"
    predicted = float(formulas.resonant_weight(np, V, p))
    found = [computed("mode-profile", "mean weight about resonance", predicted, mean, 2.0 * lost, how)]
    ratio = float((vectors[-1, 1, 0] / vectors[-1, 0, 0]) ** 2)
    predicted = float(formulas.neighbour_weight(np, V, edge))
    how = "eigenvector of one pair; tolerance: the next order, 2 (V/detuning)^2, doubled"
    tolerance = 4.0 * (V / edge) ** 2 * predicted
    return [*found, computed("mode-profile", "weight on a site", predicted, ratio, tolerance, how)]


EXPERIMENTS = (Experiment(claims=("mode-profile",), run=decay, seconds=13.0),)
