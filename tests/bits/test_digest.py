"""The digest sees every bit of a result, and neither names nor where it is in memory."""

from typing import Any, NamedTuple

import numpy as np
import pytest
import xarray as xr

from tests.bits.digest import digest


class Pair(NamedTuple):
    a: Any
    b: Any


def test_the_digest_sees_one_bit_the_shape_and_the_kind_of_numbers() -> None:
    x = np.linspace(0.0, 1.0, 12)
    other = x.copy()
    other[7] = np.nextafter(other[7], 2.0)
    seen = [
        x,
        other,
        x.reshape(3, 4),
        x.astype(np.float32),
        -0.0 * x,
        0.0 * x,
        (x, x),
        [x, [x]],
        None,
        "x",
        1,
        1.0,
    ]
    assert len({digest(one) for one in seen}) == len(seen)


def test_names_and_places_in_memory_do_not_enter() -> None:
    x = np.arange(12.0).reshape(3, 4)
    assert digest(x) == digest(np.asfortranarray(x)) == digest(np.repeat(x, 2, axis=1)[:, ::2])
    assert digest(Pair(x, "saddle")) == digest((x, "saddle"))
    assert digest({"b": 1.0, "a": x}) == digest({"a": x, "b": 1.0}) != digest({"a": 1.0, "b": x})
    data = xr.Dataset({"energy": ("sample", x[0])}, {"J": 0.1})
    assert digest(data) == digest(data.assign_attrs(made="today")) != digest(data.assign_coords(J=0.2))


def test_what_has_no_bytes_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no bytes"):
        digest([object()])
