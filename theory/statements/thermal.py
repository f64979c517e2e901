"""Claims about thermal response and the specific heat (S 22, S 23)."""

from theory.claim import Claim

THERMAL = (
    Claim(
        id="S22",
        statement="To first order in T, 2 d<O>/dT = O'' : M^-1 - O' . M^-1 . (U''' : M^-1).",
        latex=r"\frac{2}{k_B} \frac{d\langle O\rangle}{dT} = O'' : \mathcal M^{-1} - O' \cdot \mathcal "
        r"M^{-1} \cdot "
        r"(\mathcal U''' : \mathcal M^{-1})",
        source="(S 22)",
        domain="T -> 0 at a minimum of any smooth energy, classical",
        kind="derived",
        derivation="thermal_response",
        formulas=("thermal_slope",),
        properties=("thermal_slope_by_quadrature",),
        numerics="against quadrature or Monte Carlo of small systems at low T",
    ),
    Claim(
        id="S22-equipartition",
        statement="For any split of the energy into terms, the local heat capacities add up to N.",
        latex=r"\sum_\alpha c_\alpha = N",
        source="IV.I",
        domain="exact, any minimum",
        kind="derived",
        derivation="thermal_response",
        formulas=("thermal_slope",),
        properties=("heat_capacities_add_up",),
        numerics="sum over terms of c_alpha = N to 1e-10 relative on any minimum",
    ),
    Claim(
        id="S23",
        statement="D = A_g omega^delta gives C = A_g T^(delta + 1) Gamma(delta + 3) zeta(delta + 2); 16 "
        "pi^6/21 for delta "
        "= 4, so C = C_TLS T + C_D T^3 + C_sm T^5.",
        latex=r"C(T) = k_B A_g (k_B T/\hbar)^{\delta + 1} \Gamma(\delta + 3) \zeta(\delta + 2)",
        source="(S 23), V",
        domain="T below the frequencies where D leaves the power law, harmonic modes",
        kind="derived",
        derivation="specific_heat",
        formulas=("specific_heat_factor", "power_law_specific_heat"),
        properties=("specific_heat_by_quadrature",),
        numerics="C(T) summed over the modes of samples",
    ),
    Claim(
        id="S23-minimum",
        statement="(C - C_D T^3)/T^3 is least at T_min^4 = C_TLS/C_sm.",
        latex=r"T_{\min}^4 = C_{\mathrm{TLS}}/C_{\mathrm{sm}}",
        source="(S 23), Fig. 15b",
        domain="where (S 23) holds",
        kind="derived",
        derivation="specific_heat",
        formulas=("minimum_temperature",),
        properties=("reduced_specific_heat_is_least_there",),
        numerics="fits of (S 23) to C(T) of sampled double wells and soft modes",
    ),
)
