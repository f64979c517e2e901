"""Strong coupling: powers of x_rms and A_g in J where h has dropped out."""

import math

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.measurements.ensemble import Ensemble
from qle.verification.comparison import Comparison, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
KAPPA_0, FIELD = 3.0, 1e-6  # J_x = 0.01
CUT = 0.6  # of the crossover frequency
PLACES = {True: (250, {0.3: 160, 0.6: 40}), False: (1000, {0.1: 3000, 0.5: 1000})}  # N, J: samples


def powers(quick: bool) -> list[Comparison]:
    """Compare the powers of x_rms and A_g in J, in quenches from high energy at two couplings.

    Without the reaction J^2 chi of the others they are 2 and -3. Where it is all that counts, chi =
    2 ln(kappa_0/J)/kappa_0 makes x_rms ~ J^2 ln(kappa_0/J) and A_g the inverse of J times that.
    """
    size, samples = PLACES[quick]
    couplings = list(samples)
    step = math.log(couplings[1] / couplings[0])
    allowed = 1.0 / math.log(KAPPA_0 / math.sqrt(math.prod(couplings)))
    how = (
        f"{' and '.join(map(str, samples.values()))} samples of N = {size} at J = {couplings[0]:g} and "
        f"{couplings[1]:g}, kappa_0 = 3, h = 1e-6, started at random; tolerance: 1/ln(kappa_0/J), what the "
        "reaction changes if it is all that counts; error from samples"
    )
    found = []
    rows = [_sampled(J, size, number) for J, number in samples.items()]
    for name, row, stated, half in (
        ("x_rms", 0, formulas.strong_displacement, 0.5),
        ("A_g", 1, formulas.strong_prefactor, 1.0),
    ):
        low, high = (one[row] for one in rows)
        power = half * math.log(high.mean() / low.mean()) / step
        error = half * math.hypot(
            *(one.std(ddof=1) / one.mean() / math.sqrt(one.size) for one in (low, high))
        )
        ends = [float(stated(np, J, KAPPA_0, 1.0)) for J in couplings]
        predicted = math.log(ends[1] / ends[0]) / step
        others = {f"{name} ~ J^{predicted + change:.1f}": predicted + change for change in (-0.5, 0.5)}
        found.append(
            sampled(
                "glassy-strong-A_g", f"power of {name} in J", predicted, power, error / step, how,
                tolerance=allowed, alternatives=others,
            )
        )  # fmt: skip
    return found


def _sampled(J: float, size: int, samples: int) -> tuple[Array, Array]:
    """Return <x^2> and A_g below the cut, of each sample."""
    params = khgps.KHGPS(N=size, J=J, h=FIELD, kappa_0=KAPPA_0)
    cut = CUT * float(formulas.strong_crossover_frequency(np, J, KAPPA_0))
    counts, squares = np.empty(samples), np.empty(samples)
    ensemble = Ensemble(params=params, seed=110, protocol=Protocol(start="random", tol=1e-8))
    for sample, (problem, x) in enumerate(ensemble.minima(samples)):
        squares[sample] = np.mean(x**2)
        counts[sample] = np.sum(quartic.spectrum(problem, x) < cut**2)
    return squares, 5.0 * counts / (size * cut**5)


EXPERIMENTS = (Experiment(claims=("glassy-strong-A_g",), run=powers),)
