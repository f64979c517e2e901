"""p(B) ~ B^(1/4) with its prefactor in closed form (S 20), and B^(-1/3) of minima as found."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft
from theory.formulas import cubic_barrier


def derive() -> Derivation:
    """Return p(B) of soft global minima that have a second well, and of minima in any well."""
    B, b2, b4, r, p, beta = sp.symbols("B b2 b4 r p beta", positive=True)
    d = Draft("Density of barriers between the wells of soft potentials")
    by_ratio = 2 * sp.diff(sp.sqrt(r * b2 * b4), r) * b2 * p
    d.step("The density of minima b2 p, by (b2, r = b3^2/(b2 b4)) for both signs of b3.", by_ratio)
    stiffness = sp.solve(sp.Eq(B, beta * b2**2 / b4), b2)[0]
    d.step("The exact barrier is beta(r) b2^2/b4, so at given B and r:", stiffness)
    density = sp.powsimp(sp.simplify(by_ratio.subs(b2, stiffness) * sp.diff(stiffness, B)), force=True)
    d.step("Density of (B, r): its power of B is 1/4.", density)
    prefactor = sp.simplify(density * beta ** sp.Rational(5, 4) * sp.sqrt(r))
    d.require("No other r is in it than beta^(-5/4) r^(-1/2).", sp.diff(prefactor, r), sp.Integer(0))
    integral = _integral(d)
    d.conclude("barrier_integral", (), integral)
    d.conclude("barrier_density", (B, b4, p), prefactor * integral)
    _found(d)
    return d.finish()


def _integral(d: Draft) -> sp.Expr:
    """Integrate beta^(-5/4) r^(-1/2) over 8/3 < r < 3, by sigma and then u = sigma^2/(12 - sigma^2)."""
    sigma, u = sp.symbols("sigma u", positive=True)
    root = d.step("By the barrier's position sigma, r^(1/2) is", sigma / 3 + 2 / sigma)
    beta = d.step("and beta is", sp.factor(sigma**2 / 2 - root * sigma**3 / 6 + sigma**4 / 24))
    ends = [sp.solve(sp.Eq(root, sp.sqrt(r)), sigma) for r in (sp.Rational(8, 3), sp.Integer(3))]
    d.step("r = 8/3 and r = 3 are at sigma =", sp.Tuple(start := min(ends[0]), end := min(ends[1])))
    position = sp.sqrt(12 * u / (1 + u))
    d.step("u = sigma^2/(12 - sigma^2), so sigma is", position)
    slope = (2 * sp.diff(root, sigma)).subs(sigma, position) * sp.diff(position, u)
    shape = sp.factor(beta.subs(sigma, position))
    integrand = sp.powsimp(sp.simplify(slope * shape ** sp.Rational(-5, 4)), force=True)
    d.step("beta^(-5/4) r^(-1/2) dr is this by du.", integrand)
    integrand = sp.expand(sp.powsimp(sp.expand(sp.powdenest(sp.factor(integrand), force=True)), force=True))
    by_u = [x**2 / (12 - x**2) for x in (start, end)]
    value = sp.integrate(integrand, (u, by_u[0], by_u[1]))
    return d.step(f"Its integral from u = {by_u[0]} to {by_u[1]}.", sp.nsimplify(sp.simplify(value)))


def _found(d: Draft) -> None:
    """Let b3 stay as b2 -> 0, as it does where a minimum may be in its upper well."""
    B, b2, p = sp.symbols("B b2 p", positive=True)
    b3, law = sp.Symbol("b3", nonzero=True), sp.Symbol("moment", positive=True)
    height = d.step("In any well b3 is regular at b2 = 0, so r grows and the barrier is the cubic one,",
                    cubic_barrier(sp, b2, b3))  # fmt: skip
    size = sp.Symbol("size", positive=True)
    stiffness = sp.solve(sp.Eq(B, height.subs(b3, size)), b2)[0]
    d.step("of b2, size = |b3|,", stiffness)
    density = sp.powsimp(sp.simplify(stiffness * p * sp.diff(stiffness, B)), force=True)
    d.step("The density b2 p, by B.", density)
    power = sp.Rational(4, 3)
    rest = sp.powsimp(sp.simplify(density / size**power), force=True)
    d.require("Its power of B:", sp.simplify(B * sp.diff(sp.log(density), B)), sp.Rational(-1, 3))
    d.require("Of b3 there is |b3|^(4/3), its mean the moment.", sp.diff(rest, size), sp.Integer(0))
    d.conclude("found_barrier_density", (B, law, p), rest * law)
