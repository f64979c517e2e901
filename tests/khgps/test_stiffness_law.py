"""Laws of stiffness of one's own: what is taken, what is refused, and samples."""

import dataclasses
import math
import pickle
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

import khgps
from khgps.stiffness import law_nodes
from landscape import disorder

MODEL = khgps.KHGPS(N=2, J=0.1, h=0.01)


def law(stiffness: Any, **others: Any) -> khgps.StiffnessLaw:
    return khgps.KHGPS(N=2, J=0.1, h=0.01, stiffness=stiffness, **others).law


LAWS: dict[str, khgps.StiffnessLaw] = {
    "triangle": law(([0.0, 0.4, 1.0], [0.0, 3.0, 0.0])),
    "gap": law(([-0.5, 0.0, 0.0, 0.5, 0.7, 0.7], [1.0, 2.0, 0.0, 0.0, 4.0, 0.0])),
    "smooth": law(lambda k: np.exp(-k) * (1.0 + np.sin(3.0 * k) ** 2), kappa_min=-1.0, kappa_0=2.0),
    "kinked": law(lambda k: np.maximum(abs(k - 0.3), 0.1), beta=0.0),
}


@pytest.mark.parametrize("name", LAWS)
def test_quantiles_are_those_of_the_density(name: str) -> None:
    """A share u lies below the quantile of u, by scipy's quadrature of the density."""
    given = LAWS[name]
    ends = sorted({end for piece in given.pieces for end in (piece.low, piece.high)})
    cuts = ends[1 : -1 : max(1, len(ends) // 8)]
    assert sum(piece.mass for piece in given.pieces) == pytest.approx(1.0, abs=1e-14)
    for u in (1e-6, 0.1, 0.35, 0.5, 0.93, 1.0 - 1e-6):
        kappa = float(given.quantile(u))
        points = [cut for cut in cuts if cut < kappa]

        def at(y: float, kappa: float = kappa) -> float:  # kappa_min + y^2: no singularity
            return 2.0 * y * float(given.density(given.kappa_min + y * y))

        roots = [math.sqrt(cut - given.kappa_min) for cut in points] or None
        top = math.sqrt(kappa - given.kappa_min)
        share = quad(at, 0.0, top, points=roots, epsabs=1e-10, limit=300)[0]
        assert share == pytest.approx(u, abs=2e-8)
    low, high = given.quantile([0.0, 1.0]).tolist()
    assert low == given.kappa_min
    assert given.kappa_0 - 1e-7 < high <= given.kappa_0  # the root of rounding, where p vanishes


def test_the_arcsine_law_has_its_closed_quantile() -> None:
    """sin^2(pi u/2); the upper edge diverges unannounced: panels end at 2e-12 of the width."""
    given = law(lambda k: 1.0 / np.sqrt(k * (1.0 - k)), beta=-0.5)
    u = np.linspace(0.0, 1.0, 101)
    np.testing.assert_allclose(given.quantile(u), np.sin(0.5 * math.pi * u) ** 2, atol=3e-8)


def test_quantiles_solve_their_equation_to_rounding() -> None:
    """Of a quadratic and of an exponential distribution function, by the functions themselves."""
    u = disorder.uniform(2000, seed=1, sample=0, label="stiffness")
    kappa = LAWS["triangle"].quantile(u)
    below = np.where(kappa < 0.4, kappa**2 / 0.4, 1.0 - (1.0 - kappa) ** 2 / 0.6)
    np.testing.assert_allclose(below, u, rtol=0.0, atol=1e-15)
    kappa = law(lambda k: np.exp(-k), kappa_0=3.0).quantile(u)
    np.testing.assert_allclose(np.expm1(-kappa) / math.expm1(-3.0), u, rtol=0.0, atol=2e-15)


@pytest.mark.parametrize("rows", [2, 5])
def test_a_uniform_table_draws_the_samples_of_the_uniform_law(rows: int) -> None:
    """The same random numbers: two rows to the last bit, more to rounding; the couplings are unchanged."""
    uniform = khgps.KHGPS(N=3000, J=0.1, h=0.01, kappa_min=0.1)
    table = (np.linspace(0.1, 1.0, rows), np.full(rows, 7.0))
    one, other = (
        khgps.draw(params, seed=3, sample=1)
        for params in (uniform, dataclasses.replace(uniform, stiffness=table))
    )
    np.testing.assert_allclose(other.stiffness, one.stiffness, rtol=4e-16)
    if rows == 2:
        assert other.stiffness.tolist() == one.stiffness.tolist()
    assert other.coupling.product(one.stiffness).tolist() == one.coupling.product(one.stiffness).tolist()


@pytest.mark.parametrize("beta", [-0.5, 1.0, 2.5])
def test_a_power_draws_the_samples_of_the_power_law(beta: float) -> None:
    power = khgps.KHGPS(N=500, J=0.1, h=0.01, kappa_min=0.1, beta=beta)
    own = dataclasses.replace(power, stiffness=lambda kappa: (kappa - 0.1) ** beta)
    one, other = (khgps.draw(params, seed=3, sample=1).stiffness for params in (power, own))
    np.testing.assert_allclose(other, one, rtol=1e-13)


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("b", [-0.2, 0.1])
def test_quadrature_over_a_law(name: str, b: float) -> None:
    """E[1/(kappa' + 0.3 i)], of a pole as near as the scale of kappa' allows, by scipy in quantiles."""
    given = LAWS[name]
    kappa, weight = law_nodes(given, b, 0.7)
    shares = np.concatenate([[0.0], np.cumsum([piece.mass for piece in given.pieces])])

    def at(u: float) -> float:
        return float(1.0 / ((float(given.quantile(min(u, 1.0))) - given.kappa_min + b) ** 2 + 0.25))

    expected = math.fsum(quad(at, low, high, epsabs=1e-11)[0] for low, high in pairwise(shares))
    assert weight @ (1.0 / (kappa**2 + 0.25)) == pytest.approx(expected, rel=3e-8)


def test_a_law_is_data() -> None:
    """A function is expanded once: copies, texts and pickles hold the same law, and it has a hash."""
    given = law(lambda k: 1.0 + k)
    params = dataclasses.replace(MODEL, stiffness=given)
    for copy in (pickle.loads(pickle.dumps(params)), dataclasses.replace(MODEL, stiffness=given.text)):
        assert copy == params
        assert hash(copy) == hash(params)
    assert dataclasses.replace(params, J=0.3).law == given
    assert params != MODEL
    assert repr(given) == "StiffnessLaw(1 piece on [0.0, 1.0], beta = 0.0)"


def test_atoms() -> None:
    given = khgps.law_of_points([0.2, 0.5, 2.0], [1.0, 2.0, 5.0])
    assert given.quantile([0.0, 0.12, 0.2, 0.3, 0.9]).tolist() == [0.2, 0.2, 0.5, 0.5, 2.0]
    kappa, weight = law_nodes(given, 0.1, 0.0)
    np.testing.assert_allclose(kappa, [0.1, 0.4, 1.9], rtol=1e-15)
    np.testing.assert_allclose(weight, [0.125, 0.25, 0.625], rtol=1e-15)


def test_a_median_by_bisection() -> None:
    """Of the smooth law, by scipy's root finding on the integral of the function itself."""

    def function(k: float) -> float:
        return math.exp(-k) * (1.0 + math.sin(3.0 * k) ** 2)

    whole = quad(function, -1.0, 2.0)[0]
    median = brentq(lambda k: quad(function, -1.0, k)[0] - 0.5 * whole, -1.0, 2.0, xtol=1e-14)
    assert float(LAWS["smooth"].quantile(0.5)) == pytest.approx(median, abs=1e-12)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stiffness": ([0.1], [1.0])}, "stiffness: 1 kappa and 1 densities: must be as many, at least 2"),
        ({"stiffness": ([0.1, 1.0], [1.0])}, "stiffness: 2 kappa and 1 densities: must be as many"),
        ({"stiffness": ([0.1, 1.0], [1.0, -2.0])}, "stiffness[1][1] = -2.0: must be finite and >= 0"),
        ({"stiffness": ([0.1, 1.0], [1.0, math.nan])}, "stiffness[1][1] = nan: must be"),
        ({"stiffness": ([0.1, math.inf], [1.0, 1.0])}, "stiffness[0][1] = inf: must be finite"),
        (
            {"stiffness": ([0.1, 1.0, 0.5], [1.0, 1.0, 1.0])},
            "stiffness[0][2] = 0.5: must be >= the one before",
        ),
        (
            {"stiffness": ([0.1, 0.1, 0.1, 1.0], [1.0] * 4)},
            "stiffness[0][2] = 0.1: must be given at most twice",
        ),
        ({"stiffness": ([0.1, 1.0], [0.0, 0.0])}, "stiffness: its integral is 0.0: must be finite and > 0"),
        ({"stiffness": ([0.1, 0.1], [1.0, 1.0])}, "stiffness: its integral is 0.0: must be finite and > 0"),
        ({"stiffness": ([0.0, 1e10], [1e308, 1e308])}, "stiffness: its integral is inf: must be finite"),
        ({"stiffness": ([0.1, 1.0], ["a", "b"])}, "stiffness[1] = ['a', 'b']: must be"),
        ({"stiffness": np.array(3.0)}, "stiffness = array(3.): must be a table (kappa, density), a function"),
        ({"stiffness": 3.0}, "stiffness = 3.0: must be a table (kappa, density), a function or"),
        ({"stiffness": "uniform"}, "stiffness = 'uniform': must be the text of a StiffnessLaw"),
        ({"stiffness": ([0.1, 1.0], [1.0, 1.0]), "kappa_0": 2.0}, "kappa_0 = 2.0: must be left out, or that"),
        ({"stiffness": ([0.1, 1.0], [1.0, 1.0]), "beta": 1.0}, "beta = 1.0: must be left out, or that"),
        ({"stiffness": lambda k: 1.0}, "stiffness: the density must return an array of the shape of kappa"),
        (
            {"stiffness": lambda k: k[:-1]},
            "stiffness: the density must return an array of the shape of kappa",
        ),
        ({"stiffness": lambda k: 0.2 - k}, "stiffness(0.997592363336098"),
        (
            {"stiffness": lambda k: k * math.nan},
            "stiffness(0.997592363336098",
        ),
        ({"stiffness": lambda k: 0.0 * k}, "beta = 0.0: the density over (kappa - kappa_min)^beta must be"),
        (
            {"stiffness": lambda k: k},
            "beta = 0.0: the density over (kappa - kappa_min)^beta must be smooth at",
        ),
        ({"stiffness": lambda k: 1.0 / k}, "beta = 0.0: the density over (kappa - kappa_min)^beta must be"),
        ({"stiffness": lambda k: 1.0 / abs(k - 0.3)}, "stiffness: the density near kappa = 0.3"),
        ({"stiffness": lambda k: k, "kappa_min": 1.0}, "kappa_min = 1.0: must be < kappa_0 = 1.0"),
    ],
)
def test_bad_laws_are_refused_in_one_line(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)) as caught:
        khgps.KHGPS(N=2, J=0.1, h=0.01, **given)
    assert "\n" not in str(caught.value)


def test_noise_is_no_density() -> None:
    """Each value another: no panel is ever smooth, and the search ends at 4096 of them."""
    words = np.random.default_rng(1)
    with pytest.raises(ValueError, match="too many kinks to be expanded: give a table"):
        law(lambda k: words.random(k.size) + 1.0)


def test_bad_points() -> None:
    with pytest.raises(ValueError, match=re.escape("kappa = 0.5: must be > the one before, 0.5")):
        khgps.law_of_points([0.5, 0.5], [1.0, 1.0])
    with pytest.raises(ValueError, match=re.escape("weights[1] = 0.0: must be finite and > 0")):
        khgps.law_of_points([0.5, 0.6], [1.0, 0.0])


def test_a_table_without_a_gap_has_no_critical_line() -> None:
    """Negative stiffnesses are taken, as those of the soft-spin model; the line wants kappa_min > 0."""
    table = ([-0.5, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=re.escape("kappa_min = -0.5: must be > 0, or there is no")):
        khgps.critical_coupling(0.1, stiffness=table)
    assert (
        min(khgps.draw(dataclasses.replace(MODEL, N=50, stiffness=table), seed=1, sample=0).stiffness) < 0.0
    )
