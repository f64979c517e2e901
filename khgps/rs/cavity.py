"""Averages over one oscillator in its cavity field, at zero temperature and A = 1.

The oscillator of stiffness kappa sits at the global minimum x of V = kappa' x^2/2 + x^4/24 - f x, with kappa'
= kappa - J^2 chi in [b, b + w] and the field f normal of mean h and deviation s. As f = kappa' x + x^3/6 and
df = k dx with k = V''(x) = kappa' + x^2/2, the average over f is an integral over x without singularity,

    E[F] = E_kappa' int dx k p_f(kappa' x + x^3/6) F,

over all x if kappa' >= 0, and over x^2 > -6 kappa' if not: there x jumps at f = 0, from -x_0 to
x_0 = sqrt(-6 kappa').
"""

import math
from typing import NamedTuple

import numpy as np

from khgps.lower_well import lower_wells
from khgps.stiffness import gauss_rules, law_nodes
from khgps.stiffness_law import StiffnessLaw
from landscape.jit import kernel

REACH = 8.4  # fields beyond so many deviations from h have no weight: 4e-17


class Averages(NamedTuple):
    """Averages E over field and stiffness, with their derivatives by v = s^2 and by b (h and w fixed)."""

    one: float  # 1, within the error of the quadrature
    x2: float  # E[x^2]
    chi: float  # E[dx/df] = E[1/k], and 2 x_0 p_f(0) from the jumps where kappa' < 0
    k_2: float  # E[1/k^2]
    k_3: float  # E[1/k^3], if asked for: it takes more nodes
    energy: float  # E[V(x)] = -E[kappa' x^2/2 + x^4/8]
    deficit: float  # E[x^2] - v E[1/k^2], without cancellation where x is nearly linear in f
    x2_v: float
    x2_b: float
    chi_v: float
    chi_b: float
    deficit_v: float
    jumps: float  # of chi, what jumps of x give


def averages(law: StiffnessLaw, b: float, h: float, s: float, *, cube: bool = False) -> Averages:
    """Return the averages for the law of kappa' = kappa - kappa_min + b, and f ~ N(h, s^2), h >= 0.

    s = 0 means that all rest at x = 0, and needs h = 0 and b >= 0. At b = 0, E[1/k^2] needs a law without an
    atom there, and beta > -1/2. E[1/k^3] is right where `cube` is true and b > 0, or b = 0 and beta > 1/2.
    """
    if s == 0.0 and b == 0.0:
        return _gapless_at_rest(law)
    rules = gauss_rules(0.0)
    scale = 0.0 if cube and b > 0.0 else s ** (1.0 / 3.0)
    kappa, weight = law_nodes(law, b, scale)
    reach = REACH * s
    fields = np.array([[max(h - reach, 0.0)], [h + reach], [0.0], [max(reach - h, 0.0)]])
    ends = lower_wells(kappa, fields) if s > 0.0 else fields
    return Averages(*_sums(kappa, weight, h, s, ends, rules.nodes[0], rules.weights[0]).tolist())


def _gapless_at_rest(law: StiffnessLaw) -> Averages:
    """Return the averages of x = 0 at b = 0: the first piece gives (beta + 1)/(beta + 1 - n) w^-n, or inf."""
    first, beta, others = law.pieces[0], law.beta, StiffnessLaw(law.pieces[1:])
    moments = []
    for n in (1, 2, 3):
        moment = math.inf
        if first.width > 0.0 and beta + 1.0 > n:
            moment = (beta + 1.0) / (beta + 1.0 - n) / first.width**n * first.mean(np.ones_like, -n)
        if others.pieces:
            kappa, weight = law_nodes(others, others.kappa_min - law.kappa_min, 0.0)
            moment += float(weight @ kappa**-n)
        moments.append(moment)
    k_1, k_2, k_3 = moments
    return Averages(1.0, 0.0, k_1, k_2, k_3, 0.0, 0.0, k_2, 0.0, math.nan, -k_2, math.nan, 0.0)


@kernel
def _sums(kappa, weight, h, s, ends, nodes, weights):  # type: ignore[no-untyped-def]
    """Return the sums over stiffness and field, in the order of `Averages`.

    Of each stiffness `ends` are the least and largest x > 0, and -x < 0, that count.
    """
    sums = np.zeros(13)
    for i in range(kappa.size):
        if s == 0.0:
            _add_at_rest(kappa[i], weight[i], sums)
            continue
        # x is about f/kappa' at every field that counts
        linear = kappa[i] > 0.0 and (h + REACH * s) ** 2 < kappa[i] ** 3
        _add_side(kappa[i], weight[i], h, s, ends[0, i], ends[1, i], nodes, weights, linear, sums)
        _add_side(kappa[i], weight[i], -h, s, ends[2, i], ends[3, i], nodes, weights, linear, sums)
        if kappa[i] < 0.0:
            jump = 2.0 * math.sqrt(-6.0 * kappa[i]) * weight[i] * _normal(h / s) / s
            sums[2] += jump
            sums[12] += jump
            sums[9] += jump * ((h / s) ** 2 - 1.0) / (2.0 * s * s)
    return sums


@kernel
def _add_at_rest(kappa, weight, sums):  # type: ignore[no-untyped-def]
    """Add an oscillator at x = 0 without a field."""
    sums[0] += weight
    sums[2] += weight / kappa
    sums[3] += weight / kappa**2
    sums[4] += weight / kappa**3
    sums[7] += weight / kappa**2
    sums[9] -= 0.5 * weight / kappa**4
    sums[10] -= weight / kappa**2


@kernel
def _add_side(kappa, weight, h, s, x, end, nodes, weights, linear, sums):  # type: ignore[no-untyped-def]
    """Add the part x > 0 of the integral over x; x < 0 is its mirror image, h -> -h."""
    if h + REACH * s <= 0.0:
        return
    pole = math.copysign(math.sqrt(2.0 * abs(kappa)), kappa)
    while x < end:
        # what 16 nodes resolve: this length beside the poles of 1/k, three deviations of the field
        step = min(1.5 * (x + pole), end - x, 3.0 * s / (kappa + 0.5 * x * x))
        while step * (kappa + 0.5 * x * x + step * (0.5 * x + step / 6.0)) > 3.2 * s:
            step *= 0.8
        if not x + step > x:  # the field spreads less than floats do: no nodes lie between
            break
        for j in range(nodes.size):
            node = x + 0.5 * step * (1.0 + nodes[j])
            _add_node(kappa, node, 0.5 * step * weight * weights[j], h, s, linear, sums)
        x += step


@kernel
def _add_node(kappa, x, weight, h, s, linear, sums):  # type: ignore[no-untyped-def]
    """Add one node of the integral over x; derivatives by v are averages with the score (z^2 - 1)/(2 v)."""
    x2 = x * x
    k = kappa + 0.5 * x2
    z = ((kappa + x2 / 6.0) * x - h) / s
    p = weight * _normal(z) / s
    score = (z * z - 1.0) / (2.0 * s * s)
    sums[0] += p * k
    sums[1] += p * k * x2
    sums[2] += p
    sums[3] += p / k
    sums[4] += p / (k * k)
    sums[5] -= p * k * x2 * (0.5 * kappa + 0.125 * x2)
    if linear:  # less E[(f - h)^2 - v]/kappa'^2, which is zero
        bend = (h - x * x2 / 6.0) / kappa
        softer = 0.5 * x2 * (k + kappa) / (kappa * k) ** 2  # 1/kappa'^2 - 1/k^2
        lack = bend * (2.0 * x - bend) + s * s * softer
        sums[6] += p * k * lack
        sums[11] += p * k * (lack * score + softer)
    else:
        sums[6] += p * (k * x2 - s * s / k)
        sums[11] += p * ((k * x2 - s * s / k) * score - 1.0 / k)
    sums[7] += p * k * x2 * score
    sums[8] -= 2.0 * p * x2
    sums[9] += p * score
    sums[10] -= p * x * z / s


@kernel
def _normal(z):  # type: ignore[no-untyped-def]
    """Return the standard normal density."""
    return math.exp(-0.5 * z * z) / 2.5066282746310002
