"""The one way in which a kernel is compiled."""

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` compiled on its first call and cached on disk.

    A kernel takes arrays and scalars, validates nothing, releases the GIL, and follows IEEE arithmetic
    (no fast-math, divisions by zero give inf). A cached kernel that calls a kernel of another file
    would keep serving that file's old code, so a kernel calls only kernels of its own file.
    """
    return njit(cache=True, nogil=True, error_model="numpy")(function)
