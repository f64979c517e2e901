"""The properties of the claims hold."""

import pytest

from theory.properties import PROPERTIES
from theory.properties.agreement import agree, require


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_property_holds(name: str) -> None:
    PROPERTIES[name]()


def test_disagreement_is_an_error() -> None:
    agree(1.0, 1.0 + 1e-9, 1e-8)
    for wrong in (1.0 + 1e-7, float("nan")):
        with pytest.raises(AssertionError, match=r"is not 1\.0 within 1e-08"):
            agree(wrong, 1.0, 1e-8)
    with pytest.raises(AssertionError, match="why"):
        require(False, "why")
