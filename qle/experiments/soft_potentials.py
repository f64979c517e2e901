"""Laws of soft minima of random quartic potentials: sampled tails against exponents and prefactors."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qle.verification.comparison import Comparison, law, sampled
from qle.verification.experiment import Experiment
from spm.law import SoftPotentials
from spm.marginals import Gaussian, StudentT, Uniform
from spm.soft_sampling import sample_soft
from theory import formulas

Array = NDArray[np.float64]
SOFTEST = 1e-4  # largest b2: laws are corrected by terms of relative order b2
POINTS = {True: 300_000, False: 3_000_000}
LAWS = {
    "Gaussian": SoftPotentials(a4=Uniform(low=0.5, high=1.5)),
    "uniform": SoftPotentials(
        a1=Uniform(low=-1.0, high=2.0), a2=Uniform(low=-2.0, high=1.0), a3=Uniform(low=-1.5, high=1.5),
        a4=Uniform(low=0.2, high=1.0),
    ),
    "Student": SoftPotentials(
        a1=StudentT(freedom=3.0), a2=StudentT(freedom=5.0, location=0.5), a3=Gaussian(mean=0.3),
        a4=Uniform(low=1.0, high=3.0),
    ),
}  # fmt: skip
SEED = 20
DEPTH = 3e-3  # least b2 over the largest: what is missing below has a share of 1e-5


def minima(quick: bool) -> list[Comparison]:
    """Compare exponents of p(b2) over all and over global minima, and the prefactors of D."""
    found = []
    for name, potentials in LAWS.items():
        wells = sample_soft(potentials, POINTS[quick], b2_max=SOFTEST, b2_min=DEPTH * SOFTEST, seed=SEED)
        how = f"{POINTS[quick]} soft minima by spm.sample_soft, b2 < {SOFTEST:g}; error from their weights"
        kept = wells.is_global
        groups = (
            ("S1", "all", 1.0, slice(None), None, {"omega^2": 0.5, "omega^4": 1.5}),
            ("spm-omega4", "global", 1.5, kept, _quartic_prefactor, {"omega^3": 1.0, "omega^5": 2.0}),
        )
        for claim, which, power, rows, predict, others in groups:
            b2, weight = wells.b2[rows], wells.weights[rows]
            exponent, error = _exponent(b2, weight, SOFTEST)
            found.append(
                sampled(
                    claim, f"exponent of p(b2), {which} minima, {name} law", power, exponent, error, how,
                    scale="power", alternatives=others,
                )
            )  # fmt: skip
            if predict is not None:
                level, error = _level(weight, 5.0, math.sqrt(SOFTEST), POINTS[quick])
                quantity = f"prefactor of D, {which} minima, {name} law"
                found.append(sampled(claim, quantity, predict(potentials), level, error, how))
    found.append(_all_minima(quick))
    return found


def barriers(quick: bool) -> list[Comparison]:
    """Compare exponent and prefactor of p(B) of soft global minima with a second well."""
    found = []
    for name, potentials in LAWS.items():
        wells = sample_soft(potentials, POINTS[quick], b2_max=SOFTEST, b2_min=DEPTH * SOFTEST, seed=SEED + 1)
        end = 0.375 * SOFTEST**2 / potentials.a4.high  # barriers below it are all in the table
        rows = wells.is_global & (wells.barrier < end)
        weight = wells.weights[rows]
        how = (
            f"{rows.sum()} of {POINTS[quick]} soft minima by spm.sample_soft, B < {end:.2g}; error from "
            "their weights"
        )
        exponent, error = _exponent(wells.barrier[rows], weight, end)
        others = {"B^0": 0.0, "B^(1/2)": 0.5}
        found.append(
            sampled(
                "S20", f"exponent of p(B), {name} law", 0.25, exponent, error, how, scale="power",
                alternatives=others,
            )
        )  # fmt: skip
        level, error = _level(weight, 1.25, end, POINTS[quick])
        predicted = _over_b4(potentials, lambda b4, p: formulas.barrier_density(np, np.ones_like(b4), b4, p))
        found.append(sampled("S20", f"prefactor of p(B), {name} law", predicted, level, error, how))
    return found


def ratios(quick: bool) -> list[Comparison]:
    """Test the law of r = b3^2/(b2 b4) over soft global minima."""
    found = []
    rng = np.random.Generator(np.random.PCG64(SEED))
    for name, potentials in LAWS.items():
        wells = sample_soft(potentials, POINTS[quick], b2_max=SOFTEST, b2_min=DEPTH * SOFTEST, seed=SEED + 2)
        weight = wells.weights * wells.is_global / wells.b2**1.5  # r does not depend on b2
        kept = rng.random(weight.size) < weight / weight.max()
        how = (
            f"{kept.sum()} global minima kept of {POINTS[quick]} by spm.sample_soft, b2 < {SOFTEST:g}, by "
            "weight"
        )
        values = wells.r[kept]
        others = {"r uniform": lambda r: r / 3.0}
        found.append(
            law("spm-ratio-law", f"r, {name} law", values, _cumulative_ratio, how, alternatives=others)
        )
    return found


def _cumulative_ratio(r: Array) -> Array:
    """Return the integral of the density of r, which is ~ r^(-1/2)."""
    return np.asarray(2.0 * r * formulas.ratio_density(np, r))


def _exponent(values: Array, weight: Array, end: float) -> tuple[float, float]:
    """Return the exponent of a density x^exponent on (0, end), by maximum likelihood, and its error."""
    logs = np.log(end / values)
    power = weight.sum() / (weight @ logs)
    error = math.sqrt(np.sum((weight * (1.0 - power * logs)) ** 2)) / (weight @ logs)
    return float(power - 1.0), float(error)


def _level(weight: Array, power: float, end: float, points: int) -> tuple[float, float]:
    """Return the prefactor of a density ~ x^(power - 1) on (0, end), and its error."""
    scale = power / end**power / points
    return float(scale * weight.sum()), float(scale * math.sqrt(weight @ weight))


def _all_minima(quick: bool) -> Comparison:
    """Compare the prefactor of D over all minima of the Gaussian law, b3 integrated over on a grid."""
    potentials = LAWS["Gaussian"]
    wells = sample_soft(potentials, POINTS[quick], b2_max=SOFTEST, b2_min=DEPTH * SOFTEST, seed=SEED + 3)
    level, error = _level(wells.weights, 4.0, math.sqrt(SOFTEST), POINTS[quick])
    nodes, weights = np.polynomial.legendre.leggauss(12)
    p, q0, b3 = 0.0, np.linspace(-12.0, 12.0, 801)[:, None], np.linspace(-30.0, 30.0, 2001)
    for b4, share in zip(1.0 + 0.5 * nodes, 0.5 * weights, strict=True):
        a1, a2, a3 = q0**2 * (b3 / 2.0 - b4 * q0 / 6.0), q0 * (b4 * q0 / 2.0 - b3), b3 - b4 * q0
        bell = np.exp(-0.5 * (a1**2 + a2**2 + a3**2)) / (2.0 * math.pi) ** 1.5
        p += share * float(np.sum(bell)) * (q0[1, 0] - q0[0, 0]) * (b3[1] - b3[0])
    how = f"{POINTS[quick]} soft minima by spm.sample_soft; p by a sum over q0, b3 and Gauss-Legendre over b4"
    predicted = formulas.minimum_prefactor(np, p)
    return sampled("S1", "prefactor of D, all minima, Gaussian law", predicted, level, error, how)


def _quartic_prefactor(potentials: SoftPotentials) -> float:
    return _over_b4(potentials, lambda b4, p: formulas.global_minimum_prefactor(np, p, b4))


def _over_b4(potentials: SoftPotentials, formula: Callable[[Array, Array], Any]) -> float:
    """Return the integral over b4 of a formula, p integrated over q0 by a sum with b2 = b3 = 0."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    low, high = potentials.a4.low, potentials.a4.high
    b4 = 0.5 * (low + high) + 0.5 * (high - low) * nodes
    q0 = np.linspace(-40.0, 40.0, 80_001)
    p = np.empty_like(b4)
    for k, value in enumerate(b4):
        at = (-value * q0**3 / 6.0, value * q0**2 / 2.0, -value * q0)
        laws = (potentials.a1, potentials.a2, potentials.a3)
        density = np.prod([a.density(x) for a, x in zip(laws, at, strict=True)], axis=0)
        p[k] = np.sum(density) * (q0[1] - q0[0]) * float(potentials.a4.density(value))
    return float(0.5 * (high - low) * np.sum(weights * formula(b4, p)))


EXPERIMENTS = (
    Experiment(claims=("S1", "spm-omega4"), run=minima),
    Experiment(claims=("S20",), run=barriers),
    Experiment(claims=("spm-ratio-law",), run=ratios),
)
