"""Gradient descent for N -> infinity: its energy, the linear flow, and where it comes to rest."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the energy along the flow of a site, the flow at A = 0, and the equation of a site at rest."""
    d = Draft("The gradient flow of a site in the field of all others")
    J = sp.Symbol("J", positive=True)
    _noise(d)
    _energy(d, J)
    _linear(d)
    _at_rest(d, J)
    return d.finish()


def _noise(d: Draft) -> None:
    """Show Novikov's rule for a force of third order, by moments of the normal law."""
    z = sp.Symbol("z", real=True)
    a, b, c, C, C_0 = sp.symbols("a b c C C_0", positive=True)
    x = a + b * z + c * z**3
    moments = {1: C, 3: 3 * C_0 * C}  # E[z^n w] of normal z, w: <z z> = C_0, <z w> = C
    odd = sum(sp.expand(x).coeff(z, n) * moment for n, moment in moments.items())
    d.step("The noise z of an earlier time has moved a site to, say,", x)
    slope = sp.diff(x, z).subs(z**2, C_0)
    d.require(
        "Its overlap with the noise w of any time, <z w> = C, is C times the mean response (Novikov).",
        odd,
        sp.expand(slope * C),
    )


def _energy(d: Draft, J: sp.Symbol) -> None:
    """Find the energy of the couplings, and how the whole falls."""
    memory, site = sp.symbols("m e_0")
    noise, reaction = J * (J * memory), J**2 * memory
    total = d.step(
        "So E[x F] of the force of all others, F = J xi + J^2 int R(t,s) x(s) ds, has two equal parts; m = "
        "int R(t,s) C(t,s) ds. It is",
        noise + reaction,
    )
    d.step("Each pair is in two forces, so the couplings have the energy", -total / 2)
    d.conclude("flow_energy", (J, site, memory), site - total / 2)
    x, y = sp.symbols("x y")
    H = sp.Function("H")(x, y)
    force = {x: -sp.diff(H, x), y: -sp.diff(H, y)}
    d.require(
        "It falls as the flow dissipates: two sites.",
        sum(sp.diff(H, q) * f for q, f in force.items()),
        -sum(f**2 for f in force.values()),
    )


def _linear(d: Draft) -> None:
    """Solve x' = h - l x."""
    t, s, h, eigenvalue = sp.symbols("t s h l", positive=True)
    x = sp.Function("x")
    solution = sp.dsolve(sp.Eq(x(t).diff(t), h - eigenvalue * x(t)), x(t), ics={x(0): 0}).rhs
    d.step("At A = 0 the flow along an eigenvector of eigenvalue l is", solution)
    response = sp.exp(-eigenvalue * (t - s))
    d.require(
        "and that to a field is the integral of its response.",
        h * sp.integrate(response, (s, 0, t)),
        solution,
    )
    d.conclude("linear_flow", (eigenvalue, t), solution / h)
    energy = eigenvalue * solution**2 / 2 - h * solution
    d.require("Its energy falls by", sp.diff(energy, t), -(sp.diff(solution, t) ** 2))
    d.conclude("linear_flow_energy", (h, eigenvalue, t), energy)


def _at_rest(d: Draft, J: sp.Symbol) -> None:
    """Let the flow end, with a response that forgets."""
    kappa, A, x, h, chi, q, z = sp.symbols("kappa A x h chi q z", positive=True)
    field = h + J * sp.sqrt(q) * z
    force = d.step(
        "Where x comes to rest and R forgets the way, C -> q and int R ds -> chi: on a site acts",
        field + J**2 * chi * x - kappa * x - A * x**3 / 6,
    )
    d.conclude("held_force", (kappa - J**2 * chi, x, A), sp.expand(field - force))
    site, fx = sp.symbols("e_0 m_x")  # E[kappa x^2/2 + A x^4/24 - h x] and h E[x]
    saddle = J**2 * chi * q / 2 + (site + fx - J**2 * chi * q / 2) - (fx + J**2 * chi * q)
    d.require(
        "the oscillator of symmetric replicas. Their energy J^2 chi q/2 - E[H x - kappa' x^2/2 - A x^4/24] "
        "is that of the flow: E[H x] = h E[x] + J^2 chi q.",
        saddle,
        site - J**2 * chi * q,
    )
