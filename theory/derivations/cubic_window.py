"""When a soft site with one neighbour is a cubic mode: a window of couplings, a lower bound of r (S IV.G)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft
from theory.formulas import cubic_barrier


def derive() -> Derivation:
    """Return the pull q of a neighbour, its threshold to any order in the coupling, and the bound of r."""
    d = Draft("Window of cubic modes")
    q, epsilon, y = sp.symbols("q epsilon y", positive=True)
    equation = _equation(d, q, epsilon, y)
    _leading(d, equation, q, epsilon, y)
    _threshold(d, equation, q, epsilon, y)
    return d.finish()


def _equation(d: Draft, q: sp.Symbol, epsilon: sp.Symbol, y: sp.Symbol) -> sp.Expr:
    """Return the equation of stationary B(z) by the weight on the neighbour, in units of -J/k_j."""
    k_i, k_j, J, x_i, x_j, A, r_j = sp.symbols("k_i k_j J x_i x_j A r_j", positive=True)
    p = sp.Symbol("p", real=True)
    b2 = d.step("A soft site i and a neighbour j, z = (1, p): b2 is", k_i + 2 * J * p + k_j * p**2)
    b3 = d.step("and b3 is", A * (x_i + x_j * p**3))
    slope = sp.diff(cubic_barrier(sp, b2, b3), p)
    balance = sp.expand(sp.cancel(slope * b3**3 / (4 * A * b2**2)))
    d.step("dB/dp is 4 A b2^2/b3^3 times", balance)
    d.require("Where b2, b3 > 0 and nothing couples, it rises through a root at p = 0: a minimum.",
              sp.diff(balance.subs(J, 0), p).subs(p, 0), k_j * x_i)  # fmt: skip
    scaled = sp.expand(balance.subs(p, -J * y / k_j) / (J * x_i))
    pull = d.step("Let q, the pull of j on i, be", -4 * k_i * J * x_j / (k_j**2 * x_i))
    d.conclude("mode_pull", (k_i, k_j, J, x_i, x_j), pull)
    near = d.step("and epsilon, < 1 as M is positive,", J**2 / (k_i * k_j))
    equation = 1 - y + q * y**2 * (1 - epsilon * y) / 4
    d.require("With p = -(J/k_j) y the balance over J x_i is 1 - y + q y^2 (1 - epsilon y)/4.",
              scaled, equation.subs({q: pull, epsilon: near}))  # fmt: skip
    squares = {x_i: sp.sqrt(sp.Symbol("r_i", positive=True) * k_i / A), x_j: sp.sqrt(r_j * k_j / A)}
    square = sp.simplify((pull**2).subs(squares))
    d.step("With x^2 = r k/A on either site, q^2 is", square)
    bound = sp.solve(sp.Eq(square, 1), sp.Symbol("r_i", positive=True))[0]
    d.conclude("window_ratio", (k_i, k_j, J, r_j), d.step("so q < 1, where q > 0, is r_i beyond", bound))
    return equation


def _leading(d: Draft, equation: sp.Expr, q: sp.Symbol, epsilon: sp.Symbol, y: sp.Symbol) -> None:
    """Solve the quadratic that is left at epsilon = 0."""
    weak = equation.subs(epsilon, 0)
    d.require("To leading order in the coupling it is a quadratic, of discriminant 1 - q: it has roots for "
              "q < 1 only.", sp.discriminant(weak, y), 1 - q)  # fmt: skip
    low, high = sorted(sp.solve(weak, y), key=lambda root: root.subs(q, sp.Rational(1, 2)))
    d.step("The roots are the cubic mode,", low)
    d.step("and a maximum of B, beyond which B falls to a mode of the neighbour.", high)
    d.require("The mode starts at p = -J/k_j for q -> 0,", sp.limit(low, q, 0), sp.Integer(1))
    d.require("and is lost at p = -2 J/k_j.", low.subs(q, 1), sp.Integer(2))
    pushed = sp.Symbol("w", positive=True)
    root = 2 / (1 + sp.sqrt(1 + pushed))
    d.step("For q = -w < 0 there is a root between 0 and 1 at any w.", root)
    d.require("It is one.", sp.simplify(weak.subs(q, -pushed).subs(y, root)), sp.Integer(0))


def _threshold(d: Draft, equation: sp.Expr, q: sp.Symbol, epsilon: sp.Symbol, y: sp.Symbol) -> None:
    """Find where the full cubic has a double root."""
    double = d.step("The full cubic has a double root where this vanishes.",
                    sp.factor(sp.cancel(sp.discriminant(equation, y) * 16 / q)))  # fmt: skip
    ends = sp.solve(double, q)
    centre, width = sp.expand((ends[0] + ends[1]) / 2), sp.factor(sp.discriminant(double, q))
    largest = d.step("Of two roots in q, at the larger the mode of i is lost.", centre + sp.sqrt(width) / 2)
    d.require("It solves it.", sp.expand(double.subs(q, largest)), sp.Integer(0))
    other = 16 * epsilon / q
    d.require("Seen from j the pull is q' = 16 epsilon/q, and the condition is the same:",
              sp.cancel(double.subs(q, other) * q**2 / (16 * epsilon)), double)  # fmt: skip
    d.step("at the smaller root the mode of j is lost, q =", other.subs(q, largest))
    d.require("To first order the larger is", sp.series(largest, epsilon, 0, 2).removeO(), 1 + 2 * epsilon)
    d.require("At epsilon = 1/9 both are", largest.subs(epsilon, sp.Rational(1, 9)), sp.Rational(4, 3))
    d.step("Beyond, up to 1, this is negative, the cubic has one real root at any q: no threshold, the "
           "pair has one mode.", width)  # fmt: skip
    d.conclude("pull_threshold", (epsilon,), largest)
