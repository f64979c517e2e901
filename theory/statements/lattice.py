"""Claims about the lattice model and its reconstruction (S 2, II.B), and phonons (S 3 to S 5)."""

from theory.claim import Claim

LATTICE = (
    Claim(
        id="S2-omega4",
        statement="The lattice model has D ~ omega^4 as omega -> 0, whatever the exponent beta of its "
        "stiffness law.",
        latex=r"D(\omega) = A_g \omega^4",
        source="(S 2), II.B",
        domain="omega < omega_b, gapless law kappa^beta, h = 0",
        kind="empirical",
        numerics="tail exponent 4 with an error below 0.3 for beta = 0, 1/2, 1 and 2 at L >= 12",
    ),
    Claim(
        id="reconstruction-1",
        statement="Destabilised oscillators without static fields move to k = 2 |kappa|: P(k) is flat, "
        "D ~ omega.",
        latex=r"P(k) = \tfrac32 p_0, \quad D(\omega) = 3 p_0\, \omega",
        source="II.B",
        domain="stiffnesses of density p_0 on both sides of 0, no fields; also above omega_b with fields",
        kind="derived",
        derivation="reconstruction",
        formulas=("reconstructed_density",),
        properties=("fields_leave_step_one_at_large_stiffness",),
        numerics="D ~ omega above omega_b on the lattice",
    ),
    Claim(
        id="reconstruction-2",
        statement="Static fields of density p_f(0) stiffen the softest: D -> (4 sqrt 3 p_0 p_f(0)/sqrt "
        "A) omega^4.",
        latex=r"D(\omega) \to \frac{4\sqrt3\, p_0\, p_f(0)}{\sqrt A}\, \omega^4",
        source="II.B",
        domain="omega << omega_b, each oscillator in its lower well, fields and stiffnesses independent",
        kind="derived",
        derivation="reconstruction",
        formulas=("two_well_prefactor",),
        properties=("soft_sites_by_quadrature",),
        numerics="A_g against p_0 p_f(0) measured on the same sites",
    ),
    Claim(
        id="boson-peak",
        statement="D/omega^2 peaks at omega_b ~ A^(1/6) f_0^(1/3); for fields uniform in [-f_0, f_0] "
        "the prefactor is "
        "(3/2)^(1/3), and the peak is a kink.",
        latex=r"\omega_b = \left(\tfrac32 f_0 \sqrt A\right)^{1/3}",
        source="II.B",
        domain="after step 2; the prefactor depends on the law of fields",
        kind="derived",
        derivation="reconstruction",
        formulas=("boson_peak_frequency",),
        properties=("boson_peak_is_the_maximum",),
        numerics="omega_b against J over a decade on the lattice, through the measured f_0",
    ),
    Claim(
        id="lattice-field-law",
        statement="Dilute displaced sites with couplings J g/r^d exert fields of a Cauchy law of width "
        "pi V_d n J x/8, V_d the unit ball, up to the field of a nearest neighbour.",
        latex=r"p(f) = \frac{\gamma}{\pi (f^2 + \gamma^2)}, \quad \gamma = \frac{\pi V_d}{8} n J "
        r"\langle |x| \rangle",
        source="this project",
        domain="n << 1 sources per site, f < J x/2, sites of the lattice taken as continuous",
        kind="derived",
        derivation="dilute_field",
        formulas=("dilute_field_width", "dilute_field_tail"),
        properties=("dilute_field_by_characteristic_function",),
        numerics="tail exponent 2 and width on synthetic sources in d = 1, 2, 3, then on relaxed lattices",
    ),
    Claim(
        id="S4",
        statement="A phonon band of degeneracy n has the width ~ disorder omega (n/N)^(1/2).",
        latex=r"\Delta\omega \sim \chi\, \omega \sqrt{n/N}",
        source="(S 4)",
        domain="elastic media with disorder of relative strength chi, up to a constant; the models have "
        "no phonons",
        kind="estimate",
        derivation="hybridisation",
        formulas=("band_width",),
        numerics="none in these models",
    ),
    Claim(
        id="S5",
        statement="Bands merge at omega_dagger ~ (disorder L)^(-2/(d + 2)).",
        latex=r"\omega_\dagger \sim (\chi L)^{-2/(d + 2)}",
        source="(S 5)",
        domain="as (S 4); sound speed 1, up to a constant",
        kind="estimate",
        derivation="hybridisation",
        formulas=("hybridisation_exponent", "hybridisation_frequency"),
        properties=("softest_mode_against_bands",),
        numerics="none in these models",
    ),
)
