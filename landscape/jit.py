"""The one way in which a kernel is compiled; numba is loaded when the first one is called, not before.

It takes two thirds of the time of an import of these packages, and much of what they do needs no kernel.
"""

import functools
import os
import threading
from collections.abc import Callable
from typing import Any

from landscape.compilation import COMPILATION
from landscape.kernel_cache import find_folder, find_folder_if_homeless
from landscape.loading import Deferred

if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
    raise ImportError(
        "NUMBA_DISABLE_JIT is set: the kernels of quartic are nothing without numba's compiler; unset it"
    )

types: Any = Deferred("numba.core.types")
cgutils: Any = Deferred("numba.core.cgutils")
"""For functions written in LLVM."""

_LOCK = threading.RLock()


class Later:
    """What numba makes of a function, on the first call of anything in its file; has its attributes, too.

    Kernels find others by the names of their file, so that all of these get what numba made at once.
    """

    def __init__(self, function: Callable[..., Any], make: Callable[[Callable[..., Any]], Any]) -> None:
        functools.update_wrapper(self, function)
        self._function, self._make = function, make

    def __call__(self, *arguments: Any) -> Any:
        """Call what numba made."""
        return self.made(*arguments)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.made, name)

    @functools.cached_property
    def made(self) -> Any:
        """What numba made, and in the file as well from now on."""
        names = self._function.__globals__
        with _LOCK:
            for name, other in list(names.items()):
                if isinstance(other, Later) and other._function.__globals__ is names:
                    names[name] = other._own
        return self._own

    @functools.cached_property
    def _own(self) -> Any:
        return self._make(self._function)


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` compiled on its first call and cached on disk, where there is a place for that.

    A kernel takes arrays and scalars, validates nothing, releases the GIL, and follows IEEE arithmetic
    (no fast-math, divisions by zero give inf). A cached kernel that calls a kernel of another file
    would keep serving that file's old code, so a kernel calls only kernels of its own file. Arrays are copied
    into parts of others by loops: for ``a[i:j] = b`` numba compiles its error message too, which takes longer
    than most kernels.

    Warns
    -----
    CacheWarning
        The usual places of the cache cannot be written, see `landscape.kernel_cache`: on the first call.
    """
    later = Later(function, _compiled)
    COMPILATION.kernels.append(later)
    return later


def intrinsic(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function in LLVM that kernels of its file call: numba's intrinsic, made with these."""
    return Later(function, _intrinsic)


def _compiled(function: Callable[..., Any]) -> Any:
    _prepare()
    try:
        return _njit(function, cache=True)
    except RuntimeError:  # numba can write neither beside the code nor in the user's folder
        return _njit(function, cache=find_folder())


def _njit(function: Callable[..., Any], *, cache: bool) -> Any:
    from numba import njit

    return njit(cache=cache, nogil=True, error_model="numpy")(function)


def _intrinsic(function: Callable[..., Any]) -> Any:
    from numba.extending import intrinsic as numbas

    return numbas(function)


@functools.cache
def _prepare() -> None:
    """Find a place for the cache, and hear of compilations, before the first."""
    find_folder_if_homeless()
    COMPILATION.listen()
