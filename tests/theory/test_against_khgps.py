"""The closed forms against the solver of `khgps`, which shares no code with them."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from khgps import (
    KHGPS,
    CriticalPoint,
    critical_coupling,
    rs_spectrum,
    solve_one_state,
    solve_rs,
    special_point,
)
from theory import formulas

Values = float | NDArray[np.float64]


def moment(b: Values, width: float, n: int) -> Any:
    """Return E[1/k^n] at h = 0 of a uniform law."""
    return (
        (b ** (1 - n) - (b + width) ** (1 - n)) / ((n - 1) * width) if n > 1 else np.log1p(width / b) / width
    )


def field_density(point: CriticalPoint, h: Values) -> Any:
    """Return p_f(0) at a point of the critical line."""
    s = point.J * np.sqrt(point.q)
    return np.exp(-0.5 * (h / s) ** 2) / (math.sqrt(2.0 * math.pi) * s)


@pytest.mark.parametrize(("kappa_min", "kappa_0"), [(0.1, 1.0), (0.5, 1.0), (1.0, 1.2)])
def test_line_without_field(kappa_min: float, kappa_0: float) -> None:
    point = critical_coupling(0.0, kappa_min=kappa_min, kappa_0=kappa_0)
    b, width = point.gap_edge, kappa_0 - kappa_min
    assert math.isclose(formulas.zero_field_coupling(np, b, width), point.J, rel_tol=1e-9)
    assert math.isclose(formulas.zero_field_kappa_min(np, b, width), kappa_min, rel_tol=1e-9)
    prefactor = formulas.delocalised_prefactor(np, point.J, moment(b, width, 3))
    assert math.isclose(prefactor, point.prefactor, rel_tol=1e-8)


@pytest.mark.parametrize(("kappa_min", "kappa_0", "A"), [(0.1, 1.0, 1.0), (0.5, 1.0, 4.0)])
def test_shift_by_a_small_field(kappa_min: float, kappa_0: float, A: float) -> None:
    """Relative corrections fall as v ~ h^(2/3), 100 times between the fields; below 3 percent at the end."""
    rest = critical_coupling(0.0, kappa_min=kappa_min, kappa_0=kappa_0, A=A)
    k_1, k_4, k_8 = (moment(rest.gap_edge, kappa_0 - kappa_min, n) for n in (1, 4, 8))
    gaps = []
    for h in (1e-6 * kappa_min, 1e-3 * kappa_min):
        found = critical_coupling(h, kappa_min=kappa_min, kappa_0=kappa_0, A=A).J - rest.J
        gaps.append(formulas.field_shift(np, h, A, rest.J, k_1, k_4, k_8) / found - 1.0)
    assert abs(gaps[0]) < 0.03
    assert abs(gaps[0]) < 0.1 * abs(gaps[1])


@pytest.mark.parametrize("beta", [-0.3, 0.0, 0.4])
def test_law_at_the_gap_edge_and_at_the_special_point(beta: float) -> None:
    law = {"kappa_min": 0.1, "kappa_0": 1.0, "beta": beta}
    special = special_point(**law)
    c = formulas.edge_amplitude(np, beta, 0.9, field_density(special, special.h), 1.0)
    assert math.isclose(formulas.special_exponent(np, beta), special.exponent, rel_tol=1e-12)
    assert math.isclose(formulas.special_prefactor(np, c, beta, special.J), special.prefactor, rel_tol=1e-8)
    h = 2.0 * special.h
    edge = critical_coupling(h, **law)
    c = formulas.edge_amplitude(np, beta, 0.9, field_density(edge, h), 1.0)
    assert math.isclose(formulas.edge_exponent(np, beta), edge.exponent, rel_tol=1e-12)
    assert math.isclose(formulas.edge_prefactor(np, c, beta, edge.replicon), edge.prefactor, rel_tol=1e-8)


def test_single_well_prefactor_against_the_spectrum() -> None:
    """D/omega^4 of the solved spectrum, its part ~ omega taken out by two frequencies: to 5e-3."""
    h = 0.1
    edge = critical_coupling(h, kappa_min=0.1, kappa_0=1.0)
    omega = np.array([0.002, 0.004])
    D = rs_spectrum(KHGPS(N=2, J=float(edge.J) * (1.0 - 1e-13), h=h, kappa_min=0.1), omega) / omega**4
    stated = formulas.single_well_prefactor(np, 1.0 / 0.9, field_density(edge, h), 1.0, edge.replicon)
    assert math.isclose(2.0 * D[0] - D[1], stated, rel_tol=5e-3)


def test_divergence_at_the_special_point() -> None:
    """ln prefactor against ln(h - h*), a factor 2 in h - h*: the exponent is reached to 2 percent."""
    special = special_point(kappa_min=0.1, kappa_0=1.0)
    near, far = (
        critical_coupling(special.h * (1.0 + e), kappa_min=0.1, kappa_0=1.0).prefactor for e in (0.001, 0.002)
    )
    slope = math.log(far / near) / math.log(2.0)
    assert math.isclose(slope, formulas.special_divergence(np, 0.0), rel_tol=0.02)


@pytest.mark.parametrize(("J", "kappa_0", "A"), [(0.02, 1.0, 1.0), (0.03, 2.0, 4.0)])
def test_one_state_where_jumps_are_rare(J: float, kappa_0: float, A: float) -> None:
    """`solve_rs` adds jumps between wells to chi, 2 x_0 p_f(0), with p_f(0) ~ e^-20 here: the two agree."""
    state = solve_one_state(J=J, h=0.01, kappa_0=kappa_0, A=A)
    solved = solve_rs(KHGPS(N=2, J=J, h=0.01, kappa_0=kappa_0, A=A), unstable=True)
    assert math.isclose(state.q, solved.q, rel_tol=1e-6)
    assert math.isclose(state.chi, solved.chi, rel_tol=1e-6)


@pytest.mark.parametrize(("kappa_0", "A"), [(1.0, 1.0), (2.0, 4.0), (0.5, 1.0)])
def test_one_state_tends_to_the_limit_of_weak_coupling(kappa_0: float, A: float) -> None:
    """A_g, <x^2>, chi and replicon of the cavity equations tend to the formulas as E0 grows, as L^2/E0.

    At h = 1e-9, where h^(2/3) counts for nothing. The difference of ln A_g is below L^2/(10 E0), L = 14
    (6.3/E0 was seen), and falls four times as E0 grows four times, within 15 percent.
    """
    h, gaps = 1e-9 / math.sqrt(A), []
    for exponent in (40.0, 160.0):
        J = math.sqrt(formulas.weak_exponent(np, 1.0, h, kappa_0, A) / exponent)
        state = solve_one_state(J=J, h=h, kappa_0=kappa_0, A=A)
        stated = formulas.weak_prefactor_two_wells(np, J, h, kappa_0, A)
        gaps.append(math.log(stated / state.A_g) * exponent)
        for found, limit, error in (
            (state.q, formulas.weak_displacement(np, h, kappa_0, A), 5.0),
            (state.chi, formulas.weak_response(np, h, kappa_0, A), 1.0),
            (1.0 - state.replicon, 1.0 - formulas.weak_replicon(np, J, h, kappa_0, A), 5.0),
            (state.field_density, formulas.weak_field_density(np, J, h, kappa_0, A), 10.0),
        ):
            assert math.isclose(found, limit, rel_tol=error / exponent)
    length = kappa_0 * formulas.weak_response(np, h, kappa_0, A)
    assert 0.0 < gaps[0] < length**2 / 10.0
    assert math.isclose(gaps[0], gaps[1], rel_tol=0.15)
