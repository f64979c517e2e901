"""Every kind of number that is taken has its exact value, everything else one line that says why not."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import arguments
from tests.arguments.kinds import ARRAYS, NO_ARRAYS, NO_COUNTS, NO_NUMBERS, NUMBERS


@pytest.mark.parametrize("make", NUMBERS.values(), ids=list(NUMBERS))
@pytest.mark.parametrize("value", [0.0, -0.0, 1.0, 0.1, -7.25, 1e-40, 12345.6789, 2.0**-1074, 1e30])
def test_a_number_of_any_type_is_rounded_once(make: Callable[[float], Any], value: float) -> None:
    with np.errstate(over="ignore"):  # float16 and float32 have no 1e30
        number = make(value)
    try:
        one: Any = np.asarray(number)[()]
        exact = Fraction(*(int(one) if isinstance(one, np.integer) else one).as_integer_ratio())
    except OverflowError:
        with pytest.raises(ValueError, match="must be finite"):
            arguments.real("x", number)
    else:
        found = arguments.real("x", number)
        assert type(found) is float
        assert found == float(exact)  # Python rounds fractions to the nearest


@pytest.mark.parametrize("value", NO_NUMBERS.values(), ids=list(NO_NUMBERS))
def test_what_is_no_number_is_named(value: Any) -> None:
    for check in (arguments.real, arguments.count):
        with pytest.raises(ValueError, match=r"^size = .*: must be ") as caught:
            check("size", value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 120


@pytest.mark.parametrize("value", NO_COUNTS.values(), ids=list(NO_COUNTS))
def test_a_count_is_of_a_type_of_integers(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^size = .*: must be an integer "):
        arguments.count("size", value)
    with pytest.raises(ValueError, match=r"^seed = .*: must be an integer in \[0, 2\*\*32\)"):
        arguments.seed(value)


@pytest.mark.parametrize("kind", [int, np.int8, np.uint64, np.int32, np.array, xr.DataArray])
def test_counts_and_seeds_are_ints_of_any_type(kind: Callable[[int], Any]) -> None:
    for found in (arguments.count("size", kind(5)), arguments.seed(kind(5))):
        assert type(found) is int
        assert found << 32 == 5 * 2**32  # an int32 would overflow


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: arguments.real("T", -1.0, above=0.0), "T = -1.0: must be finite and > 0"),
        (lambda: arguments.real("T", np.float32(0.5), least=1.0), "T = 0.5: must be finite and >= 1"),
        (lambda: arguments.real("tol", 1, above=0.0, below=1.0), "tol = 1: must be in (0, 1)"),
        (lambda: arguments.real("freeze", 1, least=0.5, most=0.75), "freeze = 1: must be in [0.5, 0.75]"),
        (lambda: arguments.real("low", np.nan, infinite=True), "low = nan: must be a number"),
        (lambda: arguments.real("low", np.inf), "low = inf: must be finite"),
        (lambda: arguments.count("k", 0), "k = 0: must be an integer of at least 1"),
        (lambda: arguments.count("k", 9, most=8), "k = 9: must be an integer from 1 to 8"),
        (lambda: arguments.count("k", 2**63), "k = 9223372036854775808: must be an integer below 2**63"),
        (lambda: arguments.count("k", 10**5000), "k = a number of 16610 bits: must be an integer below"),
        (lambda: arguments.seed(2**32), "seed = 4294967296: must be an integer in [0, 2**32)"),
        (lambda: arguments.array("b2", [1, -2], above=0.0), "b2[1] = -2.0: must be finite and > 0"),
        (lambda: arguments.array("b2", [[1, np.nan]]), "b2[0, 1] = nan: must be finite"),
        (lambda: arguments.array("b2", [], ("n",)), "b2 has shape (0,): must be (n,) with n >= 1"),
        (
            lambda: arguments.array("J", [[1, 2]], ("N", "N")),
            "J has shape (1, 2): must be (N, N) with N >= 1",
        ),
        (lambda: arguments.array("h", [1], (), (3,)), "h has shape (1,): must be a number or (3,)"),
        (lambda: arguments.integers("i", [0, 7], below=7), "i[1] = 7: must be in 0 .. 6"),
        (lambda: arguments.integers("i", [0.0]), "i = [0.0]: must be integers, not of type float64"),
        (lambda: arguments.rows("rows", [True], 2), "rows has shape (1,): must be (2,)"),
        (lambda: arguments.rows("rows", [2], 2), "rows[0] = 2: must be in -2 .. 1"),
        (lambda: arguments.choice("method", "lbgfs", ("cg", "lbfgs")), "must be one of cg, lbfgs, did you m"),
        (lambda: arguments.choice("method", ["cg"], ("cg",), also=" or an array"), "one of cg or an array"),
    ],
)
def test_an_error_has_name_value_and_rule(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


@pytest.mark.parametrize("make", ARRAYS.values(), ids=list(ARRAYS))
def test_an_array_of_any_kind_has_its_exact_values(make: Callable[[Any], Any]) -> None:
    values = np.array([0.5, -3.0, 2.0, 7.0])  # exact in every type but those without fractions or signs
    given = make(values)
    exact = [Fraction(*one.as_integer_ratio()) for one in np.asarray(given).tolist()]
    found = arguments.array("x", given, (4,))
    assert type(found) is np.ndarray
    assert found.dtype == np.float64
    assert found.dtype.isnative
    assert found.flags.c_contiguous
    assert found.flags.aligned
    assert found.tolist() == [float(one) for one in exact]


@pytest.mark.parametrize("value", NO_ARRAYS.values(), ids=list(NO_ARRAYS))
def test_what_is_no_array_of_numbers_is_named(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^x\b.*: must|^x = .*: the order of its axes") as caught:
        arguments.array("x", value)
    assert "\n" not in str(caught.value)


def test_masked_values_are_counted() -> None:
    with pytest.raises(ValueError, match="x has 2 masked values: must have none"):
        arguments.array("x", np.ma.array([1.0, 2.0, 3.0], mask=[False, True, True]))


def test_a_frozen_array_does_not_change_with_what_it_was_made_of() -> None:
    """Neither through the array given, nor through what that is a view of; a read-only one is shared."""
    base = np.arange(6.0)
    view = base[:3]
    view.flags.writeable = False
    column = pd.Series([1.0, 2.0, 3.0])
    for one in (base, view, column, memoryview(base)):  # type: ignore[arg-type]
        found = arguments.frozen(arguments.array("x", one))
        before = found.copy()
        base[:] = -1.0
        column[:] = -1.0
        np.testing.assert_array_equal(found, before)
        with pytest.raises(ValueError, match="read-only"):
            found[0] = 0.0
    base.flags.writeable = False
    assert np.shares_memory(arguments.frozen(arguments.array("x", base)), base)


def test_rows_are_numbers_or_one_truth_for_each() -> None:
    for one in ([True, False, True], np.array([0, 2]), [0, -1], pd.Series([True, False, True])):
        np.testing.assert_array_equal(arguments.rows("rows", one, 3), [0, 2])


def test_complex_numbers_are_kept_where_they_have_a_meaning() -> None:
    assert arguments.numbers("x", np.array([1j, 2], np.complex64), (2,)).dtype == np.complex128
    assert arguments.numbers("x", [1, 2], (2,)).dtype == np.float64
    with pytest.raises(ValueError, match=re.escape("x[1] = ")):
        arguments.numbers("x", [1j, complex(0.0, np.inf)])
