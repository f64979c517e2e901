"""The workers of a sweep on other machines: any executor with the interface of `concurrent.futures`.

A task goes out as a call of a function of this file, so the other side needs this package and nothing else.
The results are stored by one of two, see `Keeper`. Workers only ever receive calls and return arrays through
the executor; of the store nothing is unpickled anywhere.
"""

import functools
import ipaddress
import os
import secrets
import socket
import traceback
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import scipy.linalg  # noqa: F401  (loads scipy's own BLAS, which the limit below must find)
from threadpoolctl import threadpool_limits

import quartic
from landscape.compilation import SILENT
from qle.description.grid import fault
from qle.description.identity import Arrays, Identity
from qle.description.own_model import home, is_own, look_in
from qle.measurements.sample import measure_range
from qle.running.run import SweepError
from qle.running.tasks import Outcome, Task, complete, prepare
from qle.running.workers import Cancelled, Failure, Lost, Report
from qle.store.batches import write_batch
from qle.store.blocks import Range, claim, hold

Keeper = Literal["client", "workers"]
"""Who stores: the client what the workers return to it, or each worker its own, in a store they share."""

KEEPERS: tuple[Keeper, ...] = ("client", "workers")

IN_FLIGHT = 256
"""Tasks given to an executor at a time: more than most have workers, few enough to hold a lock for each."""


class _Flight(NamedTuple):
    """A task that is out; if the client stores, the lock of its block and what is missing there."""

    task: Task
    lock: ExitStack
    missing: list[Range]
    damage: tuple[str, ...]


class RemoteCrew:
    """Sends the tasks of a sweep to an executor; leaving the `with` block calls back those that are out.

    Each call keeps the engine and the linear algebra of its process at one thread, from then on.

    Parameters
    ----------
    executor : concurrent.futures.Executor, or what has its `submit`
        It is left running.
    store : Path
        The folder of the results.
    stored_by : {"client", "workers"}
    in_flight : int
        How many tasks are out at most.
    """

    def __init__(self, executor: Executor, store: Path, *, stored_by: Keeper, in_flight: int) -> None:
        self._executor, self._store, self._stored_by, self._size = executor, store, stored_by, in_flight
        self._flights: dict[Future[Any], _Flight] = {}
        self._ended: list[tuple[Task, Report]] = []
        self._mark: Path | None = None
        self._locks = ExitStack()
        self._number = 0

    def __enter__(self) -> "RemoteCrew":
        return self

    def __exit__(self, *exception: object) -> None:
        for future, flight in self._flights.items():
            future.cancel()
            flight.lock.close()
        self._flights.clear()
        self._locks.close()

    @property
    def active(self) -> int:
        """Number of tasks in work."""
        return len(self._flights) + len(self._ended)

    @property
    def free(self) -> bool:
        """Whether one more task can be started."""
        return self.active < self._size

    def gather(self, tasks: int) -> None:
        """Do nothing: the executor has its workers already, or finds them itself."""

    def start(self, task: Task) -> None:
        """Send a task out, if it needs work that no other run does.

        Raises
        ------
        StoreError
            The store cannot be read or written.
        SweepError
            The executor takes no more tasks.
        """
        with ExitStack() as lock:
            if self._stored_by == "workers":
                future = self._submit(task.point, _complete, task, self._marked())
                self._flights[future] = _Flight(task, lock.pop_all(), [], ())
                return
            if not lock.enter_context(claim(task.store, task.point, task.block)):
                self._ended.append((task, Outcome(done=False)))
                return
            missing, damage = prepare(task)
            if missing:
                future = self._submit(task.point, _measure, task.point, missing)
                self._flights[future] = _Flight(task, lock.pop_all(), missing, damage)
            else:
                self._ended.append((task, Outcome(done=True, damage=damage)))

    def collect(self, timeout: float) -> list[tuple[Task, Report]]:
        """Wait at most `timeout` seconds for tasks to end; return those that did, their results stored.

        Raises
        ------
        StoreError
            The store cannot be written.
        """
        if not self._ended:
            for future in wait(self._flights, timeout, FIRST_COMPLETED).done:
                flight = self._flights.pop(future)
                with flight.lock:
                    self._ended.append((flight.task, self._hear(future, flight)))
        ended, self._ended = self._ended, []
        return ended

    def _submit(self, point: Identity, call: Any, *arguments: object) -> "Future[Any]":
        self._number += 1  # some executors take equal arguments for one and the same task
        if is_own(point["model"]):
            call, arguments = _with_folder, (home(point["model"]), call, *arguments)
        try:
            return self._executor.submit(_attempt, self._number, call, *arguments)
        except (
            Exception
        ) as error:  # each executor has its own for one that is broken, shut down or out of reach
            raise SweepError(
                f"the executor takes no more tasks: {_text(error)}; the same call resumes"
            ) from error

    def _hear(self, future: "Future[Any]", flight: _Flight) -> Report:
        try:
            result = future.result()
        except CancelledError:
            return Cancelled()
        except (
            Exception
        ) as error:  # the call itself returns what goes wrong in it: the way there or back failed
            return Lost(f"with {_text(error)}")
        if isinstance(result, Outcome | Failure):
            return result
        for (start, stop), arrays in zip(flight.missing, result, strict=True):
            write_batch(self._store, {**flight.task.point, "start": start, "stop": stop}, arrays)
        new = sum(stop - start for start, stop in flight.missing)
        return Outcome(done=True, new=new, damage=flight.damage)

    def _marked(self) -> Path:
        """Return the file that tells a worker that it sees this store, and no other of that name."""
        if self._mark is None:
            self._mark = self._store / "locks" / f"client-{secrets.token_hex(8)}.lock"
            self._locks.enter_context(hold(self._mark))
        return self._mark


def _attempt(number: int, call: Any, *arguments: object) -> Any:
    """Return what the call does, or the failure, also of its kind: runs in the worker."""
    try:
        _limit_threads()
        return call(*arguments)
    except Exception as error:  # the client raises it, with the traceback
        return Failure(str(error) or repr(error), traceback.format_exc())


def _with_folder(folder: str, call: Any, *arguments: object) -> Any:
    """Return what the call does; a model of the user's may be in the folder, if the worker sees that."""
    look_in(folder)
    return call(*arguments)


@functools.cache
def _limit_threads() -> None:
    os.environ[SILENT] = "1"
    quartic.set_threads(1)
    threadpool_limits(1)


def _measure(point: Identity, ranges: list[Range]) -> list[Arrays]:
    return [measure_range(point, start, stop) for start, stop in ranges]


def _complete(task: Task, mark: Path) -> Outcome | Failure:
    if not mark.exists():
        return Failure(
            f"{task.store}: the worker on {socket.gethostname()} does not see this store; "
            "give it a shared folder, or let the client store the results",
            "",
        )
    return complete(task)


@contextmanager
def dask_executor(address: str, *, insecure: bool = False) -> Iterator[Executor]:
    """Connect to the scheduler of a Dask cluster, for as long as the body runs; yield its executor.

    Certificates and keys for tls:// are those of Dask's own configuration (`distributed.comm.tls`).

    Parameters
    ----------
    address : str
        "tcp://host:port" or "tls://host:port".
    insecure : bool
        Allow tcp:// to other machines: who can reach or imitate that scheduler runs what he likes, here too.

    Raises
    ------
    SpecError
        The address is none, or not allowed.
    SweepError
        Dask is not installed, or there is no such scheduler.
    """
    _check(address, insecure)
    try:
        from distributed import Client
    except ImportError as error:
        raise SweepError(f"{address}: a cluster needs dask.distributed: pip install qle[cluster]") from error
    if address.startswith("tls:"):
        _check_certificates(address)
    try:
        client: Any = Client(address, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise SweepError(f"{address}: no connection to a scheduler: {_text(error)}") from error
    with client:
        yield client.get_executor(pure=False)


def _check(address: str, insecure: bool) -> None:
    try:
        parts = urlsplit(address)
        given = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
    except ValueError:
        given = False
    if not given:
        raise fault("cluster", address, "must be tcp://host:port or tls://host:port")
    if parts.scheme == "tcp" and not insecure and not _loopback(parts.hostname):
        raise fault(
            "cluster", address, "is not encrypted and not on this machine: use tls://, or allow it (insecure)"
        )


def _check_certificates(address: str) -> None:
    """Raise SweepError at once, not after all attempts to connect, where Dask has none that it can read."""
    from distributed.security import Security

    try:
        security: Any = Security()  # type: ignore[no-untyped-call]
        given = security.get_connection_args("client")["ssl_context"] is not None
        reason = "Dask's configuration names none"
    except (OSError, ValueError) as error:
        given, reason = False, _text(error)
    if not given:
        raise SweepError(
            f"{address}: no connection to a scheduler: tls:// needs certificates and {reason}: set ca-file, "
            "client.cert and client.key of distributed.comm.tls"
        )


def _loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip(": ")
