"""Sweeps on executors and clusters: the same bits as on this machine, whatever dies meanwhile."""

import argparse
import errno
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from threadpoolctl import threadpool_info, threadpool_limits

import qle
from landscape import threads
from qle import Spec, SpecError, StoreError, SweepError
from qle.commands.cluster import add_cluster_options, workforce
from qle.running.cluster import dask_executor
from qle.running.run import POLL_SECONDS
from qle.store.blocks import claim
from tests.dask_processes import children, dask, free_port, nannies, stop, wait_for
from tests.executors import Inline

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

TABLE: dict[str, Any] = {
    "model": "khgps",
    "samples": 40,
    "grid": {"N": 24, "h": 0.01, "J": [0.1, 0.2, 0.3]},
    "measure": {"modes": 4, "chi": True},
}
SPEC = Spec.from_mapping(TABLE)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    store = tmp_path_factory.mktemp("reference")
    return store, qle.sweep(SPEC, store=store, workers=1, progress="none")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Run a scheduler with two workers, each restarted by its nanny; yield its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what dask warns of is not ours
        pytest.importorskip("distributed")
    with dask(port := free_port()), nannies(port):
        yield f"tcp://127.0.0.1:{port}"


@pytest.fixture(autouse=True)
def _one_thread_for_now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `Inline` calls have one thread, but not this process from then on."""
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)
    with threadpool_limits(1):
        yield


def run(store: Path, executor: Executor, spec: Spec = SPEC, **options: Any) -> xr.Dataset:
    return qle.sweep(spec, store=store, executor=executor, progress="none", **options)


def stamps(store: Path) -> dict[Path, tuple[int, int]]:
    """Return inode and time of change of every batch file: a file that was written again has others."""
    return {path: (stat.st_ino, stat.st_mtime_ns) for path in store.rglob("*.npz") for stat in [path.stat()]}


def contents(store: Path) -> dict[Path, bytes]:
    """Return all files of a store, so that what is left over is seen, too."""
    return {
        path.relative_to(store): path.read_bytes()
        for path in store.rglob("*")
        if path.is_file() and path.suffix != ".asked"
    }


# the same bits


@pytest.mark.parametrize("stored_by", ["client", "workers"])
def test_a_cluster_computes_the_same_bits(
    scheduler: str, reference: tuple[Path, xr.Dataset], tmp_path: Path, stored_by: Any
) -> None:
    with dask_executor(scheduler) as executor:
        dataset = run(tmp_path, executor, stored_by=stored_by)
    xr.testing.assert_identical(dataset, reference[1])
    assert contents(tmp_path) == contents(reference[0])


def test_a_pool_of_processes_computes_the_same_bits_in_one_thread_and_is_left_running(
    reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        dataset = run(tmp_path, executor)
        pools = executor.submit(threadpool_info).result()
        assert {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"} == {1}
        assert executor.submit(threads.count).result() == 1
    xr.testing.assert_identical(dataset, reference[1])
    assert contents(tmp_path) == contents(reference[0])


def test_a_finished_sweep_sends_nothing_out(reference: tuple[Path, xr.Dataset]) -> None:
    executor = Inline()
    xr.testing.assert_identical(run(reference[0], executor), reference[1])
    assert executor.calls == 0


def test_runs_leave_each_other_what_they_have_taken(
    reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    first, second, _ = ({**SPEC.series, "parameters": values} for values in SPEC.points())
    taken = ExitStack()

    def wrap(call: Any, *arguments: Any) -> Any:
        if executor.calls == 1:  # the second point: meanwhile another run has done the third
            grid = {**TABLE["grid"], "J": 0.3}
            run(tmp_path, Inline(), Spec.from_mapping({**TABLE, "grid": grid}))
            with claim(tmp_path, second, 0) as free:
                assert not free
            taken.close()
        return call(*arguments)

    executor = Inline(wrap)
    assert taken.enter_context(claim(tmp_path, first, 0))
    xr.testing.assert_identical(run(tmp_path, executor, workers=1), reference[1])
    assert executor.calls == 2
    assert contents(tmp_path) == contents(reference[0])


# what goes wrong


def test_what_is_called_back_is_sent_again(reference: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    called: list[int] = []

    def wrap(call: Any, *arguments: Any) -> Any:
        called.append(1)
        if len(called) <= 5:  # more often than a task may lose its worker
            raise CancelledError
        return call(*arguments)

    began = time.monotonic()
    xr.testing.assert_identical(run(tmp_path, Inline(wrap), workers=1), reference[1])
    assert time.monotonic() - began >= POLL_SECONDS  # it does not spin
    assert contents(tmp_path) == contents(reference[0])


def test_a_task_that_keeps_losing_workers_is_given_up(tmp_path: Path) -> None:
    def wrap(*_: Any) -> None:
        raise ConnectionError("the worker is gone")

    executor = Inline(wrap)
    with pytest.raises(SweepError, match=r"3 workers died on samples 0 to 39 at N = 24, J = 0.1.*is gone"):
        run(tmp_path, executor, workers=1)
    assert executor.calls == 3
    assert contents(tmp_path) == {}


def test_a_broken_pool_is_one_error_and_another_pool_resumes(
    reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        executor.submit(abs, 1).result()
        (victim,) = executor._processes
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(
            SweepError, match=r"takes no more tasks: BrokenProcessPool.*the same call resumes"
        ):
            run(tmp_path, executor)
    assert contents(tmp_path) == {}
    xr.testing.assert_identical(run(tmp_path, Inline()), reference[1])


def test_numerics_that_fail_elsewhere_name_the_sample(tmp_path: Path) -> None:
    def wrap(call: Any, number: int, work: Any, point: Any, ranges: Any) -> Any:
        return call(number, work, {**point, "protocol": {**point["protocol"], "tol": "small"}}, ranges)

    with pytest.raises(SweepError, match="must be a real number") as caught:
        run(tmp_path, Inline(wrap))
    assert "Traceback" in caught.value.__notes__[0]


def test_a_worker_that_does_not_see_the_store_says_so(tmp_path: Path) -> None:
    def wrap(call: Any, number: int, work: Any, task: Any, mark: Path) -> Any:
        return call(number, work, task, mark.with_name("of another store"))

    with pytest.raises(SweepError, match=rf"{tmp_path}: the worker on .* does not see this store"):
        run(tmp_path, Inline(wrap), stored_by="workers")
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("stored_by", ["client", "workers"])
def test_a_store_that_fails_while_it_runs_is_one_error_and_loses_nothing(
    reference: tuple[Path, xr.Dataset],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    stored_by: Any,
) -> None:
    replace = os.replace
    done: list[Any] = []

    def fails(source: Any, target: Any) -> None:
        if Path(target).suffix == ".npz":
            if len(done) == 2:
                raise OSError(code, os.strerror(code))
            done.append(target)
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fails)
        message = rf"0-40\.npz: cannot be written: {os.strerror(code)}"
        with pytest.raises((StoreError, SweepError), match=message):
            run(tmp_path, Inline(), stored_by=stored_by)
    kept = contents(tmp_path)
    assert len(kept) == 2
    assert kept.items() <= contents(reference[0]).items()
    xr.testing.assert_identical(run(tmp_path, executor := Inline(), stored_by=stored_by), reference[1])
    assert executor.calls == 1
    assert contents(tmp_path) == contents(reference[0])


def test_a_read_only_store_can_be_read_and_says_why_it_cannot_be_written(
    reference: tuple[Path, xr.Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for place, name in ((Path, "mkdir"), (Path, "unlink"), (os, "replace"), (os, "unlink")):
        monkeypatch.setattr(place, name, refuse)
    xr.testing.assert_identical(run(reference[0], Inline()), reference[1])
    with pytest.raises(StoreError, match="locks: cannot be written: Read-only file system"):
        run(tmp_path / "new", Inline())


def test_a_disk_that_is_full_for_the_system_loses_nothing(
    reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    """The system cuts every file at 8192 bytes, less than a batch: half of it is written when it fails."""
    spec = f"import qle; qle.sweep({TABLE}, store={str(tmp_path)!r}, workers=1, progress='none')"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))

    ended = subprocess.run([sys.executable, "-c", spec], capture_output=True, text=True, preexec_fn=limit)
    assert ended.returncode == 1
    assert re.search(r"SweepError: .*0-40\.npz: cannot be written: File too large", ended.stderr)
    assert contents(tmp_path) == {}
    xr.testing.assert_identical(run(tmp_path, Inline()), reference[1])


# the cluster


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://127.0.0.1", "http://127.0.0.1:1", "tcp://a:b"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    with (
        pytest.raises(SpecError, match=f"cluster = '{address}': must be tcp://host:port"),
        dask_executor(address),
    ):
        pass


def test_other_machines_need_encryption_or_leave() -> None:
    with pytest.raises(SpecError, match="is not encrypted"), dask_executor("tcp://192.0.2.1:8786"):
        pass  # 192.0.2.0/24 is for documentation (RFC 5737)


def test_a_scheduler_that_is_not_there_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")  # before its settings are touched, as it brings the defaults
    dask = pytest.importorskip("dask")
    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(SweepError, match=f"{address}: no connection to a scheduler"),
        dask_executor(address),
    ):
        pass


def test_a_cluster_without_certificates_is_one_error_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask by itself tries for a minute to reach what it has no means to talk to."""
    pytest.importorskip("distributed")
    config = pytest.importorskip("dask").config
    names = {"distributed.comm.tls.ca-file": None, "distributed.comm.tls.client.cert": None}
    start = time.monotonic()
    for settings in (names, dict.fromkeys(names, "absent.pem")):
        with (
            config.set(settings),
            pytest.raises(SweepError, match="no connection to a scheduler: tls:// needs certificates"),
            dask_executor("tls://127.0.0.1:8786"),
        ):
            pass
    assert time.monotonic() - start < 10.0


def test_the_options_of_the_command_reach_the_cluster(
    scheduler: str, reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    parser = argparse.ArgumentParser()
    add_cluster_options(parser)
    options = parser.parse_args(["--cluster", scheduler, "--stored-by", "workers"])
    with workforce(options) as remote:
        dataset = qle.sweep(SPEC, store=tmp_path, progress="none", **remote)
    xr.testing.assert_identical(dataset, reference[1])
    with workforce(parser.parse_args([])) as local:
        assert local == {}
    with pytest.raises(SpecError, match="need --cluster"), workforce(parser.parse_args(["--insecure"])):
        pass


@pytest.mark.verify
@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates with openssl")
def test_certificates_are_those_of_the_configuration(
    reference: tuple[Path, xr.Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")  # before its settings are touched, as it brings the defaults
    config = pytest.importorskip("dask").config
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "1",
    ]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    settings = {"distributed.comm.tls.ca-file": str(certificate)}
    for side in ("scheduler", "worker", "client"):
        settings[f"distributed.comm.tls.{side}.key"] = str(key)
        settings[f"distributed.comm.tls.{side}.cert"] = str(certificate)
    for name, value in settings.items():
        monkeypatch.setenv(f"DASK_{name.upper().replace('.', '__').replace('-', '_')}", value)
    port = free_port()
    with dask(port, "tls"), nannies(port, "tls"):
        with config.set(settings), dask_executor(f"tls://127.0.0.1:{port}") as executor:
            dataset = run(tmp_path / "store", executor)
        xr.testing.assert_identical(dataset, reference[1])
        quick = {"distributed.comm.timeouts.connect": "2s"}
        with config.set(quick), pytest.raises(SweepError, match="no connection"):  # without a certificate
            dask_executor(f"tls://127.0.0.1:{port}").__enter__()


@pytest.mark.verify
def test_twenty_kills_and_a_new_scheduler_lose_and_double_nothing(tmp_path: Path) -> None:
    table = {
        **TABLE,
        "samples": 40,
        "grid": {"N": 200, "h": 0.01, "J": {"from": 0.05, "to": 0.4, "points": 80}},
    }
    spec, chance, store = Spec.from_mapping(table), random.Random(9), tmp_path / "killed"
    code = (
        "import qle\nfrom qle.running.cluster import dask_executor\n"
        f"with dask_executor('tcp://127.0.0.1:{(port := free_port())}') as executor:\n"
        f"    qle.sweep({table}, store={str(store)!r}, executor=executor, progress='none')\n"
    )
    written: dict[Path, tuple[int, int]] = {}
    with ExitStack() as cluster:
        scheduler, nanny = cluster.enter_context(dask(port)), cluster.enter_context(nannies(port))
        client = subprocess.Popen([sys.executable, "-c", code])
        for kill in range(20):
            goal = len(stamps(store)) + chance.randint(1, 3)
            wait_for(lambda: len(stamps(store)) >= goal and children(nanny.pid) != [], client)  # noqa: B023
            os.kill(chance.choice(children(nanny.pid)), signal.SIGKILL)
            if kill == 10:  # Dask's workers do not outlive their scheduler: both are started anew
                stop(scheduler)
                stop(nanny)
                cluster.enter_context(dask(port))
                nanny = cluster.enter_context(nannies(port))
            assert written.items() <= stamps(store).items()  # no finished batch was touched
            written = stamps(store)
        assert client.wait(600) == 0
    assert written.items() <= stamps(store).items()
    undisturbed = qle.sweep(spec, store=tmp_path / "undisturbed", progress="none")
    xr.testing.assert_identical(qle.open(store), undisturbed)
    assert contents(store) == contents(tmp_path / "undisturbed")
