"""Whether glasses of colder liquids have fewer soft modes (S 7, Fig. 6c)."""

import numpy as np

import glass
from qle.measurements.glass_modes import GlassModes, collect, from_liquid
from qle.statistics.depletion import excitation_number, expected
from qle.verification.comparison import Comparison, counted
from qle.verification.experiment import Experiment

N, SEED = 144, 64
SWEEPS = {2.0: 1000, 1.0: 2000, 0.7: 4000, 0.5: 8000, 0.4: 16000, 0.33: 32000}
"""Of the liquids, by parent temperatures: so many that most of them look equilibrated."""
HOT = 2.0
SAMPLES = {True: {HOT: 16, 0.5: 8}, False: {HOT: 600, 0.5: 200, 0.33: 200}}


def made(T_p: float, samples: int) -> GlassModes:
    """Return modes of glasses of one parent temperature."""
    liquid = glass.SoftSpheres(N=N, T_p=T_p, sweeps=SWEEPS[T_p])
    return collect(from_liquid(f"{T_p:g}", liquid, SEED), samples)


def fewer(quick: bool) -> list[Comparison]:
    """Compare how many soft modes hot and cold glasses have."""
    hot, *cold = (made(*at) for at in SAMPLES[quick].items())
    return [compared(hot, one, T_p) for one, T_p in zip(cold, list(SAMPLES[quick])[1:], strict=True)]


def compared(hot: GlassModes, cold: GlassModes, T_p: float) -> Comparison:
    """Compare the share of the soft modes that cold glasses have with that of a number that is the same.

    The claim has no number for E, so all that it says of two temperatures is: no more of them in the cold.
    """
    share = _weight(cold) / (_weight(cold) + _weight(hot))
    modes = np.repeat([True, False], [cold.soft()[1], hot.soft()[1]])
    numbers = " and ".join("{:.0f} +- {:.0f}".format(*excitation_number(one)) for one in (cold, hot))
    how = (
        f"modes below 0.7 of the first phonons, N = {N}, {cold.samples} and {hot.samples} glasses; A_g "
        f"omega_g^5 = {numbers}; liquids that may be out of equilibrium: {cold.doubtful.mean():.0%} and "
        f"{hot.doubtful.mean():.0%}"
    )
    quantity = f"share of soft modes in glasses of T_p = {T_p:g}, not of {HOT:g}"
    return counted(
        "S7", quantity, share, modes, how, bound=True,
        alternatives={"as many at every T_p": share},
    )  # fmt: skip


def _weight(modes: GlassModes) -> float:
    """Return how many soft modes all samples would have if A_g omega_g^5 were 1."""
    return modes.samples * expected(modes)


EXPERIMENTS = (Experiment(claims=("S7",), run=fewer, seconds=20.0),)
