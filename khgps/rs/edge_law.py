"""The gapless law D(omega) -> prefactor omega^exponent at the states that end the replica-symmetric phase.

With zeta of `khgps.resolvent`, lambda = zeta (r - J^2 zeta E[1/(k^2 (k - zeta))]), r the replicon, and
rho = Im zeta/(pi J^2):

* r = 0 with E[1/k^3] finite (b > 0): lambda = -J^2 E[1/k^3] zeta^2.
* b = 0 with r > 0: P(k) = c k^a near k = 0, a = beta + 3/2, gives rho(lambda) = P(lambda/r)/r.
* both, at the special point: lambda = -(pi c J^2/|sin pi a|) (-zeta)^a if a < 2, else as the first.

Near k = 0 the field is near 0 too: P(k) = k p_f(0) int dx p_kappa(k - x^2/2), so
c = c_0 p_f(0) sqrt(2) B(1/2, beta + 1), with c_0 of p_kappa ~ c_0 (kappa - kappa_min)^beta, which is
(beta + 1) w^-(beta + 1) for the power law. Without a field x = 0, and a = beta, c = c_0.
"""

import math

import scipy

from khgps.rs.cavity import averages
from khgps.rs.states import State


def edge_law(state: State, *, special: bool = False) -> tuple[float, float]:
    """Return (exponent, prefactor) of D(omega) at omega -> 0 in a state of the critical line."""
    law, h = state.oscillators
    strength, beta = state.J**2, law.beta
    if state.b > 0.0:
        return 2.0, _delocalised(state)
    power, amplitude = beta, law.edge
    if state.s > 0.0:
        power += 1.5
        density = math.exp(-0.5 * (h / state.s) ** 2) / (math.sqrt(2.0 * math.pi) * state.s)
        amplitude *= density * math.sqrt(2.0) * float(scipy.special.beta(0.5, beta + 1.0))
    if not special:
        return 2.0 * power + 1.0, 2.0 * amplitude / state.replicon ** (power + 1.0)
    if power >= 2.0:
        return 2.0, _delocalised(state)
    factor = math.pi * amplitude * strength / abs(math.sin(math.pi * power))
    return 1.0 + 2.0 / power, 2.0 * math.sin(math.pi / power) / (math.pi * strength) * factor ** (
        -1.0 / power
    )


def _delocalised(state: State) -> float:
    """Return 2/(pi J^3 sqrt(E[1/k^3])); 0 where E[1/k^3] diverges, by a logarithm: beta = 1/2, b = 0."""
    law, h = state.oscillators
    k_3 = (
        math.inf if state.b == 0.0 and law.beta == 0.5 else averages(law, state.b, h, state.s, cube=True).k_3
    )
    return 2.0 / (math.pi * state.J**3 * math.sqrt(k_3))
