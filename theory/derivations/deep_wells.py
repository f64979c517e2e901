"""Deep wells of one stiffness are the Sherrington-Kirkpatrick model."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the energy of deep wells to first order in J."""
    d = Draft("Deep double wells: the Sherrington-Kirkpatrick model")
    A, depth, J, e = sp.symbols("A k J e", positive=True)
    x = sp.Symbol("x", positive=True)
    V = -depth * x**2 / 2 + A * x**4 / 24
    (well,) = sp.solve(sp.diff(V, x), x)
    d.step("kappa = -k < 0, no field: each site rests at + or - this.", well)
    bottom = d.step("at the energy", sp.simplify(V.subs(x, well)))
    shift = sp.Symbol("F", positive=True) / sp.diff(V, x, 2).subs(x, well)
    d.step(
        "Couplings, of order J, move x by J/k: a change of the energy of order J^2. F is the force.", shift
    )
    strength = sp.expand(J * well**2)
    d.step(
        "To first order x_i = x_0 s_i, s_i = +-1: pairs have J_ij x_0^2, of variance 1/N in units of",
        strength,
    )
    kappa = sp.Symbol("kappa", negative=True)
    total = (bottom + strength * e).subs(depth, -kappa)
    d.conclude(
        "deep_well_energy", (kappa, J, A, e), d.step("e is that of Ising spins, e_SK = -0.7631667:", total)
    )
    return d.finish()
