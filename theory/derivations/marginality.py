"""Every overlap is marginal, and the density of responses that follows, by differentiation along q."""

import sympy as sp

from theory.derivations.jets import Jet, flowing, slope, varied
from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return J^2 E[f''^2] = 1, and y from its derivative."""
    d = Draft("Marginality and the density of responses")
    J, y, f = sp.Symbol("J", positive=True), sp.Symbol("y", positive=True), Jet("f")
    rate = -(J**2) * (f[2] + y * f[1] ** 2) / 2
    d.step("f flows at", rate)
    first = _along(f[1] ** 2, rate, J, y, f)
    d.require("P follows its own flow; by parts d_q E[f'^2] is E of", first, J**2 * f[2] ** 2)
    d.step(
        "q = E[f'^2] at every q between q_0 and q_EA: all overlaps are marginal.", sp.Eq(J**2 * f[2] ** 2, 1)
    )
    second = _along(J**2 * f[2] ** 2, rate, J, y, f)
    third, square = sp.symbols("E3 E2", positive=True)
    means = {f[3] ** 2: third, f[2] ** 3: square}
    grown = sp.expand(second).subs(means)
    d.step("The same once more: d_q of that mean, E3 = E[f'''^2], E2 = E[f''^3].", grown)
    d.conclude("marginality_slope", (J, y, third, square), grown)
    (density,) = sp.solve(grown, y)
    d.conclude("response_density", (third, square), d.step("It is 0, so y =", density))
    return d.finish()


def _along(expression: sp.Expr, rate: sp.Expr, J: sp.Symbol, y: sp.Symbol, f: Jet) -> sp.Expr:
    """Return what d_q E[expression] is the mean of: d_q P = J^2 (P'' - 2 y (P f')')/2, thrown on by parts."""
    P = Jet("P")
    law = J**2 * (P[2] - 2 * y * slope(P[0] * f[1], f, P)) / 2
    whole = flowing(expression, rate, f) * P[0] + law * expression
    return sp.expand(varied(sp.expand(whole), P, f))
