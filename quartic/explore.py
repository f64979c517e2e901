"""The landscape of one problem: the minima that many starts end in."""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

import arguments
from arguments import brief
from landscape import disorder, threads
from landscape.arrays import Matrix, Vector
from quartic.batch import BLOCK, TILE, End, descend
from quartic.line import is_convex, line
from quartic.minima import MinimizationError, beyond_floats, check_protocol, judge, summarise
from quartic.minimisation import Minimisation
from quartic.problem import Problem
from quartic.starts import starting_point
from quartic.units import natural, scaled

_SMALL = 4000  # oscillators: the matrix fits into a cache that the cores share
_ROUNDING = 1e-9  # of x and of energies: closer ends are one without a look at the curvature


@brief()
@dataclass(frozen=True, eq=False)
class Exploration:
    """The distinct minima found, lowest first, and where each start went.

    Attributes
    ----------
    x : (k, N) array
        The minima.
    energies : (k,) array
        H(x), of all N oscillators together, ascending.
    multiplicities : (k,) array of int
        Number of starts that ended in each.
    overlaps : (k, k) array
        q_ab = sum_i x_i^a x_i^b / N; the diagonal is the q of each minimum.
    which : (m,) array of int
        The minimum of each start, in the order of the starts; -1 where it did not converge.
    statuses : (m,) tuple of {"converged", "saddle", "max_products", "stalled"}
        ``"saddle"`` only where the start itself is stationary: no other is looked at.
    gradient_norms : (m,) array
        max_i |dH/dx_i| at the end of each start.
    products : (m,) array of int
        Coupling-matrix products J v of each start.
    seed, tol
        The protocol.
    """

    x: Matrix
    energies: Vector
    multiplicities: NDArray[np.int64]
    overlaps: Matrix
    which: NDArray[np.int64]
    statuses: tuple[str, ...]
    gradient_norms: Vector
    products: NDArray[np.int64]
    seed: int
    tol: float


def explore(
    problem: Problem,
    *,
    starts: int | Sequence[str | ArrayLike] = 64,
    tol: float = 1e-10,
    max_products: int = 100_000,
    seed: int = 0,
    check: bool = True,
) -> Exploration:
    """Return the distinct minima that many starts end in, by the method ``"lbfgs"`` of `minimize`.

    The starts advance together, with products of J and a block of vectors; up to N = 4000 and from 32 starts
    on they do so in two batches, a thread each. The products of the steps are made in float32, whose error
    vanishes with the steps; J x is renewed in float64 where it would show, and every end is confirmed by a
    float64 J x of its own, as in `minimize`. The end of a start is mostly that of `minimize`, but where
    rounding decides between two it may differ. It does not depend on the threads.

    Two ends are one minimum if the energy is convex on the segment between them, where it is exactly a
    quartic: two different minima always have a barrier there. At zero field x and -x count as one minimum.

    Parameters
    ----------
    problem : Problem
    starts : int or sequence
        A number m of random starts, or the starts themselves, as in `minimize`. Random start k is that of
        ``minimize(start="random", seed=seed + k * 2**32)``.
    tol, max_products
        Of each start, as in `minimize`.
    seed : int in [0, 2**32)
        Address of the random starts.
    check : bool
        Raise if a start does not converge. False returns its status; it belongs to no minimum then.

    Returns
    -------
    Exploration

    Raises
    ------
    ValueError
        For an argument outside its range.
    MinimizationError
        If `check` and a status is not ``"converged"``.

    Examples
    --------
    Two coupled double wells have two minima, with x and -x taken for one:

    >>> import quartic
    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, -0.1], [-0.1, 0.0]], 0.0, 6.0)
    >>> found = quartic.explore(pair, starts=16)
    >>> found.energies.round(4), int(found.multiplicities.sum())
    (array([-0.605, -0.405]), 16)
    """
    tol, max_products, seed = check_protocol(problem, "lbfgs", tol, max_products, arguments.seed(seed))
    many = isinstance(starts, Sequence | np.ndarray) and getattr(starts, "ndim", 1) > 0
    if isinstance(starts, str) or not many:
        starts = arguments.count("starts", starts, most=disorder.WORD - 1)
    members = _runs(problem, starts, seed, tol, max_products)
    for k, member in enumerate(members):
        lowest = None
        if member.status == "converged" and not member.moved:
            member.status, lowest = judge(member.run.problem, member.run.x, exactly=False)
        if member.status == "converged" and beyond_floats(member.run):
            member.status = "stalled"
        if check and member.status != "converged":
            start = "random" if isinstance(starts, int) else starts[k]
            address = seed + k * disorder.WORD
            raise MinimizationError(summarise(member.run, member.status, lowest, "lbfgs", start, address))
    return _account(members, seed, tol)


def _runs(
    problem: Problem, starts: int | Sequence[str | ArrayLike], seed: int, tol: float, max_products: int
) -> list[End]:
    """Return the runs from all starts, in their order: made by two batches, where they fill a tile each.

    The elements of a large matrix come from memory, at best once for all runs: there one batch is faster.
    All are in natural units.
    """
    units = natural(problem)
    given = units.problem(problem)
    count = starts if isinstance(starts, int) else len(starts)
    batches = 2 if count >= 2 * TILE and problem.size <= _SMALL else 1
    queues = [_points(problem, starts, seed, range(first, count, batches)) for first in range(batches)]
    ended = threads.run(
        [partial(descend, given, queue, tol, max_products, BLOCK // batches, units) for queue in queues]
    )
    return [ended[k % batches][k // batches] for k in range(count)]


def _points(
    problem: Problem, starts: int | Sequence[str | ArrayLike], seed: int, which: range
) -> Iterable[Vector]:
    """Return the points (N,) to start from."""
    if not isinstance(starts, int):
        return [
            starting_point(problem, starts[k], seed + k * disorder.WORD, name=f"starts[{k}]") for k in which
        ]
    return (starting_point(problem, "random", seed + k * disorder.WORD) for k in which)


def _account(members: Sequence[End], seed: int, tol: float) -> Exploration:
    """Return the record of runs that have ended."""
    problem, (length, energy) = members[0].run.problem, members[0].run.origin
    which = np.full(len(members), -1)
    found: list[Minimisation] = []
    ends = [k for k, member in enumerate(members) if member.status == "converged"]
    reach = _reach([members[k].run for k in ends])
    for k in sorted(ends, key=lambda k: members[k].run.energy):
        run = members[k].run
        far = bisect.bisect_left(found, run.energy - reach, key=lambda other: other.energy)
        same = (n for n in range(len(found) - 1, far - 1, -1) if one_minimum(problem, found[n], run))
        which[k] = next(same, len(found))
        if which[k] == len(found):
            found.append(run)
    x = np.array([run.x for run in found]).reshape(len(found), problem.size)
    with threads.single_blas():
        overlaps = x @ x.T / problem.size
    return Exploration(
        x=scaled(x, length),
        energies=scaled(np.array([run.energy for run in found]), energy),
        multiplicities=np.bincount(which[which >= 0], minlength=len(found)),
        overlaps=scaled(overlaps, 2 * length),
        which=which,
        statuses=tuple(member.status for member in members),
        gradient_norms=scaled(np.array([member.run.gradient_norm for member in members]), energy - length),
        products=np.array([member.run.products for member in members]),
        seed=seed,
        tol=tol,
    )


def one_minimum(problem: Problem, a: Minimisation, b: Minimisation) -> bool:
    """Return whether two converged runs ended in one minimum; at zero field, or in its mirror image."""
    if _connected(problem, a, b.x, b.jx, b):
        return True
    return not problem.field.any() and _connected(problem, a, -b.x, -b.jx, b)


def _reach(runs: Sequence[Minimisation]) -> float:
    """Return a bound on the difference of energies between two of these ends that are one minimum."""
    norm = max((run.gradient_norm for run in runs), default=0.0)
    force = max((run.force_scale for run in runs), default=0.0)
    size = max((float(np.abs(run.x).sum()) for run in runs), default=0.0)
    return _bound(norm, 2.0 * size, force, size)


def _bound(gradient_norm: float, distance: float, force_scale: float, size: float) -> float:
    """Return what energies of one minimum differ by at most, by convexity and rounding; lengths are sums."""
    return gradient_norm * distance + _ROUNDING * force_scale * size


def _connected(problem: Problem, a: Minimisation, x: Vector, jx: Vector, b: Minimisation) -> bool:
    """Return whether the energy is convex on the segment from a to x, an image of the end of b."""
    d = x - a.x
    distance = np.abs(d)
    if distance.max() <= _ROUNDING * max(np.abs(x).max(), np.abs(a.x).max()):
        return True
    gradient_norm = max(a.gradient_norm, b.gradient_norm)
    if abs(b.energy - a.energy) > _bound(gradient_norm, distance.sum(), a.force_scale, np.abs(x).sum()):
        return False
    return is_convex(
        *line(problem.stiffness, problem.a_max, problem.a_shares, a.x, a.gradient, d, jx - a.jx)[1:]
    )
