"""What a batch holds: the arrays of a point's samples, their types and shapes, and what values they have."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

import quartic
from qle.description.grid import ADDRESSES
from qle.description.identity import POINT_KEYS, Arrays, Identity
from qle.description.measure import Measure
from qle.description.models import coordinates, described, oscillators
from qle.description.protocol import Protocol
from qle.measurements.table import asked

SAMPLE_VARIABLES = ("energy", "mean_x", "mean_x2", "gradient_norm", "force_scale", "products")
MODE_VARIABLES = ("frequency", "participation_ratio", "mode_residual")

Form = tuple[np.dtype[Any], tuple[int, ...]]
"""The type of an array and its shape."""


def forms(identity: Identity) -> dict[str, Form]:
    """Return the arrays that the batch of an identity has, first axis the sample.

    Raises
    ------
    ValueError, TypeError, KeyError
        It is the identity of no batch.
    """
    _check(identity)
    size, measure = coordinates(identity), Measure(**identity["measure"])
    rows = identity["stop"] - identity["start"]
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(SAMPLE_VARIABLES, (rows,))
    shapes |= {name: (rows, measure.count(oscillators(identity))) for name in MODE_VARIABLES}
    for one in asked(measure, described(identity["model"]).always):
        shapes |= dict.fromkeys(one.variables, (rows, *one.shape(size)))
    numbers = {name: (np.dtype(np.float64), shape) for name, shape in shapes.items()}
    return {"status": (np.dtype(np.int8), (rows,)), **numbers}


def sample_bytes(point: Identity) -> int:
    """Return the bytes that the numbers of one sample of a point take."""
    arrays = forms({**point, "start": 0, "stop": 1}).values()
    return sum(kind.itemsize * math.prod(shape) for kind, shape in arrays)


def check_values(arrays: Arrays, complete_below: float | None = None) -> None:
    """Raise ValueError for values that no measurement gives, in arrays of the right form.

    `complete_below` is that of `Measure`: modes above are not there.
    """
    status = arrays["status"]
    if not np.isin(status, range(len(quartic.STATUSES))).all():
        last = len(quartic.STATUSES) - 1
        raise ValueError(f"status: is from {status.min()} to {status.max()}, must be 0 to {last}")
    converged = status == quartic.STATUSES.index("converged")
    stationary = converged | (status == quartic.STATUSES.index("saddle"))
    for name, array in arrays.items():
        if name in MODE_VARIABLES and complete_below is None:
            _check_finite(name, array[stationary])
        elif array.ndim == 1:
            _check_finite(name, array[converged])
    if complete_below is not None:
        _check_below([arrays[name][stationary] for name in MODE_VARIABLES], complete_below)
    omega = arrays["frequency"][converged]
    if not ((omega > 0.0) | np.isnan(omega)).all():
        raise ValueError("frequency: is not positive for a sample that converged")


def _check_finite(name: str, array: NDArray[Any]) -> None:
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: is not finite for a sample that converged")


def _check_below(modes: list[NDArray[Any]], complete_below: float) -> None:
    """Raise ValueError unless all have modes below `complete_below`, the first few of each row, else nan."""
    there = ~np.isnan(modes[0])
    if (there[:, 1:] > there[:, :-1]).any():
        raise ValueError("frequency: is nan before the last mode")
    for name, array in zip(MODE_VARIABLES, modes, strict=True):
        _check_finite(name, array[there])
        if not np.isnan(array[~there]).all():
            raise ValueError(f"{name}: is there for a mode that is not")
    if not (modes[0][there] < complete_below).all():
        raise ValueError(f"frequency: is not below complete_below = {complete_below}")


def _check(identity: Identity) -> None:
    """Raise an error unless model, parameters, protocol and measure are such as a sweep has."""
    if set(identity) != {*POINT_KEYS, "start", "stop"}:
        raise ValueError(f"identity: has the keys {', '.join(map(repr, identity))}")
    for key, low, high in (("seed", 0, ADDRESSES - 1), ("start", 0, ADDRESSES), ("stop", 1, ADDRESSES)):
        if type(identity[key]) is not int or not low <= identity[key] <= high:
            raise ValueError(f"{key}: must be an integer from {low} to {high}")
    if not identity["start"] < identity["stop"]:
        raise ValueError("start: must be below stop")
    described(identity["model"]).check(identity["parameters"])
    for name, kind in (("protocol", Protocol), ("measure", Measure)):
        if kind(**identity[name]).identity != identity[name]:
            raise ValueError(f"{name}: must have the keys that it has by default, and no others")
