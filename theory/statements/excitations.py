"""Claims about quasilocalized excitations: numbers, bounds, cubic modes, softening (S 3 to S 21)."""

from theory.claim import Claim

EXCITATIONS = (
    Claim(
        id="S3",
        statement="The participation ratio is 1/N on one site, N_c/N spread evenly over N_c sites, at "
        "most 1.",
        latex=r"e = N_c/N, \quad 1/N \le e \le 1",
        source="(S 3)",
        domain="any unit vector; the even spread for the equality",
        kind="derived",
        derivation="softest_mode",
        formulas=("box_participation_ratio",),
        properties=("participation_ratio_is_bounded",),
        numerics="bounds on every mode; N e of soft modes independent of N",
    ),
    Claim(
        id="S6",
        statement="D = A_g omega^4 with A_g = N_qle/omega_g^5: a number of excitations and their frequency.",
        latex=r"\mathcal N = A_g\, \omega_g^5",
        source="(S 6)",
        domain="omega below the crossover to other laws",
        kind="derived",
        derivation="softest_mode",
        formulas=("mode_number",),
        numerics="the exponent 4 within error; the number is a definition",
    ),
    Claim(
        id="softest-mode",
        statement="The softest mode of a sample follows a Weibull law of shape 5: omega_min ~ N^(-1/5).",
        latex=r"P(\omega_{\min} < \omega) = 1 - e^{-N A_g \omega^5/5}",
        source="IV.A",
        domain="independent modes, omega -> 0; modes of one sample repel each other",
        kind="derived",
        derivation="softest_mode",
        formulas=("softest_mode_law",),
        properties=("softest_mode_law_is_stable",),
        numerics="distribution of omega_min over samples",
    ),
    Claim(
        id="S7",
        statement="The number of excitations falls as exp(-E/T_p) with the temperature a glass was "
        "quenched from.",
        latex=r"\mathcal N \sim e^{-E_{\mathrm{QLE}}/T_p}",
        source="(S 7)",
        domain="computer glasses",
        kind="empirical",
        numerics="none in these models; the exponential of claim glassy-weak-A_g is its likeness",
    ),
    Claim(
        id="S15",
        statement="Directions of stationary cubic barrier B(z) are the solutions of M z = (b2/b3) U''' "
        ": z z.",
        latex=r"\mathcal M \cdot \pi = \frac{b_2}{b_3}\, \mathcal U''' : \pi\pi",
        source="(S 15), with (S 11) to (S 14)",
        domain="any minimum, b3 != 0",
        kind="derived",
        derivation="cubic_modes",
        formulas=("cubic_barrier",),
        properties=("barrier_slope_is_the_mode_equation",),
        numerics="residual below 1e-8 at solutions; minimising B(z) and the fixed point give the same modes",
    ),
    Claim(
        id="S18",
        statement="|b3| <= (3 b4)^(1/2) omega at a global minimum: |b3| ~ omega where b3^2/(b2 b4) is "
        "bounded below too.",
        latex=r"|b_3| \le \sqrt{3 b_4}\, \omega",
        source="(S 18)",
        domain="global minima along the direction",
        kind="derived",
        derivation="soft_minima",
        formulas=("cubic_coefficient_bound",),
        properties=("bound_is_global_minimum",),
        numerics="fraction of modes beyond the bound, by protocol",
    ),
    Claim(
        id="S18-lower",
        statement="Cubic modes of computer glasses have b3^2 >~ 0.4 b2 b4: observed, without explanation.",
        latex=r"b_3^2 \gtrsim 0.4\, b_2 b_4",
        source="IV.G, Fig. 11",
        domain="cubic modes of computer glasses; claim spm-ratio-law says single sites of mean field "
        "have no such bound",
        kind="empirical",
        numerics="law of r of cubic modes near 0.4 in KHGPS and on the lattice",
    ),
    Claim(
        id="S21",
        statement="Under load a soft mode softens as db2/dgamma = -b3 F/b2, so b2 = (2 b3 F (gamma_c - "
        "gamma))^(1/2).",
        latex=r"\frac{d b_2}{d\gamma} \simeq -\frac{b_3 F}{b_2}, \quad b_2 \simeq \sqrt{2 b_3 F "
        r"(\gamma_c - \gamma)}",
        source="(S 21), IV.H",
        domain="b2 -> 0: corrections are smaller by b2; F = d2U/dgamma ds, which is -sum pi_i for the "
        "field h",
        kind="derived",
        derivation="driving",
        formulas=("softening_stiffness",),
        properties=("softening_solves_its_equation",),
        numerics="exponent 1/2 of b2 and its prefactor on the way to instabilities driven by h",
    ),
)
