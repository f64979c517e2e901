"""Claims about KHGPS in the replica-symmetric phase and on the critical line (S 10, Fig. 8)."""

from theory.claim import Claim

_SPECTRUM = "D of `khgps.rs_spectrum` as omega -> 0; tail of large samples at J_c"

MEAN_FIELD = (
    Claim(
        id="S10-rescaling",
        statement="x = a y turns kappa, J, h, A into kappa/(A a^2), J/(A a^2), h/(A a^3), 1: omega "
        "scales as h^(1/3).",
        latex=r"\kappa' = \frac{\kappa}{A a^2},\ J' = \frac{J}{A a^2},\ h' = \frac{h}{A a^3},\ A' = 1",
        source="(S 2), (S 10)",
        domain="exact",
        kind="derived",
        derivation="oscillator",
        formulas=(
            "held_force",
            "oscillator_stiffness",
            "oscillator_minimum",
            "soft_oscillator_minimum",
            "two_well_oscillator_minimum",
        ),
        properties=("minimum_balances_the_force",),
        numerics="minima of rescaled samples are rescaled minima",
    ),
    Claim(
        id="rs-omega2-prefactor",
        statement="Where the replicon vanishes first, D -> 2 omega^2/(pi J^3 E[1/k^3]^(1/2)): "
        "delocalised modes.",
        latex=r"D(\omega) \to \frac{2\, \omega^2}{\pi J^3 \sqrt{E[k^{-3}]}}",
        source="IV.E, Fig. 8b; prefactor: this project",
        domain="critical line below the special field",
        kind="derived",
        derivation="cavity",
        formulas=("delocalised_prefactor",),
        numerics=_SPECTRUM,
    ),
    Claim(
        id="rs-omega4-prefactor",
        statement="Where the gap edge vanishes first, D -> 4 sqrt(2) p_kappa p_f(0) omega^4/(sqrt(A) "
        "r^(5/2)), "
        "r the replicon: localised modes.",
        latex=r"A_g = \frac{4\sqrt2\, p_\kappa\, p_f(0)}{\sqrt A\, (1 - J^2 E[k^{-2}])^{5/2}}",
        source="IV.E, Fig. 8c; prefactor: this project",
        domain="critical line above the special field, uniform stiffness law",
        kind="derived",
        derivation="soft_sites",
        formulas=("single_well_prefactor",),
        properties=("soft_sites_by_quadrature",),
        numerics=_SPECTRUM,
    ),
    Claim(
        id="rs-edge-exponent",
        statement="For stiffness laws ~ (kappa - kappa_min)^beta that exponent is 4 + 2 beta.",
        latex=r"D(\omega) \to 2 c\, r^{-(\beta + 5/2)}\, \omega^{4 + 2\beta}, \quad P(k) \to c\, "
        r"k^{\beta + 3/2}",
        source="this project",
        domain="beta > -1/2; at beta <= -1/2 the replicon vanishes first in every field",
        kind="derived",
        derivation="soft_sites",
        formulas=("edge_exponent", "edge_amplitude", "edge_prefactor"),
        properties=("soft_sites_by_quadrature",),
        numerics=_SPECTRUM + ", for several beta",
    ),
    Claim(
        id="rs-special-point",
        statement="Where replicon and gap edge vanish together D ~ omega^(1 + 2/(beta + 3/2)), 7/3 for "
        "the uniform law.",
        latex=r"D(\omega) \sim \omega^{1 + 2/(\beta + 3/2)}",
        source="this project; the point: IV.E, Fig. 8a",
        domain="-1/2 < beta < 1/2; beyond, omega^2",
        kind="derived",
        derivation="soft_sites",
        formulas=("special_exponent", "special_prefactor"),
        numerics=_SPECTRUM,
    ),
    Claim(
        id="rs-special-divergence",
        statement="Towards the special point A_g diverges as (h - h*)^-(beta + 5/2), -5/2 for the "
        "uniform law.",
        latex=r"A_g \sim (h - h_*)^{-(\beta + 5/2)}",
        source="this project",
        domain="critical line above the special field; the replicon vanishes linearly there",
        kind="derived",
        derivation="soft_sites",
        formulas=("special_divergence",),
        numerics="A_g of `khgps.critical_coupling` against h - h*",
    ),
    Claim(
        id="rs-zero-field",
        statement="At h = 0, J_c^2 = b (b + w) with b = kappa_min - J_c^2 chi, w = kappa_0 - kappa_min; "
        "J_c = kappa_0/2 "
        "where all stiffnesses are kappa_0 (Kuehn-Horstmann).",
        latex=r"J_c^2 = b (b + w), \quad \kappa_{\min} = b + \frac{b (b + w)}{w} \ln\frac{b + w}{b}",
        source="Fig. 8a; closed form: this project",
        domain="h = 0, uniform stiffness law, kappa_min > 0",
        kind="derived",
        derivation="zero_field",
        formulas=("zero_field_coupling", "zero_field_kappa_min"),
        properties=("zero_field_line_of_one_stiffness",),
        numerics="`khgps.critical_coupling(0)`",
    ),
    Claim(
        id="rs-field-shift",
        statement="A small field raises J_c by J_c A v E[1/k^4]/(4 E[1/k]), v^3 = 3 h^2/(A^2 J_c^2 "
        "E[1/k^8]): h^(2/3).",
        latex=r"\frac{J_c(h) - J_c(0)}{J_c(0)} \to \frac{A v\, E[k^{-4}]}{4 E[k^{-1}]}, \quad "
        r"v^3 = \frac{3 h^2}{A^2 J_c^2 E[k^{-8}]}",
        source="this project",
        domain="h -> 0; any stiffness law for which the replicon ends the phase at h = 0",
        kind="derived",
        derivation="zero_field",
        formulas=("field_shift",),
        numerics="`khgps.critical_coupling` at small h",
    ),
)
