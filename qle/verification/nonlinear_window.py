"""Which soft sites are cubic modes: why b3^2/(b2 b4) of cubic modes is bounded from below (S IV.G)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import quartic
from qle.verification.comparison import Comparison, sampled
from qle.verification.experiment import Experiment
from qle.verification.nonlinear_estimates import share
from qle.verification.nonlinear_modes import ENSEMBLES
from qle.verification.nonlinear_samples import Ensemble, minima
from quartic.nonlinear.cubic import cubic_modes

Array = NDArray[np.float64]
SITES = 6  # softest of each minimum
SOFT = 0.08  # largest curvature k of a soft site
CLEAR = 2.0  # factor from the threshold beyond which the pair decides clearly
SAMPLES = {True: (100, 200), False: (1000, 2000)}  # at weak and at strong coupling


class Sites(NamedTuple):
    """Soft sites of minima.

    Attributes
    ----------
    ratio : (n,) array
        r = A x_i^2/k_i with k_i = 1/(M^-1)_ii.
    pull : (n,) array
        The largest 4 k_i |J_ij x_j|/(k_j^2 |x_i|) over sites j with J_ij x_i x_j < 0.
    kept : (n,) array of bool
        Whether the search from the soft direction M^-1 e_i ends in a cubic mode centred on i.
    sample : (n,) array of int
    samples : int
    """

    ratio: Array
    pull: Array
    kept: NDArray[np.bool_]
    sample: NDArray[np.int64]
    samples: int


def window(quick: bool) -> list[Comparison]:
    """Compare which soft sites are cubic modes with what their strongest neighbour says."""
    found = []
    for ensemble, samples in zip(ENSEMBLES[:2], SAMPLES[quick], strict=True):
        sites = soft_sites(ensemble, samples)
        how = f"{sites.kept.size} soft sites of {samples} minima found by lbfgs, {ensemble.name}"
        for predicted, chosen, text in (
            (1.0, sites.pull < 1.0 / CLEAR, f"pulled less than 1/{CLEAR:g}"),
            (0.0, sites.pull > CLEAR, f"pulled more than {CLEAR:g}"),
        ):
            value, error = share(sites.kept[chosen], sites.sample[chosen], samples)
            quantity = f"share of soft sites that are cubic modes, {text}, {ensemble.name}"
            found.append(sampled("cubic-window", quantity, predicted, value, error, how))
    return found


def soft_sites(ensemble: Ensemble, samples: int) -> Sites:
    """Return the soft sites of minima found by lbfgs, and whether they are cubic modes."""
    rows = []
    for sample, (problem, x) in enumerate(minima(ensemble, samples, "lbfgs")):
        inverse = np.linalg.inv(quartic.hessian(problem, x))
        variance = inverse.diagonal()
        soft = np.argsort(-variance)[:SITES]
        soft = soft[variance[soft] > 1.0 / SOFT]
        if not soft.size:
            continue
        modes = cubic_modes(problem, x, starts=inverse[:, soft])
        for start, i in enumerate(soft):
            end = next(mode for mode in modes if start in mode.starts)
            kept = int(np.abs(end.direction).argmax()) == i
            ratio = problem.anharmonicity * x[i] ** 2 * variance[i]
            rows.append((ratio, pull(inverse, x, int(i)), kept, sample))
    ratio, pulled, kept, sample_of = np.array(rows, np.float64).T
    return Sites(ratio, pulled, kept.astype(bool), sample_of.astype(np.int64), samples)


def pull(inverse: Array, x: Array, i: int) -> float:
    """Return the largest 4 k_i |J_ij x_j|/(k_j^2 |x_i|) over sites j with J_ij x_i x_j < 0.

    k_i, k_j and J_ij are those of the pair when all others follow: the inverse of the pair's block of M^-1.
    """
    variance, others = inverse.diagonal(), np.arange(x.size) != i
    determinant = (variance[i] * variance - inverse[i] ** 2)[others]
    k_i, k_j = variance[others] / determinant, variance[i] / determinant
    J = -inverse[i, others] / determinant
    x_j = x[others]
    ratios = 4.0 * k_i * np.abs(J * x_j) / (k_j**2 * abs(x[i]))
    return float(np.max(np.where(J * x[i] * x_j < 0.0, ratios, 0.0)))


EXPERIMENTS = (Experiment(claims=("cubic-window",), run=window, seconds=10.0),)
