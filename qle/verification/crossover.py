"""Where weak coupling ends: the coupling of the largest A_g at fixed field and stiffness law."""

import math

import numpy as np

import khgps
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from qle.verification.soft_modes import soft_modes
from theory import formulas

STEP = 1.25  # between couplings
COUPLINGS = STEP ** np.arange(-4.0, 5.0)  # in units of J_x
CUT = 0.3  # of the frequency of an oscillator of kappa = 0 in the field


def largest(quick: bool) -> list[Comparison]:
    """Count modes below one frequency at couplings about J_x, for three stiffness laws."""
    size, samples = 300, 150 if quick else 500
    found = []
    for h, kappa_0 in ((0.01, 0.3), (0.01, 1.0), (0.01, 3.0)):
        J_x = float(formulas.crossover_coupling(np, h, kappa_0, 1.0))
        cut = CUT * float(formulas.crossover_frequency(np, h, 1.0))
        counts = []
        for J in J_x * COUPLINGS:
            params = khgps.KHGPS(N=size, J=float(J), h=h, kappa_0=kappa_0)
            modes = soft_modes(params, cut, samples=samples, seed=120, lower=False)
            counts.append(modes.frequency.size)
        rise, fall, _ = np.polyfit(np.log(COUPLINGS), np.log(np.maximum(counts, 0.5)), 2, w=np.sqrt(counts))
        how = (
            f"modes below {cut:.3g} at nine couplings, {samples} samples of N = {size} each, maximum of a "
            "parabola through their logarithms; tolerance: a factor of two, as the constant is an estimate"
        )
        quantity = f"ln(J/J_x) of the largest A_g, kappa_0 = {kappa_0:g}, h = {h:g}"
        found.append(computed("glassy-crossover", quantity, 0.0, -0.5 * fall / rise, math.log(2.0), how))
    return found


EXPERIMENTS = (Experiment(claims=("glassy-crossover",), run=largest, seconds=15.0),)
