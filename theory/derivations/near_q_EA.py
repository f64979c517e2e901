"""The flow near q_EA where stiffnesses pass through zero: y ~ (q_EA - q)^(-5/8), by power counting."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the power of y, its prefactor, and the essential zero of the law of fields."""
    d = Draft("Near q_EA: power of the density of responses, and the gap of fields")
    _kink(d)
    _power(d)
    _amplitude(d)
    _survival(d)
    return d.finish()


def _kink(d: Draft) -> None:
    """Solve for the kink of a double well that y holds sharp."""
    y, x_0, H, C = sp.symbols("y x_0 H C", positive=True)
    m = x_0 * sp.tanh(y * x_0 * H)
    d.step(
        "v = J^2 (q_EA - q). f' = m of a double well jumps from -x_0 to x_0 at v = 0, and "
        "d_v m = m''/2 + y m m'. Where y x_0 >> v^(-1/2) the jump stays sharp:",
        m,
    )
    d.require("It is at rest,", sp.simplify(sp.diff(m, H, 2) / 2 + y * m * sp.diff(m, H)), sp.Integer(0))
    law = C * sp.cosh(y * x_0 * H) ** 2
    flux = sp.diff(law, H) / 2 - y * law * m
    d.require(
        "and so is this law of fields, without flux: P'/2 = y P m.",
        sp.simplify(flux.rewrite(sp.exp)),
        sp.Integer(0),
    )
    _decay(d, y, x_0, H)


def _decay(d: Draft, y: sp.Symbol, x_0: sp.Symbol, H: sp.Symbol) -> None:
    """Find how fast fields leave the kink: with P = cosh(y x_0 H) phi the drift is gone."""
    phi = sp.symbols("phi0:3", positive=True)
    wave, drift = sp.cosh(y * x_0 * H), y * x_0 * sp.tanh(y * x_0 * H)
    P_2 = sp.diff(wave, H, 2) * phi[0] + 2 * sp.diff(wave, H) * phi[1] + wave * phi[2]
    P_1 = sp.diff(wave, H) * phi[0] + wave * phi[1]
    rate = P_2 / 2 - drift * P_1 - sp.diff(drift, H) * wave * phi[0]
    d.require(
        "Its C decays: with P = cosh(y x_0 H) phi, phi diffuses and falls at the rate (y x_0)^2/2.",
        sp.simplify((rate / wave).rewrite(sp.exp)),
        phi[2] / 2 - (y * x_0) ** 2 * phi[0] / 2,
    )


def _power(d: Draft) -> None:
    """Count powers of v in the marginality."""
    g, a = sp.symbols("g a", positive=True)
    sharp = a - sp.Rational(1, 2)
    d.step("y ~ v^-a: jumps are sharp above x_0 ~ v^b, b =", sharp)
    power = (g + 1) * sharp + sp.Rational(1, 2) + 2 * (sharp - sp.Rational(1, 2))
    d.step(
        "Those of x_0 ~ v^b, of number v^((g + 1) b), fields within v^(1/2) and f'' = v^(b - 1/2), carry the "
        "jumps' part of E[f''^2], which is r/J^2 at every v (E[1/k^2] has the rest). Its power of v:",
        sp.expand(power),
    )
    (exponent,) = sp.solve(power, a)
    d.conclude("edge_response_exponent", (g,), d.step("It is 0: y ~ v^-a, a =", -sp.factor(exponent)))
    five = sp.Rational(5, 8)
    d.require(
        "kappa' passes through 0 at a finite density, x_0^2 = -6 kappa'/A: g = 1.", exponent.subs(g, 1), five
    )
    half = sp.Rational(1, 2)
    d.require("One x_0 for all, g -> infinity: the Sherrington-Kirkpatrick model.",
              sp.limit(exponent, g, sp.oo), half)  # fmt: skip
    smooth = sp.Rational(1, 6) - (five - sp.Rational(1, 2))
    d.require(
        "Sites of kappa' = 0 have x ~ v^(1/6), less than v^b by a slow power: corrections go as it.",
        smooth,
        sp.Rational(1, 24),
    )
    soft = sp.Rational(1, 2) - 3 * (five - sp.Rational(1, 2))
    d.require(
        "Soft sites of k ~ kappa' have fields ~ kappa'^(3/2), v ~ kappa'^3: fields leave until then, so P, "
        "and with it D/omega^4, falls to its limit as kappa' to the power",
        soft,
        sp.Rational(1, 8),
    )


def _amplitude(d: Draft) -> None:
    """Add up the jumps of all sizes."""
    c, x_0, v, w, A, J, r, p, P, number = sp.symbols("c x_0 v w A J r p_kappa P I", positive=True)
    length = (c * x_0) ** 4
    d.require("y = c v^(-5/8): with H in units of l = (c x_0)^4, v of l^2, m of x_0 no c and x_0 are left.",
              length * c * x_0 * (length**2) ** -sp.Rational(5, 8), sp.Integer(1))  # fmt: skip
    one = p * P * (A * x_0 / 3) * length * (x_0 / length) ** 2
    d.step(
        "int P f''^2 dH, of p_kappa dkappa' = p_kappa A x_0 dx_0/3: this times a function of w = v/l^2.",
        one,
    )
    size = sp.solve(w - v / length**2, x_0)[0]
    per_w = sp.simplify(one.subs(x_0, size) * sp.Abs(sp.diff(size, w)) * w)
    d.step("Over all x_0, per dw/w: no v is left, as the marginality wants.", per_w)
    (fourth,) = sp.solve(J**2 * per_w * number - r, c**4)
    d.step("With I that function's integral over dw/w, J^2 times all of it is r: c^4 =", fourth)
    d.conclude(
        "edge_response", (v, r, p, P, J, A, number), fourth ** sp.Rational(1, 4) * v ** -sp.Rational(5, 8)
    )


def _survival(d: Draft) -> None:
    """Follow the likeliest way to a small field: stay at the kink, leave as the drift does."""
    c, x_0, v, w, H, A = sp.symbols("c x_0 v w H A", positive=True)
    drift = c * x_0 * v ** -sp.Rational(5, 8)
    stay = sp.integrate(drift**2 / 2, (v, w, sp.oo))
    d.step("To stay at the kink down to v = w costs the exponent int (y x_0)^2/2 dv =", stay)
    late = drift.subs(v, w)
    cost = sp.expand((late**2 / 2) * w)
    reached = sp.expand(sp.integrate(drift, (v, 0, w)) - late * w)
    d.step(
        "From there the free path that leaves at rest moves at y x_0 less its value at w, and ends at H =",
        reached,
    )
    total = sp.simplify(stay + cost)
    d.step("It costs half the square of the difference in speed, all in all", total)
    (time,) = sp.solve(sp.Eq(reached, H), w)
    exponent = sp.simplify(total.subs(w, time))
    kappa = sp.Symbol("kappa", negative=True)
    found = exponent.subs(x_0, sp.sqrt(-6 * kappa / A))
    d.conclude(
        "field_gap_exponent", (H, kappa, c, A), d.step("At H, with x_0^2 = -6 kappa'/A: P ~ e^-S, S =", found)
    )
