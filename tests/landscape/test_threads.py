"""Threads: results in order, errors raised, no deadlock, BLAS limited and restored."""

import os
import subprocess
import sys
import threading
from functools import partial

import pytest
from threadpoolctl import threadpool_info

import quartic
from landscape import threads


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a pool and a number of threads of its own."""
    monkeypatch.setattr(threads, "_state", threads._State())


def blas_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_results_come_in_the_order_of_the_tasks(n: int) -> None:
    quartic.set_threads(n)
    assert threads.count() == n
    assert threads.run([partial(pow, k, 2) for k in range(50)]) == [k**2 for k in range(50)]
    assert threads.run([]) == []


def test_one_thread_is_the_calling_one() -> None:
    quartic.set_threads(1)
    assert threads.run([threading.get_ident] * 3) == [threading.get_ident()] * 3


@pytest.mark.parametrize("n", [2, 3])
def test_tasks_run_at_the_same_time(n: int) -> None:
    """They meet at a barrier, which a single thread could not pass; again, on the same pool."""
    quartic.set_threads(n)
    for _ in range(20):
        barrier = threading.Barrier(n, timeout=60.0)
        assert sorted(threads.run([barrier.wait] * n)) == list(range(n))


@pytest.mark.parametrize("n", [1, 3])
def test_the_first_failed_task_is_raised(n: int) -> None:
    quartic.set_threads(n)

    def task(k: int) -> int:
        if k in (3, 5):
            raise ValueError(f"task {k}")
        return k

    for _ in range(10):
        with pytest.raises(ValueError, match="task 3"):
            threads.run([partial(task, k) for k in range(8)])
    assert threads.run([partial(task, k) for k in range(3)]) == [0, 1, 2]


def test_tasks_may_run_tasks() -> None:
    """More levels than threads: whoever waits works, so that nothing waits for a thread that never comes."""
    quartic.set_threads(2)

    def tree(depth: int) -> int:
        return 1 if depth == 0 else sum(threads.run([partial(tree, depth - 1)] * 3))

    assert tree(4) == 3**4


def test_tasks_of_a_task_stay_on_its_thread_while_all_are_busy() -> None:
    """They would only be handed from thread to thread."""
    quartic.set_threads(2)
    barrier = threading.Barrier(2, timeout=60.0)

    def task() -> bool:
        barrier.wait()
        inner = threads.run([threading.get_ident] * 3)
        barrier.wait()
        return set(inner) == {threading.get_ident()}

    assert threads.run([task, task]) == [True, True]


def test_the_number_of_threads_is_checked() -> None:
    for n in (0, 1.5, True):
        with pytest.raises(ValueError, match=f"n = {n}: must be an integer of at least 1"):
            quartic.set_threads(n)  # type: ignore[arg-type]
    assert threads.count() >= 1


def test_blas_has_one_thread_within_and_what_it_had_after() -> None:
    """Also in tasks, which may enter again."""
    before = blas_threads()
    assert before
    quartic.set_threads(2)
    barrier = threading.Barrier(2, timeout=60.0)

    def task() -> list[int]:
        barrier.wait()
        with threads.single_blas():
            return blas_threads()

    for _ in range(2):
        with threads.single_blas():
            assert threads.run([task] * 2) == [[1] * len(before)] * 2
            assert blas_threads() == [1] * len(before)
        assert blas_threads() == before
    with pytest.raises(ZeroDivisionError), threads.single_blas():
        1 / 0  # noqa: B018
    assert blas_threads() == before


FORK = """
import os
from landscape import threads
threads.set_threads(2)
threads.run([os.getpid] * 4)
child = os.fork()
if child == 0:
    os._exit(0 if threads.run([os.getpid] * 4) == [os.getpid()] * 4 else 1)
assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_has_threads_of_its_own() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], check=True, timeout=120)
