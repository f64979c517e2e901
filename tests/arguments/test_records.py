"""Records print in short: every number that is shown is the record's own, and no line is long."""

import dataclasses
import importlib
import inspect
import xml.etree.ElementTree as ElementTree
from typing import Any, NamedTuple

import numpy as np
import pytest

import khgps
import quartic
from arguments import brief


@brief()
@dataclasses.dataclass(frozen=True, eq=False)
class Law:
    """One of each kind of field."""

    name: str
    number: np.float64
    few: Any
    many: Any
    inside: Any
    _hidden: int = dataclasses.field(default=0, repr=False)


def test_a_minimum_of_a_thousand_sites_prints_three_lines() -> None:
    model = khgps.KHGPS(N=1000, J=0.1, h=0.1, kappa_min=0.5)
    minimum = quartic.minimize(khgps.draw(model, seed=1, sample=0), tol=1e-6)
    lines = repr(minimum).splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 110
    assert repr(minimum.energy) in lines[0]
    assert f"x=array (1000,) from {minimum.x.min():.4g} to {minimum.x.max():.4g}" in lines[0]


def test_a_table_has_a_row_for_each_field_that_is_shown() -> None:
    """What is in a value cannot pass for markup: the table is read back by a parser."""
    law: Any = Law("<b>&", np.float64(0.1), np.array([1.0, 2.0]), np.arange(9), None)
    rows = ElementTree.fromstring(law._repr_html_()).findall("tr")
    assert [[cell.text for cell in row] for row in rows] == [
        ["name", "'<b>&'"],
        ["number", "0.1"],
        ["few", "array([1., 2.])"],
        ["many", "array (9,) from 0 to 8"],
        ["inside", "None"],
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([np.nan, 1.0, -2.0, 0.5, np.nan]), "array (5,) from -2 to 1"),
        (np.full((2, 3), np.nan), "array (2, 3), all nan"),
        (np.full(7, 0.25), "array (7,), all 0.25"),
        (np.array([True, False, True, True, False]), "array (5,), 3 true"),
        (np.array([[1.0], [2.0]]), "array([[1.], [2.]])"),
        (np.zeros((0, 2)), "array([], shape=(0, 2), dtype=float64)"),
        ((1.5, 2.5), "(1.5, 2.5)"),
        (tuple(range(12)), "12 of int"),
        (["x" * 50] * 2, "2 of str"),
        (lambda a: a, "function(...)"),
        (Law("inner", np.float64(1.0), 1, 2, 3), "Law(name='inner', number=1.0, few=1, many=2, inside=3)"),
        (Law("x" * 80, np.float64(1.0), 1, 2, 3), "Law(...)"),
    ],
)
def test_values_in_short(value: object, text: str) -> None:
    assert repr(Law("a", np.float64(1.0), 0, 0, value)).endswith(f"inside={text})")


def test_a_named_tuple_and_chosen_attributes() -> None:
    @brief()
    class Pair(NamedTuple):
        first: Any
        second: float

    @brief("size")
    class Table:
        size = 3

    assert repr(Pair(np.zeros(5), 1.0)) == "Pair(first=array (5,), all 0, second=1.0)"
    assert repr(Table()) == "Table(size=3)"


def test_lines_break_between_fields_only() -> None:
    lines = repr(Law("a" * 60, np.float64(0.1), "b" * 60, "c" * 60, "d" * 60)).splitlines()
    assert lines == [
        f"Law(name='{'a' * 60}', number=0.1,",
        f"    few='{'b' * 60}',",
        f"    many='{'c' * 60}',",
        f"    inside='{'d' * 60}')",
    ]


def has_arrays(record: type) -> bool:
    fields = inspect.get_annotations(record).items()
    return any("ndarray" in str(kind) for name, kind in fields if not name.startswith("_"))


@pytest.mark.parametrize("package", ["landscape", "quartic", "khgps", "spm", "lattice_gps", "glass"])
def test_every_public_record_with_arrays_is_brief(package: str) -> None:
    """Parameters of a model have none: they print as they are written."""
    module = importlib.import_module(package)
    public = [getattr(module, name) for name in module.__all__]
    records = [one for one in public if dataclasses.is_dataclass(one) or hasattr(one, "_fields")]
    with_arrays = [one for one in records if has_arrays(one)]
    assert [one.__name__ for one in with_arrays if not hasattr(one, "_repr_html_")] == []
    assert with_arrays
