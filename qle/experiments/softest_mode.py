"""The softest of many independent modes, and participation ratios."""

import math

import numpy as np

import khgps
import quartic
from qle.measurements.ensemble import Ensemble
from qle.measurements.soft_modes import soft_modes
from qle.verification.comparison import Comparison, computed, law, sampled
from qle.verification.experiment import Experiment
from theory import formulas

SEED = 71


def independent(quick: bool) -> list[Comparison]:
    """Test the law of the least of N frequencies of density 5 omega^4 on (0, 1), and how it falls with N."""
    samples = 5_000 if quick else 50_000
    rng = np.random.Generator(np.random.PCG64(SEED))
    found, logs = [], []
    for N in (500, 4000):
        least = (
            1.0 - rng.random((samples // 10, 10, N), np.float32).max(axis=2).astype(np.float64).ravel()
        ) ** 0.2
        how = f"{samples} samples of N independent frequencies of density 5 omega^4"

        def cumulative(omega: np.ndarray, N: int = N) -> np.ndarray:
            return np.asarray(formulas.softest_mode_law(np, omega, N, 5.0))

        found.append(law("softest-mode", f"softest of N = {N} independent modes", least, cumulative, how))
        logs.append(np.log(least))
    slope = (logs[1].mean() - logs[0].mean()) / math.log(8.0)
    error = math.sqrt(sum(one.var() for one in logs) / samples) / math.log(8.0)
    quantity = "exponent of omega_min in N, independent modes"
    others = {"omega^3": -1.0 / 4.0, "omega^5": -1.0 / 6.0}
    return [*found, sampled("softest-mode", quantity, -0.2, slope, error, how, alternatives=others)]


def participation(quick: bool) -> list[Comparison]:
    """Compare participation ratios of even spreads and of modes of a minimum, and N e of soft modes by N."""
    how = "quartic.participation_ratio; tolerance: rounding"
    found = []
    for size, total in ((1, 100), (7, 100), (100, 100)):
        box = np.zeros(total)
        box[:size] = (-1.0) ** np.arange(size) / math.sqrt(size)
        predicted = formulas.box_participation_ratio(np, size, total)
        ratio = quartic.participation_ratio(box)
        found.append(computed("S3", f"e of {size} of {total} sites", predicted, ratio, 1e-14, how))
    params = khgps.KHGPS(N=200, J=0.06, h=0.01)
    modes = quartic.low_modes(*Ensemble(params=params, seed=SEED).relaxed(0), params.N)
    ratios = quartic.participation_ratio(modes.vectors)
    outside = np.sum((ratios < 1.0 / params.N) | (ratios > 1.0))
    how = "all 200 modes of a minimum of KHGPS; no tolerance"
    found.append(computed("S3", "modes with e outside [1/N, 1]", 0.0, outside, 0.0, how))
    return [*found, _localised(quick)]


def _localised(quick: bool) -> Comparison:
    """Compare ln(N e) of modes below a fixed frequency at two N: the same if they are localised."""
    samples = 700 if quick else 3000
    logs = []
    for N in (250, 500):
        params = khgps.KHGPS(N=N, J=0.03, h=0.01, kappa_0=0.3)
        modes = soft_modes(params, 0.1, samples=samples * 500 // N, seed=SEED)
        logs.append(np.log(N * modes.participation))
    difference = (logs[1].mean() - logs[0].mean()) / math.log(2.0)
    error = math.sqrt(sum(one.var(ddof=1) / one.size for one in logs)) / math.log(2.0)
    how = (
        f"{logs[0].size} and {logs[1].size} modes below omega = 0.1 of samples of N = 250 and 500, J = "
        "0.03, kappa_0 = 0.3, h = 0.01"
    )
    spread = {"modes spread over the sample": 1.0}
    return sampled("S3", "exponent of N e in N, soft modes", 0.0, difference, error, how, alternatives=spread)


EXPERIMENTS = (
    Experiment(claims=("softest-mode",), run=independent, seconds=4.0),
    Experiment(claims=("S3",), run=participation, seconds=10.0),
)
