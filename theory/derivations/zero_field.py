"""The critical line at h = 0 and its first rise with the field, J_c(h) - J_c(0) ~ h^(2/3) (Fig. 8a)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return J_c(0) of a uniform law, and the shift by a small field."""
    d = Draft("The critical line near h = 0")
    b, w, J, kappa = sp.symbols("b w J kappa", positive=True)
    k_1, k_2 = (sp.simplify(sp.integrate(1 / (kappa * w + b) ** n, (kappa, 0, 1))) for n in (1, 2))
    d.step("At h = 0, x = 0 and k = kappa'. Uniform on [b, b + w]: E[1/k^2] =", k_2)
    (coupling,) = sp.solve(sp.Eq(J**2 * k_2, 1), J)
    d.conclude("zero_field_coupling", (b, w), d.step("The replicon vanishes at J =", coupling))
    d.step("chi = E[1/k] =", k_1)
    d.conclude("zero_field_kappa_min", (b, w), b + coupling**2 * k_1)
    single = sp.limit((b + coupling**2 * k_1) / coupling, w, 0)
    d.require(
        "One stiffness (Kuehn-Horstmann, soft-spin Sherrington-Kirkpatrick): kappa_min/J_c =",
        single,
        sp.Integer(2),
    )
    _field(d)
    return d.finish()


def _field(d: Draft) -> None:
    """Expand cavity equations and replicon in the field, for any law of stiffness."""
    f, k, A, h, v, J, e = sp.symbols("f k A h v J epsilon", positive=True)
    x = f / k
    for _ in range(2):  # x = (f - A x^3/6)/k, iterated: exact to f^5
        x = sp.series((f - A * x**3 / 6) / k, f, 0, 6).removeO()
    d.step("Displacement of a site, kappa' = k: expanded in its field.", sp.expand(x))
    response, square = sp.diff(x, f), sp.series(x**2, f, 0, 7).removeO()
    soft = sp.series(response**2, f, 0, 5).removeO()
    moments = {2: v + h**2, 4: 3 * v**2, 6: 15 * v**3}  # of h^2 ~ v^3 only what counts at order v^3
    q, chi, k_2 = (_mean(series, f, k, moments) for series in (square, response, soft))
    E = {n: sp.Symbol(f"k_{n}", positive=True) for n in range(1, 9)}
    d.step("E[x^2] to order v^3, h^2 ~ v^3; k_n = E[1/k^n] and v = J^2 q.", q)
    d.step("E[(dx/df)^2], which is 1/J^2 at J_c.", k_2)
    orders = {h: e ** sp.Rational(3, 2) * h, v: e * v}
    balance = sp.expand(sp.expand(q - v * k_2).subs(orders, simultaneous=True))
    leading = sp.expand(balance.coeff(e, 3))
    d.require(
        "At J_c, q - v E[(dx/df)^2] = 0: at orders v and v^2 it holds by itself.",
        sum(balance.coeff(e, n) for n in (1, 2)),
        sp.Integer(0),
    )
    cube = sp.Symbol("cube")
    (strength,) = sp.solve(leading.subs(v**3, cube), cube)
    d.step("At order v^3 it gives v^3 =", strength)
    v_of = sp.cbrt(sp.simplify(strength.subs(E[2], 1 / J**2)))
    shift, edge = sp.symbols("delta_j delta_b", real=True)
    chi_v = chi.coeff(v, 1)
    k_2v = k_2.coeff(v, 1)
    replicon = shift * E[2] + J**2 * (-2 * E[3] * edge + k_2v * v)
    gap = edge + shift * E[1] + J**2 * (-E[2] * edge + chi_v * v)
    d.step("J^2 by delta_j, b by delta_b: the replicon stays 0 if this vanishes;", replicon)
    d.step("b = kappa_min - J^2 chi stays true if this does.", gap)
    (j,) = sp.solve(gap.subs(E[2], 1 / J**2), shift)
    d.step("As J^2 E[1/k^2] = 1 the second holds no delta_b, and fixes delta_j =", j)
    total = (j / (2 * J)).subs(v, v_of)
    d.conclude("field_shift", (h, A, J, E[1], E[4], E[8]), sp.simplify(total))


def _mean(series: sp.Expr, f: sp.Symbol, k: sp.Symbol, moments: dict[int, sp.Expr]) -> sp.Expr:
    """Average powers of f by its moments, and powers of 1/k as symbols k_n."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(series)):
        coefficient, powers = term.as_independent(f, k)
        n, m = (int(sp.degree(powers * k**30, s)) for s in (f, k))
        total += coefficient * moments.get(n, sp.Integer(1)) * sp.Symbol(f"k_{30 - m}", positive=True)
    return sp.expand(total)
