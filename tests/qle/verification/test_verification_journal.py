"""An interrupted verification loses nothing, and takes over nothing that other code made."""

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from qle.cli import main
from qle.experiments.catalogue import EXPERIMENTS
from qle.verification import run
from qle.verification.comparison import computed, sampled
from qle.verification.experiment import Experiment
from qle.verification.journal import Journal, code_digest
from qle.verification.run import verify
from qle.verification.tasks import Outcome, Task, perform, tasks_of
from theory import claims

IDS = ["S14", "S22-equipartition"]
TASK = Task("experiment", "wells.cubic_barriers", True)
COMPARISONS = (
    sampled("S14", "x", 1.0 / 3.0, math.pi, 1e-300, "made up", alternatives={"y": 0.1}),
    computed("S14", "y", math.inf, math.nan, 0.0, "made up"),
)


def test_an_outcome_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    outcome = Outcome(TASK, COMPARISONS, None, 0.1)
    journal.add(outcome)
    (back,) = journal.read([TASK])
    assert repr(back) == repr(outcome)  # nan is not equal to itself, and repr is exact


def test_only_the_same_task_counts_and_only_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    for _ in range(2):
        journal.add(Outcome(TASK, (), None, 0.1))
    assert len(journal.read([TASK])) == 1
    assert journal.read([Task(TASK.kind, TASK.name, False)]) == []


def test_an_error_is_tried_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.add(Outcome(TASK, (), "ValueError: broken", 0.1))
    assert journal.read([TASK]) == []


def test_what_other_code_made_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("qle.verification.journal.code_digest", lambda: "0" * 64)
        Journal(tmp_path / "j").add(Outcome(TASK, (), None, 0.1))
    assert Journal(tmp_path / "j").read([TASK]) == []


def test_the_digest_sees_every_byte_and_name_of_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "odd"
    package.mkdir()
    (package / "__init__.py").write_text("a = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("qle.verification.journal.PACKAGES", ("odd",))
    seen = {code_digest()}
    for name, text in (("__init__.py", "a = 2\n"), ("deep/b.py", ""), ("c.py", "")):
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_text(text)
        seen.add(code_digest())
    assert len(seen) == 4
    (package / "c.txt").write_text("no code")
    assert code_digest() in seen


OF_OURS = '{"code": "CODE", '


@pytest.mark.parametrize(
    "torn",
    [
        *('{"code": "', "[1]", "\xff\xfe", "null", 10**5 * "[", 5000 * "9"),
        *(OF_OURS + '"x": 1}', OF_OURS + '"comparisons": [], "task": {}, "seconds": 1}'),
        OF_OURS + '"comparisons": [1], "task": {"kind": "a", "name": "b", "quick": true}, "seconds": 1}',
        OF_OURS + '"comparisons": [], "task": {"kind": [], "name": "b", "quick": true}, "seconds": 1}',
        OF_OURS + '"comparisons": [], "task": {"kind": "a", "name": "b", "quick": true}, "seconds": []}',
    ],
)
def test_a_torn_line_costs_itself_alone(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "j"
    Journal(path).add(Outcome(TASK, COMPARISONS, None, 0.1))
    with path.open("ab") as file:
        file.write(torn.replace("CODE", code_digest()).encode("latin-1"))
    other = Task("derivation", "barriers", True)
    Journal(path).add(Outcome(other, (), None, 0.2))
    assert {outcome.task for outcome in Journal(path).read([TASK, other])} == {TASK, other}


def test_a_journal_that_is_no_file_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Opening a pipe would wait for ever."""
    os.mkfifo(tmp_path / "out.unfinished")
    assert main(["verify", "S14", "--quick", "-o", str(tmp_path / "out")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"qle: error: {tmp_path / 'out.unfinished'}: is no file, move it away"


def test_an_interrupted_verification_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted after each second task, until it is done: no task twice, and the report of one run."""
    asked: list[Task] = []

    def two(tasks: Sequence[Task], experiments: Sequence[Experiment], workers: int) -> Iterator[Outcome]:
        for k, task in enumerate(tasks):
            if k == 2:
                raise KeyboardInterrupt
            asked.append(task)
            yield perform(task, experiments)

    monkeypatch.setattr(run, "_performed", two)
    verified = partial(verify, IDS, experiments=EXPERIMENTS, quick=True, workers=1, progress="none")
    tasks = tasks_of([claim for claim in claims() if claim.id in IDS], EXPERIMENTS, quick=True)
    for count in range(2, len(tasks), 2):
        with pytest.raises(KeyboardInterrupt, match=f"{count} of {len(tasks)} tasks are in .*j; the same"):
            verified(journal=Journal(tmp_path / "j"))
    resumed = verified(journal=Journal(tmp_path / "j"))
    assert asked == tasks
    asked.clear()
    monkeypatch.setattr(
        run, "_performed", lambda tasks, found, workers: (perform(task, found) for task in tasks)
    )
    assert resumed.rows == verified().rows
    assert [o.task.name for o in resumed.outcomes if o.task.kind == "experiment"]


def test_the_command_resumes_a_killed_one_and_cleans_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "qle.cli", "verify", *IDS, "--quick", "--workers", "1"]
    prefix, left = tmp_path / "out", tmp_path / "out.unfinished"
    with subprocess.Popen([*command, "-o", str(prefix)], stderr=subprocess.DEVNULL) as running:
        while not left.exists() and running.poll() is None:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
    if running.returncode == 0:
        pytest.skip("it had ended before the signal came")
    assert running.returncode == 130
    done = len(Journal(left).read(tasks_of(claims(), EXPERIMENTS, quick=True)))
    assert done >= 1
    assert main([*command[3:], "-o", str(prefix)]) == 0
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith(f"{done + 1}/")
    assert not left.exists()
    assert prefix.with_suffix(".json").exists()


def test_a_missing_folder_is_noticed_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "S14", "-o", str(tmp_path / "nowhere" / "out")]) == 2
    assert "there is no folder" in capsys.readouterr().err
