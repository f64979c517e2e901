"""What figures draw: every point, bar and line once more, read from the page before it is written."""

import dataclasses
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import lattice_gps
import spm
from lattice_gps.profile import Profile
from lattice_gps.reconstruction import Reconstruction
from qle.experiments.nonlinear_wells import Pushed
from qle.figures import (
    barriers,
    boson_peak,
    fields,
    heat_map,
    mode_map,
    mode_profile,
    nonlinear_bounds,
    overlaps,
    participation,
    phase_diagram,
    quartic_wells,
    reconstruction,
    softening,
    softest,
    specific_heat,
    vdos,
)
from qle.figures.style import shades
from qle.measurements.cubic_modes import CubicModes
from qle.statistics import tail
from qle.statistics import vdos as density_of_states
from qle.statistics.boson_peak import BosonPeak
from qle.statistics.resampling import resampling_weights
from quartic.nonlinear.heat import HeatCapacities
from quartic.nonlinear.softening import Softening
from tests.pages import Drawn, bars, close

Array = np.ndarray


def lines(panel: Axes) -> dict[str, tuple[Array, Array]]:
    """Return x and y of the lines of a panel, by label."""
    return {str(one.get_label()): (one.get_xdata(), one.get_ydata()) for one in panel.lines}  # type: ignore[misc]


def words(drawing: Figure, panel: Axes) -> tuple[str, str, str, str]:
    """Return caption, title and labels."""
    return drawing.get_suptitle(), panel.get_title(), panel.get_xlabel(), panel.get_ylabel()


def sweep(J: int = 2, kappa_0: int = 2) -> xr.Dataset:
    """Return a sweep at two h whose lowest 6 of 100 frequencies follow omega^4."""
    grid = ("h", "J", "kappa_0", "sample")
    frequency = np.sort(np.random.default_rng(1).power(5, size=(2, J, kappa_0, 30, 100)))[..., :6]
    meaning = {"flag_values": np.array([0], dtype=np.int8), "flag_meanings": "converged"}
    return xr.Dataset(
        {
            "status": (grid, np.zeros(frequency.shape[:-1], np.int8), meaning),
            "frequency": ((*grid, "mode"), frequency),
        },
        coords={
            "h": [0.01, 0.02], "J": 0.1 * np.arange(1, J + 1), "kappa_0": np.arange(1.0, kappa_0 + 1),
            "sample": np.arange(30), "N": 100,
        },
    )  # fmt: skip


def test_densities_of_states_are_drawn_beside_their_laws(drawn: Drawn) -> None:
    dataset = sweep()
    drawing = drawn(lambda path: vdos.draw(dataset, path))
    density, law = density_of_states(dataset), tail(dataset)
    panels = np.reshape(np.array(drawing.axes, object), (2, 2))
    for (h, k), panel in np.ndenumerate(panels):
        assert panel.get_title() == rf"$h$ = {(0.01, 0.02)[h]:g}, $\kappa_0$ = {k + 1:g}"
        assert (panel.get_xscale(), panel.get_yscale()) == ("log", "log")
        bands = iter([one for one in panel.collections if one.get_label() == "_bands"])
        for J, (container, pale) in enumerate(
            zip(panel.containers[::2], panel.containers[1::2], strict=True)
        ):
            here, own = density.isel(h=h, J=J, kappa_0=k), law.isel(h=h, J=J, kappa_0=k)
            seen = here["D"].values > 0
            omega, D, error = (here[name].values[seen] for name in ("omega", "D", "D_error"))
            both = [np.concatenate(pair) for pair in zip(bars(container), bars(pale), strict=True)]
            close(both, (omega, D, np.maximum(D - error, 0.001 * D), D + error))
            window = float(own["omega_window"])
            assert bars(container)[0].max(initial=0.0) <= window < bars(pale)[0].min(initial=np.inf)
            assert container.get_label() == f"{0.1 * (J + 1):g}"
            cut, first = float(own["omega_cut"]), omega[0]
            full, dashed = [one for one in panel.lines if one not in [c[0] for c in panel.containers]][
                2 * J : 2 * J + 2
            ]
            A_g = float(own["A_g"])
            close(full.get_data(), ([first, cut], [A_g * first**4, A_g * cut**4]))
            close(dashed.get_data(), ([cut, 2 * cut], [A_g * cut**4, 16 * A_g * cut**4]))
            assert (full.get_linestyle(), dashed.get_linestyle()) == ("-", "--")
            corners = next(bands).get_paths()[0].vertices
            ends = [float(own[name]) for name in ("A_g_low", "A_g_high")]
            np.testing.assert_allclose(corners[:, 1].max(), ends[1] * cut**4)
            np.testing.assert_allclose(corners[:, 1].min(), ends[0] * first**4)
    D = density["D"].values
    assert panels[0, 0].get_ylim() == pytest.approx((D[D > 0].min() / 3, D[D > 0].max() * 3))
    assert drawing.get_suptitle() == "$N = 100$, 30 samples per curve"
    assert (panels[1, 0].get_xlabel(), panels[0, 0].get_ylabel()) == (r"$\omega$", r"$\mathcal{D}(\omega)$")
    corners = np.log10(panels[0, 0].patches[0].get_xy())
    rise, run = np.ptp(corners[:, 1]), np.ptp(corners[:, 0])
    assert rise / run == pytest.approx(4.0)


def test_the_law_of_fields_and_both_laws_beside_it(drawn: Drawn) -> None:
    """Six bins a decade from 1/100 of the median of |f|; both laws have half of their weight below 1."""
    f = np.random.default_rng(2).standard_cauchy(3000)
    drawing = drawn(lambda path: fields.draw(f, path, title="made up"))
    (panel,) = drawing.axes
    found = lines(panel)
    size = np.abs(f) / np.median(np.abs(f))
    edges = 10.0 ** (np.arange(-12, math.ceil(6 * math.log10(size.max())) + 1) / 6)
    counts = np.array([np.sum((size >= a) & (size < b)) for a, b in itertools.pairwise(edges)])
    seen, middle = counts > 2, np.sqrt(edges[1:] * edges[:-1])
    close(found["fields"], (middle[seen], (counts / 3000 / np.diff(edges))[seen]))
    fine = np.geomspace(edges[0], edges[-1], 200)
    close(found["Cauchy"], (fine, 2 / math.pi / (1 + fine**2)))
    s = 1 / 0.674489750196082  # the median of |f| is 0.6745 standard deviations
    close(found["normal"], (fine, 2 * np.exp(-((fine / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi))))
    density = found["fields"][1]
    assert panel.get_ylim() == pytest.approx(
        (0.3 * density.min(), 3 * (counts / 3000 / np.diff(edges)).max())
    )
    assert words(drawing, panel) == ("made up", "", "$|f|$ over its median", "density")


def test_boson_peaks_and_their_power(drawn: Drawn) -> None:
    """A power of (4 beta + 7)/6, through the geometric mean of the points."""
    omega = np.geomspace(0.1, 1.0, 9)
    peaks = {
        J: BosonPeak(
            w, 0.01 * w, omega, omega**2 * (2.0 - omega), np.array([2, 5, 9, 16, 25, 36, 49, 64, 81.0])
        )
        for J, w in ((0.1, 0.4), (0.3, 0.7))
    }
    displacements = {0.1: 0.02, 0.3: 0.18}
    drawing = drawn(
        lambda path: boson_peak.draw(peaks, path, beta=0.5, displacements=displacements, title="made up")
    )
    left, right = drawing.axes
    for k, (J, peak) in enumerate(peaks.items()):
        top = np.interp(math.log(peak.omega_b), np.log(omega), peak.reduced)
        seen = peak.modes >= 5
        value = peak.reduced[seen] / top
        error = value / np.sqrt(peak.modes[seen])
        close(bars(left.containers[k]), (omega[seen], value, value - error, value + error))
        assert left.containers[k].get_label() == f"{J:g}"
        w = peak.omega_b
        close(bars(right.containers[k]), ([J], [w], [0.99 * w], [1.01 * w]))
    verticals = [one.get_xdata() for one in left.lines if len(one.get_xdata()) == 2]  # type: ignore[arg-type]
    close(verticals, [[0.4, 0.4], [0.7, 0.7]])
    power = (4 * 0.5 + 7) / 6
    _, line = lines(right)[rf"$J^{{{power:.3g}}}$"]
    assert line[1] / line[0] == pytest.approx(3**power)
    assert math.sqrt(line[0] * line[1]) == pytest.approx(math.sqrt(0.4 * 0.7))
    _, root = lines(right)[
        "_Open"
    ]  # J <|x|> grows by 27, its cube root by 3, the middle is that of the peaks
    close((root,), ([math.sqrt(0.28 / 3), math.sqrt(0.28 * 3)],))
    assert "Its slope is $1.00$." in drawing.get_supxlabel().replace("\n", " ")
    assert left.get_xlim()[1] == pytest.approx(6 * 0.7)
    assert words(drawing, right) == ("made up", "", "$J$", r"$\omega_b$")
    with pytest.raises(ValueError, match="peaks: 0 couplings, must be 1 to"):
        boson_peak.draw({}, Path("a.svg"))


def test_profiles_are_gathered_in_bins_of_distance(drawn: Drawn) -> None:
    """psi^2 = 3 r^(-4) at sites 1, 1.1 and 3: the first two share a bin of 1/6 in ln r."""
    r, counts = np.array([1.0, 1.1, 3.0]), np.array([4, 12, 8])
    weight = 3.0 * r**-4.0
    profile = Profile(r, counts, np.array([weight, 3 * weight]), np.log([weight, 4 * weight]))
    first = Profile(r, counts, profile.mean, np.log([9 * weight, weight]))
    drawing = drawn(
        lambda path: mode_profile.draw({16: profile}, 2, path, first_order={16: first}, title="made up")
    )
    (panel,) = drawing.axes
    found = lines(panel)
    near = 1.1**0.75  # (4 ln 1 + 12 ln 1.1)/16
    mean = (4 * 3.0 + 12 * 3.0 * 1.1**-4.0) / 16 * 2.0
    close(found["$L = 16$, mean"], ([near, 3.0], [mean, 2 * weight[2]]))
    close(found["$L = 16$, geometric mean"], ([near, 3.0], [6.0 * near**-4.0, 6.0 * 3.0**-4.0]))
    close(found["$r^{-4}$"], ([near, 3.0], [6.0 * near**-4.0, 6.0 * 3.0**-4.0]))
    close(found["_Dotted"], ([near, 3.0], [9.0 * near**-4.0, 9.0 * 3.0**-4.0]))
    ends, log_ends = (np.array(one.get_segments())[:, :, 1] for one in panel.collections)  # type: ignore[attr-defined]
    close(ends[1], (weight[2], 3 * weight[2]))  # of two values their half difference
    close(log_ends[1], (3.0 * 3.0**-4.0, 12.0 * 3.0**-4.0))
    assert words(drawing, panel) == ("made up", "", "$r$", r"$\psi^2(r)/\psi^2(0)$")


def test_four_spectra_of_a_reconstruction(drawn: Drawn) -> None:
    """The most negative stiffness is -0.2: 40 bins from there to 0.6. Eight bins a decade of omega."""
    rng = np.random.default_rng(3)
    names = ("bare", "softened", "reconstructed", "final")
    spectra = {name: np.sort(rng.random(400)) for name in names}
    spectra["softened"] -= 0.2 + spectra["softened"][0]
    rows = [
        Reconstruction(**{name: one[k::2] for name, one in spectra.items()}, x=np.zeros(200)) for k in (0, 1)
    ]
    drawing = drawn(lambda path: reconstruction.draw(rows, path, title="made up"))
    left, right = drawing.axes
    edges = np.linspace(-0.2, 0.6, 41)
    for name, steps, line in zip(names, left.patches, (":", "--", "-.", "-"), strict=True):
        counts = np.histogram(spectra[name], edges)[0]
        found = steps.get_data()  # type: ignore[attr-defined]
        np.testing.assert_allclose(found.edges, edges, atol=1e-12)
        assert np.abs(found.values - counts / (400 * 0.02)).max() <= 1 / (400 * 0.02) * 1.001  # an edge
        assert steps.get_linestyle() == line
    for name, label in zip(names, ("bare", "coupled", "without fields", "final"), strict=True):
        omega = np.sqrt(spectra[name][spectra[name] > 0])
        k = np.floor(8 * np.log10(omega))
        bins = np.array([j for j in np.unique(k) if np.sum(k == j) >= 5])
        counts = np.array([np.sum(k == j) for j in bins])
        width = 10 ** ((bins + 1) / 8) - 10 ** (bins / 8)
        close(lines(right)[label], (10 ** ((bins + 0.5) / 8), counts / (400 * width)))
    guides = [one for one in right.lines if one.get_label() == "_grey lines"]
    for guide, power in zip(guides, (1, 4), strict=True):
        x, y = (np.log(values) for values in guide.get_data())
        assert np.diff(y) / np.diff(x) == pytest.approx(power)
    assert words(drawing, left) == ("made up, 2 samples", "", r"$\lambda$", r"$P(\lambda)$")
    assert left.get_ylim()[0] == 0.0
    lowest = float(min(rows[0].bare[0], 1.0))
    stable = [Reconstruction(*(np.array([lowest, 0.5, 0.9]),) * 4, x=np.zeros(3))] * 5
    left = drawn(lambda path: reconstruction.draw(stable, path)).axes[0]
    ends = left.patches[0].get_data().edges[[0, -1]]  # type: ignore[attr-defined]
    assert ends == pytest.approx([-0.3, 0.9])


def modes_of(samples: int, each: int, seed: int = 4) -> CubicModes:
    rng = np.random.default_rng(seed)
    n = samples * each
    return CubicModes(
        rng.random(n) ** 0.4, 2 * rng.random(n), rng.uniform(0.5, 1, n), rng.random(n),
        rng.permutation(np.repeat(np.arange(samples), each)), rng.random(samples), rng.random(samples), 0,
    )  # fmt: skip


def test_the_softest_modes_of_samples(drawn: Drawn) -> None:
    """Shares of (k + 1/2)/S; omega^5 through the median."""
    modes = modes_of(8, 3)
    drawing = drawn(lambda path: softest.draw(modes, "made up", path))
    left, right = drawing.axes
    rows = [min(np.flatnonzero(modes.sample == s), key=lambda i: modes.b2[i]) for s in range(8)]
    omega = np.sqrt(modes.b2[rows])
    share = (np.arange(8) + 0.5) / 8
    found = lines(left)
    close(found["normal modes"], (np.sort(modes.softest), share))
    close(found["cubic modes"], (np.sort(omega), share))
    end = np.median(omega)
    close(found[r"$\omega^5$"], ([0.4 * end, end], [0.5 * 0.4**5, 0.5]))
    normal, cubic = right.lines
    close(normal.get_data(), (modes.softest, modes.spread))
    close(cubic.get_data(), (omega, modes.participation[rows]))
    assert [one.get_color() for one in right.lines] == [shades(3)[2], shades(3)[0]]
    assert words(drawing, right) == ("made up, 8 samples", "", r"$\omega_{\min}$", "$e$")


def test_the_law_of_barriers(drawn: Drawn) -> None:
    """Barriers of r > 8/3 by the roots of the derivative, from the lowest to the median in 14 bins."""
    pair = modes_of(160, 10), modes_of(150, 10, seed=5)
    drawing = drawn(lambda path: barriers.draw({"made up": pair}, path))
    for panel, modes, power in zip(drawing.axes, pair, (-1 / 3, 1 / 4), strict=True):
        heights, sample = [], []
        for b2, b3, b4, s in zip(modes.b2, modes.b3, modes.b4, modes.sample, strict=True):
            roots = np.roots([b4 / 6, -b3 / 2, b2])  # of U'/s, U = b2 s^2/2 - b3 s^3/6 + b4 s^4/24
            if b3**2 > 8 / 3 * b2 * b4:
                s_top = roots.real.min()
                heights.append(b2 * s_top**2 / 2 - b3 * s_top**3 / 6 + b4 * s_top**4 / 24)
                sample.append(s)
        B, of = np.array(heights), np.array(sample)
        edges = np.geomspace(np.quantile(B, 1 / B.size), np.median(B), 15)
        counts = np.zeros((modes.samples, 14))
        for height, s in zip(B, of, strict=True):
            k = np.searchsorted(edges, height, side="right") - 1
            if 0 <= k < 14:
                counts[s, k] += 1
        total, width = counts.sum(axis=0), modes.samples * np.diff(edges)
        error = (resampling_weights(modes.samples, 400) @ counts).std(axis=0, ddof=1)
        seen = total >= 5
        x, p, e = np.sqrt(edges[1:] * edges[:-1])[seen], (total / width)[seen], (error / width)[seen]
        close(bars(panel.containers[0]), (x, p, p - e, p + e))
        assert panel.containers[0].get_label() == f"made up: {modes.samples}"
        line = panel.lines[-1].get_data()
        close(line, (x, np.exp(np.mean(np.log(p[:4] * x[:4] ** -power))) * x**power))
    assert [panel.get_title() for panel in drawing.axes] == [
        "as found: $B^{-1/3}$", "in lower wells: $B^{1/4}$",
    ]  # fmt: skip
    few = drawn(lambda path: barriers.draw({"few": (modes_of(2, 3), modes_of(2, 3))}, path))
    assert not few.axes[0].containers[0][0].get_xdata().size


def test_bounds_of_cubic_modes(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of 30 modes, or 5 of them at equal distances, the first and the last too; light where r > 3."""
    modes = modes_of(10, 3)
    for most in (30, 5):
        monkeypatch.setattr(nonlinear_bounds, "MOST_POINTS", most)
        drawing = drawn(lambda path: nonlinear_bounds.draw({"made up": modes}, path))
        (panel,) = drawing.axes
        rows = [round(k * 29 / (most - 1) - 0.49) for k in range(most)]  # downwards
        x, y = (modes.b2 * modes.b4)[rows], modes.b3[rows] ** 2
        upper = y > 3 * x
        found = lines(panel)
        close(found[r"$r \leq 3$"], (x[~upper], y[~upper]))
        close(found["$r > 3$"], (x[upper], y[upper]))
        ends = np.array([x.min(), x.max()])
        for factor in (3.0, 0.4):
            close(found[rf"$b_3^2 = {factor:g}\,b_2b_4$"], (ends, factor * ends))
    assert words(drawing, panel) == ("", "made up\n10 samples, 30 modes", "$b_2 b_4$", "$b_3^2$")


def test_quartic_wells_beside_their_bounds(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    wells = spm.QuarticWells(b2=rng.random(21), b3=rng.normal(size=21), b4=rng.uniform(0.2, 1.0, 21))
    monkeypatch.setattr(quartic_wells, "MOST_POINTS", 11)
    drawing = drawn(lambda path: quartic_wells.draw(wells, path))
    (panel,) = drawing.axes
    x, y = (wells.b2 * wells.b4)[::2], wells.b3[::2] ** 2
    upper = y > 3 * x
    found = lines(panel)
    close(found["global minima"], (x[~upper], y[~upper]))
    close(found["upper of two minima"], (x[upper], y[upper]))
    ends = np.array([x.min(), x.max()])
    for factor in (3.0, 0.4):
        close(found[rf"$b_3^2 = {factor:g}\, b_2 b_4$"], (ends, factor * ends))
    assert panel.get_ylim() == pytest.approx((np.quantile(y, 0.01), 30 * y.max()))


def test_softening_over_its_law(drawn: Drawn) -> None:
    def way(seed: int) -> Softening:
        rows = np.random.default_rng(seed).uniform(0.5, 2.0, (8, 4))
        names = [field.name for field in dataclasses.fields(Softening)][:-1]
        return Softening(**dict(zip(names, np.sort(rows, axis=1), strict=True)), status="arrived")

    ways = [way(seed) for seed in range(16)]
    drawing = drawn(lambda path: softening.draw({"made up": ways}, path))
    (panel,) = drawing.axes
    assert len(panel.lines) == 45  # 15 ways, three lines each
    for k in (0, 1, 14):
        normal, cubic, law = panel.lines[3 * k : 3 * k + 3]
        close(normal.get_data(), (ways[k].distance, ways[k].lowest_eigenvalue))
        close(cubic.get_data(), (ways[k].distance, ways[k].b2))
        close(law.get_data(), (ways[k].distance, ways[k].predicted))
        assert (normal.get_color(), cubic.get_color()) == (shades(3)[2], shades(3)[0])
    named = [label for label in lines(panel) if not label.startswith("_")]
    assert named == ["normal modes", "cubic modes", "$(2 b_3 F (h_c - h))^{1/2}$"]
    assert panel.get_title() == "made up\n15 instabilities"


def test_overlaps_of_what_was_found(drawn: Drawn) -> None:
    """Of four pushes three led somewhere; 1 + rounding counts as 1; ten bins; exact intervals."""
    overlap = np.array([1.0 + 1e-12, np.nan, 0.97, 0.12])
    numbers = dict.fromkeys(Pushed._fields, overlap) | {"samples": 4}
    drawing = drawn(lambda path: overlaps.draw({"made up": Pushed(**numbers)}, path))  # type: ignore[arg-type]
    (panel,) = drawing.axes
    expected = np.zeros(10)
    expected[1], expected[9] = 1, 2
    x, counts, low, high = bars(panel.containers[0])
    close((x, counts), (np.arange(10) / 10 + 0.05, expected))
    # chi-square quantiles/2, from tables: of 0 events 3.689, of 1 0.0253 and 5.572, of 2 0.2422 and 7.225
    close((low[[0, 1, 9]], high[[0, 1, 9]]), ([0, 0.0253, 0.2422], [3.689, 5.572, 7.225]), 1e-3)
    assert panel.containers[0].get_label() == "made up: 3"
    assert "3 of 4 (made up)" in drawing.get_supxlabel().replace("\n", " ")
    two = {name: Pushed(**numbers) for name in "ab"}  # type: ignore[arg-type]
    pooled = drawn(lambda path: overlaps.draw(two, path)).axes[0].containers
    assert [one.get_label() for one in pooled] == ["all ensembles: 6"]


def test_pairs_of_a_heat_map_reach_across_the_border(drawn: Drawn) -> None:
    """On 4 x 4 sites, from (0, 0) to (0, 3) it is one step down; thickness and colour by c."""
    params = lattice_gps.GPSLattice(L=4, J=0.3, d=2)
    places = lattice_gps.coordinates(4, 2)

    def site(*at: int) -> int:
        return int(np.flatnonzero((places == at).all(axis=1))[0])

    pairs = np.array([[site(0, 0), site(0, 3)], [site(1, 1), site(2, 1)]])
    heat = HeatCapacities(
        site=np.ones(16), shared=np.zeros(16), pairs=pairs, pair_values=np.array([-2.0, 1.0]), residual=0.0
    )
    drawing = drawn(lambda path: heat_map.draw(params, heat, path))
    panel = drawing.axes[0]
    ends = [np.array(one.get_segments()) for one in panel.collections]  # type: ignore[attr-defined]
    close(ends[0], [[[0, 0], [0, -1]], [[1, 1], [2, 1]]])
    close(ends[1], [[[0, 3], [0, 4]], [[2, 1], [1, 1]]])
    for one in panel.collections:
        assert list(one.get_linewidths()) == [5.0, 2.5]  # type: ignore[attr-defined]
        close([one.get_array()], [[-2.0, 1.0]])
        assert (one.norm.vmin, one.norm.vmax) == (-2.0, 2.0)
    assert panel.get_xlim() == panel.get_ylim() == (-0.5, 3.5)
    assert panel.get_title() == "$L = 4$, $d = 2$, $J = 0.3$"
    assert "the 2 pairs of largest $|c|$, -2 to 1," in drawing.get_supxlabel().replace("\n", " ")


@pytest.mark.parametrize(("L", "d"), [(4, 2), (5, 3)])
def test_a_mode_is_shifted_to_the_middle(L: int, d: int, drawn: Drawn) -> None:
    """The image at pixel (x, y) from the centre is psi there over psi at the centre, x to the right."""
    psi = np.random.default_rng(7).normal(size=(L,) * d)
    centre = (1, 3, 4)[:d]
    psi[centre] = -9.0
    drawing = drawn(lambda path: mode_map.draw(psi.ravel(), L, d, path, title="made up"))
    panel = drawing.axes[0]
    image = panel.images[0]
    shown = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    assert (left, right) == (bottom, top) == (-(L // 2) - 0.5, L - L // 2 - 0.5)
    for row in range(L):
        for column in range(L):
            at = ((centre[0] + column - L // 2) % L, (centre[1] + row - L // 2) % L, *centre[2:])
            assert shown[row, column] == pytest.approx(psi[at] / -9.0)
    assert image.origin == "lower"
    assert words(drawing, panel) == ("made up", "", "$x$", "$y$")
    assert (image.norm.vmin, image.norm.vmax, image.norm.linthresh) == (-1.0, 1.0, 1e-3)  # type: ignore[attr-defined]


def test_participation_numbers_and_their_medians(drawn: Drawn) -> None:
    rng = np.random.default_rng(8)
    modes = {N: (rng.uniform(1.0, 2.0, (6, 10)), rng.random((6, 10))) for N in (8, 27)}
    drawing = drawn(lambda path: participation.draw(modes, path, title="made up"))
    (panel,) = drawing.axes
    for k, (N, (omega, e)) in enumerate(modes.items()):
        close(panel.lines[2 * k].get_data(), (omega.ravel(), N * e.ravel()))
        close(lines(panel)[f"$N = {N}$, median"], participation.medians(omega, N * e))
        ends = np.array(panel.collections[k].get_segments())[:, :, 1]  # type: ignore[attr-defined]
        row = np.floor(4 * np.log2(omega))
        each = [N * e[row == one] for one in np.unique(row) if np.sum(row == one) >= 10]
        close(ends.T, np.transpose([np.quantile(values, [0.25, 0.75]) for values in each]))
    assert words(drawing, panel) == ("made up", "", r"$\omega$", "$N e$")


def test_the_reduced_specific_heat_and_its_terms(drawn: Drawn) -> None:
    """C = 2 T + T^3 + 3 T^5 with errors of a tenth: (C - C_D T^3)/T^3 is 2/T^2 + 3 T^2."""
    T = np.geomspace(0.3, 3.0, 30)
    C = 2 * T + T**3 + 3 * T**5
    data = spm.HeatTable(T=T, C=C, C_error=0.1 * C, unit="J/mol K")
    fit = spm.fit_specific_heat(T, C, 0.1 * C)
    drawing = drawn(lambda path: specific_heat.draw(data, fit, path, window=(0.35, 2.5)))
    left, right = drawing.axes
    fine, error = np.geomspace(0.3, 3.0, 200), 0.1 * C / T**3
    used = (T >= 0.35) & (T <= 2.5)
    for panel, values in ((left, C / T**3), (right, C / T**3 - fit.C_D)):
        low = np.maximum(values - error, 0.001 * values)
        for points, rows in zip(panel.containers, (used, ~used), strict=True):
            close(bars(points), (T[rows], values[rows], low[rows], (values + error)[rows]))
        assert panel.get_ylim() == pytest.approx((values.min() / 3, 3 * values.max()))
    named = {panel: lines(panel) for panel in (left, right)}
    close(named[left]["fit (S 23)"], (fine, fit(fine) / fine**3))
    close(named[left]["$C_D$ of phonons"], (fine, np.full(200, fit.C_D)))
    close(named[right]["fit (S 23)"], (fine, fit.C_TLS / fine**2 + fit.C_sm * fine**2))
    close(named[right][r"$C_\mathrm{TLS} T^{-2}$, $C_\mathrm{sm} T^2$"], (fine, fit.C_TLS / fine**2))
    close(right.lines[-2].get_data(), (fine, fit.C_sm * fine**2))
    assert named[right][r"$T_\mathrm{min}$"][0] == pytest.approx([fit.T_min] * 2)
    assert (left.get_xlabel(), left.get_ylabel()) == ("$T$ [K]", "$C/T^3$ [J/mol K$^{4}$]")
    bare = spm.HeatTable(T=T, C=C)
    found = spm.fit_specific_heat(T, C, None)
    drawing = drawn(lambda path: specific_heat.draw(bare, found, path))
    bar = bars(drawing.axes[0].containers[0])
    np.testing.assert_allclose(bar[3] - bar[1], C * (found.relative_error or 0.0) / T**3, atol=1e-12)
    assert drawing.axes[0].get_xlabel() == "$T$"


def test_of_wells_that_do_not_tunnel_only_soft_modes_are_drawn(drawn: Drawn) -> None:
    """The fit of hot points says nothing of C_TLS: it and T_min are not shown, and cold points are hollow."""
    T = np.geomspace(0.3, 3.0, 10)
    C = 2 * T + 3 * T**5
    fit, hot = spm.fit_specific_heat(T, C, 0.1 * C, debye=0.0), T > 1.0
    data = spm.HeatTable(T=T, C=C, C_error=0.1 * C)
    drawing = drawn(lambda path: specific_heat.draw(data, fit, path, fitted=hot, tunnels=False))
    left, right = drawing.axes
    for panel, named in ((left, []), (right, [r"$C_\mathrm{sm} T^2$"])):
        assert [name for name in lines(panel) if name != "_nolegend_"] == named
    fine = np.geomspace(0.3, 3.0, 200)
    close(lines(right)[r"$C_\mathrm{sm} T^2$"], (fine, fit.C_sm * fine**2))
    full, hollow = right.containers
    close((bars(full)[0], bars(hollow)[0]), (T[hot], T[~hot]))
    caption = drawing.get_supxlabel().replace("\n", " ")
    assert "the same, as there are no phonons" in caption
    assert "Too few wells tunnel" in caption
    lowest = T[np.argmin(2 / T**2 + 3 * T**2)]  # near (2/3)^(1/4)
    assert rf"one unit is ${2 / lowest:.1f} \cdot 10^{{0}}$ K" in caption


def test_a_critical_line_is_dotted_up_to_the_special_point(drawn: Drawn) -> None:
    """Three points of omega^2, the special point, two of omega^5 at beta = 1/2."""
    h, J = np.array([0.0, 0.1, 0.2, 0.3, 0.4]), np.array([0.5, 0.45, 0.4, 0.35, 0.3])
    grid = ("kappa_min", "kappa_0", "h")
    one = {"J": (grid, J.reshape(1, 1, 5)), "exponent": (grid, np.array([2.0, 2, 2, 5, 5]).reshape(1, 1, 5))}
    special = {"special_h": (grid[:2], [[0.25]]), "special_J": (grid[:2], [[0.37]])}
    diagram = xr.Dataset(
        {**one, **special}, coords={"kappa_min": [0.1], "kappa_0": [1.0], "h": h, "beta": 0.5}
    )
    drawing = drawn(lambda path: phase_diagram.draw(diagram, path))
    (panel,) = drawing.axes
    low, high, joint = panel.lines
    close(low.get_data(), ([0.0, 0.1, 0.2, 0.25], [0.5, 0.45, 0.4, 0.37]))
    close(high.get_data(), ([0.25, 0.3, 0.4], [0.37, 0.35, 0.3]))
    close(joint.get_data(), ([0.25], [0.37]))
    assert [one.get_linestyle() for one in (low, high)] == [":", "-"]
    assert (*panel.get_xlim(), *panel.get_ylim()) == pytest.approx((0.0, 0.4, 0.0, 1.25 * 0.5))
    legend = [text.get_text() for text in panel.get_legend().get_texts()]  # type: ignore[union-attr]
    assert legend[1] == r"$\mathcal{D}\sim\omega^{5}$"
    beyond = diagram.assign(special_h=(grid[:2], [[0.5]]))
    low, high, joint = drawn(lambda path: phase_diagram.draw(beyond, path)).axes[0].lines
    assert [len(one.get_xdata()) for one in (low, high, joint)] == [3, 2, 0]  # type: ignore[arg-type]
