"""What the energy of the glassy phase changes by with field, coupling and stiffness: explicit parts only."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return de/dh, de/dkappa and de/dJ at a saddle."""
    d = Draft("Derivatives of the energy at the saddle")
    J, chi, q, y, v, w, u = sp.symbols("J chi q y v w u", positive=True)
    moment = sp.Symbol("M", positive=True)
    d.step(
        "At a saddle only what stands explicitly counts. With v = J^2 q and u = J^2 chi_EA the flows of f "
        "and P, and f at q_EA, have no J; e + E[f] =",
        u * v / (2 * J**2) + sp.Integral(y * w / (2 * J**2), w),
    )
    explicit = sp.diff(u * v / (2 * J**2), J).subs({u: J**2 * chi, v: J**2 * q})
    continuous = sp.diff(y * w / (2 * J**2), J) * J**2  # per dq, dw = J^2 dq
    d.step("Its derivative by J: inside a state", explicit)
    d.step("and between states, per dq, w = J^2 q.", continuous.subs(w, J**2 * q))
    factors = explicit / (chi * q), continuous.subs(w, J**2 * q) / (y * q)
    d.require("Both are -J times response times overlap.", sp.Tuple(*factors), sp.Tuple(-J, -J))
    d.conclude("coupling_slope", (J, moment), explicit / (chi * q) * moment)
    H, kappa, x, A = sp.symbols("H kappa x A", positive=True)
    f = H * x - kappa * x**2 / 2 - A * x**4 / 24
    d.require("A field h moves the law of fields: de/dh = -E[f'] = -E[x].", -sp.diff(f, H), -x)
    d.require(
        "A stiffness moves f at q_EA: de/dkappa = E[x^2]/2, q_EA/2 if all are moved.",
        -sp.diff(f, kappa),
        x**2 / 2,
    )
    return d.finish()
