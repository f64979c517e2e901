"""Every public face converts every number it is given exactly, or refuses it in one line with its name.

A public function or class that is new must be in the table `tests.arguments.faces.FACES`: its parameters, and
what is a number, a count, a column or a data set among them, are read off its annotations.
"""

import dataclasses
import importlib
import inspect
import re
import typing
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import glass
import landscape
import qle
import quartic
import spm
from qle.figures import mode_map
from qle.statistics import compare, moments
from qle.statistics.boson_peak import boson_peak
from qle.statistics.intervals import rate_interval
from tests.arguments.faces import ELSEWHERE, FACES, FIGURES, PACKAGES, RESULTS, swept
from tests.arguments.kinds import ARRAYS, NO_ARRAYS, NO_COUNTS, NO_DATASETS, NO_NUMBERS, NUMBERS

INFINITE = {"inf", "longdouble 1e4000", "Decimal 1e999", "5000 digits", "5000 digits of a fraction"}
INFINITE |= {"longdouble beyond all"}
ENDS = [
    ("Gaussian", "low"),
    ("Gaussian", "high"),
    ("StudentT", "low"),
    ("StudentT", "high"),
    ("power_law", "high"),
]
TAKEN: dict[tuple[str, str], set[str]] = {  # what is refused elsewhere, and has a meaning here
    **{(f"spm.{name}", end): INFINITE for name, end in ENDS},
    **{(f"spm.{name}", "r"): INFINITE for name in ("barrier_factor", "asymmetry_factor")},
    ("spm.Wells", "is_global"): {"True"},
    **{("spm.Wells", name): INFINITE | {"nan", "NA"} for name in ("barrier", "cubic_barrier", "asymmetry")},
    ("spm.fit_specific_heat", "C_error"): {"only None"},
    ("qle.read_snapshot", "frame"): {"-1", "int8 -1"},
    **{
        (f"quartic.{name}", "x"): {"complex"}
        for name in ("energy", "gradient", "hessian", "line_coefficients")
    },
    ("quartic.line_coefficients", "d"): {"complex"},
}

COLUMNS = ("ArrayLike", "_SupportsArray", "ndarray", "Sequence[float]", "tuple[float, ...]")

OTHER_TYPES = {("spm.Wells", "is_global"), ("quartic.couplings.Packed", "values")}
OTHER_TYPES |= {("landscape.pseudo_harmonic_modes", "pairs"), ("landscape.Held", "free")}
"""Columns of another type than numbers, which are not converted."""


MATRICES: dict[str, Callable[[Any], Any]] = {
    "list": lambda x: x.tolist(),
    "float32": lambda x: x.astype(np.float32),
    "big-endian": lambda x: x.astype(">f8"),
    "columns first": np.asfortranarray,
    "part of a larger one": lambda x: np.pad(x, 2)[2:-2, 2:-2],
}


def public(name: str) -> Any:
    package, attribute = name.rsplit(".", 1)
    return getattr(importlib.import_module(package), attribute)


def parameters(name: str) -> dict[str, str]:
    """Return those that are a number, a count, a column or a data set."""
    face = public(name)
    try:
        hints = typing.get_type_hints(getattr(face, "__init__") if isinstance(face, type) else face)  # noqa: B009
    except NameError:  # of a module that is imported where it is used
        hints = face.__annotations__
    kinds = {}
    for parameter in inspect.signature(face).parameters:
        text = str(hints.get(parameter))
        if re.search(r"Callable|Mapping\[(int|float)", text):
            continue
        if re.search(r"\bDataset\b", text):
            kinds[parameter] = "dataset"
        elif any(part in text for part in COLUMNS):
            kinds[parameter] = "column"
        elif re.search(r"\bfloat\b", text):
            kinds[parameter] = "number"
        elif re.search(r"\bint\b", text):
            kinds[parameter] = "count"
    return kinds


def names(package: str) -> list[str]:
    """Return what a package offers: by its list, or all that is defined there without an underscore."""
    module = importlib.import_module(package)
    own = [n for n, one in vars(module).items() if getattr(one, "__module__", "") == package and n[0] != "_"]
    return [f"{package}.{name}" for name in getattr(module, "__all__", own)]


TABLE = FACES | FIGURES
CASES = [(name, parameter, kind) for name in TABLE for parameter, kind in parameters(name).items()]
IDS = [f"{name}-{parameter}" for name, parameter, _ in CASES]
OF_NUMBERS = [case for case in CASES if case[0] in FACES and case[2] != "dataset"]
IDS_OF_NUMBERS = [f"{name}-{parameter}" for name, parameter, _ in OF_NUMBERS]


def test_every_public_face_is_in_the_table() -> None:
    listed = {id(public(name)) for name in (*FACES, *RESULTS, *ELSEWHERE)}  # some have two homes
    unlisted = []
    for package in PACKAGES:
        for name in names(package):
            face = public(name)
            error = inspect.isclass(face) and issubclass(face, BaseException)
            if callable(face) and not error and id(face) not in listed and parameters(name):
                unlisted.append(name)
    assert unlisted == []


def test_every_number_of_a_face_has_an_example() -> None:
    lacking = [(name, parameter) for name, parameter, _ in CASES if parameter not in TABLE[name]()]
    assert lacking == []


@pytest.mark.parametrize(("name", "parameter", "kind"), CASES, ids=IDS)
def test_what_is_no_number_is_refused_in_a_line_with_the_name(name: str, parameter: str, kind: str) -> None:
    face, given = public(name), TABLE[name]()
    counts = {**NO_NUMBERS, **NO_COUNTS}
    kinds = {"number": NO_NUMBERS, "count": counts, "column": NO_ARRAYS, "dataset": NO_DATASETS}
    wrong = kinds[kind]
    skipped = TAKEN.get((name, parameter), set())
    default = inspect.signature(face).parameters[parameter].default
    for label, value in wrong.items():
        if label in skipped or (value is None and default is None):
            continue
        with pytest.raises(ValueError, match=rf"\b{parameter}\b") as caught:
            face(**{**given, parameter: value})
        assert "\n" not in str(caught.value), label
        assert re.search("must|order of its axes", str(caught.value)), label


@pytest.mark.parametrize(("name", "parameter", "kind"), OF_NUMBERS, ids=IDS_OF_NUMBERS)
def test_a_number_of_any_kind_gives_the_same_bits(name: str, parameter: str, kind: str) -> None:
    if (name, parameter) in OTHER_TYPES:
        pytest.skip("is of a type of its own")
    face, given = public(name), FACES[name]()
    value = given[parameter]
    expected = face(**given)
    for label, make in kinds_of(value).items():
        assert same(face(**{**given, parameter: make(value)}), expected), label


def test_a_sweep_refuses_what_is_no_number_of_workers(tmp_path: Path) -> None:
    for value in {**NO_NUMBERS, **NO_COUNTS}.values():
        if value is not None:
            with pytest.raises(qle.SpecError, match=r"^workers = .*: must be an integer"):
                qle.sweep(FACES["qle.Spec"](), store=tmp_path / "store", workers=value)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: boson_peak(np.zeros((3, 4)), 4), "frequency: must have a mode > 0"),
        (lambda: boson_peak(np.ones((3, 4)), 3), "N = 3: must be an integer of at least 4"),
        (lambda: rate_interval([1.0, 2.0], [1.0, 2.0, 3.0]), "shapes (2,), (3,): must broadcast"),
        (lambda: rate_interval([1.0, -2.0], 1.0), "events[1] = -2.0: must be finite and >= 0"),
        (lambda: rate_interval([1.0, 2.0], 1.0, confidence=1), "confidence = 1: must be in (0, 1)"),
        (lambda: mode_map.draw(np.zeros(4), 2, 2, "a.png"), "vector: must have a component that is not 0"),
        (lambda: mode_map.draw(np.ones(5), 2, 2, "a.png"), "vector has shape (5,): must be (4,)"),
        (lambda: moments(swept().drop_vars("energy")), "dataset: lacks energy"),
        (lambda: compare({"a": 3.0}), "datasets['a'] = 3.0: must be an xarray.Dataset"),  # type: ignore[dict-item]
        (lambda: compare(swept()), "datasets['status'] = "),  # type: ignore[arg-type]
    ],
)
def test_faulty_arguments_of_statistics_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def kinds_of(value: Any) -> dict[str, Callable[[Any], Any]]:
    """Return the kinds that hold a value exactly, and are of its type: an integer is no float."""
    whole = isinstance(value, int) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")
    if isinstance(value, np.ndarray) and value.ndim == 2:
        return MATRICES
    found = {}
    for label, make in (ARRAYS if isinstance(value, np.ndarray) else NUMBERS).items():
        try:
            with np.errstate(all="ignore"):
                made = np.asarray(make(value))
        except TypeError:  # Decimal of numpy's integers
            continue
        numbers = [made[()]] if made.ndim == 0 else made.tolist()
        exact = [as_fraction(one) for one in numbers]
        integers = all(isinstance(one, int | np.integer) for one in numbers)
        if exact == [as_fraction(one) for one in np.atleast_1d(value).tolist()] and (integers or not whole):
            found[label] = make
    assert found
    return found


def as_fraction(number: Any) -> Fraction:
    return Fraction(int(number)) if isinstance(number, np.integer) else Fraction(*number.as_integer_ratio())


def same(a: Any, b: Any) -> bool:
    """Return whether two results are the same to the last bit, of the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, xr.Dataset):
        return bool(a.identical(b))
    if isinstance(a, pd.DataFrame):
        return bool(a.equals(b))
    if isinstance(a, np.ndarray):
        return bool(a.dtype == b.dtype and a.tobytes() == b.tobytes())
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, landscape.Point):
        return same((a.x, a.energy, a.gradient), (b.x, b.energy, b.gradient))
    if isinstance(a, landscape.Functions | landscape.Harmonic | landscape.Held | quartic.Bent):
        return all(map(same, _of_landscape(a), _of_landscape(b)))
    if isinstance(a, glass.FromCalculator):
        return same(*((one.x, one.length, one.dimension, one.energy(one.x)) for one in (a, b)))
    if isinstance(a, glass.PairGlass):
        return same(*((one.x, one.sizes, one.box, one.shear, one.energy(one.x)) for one in (a, b)))
    if isinstance(a, glass.Potential):
        s = np.array([0.25, 0.375, 0.5])
        return same(*((one.reach, one.smooth, one.mixing, one.profile(s, 4)) for one in (a, b)))
    if hasattr(a, "dense"):
        return same(a.dense(), b.dense())
    if isinstance(a, quartic.Inverse):
        return same(a.solve(np.ones(4)), b.solve(np.ones(4)))
    return bool(a == b) or (a != a and b != b)


def _of_landscape(one: landscape.Landscape) -> tuple[Any, ...]:
    """Return what it was made of, as far as it shows."""
    x = np.array([0.5, -0.25, 1.0, 0.75])
    made = one.size, one.dimension, one.masses, one.length, one.zero_modes(x)
    return *made, one.energy(x), one.hessian(x).dense()


def test_the_exponent_of_float32_tables_is_that_of_their_values() -> None:
    """It was -1.89 in float32; 3/2 as b2 -> 0 (S 6), and steeper by less than 0.1 up to b2 = 1e-4."""
    wells = spm.sample_soft(spm.SoftPotentials(), 20_000, b2_max=1e-4)
    columns = {name: getattr(wells, name).astype(np.float32) for name in ("b2", "b3", "b4", "weight")}
    single = spm.QuarticWells(**columns, potentials=wells.per)
    wide = {name: column.astype(np.float64) for name, column in columns.items()}
    double = spm.QuarticWells(**wide, potentials=wells.per)
    one, other = (spm.power_law(spm.laws(table).b2_global, high=9e-5) for table in (single, double))
    assert one == other
    assert abs(one.exponent - 1.5) < 0.1


def test_a_number_for_a_column_is_that_of_all_wells() -> None:
    one = spm.QuarticWells(b2=[1, 2], b3=0, b4=1)  # type: ignore[arg-type]
    other = spm.QuarticWells(b2=np.array([1.0, 2.0]), b3=np.zeros(2), b4=np.ones(2))
    assert same(one, other)


def test_a_table_of_wells_does_not_change_with_what_it_was_made_of() -> None:
    b2 = np.array([1.0, 2.0])
    wells = spm.QuarticWells(b2=b2, b3=b2 - 1.0, b4=b2)
    b2[:] = -1.0
    assert wells.b2.tolist() == wells.b4.tolist() == [1.0, 2.0]
