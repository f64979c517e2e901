"""Cubic modes of minima of the models, as found and after leaving upper wells for lower ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import khgps
import lattice_gps
import quartic
from quartic.nonlinear.cubic import cubic_modes
from quartic.nonlinear.modes import NonlinearMode
from theory import formulas

Array = NDArray[np.float64]
TOLERANCE = 1e-10  # of the minimisation
STARTS = 10  # normal modes, and softest sites, from which cubic modes are searched
RESIDUAL = 1e-8  # of (S 15), above which a mode does not count
ROUNDING = 1e-12  # of the energy
TURNS = 100  # of one sample, from upper wells to lower ones


class Ensemble(NamedTuple):
    """Samples 0, 1 .. of a model at one set of parameters."""

    name: str
    params: khgps.KHGPS | lattice_gps.GPSLattice
    seed: int

    def draw(self, sample: int) -> quartic.Problem:
        """Return one sample."""
        if isinstance(self.params, khgps.KHGPS):
            return khgps.draw(self.params, seed=self.seed, sample=sample)
        return lattice_gps.draw(self.params, seed=self.seed, sample=sample)


@dataclass(frozen=True, eq=False)
class CubicModes:
    """Cubic modes of samples, those found from the softest normal modes and the softest sites.

    Attributes
    ----------
    b2, b3, b4, participation : (n,) arrays
    sample : (n,) array of int
    softest : (samples,) array
        Frequency of the softest normal mode of each sample.
    spread : (samples,) array
        And its participation ratio.
    turns : int
        Wells that were left for lower ones, all samples together.
    """

    b2: Array
    b3: Array
    b4: Array
    participation: Array
    sample: NDArray[np.int64]
    softest: Array
    spread: Array
    turns: int

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.softest.size

    @property
    def frequency(self) -> Array:
        """b2^(1/2)."""
        return np.sqrt(self.b2)

    @property
    def ratio(self) -> Array:
        """Shape r = b3^2/(b2 b4)."""
        return self.b3**2 / (self.b2 * self.b4)


def collect(ensemble: Ensemble, samples: int, method: str = "lbfgs") -> tuple[CubicModes, CubicModes]:
    """Return the cubic modes of minima as a minimisation finds them, and of the lower ones that they lead to.

    From well to lower well along cubic modes of r > 3, until none leads further down.

    Parameters
    ----------
    method : str
        Of the minimisation, which starts from the minimum without couplings (KHGPS) or at random (lattice).
    """
    before, after = [], []
    for problem, x in minima(ensemble, samples, method):
        modes: Sequence[NonlinearMode] = modes_at(problem, x)
        before.append(_row(problem, x, modes, 0))
        x, modes, turns = settle(problem, x, modes)
        after.append(before[-1] if turns == 0 else _row(problem, x, modes, turns))
    return _table(before), _table(after)


def minima(ensemble: Ensemble, samples: int, method: str) -> Iterator[tuple[quartic.Problem, Array]]:
    """Yield (problem, minimum) of each sample."""
    start = "decoupled" if isinstance(ensemble.params, khgps.KHGPS) else "random"
    for sample in range(samples):
        problem = ensemble.draw(sample)
        yield problem, quartic.minimize(problem, method=method, start=start, tol=TOLERANCE, seed=sample).x


def modes_at(problem: quartic.Problem, x: Array) -> list[NonlinearMode]:
    """Return the cubic modes found from the softest normal modes and the softest sites, by barrier."""
    soft = np.argsort(problem.stiffness + problem.anharmonicity * x**2 / 2.0)[:STARTS]
    starts = np.zeros((problem.size, 2 * STARTS))
    starts[:, :STARTS] = quartic.low_modes(problem, x, STARTS).vectors
    starts[soft, STARTS + np.arange(STARTS)] = 1.0
    return [mode for mode in cubic_modes(problem, x, starts=starts) if mode.residual < RESIDUAL]


def settle(
    problem: quartic.Problem, x: Array, modes: Sequence[NonlinearMode]
) -> tuple[Array, Sequence[NonlinearMode], int]:
    """Return a minimum from which no cubic mode of r > 3 leads down, its modes, and how many wells were left.

    At most `TURNS` are left.
    """
    for turns in range(TURNS):
        lower = _lower(problem, x, modes)
        if lower is None:
            return x, modes, turns
        x, modes = lower, modes_at(problem, lower)
    return x, modes, TURNS


def _lower(problem: quartic.Problem, x: Array, modes: Sequence[NonlinearMode]) -> Array | None:
    """Return the minimum below x that the second well along one of the modes leads to; None if none does."""
    energy = quartic.energy(problem, x)
    for mode in (mode for mode in modes if mode.ratio > 3.0):
        s = float(formulas.second_well_position(np, mode.b2, mode.b3, mode.b4))
        found = quartic.minimize(problem, start=x + s * mode.direction, tol=TOLERANCE)
        if found.energy < energy - ROUNDING * abs(energy):
            return found.x
    return None


def _row(problem: quartic.Problem, x: Array, modes: Sequence[NonlinearMode], turns: int) -> tuple[Any, ...]:
    """Return (b2, b3, b4, participation) of the modes, shape (4, n), those of the softest one, and turns."""
    low = quartic.low_modes(problem, x, 1)
    numbers = np.array([(m.b2, m.b3, m.b4, m.participation) for m in modes]).reshape(-1, 4).T
    softest = np.sqrt(low.eigenvalues[0])
    return numbers, softest, quartic.participation_ratio(low.vectors[:, 0]), turns


def _table(rows: Sequence[tuple[Any, ...]]) -> CubicModes:
    numbers, softest, spread, turns = zip(*rows, strict=True)
    b2, b3, b4, participation = np.concatenate(numbers, axis=1)
    sample = np.repeat(np.arange(len(rows)), [one.shape[1] for one in numbers])
    return CubicModes(b2, b3, b4, participation, sample, np.array(softest), np.array(spread), sum(turns))
