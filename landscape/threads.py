"""Threads of the engine: how many it may use, and tasks run on them.

How work is split into tasks never depends on the number of threads, so neither do the bits of a result.
"""

import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

import arguments

Result = TypeVar("Result")


class _State:
    """What this process has: the number of threads asked for and of those at work, the pool, the locks."""

    def __init__(self) -> None:
        self.threads: int | None = None
        self.busy = 0
        self.own = threading.local()  # `busy`: whether this thread is one of them
        self.pool: ThreadPoolExecutor | None = None
        self.lock = threading.Lock()
        self.blas = threading.Lock()  # held by whoever limits BLAS


_state = _State()


def set_threads(n: int) -> None:
    """Let the engine use n threads in this process, n >= 1; they stay when the call returns.

    Results do not depend on n. A process that is one of several on a machine should set 1.

    Raises
    ------
    ValueError
        If n < 1.

    Examples
    --------
    >>> import landscape
    >>> before = landscape.threads.count()
    >>> landscape.set_threads(1)
    >>> landscape.threads.count()
    1
    >>> landscape.set_threads(before)
    """
    n = arguments.count("n", n)
    with _state.lock:
        if _state.pool is not None:
            _state.pool.shutdown(wait=False)
        _state.threads, _state.pool = n, None


def count() -> int:
    """Return how many threads the engine uses: as `set_threads` said, or one per core it may run on."""
    return _state.threads or _cores()


def run(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Call the tasks, on `count()` threads, and return their results in the order of the tasks.

    The calling thread takes part; where no other is free, it calls them in order. A task may call `run`
    itself.

    Raises
    ------
    Exception
        What the first of the failed tasks, in their order, raised; the others have ended by then.
    """
    workers = min(count() - max(_state.busy, 1), len(tasks) - 1)
    if workers <= 0:
        return [task() for task in tasks]
    results: list[Result] = [None] * len(tasks)  # type: ignore[list-item]
    errors: dict[int, BaseException] = {}
    numbers = itertools.count()

    def work() -> None:
        with _at_work():
            while (k := next(numbers)) < len(tasks):
                try:
                    results[k] = tasks[k]()
                except BaseException as error:  # raised again below, in the calling thread
                    errors[k] = error

    futures = [_pool().submit(work) for _ in range(workers)]
    work()
    for future in futures:
        if not future.cancel():  # a thread that has not begun is not waited for
            future.result()
    if errors:
        raise errors[min(errors)]
    return results


@contextmanager
def _at_work() -> Iterator[None]:
    """Within it this thread counts as busy, once."""
    if getattr(_state.own, "busy", False):
        yield
        return
    _state.own.busy = True
    with _state.lock:
        _state.busy += 1
    try:
        yield
    finally:
        with _state.lock:
            _state.busy -= 1
        _state.own.busy = False


@contextmanager
def single_blas() -> Iterator[None]:
    """Within it BLAS uses one thread, in the whole process: to be put around `run` of tasks that call BLAS.

    The first to enter sets the limit and lifts it when it leaves; to enter again meanwhile, in a task or
    anywhere else, does nothing.
    """
    if not _state.blas.acquire(blocking=False):
        yield
        return
    try:
        with _controller().limit(limits=1, user_api="blas"):
            yield
    finally:
        _state.blas.release()


@cache
def _controller() -> ThreadpoolController:
    """Return the handle on the BLAS libraries; to look for them takes milliseconds."""
    import scipy.linalg  # noqa: F401  (loads scipy's own BLAS, which must be found; it takes a while)

    return ThreadpoolController()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pool() -> ThreadPoolExecutor:
    with _state.lock:
        if _state.pool is None:
            _state.pool = ThreadPoolExecutor(max(1, count() - 1), thread_name_prefix="quartic")
        return _state.pool


def _forget_threads() -> None:
    """Start afresh in a forked child, which has none of its parent's threads and may hold a dead lock."""
    _state.pool, _state.lock, _state.blas = None, threading.Lock(), threading.Lock()
    _state.busy, _state.own = 0, threading.local()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_threads)
