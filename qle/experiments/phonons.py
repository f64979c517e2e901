"""Bands of phonons of disordered periodic lattices of springs, one displacement per site, unit masses."""

import math

import numpy as np
from numpy.typing import NDArray

from qle.experiments.integer_vectors import numbers_by_norm
from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
DISORDER = 0.03  # relative deviation of the springs
SAMPLES = {True: 60, False: 300}


def widths(quick: bool) -> list[Comparison]:
    """Compare widths of bands of eight modes by disorder, sites and frequency, on square lattices."""
    base = (10, DISORDER, 1)  # side, disorder, and the multiple of the wave vector 2 pi (1, 2)/side
    changes = {
        "disorder": (base, (10, 2.0 * DISORDER, 1), (0.5, 2.0)),
        "N at the same omega": (base, (20, DISORDER, 2), (0.0, 2.0)),
        "omega at the same N": ((20, DISORDER, 1), (20, DISORDER, 2), (0.0, 2.0)),
    }  # two cases, and other powers in units of that of (S 4)
    samples = SAMPLES[quick]
    how = (
        f"{samples} square lattices of 10 or 20 sites a side; spread of omega in the band of wave vector "
        "(1, 2) or (2, 4)"
    )
    found = []
    for name, (*cases, powers) in changes.items():
        spreads = [_spreads(*case, samples, seed=100 + k) for k, case in enumerate(cases)]
        stated = [float(formulas.band_width(np, c, _omega(L, m), 8.0, float(L**2))) for L, c, m in cases]
        predicted = math.log(stated[1] / stated[0])
        change = math.log(spreads[1].mean() / spreads[0].mean())
        error = math.hypot(*(s.std() / s.mean() for s in spreads)) / math.sqrt(samples)
        others = {f"{x:g} times the power of {name}": x * predicted for x in powers}
        quantity = f"ln of the change of width with {name}"
        found.append(sampled("S4", quantity, predicted, change, error, how, alternatives=others))
    return found


def merging(quick: bool) -> list[Comparison]:
    """Compare where the width (S 4) reaches the gap to the next band, wave vectors counted."""
    found = []
    for d in (3, 4):
        levels = np.flatnonzero(counts := numbers_by_norm(d, 20_000))[1:]
        logs = []
        for low in (100, 10_000):  # means over bands |n|^2 from low to 2 low
            inside = levels[(levels >= low) & (levels < 2 * low)]
            omega = 2.0 * math.pi * np.sqrt(inside)
            width = formulas.band_width(np, 1.0, omega.mean(), counts[inside].mean(), 1.0)
            logs.append(math.log(width / np.diff(omega).mean()))
        power = 2.0 * (logs[1] - logs[0]) / math.log(100.0)  # of width/gap in omega L
        predicted = float(formulas.hybridisation_exponent(np, float(d)))
        how = (
            f"wave vectors of a periodic box counted in d = {d}; tolerance: fluctuations of their number, 1 "
            "percent"
        )
        found.append(
            computed(
                "S5", f"power of omega_dagger in disorder, d = {d}", predicted, -1.0 / power, 0.01, how,
                alternatives={f"-2/{d + k}, d = {d}": -2.0 / (d + k) for k in (1, 3)},
            )
        )  # fmt: skip
        in_size = 0.5 * d / power - 1.0  # width/gap ~ disorder L^(-d/2) (omega L)^power
        found.append(computed("S5", f"power of omega_dagger in L, d = {d}", predicted, in_size, 0.01, how))
    disorder, L = 0.1, 30.0
    stated = float(formulas.hybridisation_frequency(np, disorder, L, 3.0))
    how = "the power above; rounding"
    found.append(computed("S5", "omega_dagger at disorder 0.1, L = 30, d = 3", 3.0**-0.4, stated, 1e-12, how))
    return found


def _omega(side: int, multiple: int) -> float:
    """Return the frequency of the ordered lattice at the wave vector 2 pi multiple (1, 2)/side."""
    return math.sqrt(sum(2.0 - 2.0 * math.cos(2.0 * math.pi * multiple * n / side) for n in (1, 2)))


def _spreads(side: int, disorder: float, multiple: int, samples: int, *, seed: int) -> Array:
    """Return the standard deviation of omega among the eight modes of the band, of each lattice."""
    rng = np.random.Generator(np.random.PCG64(seed))
    wave = 2.0 - 2.0 * np.cos(2.0 * math.pi * np.arange(side) / side)
    ordered = np.sort((wave[:, None] + wave).ravel())
    band = np.flatnonzero(np.abs(ordered - _omega(side, multiple) ** 2) < 1e-9)
    if band.size != 8:
        raise ArithmeticError(
            f"side = {side}, multiple = {multiple}: {band.size} modes in the band, must be 8"
        )
    site = np.arange(side**2).reshape(side, side)
    spreads = np.empty(samples)
    for sample in range(samples):
        matrix = np.zeros((side**2, side**2))
        for axis in (0, 1):
            one, other = site.ravel(), np.roll(site, -1, axis).ravel()
            spring = 1.0 + disorder * rng.standard_normal(one.size)
            for place, sign in (
                ((one, one), 1.0),
                ((other, other), 1.0),
                ((one, other), -1.0),
                ((other, one), -1.0),
            ):
                np.add.at(matrix, place, sign * spring)
        spreads[sample] = np.std(np.sqrt(np.linalg.eigvalsh(matrix)[band]))
    return spreads


EXPERIMENTS = (
    Experiment(claims=("S4",), run=widths),
    Experiment(claims=("S5",), run=merging),
)
