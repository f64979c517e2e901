"""What the functions of nonlinear excitations refuse, in one line and before any long work."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import khgps
import quartic
from quartic import Expansion, Observable

WRONG: Any = {"number": "small", "integer": 1.5}
PROBLEM = khgps.draw(khgps.KHGPS(N=24, J=0.2, h=0.05), seed=1, sample=0)
X = quartic.minimize(PROBLEM).x
Z = np.eye(24)[0]

# Each: a call, and what its one line must hold (the name, the value, the rule).
MISTAKES: list[tuple[Callable[[], Any], str]] = [
    (lambda: quartic.cubic_modes(PROBLEM, X, tol=WRONG["number"]), "tol = 'small': must be a real number"),
    (
        lambda: quartic.cubic_modes(PROBLEM, X, max_steps=WRONG["integer"]),
        "max_steps = 1.5: must be an integer",
    ),
    (lambda: quartic.cubic_modes(PROBLEM, X, count=True), "count = True: must be an integer"),
    (lambda: quartic.quartic_modes(PROBLEM, X, starts="modes", count=25), "must be at most N = 24"),
    (lambda: quartic.Inverse(PROBLEM, X).solve(Z, tol=np.nan), "tol = nan: must be in (0, 1)"),
    (lambda: quartic.Inverse(PROBLEM, X).solve(Z, tol=0.0), "tol = 0.0: must be in (0, 1)"),
    (lambda: quartic.Inverse(PROBLEM, X).solve(Z, max_products=0), "max_products = 0: must be an integer"),
    (lambda: quartic.double_wells(PROBLEM, X, [Z], tol=2.0), "tol = 2.0: must be in (0, 1)"),
    (
        lambda: quartic.double_wells(PROBLEM, X, [Z], reach=WRONG["number"]),
        "reach = 'small': must be a real number",
    ),
    (lambda: quartic.double_wells(PROBLEM, X, [Z, 1j * Z]), "must be real numbers, not of type complex128"),
    (
        lambda: quartic.minimum_energy_path(PROBLEM, X, X, images=WRONG["integer"]),
        "images = 1.5: must be an integer",
    ),
    (lambda: quartic.drive(PROBLEM, X, h_to=WRONG["number"]), "h_to = 'small': must be a real number"),
    (
        lambda: quartic.drive(PROBLEM, X, h_to=1.0, max_events=WRONG["integer"]),
        "max_events = 1.5: must be an integer",
    ),
    (lambda: quartic.barrier(Expansion(1.0, np.nan, 1.0)), "b3 = nan: must be finite"),
    (lambda: quartic.barrier(Expansion(1.0, 1.0, np.inf)), "b4 = inf: must be finite"),
    (lambda: response(pairs=([1, 2], [3], [1.0, 1.0])), "i and j have shapes (2,) and (1,)"),
    (lambda: response(pairs=([1], [3])), "pairs hold 2 arrays: must be (i, j, value)"),
    (lambda: response(slope="steep"), "slope = 'steep': must be real numbers, not of type <U5"),
]


def response(**terms: Any) -> float:
    return quartic.thermal_response(PROBLEM, X, Observable(**terms))


@pytest.mark.parametrize(("call", "message"), MISTAKES, ids=[text for _, text in MISTAKES])
def test_every_mistake_is_one_line(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: quartic.cubic_modes(PROBLEM, x),
        lambda x: quartic.quartic_modes(PROBLEM, x),
        lambda x: quartic.double_wells(PROBLEM, x, [Z]),
        lambda x: quartic.minimum_energy_path(PROBLEM, X, x),
        lambda x: quartic.heat_capacities(PROBLEM, x),
        lambda x: quartic.thermal_response(PROBLEM, x, Observable(slope=Z)),
    ],
)
def test_what_is_no_minimum_is_refused_though_it_is_convex(call: Callable[[Any], Any]) -> None:
    beside = X + 0.1
    assert np.linalg.eigvalsh(quartic.hessian(PROBLEM, beside))[0] > 0.0
    with pytest.raises(ValueError, match=r"x1? is no minimum: its largest \|gradient\| is"):
        call(beside)


def test_a_wrong_observable_is_named_before_the_hessian_is_factored() -> None:
    with pytest.raises(ValueError, match="slope has shape"):
        quartic.thermal_response(PROBLEM, X + 0.1, Observable(slope=[1.0]))


def test_an_empty_list_of_pairs_is_no_pair() -> None:
    assert response(slope=Z, pairs=([], [], [])) == response(slope=Z)


def test_fewer_sites_than_the_default_number_of_starts() -> None:
    pair = quartic.Problem([1.0, 2.0], np.zeros((2, 2)), 0.1, 1.0)
    x = quartic.minimize(pair).x
    assert len(quartic.cubic_modes(pair, x)) == 2  # no coupling: each site is a mode
    assert quartic.cubic_modes(pair, x, starts="random", count=7)


@pytest.mark.parametrize("length", [1e-200, 1e200])
def test_starts_may_have_any_length(length: float) -> None:
    (unit,) = quartic.cubic_modes(PROBLEM, X, starts=Z)
    (other,) = quartic.cubic_modes(PROBLEM, X, starts=length * Z)
    assert other.barrier == pytest.approx(unit.barrier, rel=1e-12)
    pushed = quartic.double_wells(PROBLEM, X, [length * Z], paths=False)[0].direction
    np.testing.assert_allclose(np.abs(pushed), Z)


def test_a_barrier_too_high_for_a_number_is_infinite() -> None:
    assert quartic.barrier(Expansion(1.0, 1e-155, 1.0)) == np.inf  # 2/(3 b3^2) = 7e309
    assert quartic.barrier(Expansion(1.0, 1e-153, 1.0)) == pytest.approx(2.0 / 3.0 * 1e306)
