"""The law of the local stiffness k = V''(x) in a ground state of K steps (J = A = 1).

As H = kappa' x + x^3/6 and k = kappa' + x^2/2, with x = 2 k^(1/2) sin(alpha) (`khgps.rs.local_stiffness`),

    P(k) = 2 k^(3/2) int d alpha cos(alpha) p_kappa(kappa') P(q_EA, (2/3) k^(3/2) sin 3 alpha | kappa'),

kappa' = k cos 2 alpha, over |alpha| <= pi/3, where x is the lower of two minima.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import scipy
from numpy.polynomial.chebyshev import chebval
from numpy.typing import NDArray

from khgps.lower_well import lower_well
from khgps.piecewise_law import PiecewiseLaw, refined
from khgps.rsb.fields import LocalFields
from khgps.stiffness_law import Piece

Array = NDArray[np.float64]

NODES = 8  # per panel of alpha
GRADED = np.array([0.0, 0.1, 0.5, 0.9, 1.0])  # ends of its panels
NARROW = 0.1  # pieces of less than this part of the law's width have one panel
GRADES = 12  # panels of k^(1/2) shrink to 2^-GRADES
TOLERANCE = 1e-7  # of the density of k


def stiffness_density(fields: LocalFields, k: Array) -> Array:
    """Return P(k) for an array of k."""
    flat = np.ravel(k)
    values = np.zeros(flat.size)
    for piece in fields.oscillators.law.pieces:
        b = piece.low - fields.trial.u
        inside = flat > max(b, -2.0 * (b + piece.width), 0.0)
        if piece.width == 0.0:
            x = np.sqrt(2.0 * (flat[inside] - b))
            kappa = np.full(x.size, b)
            both = fields.density(kappa, x) + fields.density(kappa, -x)
            values[inside] += both * flat[inside] / x * piece.mass
        else:
            values[inside] += _over_alpha(fields, piece, flat[inside])
    return values.reshape(np.shape(k))


def _over_alpha(fields: LocalFields, piece: Piece, k: Array) -> Array:
    """Return the part of P(k) of a piece of the law of stiffness with a width, where it is > 0."""
    b, width, beta = piece.low - fields.trial.u, piece.width, piece.beta
    most, least = (0.5 * np.arccos(np.clip(edge / k, -0.5, 1.0)) for edge in (b, b + width))
    # fields above the largest have no weight: they leave out the middle of alpha
    beyond = np.arcsin(np.minimum(1.5 * fields.flow.fields[0, -1] * k**-1.5, 1.0)) / 3.0
    ends_of_panels = GRADED if width > NARROW * fields.oscillators.width else GRADED[[0, -1]]
    total = np.zeros(k.size)
    for low, high in ((least, np.minimum(most, beyond)), (np.maximum(least, math.pi / 3.0 - beyond), most)):
        length = np.maximum(high - low, 0.0)
        for start, end in pairwise(ends_of_panels):
            # where the panel ends at kappa' = b, the power (kappa' - b)^beta is in the weights
            at_edge = (high == most) & (most < math.pi / 3.0) & (end == 1.0)
            for power, chosen in ((0.0, ~at_edge), (beta, at_edge)):
                here = np.flatnonzero(chosen & (length > 0.0))
                ends = (low + end * length)[here], (0.5 * (end - start) * length)[here]
                total[here] += _panel(fields, piece, k[here], *ends, most[here], power)
    return np.asarray(2.0 * k**1.5 * total * (beta + 1.0) / width ** (beta + 1.0))


def _panel(
    fields: LocalFields, piece: Piece, k: Array, end: Array, half: Array, most: Array, power: float
) -> Array:
    """Return the integral over alpha from end - 2 half to end, with the rule of (end - alpha)^power."""
    nodes, weights = _jacobi(power)
    k, end, half, most = (values[:, np.newaxis] for values in (k, end, half, most))
    left = half * (1.0 - nodes)
    alpha = end - left
    kappa, x = k * np.cos(2.0 * alpha), 2.0 * np.sqrt(k) * np.sin(alpha)
    above = 2.0 * k * np.sin(most + alpha) * np.sin(most - end + left)  # kappa' - b, without cancellation
    above = np.where(most < math.pi / 3.0, above, kappa - (piece.low - fields.trial.u))
    law = (above / (1.0 - nodes) if power else above) ** piece.beta
    law = law * chebval(2.0 * above / piece.width - 1.0, piece.shape)
    both = fields.density(kappa, x) + fields.density(kappa, -x)
    return np.asarray(half[:, 0] * ((np.cos(alpha) * law * both) @ weights))


def stiffness_panels(fields: LocalFields) -> PiecewiseLaw:
    """Return the law of k as `khgps.resolvent` wants it.

    P(k) is not smooth at k = 0 or the least k, at k = kappa' of the stiffest oscillators, which rest at x = 0
    without a field, and at k = -2 kappa' of the softest, which is the least k of theirs.
    """
    law, b = fields.oscillators.law, fields.least
    corners = sorted({b + (end - law.kappa_min) for piece in law.pieces for end in (piece.low, piece.high)})
    low, top = max(b, 0.0), highest_stiffness(fields)
    marks = [-2.0 * corner for corner in corners[:-1] if corner < 0.0]
    least = max(low, -2.0 * corners[-1])
    origins = np.array([low, *(corner for corner in corners[1:] if low < corner < top)])
    starts, stops = np.maximum(origins, least), [*origins[1:].tolist(), top]
    grades = [GRADES if i in (0, origins.size - 1) else 0 for i in range(origins.size)]
    panels = [
        _graded(*place, marks) for place in zip(origins.tolist(), starts.tolist(), stops, grades, strict=True)
    ]
    which = np.repeat(np.arange(origins.size), [len(one) for one in panels])

    def density(y: Array, which: NDArray[np.int64]) -> Array:
        k = origins[which][:, np.newaxis] + y * y
        return 2.0 * y * stiffness_density(fields, k) / k

    return refined(np.concatenate(panels), which, origins, density, TOLERANCE, TOLERANCE)


def highest_stiffness(fields: LocalFields) -> float:
    """Return the largest k that counts."""
    ends = fields.least, fields.least + fields.oscillators.width
    largest = float(fields.flow.fields[0, -1])
    return max(kappa + 0.5 * float(lower_well(kappa, largest)) ** 2 for kappa in ends)


def _graded(origin: float, start: float, end: float, grades: int, marks: list[float]) -> Array:
    """Return panels of (k - origin)^(1/2) from k = start to end, (panels, 2), finer towards the start."""
    cuts = [start, *(start + (end - start) * 4.0 ** np.arange(-grades, 1.0)), *marks]
    edges = np.unique([cut for cut in cuts if start <= cut <= end])
    edges = np.sqrt(edges - origin)
    return np.stack([edges[:-1], edges[1:]], axis=1)


@cache
def _jacobi(power: float) -> tuple[Array, Array]:
    """Return the rule of the weight (1 - t)^power."""
    nodes, weights = scipy.special.roots_jacobi(NODES, power, 0.0)
    return nodes, weights
