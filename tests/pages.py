"""What is on a page that a figure was drawn on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

Array = np.ndarray
Drawn = Callable[[Callable[[Path], Path]], Figure]


def bars(container: Any) -> tuple[Array, Array, Array, Array]:
    """Return x, y and the lower and upper ends of error bars."""
    ends = np.array(container[2][0].get_segments())
    x, y = (np.asarray(values, np.float64) for values in container[0].get_data())
    return x, y, ends[:, 0, 1], ends[:, 1, 1]


def close(found: Any, expected: Any, rtol: float = 1e-9) -> None:
    """Raise AssertionError unless two sequences of arrays are nearly the same."""
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(np.asarray(one, np.float64), other, rtol=rtol)
