"""An executor for tests: it does each call at once, in this process and thread."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any


class Inline(Executor):
    """Counts its calls, and does each as `wrap(call, *arguments)` says."""

    def __init__(self, wrap: Callable[..., Any] = lambda call, *arguments: call(*arguments)) -> None:
        self.wrap, self.calls = wrap, 0

    def submit(self, call: Any, /, *arguments: Any, **_: Any) -> "Future[Any]":
        self.calls += 1
        future: Future[Any] = Future()
        try:
            future.set_result(self.wrap(call, *arguments))
        except CancelledError:
            future.cancel()
            future.set_running_or_notify_cancel()
        except Exception as error:
            future.set_exception(error)
        return future
