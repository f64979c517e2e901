"""Laws of cubic modes of the models: frequencies, bounds on b3, barriers (S IV.F, IV.G)."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

import khgps
import lattice_gps
from qle.experiments.exceptions import EXCEPTIONS
from qle.measurements.cubic_modes import CubicModes, collect
from qle.measurements.ensemble import RANDOM, Ensemble
from qle.statistics.pooled import cut_at, first_of_each, power, slope
from qle.verification.comparison import BESIDE_4, Comparison, counted, law, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
EACH = 0.5  # softest modes per sample that count as soft
SOFTEST = 0.03  # per sample that the law of r is compared for
LOWEST = 0.2  # share of the double wells whose barriers count
FOUND, SETTLED = "as found by lbfgs", "in lower wells"
SAMPLES = {True: (250, 250, 250), False: (1500, 3900, 2700)}  # of each ensemble
ENSEMBLES = (
    Ensemble(name="KHGPS, N = 300, J = 0.06, h = 0.01", params=khgps.KHGPS(N=300, J=0.06, h=0.01), seed=101),
    Ensemble(name="KHGPS, N = 300, J = 0.3, h = 0.01", params=khgps.KHGPS(N=300, J=0.3, h=0.01), seed=102),
    Ensemble(
        name="lattice, L = 7, J = 0.3",
        params=lattice_gps.GPSLattice(L=7, J=0.3),
        seed=103,
        protocol=RANDOM,
    ),
)
UNIFORM = {"r uniform": lambda r: np.clip(r / 3.0, 0.0, 1.0)}
CLAIMS = ("nonlinear-omega4", "nonlinear-bound", "S18-lower", "nonlinear-ratio", "nonlinear-b3")
BARRIER_LAWS = {"S20-glasses": ("B^(1/4)", 0.25), "barriers-found": ("B^(-1/3)", -1.0 / 3.0)}
BARRIERS = tuple(BARRIER_LAWS)


def weak(quick: bool) -> list[Comparison]:
    """Measure in KHGPS at weak coupling, where double wells are too few for p(B)."""
    return _laws(ENSEMBLES[0], SAMPLES[quick][0], barriers=False)


def strong(quick: bool) -> list[Comparison]:
    """Measure in KHGPS at strong coupling."""
    return _laws(ENSEMBLES[1], SAMPLES[quick][1])


def lattice(quick: bool) -> list[Comparison]:
    """Measure on the lattice."""
    return _laws(ENSEMBLES[2], SAMPLES[quick][2])


def _laws(ensemble: Ensemble, samples: int, *, barriers: bool = True) -> list[Comparison]:
    """Compare everything that the cubic modes of one ensemble say."""
    before, after = collect(ensemble, samples)
    found = []
    for modes, state in ((before, FOUND), (after, SETTLED)):
        how = f"cubic modes of {modes.samples} minima {state}, {EACH:g} a minimum, {ensemble.name}"
        cut = cut_at(modes.frequency, modes.samples, EACH)
        exponent, error, _ = power(modes.frequency, modes.sample, modes.samples, cut)
        name = f"{state}, {ensemble.name}"
        found.append(
            sampled(
                "nonlinear-omega4", f"exponent of D, {name}", 4.0, exponent, error, how, scale="power",
                alternatives=BESIDE_4,
            )
        )  # fmt: skip
        soft = modes.frequency < cut
        found += _shares(modes, soft, state, ensemble)
    logs = np.log(after.frequency[soft]), np.log(after.b3[soft])
    steepness, error = slope(*logs, after.sample[soft], after.samples)
    others = {"b3 ~ omega^0": 0.0, "b3 ~ omega^2": 2.0}
    quantity = f"slope of ln b3 in ln omega, {name}"
    found.append(sampled("nonlinear-b3", quantity, 1.0, steepness, error, how, alternatives=others))
    found += _ratios(after, name, ensemble)
    if barriers:
        found += [*_barriers(before, FOUND, ensemble), *_barriers(after, SETTLED, ensemble)]
    return found


def _shares(modes: CubicModes, soft: NDArray[np.bool_], state: str, ensemble: Ensemble) -> list[Comparison]:
    """Compare how many of the soft modes, the softest of each minimum, have r > 3 and r < 0.4."""
    r = modes.ratio[soft][first_of_each(modes.frequency[soft], modes.sample[soft])]
    how = (
        f"softest cubic modes of those minima that have one among the {EACH:g} softest a minimum, "
        f"{modes.samples} minima; the claim allows {EXCEPTIONS:.0%} of exceptions"
    )
    name = f"{state}, {ensemble.name}"
    sites = {"r of soft sites": float(ratio_law(np.array([0.4]))[0])}
    return [
        counted("nonlinear-bound", f"share of r > 3, {name}", EXCEPTIONS, r > 3.0, how, bound=True),
        counted(
            "S18-lower", f"share of r < 0.4, {name}", EXCEPTIONS, r < 0.4, how, bound=True, alternatives=sites
        ),
    ]


def _ratios(modes: CubicModes, name: str, ensemble: Ensemble) -> list[Comparison]:
    """Compare the law of r of the very softest modes: small r is missing, the less the softer they are.

    Kolmogorov's test sees any other law, if there are many modes; the exponent of p(r) tells powers apart.
    """
    cut = cut_at(modes.frequency, modes.samples, SOFTEST)
    softest = modes.frequency < cut
    r, sample = modes.ratio[softest], modes.sample[softest]
    how = f"the {r.size} cubic modes of omega < {cut:.2g} in {modes.samples} minima, {ensemble.name}"
    inside = r < 3.0
    exponent, error, _ = power(r[inside], sample[inside], modes.samples, 3.0)
    return [
        law("nonlinear-ratio", f"r, {name}", r, ratio_law, how, alternatives=UNIFORM),
        sampled(
            "nonlinear-ratio", f"exponent of p(r), {name}", -0.5, exponent, error, how, scale="power",
            alternatives={"r uniform": 0.0},
        ),
    ]  # fmt: skip


def ratio_law(r: Array) -> Array:
    """Return the share of soft sites below r, the integral of `theory.formulas.ratio_density`."""
    return np.asarray(2.0 * r * formulas.ratio_density(np, r) * (r < 3.0) + (r >= 3.0))


def _barriers(modes: CubicModes, state: str, ensemble: Ensemble) -> list[Comparison]:
    """Compare the exponent of p(B) of the lowest barriers of double wells, exact along the mode."""
    double = modes.ratio > 8.0 / 3.0
    heights = formulas.quartic_barrier(np, modes.b2[double], modes.b4[double], modes.ratio[double])
    cut = float(np.quantile(heights, LOWEST))
    exponent, error, n = power(heights, modes.sample[double], modes.samples, cut)
    how = f"the {n} lowest of cubic modes of r > 8/3, {modes.samples} minima {state}, {ensemble.name}"
    claims = BARRIERS if state == FOUND else ("S20-glasses",)
    return barrier_laws(claims, f"{state}, {ensemble.name}", exponent, error, how)


def barrier_laws(
    claims: Iterable[str], name: str, exponent: float, error: float, how: str
) -> list[Comparison]:
    """Compare an exponent of p(B) with the laws of these claims, each beside the other."""
    return [
        sampled(
            claim, f"exponent of p(B), {name}", BARRIER_LAWS[claim][1], exponent, error, how, scale="power",
            alternatives={law: x for other, (law, x) in BARRIER_LAWS.items() if other != claim},
        )
        for claim in claims
    ]  # fmt: skip


EXPERIMENTS = (
    Experiment(claims=CLAIMS, run=weak, seconds=15.0),
    Experiment(claims=(*CLAIMS, *BARRIERS), run=strong, seconds=15.0),
    Experiment(claims=(*CLAIMS, *BARRIERS), run=lattice, seconds=20.0),
)
