"""Worker processes that each do one task at a time, and may be killed at any instant.

Every worker has a pipe of its own to the parent and shares nothing else with anybody, so one that dies
takes down neither the parent nor the other workers: its task is lost. A worker whose parent dies ends itself.
"""

import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Generic, NamedTuple, TypeVar

import scipy.linalg  # noqa: F401  (loads scipy's own BLAS, which the limit below must find)
from threadpoolctl import threadpool_limits

import quartic
from landscape.compilation import SILENT
from qle.running.tasks import Outcome


class Failure(NamedTuple):
    """A task that raised: the message and the worker's traceback."""

    message: str
    trace: str


class Lost(NamedTuple):
    """A task whose worker died; "with exit code 1" is a cause."""

    cause: str


class Cancelled(NamedTuple):
    """A task that was called back before its end, as by a scheduler that is restarted."""


Report = Outcome | Failure | Lost | Cancelled
"""What becomes of a task of a sweep."""

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(eq=False)
class _Worker:
    process: "subprocess.Popen[bytes]"
    connection: "Connection[Any, Any]"
    task: Any = None

    def end(self) -> int:
        """Kill the process; return its exit code."""
        self.process.kill()
        self.process.communicate()
        self.connection.close()
        return self.process.returncode


class Crew(Generic[Task, Result]):
    """At most `size` worker processes with `threads` threads each; leaving the `with` block kills them.

    What they do of a task is `work`, a function of a module, so that it can be sent to them. They are fresh
    interpreters that import `qle` and what the tasks need, never the script of the parent, also for size = 1:
    the computed bits depend neither on the state of the parent nor on the number of workers.
    """

    def __init__(self, work: Callable[[Task], Result], size: int, threads: int = 1) -> None:
        self._work = work
        self._size = size
        self._threads = threads
        self._workers: list[_Worker] = []

    def __enter__(self) -> "Crew[Task, Result]":
        return self

    def __exit__(self, *exception: object) -> None:
        while self._workers:
            self._workers.pop().end()

    @property
    def active(self) -> int:
        """Number of tasks in work."""
        return sum(worker.task is not None for worker in self._workers)

    @property
    def free(self) -> bool:
        """Whether one more task can be started."""
        return self.active < self._size

    def gather(self, tasks: int) -> None:
        """Start processes for so many tasks, to be ready when these are."""
        while len(self._workers) < min(tasks, self._size):
            self._hire()

    def start(self, task: Task) -> None:
        """Give a task to a free worker, starting a process if there is none."""
        worker = next((w for w in self._workers if w.task is None), None) or self._hire()
        worker.task = task
        with suppress(
            BrokenPipeError, ConnectionResetError
        ):  # it is dead: collect() reports the task as lost
            worker.connection.send((self._work, task))

    def collect(self, timeout: float) -> list[tuple[Task, Result | Failure | Lost]]:
        """Wait at most `timeout` seconds for tasks to end; return those that did."""
        working = [(worker, worker.task) for worker in self._workers if worker.task is not None]
        ready = wait([worker.connection for worker, _ in working], timeout)
        ended = []
        for worker, task in working:
            if worker.connection in ready:
                worker.task = None
                ended.append((task, self._hear(worker)))
        return ended

    def _hire(self) -> _Worker:
        here, there = Pipe()
        code = f"from qle.running.workers import serve; serve({there.fileno()}, {self._threads})"
        with _interrupts_held(), there:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.PIPE,
                pass_fds=[there.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            self._workers.append(worker := _Worker(process, here))
        return worker

    def _hear(self, worker: _Worker) -> Result | Failure | Lost:
        try:
            heard: Result | Failure = worker.connection.recv()
            return heard
        except (EOFError, OSError):
            self._workers.remove(worker)
            return Lost(f"with exit code {worker.end()}")


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C in this thread; a process started meanwhile inherits that, and never sees one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(handle: int, threads: int) -> None:
    """Do the tasks that come in over a connection, until the parent closes it or dies. Runs in the worker.

    Parameters
    ----------
    handle : int
        File descriptor of the connection. Standard input must be a pipe whose other end only the parent has:
        it tells of the death of the parent, also while a task is in work.
    threads : int
        Threads of the engine; where they are at work, BLAS has one thread in each of them.
    """
    os.environ[SILENT] = "1"
    quartic.set_threads(threads)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    connection: Connection[Any, Any] = Connection(handle)
    with threadpool_limits(threads), suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            connection.send(_attempt(*connection.recv()))


def _attempt(work: Callable[[Task], Result], task: Task) -> Result | Failure:
    try:
        return work(task)
    except Exception as error:  # the parent raises it, with the traceback
        return Failure(str(error) or repr(error), traceback.format_exc())


def _die_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the other end is closed
    os._exit(1)  # no clean-up: the task in work is lost, as if this process had been killed
