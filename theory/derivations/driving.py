"""How a soft mode softens under load, (S 21), and b2 ~ sqrt(gamma_c - gamma)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return db2/dgamma = -b3 F/b2 to leading order in 1/b2, and b2 integrated to the instability."""
    g, s, u = sp.symbols("gamma s u", real=True)
    F, c, rest, w3, wuu = sp.symbols("F c F_u w_3 w_uu", real=True)
    b2, b3, stiff, step = sp.symbols("b2 b3 k_u epsilon", positive=True)
    d = Draft("Softening under load")
    U = d.step(
        "Energy by the soft mode s, a stiff coordinate u and the load gamma, F = d2U/dgamma ds.",
        b2 * s**2 / 2 + stiff * u**2 / 2 + F * g * s + rest * g * u + b3 * s**3 / 6 + w3 * s**2 * u / 2
        + wuu * s * u**2 / 2 + c * g * s**2 / 2,
    )  # fmt: skip
    ds, du = -F / b2, -rest / stiff
    residual = [
        sp.diff(sp.diff(U, v).subs({s: step * ds, u: step * du, g: step}), step).subs(step, 0) for v in (s, u)
    ]
    d.require("At equilibrium ds/dgamma = -F/b2 and du/dgamma = -F_u/k_u: no force to first order.",
              sp.Tuple(*map(sp.simplify, residual)), sp.Tuple(0, 0))  # fmt: skip
    curvature = sp.diff(U, s, 2).subs({s: step * ds, u: step * du, g: step})
    rate = d.step("Curvature along s changes at the rate", sp.expand(sp.diff(curvature, step)))
    leading = d.step("As b2 -> 0 its first term dominates (S 21).", sp.limit(rate * b2, b2, 0) / b2)
    path, end = sp.Function("b"), sp.Symbol("gamma_c", real=True)
    left = sp.Symbol("distance", positive=True)
    ode = sp.Eq(sp.diff(path(g), g), leading.subs({b2: path(g)}))
    solutions = sp.dsolve(ode, path(g), ics={path(end): 0})
    force = sp.Symbol("F", positive=True)
    branches = [sp.simplify(e.rhs.subs({g: end - left, F: force})) for e in solutions]
    positive = max(branches, key=lambda e: e.subs({left: 1, force: 1, b3: 1}))
    d.conclude(
        "softening_stiffness",
        (b3, force, left),
        d.step("Integrated from the instability at gamma_c.", positive),
    )
    return d.finish()
