"""The page of the benchmarks is that of the saved numbers; each section says where, and for how long."""

import json
from pathlib import Path

import pytest

from benchmarks.report import page
from benchmarks.timing import best

ROOT = Path(__file__).parents[2]
SETTING = {"cores": 2, "processor": "x86_64", "kernel": "Zen", "python": "3", "numpy": "2", "numba": "1"}
ROWS = [{"N": 500, "ms": 0.12345, "note": None}, {"N": 1000, "ratio": float("nan")}]


def test_the_page_is_that_of_the_results() -> None:
    results = json.loads((ROOT / "benchmarks/results.json").read_text(encoding="utf-8"))
    assert page(results) == (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")


def test_a_section_says_where_and_how_long() -> None:
    section = {"title": "One product", "setting": SETTING, "minutes": 1.26, "rows": ROWS}
    lines = page({"sections": {"product": section}}).splitlines()
    where = "2 cores (x86_64, OpenBLAS kernels of Zen); Python 3, numpy 2 and numba 1"
    assert f"{where}; 1.3 minutes in all." in lines
    assert lines[-3:] == ["| --- | --- | --- | --- |", "| 500 | 0.123 |  |  |", "| 1000 |  |  |  |"]


@pytest.mark.parametrize(("steps", "calls"), [([9, 1, 3, 2], 4), ([9, 4, 3, 2], 3), ([1, 7, 3, 2], 2)])
def test_a_call_is_repeated_while_it_is_short(
    steps: list[float], calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first, which compiles, does not count."""
    clock, left = [0.0], iter(steps)
    monkeypatch.setattr("benchmarks.timing.time.perf_counter", lambda: clock[-1])
    seconds, first = best(lambda: clock.append(clock[-1] + next(left)), 3)
    assert (len(clock) - 1, first) == (calls, None)
    assert seconds == min(steps[1:calls])
