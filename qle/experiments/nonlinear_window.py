"""Which soft sites are cubic modes: why b3^2/(b2 b4) of cubic modes is bounded from below (S IV.G)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import quartic
from qle.experiments.exceptions import EXCEPTIONS
from qle.experiments.nonlinear_modes import ENSEMBLES
from qle.measurements.ensemble import Ensemble
from qle.statistics.pooled import first_of_each
from qle.verification.comparison import Comparison, computed, counted
from qle.verification.experiment import Experiment
from quartic.nonlinear.cubic import cubic_modes
from theory import formulas

Array = NDArray[np.float64]
SITES = 6  # softest of each minimum
SOFT = 0.08  # largest curvature k of a soft site
CLEAR = 2.0  # factor from the threshold beyond which the pair decides clearly
LARGEST = 1.0 / 9.0  # epsilon beyond which a pair has no threshold
NEAR = 0.01  # of a threshold, relative, within which a pair is not tested: two modes are about to be one
ROUNDING = 1e-6  # of roots, relative; no two are nearer than about NEAR^(1/2)
PAIRS = {True: 300, False: 3000}
SAMPLES = {True: (100, 200), False: (1000, 2000)}  # at weak and at strong coupling


class Sites(NamedTuple):
    """Soft sites of minima, those whose pairs all have epsilon < 1/9.

    Attributes
    ----------
    ratio : (n,) array
        r = A x_i^2/k_i with k_i = 1/(M^-1)_ii.
    pull : (n,) array
        The largest pull of a neighbour, in units of its threshold (`pull`).
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


def pairs(quick: bool) -> list[Comparison]:
    """Count the cubic modes of random pairs: two, unless the pull is beyond the threshold of i or of j."""
    rng = np.random.Generator(np.random.PCG64(93))
    wrong = tested = lost = 0
    while tested < PAIRS[quick]:
        k_i, k_j = np.exp(rng.uniform(math.log(0.05), math.log(0.5), 2))
        epsilon, q = rng.uniform(0.0, LARGEST), rng.uniform(-1.0, 3.0)
        threshold = formulas.pull_threshold(np, epsilon)
        margins = np.array([q / threshold, 16.0 * epsilon / (q * threshold)])  # seen from j it is 16 eps/q
        if np.any(np.abs(margins - 1.0) < NEAR):
            continue
        expected = 1 if np.any(margins > 1.0) else 2
        wrong += number_of_modes(k_i, k_j, epsilon, q) != expected
        tested, lost = tested + 1, lost + (expected == 1)
    how = (
        f"{tested} random pairs of epsilon < 1/9, -1 < q < 3, of which {lost} have one mode; searched by "
        f"quartic.cubic_modes from roots of (S 15); none within {NEAR:g} of a threshold; no tolerance"
    )
    return [computed("cubic-window", "pairs for which the number of modes is wrong", 0.0, wrong, 0.0, how)]


def number_of_modes(k_i: float, k_j: float, epsilon: float, q: float) -> int:
    """Return how many cubic modes two sites have, of curvatures k, J^2 = epsilon k_i k_j and pull q.

    Solutions (1, p) of (S 15) are roots of (k_i + J p) x_j p^2 = (J + k_j p) x_i; those that the search does
    not leave, when it begins there, are minima of the barrier.
    """
    J, x_i = math.sqrt(epsilon * k_i * k_j), 0.5
    k = np.array([k_i, k_j])
    x = np.array([x_i, -q * k_j**2 * x_i / (4.0 * k_i * J)])
    coupling = np.array([[0.0, J], [J, 0.0]])
    stiffness = k - x**2 / 2.0
    problem = quartic.Problem(stiffness, coupling, stiffness * x + coupling @ x + x**3 / 6.0, 1.0)
    roots = np.roots([J * x[1], k_i * x[1], -k_j * x[0], -J * x[0]])
    p = roots.real[np.abs(roots.imag) < ROUNDING * np.abs(roots)]
    modes = cubic_modes(problem, x, starts=np.array([np.ones_like(p), p]))
    return sum(mode.status in ("converged", "descended") for mode in modes)


def window(quick: bool) -> list[Comparison]:
    """Compare which soft sites are cubic modes with what their strongest neighbour says."""
    found = []
    for ensemble, samples in zip(ENSEMBLES[:2], SAMPLES[quick], strict=True):
        sites = soft_sites(ensemble, samples)
        for wrong, chosen, text in (
            (~sites.kept, sites.pull < 1.0 / CLEAR, f"no cubic modes, pull below 1/{CLEAR:g} of"),
            (sites.kept, sites.pull > CLEAR, f"cubic modes, pull above {CLEAR:g} times"),
        ):
            first = np.flatnonzero(chosen)[first_of_each(-sites.ratio[chosen], sites.sample[chosen])]
            how = (
                f"soft sites of epsilon < 1/9, one a minimum, {samples} minima found by lbfgs, "
                f"{ensemble.name}; the claim allows {EXCEPTIONS:.0%} of exceptions"
            )
            quantity = f"share of soft sites that are {text} the threshold, {ensemble.name}"
            found.append(
                counted(
                    "cubic-window-glasses", quantity, EXCEPTIONS, wrong[first], how, bound=True,
                    alternatives={f"half of them are {text} the threshold": 0.5},
                )
            )  # fmt: skip
    return found


def soft_sites(ensemble: Ensemble, samples: int) -> Sites:
    """Return the soft sites of minima found by lbfgs, and whether they are cubic modes."""
    rows = []
    for sample, (problem, x) in enumerate(ensemble.minima(samples)):
        inverse = np.linalg.inv(quartic.hessian(problem, x))
        variance = inverse.diagonal()
        soft = np.argsort(-variance)[:SITES]
        pulls = np.array([pull(inverse, x, int(i)) for i in soft])
        inside = (variance[soft] > 1.0 / SOFT) & np.isfinite(pulls)
        soft, pulls = soft[inside], pulls[inside]
        if not soft.size:
            continue
        modes = cubic_modes(problem, x, starts=inverse[:, soft])
        for start, i in enumerate(soft):
            end = next(mode for mode in modes if start in mode.starts)
            kept = int(np.abs(end.direction).argmax()) == i
            ratio = problem.anharmonicity * x[i] ** 2 * variance[i]
            rows.append((ratio, pulls[start], kept, sample))
    ratio, pulled, kept, sample_of = np.array(rows, np.float64).T
    return Sites(ratio, pulled, kept.astype(bool), sample_of.astype(np.int64), samples)


def pull(inverse: Array, x: Array, i: int) -> float:
    """Return the largest q/q_c(epsilon) over sites j, nan where a pair has epsilon >= 1/9 and no threshold.

    q is `theory.formulas.mode_pull`, q_c `pull_threshold`; k_i, k_j and J_ij are those of the pair when all
    others follow: the inverse of the pair's block of M^-1.
    """
    variance, others = inverse.diagonal(), np.arange(x.size) != i
    determinant = (variance[i] * variance - inverse[i] ** 2)[others]
    k_i, k_j = variance[others] / determinant, variance[i] / determinant
    J = -inverse[i, others] / determinant
    epsilon = J**2 / (k_i * k_j)
    if epsilon.max() >= LARGEST:
        return math.nan
    q = formulas.mode_pull(np, k_i, k_j, J, x[i], x[others])
    return float(np.max(q / formulas.pull_threshold(np, epsilon)))


EXPERIMENTS = (
    Experiment(claims=("cubic-window",), run=pairs, seconds=5.0),
    Experiment(claims=("cubic-window-glasses",), run=window, seconds=10.0),
)
