"""Prefactors of the laws of soft global minima, derived, for any law of the coefficients.

A potential has b2 p(a1 .. a4) dq0 db2 db3 db4 minima (see `spm.soft_sampling`). Global ones have
r = b3^2/(b2 b4) <= 3, so that b3 -> 0 with b2 and the law of the coefficients enters through moments alone,

    M_k = integral dq0 db4 b4^k p(-b4 q0^3/6, b4 q0^2/2, -b4 q0, b4):

* b3 from -(3 b2 b4)^(1/2) to (3 b2 b4)^(1/2): p(b2) -> 2 sqrt(3) M_(1/2) b2^(3/2);
* b2 = omega^2: D(omega) -> 4 sqrt(3) M_(1/2) omega^4;
* B = beta(r) b2^2/b4: p(B) -> I/2 M_(7/4) B^(1/4), I = integral from 8/3 to 3 of beta^(-5/4) r^(-1/2) dr (S
  20);
* near r = 3 the asymmetry is 2 (3 - r) b2^2/b4: p(asymmetry -> 0, B) -> (8/3)^(1/4)/(4 sqrt(3)) M_(7/4)
  B^(-3/4).
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy

from spm.law import SoftPotentials
from spm.marginals import Marginal, Tabulated
from spm.shape import BOUND, DOUBLE, barrier_factor

NODES, WEIGHTS = np.polynomial.legendre.leggauss(160)


@dataclass(frozen=True, kw_only=True)
class SoftLimits:
    """Prefactors per potential, for b2, omega, B -> 0.

    Attributes
    ----------
    b2 : float
        Of p(b2) = b2 b2^(3/2), global minima.
    A_g : float
        Of D(omega) = A_g omega^4, global minima, omega = b2^(1/2) (S 6).
    barrier : float
        Of p(B) = barrier B^(1/4), from the lower minimum (S 20).
    degenerate : float
        Of p(asymmetry, B) = degenerate B^(-3/4) at asymmetry 0.
    """

    b2: float
    A_g: float
    barrier: float
    degenerate: float


def soft_limits(law: SoftPotentials) -> SoftLimits:
    """Return the derived prefactors, to about 1e-6 for smooth laws; they hold for any regular law.

    Returns
    -------
    SoftLimits

    Examples
    --------
    D(omega) = 2 omega p(b2) at b2 = omega^2, so that A_g is twice the prefactor of b2^(3/2):

    >>> import spm
    >>> limits = spm.soft_limits(spm.SoftPotentials())
    >>> round(limits.A_g / limits.b2, 6)
    2.0
    """
    half, last = moment(law, 0.5), moment(law, 1.75)
    return SoftLimits(
        b2=2.0 * math.sqrt(3.0) * half,
        A_g=4.0 * math.sqrt(3.0) * half,
        barrier=0.5 * barrier_integral() * last,
        degenerate=(8.0 / 3.0) ** 0.25 / (4.0 * math.sqrt(3.0)) * last,
    )


def barrier_integral() -> float:
    """Return the integral from 8/3 to 3 of beta(r)^(-5/4) r^(-1/2) dr; r = 8/3 + t^2 takes out the root."""
    top = math.sqrt(BOUND - DOUBLE)

    def integrand(t: float) -> float:
        r = DOUBLE + t * t
        return float(barrier_factor(r) ** -1.25 / math.sqrt(r) * 2.0 * t)

    return float(scipy.integrate.quad(integrand, 1e-9, top, epsrel=1e-10)[0])


def moment(law: SoftPotentials, k: float) -> float:
    """Return M_k, over b4 by its quantiles u = t^3 (10 - 15 t + 6 t^2), which smooths the ends."""
    t = 0.5 * (NODES + 1.0)
    u = t**3 * (10.0 - t * (15.0 - 6.0 * t))
    b4 = law.a4.quantile(u)
    inner = np.array([_over_positions(law, one) for one in b4.tolist()])
    return float(0.5 * WEIGHTS @ (30.0 * (t * (1.0 - t)) ** 2 * b4**k * inner))


def _over_positions(law: SoftPotentials, b4: float) -> float:
    """Return the integral over q0 of p1(-b4 q0^3/6) p2(b4 q0^2/2) p3(-b4 q0).

    In pieces between the ends of the laws. A piece that ends nowhere is mapped to a finite one, q0 = end +
    sign scale x/(1 - x).
    """
    marks = {0.0}
    for end in _ends(law.a1):
        marks.add(math.copysign(abs(6.0 * end / b4) ** (1.0 / 3.0), -end))
    for end in _ends(law.a2):
        marks |= {sign * math.sqrt(2.0 * end / b4) for sign in (-1.0, 1.0) if end > 0.0}
    marks |= {-end / b4 for end in _ends(law.a3)}
    inner = np.array(sorted(marks))
    half = 0.5 * np.diff(inner)[:, np.newaxis]
    x, scale = 0.5 * (NODES + 1.0), min((6.0 / b4) ** (1.0 / 3.0), (2.0 / b4) ** 0.5, 1.0 / b4)
    tail, stretch = scale * x / (1.0 - x), 0.5 * scale / (1.0 - x) ** 2
    q0 = np.concatenate(
        [(inner[:-1, np.newaxis] + half * (1.0 + NODES)).ravel(), inner[0] - tail, inner[-1] + tail]
    )
    weights = np.concatenate([(half * WEIGHTS).ravel(), stretch * WEIGHTS, stretch * WEIGHTS])
    first, second = law.a1.density(-b4 * q0**3 / 6.0), law.a2.density(b4 * q0**2 / 2.0)
    return float(weights @ (first * second * law.a3.density(-b4 * q0)))


def _ends(marginal: Marginal) -> list[float]:
    """Return where the density may jump or bend."""
    ends = [marginal.low, marginal.high]
    if isinstance(marginal, Tabulated):
        ends += list(marginal.values)
    return [end for end in ends if math.isfinite(end)]
