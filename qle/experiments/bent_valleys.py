"""The lower bound of r, switched on in oscillator models by bending their valleys (S IV.G)."""

import numpy as np

import khgps
from qle.measurements.bent_modes import BentModes, collect_bent
from qle.measurements.ensemble import Ensemble
from qle.statistics.pooled import share
from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)  # F
BENT = 0.8  # from which on the models shall have the bound of glasses
LOW, HIGH = 0.4, 3.0
WEAK = Ensemble(
    name="KHGPS, N = 300, J = 0.06, h = 0.01", params=khgps.KHGPS(N=300, J=0.06, h=0.01), seed=411
)
STRONG = Ensemble(
    name="KHGPS, N = 300, J = 0.3, h = 0.01", params=khgps.KHGPS(N=300, J=0.3, h=0.01), seed=412
)
STRAIGHT = {  # shares at F = 0, in 80 samples
    (WEAK.name, "r < 0.4"): 0.15,
    (WEAK.name, "r < F"): 0.4,
    (STRONG.name, "r > 3"): 0.12,
}
SAMPLES = {True: 10, False: 80}


def bent(quick: bool) -> list[Comparison]:
    """Compare r with F/(3 s^2) in every mode, and shares of small and large r with those of glasses."""
    found = []
    for ensemble, shares in ((WEAK, SHARES), (STRONG, (0.0, BENT))):
        made = {one.share: one for one in collect_bent(ensemble, SAMPLES[quick], shares)}
        found += [*_exact([one for one in made.values() if one.share > 0.0], ensemble.name)]
        found += _bounds(made, ensemble)
    return found


def _exact(made: list[BentModes], name: str) -> list[Comparison]:
    apart = [one.ratio / formulas.bent_ratio(np, one.share, one.off) - 1.0 for one in made]
    least = min(float(np.min(3.0 * one.ratio / one.share)) for one in made)
    modes = sum(one.ratio.size for one in made)
    at = ", ".join(f"{one.share:g}" for one in made)
    how = f"{modes} cubic modes of {made[0].samples} minima at F = {at}"
    largest = max(float(np.abs(one).max()) for one in apart)
    return [
        computed(
            "bent-ratio", f"largest |3 s^2 r/F - 1|, {name}", 0.0, largest, 1e-6,
            f"{how}; residuals of modes are below 1e-8",
        ),
        computed(
            "bent-ratio", f"modes of r <= F/3, {name}", 0.0, float(least <= 1.0), 0.0,
            f"{how}; the least 3 r/F is {least:.3f}; no tolerance",
        ),
    ]  # fmt: skip


def _bounds(made: dict[float, BentModes], ensemble: Ensemble) -> list[Comparison]:
    """Compare shares of modes at large F with none, up to what the claim allows."""
    found = []
    for one in (one for one in made.values() if one.share >= BENT):
        for word, below, ends, allowed in (
            (f"r < {LOW:g}", True, LOW, 0.01),
            ("r < F", True, one.share, 0.1),
            (f"r > {HIGH:g}", False, HIGH, 0.01),
        ):
            here, before = ((r < ends) == below for r in (one.ratio, made[0.0].ratio))
            measured, error = share(here, one.sample, one.samples)
            how = (
                f"{here.sum()} of {here.size} cubic modes of {one.samples} minima as found by lbfgs, at F = "
                f"0 {before.sum()} of {before.size}; tolerance: what the claim allows"
            )
            known = STRAIGHT.get((ensemble.name, word))
            others = None if known is None else {f"{word} as often as at F = 0": known}
            quantity = f"share of {word} at F = {one.share:g}, {ensemble.name}"
            found.append(
                sampled(
                    "bent-bound", quantity, 0.0, measured, error, how, tolerance=allowed, alternatives=others
                )
            )
    return found


EXPERIMENTS = (Experiment(claims=("bent-ratio", "bent-bound"), run=bent, seconds=15.0),)
