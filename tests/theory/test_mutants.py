"""A wrong number, operator or function in any one formula is caught; `mutants.py` lists what by."""

import importlib.util
import sys
from pathlib import Path

import pytest

from theory import formulas

_spec = importlib.util.spec_from_file_location("mutants", Path(__file__).with_name("mutants.py"))
assert _spec is not None
assert _spec.loader is not None
mutants = importlib.util.module_from_spec(_spec)
sys.modules["mutants"] = mutants  # dataclasses look their module up there
_spec.loader.exec_module(mutants)


@pytest.mark.parametrize("name", sorted(formulas.__all__))
def test_every_mutant_is_caught(name: str) -> None:
    rows = mutants.caught(name)
    assert rows
    missed = tuple(mutant.change for mutant, catchers in rows if not catchers)
    assert missed == mutants.EQUIVALENT.get(name, ())


def test_the_formulas_themselves_pass() -> None:
    for name in formulas.__all__:
        right = mutants.Mutant(name, "none", getattr(formulas, name))
        assert mutants.derivation_fails(right, mutants.conclusions(name)) == []
        assert not mutants.dimension_fails(right)
