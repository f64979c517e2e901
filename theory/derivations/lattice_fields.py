"""Fields of displaced sites of a lattice: what sites change in the Cauchy law, and dense sources (S II.B)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft
from theory.formulas import dilute_field_width


def derive() -> Derivation:
    """Return the width for sources on sites, to first order in n, and the kurtosis of dense ones."""
    n, J, x, w = sp.symbols("n J x w", positive=True)
    dim = sp.Symbol("d", positive=True)
    g = sp.Symbol("g", real=True)
    half = sp.Rational(1, 2)
    d = Draft("Fields of displaced sites on a lattice")
    d.step(
        "s, the mean over g of cos(t J x g/r^d), with w = t J x/(2 r^d).",
        sp.simplify(sp.integrate(sp.cos(2 * w * g), (g, -half, half))),
    )
    one = d.step(
        "A site is a source with probability n: ln(1 - n (1 - s)), to second order in n.",
        sp.series(sp.log(1 - n * sp.Symbol("u")), n, 0, 3).removeO(),
    )
    power = sp.Symbol("s")
    wave = sp.gamma(power) * sp.sin(sp.pi * power / 2)
    d.step("int w^(s - 1) sin(w) dw; without leading terms of the sine it is the same function, continued.",
           wave)  # fmt: skip
    first = -sp.limit(wave, power, -2)
    d.step("Sites are dense where w ~ 1 if t J x >> 1: with d^dr ~ dw/w^2, the integral of (1 - s)/w^2.",
           first)  # fmt: skip
    square = 2**-power * sp.gamma(power) * sp.cos(sp.pi * power / 2) / 2
    second = 2 * first - sp.limit(square, power, -3)
    d.step("That of (1 - s)^2/w^2, by sin^2(w) = (1 - cos(2 w))/2.", second)
    u = sp.Symbol("u")
    shares = [one.coeff(u, k) for k in (1, 2)]
    factor = sp.expand((shares[0] * first + shares[1] * second) / (shares[0] * first))
    d.step("Second order over first.", factor)
    d.conclude("lattice_field_width", (n, J, x, dim), dilute_field_width(sp, n, J, x, dim) * factor)
    d.step(
        "The site itself, s = 0 at r -> 0, is in the integral but no source: this factor is divided out.",
        1 - n,
    )
    _dense(d, g, half)
    return d.finish()


def _dense(d: Draft, g: sp.Symbol, half: sp.Rational) -> None:
    """Add up cumulants of the terms J g x/r^d of all sites."""
    kurtosis, S_2, S_4 = sp.symbols("K S_2 S_4", positive=True)
    g_2, g_4 = (sp.integrate(g**power, (g, -half, half)) for power in (2, 4))
    d.step("Moments of g.", sp.Tuple(g_2, g_4))
    fourth = d.step(
        "Fourth cumulant of g x in units of <x^2>^2, K = <x^4>/<x^2>^2.", g_4 * kurtosis - 3 * g_2**2
    )
    d.conclude("dense_field_kurtosis", (kurtosis, S_2, S_4), sp.expand(S_4 * fourth / (S_2 * g_2) ** 2))
