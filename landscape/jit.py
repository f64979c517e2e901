"""The one way in which a kernel is compiled."""

from collections.abc import Callable
from typing import Any

from numba import njit

from landscape.compilation import COMPILATION
from landscape.kernel_cache import config, find_folder, find_folder_if_homeless

if config.DISABLE_JIT:
    raise ImportError(
        "NUMBA_DISABLE_JIT is set: the kernels of quartic are nothing without numba's compiler; unset it"
    )
find_folder_if_homeless()


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` compiled on its first call and cached on disk, where there is a place for that.

    A kernel takes arrays and scalars, validates nothing, releases the GIL, and follows IEEE arithmetic
    (no fast-math, divisions by zero give inf). A cached kernel that calls a kernel of another file
    would keep serving that file's old code, so a kernel calls only kernels of its own file.

    Warns
    -----
    CacheWarning
        The usual places of the cache cannot be written, see `landscape.kernel_cache`.
    """
    try:
        return _compile(function, cache=True)
    except RuntimeError:  # numba can write neither beside the code nor in the user's folder
        return _compile(function, cache=find_folder())


def _compile(function: Callable[..., Any], *, cache: bool) -> Callable[..., Any]:
    compiled: Callable[..., Any] = njit(cache=cache, nogil=True, error_model="numpy")(function)
    COMPILATION.kernels.append(compiled)
    return compiled
