"""The Parisi functional of KHGPS at T = 0: flow of f, its adjoint, and the equations of the saddle."""

import sympy as sp

from theory.derivations.jets import Jet, varied
from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the flows of f and P, and the derivatives of e by the measure, q_EA, q_0 and chi_EA."""
    d = Draft("Equations of the saddle with replica symmetry broken in full")
    J, y, f, g = sp.Symbol("J", positive=True), sp.Symbol("y", positive=True), Jet("f"), Jet("g")
    _flow(d, J, y, f)
    _adjoint(d, J, y, f, g)
    _stationary(d, J, y, f)
    _inside(d)
    return d.finish()


def _flow(d: Draft, J: sp.Symbol, y: sp.Symbol, f: Jet) -> None:
    """Take a step of constant y to small width."""
    s, z, D = sp.symbols("s z D", positive=True)
    upper = f[0] + f[1] * s * z + f[2] * (s * z) ** 2 / 2
    d.step(
        "Fields that states of overlap above q share: f(q + D) at a field moved by s z, s^2 = J^2 D.", upper
    )
    lifted = sp.series(sp.exp(y * (upper - f[0])), s, 0, 3).removeO()
    mean = _gaussian(lifted, z)
    d.step("A step of mass y (Cole and Hopf): exp[y (f(q) - f)] is the mean of exp[y (f(q + D) - f)].", mean)
    lower = sp.series(sp.log(mean) / y, s, 0, 3).removeO()
    rate = -sp.expand(lower).coeff(s, 2) * J**2
    d.step("So f(q) - f(q + D) = -D d_q f; its part ~ D, D -> 0, is the flow.", -rate * D)
    d.conclude("flow_rate", (J, y, f[1], f[2]), rate)
    plain = _gaussian(upper - f[0], z).coeff(s, 2)
    d.require("Without mass f is averaged: the replica-symmetric solution.",
              sp.expand(plain * J**2), sp.expand(-rate.subs(y, 0)))  # fmt: skip


def _gaussian(expression: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """Return the mean over a standard normal z of a polynomial of degree 4 at most."""
    moments = {0: 1, 2: 1, 4: 3}
    return sp.expand(sum(m * sp.expand(expression).coeff(z, n) for n, m in moments.items()))


def _adjoint(d: Draft, J: sp.Symbol, y: sp.Symbol, f: Jet, g: Jet) -> None:
    """Let a change g of f flow down, and find the law whose mean of g is kept."""
    P, epsilon, change = Jet("P"), sp.Symbol("epsilon"), sp.Symbol("delta_y")
    moved = -(J**2) * (
        f[2] + epsilon * g[2] + (y + epsilon * change) * (f[1] + epsilon * g[1]) ** 2
    ) / 2  # fmt: skip
    linear = sp.expand(sp.diff(moved, epsilon).subs(epsilon, 0))
    d.step("A small change g of f, and of y by delta_y: d_q g =", linear)
    source = linear.coeff(change) * change
    homogeneous = linear - source
    rate = sp.expand(-varied(P[0] * homogeneous, g, f, P))
    d.step("int P g dH is kept where delta_y = 0 if d_q P, found by parts, is", rate)
    arguments = (J, y, P[0], P[1], P[2], f[1], f[2])
    d.conclude("law_rate", arguments, rate)
    d.require(
        "A transpose: P d_q g + g d_q P is a total derivative, whose variation is 0.",
        varied(P[0] * homogeneous + rate * g[0], g, f, P),
        sp.Integer(0),
    )
    weight = sp.expand(-source / change)
    q, q_hat = sp.symbols("q q_hat", positive=True)
    d.step("So delta_y lifts E f at q_0 by delta_y dq times the mean over P of", weight)
    gain = J**2 * q / 2 - weight.subs(f[1] ** 2, q_hat)
    d.conclude("measure_gradient", (J, q, q_hat), d.step("With the term J^2 y q/2 of e: de/dy(q) =", gain))


def _stationary(d: Draft, J: sp.Symbol, y: sp.Symbol, f: Jet) -> None:
    """Move the ends of the measure."""
    chi, q, q_hat, response = sp.symbols("chi q q_hat E2", positive=True)
    means = {f[1] ** 2: q_hat, f[2]: response}
    down = J**2 * (f[2] + y * f[1] ** 2) / 2
    edge = J**2 * (chi + y * q) / 2 - down.subs(means)
    d.step("q_EA upward by dq: f begins there, and gains -d_q f dq on the way down; de/dq_EA =", edge)
    d.conclude("edge_gradient", (J, y, chi, response, q, q_hat), edge)
    d.require(
        "Where q = E[f'^2] it is chi_EA = E[f''].",
        sp.expand(edge.subs(q_hat, q)),
        J**2 * (chi - response) / 2,
    )
    spread = -(J**2) * y * q / 2 - J**2 * response / 2 + down.subs(means)
    d.require("q_0 upward: the law N(h, J^2 q_0) spreads, f loses a step: q_0 = E[f'^2] again.",
              sp.expand(spread), sp.expand(-y * J**2 * (q - q_hat) / 2))  # fmt: skip


def _inside(d: Draft) -> None:
    """Vary the response inside a state, and rescale A."""
    H, kappa, J, chi, x, A, q = sp.symbols("H kappa J chi x A q", positive=True)
    energy = H * x - (kappa - J**2 * chi) * x**2 / 2 - A * x**4 / 24
    d.step("At q_EA f is the largest of this over x: chi softens the site.", energy)
    mean = sp.diff(energy, chi).subs(x**2, q)
    d.require(
        "At fixed x, as at a maximum: de/dchi_EA = 0 is q_EA = E[x^2].", J**2 * q / 2 - mean, sp.Integer(0)
    )
    scaled = energy.subs({x: x / sp.sqrt(A), H: H / sp.sqrt(A)}, simultaneous=True)
    d.require("x and H in units of A^(-1/2): A f is f at A = 1, so q and e go as 1/A, y as A, chi as 1.",
              sp.expand(A * scaled), sp.expand(energy.subs(A, 1)))  # fmt: skip
    y, f = sp.Symbol("y", positive=True), Jet("f")
    rate = f[2] + y * f[1] ** 2
    d.require("The flow is the same, as A y (f'/A^(1/2))^2 = y f'^2.",
              rate.subs({f[1]: f[1] / sp.sqrt(A), y: A * y}, simultaneous=True), rate)  # fmt: skip
