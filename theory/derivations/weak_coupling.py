"""A_g of KHGPS at weak coupling, kappa_min = 0, with its constants (S IV.E, Fig. 9b)."""

import sympy as sp

from theory import formulas
from theory.derivations.steps import Derivation, Draft

h, x, A, J, kappa_0, chi = sp.symbols("h x A J kappa_0 chi", positive=True)
soft, stiff = sp.symbols("x_0 x_1", positive=True)
SOFT = sp.cbrt(6 * h / A)  # the displacement of kappa = 0, of derivation `oscillator`


def derive() -> Derivation:
    """Return <x^2>, chi, E[1/k^2] of nearly free oscillators, p_f(0) with its part of order J^2, and A_g."""
    d = Draft("A_g at weak coupling")
    stiffness = d.step("kappa of the oscillator that the field h displaces to x.", h / x - A * x**2 / 6)
    measure = d.step(
        "Its density by x, kappa uniform on [0, kappa_0].", sp.simplify(-sp.diff(stiffness, x) / kappa_0)
    )
    curvature = d.step("Its curvature.", sp.expand(stiffness + A * x**2 / 2))
    square = sp.integrate(sp.expand(measure * x**2), (x, stiff, soft))
    d.step("E[x^2], from x_1 of kappa_0 to x_0 of kappa = 0.", square)
    whole = square.subs({soft: SOFT, stiff: formulas.oscillator_minimum(sp, kappa_0, h, A)})
    d.conclude("mean_square_displacement", (h, kappa_0, A), whole)
    free = d.step("kappa_0 >> h^(2/3): x_1 = h/kappa_0 -> 0 and x_0^3 = 6 h/A.",
                  sp.simplify(square.subs(stiff, 0).subs(soft, SOFT)))  # fmt: skip
    d.conclude("weak_displacement", (h, kappa_0, A), free)
    response = sp.integrate(sp.simplify(measure / curvature), (x, h / kappa_0, SOFT)) * kappa_0
    response = sp.expand_log(sp.expand(response), force=True) / kappa_0
    d.step("E[1/k] is E of 1/x by x:", response)
    d.conclude("weak_response", (h, kappa_0, A), response)
    _replicon(d, sp.simplify(measure / curvature**2))
    _field_density(d, free, response)
    return d.finish()


def _replicon(d: Draft, integrand: sp.Expr) -> None:
    """Integrate 1/k^2."""
    y = sp.Symbol("y", positive=True)
    scale = sp.cbrt(3 * h / A)
    by_y = sp.factor(sp.simplify(integrand.subs(x, scale * y) * scale))
    d.step("E[1/k^2] by y = x (A/(3 h))^(1/3).", by_y)
    front = sp.simplify(by_y * (1 + y**3))
    primitive = sp.log(1 + y) / 3 - sp.log(y**2 - y + 1) / 6 + sp.atan((2 * y - 1) / sp.sqrt(3)) / sp.sqrt(3)
    d.require("A primitive of 1/(1 + y^3) has the slope", sp.simplify(sp.diff(primitive, y)), 1 / (1 + y**3))
    top, bottom = primitive.subs(y, sp.cbrt(2)), primitive.subs(y, 0)
    root = sp.cbrt(2)
    d.require(
        "At the end y^3 = 2: y^2 - y + 1 = (1 + y^3)/(1 + y).", sp.radsimp(3 / (1 + root)), root**2 - root + 1
    )
    ended = top.subs(sp.log(root**2 - root + 1), sp.log(3) - sp.log(1 + root))
    d.conclude("weak_replicon", (J, h, kappa_0, A), 1 - J**2 * front * (ended - bottom))


def _field_density(d: Draft, free: sp.Expr, response: sp.Expr) -> None:
    """Expand the exponent h^2/(2 J^2 q) to order J^0: q changes by a relative J^2, the exponent is ~ J^-2."""
    f, u = sp.symbols("f u", positive=True)
    exponent = d.step(
        "Exponent of p_f(0), the field normal of variance J^2 <x^2>.", sp.simplify(h**2 / (2 * J**2 * free))
    )
    d.conclude("weak_exponent", (J, h, kappa_0, A), exponent)
    variance = J**2 * free
    spread = sp.diff(free.subs(h, f), f, 2).subs(f, h) * variance / 2
    by_spread = sp.simplify(exponent * spread / free)
    d.step("The spread of fields adds q''(h) J^2 <x^2>/2 to q; E0 times its relative size:", by_spread)
    slab = u * SOFT**2 / kappa_0
    by_slab = sp.simplify(exponent * slab.subs(u, J**2 * chi) / free)
    d.step(
        "The reaction lowers every kappa by u = J^2 chi: oscillators of x_0 on [-u, 0] join; E0 times that:",
        by_slab,
    )
    d.require(
        "Where the law of kappa ends above, x = h/kappa_0: what leaves there is smaller by",
        sp.simplify((h / kappa_0) ** 2 / SOFT**2),
        sp.cbrt(h**4 * (A / 6) ** 2) / kappa_0**2,
    )
    factor = sp.exp(by_spread) * sp.exp(by_slab.subs(chi, response))
    d.step("So p_f(0) is not exp(-E0) but that times this, however small J is.", factor)
    d.conclude("weak_softening_factor", (h, kappa_0, A), factor)
    bare = sp.exp(-exponent) / sp.sqrt(2 * sp.pi * variance)
    d.conclude("weak_field_density", (J, h, kappa_0, A), bare * factor)
    for constant, name in (
        (sp.sqrt(2), "weak_prefactor_single_well"),
        (sp.sqrt(3), "weak_prefactor_two_wells"),
    ):
        A_g = 4 * constant * bare * factor / (kappa_0 * sp.sqrt(A))
        d.conclude(name, (J, h, kappa_0, A), A_g)
    d.step(
        "A_g of derivation `soft_sites` with p_kappa = 1/kappa_0; the replicon goes to 1 as",
        1 - J**2 * sp.Symbol("k_2"),
    )
