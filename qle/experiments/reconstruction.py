"""The reconstruction picture: independent oscillators sampled, minimised and counted."""

import math

import numpy as np
from numpy.typing import NDArray

from qle.experiments.one_oscillator import lower_well
from qle.statistics.pooled import exponent_below
from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
NUMBER = {True: 1_000_000, False: 10_000_000}
A = 2.0


def destabilised(quick: bool) -> list[Comparison]:
    """Take step 1: stiffnesses on both sides of zero, no forces; the law of k and D."""
    n, rng = NUMBER[quick], np.random.Generator(np.random.PCG64(51))
    kappa, width = rng.uniform(-1.0, 1.0, n), 2.0
    k = _curvature(kappa, np.zeros(n))
    omega = np.sqrt(k[k < 1.0])
    predicted = formulas.reconstructed_density(np, 1.0, 1.0 / width) / 2.0  # up to omega = 1
    share = omega.size / n
    how = f"{n} oscillators, minimised by Newton's method"
    found = [sampled("reconstruction-1", "fraction of omega < 1", predicted, share, _binomial(share, n), how)]
    return [*found, _exponent("reconstruction-1", 1.0, omega, 1.0, how)]


def stiffened(quick: bool) -> list[Comparison]:
    """Take step 2: normal fields besides; prefactor and exponent of the softest, in their lower wells."""
    n, rng = NUMBER[quick], np.random.Generator(np.random.PCG64(52))
    cut, s = 0.05, 0.3
    k_cut = cut**2
    largest = math.sqrt(3.0) * k_cut * math.sqrt(2.0 * k_cut / A)  # no field beyond has k < k_cut
    kappa, f = rng.uniform(-0.5 * k_cut, k_cut, n), rng.uniform(-largest, largest, n)
    k = _curvature(kappa, f)
    omega = np.sqrt(k[k < k_cut])
    p_0, p_f = 0.7, 1.0 / (math.sqrt(2.0 * math.pi) * s)
    weight = p_0 * 1.5 * k_cut * p_f * 2.0 * largest  # of what is drawn from
    share = omega.size / n
    A_g, error = (5.0 / cut**5 * weight * part for part in (share, _binomial(share, n)))
    predicted = formulas.two_well_prefactor(np, p_0, p_f, A, 1.0)
    how = (
        f"{omega.size} of {n} oscillators drawn near kappa = f = 0, minimised by Newton's method into the "
        "lower well"
    )
    single = {"wells of kappa >= 0 alone": math.sqrt(2.0 / 3.0) * predicted}
    found = [
        sampled("reconstruction-2", "A_g", predicted, A_g, error, how, scale="root", alternatives=single)
    ]
    return [*found, _exponent("reconstruction-2", 4.0, omega, cut, how)]


def boson_peak(quick: bool) -> list[Comparison]:
    """Find where D/omega^2 is largest, for fields uniform in [-f_0, f_0]."""
    n, rng = NUMBER[quick], np.random.Generator(np.random.PCG64(53))
    f_0 = 0.1
    predicted = formulas.boson_peak_frequency(np, f_0, A)
    k = _curvature(rng.uniform(-3.0, 3.0, n) * predicted**2, rng.uniform(-f_0, f_0, n))
    edges = predicted * (0.51 + 0.02 * np.arange(75))
    counts, _ = np.histogram(np.sqrt(k), edges)
    middle = 0.5 * (edges[1:] + edges[:-1])
    peak = middle[np.argmax(counts / middle**2)]
    how = (
        f"{n} oscillators, minimised by Newton's method, middle of the fullest bin; tolerance: 1.5 bins, "
        "D/omega^2 changing by 4 percent a bin"
    )
    return [
        computed("boson-peak", f"omega_b, f_0 = {f_0:g}, A = {A:g}", predicted, peak, 0.03 * predicted, how)
    ]


def _curvature(kappa: Array, f: Array) -> Array:
    """Return the curvature at the lower well of kappa x^2/2 + A x^4/24 - |f| x."""
    return np.asarray(kappa + 0.5 * A * lower_well(kappa, np.abs(f), A) ** 2)


def _binomial(share: float, n: int) -> float:
    return math.sqrt(share * (1.0 - share) / n)


def _exponent(claim: str, predicted: float, omega: Array, cut: float, how: str) -> Comparison:
    """Compare the exponent of D below the cut, by maximum likelihood."""
    found, error = exponent_below(omega, cut)
    others = {f"omega^{x:g}": x for x in (predicted - 1.0, predicted + 1.0)}
    return sampled(claim, "exponent of D", predicted, found, error, how, scale="power", alternatives=others)


EXPERIMENTS = (
    Experiment(claims=("reconstruction-1",), run=destabilised, seconds=3.0),
    Experiment(claims=("reconstruction-2",), run=stiffened, seconds=3.0),
    Experiment(claims=("boson-peak",), run=boson_peak, seconds=3.0),
)
