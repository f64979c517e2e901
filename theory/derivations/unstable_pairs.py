"""Weak coupling on the lattice: destabilised oscillators, and how the boson peak scales (S II.B)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft
from theory.formulas import boson_peak_frequency


def derive() -> Derivation:
    """Return the probability of an unstable pair and the exponent of omega_b."""
    c, s = sp.symbols("c s", positive=True)
    g = sp.Symbol("g", positive=True)
    d = Draft("Destabilised oscillators at weak coupling")
    t = sp.Symbol("t", positive=True)
    pair = t + sp.integrate(t / s, (s, t, 1))
    d.step("Two oscillators are unstable if kappa_i kappa_j < J_ij^2. In units of kappa_0, uniform: with "
           "t = J_ij^2/kappa_0^2 the probability is",
           pair)  # fmt: skip
    mean = 2 * sp.integrate(
        sp.expand_log(sp.expand(pair.subs(t, c**2 * g**2)), force=True), (g, 0, sp.Rational(1, 2))
    )
    d.step("With t = c^2 g^2, averaged over g.", sp.simplify(mean))
    d.conclude("unstable_pair_probability", (c,), mean)
    _peak(d)
    return d.finish()


def _peak(d: Draft) -> None:
    """Scale the fields of unstable pairs, and the boson peak with them."""
    J, A, beta, u, v = sp.symbols("J A beta u v", positive=True)
    density = (beta + 1) * (J * u) ** beta * J * (beta + 1) * (J * v) ** beta * J
    d.step("Pairs of stiffnesses J u, J v, u v < 1, per du dv, in units of kappa_0.", density)
    moved = d.step("They move by sqrt(J/A) times a function of u and v.", sp.sqrt(J / A))
    sources = density * moved
    tail = sp.sqrt(1 / u) * (1 / u)  # strip v < 1/u, of x ~ u^(-1/2)
    d.step("The integral over u, v of density and displacement converges (beta = 0: as this for large u), so "
           "kappa_0 enters in the normalisation only, and stiff partners of very soft ones are a correction.",
           sp.integrate(tail, (u, 1, sp.oo)))  # fmt: skip
    width = d.step("gamma ~ J n <|x|>.", sp.simplify(J * sources))
    peak = boson_peak_frequency(sp, width, A)
    exponent = sp.simplify(J * sp.diff(sp.log(peak), J))
    d.conclude("boson_peak_exponent", (beta,), exponent)
