"""Claims about the glassy phase of KHGPS, kappa_min = 0 (S IV.E, Fig. 9)."""

from theory.claim import Claim

GLASSY_PHASE = (
    Claim(
        id="glassy-omega4",
        statement="The glassy phase has D = A_g omega^4 for broad parameters.",
        latex=r"D(\omega) = A_g \omega^4",
        source="IV.E, Fig. 9a",
        domain="kappa_min = 0",
        kind="empirical",
        numerics="tail exponent 4 within error; at J >= 0.2 (h = 0.01) beware finite cut-offs",
    ),
    Claim(
        id="glassy-weak-A_g",
        statement="At weak coupling A_g -> 4 sqrt(3) p_f(0)/(kappa_0 sqrt A), where p_f(0) is exp(-E0) "
        "(E0/pi)^(1/2)/h, "
        "E0 = kappa_0 (A h^2/6)^(1/3)/(3 J^2), times e^(1/9) (kappa_0 (6/(A h^2))^(1/3))^(2/9). So "
        "ln(kappa_0^(5/18) h^(22/27) J A_g) = const - E0; the source has kappa_0^(1/2) h^(2/3), without "
        "that factor.",
        latex=r"A_g \to \frac{4\sqrt3}{\kappa_0 \sqrt A} \frac{e^{-E_0}}{h} \sqrt{\frac{E_0}{\pi}}\, e^{1/9} "
        r"\left(\kappa_0 \left(\frac{6}{A h^2}\right)^{1/3}\right)^{2/9}",
        source="IV.E, Fig. 9b; constants and the last factor: this project",
        domain="J -> 0 and h^(2/3) A^(1/3) << kappa_0 with E0 h^(2/3) A^(1/3) << kappa_0; omega^2 << "
        "J^2 chi; sites in "
        "their lower wells. Relative corrections of order ln(kappa_0/h^(2/3))^2/E0, of which the "
        "replicon's is "
        "r^(-5/2); `khgps.solve_one_state` has them to all orders in J for independent sites.",
        kind="corrected",
        derivation="weak_coupling",
        formulas=(
            "weak_prefactor_two_wells",
            "weak_field_density",
            "weak_softening_factor",
            "weak_displacement",
            "mean_square_displacement",
            "weak_response",
        ),
        properties=("weak_coupling_is_the_limit",),
        numerics="A_g at three or more (J, kappa_0) of exponent E0 between 1 and 6 against "
        "`khgps.solve_one_state`",
    ),
    Claim(
        id="glassy-weak-single-well",
        statement="Were there wells of kappa' >= 0 only, the constant 4 sqrt(3) would be 4 sqrt(2).",
        latex=r"A_g \to \frac{4\sqrt2\, p_f(0)}{\kappa_0 \sqrt A}",
        source="this project",
        domain="J^2 chi << omega^2 << omega_x^2: not the limit omega -> 0, where kappa' < 0 down to "
        "-J^2 chi counts",
        kind="corrected",
        derivation="weak_coupling",
        formulas=("weak_prefactor_single_well",),
        properties=("soft_sites_by_quadrature",),
        numerics="fraction of soft sites with kappa' < 0",
    ),
    Claim(
        id="glassy-weak-exponent",
        statement="The exponent of A_g is E0 = kappa_0 (A h^2/6)^(1/3)/(3 J^2).",
        latex=r"\ln A_g \sim -\frac{\kappa_0 (A h^2/6)^{1/3}}{3 J^2}",
        source="IV.E, Fig. 9b; constant: this project",
        domain="as glassy-weak-A_g",
        kind="derived",
        derivation="weak_coupling",
        formulas=("weak_exponent",),
        properties=("weak_coupling_is_the_limit",),
        numerics="slope of ln A_g against kappa_0 h^(2/3)/J^2",
    ),
    Claim(
        id="glassy-replicon",
        statement="At weak coupling the replicon of one state is 1 - 0.2494/E0, so modes of other sites "
        "raise A_g by its "
        "power -5/2.",
        latex=r"1 - J^2 E[k^{-2}] \to 1 - \frac{0.2494}{E_0}",
        source="this project",
        domain="as glassy-weak-A_g",
        kind="derived",
        derivation="weak_coupling",
        formulas=("weak_replicon",),
        properties=("weak_coupling_is_the_limit",),
        numerics="1 - J^2 mean(1/k^2) over the sites of minima",
    ),
    Claim(
        id="glassy-descended",
        statement="A descent from the minimum without couplings leaves sites of kappa' < 0 at x > 0 in "
        "their upper wells "
        "too: D crosses from omega^4 to omega^3 below omega^2 ~ J^2 chi. E[1/k^2] then diverges, by a "
        "logarithm, so "
        "the softest of them cannot all be stable.",
        latex=r"D(\omega) \to \frac{2\sqrt2\, p_\kappa p_f(0)}{\sqrt A\, r^{5/2}}\, \omega^3 "
        r"\left(\omega + \sqrt{\omega^2 + r J^2 \chi}\right)",
        source="this project",
        domain="weak coupling, minima reached by descent, independent sites, and p_f constant over the "
        "fields of the upper "
        "wells, (2 J^2 chi)^(3/2)/(3 sqrt A) << J^2 <x^2>/h: enormous E0; `khgps.solve_one_state` does "
        "not need that",
        kind="derived",
        derivation="soft_sites",
        formulas=("descended_density",),
        properties=("descended_sites_by_quadrature",),
        numerics="number of soft modes, and the share of them that is in upper wells",
    ),
    Claim(
        id="glassy-strong-A_g",
        statement="At strong coupling h drops out: x_rms ~ J^2/kappa_0^(3/2), A_g ~ kappa_0^(1/2) J^-3.",
        latex=r"A_g \sim \kappa_0^{1/2} J^{-3}",
        source="IV.E, Fig. 9c; powers: this project",
        domain="J_x << J << kappa_0; up to logarithms of kappa_0/J, constants estimated without reaction",
        kind="estimate",
        derivation="strong_coupling",
        formulas=("strong_displacement", "strong_prefactor"),
        numerics="power of J in A_g at J > J_x, open in the source",
    ),
    Claim(
        id="glassy-crossover",
        statement="Weak coupling ends at J_x ~ kappa_0^(1/2) h^(1/3), where the fields of other sites "
        "reach h.",
        latex=r"J_x = \sqrt{\tfrac23 \kappa_0}\, h^{1/3} (A/6)^{1/6}",
        source="IV.E; constant: this project",
        domain="a crossover: the constant is the point E0 = 1/2",
        kind="estimate",
        derivation="strong_coupling",
        formulas=("crossover_coupling",),
        properties=("crossover_is_where_fields_reach_h",),
        numerics="powers of kappa_0 and h in the J of the largest A_g, and that J in units of J_x",
    ),
    Claim(
        id="glassy-omega_x",
        statement="D leaves omega^4 at omega_x ~ A^(1/6) f^(1/3), f the typical field: h at weak "
        "coupling, J x_rms at "
        "strong, where omega_x ~ J/kappa_0^(1/2).",
        latex=r"\omega_x \sim A^{1/6} h^{1/3} \ (J < J_x), \quad \omega_x \sim J \kappa_0^{-1/2} \ (J > J_x)",
        source="IV.E; powers: this project",
        domain="a crossover: constants are those of one oscillator of kappa = 0",
        kind="estimate",
        derivation="strong_coupling",
        formulas=("crossover_frequency", "strong_crossover_frequency"),
        numerics="frequency where the local exponent of D falls below 4, against h, J and kappa_0",
    ),
)
