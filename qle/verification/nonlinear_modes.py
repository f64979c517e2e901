"""Laws of cubic modes of the models: frequencies, bounds on b3, barriers (S IV.F, IV.G)."""

import numpy as np
from numpy.typing import NDArray

import khgps
import lattice_gps
from qle.verification.comparison import Comparison, law, sampled
from qle.verification.experiment import Experiment
from qle.verification.nonlinear_estimates import cut_at, power, share, slope
from qle.verification.nonlinear_samples import CubicModes, Ensemble, collect
from theory import formulas

Array = NDArray[np.float64]
EACH = 0.5  # softest modes per sample that count as soft
SOFTEST = 0.03  # per sample that the law of r is compared for
LOWEST = 0.2  # share of the double wells whose barriers count
FOUND, SETTLED = "as found by lbfgs", "in lower wells"
SAMPLES = {True: (250, 250, 250), False: (1500, 3900, 2700)}  # of each ensemble
ENSEMBLES = (
    Ensemble("KHGPS, N = 300, J = 0.06, h = 0.01", khgps.KHGPS(N=300, J=0.06, h=0.01), 101),
    Ensemble("KHGPS, N = 300, J = 0.3, h = 0.01", khgps.KHGPS(N=300, J=0.3, h=0.01), 102),
    Ensemble("lattice, L = 7, J = 0.3", lattice_gps.GPSLattice(L=7, J=0.3), 103),
)
CLAIMS = ("nonlinear-omega4", "nonlinear-bound", "S18-lower", "nonlinear-ratio", "nonlinear-b3")
BARRIERS = ("S20-glasses", "barriers-found")


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
        found.append(sampled("nonlinear-omega4", f"exponent of D, {name}", 4.0, exponent, error, how))
        soft = modes.frequency < cut
        of, inside = modes.sample[soft], modes.ratio[soft]
        value, error = share(inside > 3.0, of, modes.samples)
        found.append(sampled("nonlinear-bound", f"share of r > 3, {name}", 0.0, value, error, how))
        value, error = share(inside < 0.4, of, modes.samples)
        found.append(sampled("S18-lower", f"share of r < 0.4, {name}", 0.0, value, error, how))
    steepness, error = slope(np.log(after.frequency[soft]), np.log(after.b3[soft]), of, after.samples)
    found.append(sampled("nonlinear-b3", f"slope of ln b3 in ln omega, {name}", 1.0, steepness, error, how))
    found.append(_ratios(after, name, ensemble))
    if barriers:
        found += [*_barriers(before, FOUND, ensemble), *_barriers(after, SETTLED, ensemble)]
    return found


def _ratios(modes: CubicModes, name: str, ensemble: Ensemble) -> Comparison:
    """Compare the law of r of the very softest modes: small r is missing, the less the softer they are."""
    cut = cut_at(modes.frequency, modes.samples, SOFTEST)
    r = modes.ratio[modes.frequency < cut]
    how = f"the {r.size} cubic modes of omega < {cut:.2g} in {modes.samples} minima, {ensemble.name}"
    return law("nonlinear-ratio", f"r, {name}", r, ratio_law, how)


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
    quantity = f"exponent of p(B), {state}, {ensemble.name}"
    found = [sampled("S20-glasses", quantity, 0.25, exponent, error, how)]
    if state == FOUND:
        found.append(sampled("barriers-found", quantity, -1.0 / 3.0, exponent, error, how))
    return found


EXPERIMENTS = (
    Experiment(claims=CLAIMS, run=weak, seconds=15.0),
    Experiment(claims=(*CLAIMS, *BARRIERS), run=strong, seconds=15.0),
    Experiment(claims=(*CLAIMS, *BARRIERS), run=lattice, seconds=20.0),
)
