"""The first band of phonons of glasses: how wide it is, by their size (S 4)."""

import math

import numpy as np
from numpy.typing import NDArray

import glass
import landscape
from qle.verification.comparison import Comparison, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEED = 431
SIZES = (100, 400)
T_p, SWEEPS = 0.5, 6000
BAND = 4.0  # waves of the longest wavelength in a square: two directions, cosine and sine
MODES = 12  # lowest, among which they are looked for: longitudinal waves are beyond
SAMPLES = {True: (12, 5), False: (150, 150)}


def first_band(quick: bool) -> list[Comparison]:
    """Compare relative widths of the first band in small and larger glasses."""
    widths = []
    for N, samples in zip(SIZES, SAMPLES[quick], strict=True):
        liquid = glass.SoftSpheres(N=N, T_p=T_p, sweeps=SWEEPS)
        widths.append(np.array([width(liquid, sample) for sample in range(samples)]))
    return [compared(*widths)]


def width(liquid: glass.SoftSpheres, sample: int) -> float:
    """Return the standard deviation over the mean of the frequencies of the most wave-like four modes."""
    made = glass.draw(liquid, seed=SEED, sample=sample)
    x = glass.quench(made).x
    low = landscape.low_modes(made.hessian(x), MODES, verify=False)
    shares = [glass.phonon_share(made, x, psi, shells=1) for psi in low.vectors.T]
    omega = np.sqrt(low.eigenvalues[np.argsort(shares)[-int(BAND) :]])
    return float(omega.std(ddof=1) / omega.mean())


def compared(small: Array, large: Array) -> Comparison:
    """Return the comparison of relative widths."""
    change = math.log(large.mean() / small.mean())
    error = math.hypot(*(one.std(ddof=1) / one.mean() / math.sqrt(one.size) for one in (small, large)))
    stated = [float(formulas.band_width(np, 1.0, 1.0, BAND, float(N))) for N in SIZES]
    predicted = math.log(stated[1] / stated[0])
    how = (
        f"standard deviation over mean of the four modes with most of the longest waves, {small.size} and "
        f"{large.size} glasses of N = {SIZES[0]} and {SIZES[1]}, T_p = {T_p:g}: {small.mean():.3f} and "
        f"{large.mean():.3f}"
    )
    return sampled(
        "S4-glasses", "ln of the change of relative width with N", predicted, change, error, how,
        alternatives={"as wide in all glasses": 0.0},
    )  # fmt: skip


EXPERIMENTS = (Experiment(claims=("S4-glasses",), run=first_band, seconds=15.0),)
