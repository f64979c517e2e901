"""Reconstruction of soft oscillators: D ~ omega, then omega^4 below the boson peak (S II.B)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the densities of steps 1 and 2, and the boson peak of uniform fields."""
    omega, k, s, A, x, p_0, f_0 = sp.symbols("omega k s A x p_0 f_0", positive=True)
    d = Draft("Reconstruction, step by step")
    (moved,) = sp.solve(sp.diff(-s * x**2 / 2 + A * x**4 / 24, x), x)
    d.step("A destabilised oscillator of stiffness -s moves to", moved)
    curvature = d.step("Its curvature there.", sp.simplify(-s + A * moved**2 / 2))
    flat = d.step(
        "Density of k: from kappa = k, and from s = k/2.",
        p_0 + p_0 * sp.diff(sp.solve(sp.Eq(k, curvature), s)[0], k),
    )
    d.conclude("reconstructed_density", (omega, p_0), 2 * omega * flat)
    field = d.step(
        "With fields: the one that holds curvature k at displacement x.",
        sp.expand((k - A * x**2 / 2) * x + A * x**3 / 6),
    )
    end = max(sp.solve(field / x, x), key=sp.default_sort_key)
    d.step("Lower wells have f > 0 for x > 0: x up to", end)
    stiffness_slope = sp.diff(k - A * x**2 / 2, x)
    by_x = sp.simplify(2 * (k / (A * x)) * -stiffness_slope * p_0)
    d.step(
        "P(k) is the integral over x of this times p_f(f): two signs, df/dk = k/(A x), d kappa = -A x dx.",
        by_x,
    )
    density = sp.Symbol("p_f", positive=True)
    near = sp.integrate(by_x * density, (x, 0, end))
    d.step("k -> 0: P(k) =", near)
    D = sp.powsimp(sp.expand_power_base(2 * omega * near.subs(k, omega**2), force=True), force=True)
    d.conclude("two_well_prefactor", (p_0, density, A, sp.Integer(1)), D / omega**4)
    slopes = [sp.Abs(sp.diff(field, x).subs(x, at)) for at in (0, end)]
    large = sum(by_x / (2 * slope) for slope in slopes)
    d.require("k -> oo: half of p_f at either end of x restores step 1.", sp.simplify(large), flat)
    _peak(d, field, x, k, A, omega, f_0)
    return d.finish()


def _peak(
    d: Draft, field: sp.Expr, x: sp.Symbol, k: sp.Symbol, A: sp.Symbol, omega: sp.Symbol, f_0: sp.Symbol
) -> None:
    """Find where the largest field of a curvature leaves the support of a uniform law of fields."""
    at = max(sp.solve(sp.diff(field, x), x), key=sp.default_sort_key)
    largest = sp.simplify(field.subs(x, at))
    d.step("The largest field at curvature k.", largest)
    (peak,) = sp.solve(sp.Eq(largest.subs(k, omega**2), f_0), omega)
    d.step("Below this omega all fields are inside [-f_0, f_0]: D/omega^2 rises as omega^2.", peak)
    gap, x_gap = sp.symbols("gap delta", positive=True)
    bend = sp.diff(field, x, 2).subs(x, at) / 2
    width = max(sp.solve(sp.Eq(-bend * x_gap**2, gap), x_gap), key=sp.default_sort_key)
    d.step("Above, x within this of the maximum is lost where f exceeds f_0 by gap: "
           "D/omega^2 falls with infinite slope.",
           sp.simplify(width))  # fmt: skip
    d.conclude("boson_peak_frequency", (f_0, A), peak)
