"""One oscillator in a force, and the exact rescaling of the Hamiltonian (S 10)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return force, curvature and minimum of one oscillator, and what rescaling x does to the parameters."""
    x, y, a, A = sp.symbols("x y a A", positive=True)
    kappa, J, h, other, f = sp.symbols("kappa J h x_j f", real=True)
    d = Draft("One oscillator, and the rescaling of all")
    energy = kappa * x**2 / 2 + A * x**4 / 24
    d.step("Energy of an oscillator of (S 10), beside couplings and field.", energy)
    d.conclude("held_force", (kappa, x, A), sp.diff(energy, x))
    d.conclude("oscillator_stiffness", (kappa, x, A), sp.diff(energy, x, 2))
    whole = energy + J * x * other - h * x
    scaled = sp.expand(whole.subs({x: a * y, other: a * sp.Symbol("y_j")}) / (A * a**4))
    d.step("With x = a y, all in units of A a^4.", scaled)
    again = {
        kappa: kappa / (A * a**2),
        J: J / (A * a**2),
        h: h / (A * a**3),
        A: 1,
        x: y,
        other: sp.Symbol("y_j"),
    }
    d.require(
        "It is the same with kappa/(A a^2), J/(A a^2), h/(A a^3) and A = 1.",
        scaled,
        sp.expand(whole.subs(again, simultaneous=True)),
    )
    _minima(d, A, f)
    return d.finish()


def _minima(d: Draft, A: sp.Symbol, f: sp.Symbol) -> None:
    """Solve kappa x + A x^3/6 = f by the triple-angle identities of sinh and cos."""
    m, t = sp.symbols("m t", positive=True)
    kappa = m**2 * A / 2
    stiff = (kappa * 2 * m * sp.sinh(t) + A * (2 * m * sp.sinh(t)) ** 3 / 6).rewrite(sp.exp)
    d.step("kappa > 0, m = (2 kappa/A)^(1/2): at x = 2 m sinh t the force is", sp.factor(sp.expand(stiff)))
    d.require(
        "which is A m^3 sinh(3 t)/3.",
        sp.expand(stiff),
        sp.expand((A * m**3 * sp.sinh(3 * t) / 3).rewrite(sp.exp)),
    )
    force, stiffness = sp.symbols("f kappa", positive=True)
    angle = sp.asinh(3 * force / (A * m**3)) / 3
    d.conclude(
        "oscillator_minimum",
        (stiffness, force, A),
        (2 * m * sp.sinh(angle)).subs(m, sp.sqrt(2 * stiffness / A)),
    )
    d.conclude("soft_oscillator_minimum", (force, A), sp.solve(A * t**3 / 6 - force, t)[0])
    soft = sp.expand_trig(-kappa * 2 * m * sp.cos(t) + A * (2 * m * sp.cos(t)) ** 3 / 6)
    d.require("kappa < 0, m = (-2 kappa/A)^(1/2): at x = 2 m cos t the force is A m^3 cos(3 t)/3.",
              sp.expand(soft), sp.expand(sp.expand_trig(A * m**3 * sp.cos(3 * t) / 3)))  # fmt: skip
    angle = sp.acos(3 * force / (A * m**3)) / 3
    d.require("At f = 0 this branch is the well at (-6 kappa/A)^(1/2): the lower one of f > 0.",
              (2 * m * sp.cos(angle)).subs(force, 0), sp.sqrt(3) * m)  # fmt: skip
    negative = sp.Symbol("kappa", negative=True)
    branch = (2 * m * sp.cos(angle)).subs(m, sp.sqrt(-2 * negative / A))
    d.conclude("two_well_oscillator_minimum", (negative, force, A), branch)
