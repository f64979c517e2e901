"""Who waits for kernels to be compiled is told so, once: where one is called first takes seconds."""

import atexit
import os
import sys
import time
from contextlib import suppress
from typing import Any

from landscape.kernel_cache import NOWHERE

SILENT = "QUARTIC_SILENT"
"""Set in the environment of a process, and of those that it starts, where nobody is to be told."""


class Compilation:
    """What of the kernels has been compiled in this process, not loaded from the cache.

    Attributes
    ----------
    kernels : list
        All of the packages that were imported, in the order of their definition (`landscape.jit.Later`).
    compiled : int
        Compilations, one for each kernel and kind of arguments.
    seconds : float
        That they took.
    told : bool
        Whether it has been said that kernels are compiled.
    """

    def __init__(self) -> None:
        self.kernels: list[Any] = []
        self.compiled, self.seconds = 0, 0.0
        self._depth, self._began, self.told = 0, 0.0, False

    def listen(self) -> None:
        """Hear from numba of what it compiles, from now on."""
        from numba.core.event import Listener, register

        class Heard(Listener):
            on_start, on_end = staticmethod(self.on_start), staticmethod(self.on_end)

        register("numba:compile", Heard())  # type: ignore[no-untyped-call]

    def on_start(self, event: Any) -> None:
        """Begin with a kernel, which may compile others that it calls."""
        if self._ours(event):
            if not self._depth:
                self._began = time.perf_counter()
                self._tell()
            self._depth += 1

    def on_end(self, event: Any) -> None:
        """End with a kernel."""
        if self._ours(event):
            self._depth -= 1
            self.compiled += 1
            if not self._depth:
                self.seconds += time.perf_counter() - self._began

    def _ours(self, event: Any) -> bool:
        return any(event.data["dispatcher"].py_func is kernel.__wrapped__ for kernel in self.kernels)

    def _tell(self) -> None:
        if not self.told and SILENT not in os.environ:
            self.told = True
            _say(
                "compiling kernels, each some seconds, where one is called first; `qle warm` does it for all"
            )
            atexit.register(self._sum_up)

    def _sum_up(self) -> None:
        kept = "" if NOWHERE in os.environ else "; they are kept for later calls"
        _say(f"compiled {self.compiled} kernels in {self.seconds:.1f} s{kept}")


def _say(text: str) -> None:
    with suppress(AttributeError, ValueError, OSError):  # there may be no standard error, or nobody who reads
        print(text, file=sys.stderr, flush=True)


COMPILATION = Compilation()
