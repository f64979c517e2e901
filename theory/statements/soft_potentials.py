"""Claims about soft potentials: their minima, wells and barriers (S 1, II.A, IV.G)."""

from theory.claim import Claim

SOFT_POTENTIALS = (
    Claim(
        id="S1",
        statement="Regular laws of random quartic potentials give minima of stiffness law p(b2) ~ |b2|, "
        "as the "
        "Jacobian of (a1..a4) by (q0, b2, b3, b4) is |b2|; so D ~ omega^3.",
        latex=r"p(b_2) \propto |b_2|, \quad D(\omega) \to 2 p\, \omega^3",
        source="(S 1), II.A",
        domain="b2 -> 0; a law of a1..a4 without zero or singularity at a1 = a2 = a3 = 0",
        kind="derived",
        derivation="soft_minima",
        formulas=("minimum_prefactor",),
        numerics="exponents 1 of p(b2) and 3 of D over all minima of sampled potentials, error below 0.02",
    ),
    Claim(
        id="spm-stability",
        statement="A minimum of the quartic potential is the global one exactly if b3^2 <= 3 b2 b4.",
        latex=r"b_3^2 \le 3 b_2 b_4",
        source="II.A, IV.G",
        domain="b2, b4 > 0",
        kind="derived",
        derivation="wells_and_bound",
        formulas=("stability_margin",),
        properties=("bound_is_global_minimum", "wells_are_where_stated"),
        numerics="no global minimum of sampled potentials, and every other minimum with a lower "
        "partner, violates it",
    ),
    Claim(
        id="spm-double-well",
        statement="There is a second minimum exactly if b3^2 > (8/3) b2 b4.",
        latex=r"b_3^2 > \tfrac{8}{3} b_2 b_4",
        source="IV.G",
        domain="b2, b4 > 0",
        kind="derived",
        derivation="wells_and_bound",
        formulas=("double_well_margin", "barrier_position", "second_well_position"),
        properties=("wells_are_where_stated",),
        numerics="the number of minima of sampled potentials changes there",
    ),
    Claim(
        id="spm-omega4",
        statement="Global minima alone have p(b2) ~ b2^(3/2), so D ~ omega^4.",
        latex=r"D(\omega) \to 4\sqrt{3 b_4}\, p\, \omega^4",
        source="II.A",
        domain="b2 -> 0, regular law; p is the density of minima of (b2, b3), over b2, at b2 = b3 = 0",
        kind="derived",
        derivation="soft_minima",
        formulas=("global_minimum_prefactor",),
        numerics="exponents 3/2 of p(b2) and 4 of D over global minima, error below 0.02, and the prefactor",
    ),
    Claim(
        id="spm-ratio-law",
        statement="Among soft global minima r = b3^2/(b2 b4) has the density r^(-1/2)/(2 sqrt 3) on (0, "
        "3): no lower "
        "bound.",
        latex=r"p(r) = \frac{1}{2\sqrt{3 r}}, \quad 0 < r < 3",
        source="this project",
        domain="b2 -> 0; regular laws, and soft sites of mean field in their lower well",
        kind="derived",
        derivation="soft_minima",
        formulas=("ratio_density",),
        properties=("ratio_law_is_normalised",),
        numerics="Kolmogorov-Smirnov test of r over soft global minima",
    ),
    Claim(
        id="S14",
        statement="The cubic truncation has its barrier 2 b2^3/(3 b3^2) at s = -2 b2/b3.",
        latex=r"B = \frac{2 b_2^3}{3 b_3^2}, \quad s_* = -\frac{2 b_2}{b_3}",
        source="(S 14)",
        domain="b2 > 0, b3 != 0",
        kind="derived",
        derivation="barriers",
        formulas=("cubic_barrier", "cubic_barrier_position"),
        properties=("cubic_barrier_is_too_low",),
        numerics="the maximum of sampled cubic potentials",
    ),
    Claim(
        id="S19",
        statement="The barrier of a soft global minimum with a second well is beta b2^2/b4, 3/8 <= beta "
        "<= 1/2: B ~ "
        "omega^4. The cubic estimate (S 14) is too low by 2 (r = 8/3) to 27/16 (r = 3).",
        latex=r"B = \beta(r) \frac{b_2^2}{b_4}, \quad \beta(\tfrac83) = \tfrac12, \quad \beta(3) = \tfrac38",
        source="(S 19)",
        domain="8/3 <= r <= 3",
        kind="derived",
        derivation="barriers",
        formulas=("barrier_shape", "quartic_barrier", "second_well_energy"),
        properties=("barrier_is_the_maximum", "cubic_barrier_is_too_low"),
        numerics="exact barriers of sampled potentials; barriers between minima of the models against "
        "b2^2/b4",
    ),
    Claim(
        id="S20",
        statement="Barriers of soft global minima have p(B) ~ B^(1/4), with a prefactor in closed form.",
        latex=r"p(B) \to \tfrac12 B^{1/4} b_4^{7/4} p\, I, \quad I = \frac{2^{15/4}}{7\sqrt3}"
        r"\left(\frac{2}{3^{1/4}} - 1\right)",
        source="(S 20)",
        domain="B -> 0, regular laws of potentials; average b4^(7/4) p over b4",
        kind="derived",
        derivation="barrier_law",
        formulas=("barrier_integral", "barrier_density"),
        properties=("barrier_integral_by_quadrature",),
        numerics="exponent 1/4 within 0.02 and prefactor within 2 percent for three laws of potentials",
    ),
    Claim(
        id="S20-glasses",
        statement="Barriers next to minima of glasses follow p(B) ~ B^(1/4): the source leaves it to be "
        "tested.",
        latex=r"p(B) \sim B^{1/4}",
        source="(S 20)",
        domain="glasses quenched from a melt; here KHGPS and lattice minima",
        kind="open",
        numerics="exponent of p(B) of nonlinear modes with r > 8/3, against 1/4",
    ),
)
