"""Weak coupling on the lattice: destabilised oscillators, and how the boson peak scales (S II.B)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft
from theory.formulas import boson_peak_frequency


def derive() -> Derivation:
    """Return the probability of an unstable pair, how far it moves, and the exponent of omega_b."""
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
    _displacements(d)
    _peak(d)
    return d.finish()


def _displacements(d: Draft) -> None:
    """Integrate the displacements of a pair over its stiffnesses, by their ratio instead."""
    t, a, J, kappa_0, A, S, g = sp.symbols("t a J kappa_0 A S g", positive=True)
    u, v = t - a, 1 / t - t**2 * a
    y = sp.sqrt(6 * a)
    for name, force in (("x_i", u * y + y**3 / 6 - t * y), ("x_j", v * t * y + (t * y) ** 3 / 6 - y)):
        d.require(f"Stiffnesses |J_ij| u, |J_ij| v; displacements y, t y in units of (|J_ij|/A)^(1/2), signs "
                  f"aside, y^2 = 6 a: u = t - a, v = 1/t - a t^2 balance the forces on {name}.",
                  sp.simplify(force), 0)  # fmt: skip
    jacobian = sp.Matrix([[sp.diff(c, s) for s in (t, a)] for c in (u, v)]).det()
    size = d.step("du dv = dt da times this; u, v > 0 is a < t, for t < 1.", sp.expand(-jacobian))
    for formula, p in (("pair_mean_square", 2), ("pair_mean_displacement", 1)):
        over_a = sp.integrate(sp.expand(size * y**p * (1 + t**p)), (a, 0, t))
        both = 2 * sp.integrate(sp.expand(sp.powsimp(over_a, force=True)), (t, 0, 1))
        d.step(f"Integral of |y|^{p} of both, twice that of t < 1.", both)
        power = 2 + sp.Rational(p, 2)
        chance = 2 * sp.integrate(g**power, (g, 0, sp.Rational(1, 2)))
        per_site = S / 2 * both * chance * J**power / (A ** sp.Rational(p, 2) * kappa_0**2)
        d.step("Per site: half of the sum S over the partners of |J_ij|^power, averaged over g.", per_site)
        d.conclude(formula, (J, kappa_0, A, S), per_site)


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
