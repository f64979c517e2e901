"""Width of phonon bands (S 4) and where they merge, omega_dagger (S 5): from degeneracy and gaps."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return omega_dagger = (disorder L)^(-2/(d + 2)), up to a constant; sound speed 1."""
    omega, L, chi, n, N, dim, m = sp.symbols("omega L chi n N d m", positive=True)
    d = Draft("Phonon bands and their merging")
    spread = chi * omega**2 / sp.sqrt(N)
    d.step(
        "Averaged over N sites, disorder of relative size chi couples phonons of lambda = omega^2 by", spread
    )
    radius = 2 * sp.sqrt(n) * spread
    d.step("A random matrix on n degenerate phonons has a semicircle of radius, in lambda,", radius)
    width = d.step("and in omega, as d lambda = 2 omega d omega,", radius / sp.diff(omega**2, omega))
    d.conclude("band_width", (chi, omega, n, N), width)
    levels = d.step("A box of side L has bands at omega^2 ~ m/L^2, m integer: omega", sp.sqrt(m) / L)
    gap = d.step("so gaps between them are, up to a constant,",
                 2 * sp.diff(levels, m).subs(m, (omega * L) ** 2))  # fmt: skip
    degeneracy = sp.powsimp(sp.expand_power_base(L**dim * omega ** (dim - 1) * gap, force=True))
    d.step("Phonons per band: their density L^d omega^(d - 1) times the gap.", degeneracy)
    ratio = sp.log(width.subs({n: degeneracy, N: L**dim}) / gap)
    ratio = sp.expand(sp.expand_log(ratio, force=True))
    d.step("ln of width over gap.", ratio)
    (merging,) = sp.solve(ratio, sp.log(omega))
    d.step("It is zero at ln omega =", sp.factor(merging))
    exponent = sp.simplify(L * sp.diff(merging, L))
    d.conclude("hybridisation_exponent", (dim,), exponent)
    d.conclude("hybridisation_frequency", (chi, L, dim), sp.exp(merging))
    return d.finish()
