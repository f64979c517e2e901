"""Barriers: of the cubic truncation (S 14), and of the quartic potential (S 19)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return 2 b2^3/(3 b3^2), and beta(r) b2^2/b4 with beta in closed form."""
    d = Draft("Barriers of soft potentials")
    _cubic(d)
    _quartic(d)
    return d.finish()


def _cubic(d: Draft) -> None:
    s = sp.Symbol("s", real=True)
    b2, b3 = sp.symbols("b2 b3", positive=True)
    U = d.step("The cubic truncation.", b2 * s**2 / 2 + b3 * s**3 / 6)
    (top,) = (root for root in sp.solve(sp.diff(U, s), s) if root != 0)
    d.step("It is stationary at s = 0 and here.", top)
    d.step("There the curvature is negative: a maximum.", sp.simplify(sp.diff(U, s, 2).subs(s, top)))
    d.conclude("cubic_barrier_position", (b2, b3), top)
    d.conclude("cubic_barrier", (b2, b3), d.step("Its height.", sp.simplify(U.subs(s, top))))


def _quartic(d: Draft) -> None:
    b2, b4, r, sigma, root_r = sp.symbols("b2 b4 r sigma rho", positive=True)
    U = d.step(
        "With s = -sigma (b2/b4)^(1/2) and rho = r^(1/2) the quartic potential, in units of b2^2/b4, is:",
        sigma**2 / 2 - root_r * sigma**3 / 6 + sigma**4 / 24,
    )
    (rho,) = sp.solve(sp.diff(U, sigma), root_r)
    d.step("It is stationary where rho is:", rho)
    height = d.step("Its value there.", sp.factor(U.subs(root_r, rho)))
    near, far = sorted(sp.solve(sp.Eq(rho, root_r), sigma), key=lambda x: x.subs(root_r, 3))
    d.step("The nearer stationary point, the barrier.", near)
    d.step("The farther one, the second minimum.", far)
    beta = height.subs(sigma, near).subs(root_r, sp.sqrt(r))
    second = height.subs(sigma, far).subs(root_r, sp.sqrt(r))
    at = sp.Rational(8, 3)
    d.require("Where the second well begins, beta = 1/2.", sp.simplify(beta.subs(r, at)), sp.Rational(1, 2))
    d.require("At the stability bound, beta = 3/8,", sp.simplify(beta.subs(r, 3)), sp.Rational(3, 8))
    d.require("where the second well is as deep as the first.", sp.simplify(second.subs(r, 3)), sp.Integer(0))
    cubic = sp.Rational(2, 3) / r
    d.step("The cubic barrier is lower by the factor", sp.simplify(beta / cubic))
    d.require("which is 2 at r = 8/3", sp.simplify((beta / cubic).subs(r, at)), sp.Integer(2))
    d.require("and 27/16 at r = 3.", sp.simplify((beta / cubic).subs(r, 3)), sp.Rational(27, 16))
    d.conclude("barrier_shape", (r,), beta)
    d.conclude("quartic_barrier", (b2, b4, r), beta * b2**2 / b4)
    d.conclude("second_well_energy", (b2, b4, r), second * b2**2 / b4)
