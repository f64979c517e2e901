"""The Parisi functional of KHGPS at zero temperature, in K steps, with its exact gradient.

At A = J = 1 (x = (J/A)^(1/2) y and energies in units of J^2/A bring any other there)

    e = [u q_EA + int y q dq]/2 - E f(q_0, h + q_0^(1/2) z),    f_q = -(f'' + y f'^2)/2,
    f(q_EA, H) = max_x [H x - (kappa - u) x^2/2 - x^4/24],

where u is the response inside a state and y the density of responses at the overlaps q_0 < q < q_EA between
states. e is largest over this measure and least over q_EA. Here y is constant in K cells, which narrow as a
cube towards q_EA, where y diverges. Unknown are the masses y dq of the cells, u, q_0 and q_EA. Any measure
gives an energy below that of the best one, so that e rises with K.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.lower_well import lower_well
from khgps.oscillators import Oscillators
from khgps.rsb.cells import adjoint, law_of_fields, transform
from khgps.rsb.kink import COLUMNS, REACH, last_cell
from khgps.rsb.stiffness_rule import panel_nodes

Array = NDArray[np.float64]

CORE = 0.5  # the points of fields are evenly spaced up to so many deviations of the fields still to come,
SPACING = 0.065  # and beyond in their logarithm,
FINE = 0.03  # or so, where the spread of overlaps is below
WEAK = 0.05
PANELS = 11  # of the average over the field at q_0


class Resolution(NamedTuple):
    """How finely the functional is computed."""

    cells: int  # K
    fields: int  # points H >= 0
    stiffness: int = 12  # nodes per panel of stiffness
    hermite: int = 14  # nodes per cell
    legendre: int = 16  # nodes per panel of the last cell and of the field at q_0


class Trial(NamedTuple):
    """A measure of responses over overlaps, in K steps."""

    q_EA: float
    spread: float  # (q_EA - q_0)/q_EA
    u: float
    mass: Array  # (K,) y dq of each cell, > 0


class Evaluation(NamedTuple):
    """The functional at a trial."""

    energy: float
    gradient: Array  # (3 + K,) by ln q_EA, (q_EA - q_0)/q_EA, ln u and the masses
    mean_x: float  # E[x]
    inverse: float  # E[1/k], k = V''(x): without the jumps of x between wells
    inverse_square: float  # E[1/k^2]
    q: Array  # (K + 1,) ends of the cells
    q_hat: Array  # (K + 1,) E[f'^2] there
    marginality: Array  # (K,) E[f''^2] at the lower ends


class _Law(NamedTuple):
    """Weights by which f at q_0 is averaged over its field, (M,), and their derivatives."""

    value: Array
    by_q_0: Array
    by_h: Array


@dataclass(frozen=True)
class Flow:
    """f from q_EA down to q_0 at a trial.

    Attributes
    ----------
    kappa, weight : (n,) arrays
        Nodes kappa - u of the stiffness law.
    q : (K + 1,) array
    y : (K,) array
    core, spacing : (K,) arrays
        a and c of the fields a sinh(c l) at the lower end of each cell.
    fields : (K, M) array
    f : (K, M, n) array
        At the lower ends.
    tilt, rise : (K - 1, M, nodes, n) and (K - 1, M, n) arrays
        Of each cell but the last, see `khgps.rsb.cells.transform`.
    last : (COLUMNS, M, n) array
        Of the last cell, see `khgps.rsb.kink`.
    law : _Law
        Of the field at q_0.
    """

    kappa: Array
    weight: Array
    q: Array
    y: Array
    core: Array
    spacing: Array
    fields: Array
    f: Array
    tilt: Array
    rise: Array
    last: Array
    law: _Law


@cache
def _hermite(order: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    return nodes, weights / weights.sum()


@cache
def _legendre(order: int) -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(order)


def flow(oscillators: Oscillators, trial: Trial, resolution: Resolution) -> Flow:
    """Return f of every cell; masses may be zero."""
    law_of_stiffness, h = oscillators
    cells = resolution.cells
    scale = trial.q_EA ** (1.0 / 6.0)
    b = oscillators.kappa_min - trial.u
    kappa, weight = panel_nodes(law_of_stiffness, b, scale, resolution.stiffness)
    left = _left(trial, cells)
    q, widths = np.maximum(trial.q_EA - left, 0.0), -np.diff(left)
    y = trial.mass / widths
    core = CORE * np.sqrt(left[:-1])
    top = _top(h, trial, float(kappa.min()))
    spacing = np.arcsinh(top / core) / (resolution.fields - 1)
    fields = core[:, np.newaxis] * np.sinh(spacing[:, np.newaxis] * np.arange(resolution.fields))
    f = np.empty((cells, resolution.fields, kappa.size))
    tilt, rise = (
        np.empty((cells - 1, resolution.fields, resolution.hermite, kappa.size)),
        np.empty_like(f[1:]),
    )
    last = np.empty((COLUMNS, resolution.fields, kappa.size))
    last_cell(kappa, fields[-1], widths[-1], y[-1], *_legendre(resolution.legendre), last)
    f[-1] = last[0]
    for i in range(cells - 2, -1, -1):
        upper = f[i + 1], core[i + 1], spacing[i + 1]
        transform(*upper, fields[i], widths[i], y[i], *_hermite(resolution.hermite), f[i], tilt[i], rise[i])
    law = _law_of_fields(h, q[0], core[0], spacing[0], resolution)
    return Flow(kappa, weight, q, y, core, spacing, fields, f, tilt, rise, last, law)


def resolution_for(oscillators: Oscillators, trial: Trial) -> Resolution:
    """Return how finely to compute near a trial: the energy is right to 1e-7."""
    cells = trial.mass.size
    narrowest = CORE * math.sqrt(_left(trial, cells)[-2])
    top = _top(oscillators.h, trial, oscillators.kappa_min - trial.u)
    weak = trial.spread < WEAK
    fields = 2 + math.ceil(math.asinh(top / narrowest) / (FINE if weak else SPACING))
    single = len(oscillators.law.pieces) == 1  # else rules of interpolation, which need more
    return Resolution(cells, fields, stiffness=12 if single else 16, hermite=20 if weak else 14)


def _left(trial: Trial, cells: int) -> Array:
    """Return q_EA - q at the ends of the cells, (K + 1,)."""
    return np.asarray(trial.q_EA * trial.spread * (1.0 - np.arange(cells + 1) / cells) ** 3)


def _top(h: float, trial: Trial, kappa: float) -> float:
    """Return the largest field that counts, for the least stiffness."""
    top = h + REACH * math.sqrt(trial.q_EA)
    return top + float(trial.mass.sum()) * float(lower_well(kappa, top))


def _law_of_fields(h: float, q_0: float, a: float, c: float, resolution: Resolution) -> _Law:
    """Return the weights of the points of a grid in averages over N(h, q_0).

    The panels end where f, of width a/CORE about H = 0, may bend, too.
    """
    s, nodes, weights = math.sqrt(q_0), np.zeros(1), np.ones(1)
    if s > 0.0:
        bends = (a * np.array([-8.0, -2.0, 0.0, 2.0, 8.0]) - h) / s
        ends = np.unique(np.concatenate([np.linspace(-REACH, REACH, PANELS + 1), bends]))
        ends = ends[abs(ends) <= REACH]
        points, rule = _legendre(resolution.legendre)
        half = 0.5 * np.diff(ends)[:, np.newaxis]
        nodes = (ends[:-1, np.newaxis] + half * (1.0 + points)).ravel()
        weights = (half * rule).ravel() * np.exp(-0.5 * nodes**2)
        weights /= weights.sum()
    law = np.zeros((3, resolution.fields))
    law_of_fields(h, s, nodes, weights, a, c, law)
    return _Law(*law)


def energy(trial: Trial, found: Flow) -> float:
    """Return e."""
    measure = trial.u * trial.q_EA + float(trial.mass @ (found.q[1:] + found.q[:-1])) / 2.0
    return 0.5 * measure - float(found.law.value @ found.f[0] @ found.weight)


def evaluate(oscillators: Oscillators, trial: Trial, resolution: Resolution) -> Evaluation:
    """Return e, its gradient and what else the law of fields tells; every mass must be > 0."""
    found = flow(oscillators, trial, resolution)
    q, widths, last = found.q, np.diff(found.q), found.last
    by_width, by_y = np.empty((2, resolution.cells))
    q_hat, marginality = np.empty(resolution.cells + 1), np.empty(resolution.cells)
    law = found.law.value[:, np.newaxis] * found.weight
    onward, first, second = np.empty((3, *law.shape))
    nodes, _ = _hermite(resolution.hermite)
    for i in range(resolution.cells - 1):
        upper = found.f[i + 1], found.core[i + 1], found.spacing[i + 1]
        cell = found.fields[i], widths[i], found.y[i], nodes, found.tilt[i], found.rise[i]
        by_width[i], by_y[i] = adjoint(*upper, *cell, law, onward, first, second)
        q_hat[i], marginality[i] = (law * first**2).sum(), (law * second**2).sum()
        law, onward = onward, law
    by_width[-1], by_y[-1], inverse, inverse_square, q_hat[-1] = (
        float((law * last[column]).sum()) for column in (1, 2, 5, 6, 4)
    )
    q_hat[-2], marginality[-1] = (law * last[3] ** 2).sum(), (law * last[7] ** 2).sum()
    slopes = _slopes(trial, found, by_width, by_y)
    return Evaluation(
        energy=energy(trial, found),
        gradient=np.array([*slopes[:2], 0.5 * trial.u * (trial.q_EA - q_hat[-1]), *slopes[2:]]),
        mean_x=float(found.law.by_h @ found.f[0] @ found.weight),
        inverse=inverse,
        inverse_square=inverse_square,
        q=q,
        q_hat=q_hat,
        marginality=marginality,
    )


def _slopes(trial: Trial, found: Flow, by_width: Array, by_y: Array) -> Array:
    """Return the derivatives of e by ln q_EA, (q_EA - q_0)/q_EA and the masses.

    The cells have fixed fractions of q_EA - q_0, so that e depends on q_0 and on q_EA - q_0.
    """
    widths = np.diff(found.q)
    span = trial.q_EA * trial.spread
    means = 0.5 * (found.q[1:] + found.q[:-1])
    total = trial.u + float(trial.mass.sum())
    by_q_0 = 0.5 * total - float(found.law.by_q_0 @ found.f[0] @ found.weight)
    moved = trial.u + float(trial.mass @ (means - found.q[0])) / span
    by_span = 0.5 * moved - float(by_width @ widths - by_y @ found.y) / span
    by_spread = trial.q_EA * (by_span - by_q_0)
    by_log_q = trial.q_EA * by_q_0 + trial.spread * by_spread
    return np.concatenate([[by_log_q, by_spread], 0.5 * means - by_y / widths])
