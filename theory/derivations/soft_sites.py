"""Density of soft sites, and the laws of D from it: A_g, any beta, the special point (S IV.E)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the laws of D at a vanishing gap edge, with and without the replicon vanishing too."""
    d = Draft("Soft sites and the localised laws of D")
    k, kappa, x, A, p_kappa, p_f, r = sp.symbols("k kappa x A p_kappa p_f r", positive=True)
    x_of = d.step("A site of curvature k and effective stiffness kappa is displaced by",
                  max(sp.solve(sp.Eq(k, kappa + A * x**2 / 2), x), key=sp.default_sort_key))  # fmt: skip
    jacobian = sp.diff(kappa * x + A * x**3 / 6, x) / sp.diff(kappa + A * x**2 / 2, x)
    by_k = sp.simplify(jacobian.subs(kappa, k - A * x**2 / 2))
    d.step("At fixed kappa its field changes with k as df/dk =", by_k)
    density = d.step("Both signs of x, fields near 0: density of (kappa, k) over that of kappa.",
                     sp.simplify(2 * p_f * by_k.subs(x, x_of)))  # fmt: skip
    _amplitudes(d, density, (k, kappa, A, p_kappa, p_f, r))
    _descended(d, density, (k, kappa, A, p_kappa, p_f, r))
    _any_beta(d, density, (k, kappa, A, p_f, r))
    _special(d)
    return d.finish()


def _dressed(law: sp.Expr, k: sp.Symbol, r: sp.Symbol, omega: sp.Symbol) -> sp.Expr:
    """Return D: Im g = pi P + Im zeta E[1/k^2], Im zeta = J^2 Im g, give rho = P(omega^2/r)/r."""
    return sp.powsimp(sp.expand_power_base(2 * omega * law.subs(k, omega**2 / r) / r, force=True), force=True)


def _amplitudes(d: Draft, density: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> None:
    """Integrate over the effective stiffness from 0, and from the least of a lower well."""
    k, kappa, A, p_kappa, p_f, r = symbols
    omega, u = sp.symbols("omega u", positive=True)
    shifted = sp.powsimp(density.subs(kappa, k - u), force=True)
    single = sp.integrate(p_kappa * shifted, (u, 0, k))
    d.step("Stiffnesses from 0 to k: P(k) =", sp.simplify(single))
    s = sp.Symbol("s", positive=True)
    stiffness = -s  # a lower well of kappa < 0: x^2 > -6 kappa/A, the displacement at f = 0
    least = sp.simplify(stiffness + A * (-6 * stiffness / A) / 2)
    d.step("A lower well of kappa = -s has at least the curvature of f = 0, x^2 = 6 s/A:", least)
    lowest = sp.solve(sp.Eq(k, least), s)[0]
    two = sp.integrate(p_kappa * shifted, (u, 0, k + lowest))
    d.step("Stiffnesses from -k/2 to k: P(k) =", sp.simplify(two))
    d.step(
        "rho(lambda) = P(lambda/r)/r with the replicon r; D = 2 omega rho.",
        sp.simplify(_dressed(single, k, r, omega)),
    )
    d.conclude("single_well_prefactor", (p_kappa, p_f, A, r), _dressed(single, k, r, omega) / omega**4)
    d.conclude("two_well_prefactor", (p_kappa, p_f, A, r), _dressed(two, k, r, omega) / omega**4)


def _descended(d: Draft, density: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> None:
    """Count wells at x > 0 down to the least stiffness, at x < 0 only where there is no other."""
    k, kappa, A, p_kappa, p_f, r = symbols
    omega, u, v = sp.symbols("omega u v", positive=True)
    one_side = p_kappa * sp.powsimp(density.subs(kappa, k - v), force=True) / 2
    law = sp.integrate(one_side, (v, 0, k)) + sp.integrate(one_side, (v, 0, k + u))
    d.step("Left at x > 0 while that well exists, stiffnesses from -u to k; at x < 0, from 0 to k: P(k) =",
           sp.simplify(law))  # fmt: skip
    D = sp.simplify(2 * omega * law.subs(k, omega**2 / r) / r)
    d.require("As omega -> 0, D is omega^3 times", sp.simplify(sp.limit(D / omega**3, omega, 0)),
              2 * p_kappa * p_f * sp.sqrt(2 * u / A) / r**2)  # fmt: skip
    d.conclude("descended_density", (omega, p_kappa, p_f, A, r, u), D)


def _any_beta(d: Draft, density: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> None:
    """Integrate over a law of stiffness ~ kappa^beta."""
    k, kappa, A, p_f, r = symbols
    beta, w, omega, c, t = sp.symbols("beta w omega c t", positive=True)
    norm = (beta + 1) / w ** (beta + 1)
    d.step("Law of stiffness of exponent beta and width w.", norm * kappa**beta)
    part = sp.powsimp(
        sp.powdenest(sp.expand_power_base(density.subs(kappa, k * t), force=True), force=True), force=True
    )
    front = sp.simplify(part * sp.sqrt(1 - t) / sp.sqrt(k))
    euler = sp.gamma(beta + 1) * sp.gamma(sp.Rational(1, 2)) / sp.gamma(beta + sp.Rational(3, 2))
    d.step("With kappa = k t, what is left is Euler's integral of t^beta (1 - t)^(-1/2):", euler)
    law = norm * k ** (beta + 1) * sp.sqrt(k) * front * euler
    amplitude = sp.simplify(sp.powsimp(sp.expand(law / k ** (beta + sp.Rational(3, 2))), force=True))
    d.step("P(k) = c k^(beta + 3/2), c =", amplitude)
    d.conclude("edge_amplitude", (beta, w, p_f, A), amplitude)
    D = d.step("D, where the gap edge vanishes and the replicon r does not.",
               _dressed(c * k ** (beta + sp.Rational(3, 2)), k, r, omega))  # fmt: skip
    power = sp.simplify(omega * sp.diff(sp.log(D), omega))
    d.conclude("edge_exponent", (beta,), power)
    d.conclude("edge_prefactor", (c, beta, r), sp.powsimp(D / omega ** (2 * beta + 4), force=True))
    d.step("r vanishes linearly in h - h* on the edge's part of the line, so the prefactor diverges.", r)
    d.conclude("special_divergence", (beta,), sp.simplify(r * sp.diff(sp.log(D), r)))


def _special(d: Draft) -> None:
    """Solve lambda(zeta) where replicon and gap edge vanish together, P(k) = c k^a, 1 < a < 2."""
    c, J, omega, y, t, beta = sp.symbols("c J omega y t beta", positive=True)
    a = beta + sp.Rational(3, 2)
    d.step("E[1/(k (k - zeta))] - E[1/k^2] = zeta E[1/(k^2 (k - zeta))]; "
           "at zeta = -y, k = y t, P = c k^a, of",
           c * y ** (a - 2) * t ** (a - 2) / (1 + t))  # fmt: skip
    integral = sp.pi / sp.sin(sp.pi * (a - 1))
    d.step("The integral over t from 0 to infinity, by reflection of Gamma(a - 1) Gamma(2 - a).", integral)
    d.require("At a = 3/2 it is", sp.integrate(t ** sp.Rational(-1, 2) / (1 + t), (t, 0, sp.oo)), sp.pi)
    level = J**2 * c * integral
    d.step("So lambda = - level (-zeta)^a, level =", level)
    size = (omega**2 / level) ** (1 / a)
    d.step(
        "zeta at lambda = omega^2: on the upper side, of angle pi - pi/a, its imaginary part",
        size * sp.sin(sp.pi / a),
    )
    D = 2 * omega * size * sp.sin(sp.pi / a) / (sp.pi * J**2)
    power = sp.simplify(omega * sp.diff(sp.log(D), omega))
    d.conclude("special_exponent", (beta,), power)
    d.conclude("special_prefactor", (c, beta, J), sp.simplify(D.subs(omega, 1)))
