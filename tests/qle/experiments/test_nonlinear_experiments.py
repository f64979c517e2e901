"""Estimates, samples, figures and commands of nonlinear excitations."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import khgps
import lattice_gps
import quartic
from qle.commands.figures import add_figures
from qle.commands.parser import BadInput, Parser
from qle.description.protocol import Protocol
from qle.experiments import nonlinear_modes
from qle.experiments.nonlinear_driving import kept, softenings
from qle.experiments.nonlinear_heat import tail
from qle.experiments.nonlinear_modes import ratio_law
from qle.experiments.nonlinear_protocols import PAIRS, PROTOCOLS, Named, Prepared, excess, prepare
from qle.experiments.nonlinear_wells import Pushed, pushed
from qle.experiments.nonlinear_window import number_of_modes, pull, soft_sites
from qle.figures import barriers, heat_map, nonlinear_bounds, overlaps, softening, softest
from qle.measurements.cubic_modes import CubicModes, collect, modes_at, settle
from qle.measurements.ensemble import Ensemble
from qle.statistics.pooled import cut_at, first_of_each, share, slope
from qle.statistics.pooled import power as exponent_of
from qle.verification.comparison import law
from qle.verification.power import power
from qle.verification.verdicts import rejections
from quartic.nonlinear.cubic import cubic_modes
from quartic.nonlinear.heat import heat_capacities

STRONG = Ensemble(name="strong", params=khgps.KHGPS(N=60, J=0.3, h=0.01), seed=7)
LATTICE = Ensemble(
    name="lattice", params=lattice_gps.GPSLattice(L=4, J=0.3), seed=8, protocol=Protocol(start="random")
)


def made_up(samples: int = 200, each: int = 8) -> CubicModes:
    """Modes of D ~ omega^4 with b4 = 1 and r of the law r^(-1/2)/(2 sqrt 3), seed 1."""
    rng = np.random.Generator(np.random.PCG64(1))
    omega, r = rng.power(5, samples * each), 3.0 * rng.random(samples * each) ** 2
    sample = np.repeat(np.arange(samples), each)
    softest = omega.reshape(samples, each).min(axis=1)
    return CubicModes(
        omega**2, np.sqrt(r) * omega, np.ones(omega.size), np.full(omega.size, 0.01), sample, softest,
        np.full(samples, 0.02), 0,
    )  # fmt: skip


def test_the_estimates_of_a_known_law() -> None:
    """1600 modes: exponent 4, share of r < 3/4 one half, slope 1; each to 4 errors, false alarms < 3e-4."""
    modes = made_up()
    cut = cut_at(modes.frequency, modes.samples, 2.0)
    assert np.sum(modes.frequency < cut) == 400
    exponent, error, n = exponent_of(modes.frequency, modes.sample, modes.samples, cut)
    assert n == 400
    assert abs(exponent - 4.0) < 4.0 * error
    assert error == pytest.approx(5.0 / np.sqrt(400.0), rel=0.25)
    value, error = share(modes.ratio < 0.75, modes.sample, modes.samples)
    assert abs(value - 0.5) < 4.0 * error
    assert error == pytest.approx(0.5 / np.sqrt(1600.0), rel=0.25)
    steepness, error = slope(np.log(modes.frequency), np.log(modes.b3), modes.sample, modes.samples)
    assert abs(steepness - 1.0) < 4.0 * error


def test_the_exponent_of_a_known_tail() -> None:
    """2000 minima whose largest c is 1 +- u^(-3/5), p(|c - 1|) ~ |c - 1|^(-8/3); 4 errors, as above."""
    rng = np.random.Generator(np.random.PCG64(2))
    heat = 1.0 + rng.uniform(-0.5, 0.5, (2000, 5))
    heat[:, 3] = 1.0 + rng.choice((-1.0, 1.0), 2000) * rng.random(2000) ** -0.6
    exponent, error, n = tail(heat)
    assert n == 300
    assert abs(exponent + 8.0 / 3.0) < 4.0 * error
    assert error == pytest.approx(5.0 / 3.0 / np.sqrt(300.0), rel=0.25)


def test_modes_of_the_law_of_soft_sites_are_accepted_and_others_not() -> None:
    """r = 3 u^2 has the law; r = 3 u has not. False alarms 0.1 percent for another seed."""
    u = np.random.Generator(np.random.PCG64(3)).random(1000)
    assert abs(law("nonlinear-ratio", "r", 3.0 * u**2, ratio_law, "made up").pull) < 3.3
    assert law("nonlinear-ratio", "r", 3.0 * u, ratio_law, "made up").pull > 8.0
    assert ratio_law(np.array([3.0, 5.0])).tolist() == [1.0, 1.0]


def test_a_share_of_none_has_an_error() -> None:
    assert share(np.zeros(50, bool), np.arange(50), 50) == (0.0, 0.02)


@pytest.mark.parametrize("ensemble", [STRONG, LATTICE], ids=lambda ensemble: ensemble.name)
def test_settling_goes_down_until_no_mode_leads_lower(ensemble: Ensemble) -> None:
    left = 0
    for problem, x in ensemble.minima(6):
        modes = modes_at(problem, x)
        end = settle(problem, x, modes)
        left += end.left
        assert end.status == "lowest"
        assert np.abs(quartic.gradient(problem, end.x)).max() < 1e-9
        assert (quartic.energy(problem, end.x) < quartic.energy(problem, x)) == (end.left > 0)
        assert settle(problem, end.x, end.modes).left == 0
    assert left > 0


def test_collected_modes_are_expansions_of_their_minima() -> None:
    before, after = collect(STRONG, 3)
    for sample, (problem, x) in enumerate(STRONG.minima(3)):
        rows = before.sample == sample
        modes = modes_at(problem, x)
        np.testing.assert_allclose(np.sort(before.b2[rows]), np.sort([mode.b2 for mode in modes]))
        lowest = np.linalg.eigvalsh(quartic.hessian(problem, x))[0]
        assert before.softest[sample] ** 2 == pytest.approx(lowest)
        assert np.all(before.b2[rows] > lowest * (1 - 1e-9))
    assert after.samples == 3


def test_cubic_modes_keep_the_direction_of_an_instability() -> None:
    """Close to it both modes are its direction; far from it the cubic mode is, at least as often."""
    ways = softenings(STRONG, 3)
    assert ways
    for way in ways:
        assert way.overlap[0] > 0.999
        assert way.normal_overlap[0] > 0.999
        assert way.b2[0] == pytest.approx(way.predicted[0], rel=0.1)
    assert sum(kept(way, way.overlap) >= kept(way, way.normal_overlap) for way in ways) * 2 > len(ways)
    assert kept(ways[0], np.zeros_like(ways[0].distance)) == 0.0


def test_pushes_record_what_they_found() -> None:
    wells = pushed(LATTICE, 3, paths=True)
    found = np.isfinite(wells.overlap)
    assert found.any()
    assert np.all(wells.overlap[found] <= 1.0 + 1e-12)
    assert np.all(wells.distance[found] > 0.0)
    direct = np.isfinite(wells.barrier) & np.isfinite(wells.quartic_barrier) & (wells.overlap > 0.99)
    np.testing.assert_allclose(wells.barrier[direct], wells.quartic_barrier[direct], rtol=0.1)


@pytest.mark.parametrize(("share_of_limit", "count"), [(0.9, 2), (1.1, 1)])
def test_a_site_of_small_r_is_no_cubic_mode_beside_another(share_of_limit: float, count: int) -> None:
    """With pi = (1, p): k_j p + J = (k_i x_j/x_i) p^2, so |J| < k_j^2 x_i/(4 k_i x_j) where J x_i x_j < 0.

    To leading order in p and in J^2/(k_i k_j), here 3 percent each; k_i = 0.01, k_j = 0.5, r_i = 4e-4.
    """
    k, x = np.array([0.01, 0.5]), np.array([0.002, 1.0])
    J = -share_of_limit * k[1] ** 2 * x[0] / (4.0 * k[0] * x[1])
    coupling = np.array([[0.0, J], [J, 0.0]])
    kappa = k - x**2 / 2.0
    problem = quartic.Problem(kappa, coupling, kappa * x + coupling @ x + x**3 / 6.0, 1.0)
    modes = cubic_modes(problem, x, starts=np.eye(2))
    assert len(modes) == count
    inverse = np.linalg.inv(quartic.hessian(problem, x))
    epsilon = J**2 / (k[0] * k[1])
    expected = share_of_limit / (1.0 + 2.0 * epsilon)  # threshold to first order; epsilon is 0.025 or 0.038
    assert pull(inverse, x, 0) == pytest.approx(expected, rel=0.01)
    assert pull(inverse, x * np.array([-1.0, 1.0]), 0) == pytest.approx(-expected, rel=0.01)
    assert (min(mode.ratio for mode in modes) < 1e-3) == (count == 2)


def test_a_pair_of_strong_coupling_has_no_pull() -> None:
    """epsilon = 0.12 > 1/9, where a pair has one mode at any q > 0 and two at q < 0 (`cubic_window`)."""
    inverse = np.linalg.inv(np.array([[0.1, 0.12**0.5 * 0.2], [0.12**0.5 * 0.2, 0.4]]))
    assert np.isnan(pull(inverse, np.array([0.3, -0.3]), 0))
    assert [number_of_modes(0.1, 0.4, 0.12, q) for q in (-0.5, 0.5, 1.0, 2.0)] == [2, 1, 1, 1]


def test_a_pair_loses_a_mode_at_the_threshold() -> None:
    """At epsilon = 1/16, where the pull seen from j is 1/q: q_c by hand, and 1/q_c."""
    limit = (1.0 + 9.0 / 8.0 - 27.0 / 256.0 + (7.0 / 16.0) ** 1.5 * (15.0 / 16.0) ** 0.5) / 2.0
    counts = [
        number_of_modes(0.2, 0.1, 1.0 / 16.0, q)
        for q in (0.98 / limit, 1.02 / limit, 0.98 * limit, 1.02 * limit)
    ]
    assert counts == [1, 2, 2, 1]


def test_soft_sites_below_the_threshold_are_kept_and_others_are_not() -> None:
    """Weak coupling; sites within a factor of 2 of a threshold, where more neighbours count, are left out."""
    sites = soft_sites(Ensemble(name="weak", params=khgps.KHGPS(N=100, J=0.06, h=0.01), seed=9), 12)
    clear = (sites.pull < 0.5) | (sites.pull > 2.0)
    assert np.sum(sites.pull[clear] < 0.5) > 5
    assert np.sum(sites.pull[clear] > 2.0) > 0
    np.testing.assert_array_equal(sites.kept[clear], sites.pull[clear] < 0.5)


def test_the_protocol_that_ends_lower_is_held_to_the_other() -> None:
    """Of 3 samples where they differ 1 has r > 3 by the lower one: P(1 or more of 3 at 1/2) = 7/8."""
    low = Prepared(np.array([1.0, 1.0, 5.0, 1.0]), np.full(4, -2.0))
    high = Prepared(np.array([5.0, 5.0, 1.0, 1.0]), np.array([-1.0, -1.5, -1.0, -1.5]))
    for pair in ((Named("a", low), Named("b", high)), (Named("b", high), Named("a", low))):
        found = excess(*pair)
        assert found.predicted == 0.5
        assert found.measured == pytest.approx(1.0 / 3.0)
        assert found.p_value == pytest.approx(7.0 / 8.0)
        assert "by a alone, b, which ends higher" in found.quantity
        assert found.how.startswith("1 of 3 samples")
    worse = excess(Named("a", low._replace(energy=high.energy)), Named("b", high._replace(energy=low.energy)))
    assert worse.measured == pytest.approx(2.0 / 3.0)
    assert "energies per oscillator differ by 750000 +-" in worse.how


def test_one_case_of_each_sample_counts() -> None:
    first = first_of_each(np.array([3.0, 1.0, 2.0, 5.0]), np.array([0, 0, 4, 4]))
    assert first.tolist() == [1, 2]


def test_a_uniform_law_of_r_is_told_from_that_of_soft_sites() -> None:
    """0.03 of 3000 minima, 90 modes: the exponent of p(r) is 0 instead of -1/2; as made up it is -1/2."""
    ensemble = Ensemble(name="made up", params=STRONG.params, seed=0)
    modes = made_up(3000)
    right, wrong = (
        nonlinear_modes._ratios(one, "made up", ensemble)
        for one in (modes, replace(modes, b3=np.sqrt(3.0 * np.sqrt(modes.ratio / 3.0) * modes.b2)))
    )
    assert not any(rejections(right))
    assert rejections(wrong, 0.01 / 80.0)[1]
    assert [power(right[1], value, 0.01 / 160.0) > 0.9 for _, value in right[1].alternatives] == [True]


def test_protocols_prepare_minima_of_the_same_samples() -> None:
    assert set(sum(PAIRS, ())) == set(PROTOCOLS)
    prepared = {name: prepare(replace(STRONG, protocol=p), 2) for name, p in PROTOCOLS.items()}
    best = prepared["best of 16"]
    for name, one in prepared.items():
        assert one.beyond.tolist() == (one.ratio > 3.0).tolist(), name
        for sample, energy in enumerate(one.energy):
            least = quartic.minimize(STRONG.landscape(sample), start="decoupled", tol=1e-10).energy / 60
            assert energy < 0.5 * least < 0.0, name
    assert np.all(best.energy <= prepared["lbfgs"].energy + 1e-3)


def two_wells() -> Pushed:
    overlap = np.array([0.99, np.nan, 0.95, 0.7])
    return Pushed(overlap, overlap, overlap, overlap, overlap, overlap, np.arange(4), 4)


def plane() -> tuple[lattice_gps.GPSLattice, Any]:
    params = lattice_gps.GPSLattice(L=6, J=0.3, d=2)
    problem = lattice_gps.draw(params, seed=1, sample=0)
    x = quartic.minimize(problem, start="random").x
    return params, heat_capacities(problem, x, largest=50)


@pytest.mark.parametrize(
    "draw",
    [
        lambda path: nonlinear_bounds.draw({"a": made_up(), "b": made_up(20)}, path),
        lambda path: barriers.draw({"a": (made_up(), made_up()), "b": (made_up(2, 2),) * 2}, path),
        lambda path: softest.draw(made_up(), "made up", path),
        lambda path: overlaps.draw({"a": two_wells()}, path),
        lambda path: softening.draw({"a": softenings(STRONG, 3)}, path),
        lambda path: heat_map.draw(*plane(), path),
    ],
)
def test_figures_are_drawn_and_refuse_other_formats(tmp_path: Path, draw: Callable[[Path], Path]) -> None:
    assert draw(tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=re.escape("must end in one of .png, .pdf, .svg")):
        draw(tmp_path / "figure.jpg")


def test_what_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    params, heat = plane()
    with pytest.raises(ValueError, match="d = 3: must be 2"):
        heat_map.draw(replace(params, d=3), heat, tmp_path / "map.png")
    with pytest.raises(ValueError, match="heat: holds no pair"):
        heat_map.draw(params, replace(heat, pair_values=heat.pair_values[:0]), tmp_path / "map.png")
    modes = made_up()
    alone = replace(modes, sample=np.zeros_like(modes.sample))
    with pytest.raises(ValueError, match="199 samples have no cubic mode: each must have one"):
        softest.draw(alone, "alone", tmp_path / "softest.png")
    with pytest.raises(ValueError, match="b: no sample has an instability within reach"):
        softening.draw({"b": []}, tmp_path / "softening.png")


def test_the_commands_draw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = Parser()
    add_figures(parser.add_subparsers(), lambda _: 1)
    monkeypatch.setattr(heat_map, "PARAMS", lattice_gps.GPSLattice(L=6, J=0.3, d=2))
    options = parser.parse_args(["figure", "fig13", "-o", str(tmp_path / "map.png")])
    assert options.run(options) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "map.png")
    for bad, message in ((["--samples", "0"], "samples = 0"), (["-o", "map.jpg"], "must end in one of")):
        options = parser.parse_args(["figure", "fig13", *bad])
        with pytest.raises(BadInput, match=message):
            options.run(options)
