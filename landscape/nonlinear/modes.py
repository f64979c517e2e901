"""Nonlinear modes of a minimum: what a search for them has found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from arguments import brief
from landscape.arrays import Matrix, Vector
from landscape.modes.measures import participation_ratio
from landscape.modes.zero import project_out
from landscape.nonlinear.expansion import Expansion, cubic_barrier
from landscape.nonlinear.search import Search

SAME = 1e-6  # 1 - |z.z'| of two directions that are one


@brief()
@dataclass(frozen=True, eq=False)
class NonlinearMode:
    """A direction that solves the mode equation, and what it was found from.

    Attributes
    ----------
    direction : (N,) array
        z, |z| = 1, of the sign that makes b3 >= 0: the barrier is at negative s, towards -z. Where b3 = 0 the
        component of largest magnitude is positive.
    b2, b3, b4 : float
        The energy along it is b2 s^2/2 + b3 s^3/6 + b4 s^4/24, and more where it is no quartic. b4 is nan
        where the landscape says nothing of fourth derivatives.
    barrier : float
        2 b2^3/(3 b3^2) (S 14), the cubic estimate; infinite where b3 = 0.
    residual : float
        |M z - (b2/b3) U''' : z z| / |M z| of a cubic mode (S 15), |M z - (b2/b4) U'''' : z z z| / |M z| of a
        quartic one; Euclidean norms.
    participation : float
        e = 1/(N sum_i |z_i|^4) over particles (S 3).
    status : {"converged", "descended", "max_steps", "stalled"}
        ``"descended"``: converged; but a step of the plain scheme would have raised the barrier, so that the
        first minimum along it was taken instead, or it led near a saddle. ``"max_steps"``: the steps allowed
        are used up. ``"stalled"``: no further progress.
    starts : tuple of int
        Which of the starts ended here.
    steps : int
        Fewest steps that one of them took, of one product M d each.
    """

    direction: Vector
    b2: float
    b3: float
    b4: float
    barrier: float
    residual: float
    participation: float
    status: str
    starts: tuple[int, ...]
    steps: int

    @property
    def ratio(self) -> float:
        """The shape r = b3^2/(b2 b4) of the well."""
        return self.b3**2 / (self.b2 * self.b4)


def collect(
    searches: Sequence[Search], expand: Callable[[Matrix], Expansion], dimension: int, zero: Matrix
) -> list[NonlinearMode]:
    """Return the distinct modes that converged, lowest barrier first, then the searches that failed."""
    z = directions(searches, zero)
    found = expand(np.ascontiguousarray(z.T))
    z *= np.where(np.where(found.b3 == 0.0, largest(z), found.b3) < 0.0, -1.0, 1.0)[:, None]
    heights, shares = cubic_barrier(found.b2, found.b3), participation_ratio(z.T, dimension=dimension)
    return [
        NonlinearMode(
            direction=z[best].copy(),
            b2=float(found.b2[best]),
            b3=float(abs(found.b3[best])),
            b4=float(found.b4[best]),
            barrier=float(heights[best]),
            residual=searches[best].residual,
            participation=float(shares[best]),
            status=searches[best].status,
            starts=starts,
            steps=steps,
        )
        for best, starts, steps in distinct(searches, z, heights)
    ]


def directions(searches: Sequence[Search], zero: Matrix) -> Matrix:
    """Return where searches have ended, in rows of length 1, without zero modes."""
    z = [project_out(s.z, zero) for s in searches]
    return np.array([one / np.linalg.norm(one) for one in z])


def largest(z: Matrix) -> Vector:
    """Return the component of largest magnitude of every row."""
    return np.asarray(z[np.arange(len(z)), np.abs(z).argmax(axis=1)])


def distinct(
    searches: Sequence[Search], z: Matrix, heights: Vector
) -> list[tuple[int, tuple[int, ...], int]]:
    """Return (the best search, all of them, fewest steps) of each direction, lowest first, failures last."""
    arrived = [k for k, s in enumerate(searches) if s.converged]
    failed = [[k] for k, s in enumerate(searches) if not s.converged]
    groups = merge(z, sorted(arrived, key=lambda k: (heights[k], k)))

    def record(group: list[int]) -> tuple[int, tuple[int, ...], int]:
        best = min(group, key=lambda k: (searches[k].status == "descended", searches[k].residual))
        return best, tuple(sorted(group)), min(searches[k].steps for k in group)

    return sorted(map(record, groups), key=lambda r: float(heights[r[0]])) + [record(one) for one in failed]


def merge(z: np.ndarray, order: list[int]) -> list[list[int]]:
    """Return the indices `order` in groups of the same direction."""
    overlap = np.abs(z @ z.T)
    groups: list[list[int]] = []
    for k in order:
        for group in groups:
            if overlap[k, group[0]] > 1.0 - SAME:
                group.append(k)
                break
        else:
            groups.append([k])
    return groups
