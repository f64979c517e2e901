"""Strong coupling: powers of x_rms and A_g in J where h has dropped out."""

import math

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
KAPPA_0, COUPLINGS = 3.0, (0.3, 0.6)  # far above J_x = 0.007 at the field below
FIELD = 1e-6
CUT = 0.45  # of the crossover frequency
SIZES = {True: (250, 80), False: (500, 400)}  # N, samples


def powers(quick: bool) -> list[Comparison]:
    """Compare x_rms and A_g of quenches from high energy at two couplings."""
    size, samples = SIZES[quick]
    squares, levels = zip(*(_sampled(J, size, samples) for J in COUPLINGS), strict=True)
    step = math.log(COUPLINGS[1] / COUPLINGS[0])
    allowed = 1.0 / math.log(KAPPA_0 / math.sqrt(math.prod(COUPLINGS)))
    how = (
        f"{samples} samples of N = {size} at J = 0.3 and 0.6, kappa_0 = 3, h = 1e-6, started at random; "
        "tolerance: 1/ln(kappa_0/J), as what is left out is of relative order ln(kappa_0/J)"
    )
    power = 0.5 * math.log(squares[1] / squares[0]) / step
    stated = [float(formulas.strong_displacement(np, J, KAPPA_0, 1.0)) for J in COUPLINGS]
    predicted = math.log(stated[1] / stated[0]) / step
    found = [computed("glassy-strong-A_g", "power of x_rms in J", predicted, power, allowed, how)]
    power = math.log(levels[1] / levels[0]) / step
    stated = [float(formulas.strong_prefactor(np, J, KAPPA_0, 1.0)) for J in COUPLINGS]
    predicted = math.log(stated[1] / stated[0]) / step
    return [*found, computed("glassy-strong-A_g", "power of A_g in J", predicted, power, allowed, how)]


def _sampled(J: float, size: int, samples: int) -> tuple[float, float]:
    """Return <x^2> and A_g below the cut."""
    params = khgps.KHGPS(N=size, J=J, h=FIELD, kappa_0=KAPPA_0)
    cut = CUT * float(formulas.strong_crossover_frequency(np, J, KAPPA_0))
    count, squares = 0, np.empty(samples)
    for sample in range(samples):
        problem = khgps.draw(params, seed=110, sample=sample)
        x = quartic.minimize(problem, start="random", seed=sample, tol=1e-8).x
        squares[sample] = np.mean(x**2)
        values = quartic.spectrum(problem, x)
        count += int(np.sum(values < cut**2))
    return float(squares.mean()), 5.0 * count / (samples * size * cut**5)


EXPERIMENTS = (Experiment(claims=("glassy-strong-A_g",), run=powers),)
