"""Local heat capacities of a soft mode, and the tail of their law (S IV.I)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft
from theory.formulas import ratio_density, thermal_slope


def derive() -> Derivation:
    """Return c = -f b3/omega^4 and the exponent of p(c)."""
    d = Draft("Tail of the local heat capacities")
    _mode(d)
    _exponent(d)
    return d.finish()


def _mode(d: Draft) -> None:
    """Take (S 22) of one term of the energy to omega -> 0."""
    omega, stiff, b = sp.symbols("omega k_u b", positive=True)
    f, g, b3, w, v, u = sp.symbols("f g b3 w_ssu w_suu w_uuu", real=True)
    curvature = sp.symbols("e_ss e_su e_uu", real=True)
    third = (((b3, w), (w, v)), ((w, v), (v, u)))
    second = ((curvature[0], curvature[1]), (curvature[1], curvature[2]))
    inverse = ((1 / omega**2, 0), (0, 1 / stiff))
    heat = sp.expand(2 * thermal_slope(sp, (f, g), second, inverse, third))
    d.step("A soft mode s, a stiff one u: a term O of the energy, of slope (f, g), has c = 2 d<O>/dT =", heat)
    leading = d.step("As omega -> 0, for b3 that stays:", sp.limit(heat * omega**4, omega, 0) / omega**4)
    d.conclude("soft_mode_heat", (omega, b3, f), leading)
    lower = sp.limit(sp.expand(heat.subs(b3, b * omega)) * omega**3, omega, 0) / omega**3
    d.require("For b3 = b omega it is the leading term too.", lower, leading.subs(b3, b * omega))


def _exponent(d: Draft) -> None:
    """Go from the law of omega to the one of c."""
    c, delta, size, A_g, t = sp.symbols("c delta a A_g t", positive=True)
    steepness = sp.Symbol("sigma", nonnegative=True)
    fall = 4 - steepness
    at = d.step("With b3 ~ omega^sigma |c| is a omega^-(4 - sigma), a of a regular law: omega is",
                (size / c) ** (1 / fall))  # fmt: skip
    density = -A_g * at**delta * sp.diff(at, c)
    d.step("D = A_g omega^delta, so p(c) at given a is", sp.simplify(density))
    power = sp.simplify(c * sp.diff(sp.expand_log(sp.log(sp.simplify(density)), force=True), c))
    d.conclude("heat_tail_exponent", (delta, steepness), d.step("Its power of c.", power))
    law = sp.simplify(2 * t * ratio_density(sp, t**2))
    d.step("In lower wells b3 = t b4^(1/2) omega, t^2 = r; the law of r makes t uniform up to 3^(1/2),", law)
    d.step("so the mean of t^(5/3), which is in the prefactor, is finite.",
           sp.integrate(t ** sp.Rational(5, 3) * law, (t, 0, sp.sqrt(3))))  # fmt: skip
    for exponents, value, case in (
        ((4, 1), sp.Rational(-8, 3), "Lower wells, D ~ omega^4:"),
        ((4, 0), sp.Rational(-9, 4), "b3 that stays:"),
        ((3, 0), sp.Integer(-2), "Upper wells, of D ~ omega^3 besides:"),
    ):
        d.require(case, power.subs({delta: exponents[0], steepness: exponents[1]}), value)
