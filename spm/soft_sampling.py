"""Soft minima sampled directly, as deep into the tail b2 -> 0 as one likes, with weights.

A minimum at q0 has b2 = a2 + a3 q0 + a4 q0^2/2, b3 = a3 + a4 q0, b4 = a4. The Jacobian of (a1 .. a4) ->
(q0, b2, b3, b4) is |b2|, so a potential has b2 p(a1, a2, a3, a4) dq0 db2 db3 db4 minima there on average,
where

    a3 = b3 - b4 q0,    a2 = b2 - b3 q0 + b4 q0^2/2,    a1 = -b2 q0 + b3 q0^2/2 - b4 q0^3/6.

They are drawn from a density that covers this one, and weighted with the ratio of both.
"""

import math

import numpy as np
from numpy.typing import NDArray

from arguments import real
from landscape.disorder import uniform
from spm.law import SoftPotentials, check_size
from spm.marginals import Marginal
from spm.shape import BOUND, DOUBLE, cubic_barrier
from spm.table import QuarticWells, Wells

Array = NDArray[np.float64]

DEPTH = 1e-6  # default b2_min/b2_max
SHARES = np.array([0.3, 0.2, 0.25, 0.25])  # of the ways in which b3 is drawn, see `_draw_b3`
TAIL = 3.0  # scale of the third way, in units of (b2 b4)^(1/2)
NEAREST = 1e-6  # of the second way to r^(1/2) = 3^(1/2)


def sample_soft(
    law: SoftPotentials, n: int, *, b2_max: float, b2_min: float | None = None, seed: int = 0
) -> Wells:
    """Return weighted soft minima, b2 between b2_min and b2_max, equally many in each decade.

    The sum of `weight` over any kind of minima, divided by n, is the expected number of them in one potential
    (`potentials` is n). Minima of zero weight are left out. Rows stand alone: `partner` is -1, while barrier
    and asymmetry are those of the well's own potential. What `laws` makes of the table is complete for b2_min
    < b2 < b2_max and in `barrier_range` only.

    Parameters
    ----------
    law : SoftPotentials
    n : int
        Points drawn, at most 2^32 - 1.
    b2_max : float
        > 0.
    b2_min : float, optional
        In (0, b2_max); default 1e-6 b2_max.
    seed : int
        0 .. 2^32 - 1.

    Returns
    -------
    Wells
        With weights.

    Raises
    ------
    ValueError
        For an argument out of range, or if no point has a weight.

    Examples
    --------
    The law of the softest global minima, p(b2) ~ b2^(3/2), with its prefactor (S 6):

    >>> import spm
    >>> law = spm.SoftPotentials()
    >>> soft = spm.sample_soft(law, 20_000, b2_max=1e-4)  # complete from b2 = 1e-10 on
    >>> fit = spm.power_law(spm.laws(soft).b2_global, low=2e-10, high=9e-5, exponent=1.5)
    >>> abs(fit.prefactor / spm.soft_limits(law).b2 - 1) < 4 * fit.prefactor_error / fit.prefactor
    True
    """
    n, seed = check_size(n, seed)
    b2_max = real("b2_max", b2_max, above=0.0)
    b2_min = real("b2_min", DEPTH * b2_max if b2_min is None else b2_min, above=0.0, below=b2_max)
    b2 = b2_min * (b2_max / b2_min) ** _uniform(n, seed, "b2")
    b4 = np.maximum(law.a4.quantile(_uniform(n, seed, "b4")), np.finfo(np.float64).tiny)
    b3, b3_density = _draw_b3(law, b2, b4, seed)
    q0, q0_density = _draw_position(law, b3, b4, seed)
    a1 = q0 * (-b2 + q0 * (0.5 * b3 - b4 * q0 / 6.0))
    a2 = b2 + q0 * (0.5 * b4 * q0 - b3)
    target = b2 * law.a1.density(a1) * law.a2.density(a2) * law.a3.density(b3 - b4 * q0)
    weight = target * b2 * math.log(b2_max / b2_min) / (b3_density * q0_density)
    rows = weight > 0.0
    if not rows.any():
        raise ValueError(f"n = {n}: no point has a weight; raise n")
    return _table(q0[rows], b2[rows], b3[rows], b4[rows], weight[rows], float(n))


def barrier_range(wells: QuarticWells) -> tuple[float, float]:
    """Return between which barriers a table whose b2 has ends is complete, for global minima.

    B = beta(r) b2^2/b4 with beta from 3/8 to 1/2; the softest and the stiffest thousandth of b4 are not
    counted.

    Returns
    -------
    (float, float)
        Lowest and highest barrier.

    Examples
    --------
    >>> import spm
    >>> soft = spm.sample_soft(spm.SoftPotentials(a4=spm.Uniform(low=1.0, high=2.0)), 20_000, b2_max=1e-4)
    >>> low, high = spm.barrier_range(soft)
    >>> round(high / (3 / 8 * 1e-8 / 2), 2)  # beta(3) b2_max^2/b4 of the largest b4
    1.0
    """
    soft, stiff = np.quantile(wells.b4, [0.001, 0.999])
    return float(0.5 * wells.b2.min() ** 2 / soft), float(0.375 * wells.b2.max() ** 2 / stiff)


def _draw_b3(law: SoftPotentials, b2: Array, b4: Array, seed: int) -> tuple[Array, Array]:
    """Return b3 = t (b2 b4)^(1/2) and its density, a mixture of four laws.

    t uniform within the stability bound; |t| in the range of double wells within it, uniform in the logarithm
    of 3^(1/2) - |t|, for small asymmetries; t of a Cauchy law; b3 of a Cauchy law as wide as that of a3.
    """
    unit = np.sqrt(b2 * b4)
    edge, span = math.sqrt(BOUND), math.sqrt(BOUND) - math.sqrt(DOUBLE)
    range_of_logs = math.log(span / NEAREST)
    kind = np.searchsorted(np.cumsum(SHARES)[:-1], _uniform(b2.size, seed, "kind"))
    u = _uniform(b2.size, seed, "b3")
    v = np.abs(2.0 * u - 1.0)
    paired = np.copysign(edge - NEAREST * np.exp(v * range_of_logs), u - 0.5)
    cauchy, wide = np.tan(math.pi * (u - 0.5)), np.full(b2.size, _reach(law.a3))
    t = np.choose(kind, [edge * (2.0 * u - 1.0), paired, TAIL * cauchy, wide / unit * cauchy])
    gap = edge - np.abs(t)
    near = (gap >= NEAREST) & (gap <= span)
    inside = np.where(gap > 0.0, 0.5 / edge, 0.0)
    pairs = np.divide(0.5 / range_of_logs, gap, out=np.zeros(t.size), where=near)
    tails = _cauchy_density(t, np.full(t.size, TAIL)), _cauchy_density(t, wide / unit)
    return t * unit, SHARES @ np.stack([inside, pairs, *tails]) / unit


def _draw_position(law: SoftPotentials, b3: Array, b4: Array, seed: int) -> tuple[Array, Array]:
    """Return q0 and its density, of the Cauchy law as wide as the likely a1, a2, a3 allow."""
    s1, s2, s3 = (_reach(marginal) for marginal in (law.a1, law.a2, law.a3))
    size = np.abs(b3)
    narrowness = np.cbrt(b4 / (6.0 * s1)) + np.sqrt(b4 / (2.0 * s2)) + b4 / s3
    scale = 1.0 / (narrowness + size / s2 + np.sqrt(0.5 * size / s1))
    q0 = scale * np.tan(math.pi * (_uniform(b3.size, seed, "q0") - 0.5))
    return q0, _cauchy_density(q0, scale)


def _reach(marginal: Marginal) -> float:
    """Return how far from the origin a law reaches, but for a tenth at either end."""
    return float(np.abs(marginal.quantile(np.array([0.1, 0.9]))).max())


def _cauchy_density(x: Array, scale: Array) -> Array:
    return scale / (math.pi * (scale**2 + x**2))


def _uniform(n: int, seed: int, label: str) -> Array:
    return uniform(n, seed=seed, sample=0, label=f"spm:soft:{label}")


def _table(q0: Array, b2: Array, b3: Array, b4: Array, weight: Array, potentials: float) -> Wells:
    """Return the table; U(q0) follows from U(0) = 0 at s = -q0."""
    plain = QuarticWells(b2=b2, b3=b3, b4=b4, weight=weight, potentials=potentials)
    height = plain.exact_barrier
    return Wells(
        b2=b2,
        b3=b3,
        b4=b4,
        weight=weight,
        potentials=potentials,
        position=q0,
        energy=-(q0**2) * (0.5 * b2 - q0 * (b3 / 6.0 - q0 * b4 / 24.0)),
        is_global=~plain.violates,
        partner=np.full(b2.size, -1),
        barrier=height,
        cubic_barrier=np.where(np.isnan(height), np.nan, cubic_barrier(b2, b3)),
        asymmetry=plain.exact_asymmetry,
    )
