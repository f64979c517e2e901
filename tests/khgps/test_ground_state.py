"""Laws of one oscillator, spectrum, double wells, response and specific heat of the broken solution."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import khgps
from khgps import FullRSB
from khgps.heat import harmonic_heat, two_level_heat
from khgps.lower_well import lower_well
from khgps.oscillators import Oscillators
from khgps.rs.local_stiffness import curvature_densities
from khgps.rsb.fields import LocalFields, local_fields
from khgps.rsb.functional import Trial, evaluate, resolution_for
from khgps.rsb.solution import Discrete
from khgps.rsb.stiffnesses import stiffness_density, stiffness_panels
from khgps.rsb.wells import degenerate_wells, share_of_double_wells
from khgps.stiffness import gauss_rules
from khgps.stiffness_input import law_of_points, law_of_table
from khgps.stiffness_law import StiffnessLaw, power_law
from tests import rsb_reference

Array = NDArray[np.float64]

# An arbitrary measure of three steps, no solution: every law is that of a measure, whatever it is.
TRIAL = Trial(2.2, 0.75, 0.6, np.array([0.10, 0.15, 0.08]))
GAPLESS = Oscillators(power_law(0.0, 3.3, 0.0), 0.1)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)


@pytest.fixture(scope="module")
def gapless() -> LocalFields:
    return local_fields(GAPLESS, TRIAL)


def mean(fields: LocalFields, power: int, *, size: bool = False) -> float:
    """Return E[x^power], of |x| if `size`, by panels in x, dH = k dx, for every stiffness."""
    total = 0.0
    top = float(fields.flow.fields[0, -1])
    for kappa, weight in zip(fields.flow.kappa, fields.flow.weight, strict=True):
        low, high = math.sqrt(max(-6.0 * kappa, 0.0)), float(lower_well(kappa, top))
        edges = low + (high - low) * np.array(
            [0.0, 1e-3, 3e-3, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0]
        )
        half = 0.5 * np.diff(edges)[:, np.newaxis]
        x = (edges[:-1, np.newaxis] + half * (1.0 + NODES)).ravel()
        content = (half * WEIGHTS).ravel() * (kappa + 0.5 * x**2) * x**power
        for side in (1.0, -1.0):
            sign = 1.0 if size else side**power
            total += weight * sign * float(content @ fields.density(np.full(x.size, kappa), side * x))
    return total


def test_law_of_fields_is_that_of_a_plain_grid() -> None:
    """Double wells, where x jumps at H = 0, and single ones; both signs of H."""
    for kappa in (-0.4, 2.0):
        fields = local_fields(Oscillators(power_law(kappa, kappa, 0.0), 0.3), TRIAL)
        H, P = rsb_reference.law_of_fields(kappa, 0.3, 0.6, fields.flow.q, fields.flow.y)
        seen = np.flatnonzero((abs(H) < 5.0) & (H != 0.0))[::37]
        x = np.array([math.copysign(lower_well(kappa - 0.6, abs(f)), f) for f in H[seen]])
        found = fields.density(np.full(x.size, kappa - 0.6), x)
        # as measured by more nodes: 4e-5; the plain grid, across the kink: 2e-5
        np.testing.assert_allclose(found, P[seen], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("law", "kappa"),
    [
        (power_law(0.0, 3.3, 0.0), 1.65),
        (power_law(0.0, 3.3, 0.5), 1.98),
        (law_of_table([0.0, 0.9, 0.9, 2.3, 3.3], [1.0, 1.0, 0.0, 0.0, 1.8]), 0.225 + (2.3 + 2.0 / 3.0) / 2.0),
        (law_of_points([0.2, 2.0], [1.0, 3.0]), 1.55),
    ],
    ids=["uniform", "power", "gap", "atoms"],
)
def test_moments_of_the_laws_are_those_of_the_gradient(law: StiffnessLaw, kappa: float) -> None:
    """The gradient's law of fields is the transpose of the flow of f: another route, of mass 1."""
    oscillators = GAPLESS._replace(law=law)
    fields = local_fields(oscillators, TRIAL)
    # 16 nodes in x give E[1/k^2] to 2e-4 in cells as wide as these
    resolution = resolution_for(oscillators, TRIAL)._replace(stiffness=16, hermite=28, legendre=64)
    seen = evaluate(oscillators, TRIAL, resolution)
    assert fields.mass == pytest.approx(1.0, abs=1e-5)  # six points in the field
    assert mean(fields, 0) == pytest.approx(1.0, abs=1e-6)
    assert mean(fields, 2) == pytest.approx(seen.q_hat[-1], rel=1e-6)
    found = stiffness_panels(fields)
    nodes, weights = gauss_rules(0.0).nodes[0], gauss_rules(0.0).weights[0]
    k = found.origin[:, None] + (found.middle[:, None] + found.half[:, None] * nodes) ** 2
    inverse = found.density * weights * found.half[:, None]
    assert (inverse * k).sum() == pytest.approx(1.0, abs=1e-6)
    assert inverse.sum() == pytest.approx(seen.inverse, rel=1e-6)
    assert (inverse / k).sum() == pytest.approx(seen.inverse_square, rel=5e-6)
    # k = kappa - u + x^2/2
    assert (inverse * k * k).sum() == pytest.approx(kappa - TRIAL.u + 0.5 * seen.q_hat[-1], rel=1e-6)


def test_no_mass_leaves_the_normal_law() -> None:
    none = TRIAL._replace(mass=np.full(3, 1e-12), u=0.05)
    oscillators = Oscillators(power_law(0.1, 3.1, 0.0), 0.1)
    fields = local_fields(oscillators, none)
    kappa, x = np.full(5, 0.7), np.array([-1.5, -0.2, 0.0, 0.4, 2.0])
    H = kappa * x + x**3 / 6.0
    normal = np.exp(-0.5 * (H - 0.1) ** 2 / 2.2) / math.sqrt(2.0 * math.pi * 2.2)
    assert fields.density(kappa, x) == pytest.approx(normal, rel=1e-6)
    k = np.array([0.06, 0.3, 1.0, 3.0, 3.2, 5.0])
    symmetric = curvature_densities(k, 0.05, 3.0, 0.0, np.ones(1), 0.1, math.sqrt(2.2), gauss_rules(0.0))
    assert stiffness_density(fields, k) == pytest.approx(symmetric, rel=1e-6)


def test_double_wells(gapless: LocalFields) -> None:
    """The density of energy differences has the share of double wells as its integral, and no well is lost:
    the same as a sum over stiffnesses and fields, of which the two minima are roots of a polynomial."""
    top = 4.5 * 0.6**2
    edges = np.concatenate([[0.0], np.geomspace(1e-6, top, 25)])
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    gaps = (edges[:-1, np.newaxis] + half * (1.0 + NODES[::1])).ravel()
    density = degenerate_wells(gapless, gaps)
    integral = float((half * WEIGHTS).ravel() @ density)
    share = share_of_double_wells(gapless)
    assert integral == pytest.approx(share, rel=2e-3)  # a corner at the upper end
    below, counted, all_double = gaps < 0.1, 0.0, 0.0
    count = 60
    for s in (np.arange(count) + 0.5) * 0.6 / count:
        least = (2.0 * s) ** 1.5 / 3.0
        H = least * (np.arange(count) + 0.5) / count
        x = np.array([lower_well(-s, f) for f in H])
        both = gapless.density(np.full(count, -s), x) + gapless.density(np.full(count, -s), -x)
        weight = both * least / count * 0.6 / count / 3.3
        upper = np.array([np.sort(np.roots([1.0 / 6.0, 0.0, -s, -f]).real)[0] for f in H])
        energy = [-0.5 * s * r**2 + r**4 / 24.0 - H * r for r in (upper, x)]
        all_double += float(weight.sum())
        counted += float(weight[energy[0] - energy[1] < 0.1].sum())
    assert all_double == pytest.approx(share, rel=5e-3)  # midpoints
    part = float((half * WEIGHTS).ravel()[below] @ density[below])
    assert counted == pytest.approx(part, rel=0.05)  # the corner falls between nodes and midpoints


def broken(oscillators: Oscillators, trial: Trial) -> FullRSB:
    """Return a result that holds a measure, not a solution."""
    params = khgps.KHGPS(
        N=2,
        J=1.0,
        h=oscillators.h,
        kappa_min=oscillators.kappa_min,
        kappa_0=oscillators.kappa_min + oscillators.width,
    )
    none = khgps.solve_rsb(khgps.KHGPS(N=2, J=0.12, h=0.02, kappa_min=0.1))
    left = trial.q_EA * trial.spread * (1.0 - np.arange(trial.mass.size + 1) / trial.mass.size) ** 3
    q = trial.q_EA - left
    return replace(
        none, status="broken", steps=trial.mass.size, q=q, y=trial.mass / np.diff(q),
        _discrete=Discrete(params, oscillators, trial, trial, 0.0),
    )  # fmt: skip


def test_spectrum_ends_in_the_omega_4_law_of_soft_wells() -> None:
    """A_g = 4 3^(1/2) p_kappa P_0/r^(5/2), as fields and stiffnesses near 0 have a density; E[omega^2] is the
    mean of the diagonal of the Hessian."""
    state = khgps.ground_state(broken(GAPLESS, TRIAL))
    P_0 = float(state.field_density(0.0, TRIAL.u))
    expected = 4.0 * math.sqrt(3.0) / 3.3 * P_0 / state.replicon**2.5
    assert state.prefactor(1e-4) == pytest.approx(expected, rel=1e-6)
    assert state.exponent(1e-4) == pytest.approx(4.0, abs=1e-5)
    edges = np.linspace(0.0, 4.5, 400)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    omega = (edges[:-1, np.newaxis] + half * (1.0 + NODES)).ravel()
    weights = (half * WEIGHTS).ravel() * state.spectrum(omega)
    law = state._laws[0].fields
    diagonal = 3.3 / 2.0 - TRIAL.u + state.chi_EA + 0.5 * mean(law, 2)
    assert weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert weights @ omega**2 == pytest.approx(diagonal, rel=1e-5)
    T = 30.0  # C -> 1 - E[omega^2]/(12 T^2)
    assert state.specific_heat(T) == pytest.approx(1.0 - diagonal / (12.0 * T**2), abs=1e-5)


def soft_spins(**changes: float) -> khgps.KHGPS:
    """One stiffness: cheap, as there is no law to average over."""
    return replace(khgps.KHGPS(N=2, J=0.5, h=0.1, kappa_min=-0.5, kappa_0=-0.5), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def spins() -> FullRSB:
    return khgps.solve_rsb(soft_spins(), rtol=3e-6)


def test_field_response_is_the_slope_of_the_mean(spins: FullRSB) -> None:
    low, high = (khgps.solve_rsb(soft_spins(h=h), rtol=3e-6).mean_x for h in (0.09, 0.11))
    response = khgps.field_response(spins)
    assert response == pytest.approx((high - low) / 0.02, rel=2e-4)  # the third derivative of e
    assert response < spins.chi - 0.01  # the measure changes with the field
    unmagnetized = khgps.solve_rsb(soft_spins(h=0.0), rtol=3e-6)
    assert khgps.field_response(unmagnetized) == pytest.approx(unmagnetized.chi, rel=1e-4)


def test_energy_is_that_of_balanced_forces(spins: FullRSB) -> None:
    """At any minimum x.g = 0: H = -A sum x^4/24 - h sum x/2. Here A = 4: x is half as large."""
    A = 4.0
    glass = khgps.solve_rsb(soft_spins(h=0.1 / math.sqrt(A), A=A), rtol=3e-6)
    fields = local_fields(*glass._discrete[1:3])
    fourth = mean(fields, 4) * (0.5 / A) ** 2
    assert glass.energy == pytest.approx(-A * fourth / 24.0 - 0.05 * glass.mean_x / 2.0, rel=2e-6)
    state, one = khgps.ground_state(glass), khgps.ground_state(spins)
    H, k = np.array([-0.7, 0.2, 1.0]), np.array([1.5, 3.0])
    assert state.field_density(H / 2.0) / 2.0 == pytest.approx(one.field_density(H), rel=1e-6)
    assert state.stiffness_density(k) == pytest.approx(one.stiffness_density(k), rel=1e-6)
    assert state.degenerate_wells(0.02) / 4.0 == pytest.approx(one.degenerate_wells(0.08), rel=1e-6)
    assert state.double_wells == pytest.approx(one.double_wells, rel=1e-6)


def test_what_depends_on_the_number_of_steps_is_extrapolated_as_in_the_solution(spins: FullRSB) -> None:
    state = khgps.ground_state(spins)
    assert state.chi_EA == pytest.approx(spins.chi_EA, rel=1e-5)
    assert state.replicon == pytest.approx(spins.replicon, abs=1e-5)
    assert state.overlap_weights.sum() == pytest.approx(spins.y[-1], rel=1e-12)
    assert state.overlaps[0] == spins.q[0]
    kept = khgps.ground_state(spins, extrapolated=False)
    fields = np.array([0.0, 0.02])
    assert (kept.field_density(fields) > state.field_density(fields)).all()  # the gap at H = 0 deepens with K


def test_specific_heat_of_power_laws() -> None:
    """At J_c D = c omega^delta, C = c Gamma(delta + 3) zeta(delta + 2) T^(delta + 1)."""
    for h, delta, factor in ((0.006, 2.0, 4.0 * math.pi**4 / 15.0), (0.3, 4.0, 16.0 * math.pi**6 / 21.0)):
        line = khgps.critical_coupling(h, kappa_min=0.1)
        T = 1e-5  # the next order of D is of relative size omega
        heat = khgps.rs_specific_heat(khgps.KHGPS(N=2, J=float(line.J), h=h, kappa_min=0.1), T)
        assert line.exponent == delta
        assert heat / T ** (delta + 1.0) == pytest.approx(float(line.prefactor) * factor, rel=1e-3)
    params = khgps.KHGPS(N=2, J=0.1, h=0.02, kappa_min=0.1)
    gap = khgps.rs_gap(params)
    assert khgps.rs_specific_heat(params, gap / 40.0) < 1e-12
    assert khgps.rs_specific_heat(params, 100.0) == pytest.approx(1.0, abs=1e-4)


def test_heat_of_two_levels_and_of_one_frequency() -> None:
    T = np.array([0.01, 0.02])
    levels = two_level_heat(lambda gap: np.full(gap.size, 3.0), T, 10.0)
    assert levels == pytest.approx(3.0 * math.pi**2 / 6.0 * T, rel=1e-3)
    box = harmonic_heat(lambda omega: np.where(omega < 1.0, 1.0, 0.0), np.array([0.5]), 0.0, 2.0)
    z = (np.arange(20000) + 0.5) / 10000.0  # midpoints of omega/T
    assert box == pytest.approx(
        [0.5 * float(np.sum(z**2 * np.exp(z) / np.expm1(z) ** 2)) / 10000.0], rel=1e-5
    )


def test_refusals(spins: FullRSB) -> None:
    symmetric = khgps.solve_rsb(khgps.KHGPS(N=2, J=0.12, h=0.02, kappa_min=0.1))
    with pytest.raises(ValueError, match=r"status = symmetric: must be broken; rs_distributions"):
        khgps.ground_state(symmetric)
    with pytest.raises(ValueError, match="steps = 1: must be at least 2"):
        khgps.ground_state(khgps.solve_rsb(soft_spins(), steps=1))
    with pytest.raises(ValueError, match="status = symmetric: must be broken"):
        khgps.field_response(symmetric)
    state = khgps.ground_state(spins, extrapolated=False)
    with pytest.raises(ValueError, match=r"kappa = 1\.0: must be"):
        state.field_density(0.1, 1.0)
    with pytest.raises(ValueError, match=r"omega = -1\.0: must be"):
        state.spectrum(-1.0)
    assert math.isnan(state.exponent(1e-3))  # one stiffness: a gap
