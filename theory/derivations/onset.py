"""How the symmetry of the replicas breaks, just above the line where the replicon vanishes."""

import sympy as sp

from theory.derivations.jets import Jet, slope, varied
from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the spread of overlaps and the gain in energy for a small negative replicon."""
    d = Draft("The onset of replica-symmetry breaking")
    J, r, T, S, s = sp.symbols("J r E3 E2 s", positive=True)
    y = T / (2 * S)
    d.step("Where overlaps differ little y is the constant (E3 = E[f'''^2], E2 = E[f''^3])", y)
    inside = _replicon(d, J, y, S, s)
    margin = -r + inside
    d.step(
        "The replicon is -r < 0 with symmetric replicas; with mass y on a length s below q_EA it is",
        margin,
    )
    (spread,) = sp.solve(margin, s)
    d.conclude("onset_spread", (J, -r, T), d.step("It is 0, marginal, at s = q_EA - q_0 =", spread))
    slope_of_s = -(J**2) * y * s * margin / 2
    d.step(
        "d_q (q - E[f'^2]) is this replicon all along, and q = E[f'^2] at q_EA: mass y ds one step further "
        "down adds to e, per ds,",
        slope_of_s,
    )
    gain = sp.integrate(sp.expand(slope_of_s), (s, 0, spread))
    d.conclude("onset_energy", (J, -r, T, S), d.step("From s = 0 to q_EA - q_0 that is", sp.simplify(gain)))
    d.require(
        "It is greatest there: any measure gives less, the symmetric one first of all.",
        sp.simplify(slope_of_s.subs(s, spread)),
        sp.Integer(0),
    )
    return d.finish()


def _replicon(d: Draft, J: sp.Symbol, y: sp.Expr, S: sp.Symbol, s: sp.Symbol) -> sp.Expr:
    """Return by how much the mass y s, taken out of chi_EA, raises the replicon 1 - J^2 E[f''^2] at q_EA."""
    f, P, m = Jet("f"), Jet("P"), sp.Symbol("m", positive=True)
    softened = -(J**2) * m * f[1] ** 2 / 2
    d.step("A mass m = y s less in chi_EA stiffens sites by J^2 m; x = f', so f at q_EA changes by", softened)
    law = -(J**2) * m * slope(P[0] * f[1], f, P)
    d.step("Between states it pushes fields outward: the law at q_EA changes by", law)
    change = law * f[2] ** 2 + 2 * P[0] * f[2] * slope(softened, f, times=2)
    mean = varied(sp.expand(change), P, f)
    d.step("E[f''^2] changes by E of", mean)
    return sp.expand(-(J**2) * mean.subs(f[2] ** 3, S).subs(m, y * s))
