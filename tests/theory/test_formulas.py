"""Every formula: three libraries agree, units are right, importing is light."""

import json
import math
import subprocess
import sys
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import formulas
from theory.formulas.table import FORCE, QUARTIC, STIFFNESS, TABLE, Entry, dimension_of

NAMES = sorted(TABLE)
DIGITS = 40
SCRIPT = """
import json, sys
import theory
theory.claims()
from theory import formulas, derivations
heavy = {"sympy", "mpmath", "scipy", "hypothesis", "numba", "landscape", "quartic", "khgps"}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""


def values_of(entry: Entry, fractions: list[Fraction]) -> dict[str, Fraction]:
    """Return exact arguments at given fractions of their ranges."""
    ranges = zip(entry.arguments.items(), fractions, strict=False)
    return {n: Fraction(a.low) + (Fraction(a.high) - Fraction(a.low)) * t for (n, a), t in ranges}


points = st.lists(st.integers(1, 999).map(lambda n: Fraction(n, 1000)), min_size=7, max_size=7)


@cache
def expression(name: str) -> tuple[Any, list[sympy.Symbol]]:
    """Return the formula of sympy, and the symbols of its arguments."""
    symbols = [
        sympy.Symbol(n, real=True, positive=a.low > 0.0 or None, negative=a.high < 0.0 or None)
        for n, a in TABLE[name].arguments.items()
    ]
    return getattr(formulas, name)(sympy, *symbols), symbols


def to_mpmath(value: Fraction) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4)
@given(fractions=points)
def test_three_libraries_agree_to_their_precision(name: str, fractions: list[Fraction]) -> None:
    """numpy to 1e-11 (an exponent of 60 loses two digits), mpmath and sympy at 40 digits to 1e-34."""
    function, values = getattr(formulas, name), list(values_of(TABLE[name], fractions).values())
    stated, symbols = expression(name)
    with mpmath.workdps(DIGITS):
        reals = [to_mpmath(value) for value in values]
        point = {symbol: sympy.Float(str(real), DIGITS) for symbol, real in zip(symbols, reals, strict=True)}
        expected = mpmath.mpf(str(sympy.N(stated.evalf(DIGITS, subs=point), DIGITS)))
        scale = max(abs(expected), mpmath.mpf("1e-6"))  # margins pass through zero
        assert abs(function(mpmath, *reals) - expected) <= scale * mpmath.mpf("1e-34")
        assert abs(float(function(np, *map(float, values))) - expected) <= scale * 1e-11


@pytest.mark.parametrize("name", NAMES)
def test_arrays_go_through(name: str) -> None:
    entry = TABLE[name]
    columns = [np.linspace(a.low, a.high, 5)[1:4] for a in entry.arguments.values()]
    found = np.broadcast_to(getattr(formulas, name)(np, *columns), 3)
    one = [getattr(formulas, name)(np, *row) for row in zip(*columns, strict=True)]
    np.testing.assert_allclose(found, one, rtol=1e-13)


def scaled(name: str, values: dict[str, Fraction], energy: Fraction, length: Fraction) -> tuple[Any, Any]:
    """Return the formula in changed units, and what its dimension makes of the old value."""
    entry, function = TABLE[name], getattr(formulas, name)
    reals = {n: to_mpmath(v) for n, v in values.items()}

    def factor(item: Any) -> Any:
        powers = (
            to_mpmath(Fraction(p)) for p in dimension_of(item, {n: float(v) for n, v in values.items()})
        )
        e, x = powers
        return to_mpmath(energy) ** e * to_mpmath(length) ** x

    changed = [reals[n] * factor(argument) for n, argument in entry.arguments.items()]
    return function(mpmath, *changed), function(mpmath, *reals.values()) * factor(entry)


factors = st.sampled_from([Fraction(n, d) for n in (1, 2, 3, 5) for d in (1, 2, 7)])


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=6)
@given(fractions=points, energy=factors, length=factors)
def test_units_of_energy_and_length_cancel(
    name: str, fractions: list[Fraction], energy: Fraction, length: Fraction
) -> None:
    """Both units at once, in floats of 15 digits: 1e-12."""
    found, expected = scaled(name, values_of(TABLE[name], fractions), energy, length)
    assert abs(found - expected) <= 1e-12 * (abs(expected) + 1e-9)


def test_dimensions_contain_the_exact_rescaling_of_the_hamiltonian() -> None:
    """x = a y and energies in units of A a^4: kappa -> kappa/(A a^2), h -> h/(A a^3), A -> 1."""
    A, a = 3.0, 0.7
    for dimension, power in ((STIFFNESS, 2), (FORCE, 3), (QUARTIC, 0)):
        assert math.isclose((A * a**4) ** -dimension[0] * a ** -dimension[1], 1.0 / (A * a**power))


def test_every_formula_is_in_the_table() -> None:
    assert set(formulas.__all__) - {"thermal_slope"} == set(TABLE)


def test_importing_theory_loads_no_algebra_and_no_engine() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


LIMITS = [
    # closed forms against numbers known otherwise
    ("barrier_shape", ("8/3",), "1/2"),  # the barrier merges with the second minimum: sigma = sqrt 6
    ("barrier_shape", ("3",), "3/8"),  # symmetric double well (s^2 - 1)^2: B = 3 b2^2/(8 b4)
    ("second_well_energy", ("5", "7", "3"), "0"),  # symmetric double well
    ("specific_heat_factor", ("4",), "16*pi**6/21"),  # 720 zeta(6), zeta(6) = pi^6/945
    ("specific_heat_factor", ("0",), "pi**2/3"),  # constant density of states: 2 zeta(2), pi^2/6
    ("specific_heat_factor", ("2",), "4*pi**4/15"),  # Debye: 24 zeta(4)
    ("hybridisation_exponent", ("2",), "-1/2"),  # source, III: omega_dagger ~ L^(-1/2) in two dimensions
    ("special_exponent", ("0",), "7/3"),  # 1 + 2/(3/2)
    ("edge_exponent", ("0",), "4"),  # source, IV.E
    ("special_divergence", ("0",), "-5/2"),  # source of A_g's power of the replicon
    ("dilute_field_width", ("1", "8", "1", "3"), "pi*4*pi/3"),  # ball of 4 pi/3
    ("mode_number", ("3", "2"), "96"),  # 3 * 2^5
    ("pull_threshold", ("0",), "1"),  # discriminant 1 - q of the quadratic 1 - y + q y^2/4
    ("pull_threshold", ("1/9",), "4/3"),  # 27 - 27 y + 9 y^2 - y^3 = (3 - y)^3: triple root
    ("heat_tail_exponent", ("4", "1"), "-8/3"),  # P(c > C) = P(omega^-3 > C) ~ C^(-5/3)
]


@pytest.mark.parametrize(("name", "arguments", "expected"), LIMITS)
def test_values_known_otherwise(name: str, arguments: tuple[str, ...], expected: str) -> None:
    found = getattr(formulas, name)(sympy, *map(sympy.Rational, arguments))
    assert sympy.simplify(found - sympy.sympify(expected)) == 0


def test_the_replicon_of_weak_coupling_is_the_number_of_the_claim() -> None:
    """1 - 0.2494/E0, as claim glassy-replicon says."""
    exponent = formulas.weak_exponent(np, 0.01, 0.01, 1.0, 1.0)
    lack = 1.0 - formulas.weak_replicon(np, 0.01, 0.01, 1.0, 1.0)
    assert abs(lack * exponent - 0.2494) < 5e-5


def test_symmetric_double_well_by_hand() -> None:
    """U = (s (s + 2))^2 = 4 s^2 + 4 s^3 + s^4: b2 = 8, b3 = b4 = 24; barrier 1 at -1, well at -2."""
    b2, b3, b4 = 8.0, 24.0, 24.0
    assert formulas.stability_margin(np, b2, b3, b4) == 0.0
    assert formulas.double_well_margin(np, b2, b3, b4) > 0.0
    assert math.isclose(formulas.barrier_position(np, b2, b3, b4), -1.0)
    assert math.isclose(formulas.second_well_position(np, b2, b3, b4), -2.0)
    assert math.isclose(formulas.quartic_barrier(np, b2, b4, 3.0), 1.0)
    assert math.isclose(formulas.cubic_barrier(np, b2, b3), 16.0 / 27.0)  # 27/16 lower: claim S19
