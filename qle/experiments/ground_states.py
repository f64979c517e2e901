"""Deepest minima of samples against the ground state as solved: their energy as N grows, their soft modes."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import khgps
from qle.experiments.deep_fields import local_fields
from qle.experiments.deep_minima import Deepest, deepest
from qle.experiments.large_size import Limit, large_size
from qle.verification.comparison import Comparison, counted, sampled
from qle.verification.experiment import Experiment

Array = NDArray[np.float64]
FIELD, SEED = 0.01, 130
PLACES = {
    True: {0.3: {64: (32, 250), 128: (64, 100)}},
    False: {
        0.1: {64: (16, 4000), 128: (16, 4000), 256: (32, 3000), 512: (64, 1500)},
        0.3: {64: (64, 4000), 128: (64, 2500), 256: (128, 1500), 512: (512, 600)},
    },
}  # J: N: starts, samples
MISSED = 5e-4  # of the energy: more than the second half of the starts gains
MODES_PER_SAMPLE = 0.5  # of the descended minima below the frequency that bounds the tail


def deep_minima(quick: bool) -> list[Comparison]:
    """Compare the energy of deepest minima, N -> infinity, with e; and their soft modes with a quench's."""
    found = []
    for J, sizes in PLACES[quick].items():
        params = {N: khgps.KHGPS(N=N, J=J, h=FIELD) for N in sizes}
        made = {
            N: deepest(params[N], starts=starts, samples=samples, seed=SEED)
            for N, (starts, samples) in sizes.items()
        }
        found += [_energy(J, made), *_tails(J, made), *local_fields(J, FIELD, made)]
    return found


def _energy(J: float, made: dict[int, Deepest]) -> Comparison:
    params = khgps.KHGPS(N=2, J=J, h=FIELD)
    broken = khgps.solve_rsb(params, rtol=1e-5).energy
    symmetric = khgps.solve_rs(params, unstable=True).energy
    limit = extrapolated(made)
    how = (
        f"deepest minima of {_samples(made)}, excess c N^(-2/3) and, with four sizes, d/N; five sums over "
        "the disorder as control variates; error from samples; tolerance: minima missed"
    )
    quantity = f"energy of deepest minima, N -> infinity, kappa_min = 0, h = 0.01, J = {J:g}"
    others = {"symmetric replicas": symmetric}
    return sampled(
        "rsb-ground-state", quantity, broken, limit.value, limit.error, how,
        tolerance=MISSED * abs(broken), alternatives=others,
    )  # fmt: skip


def extrapolated(made: dict[int, Deepest]) -> Limit:
    """Return e as `large_size` has it from the energies e_N."""
    return large_size(list(made), *np.array([controlled(one) for one in made.values()]).T)


def controlled(one: Deepest) -> tuple[float, float]:
    """Return the mean energy and its error, with what the controls explain taken out by regression."""
    terms = np.column_stack([np.ones(one.energy.size), one.controls])
    inverse = np.linalg.inv(terms.T @ terms)
    fit = inverse @ terms.T @ one.energy
    left = one.energy - terms @ fit
    variance = float(left @ left) / (one.energy.size - terms.shape[1])
    return float(fit[0]), math.sqrt(variance * inverse[0, 0])


def _tails(J: float, made: dict[int, Deepest]) -> list[Comparison]:
    """Compare powers and numbers of soft modes of the deepest minima with those of a descent."""
    where = f"kappa_min = 0, h = 0.01, J = {J:g}"
    how = (
        f"{_samples(made)}, those in which the two differ; modes below where descended minima have half a "
        "mode each; "
    )
    differences, errors = np.array([steeper(one) for one in made.values()]).T
    weights = errors**-2.0
    mean = float(weights @ differences / weights.sum())
    text = f"{how}tolerance: the quench's is between 3 and 4; error from pairs of minima of a sample"
    hits = np.concatenate([
        np.repeat([True, False], [np.sum(m[one.differ] < edge(one)) for m in (one.modes, one.descended)])
        for one in made.values()
    ])  # fmt: skip
    return [
        sampled(
            "rsb-tail", f"power of D, deepest less descended, {where}", 1.0, mean,
            weights.sum() ** -0.5, text, tolerance=0.5, alternatives={"as steep": 0.0},
        ),
        counted(
            "rsb-tail", f"share of soft modes that are of deepest minima, {where}", 0.5, hits,
            f"{how}the others of descended ones", bound=True, alternatives={"twice as many": 2.0 / 3.0},
        ),
    ]  # fmt: skip


def edge(one: Deepest) -> float:
    """Return the frequency below which descended minima have `MODES_PER_SAMPLE` modes each."""
    return float(np.sort(one.descended, axis=None)[int(MODES_PER_SAMPLE * len(one.descended))])


class Power(NamedTuple):
    """The likeliest power of D ~ omega^x below a frequency.

    Attributes
    ----------
    value : float
    shifts : (S,) array
        What each sample moves it by: with their squares' sum the repulsion of modes is in the error.
    """

    value: float
    shifts: Array

    @property
    def error(self) -> float:
        """The standard error."""
        return float(np.linalg.norm(self.shifts))


def power(modes: Array, cut: float) -> Power:
    """Return the power of D below a frequency: 1 + x is the number of modes over the sum of ln(cut/omega)."""
    below = modes < cut
    counts, logs = below.sum(axis=1), (np.log(cut / modes) * below).sum(axis=1)
    slope = float(counts.sum() / logs.sum())
    return Power(slope - 1.0, (counts - slope * logs) / logs.sum())


def steeper(one: Deepest) -> tuple[float, float]:
    """Return by how much the power of the deepest minima is larger where the two differ, and its error."""
    deep, high = (power(modes[one.differ], edge(one)) for modes in (one.modes, one.descended))
    return deep.value - high.value, float(np.linalg.norm(deep.shifts - high.shifts))


def _samples(made: dict[int, Deepest]) -> str:
    return ", ".join(f"{one.energy.size} samples of N = {N}" for N, one in made.items())


EXPERIMENTS = (
    Experiment(claims=("rsb-ground-state", "rsb-fields", "rsb-tail"), run=deep_minima, seconds=20.0),
)
