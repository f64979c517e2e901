"""From regular laws of random potentials to omega^3, and to omega^4 for global minima (S II.A)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return p(b2) ~ |b2|, D ~ omega^3, the bound on b3, D ~ omega^4 and the law of b3^2/(b2 b4)."""
    q, q0 = sp.symbols("q q0", real=True)
    b = sp.symbols("b2 b3 b4", real=True)
    d = Draft("Soft minima of regular random potentials")
    U = d.step(
        "The potential, expanded about a stationary point q0.",
        sum(bn * (q - q0) ** n / sp.factorial(n) for n, bn in enumerate(b, 2)),
    )
    a = [sp.expand(sp.diff(U, q, n).subs(q, 0)) for n in range(1, 5)]
    d.step("The coefficients a_n = U^(n)(0) it came from.", sp.Tuple(*a))
    jacobian = sp.factor(sp.Matrix(a).jacobian(sp.Matrix([q0, *b])).det())
    d.step(
        "Determinant of (a1..a4) by (q0, b2, b3, b4): the density of stationary points is |b2| p.", jacobian
    )
    d.require("The determinant is b2, up to its sign.", sp.Abs(jacobian), sp.Abs(b[0]))
    _densities(d, jacobian.subs(b[0], sp.Symbol("b2", positive=True)))
    return d.finish()


def _densities(d: Draft, jacobian: sp.Expr) -> None:
    """Integrate the density |b2| p over b3, and go to omega = b2^(1/2)."""
    b2, b4, r, omega, p = sp.symbols("b2 b4 r omega p", positive=True)
    b3 = sp.Symbol("b3", real=True)
    weight = sp.Abs(jacobian)
    d.conclude("minimum_prefactor", (p,), (2 * omega * (weight * p).subs(b2, omega**2)) / omega**3)
    edge = sp.solve(sp.Eq(sp.discriminant(b2 / 2 + b3 * sp.Symbol("s") / 6 + b4 * sp.Symbol("s") ** 2 / 24,
                    sp.Symbol("s")), 0), b3)  # fmt: skip
    low, high = sorted(edge, key=lambda x: x.subs({b2: 1, b4: 1}))
    d.step("A minimum is the global one while U/s^2 has no real root, that is for |b3| up to", high)
    d.conclude("cubic_coefficient_bound", (omega, b4), high.subs(b2, omega**2))
    inside = d.step("Density of b2 of global minima, p regular.", sp.integrate(weight * p, (b3, low, high)))
    density = d.step("As a density of frequencies.", sp.simplify(2 * omega * inside.subs(b2, omega**2)))
    d.conclude("global_minimum_prefactor", (p, b4), density / omega**4)
    of_ratio = sp.sqrt(r * b2 * b4)
    law = 2 * sp.diff(of_ratio, r) * weight * p / inside
    d.conclude("ratio_density", (r,), d.step("Law of r = b3^2/(b2 b4), both signs of b3.", sp.simplify(law)))
