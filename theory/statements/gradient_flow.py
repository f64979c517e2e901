"""Claims about gradient descent of KHGPS from a start that knows no couplings, N -> infinity."""

from theory.claim import Claim

GRADIENT_FLOW = (
    Claim(
        id="flow-samples",
        statement="The flow of samples of N oscillators tends to that of one site with the noise J xi, "
        "<xi(t) xi(s)> = C(t,s), and the memory J^2 R(t,s) of its own way.",
        latex=r"\dot x = -\kappa x - \frac{A x^3}{6} + h + J^2 \int_0^t R(t,s)\, x(s)\, ds + J \xi(t)",
        source="this project; the method: Sompolinsky and Zippelius",
        domain="starts that know no couplings, at any fixed time",
        kind="derived",
        derivation="gradient_flow",
        formulas=("flow_energy",),
        properties=("memory_is_the_energy_of_couplings",),
        numerics="e, m, C and R of samples against the solution by samples of one site",
    ),
    Claim(
        id="flow-energy",
        statement="On the way e = E[kappa x^2/2 + A x^4/24 - h x] - J^2 int R(t,s) C(t,s) ds, and de/dt = "
        "-E[x'^2].",
        latex=r"e = \mathrm E\Big[\frac{\kappa x^2}{2} + \frac{A x^4}{24} - h x\Big] - J^2 \int_0^t R(t,s)\, "
        r"C(t,s)\, ds, \quad \dot e = -\mathrm E[\dot x^2]",
        source="this project",
        domain="N -> infinity, any time",
        kind="derived",
        derivation="gradient_flow",
        formulas=("flow_energy",),
        properties=("memory_is_the_energy_of_couplings",),
        numerics="the energy by R and C against e(0) - int E[x'^2] dt, in the stable phase and in the glass",
    ),
    Claim(
        id="flow-linear",
        statement="At A = 0 the flow from x = 0 has m = h int rho (1 - e^(-lt))/l, R = int rho e^(-l(t-s)) "
        "and e = -(h^2/2) int rho (1 - e^(-2lt))/l, rho the spectrum of diag(kappa) + J.",
        latex=r"m = h \int \rho\, \frac{1 - e^{-\lambda t}}{\lambda}, \quad e = -\frac{h^2}{2} \int \rho\, "
        r"\frac{1 - e^{-2 \lambda t}}{\lambda}",
        source="this project",
        domain="N -> infinity; where eigenvalues are < 0, as long as x stays small",
        kind="derived",
        derivation="gradient_flow",
        formulas=("linear_flow", "linear_flow_energy"),
        properties=("linear_flow_in_small_steps",),
        numerics="m, R and e of the solver, with the semicircle, stable and unstable",
    ),
    Claim(
        id="flow-rest",
        statement="Where symmetric replicas are stable the flow ends in their state: C -> q, int R ds -> chi "
        "and e -> e_RS.",
        latex=r"C(t,t) \to q, \quad \int_0^t R(t,s)\, ds \to \chi, \quad e \to e_{RS}",
        source="this project",
        domain="replicon > 0, gap edge > 0; a state that the response forgets its way to",
        kind="derived",
        derivation="gradient_flow",
        formulas=("held_force",),
        numerics="q, chi and e of the solver at late times against khgps.solve_rs",
    ),
    Claim(
        id="flow-slows",
        statement="In the glass the flow slows down as a power of time: e - e_inf ~ t^-a, a near 2/3, and "
        "E[x'^2] ~ t^-(a + 1).",
        latex=r"e(t) - e_\infty \sim t^{-2/3}, \quad \mathrm E[\dot x^2] \sim t^{-5/3}",
        source="this project",
        domain="J well above the critical line, t >> 10, before a sample of N oscillators comes to rest",
        kind="empirical",
        numerics="what e falls by from t to 2 t, over t = 25 to 200 and more, in samples",
    ),
)
