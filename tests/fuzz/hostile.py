"""Values that a function may be given by mistake, and every kind of array."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SCALARS: tuple[Any, ...] = (
    0, 1, -1, 2, 3, 7, 0.0, -0.0, 0.5, 1.5, -2.5, 1e-3, 30.0, 5e-324, 1e-300, 1e-30, 1e30, 1e150, 1e300,
    1.7e308, math.inf, -math.inf, math.nan, 2**63, 2**64, -(2**63), 10**30, 10**400, 10**5000, 1e20, True,
    False, None, "", "1", "0.5", "lbfgs", "random", "ärger\n", b"1", 1j, 1 + 0j, (), (1.0,), [[1.0]], {},
    {"a": 1}, object(), slice(3), range(3), math.sin, float, np.float32(0.1), np.float16(0.5),
    np.longdouble("0.1"), np.int8(5), np.uint64(3), np.bool_(True), np.datetime64("2020-01-01"),
    np.timedelta64(3, "s"), np.array(0.5), np.array([]), np.ma.masked, Fraction(1, 3), Decimal("0.1"),
    Decimal("NaN"), Decimal("1e9999"), pd.Timestamp("2020-01-01"), pd.NA,
)  # fmt: skip


def scalar(rng: np.random.Generator) -> Any:
    """Return one of the values, or a number of a random size."""
    if rng.random() < 0.3:
        return float(rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-320.0, 308.0))
    return SCALARS[rng.integers(len(SCALARS))]


def array(rng: np.random.Generator, base: NDArray[Any]) -> Any:
    """Return an array made from another one: of other type, shape, scale or form, or with a wrong entry."""
    base = np.array(base, dtype=np.float64)
    flat = base.reshape(-1)
    spoilt = base.copy()
    if spoilt.size:
        spoilt.reshape(-1)[rng.integers(spoilt.size)] = rng.choice(
            [np.nan, np.inf, -np.inf, 0.0, -1.0, 1e300]
        )
    with np.errstate(all="ignore"):
        forms = (
            spoilt, spoilt, spoilt,
            base.astype(np.float32), base.astype(np.float16), base.astype(">f8"), base.astype(np.longdouble),
            base.astype(np.int64), base.astype(bool), base.astype(complex), base + 1j, base.astype(str),
            base.astype(object), flat[:-1], flat[:0], np.append(flat, 1.0), base[np.newaxis], base.T,
            np.asfortranarray(base), np.repeat(flat, 2)[::2], flat[::-1], base.tolist(), tuple(base.tolist()),
            pd.Series(flat), pd.DataFrame({"x": flat}), np.ma.array(base, mask=spoilt == base),
            np.ma.array(base, mask=False), base * 1e-200, base * 1e200, base * 1e-320, -base,
            np.zeros_like(base), np.full_like(base, np.nan), base.astype("M8[s]"),
            np.array([10**400] * flat.size, object), [None] * base.size, "array", 3.0,
            {"x": base}, memoryview(flat.tobytes()),
            np.array([(1.0, 2.0)], dtype=[("a", float), ("b", float)]),
        )  # fmt: skip
    return forms[rng.integers(len(forms))]
