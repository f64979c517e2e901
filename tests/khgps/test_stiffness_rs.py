"""Replica-symmetric solutions of laws of stiffness of one's own, against scipy and against the power laws."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad

import khgps
from khgps.stiffness import law_nodes
from khgps.stiffness_law import power_law
from tests.khgps.stiffness_reference import Law, critical, unstable

Array = NDArray[np.float64]

TRIANGLE = ([0.1, 0.4, 1.0], [0.0, 1.0, 0.0])
BLOCKS = ([0.1, 0.3, 0.3, 0.7, 0.7, 0.9], [1.0, 2.0, 0.0, 0.0, 1.0, 3.0])  # a gap, jumps at both its ends


def of_table(table: tuple[list[float], list[float]]) -> Law:
    """Return the law of a table, divided by the area of its trapezia."""
    kappa, density = map(np.array, table)
    area = float(np.sum(0.5 * np.diff(kappa) * (density[1:] + density[:-1])))

    places = kappa - kappa[0]

    def at(d: float) -> float:
        i = min(max(int(np.searchsorted(places, d)), 1), kappa.size - 1)
        part = (d - places[i - 1]) / (places[i] - places[i - 1])
        return float(density[i - 1] + part * (density[i] - density[i - 1])) / area

    return Law(table[0][0], at, tuple(dict.fromkeys(places.tolist())))


def semicircle(d: float) -> float:
    """Return a density of a root at the lower edge and of another at the upper one; its integral is one."""
    return 8.0 / (math.pi * 0.81) * math.sqrt(max(d * (0.9 - d), 0.0))


CASES: dict[str, tuple[dict[str, Any], Law]] = {
    "triangle": ({"stiffness": TRIANGLE}, of_table(TRIANGLE)),
    "blocks": ({"stiffness": BLOCKS}, of_table(BLOCKS)),
    "semicircle": (
        {
            "stiffness": lambda kappa: np.sqrt((kappa - 0.1) * (1.0 - kappa)),
            "kappa_min": 0.1,
            "beta": 0.5,
        },
        Law(0.1, semicircle, (0.0, 0.9)),
    ),
    "divergent": (
        {"stiffness": lambda kappa: 7.0 * (kappa - 0.1) ** -0.25, "kappa_min": 0.1, "beta": -0.25},
        Law(0.1, lambda d: 0.75 * 0.9**-0.75 * d**-0.25, (0.0, 0.9)),
    ),
}


SLOW = [("semicircle", 0.002), ("divergent", 0.002), ("divergent", 0.05)]


@pytest.mark.parametrize(
    ("name", "h"),
    [
        pytest.param(name, h, marks=[pytest.mark.verify] * ((name, h) in SLOW))
        for name in CASES
        for h in (0.0, 0.002, 0.05)
    ],
)
def test_critical_line_is_that_of_scipy(name: str, h: float) -> None:
    """Where the replicon vanishes and where the gap edge does, with every kind of lower edge."""
    given, law = CASES[name]
    point = khgps.critical_coupling(h, **given)
    edge, s = float(point.gap_edge), float(point.J) * math.sqrt(float(point.q))
    start = (max(edge, 1e-3) * 1.05, max(s, 1e-3) * 0.95)
    J, q, chi, b = critical(law, h, start)
    assert pytest.approx(J, rel=1e-8) == point.J
    assert point.q == pytest.approx(q, rel=1e-7)
    assert point.chi == pytest.approx(chi, rel=1e-7)
    assert point.gap_edge == pytest.approx(b, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    "table",
    [([0.0, 0.5, 1.5], [0.0, 1.0, 0.0]), ([0.0, 0.2, 0.2, 0.8, 0.8, 1.0], [3.0, 3.0, 0, 0, 1.0, 1.0])],
)
@pytest.mark.parametrize(("J", "h"), [(0.1, 0.05), (0.4, 0.1)])
def test_without_a_gap_the_unstable_solution_is_that_of_scipy(
    table: tuple[list[float], list[float]], J: float, h: float
) -> None:
    found = khgps.solve_rs(khgps.KHGPS(N=2, J=J, h=h, stiffness=table), unstable=True)
    assert found.gap_edge < 0.0
    q, chi = unstable(of_table(table), J, h, (1.05 * found.q, 0.95 * found.chi))
    assert found.q == pytest.approx(q, rel=2e-6)
    assert found.chi == pytest.approx(chi, rel=2e-6)


@pytest.mark.parametrize("h", [0.0, 0.005, 0.03])
@pytest.mark.parametrize("rows", [2, 7])
def test_a_uniform_table_is_the_uniform_law(h: float, rows: int) -> None:
    one = khgps.critical_coupling(h, kappa_min=0.1)
    other = khgps.critical_coupling(h, stiffness=(np.linspace(0.1, 1.0, rows), np.full(rows, 3.0)))
    for field in dataclasses.fields(one):
        expected = getattr(one, field.name)
        assert getattr(other, field.name) == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("beta", [-0.7, 0.5, 2.0])
def test_a_density_that_is_a_power_is_the_power_law(beta: float) -> None:
    """The special point too, where there is one, and the edge law's prefactor."""
    law = {"kappa_min": 0.3, "kappa_0": 0.9, "beta": beta}
    given: dict[str, Any] = {**law, "stiffness": lambda kappa: (kappa - 0.3) ** beta}
    for h in (0.001, 0.3):
        one, other = khgps.critical_coupling(h, **law), khgps.critical_coupling(h, **given)
        assert pytest.approx(one.J, rel=1e-10) == other.J
        assert other.prefactor == pytest.approx(one.prefactor, rel=1e-8)
        assert other.exponent == one.exponent
    if beta == 0.5:
        assert khgps.special_point(**given).h == pytest.approx(khgps.special_point(**law).h, rel=1e-9)


@pytest.mark.parametrize(
    ("table", "beta", "c_0", "euler"),
    [
        (TRIANGLE, 1.0, 2.0 / 0.9 / 0.3, 4.0 / 3.0),  # its height over the length of its rise; B(1/2, 2)
        (BLOCKS, 0.0, 1.0 / 0.7, 2.0),  # the first value over the area, though the block rises; B(1/2, 1)
    ],
)
def test_the_lower_edge_of_a_table_is_its_edge_law(
    table: tuple[list[float], list[float]], beta: float, c_0: float, euler: float
) -> None:
    """p ~ c_0 (kappa - kappa_min)^beta: D ~ omega^(4 + 2 beta), by P(k) = c k^(beta + 3/2)."""
    point = khgps.critical_coupling(0.05, stiffness=table)
    s = point.J * math.sqrt(point.q)
    p_f = math.exp(-0.5 * (0.05 / s) ** 2) / (math.sqrt(2.0 * math.pi) * s)
    c = c_0 * p_f * math.sqrt(2.0) * euler
    assert point.exponent == 4.0 + 2.0 * beta
    assert point.prefactor == pytest.approx(2.0 * c / point.replicon ** (beta + 2.5), rel=1e-10)
    model = khgps.KHGPS(N=2, J=float(point.J), h=0.05, stiffness=table)
    omega = 0.005 * math.sqrt(point.replicon)  # corrections are as omega^2
    expected = point.prefactor * omega**point.exponent
    assert khgps.rs_spectrum(model, [omega])[0] == pytest.approx(expected, rel=0.02)


def moments(density: Array, x: Array) -> list[float]:
    """Return the integrals of density times 1, x^2 and x^4 over ascending x."""
    return [float(np.trapezoid(density * x**n, x)) for n in (0, 2, 4)]


@pytest.mark.parametrize(
    ("stiffness", "h"), [(TRIANGLE, 0.02), (BLOCKS, 0.02), (khgps.law_of_points([0.3, 0.8], [1.0, 3.0]), 0.3)]
)
def test_laws_and_spectrum_have_their_moments(stiffness: Any, h: float) -> None:
    """E[x^2] = q; E[k] = E[kappa] - J^2 chi + q/2; lambda's second moment is that of k + J^2 chi, and J^2."""
    model = khgps.KHGPS(N=2, J=0.1, h=h, stiffness=stiffness)
    found, laws = khgps.solve_rs(model), khgps.rs_distributions(model)
    low, high = laws.x.support
    one, x2, x4 = moments(laws.x.density(x := np.linspace(low, high, 8001)), x)
    assert (one, x2) == pytest.approx((1.0, found.q), rel=1e-6)
    kappa = model.law.quantile((np.arange(4000) + 0.5) / 4000)  # the mean is of x^2 at the same kappa
    omega = np.linspace(0.0, 1.6, 3201)
    D = khgps.rs_spectrum(model, omega)
    one, first, second = moments(D, omega)
    assert one == pytest.approx(1.0, abs=2e-4)
    assert first == pytest.approx(kappa.mean() + 0.5 * found.q, rel=2e-4)
    k = np.linspace(*laws.k.support, 8001)
    one, mean, square = (float(np.trapezoid(laws.k.density(k) * k**n, k)) for n in (0, 1, 2))
    assert one == pytest.approx(1.0, abs=1e-3)
    u = model.J**2 * found.chi
    assert mean == pytest.approx(kappa.mean() - u + 0.5 * found.q, rel=1e-3)
    assert second == pytest.approx(square + 2.0 * u * mean + u * u + model.J**2, rel=1e-3)
    assert x4 > x2**2


def test_a_kinked_law_at_rest_ends_its_phase_at_the_gap_edge() -> None:
    """Without a field and of beta = 2, J_c^2 = kappa_min/E[1/d] with d = kappa - kappa_min: by scipy."""

    def density(kappa: Any) -> Any:
        return (kappa - 0.1) ** 2 * (1.0 + 3.0 * abs(kappa - 0.5))

    moment = [
        quad(lambda kappa, n=n: density(kappa) * (kappa - 0.1) ** -n, 0.1, 1.0, points=[0.5])[0]
        for n in range(3)
    ]
    point = khgps.critical_coupling(0.0, stiffness=density, kappa_min=0.1, beta=2.0)
    assert pytest.approx(math.sqrt(0.1 * moment[0] / moment[1]), rel=1e-10) == point.J
    assert point.replicon == pytest.approx(1.0 - 0.1 * moment[2] / moment[1], rel=1e-10)
    assert point.exponent == 5.0  # P(k) = p(kappa): 2 beta + 1


@pytest.mark.parametrize("stiffness", [TRIANGLE, BLOCKS])
def test_spectrum_without_a_field_has_its_moments(stiffness: tuple[list[float], list[float]]) -> None:
    """Of lambda, those of kappa and a free semicircle: 1, E[kappa], E[kappa^2] + J^2."""
    model = khgps.KHGPS(N=2, J=0.1, h=0.0, stiffness=stiffness)
    omega = np.linspace(0.0, 1.3, 2601)
    kappa = model.law.quantile((np.arange(4000) + 0.5) / 4000)
    wanted = (1.0, kappa.mean(), np.mean(kappa**2) + 0.01)
    assert moments(khgps.rs_spectrum(model, omega), omega) == pytest.approx(wanted, rel=3e-4)


def test_bands_of_point_masses() -> None:
    """Without a field lambda has the Pastur law of two points: a quartic, solved by numpy, with a gap."""
    stiffness = khgps.law_of_points([0.5, 1.5], [1.0, 3.0])
    model = khgps.KHGPS(N=2, J=0.15, h=0.0, stiffness=stiffness)
    omega = np.sqrt(np.array([0.3, 0.45, 0.5, 0.9, 1.3, 1.6]))
    found = khgps.rs_spectrum(model, omega)
    for w, D in zip(omega, found, strict=True):
        # g (0.5 - l - J^2 g)(1.5 - l - J^2 g) = (1.5 - l - J^2 g)/4 + 3 (0.5 - l - J^2 g)/4
        a, b = (np.polynomial.Polynomial([kappa - w * w, -(0.15**2)]) for kappa in (0.5, 1.5))
        g = (np.polynomial.Polynomial([0.0, 1.0]) * a * b - 0.25 * b - 0.75 * a).roots()
        assert pytest.approx(2.0 * w * max(g.imag) / math.pi, rel=1e-7, abs=1e-9) == D
    assert found[3] == 0.0
    assert min(found[[1, 2, 4, 5]]) > 0.0
    rest = khgps.critical_coupling(0.0, stiffness=stiffness)
    u = 0.5 - rest.gap_edge
    inverse = [0.25 / (0.5 - u) ** n + 0.75 / (1.5 - u) ** n for n in (1, 2)]
    assert u * inverse[1] == pytest.approx(inverse[0], rel=1e-10)
    assert pytest.approx(math.sqrt(u / inverse[0]), rel=1e-10) == rest.J
    near = khgps.law_of_points([0.5, 0.5 + 1e-9], [1.0, 1.0])  # one point, all but
    one = khgps.critical_coupling(0.02, kappa_min=0.5, kappa_0=0.5)
    assert pytest.approx(one.J, rel=1e-7) == khgps.critical_coupling(0.02, stiffness=near).J


@pytest.mark.parametrize("b", [0.0, 1e-3, -0.05, 0.1])
def test_steep_laws_are_integrated_or_refused(b: float) -> None:
    """Their mean is (beta + 1)/(beta + 2) of the width; at beta = 300 the rules would miss it by 1e-6."""
    kappa, weight = law_nodes(power_law(0.1, 1.0, 100.0), b, 0.01)
    assert weight.sum() == pytest.approx(1.0, abs=1e-11)
    assert weight @ (kappa - b) == pytest.approx(0.9 * 101.0 / 102.0, abs=1e-11)
    with pytest.raises(ValueError, match=r"beta = 101\.0: averages over stiffnesses are computed up to"):
        law_nodes(power_law(0.1, 1.0, 101.0), b, 0.01)


@pytest.mark.parametrize("beta", [101.0, 1e260])
def test_steep_laws_have_no_critical_line(beta: float) -> None:
    with pytest.raises(ValueError, match="are computed up to beta = 100"):
        khgps.critical_coupling(h=0.1, kappa_min=0.1, beta=beta)
