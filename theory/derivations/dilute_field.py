"""The static field of dilute displaced sites with couplings J g/r^d is Cauchy distributed (S II.B)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the width of the Cauchy law and its tail."""
    n, J, x, t, w, a, r, f, ball = sp.symbols("n J x t w a r f V", positive=True)
    dim = sp.Symbol("d", positive=True)
    d = Draft("Field of dilute sources with couplings ~ r^-d")
    gauss = dim * ball * sp.integrate(r ** (dim - 1) * sp.exp(-(r**2)), (r, 0, sp.oo))
    d.step("int exp(-r^2) over space, by the volume V of the unit ball.", sp.simplify(gauss))
    volume = d.step("It is pi^(d/2), so V is", sp.solve(sp.Eq(gauss, sp.sqrt(sp.pi) ** dim), ball)[0])
    g = sp.Symbol("g", real=True)
    strength = sp.integrate(sp.Abs(g), (g, -sp.Rational(1, 2), sp.Rational(1, 2)))
    d.step("Mean |g| of g uniform in [-1/2, 1/2].", strength)
    d.step("ln of the mean of exp(i t f): - n int d^dr (1 - cos(t J x g/r^d)). "
           "By w = 1/r^d, d^dr = V dw/w^2.",
           sp.Integral((1 - sp.cos(a * w)) / w**2, (w, 0, sp.oo)))  # fmt: skip
    parts = -(1 - sp.cos(a * w)) / w
    ends = sp.limit(parts, w, sp.oo) - sp.limit(parts, w, 0)
    integral = ends + sp.integrate(sp.diff(1 - sp.cos(a * w), w) / w, (w, 0, sp.oo))
    d.step("Integrated by parts, the ends being zero.", integral)
    exponent = n * volume * integral.subs(a, t * J * x) * strength
    d.step("With a = t J x |g| averaged over g, minus the logarithm is linear in t.", exponent)
    width = d.step("That is a Cauchy law, of width", sp.simplify(exponent / t))
    d.conclude("dilute_field_width", (n, J, x, dim), width)
    s = sp.Symbol("gamma", positive=True)
    law = d.step(
        "Its density, from exp(-gamma |t|).",
        sp.integrate(sp.exp(-s * t) * sp.cos(f * t), (t, 0, sp.oo)) / sp.pi,
    )
    d.conclude("dilute_field_tail", (f, s), sp.limit(law * f**2, f, sp.oo) / f**2)
    return d.finish()
