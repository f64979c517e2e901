"""Weight of a soft mode on the other sites: first order in the coupling, and near a resonance (S II.B)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the weight on a site of another stiffness, and its mean near resonance."""
    V, delta, p = sp.symbols("V delta p", positive=True)
    d = Draft("Decay of a soft mode from its centre")
    matrix = d.step(
        "Centre and another site, stiffnesses 0 and delta, coupling V.", sp.Matrix([[0, V], [V, delta]])
    )
    low = sp.simplify(min(matrix.eigenvals(), key=lambda e: e.subs({V: 1, delta: 1}).evalf()))
    d.step("Lower eigenvalue.", low)
    ratio = d.step("psi_j/psi_0 there, from the first row.", sp.simplify(low / V))
    first = sp.series(ratio, V, 0, 2).removeO()
    d.step("To first order in V ~ r^-d.", first)
    d.conclude("neighbour_weight", (V, delta), first**2)
    weight = sp.simplify(ratio**2 / (1 + ratio**2))
    d.require(
        "Weight on the site, which is the smaller of the two; the same for -delta.",
        weight,
        (1 - delta / sp.sqrt(delta**2 + 4 * V**2)) / 2,
    )
    primitive = (delta - sp.sqrt(delta**2 + 4 * V**2)) / 2
    d.require(
        "Its integral over delta.", sp.diff(primitive, delta), (1 - delta / sp.sqrt(delta**2 + 4 * V**2)) / 2
    )
    half = sp.limit(primitive, delta, sp.oo) - primitive.subs(delta, 0)
    d.step("From 0 to infinity: sites within V of resonance count, so it is ~ V, not ~ V^2.", half)
    d.conclude("resonant_weight", (V, p), 2 * p * half)
    return d.finish()
