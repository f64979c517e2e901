"""Kinds of numbers and arrays that people have: those taken, made from floats, and those refused."""

import array
import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

NUMBERS: dict[str, Callable[[float], Any]] = {
    "float": float,
    "int": int,
    "Fraction": lambda x: Fraction(x) / 3,
    "Decimal": lambda x: Decimal(x) / 3,
    "float64": np.float64,
    "float32": np.float32,
    "float16": np.float16,
    "longdouble": np.longdouble,
    "int32": lambda x: np.int32(int(x) % 1000),
    "0-d array": np.array,
    "0-d big-endian": lambda x: np.array(x, ">f4"),
    "0-d object": lambda x: np.array(Fraction(x), object),
    "0-d masked, unmasked": np.ma.array,
    "0-d DataArray": xr.DataArray,
}

NO_NUMBERS: dict[str, Any] = {
    "True": True,
    "numpy True": np.True_,
    "0-d True": np.array(True),
    "text": "0.1",
    "bytes": b"1",
    "numpy text": np.array("1"),
    "None": None,
    "complex": 1.0 + 0j,
    "numpy complex": np.complex64(1),
    "nan": float("nan"),
    "inf": float("inf"),
    "Decimal nan": Decimal("nan"),
    "Decimal signal": Decimal("snan"),
    "Decimal 1e999": Decimal("1e999"),
    "5000 digits": 10**5000,
    "5000 digits of a fraction": Fraction(10**5000, 3),
    "longdouble 1e4000": np.longdouble("1e4000"),
    "masked": np.ma.masked,
    "0-d masked": np.ma.array(1.0, mask=True),
    "NA": pd.NA,
    "NaT": pd.NaT,
    "date": datetime.date(2020, 1, 1),
    "numpy date": np.datetime64("2020-01-01"),
    "span": datetime.timedelta(1),
    "numpy span": np.timedelta64(1, "ns"),
    "Timestamp": pd.Timestamp("2020"),
    "list": [1.0],
    "array": np.ones(1),
    "Series": pd.Series([1.0]),
    "DataArray": xr.DataArray([1.0]),
    "dict": {},
    "set": {1.0},
    "function": len,
}

NO_COUNTS: dict[str, Any] = {
    "3.0": 3.0,
    "float64": np.float64(3.0),
    "0-d float": np.array(3.0),
    "Fraction": Fraction(3),
    "Decimal": Decimal(3),
    "True": True,
    "numpy True": np.True_,
    "text": "3",
    "None": None,
    "-1": -1,
    "int8 -1": np.int8(-1),
    "span": np.timedelta64(3, "ns"),
    "5000 digits": 10**5000,
}

ARRAYS: dict[str, Callable[[Any], Any]] = {
    "float64": np.array,
    "list": lambda x: x.tolist(),
    "tuple": lambda x: tuple(x.tolist()),
    "list of ints": lambda x: [int(one) for one in x],
    "list of fractions": lambda x: [Fraction(one) / 3 for one in x],
    "list of decimals": lambda x: [Decimal(one) / 10 for one in x],
    "list of numpy numbers": lambda x: [np.float32(one) for one in x],
    "list of 0-d arrays": lambda x: [np.array(one) for one in x],
    "range": lambda x: range(len(x)),
    "float32": lambda x: (x / 3).astype(np.float32),
    "float16": lambda x: (x / 3).astype(np.float16),
    "longdouble": lambda x: x.astype(np.longdouble) / 3,
    "int64": lambda x: x.astype(np.int64),
    "uint8": lambda x: np.abs(x).astype(np.uint8),
    "big-endian": lambda x: x.astype(">f8"),
    "big-endian int16": lambda x: x.astype(">i2"),
    "strided": lambda x: np.repeat(x, 3)[::3],
    "backwards": lambda x: x[::-1].copy()[::-1],
    "column of a table": lambda x: np.column_stack([x, x])[:, 1],
    "unaligned": lambda x: np.frombuffer(b"." + x.tobytes(), np.uint8)[1:].view(np.float64),
    "read-only": lambda x: _read_only(x),
    "object": lambda x: x.astype(object),
    "masked, nothing masked": np.ma.array,
    "memoryview": lambda x: memoryview(x.copy()),
    "array.array": lambda x: array.array("f", x),
    "Series": lambda x: pd.Series(x, index=np.arange(x.size)[::-1]),
    "Series of Int64": lambda x: pd.Series(x.astype(int), dtype="Int64"),
    "Series of Float64": lambda x: pd.Series(x, dtype="Float64"),
    "Series of object": lambda x: pd.Series(x, dtype=object),
    "Index": pd.Index,
    "column of a DataFrame": lambda x: pd.DataFrame({"a": x, "b": "text"})["a"],
    "DataArray": lambda x: xr.DataArray(x, dims="sample", coords={"sample": x}),
}

NO_ARRAYS: dict[str, Any] = {
    "masked": np.ma.array([1.0, 2.0], mask=[False, True]),
    "list with masked": [np.ma.masked, 1.0],
    "list of masked arrays": [np.ma.array([1.0, 2.0], mask=[False, True]), [1.0, 2.0]],
    "True": np.array([True, False]),
    "list with True": [True, 1.0],
    "complex": np.ones(2) * 1j,
    "text": np.array(["1.0", "2.0"]),
    "list with text": [1.0, "2.0"],
    "bytes": b"12",
    "word": "soft",
    "dates": np.array(["2020-01-01", "2020-01-02"], "M8[D]"),
    "spans": np.array([1, 2], "m8[ns]"),
    "dates of pandas": pd.to_datetime(["2020-01-01", "2020-01-02"]),
    "spans of pandas": pd.to_timedelta([1, 2]),
    "records": np.zeros(2, [("b2", float), ("b3", float)]),
    "nan": [1.0, np.nan],
    "inf": [1.0, np.inf],
    "longdouble beyond all": np.array([np.longdouble("1e4000")]),
    "5000 digits": [10**5000, 1],
    "None": [None, 1.0],
    "only None": None,
    "NA": pd.Series([1, None], dtype="Int64"),
    "categories": pd.Categorical(["a", "b"]),
    "ragged": [[1.0], [1.0, 2.0]],
    "generator": (one for one in (1.0, 2.0)),
    "set": {1.0, 2.0},
    "dict": {"a": 1.0},
    "DataFrame": pd.DataFrame({"a": [1.0], "b": [2.0]}),
    "DataArray of two axes": xr.DataArray(np.ones((2, 2))),
    "Dataset": xr.Dataset({"a": ("x", [1.0])}),
}

NO_DATASETS: dict[str, Any] = {
    "None": None,
    "number": 3.0,
    "word": "results",
    "class": xr.Dataset,
    "dict": {"status": 0},
    "DataArray": xr.DataArray([1.0]),
    "DataFrame": pd.DataFrame({"a": [1.0]}),
    "list of datasets": [xr.Dataset()],
}


def _read_only(x: Any) -> Any:
    found = x.copy()
    found.flags.writeable = False
    return found
