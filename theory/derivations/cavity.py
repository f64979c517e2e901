"""Cavity equations of KHGPS, its replicon and gap edge, and the equation of its spectrum (S 10, Fig. 8)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the effective potential of a site, the replicon, and lambda by zeta.

    It ends in the delocalised law of the critical line, where the replicon vanishes.
    """
    d = Draft("Cavity equations, replicon and spectrum of KHGPS")
    _effective_force(d)
    J = sp.Symbol("J", positive=True)
    _replicon(d, J)
    _delocalised(d, J)
    return d.finish()


def _effective_force(d: Draft) -> None:
    """Take one site out, let the others respond to it, and average over its couplings."""
    x, h, chi, N, square = sp.symbols("x h chi N J2", positive=True)
    free, J = sp.symbols("y1:4", real=True), sp.symbols("J1:4", real=True)
    response = sp.Matrix(3, 3, lambda i, j: sp.Symbol(f"G{min(i, j)}{max(i, j)}"))
    moved = [y - sum(response[j, k] * J[k] * x for k in range(3)) for j, y in enumerate(free)]
    d.step(
        "Three of the other sites: without the site they are at y_j; J_k x pushes them to", sp.Tuple(*moved)
    )
    force = sp.expand(h - sum(c * m for c, m in zip(J, moved, strict=True)))
    reaction = sp.expand(force.coeff(x))
    d.step("Their reaction on the site, the part of its force that is ~ x.", reaction)
    mean = sum(reaction.coeff(c, 2) for c in J) * square / N
    d.step(
        "Averaged over J_j of variance J2/N, J2 = J^2: over all N sites it is J^2 chi, chi = tr G/N.", mean
    )
    d.require(
        "The three terms' share of it.",
        sp.expand(mean),
        sp.expand(square * sum(response[i, i] for i in range(3)) / N),
    )
    spread = sp.expand((force.coeff(x, 0) - h) ** 2)
    d.step("Variance of the rest of the force: over all N sites J^2 q, q = <y^2>.",
           sum(spread.coeff(c, 2) for c in J) * square / N)  # fmt: skip
    kappa, A, f = sp.symbols("kappa A f", positive=True)
    V = (kappa - square * chi) * x**2 / 2 + A * x**4 / 24 - f * x
    d.step(
        "So the site has this potential, f normal of mean h and variance J^2 q; gap edge kappa_min - "
        "J^2 chi.",
        V,
    )
    d.conclude("held_force", (kappa - square * chi, x, A), sp.diff(V, x) + f)
    d.conclude("oscillator_stiffness", (kappa - square * chi, x, A), sp.diff(V, x, 2))


def _replicon(d: Draft, J: sp.Symbol) -> None:
    """Follow a random field of variance w through the sites."""
    w, v, k_2 = sp.symbols("w v k_2", positive=True)
    (answer,) = sp.solve(sp.Eq(v, k_2 * (w + J**2 * v)), v)
    d.step("Random fields of variance w move x by variance v = E[1/k^2] (w + J^2 v): v is", answer)
    d.require(
        "It is the replicon 1 - J^2 E[1/k^2] that divides it.", sp.simplify(k_2 * w / answer), 1 - J**2 * k_2
    )


def _delocalised(d: Draft, J: sp.Symbol) -> None:
    """Expand lambda(zeta) where the replicon is zero."""
    k, omega, k_2, k_3 = sp.symbols("k omega k_2 k_3", positive=True)
    zeta = sp.Symbol("zeta")
    resolvent = 1 / (k - zeta) - 1 / k
    d.step("The Hessian is k + J^2 chi on the diagonal: g = E[1/(k - zeta)], "
        "zeta = lambda + J^2 (g - chi). g - chi is E of",
           sp.factor(resolvent))  # fmt: skip
    series = sp.series(resolvent, zeta, 0, 3).removeO()
    coefficients = [sp.expand(series).coeff(zeta, n) for n in (1, 2)]
    d.step(
        "To second order its coefficients are the integrands of k_2 and k_3, k_n = E[1/k^n].",
        sp.Tuple(*coefficients),
    )
    powers = [k_2 if c == k**-2 else k_3 if c == k**-3 else sp.nan for c in coefficients]
    lam = zeta - J**2 * (powers[0] * zeta + powers[1] * zeta**2)
    d.step("lambda = zeta - J^2 (g - chi), to second order.", lam)
    critical = sp.expand(lam.subs(k_2, 1 / J**2))
    d.step("Where the replicon vanishes its first term goes.", critical)
    roots = sp.solve(sp.Eq(critical, omega**2), zeta)
    upper = max((sp.im(root) for root in roots), key=lambda e: e.subs({J: 1, omega: 1, k_3: 1}))
    density = d.step("rho = Im g/pi = Im zeta/(pi J^2).", upper / (sp.pi * J**2))
    d.conclude("delocalised_prefactor", (J, k_3), sp.simplify(2 * omega * density / omega**2))
