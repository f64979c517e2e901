"""Who works where no test asks: an executor and a crew that work at once, in this process and thread."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any

from qle.running.workers import Crew


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


class Here(Crew[Any, Any]):
    """Takes the place of the processes of a sweep."""

    def __enter__(self) -> "Here":
        self._ended: list[tuple[Any, Any]] = []
        return self

    @property
    def active(self) -> int:
        return len(self._ended)

    def gather(self, tasks: int) -> None:
        """Start nobody."""

    def start(self, task: Any) -> None:
        self._ended.append((task, self._work(task)))

    def collect(self, timeout: float) -> list[tuple[Any, Any]]:
        ended, self._ended = self._ended, []
        return ended
