"""Claims about valleys that straight lines miss: why r of cubic modes is bounded from below (S IV.G)."""

from theory.claim import Claim

VALLEYS = (
    Claim(
        id="valley-response",
        statement="Every cubic mode has r = X/b4, X = U''' : pi pi . M^-1 . U''' : pi pi; and r = f_perp/(3 "
        "s^2) > f_perp/3, f_perp = 3 X_perp/b4 of the response M-orthogonal to any z, s^2 the share of the "
        "energy of pi that is.",
        latex=r"r = \frac{\mathcal U''' : \pi\pi \cdot \mathcal M^{-1} \cdot \mathcal U''' : \pi\pi}{b_4} = "
        r"\frac{f_\perp}{3 s^2}",
        source="this project, from (S 15)",
        domain="any landscape, b4 > 0",
        kind="derived",
        derivation="bent_valley",
        formulas=("bent_ratio",),
        properties=("mode_has_the_response",),
        numerics="X/b4 - r of cubic modes of glasses, to 1e-10",
    ),
    Claim(
        id="valley-undone",
        statement="Where the other coordinates follow, the energy along z has the fourth derivative b4 (1 - "
        "f), f = 3 X/b4 - 3 r_z.",
        latex=r"b_4 \to b_4 (1 - f), \quad f = 3 X/b_4 - 3 r_z",
        source="this project",
        domain="any direction z of a minimum; followed at constant z.M.(x - x0)",
        kind="derived",
        derivation="bent_valley",
        formulas=("undone_share",),
        properties=("valley_by_minimising",),
        numerics="constrained energies along soft directions of glasses, to 1 percent of b4",
    ),
    Claim(
        id="bent-ratio",
        statement="With K (y_i + g x_i^2/2)^2/2 added to each site minima, saddles and valleys stay, and "
        "every cubic mode has r = F/(3 s^2) > F/3, F = 3 K g^2/(A + 3 K g^2).",
        latex=r"r = \frac{F}{3 s^2} > \frac{F}{3}, \quad F = \frac{3 K g^2}{A + 3 K g^2}",
        source="this project",
        domain="oscillators of one A with any couplings; s^2 is the share of energy off the valleys",
        kind="derived",
        derivation="bent_valley",
        formulas=("bent_share", "bent_ratio"),
        properties=("bent_modes_obey_their_share",),
        numerics="r, F/(3 s^2) and barriers of KHGPS bent to several F",
    ),
    Claim(
        id="bent-bound",
        statement="Oscillator models whose valleys are bent to F >= 0.8 have the bounds of glasses: 0.4 "
        "<= r <= 3, and r >= F but for a tenth of the cubic modes.",
        latex=r"P(r < 0.4) \approx P(r > 3) \approx 0, \quad P(r < F) < 0.1 \quad (F \ge 0.8)",
        source="this project",
        domain="KHGPS at weak and strong coupling, minima as found; glasses of soft spheres have f near 0.9",
        kind="estimate",
        derivation="bent_valley",
        formulas=("bent_share", "valley_ratio"),
        properties=("pair_has_the_ratios",),
        numerics="shares of r < 0.4, r < F and r > 3 in KHGPS bent to several F",
    ),
    Claim(
        id="valley-ratio",
        statement="A cubic mode beside the soft direction z has r = f + r_z/2 + (r_z (r_z + 8 f/3))^(1/2)/2 "
        ">= f + r_z: the curvature of valleys bounds r, and f of glasses is about 0.9.",
        latex=r"r = f + \frac{r_z}{2} + \frac12 \sqrt{r_z (r_z + 8 f/3)}",
        source="this project, for S18-lower",
        domain="two coordinates, z and the response to it; U''' : z y y, U''' : y y y and the change of b4 "
        "on tilting left out. A second minimum of B, behind, has f/3 <= r <= f",
        kind="estimate",
        derivation="bent_valley",
        formulas=("valley_ratio", "backward_ratio"),
        properties=("pair_has_the_ratios",),
        numerics="r over this of cubic modes of soft spheres; its scatter, with f and with f shuffled; r < "
        "f/3 never",
    ),
    Claim(
        id="valley-frozen",
        statement="It is the surroundings that follow: where all but m particles of a glass are frozen, r < "
        "0.4 is the rule at m = 1 and does not occur from m = 37 on.",
        latex=r"P_1(r < 0.4) > 0.9, \quad P_{m \ge 37}(r < 0.4) < 0.005",
        source="this project",
        domain="soft spheres in two dimensions, particles drawn at random and those nearest to them",
        kind="open",
        numerics="share of r < 0.4 against m",
    ),
)
