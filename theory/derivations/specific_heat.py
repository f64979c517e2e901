"""Specific heat of a power-law density of modes, and where the reduced one is least (S 23)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return C = A_g T^(delta + 1) Gamma(delta + 3) zeta(delta + 2), and T_min."""
    y, T, A_g, delta = sp.symbols("y T A_g delta", positive=True)
    m = sp.Symbol("m", positive=True)
    d = Draft("Specific heat of quasilocalized modes")
    x = sp.Symbol("x", positive=True)
    energy = 1 / (sp.exp(1 / x) - 1)
    heat = d.step("One mode, in units of k_B, by y = omega/T.", sp.diff(energy, x).subs(x, 1 / y))
    d.require("It is y^2 e^-y/(1 - e^-y)^2.", heat, y**2 * sp.exp(-y) / (1 - sp.exp(-y)) ** 2)
    w = sp.Symbol("w")
    coefficients = sp.Poly(sp.series(w / (1 - w) ** 2, w, 0, 6).removeO(), w).all_coeffs()[::-1]
    d.step("w/(1 - w)^2 at w = e^-y is the sum of m w^m: its coefficients.", sp.Tuple(*coefficients))
    term = d.step(
        "Integral of y^(delta + 2) m e^(-m y).",
        sp.simplify(sp.integrate(m * y ** (delta + 2) * sp.exp(-m * y), (y, 0, sp.oo))),
    )
    power = sp.powsimp(sp.simplify(term / sp.gamma(delta + 3)), force=True)
    d.require("Its dependence on m.", power, m ** (-delta - 2))
    factor = sp.gamma(delta + 3) * sp.zeta(delta + 2)
    d.step("Summed over m, by the series of zeta.", factor)
    d.require("For delta = 4 the factor is 16 pi^6/21.", factor.subs(delta, 4), 16 * sp.pi**6 / 21)
    d.conclude("specific_heat_factor", (delta,), factor)
    density = sp.expand_power_base(A_g * (T * y) ** delta * T, force=True)
    d.step("D d omega = A_g omega^delta d omega by y.", density)
    d.conclude("power_law_specific_heat", (T, A_g, delta), sp.simplify(density / y**delta) * factor)
    _minimum(d, T)
    return d.finish()


def _minimum(d: Draft, T: sp.Symbol) -> None:
    C_TLS, C_sm = sp.symbols("C_TLS C_sm", positive=True)
    reduced = d.step("The reduced specific heat of (S 23).", sp.expand((C_TLS * T + C_sm * T**5) / T**3))
    (least,) = sp.solve(sp.diff(reduced, T), T)
    d.conclude("minimum_temperature", (C_TLS, C_sm), d.step("It is least at", least))
