"""Claims about KHGPS with the symmetry of the replicas broken in full: the ground state at T = 0."""

from theory.claim import Claim

BROKEN_SYMMETRY = (
    Claim(
        id="rsb-equations",
        statement="With d_q f = -(J^2/2)(f'' + y f'^2) the law of fields obeys d_q P = (J^2/2)(P'' - 2 "
        "y (P f')'), and the saddle of e has q = E[f'^2] at every overlap, q_EA = E[x^2] and, "
        "at q_EA, chi_EA = E[f''].",
        latex=r"\partial_q f = -\tfrac{J^2}{2} (f'' + y f'^2), \quad \partial_q P = \tfrac{J^2}{2} "
        r"(P'' - 2 y (P f')'), \quad q = \mathrm E[f'^2]",
        source="this project, after Parisi",
        domain="T = 0, N -> infinity; f'' with the jumps of x, which vanish as the steps get finer",
        kind="derived",
        derivation="broken_symmetry",
        formulas=("flow_rate", "law_rate", "measure_gradient", "edge_gradient"),
        properties=("small_steps_are_the_flow", "law_of_fields_is_the_adjoint"),
        numerics="q = E[f'^2] at the ends of the cells of `khgps.solve_rsb`, which asks for averages only",
    ),
    Claim(
        id="rsb-marginality",
        statement="Every overlap between q_0 and q_EA is marginal, J^2 E[f''^2] = 1, and y = "
        "E[f'''^2]/(2 E[f''^3]).",
        latex=r"J^2 \mathrm E[f''^2] = 1, \quad y = \frac{\mathrm E[f'''^2]}{2\, \mathrm E[f''^3]}",
        source="this project, after Sommers and Dupont",
        domain="q_0 < q < q_EA; jumps included",
        kind="derived",
        derivation="marginality",
        formulas=("marginality_slope", "response_density"),
        numerics="J^2 E[f''^2] of cells of width -> 0, and y at the onset against the symmetric solution",
    ),
    Claim(
        id="rsb-derivatives",
        statement="de/dh = -E[x], de/dJ = -J (chi_EA q_EA + int y q dq), and de/dkappa = q_EA/2 for all "
        "stiffnesses.",
        latex=r"\frac{\partial e}{\partial J} = -J \left(\chi_{EA} q_{EA} + \int y\, q\, dq\right)",
        source="this project",
        domain="any saddle of the functional",
        kind="derived",
        derivation="broken_derivatives",
        formulas=("coupling_slope",),
        numerics="differences of e in h, J and kappa to 1e-5",
    ),
    Claim(
        id="rsb-onset",
        statement="Just above the line where the replicon r of symmetric replicas vanishes, h > 0, q_EA "
        "- q_0 -> -r/(J^4 E[f'''^2]) and e - e_RS -> -r^3/(24 J^6 E[f''^3] E[f'''^2]): the "
        "third power of J - J_c.",
        latex=r"e - e_{RS} \to \frac{-r^3}{24 J^6\, \mathrm E[f''^3]\, \mathrm E[f'''^2]}",
        source="this project; the line: de Almeida and Thouless",
        domain="r -> 0-, means of the symmetric solution, single wells (b > 0), h > 0 (at h = 0 "
        "E[f'''^2] is 0 on the line)",
        kind="derived",
        derivation="onset",
        formulas=("onset_spread", "onset_energy"),
        numerics="both ratios extrapolated to J_c of `khgps.critical_coupling`, and the power",
    ),
    Claim(
        id="rsb-spins",
        statement="Deep double wells of one stiffness are the Sherrington-Kirkpatrick model: e -> -3 "
        "kappa^2/(2 A) - 6 kappa J e_SK/A, e_SK = -0.7631667.",
        latex=r"e \to -\frac{3 \kappa^2}{2 A} - \frac{6 \kappa J}{A} e_{SK}",
        source="this project; e_SK: Oppermann and Schmidt",
        domain="h = 0, kappa < 0, J << |kappa|",
        kind="derived",
        derivation="deep_wells",
        formulas=("deep_well_energy",),
        properties=("deep_wells_are_spins",),
        numerics="e_SK from e at small J, extrapolated",
    ),
    Claim(
        id="rsb-steps",
        statement="Any measure of responses gives too low an energy: e of the symmetric solution, of "
        "one step, of two, ... rises to e.",
        latex=r"e_{RS} < e_1 < e_2 < \dots < e",
        source="this project; for spins Guerra",
        domain="the glassy phase; e is largest over the measure",
        kind="empirical",
        numerics="e of 1, 2, 4, 8 steps",
    ),
    Claim(
        id="rsb-ground-state",
        statement="The energy of the deepest minima tends to e of broken, not of symmetric replicas; "
        "its excess falls as N^(-2/3), with a part of 1/N.",
        latex=r"e_N \to e + c N^{-2/3} + d/N",
        source="this project; the power: seen in the Sherrington-Kirkpatrick model",
        domain="kappa_min = 0, any J; N -> infinity",
        kind="empirical",
        numerics="deepest of many minima at N = 64 to 512, extrapolated, against e and e_RS",
    ),
    Claim(
        id="rsb-fields",
        statement="The local fields of the deepest minima have the law P(q_EA, H) of broken replicas: "
        "where wells are double few are near 0, and not as many as of a normal law.",
        latex=r"p_N(H) \to \int d\kappa\, p(\kappa) P(q_{EA}, H|\kappa)",
        source="this project; for spins Sommers and Dupont",
        domain="kappa_min = 0, any J; N -> infinity",
        kind="empirical",
        numerics="share of oscillators in weak fields at the deepest of many minima, extrapolated, against "
        "the integral of the law, and the normal one of symmetric replicas",
    ),
    Claim(
        id="rsb-edge",
        statement="Where wells are double and stiffnesses pass through 0, y ~ (q_EA - q)^(-5/8), with "
        "corrections in powers as slow as (q_EA - q)^(1/24); the law of fields at kappa' < 0 "
        "has an essential zero, ln P ~ -(kappa'^2/|H|)^(2/3).",
        latex=r"y \sim (q_{EA} - q)^{-5/8}, \quad \ln P(q_{EA}, H|\kappa' < 0) \sim "
        r"-(\kappa'^2/|H|)^{2/3}",
        source="this project",
        domain="q -> q_EA, r > 0; reached where c (6 J^2 chi_EA/A)^(1/2) >> v^(1/8), v = J^2 (q_EA - "
        "q), c = y v^(5/8)",
        kind="estimate",
        derivation="near_q_EA",
        formulas=("edge_response_exponent", "edge_response", "field_gap_exponent"),
        properties=("fields_leave_a_kink_as_stated", "jumps_add_up_to_their_number"),
        numerics="local powers of y in the decades that the solution has, beside 1/2 of spins",
    ),
    Claim(
        id="rsb-tail",
        statement="The deepest minima have a steeper tail of D than a quench: D/omega^4 falls to A_g as "
        "1 + C omega^(1/4), so that exponents over what can be reached are above 4.",
        latex=r"D/\omega^4 \to A_g (1 + C \omega^{1/4}), \quad C > 0",
        source="this project",
        domain="kappa_min = 0, global minima, omega -> 0",
        kind="estimate",
        derivation="near_q_EA",
        numerics="exponent and level of D below one frequency, deepest of many minima against a descent",
    ),
)
