"""Claims about the lattice model and its reconstruction (S 2, II.B), and phonons (S 3 to S 5)."""

from theory.claim import Claim

LATTICE = (
    Claim(
        id="S2-omega4",
        statement="The lattice model has D ~ omega^4 as omega -> 0, whatever the exponent beta of its "
        "stiffness law.",
        latex=r"D(\omega) = A_g \omega^4",
        source="(S 2), II.B",
        domain="omega < omega_b, gapless law kappa^beta, h = 0; each oscillator in its lower well",
        kind="empirical",
        numerics="tail exponent 4, and neither 3 nor 5, for beta = 0, 1/2, 1 and 2 at L >= 12",
    ),
    Claim(
        id="S2-omega4-descended",
        statement="Minima of the lattice model have D ~ omega^4 as they are reached by minimising the "
        "energy.",
        latex=r"D(\omega) = A_g \omega^4",
        source="(S 2), II.B, the protocol not being stated",
        domain="as S2-omega4, from small random displacements; some oscillators end in upper wells",
        kind="open",
        numerics="the same exponents before sites are moved to their lower wells",
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
        id="lattice-field-sites",
        statement="For sources on sites, at most one on each, that width has the factor 1 + n/3 and the "
        "density at f << J x/2 the factor 1/(1 - n), to first order in n.",
        latex=r"p(f) = \frac{1}{1 - n}\, \frac{\gamma'}{\pi (f^2 + \gamma'^2)}, \quad "
        r"\gamma' = \gamma (1 + n/3)",
        source="this project",
        domain="n << 1, all displacements of one size, f << J x/2; averaged over what the number of sites "
        "in a ball oscillates about its volume, also of order n",
        kind="derived",
        derivation="lattice_fields",
        formulas=("lattice_field_width",),
        numerics="characteristic function by the sum over the sites of a lattice, averaged, d = 1, 2, 3",
    ),
    Claim(
        id="lattice-field-dense",
        statement="Where displaced sites are dense near neighbours set the law of the fields: excess "
        "kurtosis (9 K - 15) S_4/(5 S_2^2), K = <x^4>/<x^2>^2, S_2 and S_4 the sums of r^(-2d) and r^(-4d).",
        latex=r"\frac{\langle f^4\rangle}{\langle f^2\rangle^2} - 3 = \frac{(9 K - 15) S_4}{5 S_2^2}",
        source="this project",
        domain="displacements independent of each other and of the couplings; any n",
        kind="derived",
        derivation="lattice_fields",
        formulas=("dense_field_kurtosis",),
        numerics="kurtosis of synthetic fields from dilute to dense, and of the relaxed lattice",
    ),
    Claim(
        id="lattice-unstable",
        statement="At weak coupling oscillators are destabilised in pairs of kappa_i kappa_j < J_ij^2; for "
        "uniform stiffnesses a pair at distance r is with probability c^2 (5 + 6 ln(2/c))/36, "
        "c = J/(kappa_0 r^d).",
        latex=r"\frac{N_-}{N} \to \frac12 \sum_r \frac{c_r^2}{36} \left(5 + 6 \ln \frac{2}{c_r}\right)",
        source="this project",
        domain="J -> 0, beta = 0; N_- the number of negative eigenvalues of kappa delta + J",
        kind="derived",
        derivation="unstable_pairs",
        formulas=("unstable_pair_probability",),
        numerics="negative eigenvalues at two small J, extrapolated",
    ),
    Claim(
        id="lattice-pair-displacements",
        statement="At weak coupling and for uniform stiffnesses <x^2> -> S_3 J^3/(5 A kappa_0^2) and "
        "<|x|> -> 32 sqrt(3) S_(5/2) J^(5/2)/(189 A^(1/2) kappa_0^2), from unstable pairs alone; S_m is the "
        "sum of r^(-m d).",
        latex=r"\langle x^2 \rangle \to \frac{S_3 J^3}{5 A \kappa_0^2}, \quad \langle |x| \rangle \to "
        r"\frac{32 \sqrt3\, S_{5/2}\, J^{5/2}}{189\, A^{1/2} \kappa_0^2}",
        source="this project",
        domain="J -> 0, beta = 0; softening by stiff neighbours, and what the fields move, are of relative "
        "order (J/kappa_0) ln^2(kappa_0/J), a quarter at J = 0.003 kappa_0",
        kind="derived",
        derivation="unstable_pairs",
        formulas=("pair_mean_square", "pair_mean_displacement"),
        numerics="minima of lattices that hold an unstable pair, each with the weight of its draw",
    ),
    Claim(
        id="lattice-boson-peak-scaling",
        statement="At weak coupling omega_b ~ (J <|x|>)^(1/3) with <|x|> ~ J^(2 beta + 5/2) of unstable "
        "pairs, whose fields are a Cauchy law: omega_b ~ J^((4 beta + 7)/6).",
        latex=r"\omega_b \sim \kappa_0^{-2(\beta + 1)/3} J^{(4\beta + 7)/6}",
        source="this project",
        domain="J << kappa_0; the exponent is that of J -> 0: at J = 0.01 to 0.1 <|x|> rises to 5 times that "
        "of pairs (lattice-pair-displacements), which adds about 0.1; omega_b ~ J^(1/2) for J >> kappa_0",
        kind="estimate",
        derivation="unstable_pairs",
        formulas=("boson_peak_exponent",),
        numerics="exponent of omega_b in J <|x|>, times that of J <|x|> in J where pairs are alone",
    ),
    Claim(
        id="mode-profile",
        statement="Away from its centre a soft mode has psi_j = -J_0j psi_0/(k_j - lambda): psi^2 typically "
        "decays as r^(-2d). Its mean has a part ~ r^-d from sites within J_0j of resonance.",
        latex=r"e^{\langle \ln \psi_j^2 \rangle} \sim r^{-2d}, \quad "
        r"\langle \psi_j^2 \rangle_{\mathrm{res}} = 2\, p(\lambda)\, |J_{0j}|",
        source="this project",
        domain="first order in J; the model's couplings end at the nearest image",
        kind="derived",
        derivation="mode_profile",
        formulas=("neighbour_weight", "resonant_weight"),
        numerics="exponent of the geometric mean of psi^2 in r, at two sizes",
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
        numerics="widths of bands by disorder, N and omega, of lattices of springs",
    ),
    Claim(
        id="S4-glasses",
        statement="Bands of phonons of glasses have relative widths ~ N^(-1/2), so that they merge as (S 5) "
        "says, omega_dagger ~ L^(-1/2) in the plane.",
        latex=r"\Delta\omega/\omega \sim N^{-1/2}",
        source="(S 4), (S 5), Fig. 4",
        domain="computer glasses, bands below omega_dagger: by (S 5) with a number of 1 the first band of "
        "soft spheres of T_p = 0.5 is at 1.2 of it for N = 100, at 0.8 for N = 400; larger glasses take "
        "hours",
        kind="empirical",
        numerics="relative width of the first band at two N",
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
        numerics="powers of disorder and L where the width is a gap, wave vectors counted",
    ),
)
