"""Cubic modes of minima of the models, as found and after leaving upper wells for lower ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import quartic
from landscape.nonlinear.modes import NonlinearMode
from qle.measurements.ensemble import Ensemble
from qle.measurements.lower_wells import Lowered, leave_upper_wells
from quartic.nonlinear.cubic import cubic_modes
from theory import formulas

Array = NDArray[np.float64]
TOLERANCE = 1e-10  # of the minimisation
STARTS = 10  # normal modes, and softest sites, from which cubic modes are searched
RESIDUAL = 1e-8  # of (S 15), above which a mode does not count


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
    left : int
        Wells that were left for lower ones, all samples together.
    """

    b2: Array
    b3: Array
    b4: Array
    participation: Array
    sample: NDArray[np.int64]
    softest: Array
    spread: Array
    left: int

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


def collect(ensemble: Ensemble, samples: int) -> tuple[CubicModes, CubicModes]:
    """Return the cubic modes of minima as a minimisation finds them, and of the lower ones that they lead to.

    From well to lower well along cubic modes of r > 3, until none leads further down.

    Raises
    ------
    RuntimeError
        If there are too many wells to leave.
    """
    before, after = [], []
    for problem, x in ensemble.minima(samples):
        modes = modes_at(problem, x)
        before.append(_row(problem, x, modes, 0))
        end = settle(problem, x, modes)
        after.append(before[-1] if end.left == 0 else _row(problem, end.x, end.modes, end.left))
    return _table(before), _table(after)


def modes_at(problem: quartic.Problem, x: Array) -> list[NonlinearMode]:
    """Return the cubic modes found from the softest normal modes and the softest sites, by barrier."""
    starts = starting_directions(problem, x)
    return [mode for mode in cubic_modes(problem, x, starts=starts) if mode.residual < RESIDUAL]


def starting_directions(problem: quartic.Problem, x: Array) -> Array:
    """Return the softest normal modes and the softest sites in columns, (N, 2 STARTS)."""
    soft = np.argsort(problem.stiffness + problem.anharmonicity * x**2 / 2.0)[:STARTS]
    starts = np.zeros((problem.size, 2 * STARTS))
    starts[:, :STARTS] = quartic.low_modes(problem, x, STARTS).vectors
    starts[soft, STARTS + np.arange(STARTS)] = 1.0
    return starts


def settle(
    problem: quartic.Problem, x: Array, modes: Sequence[NonlinearMode]
) -> Lowered[Sequence[NonlinearMode]]:
    """Return the minimum from which no cubic mode of r > 3 leads down, with its modes.

    Raises
    ------
    RuntimeError
        If there are too many wells to leave.
    """

    def second_wells(x: Array, modes: Sequence[NonlinearMode]) -> Iterator[Array]:
        for mode in (mode for mode in modes if mode.ratio > 3.0):
            yield float(formulas.second_well_position(np, mode.b2, mode.b3, mode.b4)) * mode.direction

    return leave_upper_wells(problem, x, modes, partial(modes_at, problem), second_wells, tol=TOLERANCE)


def _row(problem: quartic.Problem, x: Array, modes: Sequence[NonlinearMode], left: int) -> tuple[Any, ...]:
    """Return (b2, b3, b4, participation) of the modes, shape (4, n), of the softest one, and wells left."""
    low = quartic.low_modes(problem, x, 1)
    numbers = np.array([(m.b2, m.b3, m.b4, m.participation) for m in modes]).reshape(-1, 4).T
    softest = np.sqrt(low.eigenvalues[0])
    return numbers, softest, quartic.participation_ratio(low.vectors[:, 0]), left


def _table(rows: Sequence[tuple[Any, ...]]) -> CubicModes:
    numbers, softest, spread, left = zip(*rows, strict=True)
    b2, b3, b4, participation = np.concatenate(numbers, axis=1)
    sample = np.repeat(np.arange(len(rows)), [one.shape[1] for one in numbers])
    return CubicModes(b2, b3, b4, participation, sample, np.array(softest), np.array(spread), sum(left))
