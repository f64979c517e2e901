"""Second well and stability bound of the quartic potential: 8/3 and 3 (S II.A, IV.G)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the conditions on b3^2/(b2 b4) for a second minimum and for a lower one, and the positions."""
    s = sp.Symbol("s", real=True)
    b2, b3, b4 = sp.symbols("b2 b3 b4", positive=True)
    d = Draft("Wells of the quartic potential, and the bound b3^2 <= 3 b2 b4")
    U = d.step("The expansion about a stationary point.", b2 * s**2 / 2 + b3 * s**3 / 6 + b4 * s**4 / 24)
    slope = d.step("Apart from s = 0, stationary points solve a quadratic.", sp.cancel(sp.diff(U, s) / s))
    exists = d.step("They are real where its discriminant is positive.", sp.discriminant(slope, s))
    level = d.step("Apart from s = 0, points of equal energy solve another.", sp.cancel(U / s**2))
    lower = d.step("U goes below U(0) where its discriminant is positive.", sp.discriminant(level, s))
    second, barrier = sorted(sp.solve(slope, s), key=lambda root: root.subs({b2: 1, b3: 3, b4: 1}))
    d.step("The nearer root, for b3 > 0, is the barrier.", barrier)
    d.step("The farther root is the second minimum.", second)
    curvature = sp.diff(U, s, 2)
    values = {b2: 1, b3: 3, b4: 1}
    signs = [sp.sign(curvature.subs(values).subs(s, root.subs(values))) for root in (barrier, second)]
    d.require(
        "Their curvatures have these signs: a maximum and a minimum.", sp.Tuple(*signs), sp.Tuple(-1, 1)
    )
    d.conclude("double_well_margin", (b2, b3, b4), 12 * exists)
    d.conclude("stability_margin", (b2, b3, b4), -36 * lower)
    d.conclude("barrier_position", (b2, b3, b4), barrier)
    d.conclude("second_well_position", (b2, b3, b4), second)
    return d.finish()
