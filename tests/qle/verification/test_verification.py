"""Verification: comparisons, the rate of false alarms, verdicts, and the `qle` commands on claims."""

import io
import json
import math
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import theory
from qle.cli import main
from qle.experiments.catalogue import EXPERIMENTS
from qle.verification import Comparison, report
from qle.verification.comparison import computed, law, sampled
from qle.verification.experiment import Experiment
from qle.verification.run import VerificationError, verify
from qle.verification.tasks import Outcome, Task, perform, tasks_of
from qle.verification.verdicts import judge, rejections

CLAIMS = {claim.id: claim for claim in theory.claims()}


def outcomes(claim: str, *comparisons: Comparison, error: str | None = None) -> list[Outcome]:
    """Return what the tasks of a claim would give if its first experiment gave these comparisons."""
    first = next((e.name for e in EXPERIMENTS if claim in e.claims), None)
    done = []
    for task in tasks_of([CLAIMS[claim]], EXPERIMENTS, quick=True):
        mine = task.name == first
        done.append(Outcome(task, comparisons if mine else (), error if mine else None, 0.0))
    return done


def statistical(p_value: float) -> Comparison:
    """Return a comparison of claim S14 with a given p-value."""
    return sampled("S14", "x", 0.0, stats.norm.isf(0.5 * p_value), 1.0, "made up")


def test_a_comparison_knows_its_pull_and_p_value() -> None:
    """1.96 and 2.262: tabulated two-sided 5 percent points of the normal law and of Student's with 9."""
    one = sampled("S14", "x", 1.0, 1.0 - 1.96 * 0.25, 0.25, "made up")
    assert one.pull == pytest.approx(-1.96)
    assert one.p_value == pytest.approx(0.05, abs=1e-4)
    assert sampled("S14", "x", 0.0, 2.262, 1.0, "made up", freedom=9).p_value == pytest.approx(0.05, abs=1e-4)


def test_a_tolerance_includes_its_end_and_no_nan() -> None:
    assert computed("S14", "x", 1.0, 1.5, 0.5, "made up").within_tolerance
    assert not computed("S14", "x", 1.0, 1.5001, 0.5, "made up").within_tolerance
    assert computed("S14", "x", 1.0, 1.0, 0.0, "made up").within_tolerance
    assert not computed("S14", "x", 1.0, 1.1, 0.0, "made up").within_tolerance
    assert not computed("S14", "x", 1.0, math.nan, 0.5, "made up").within_tolerance


@pytest.mark.parametrize(("measured", "error"), [(math.nan, 1.0), (1.0, 0.0), (1.0, math.inf)])
def test_a_statistical_comparison_needs_numbers(measured: float, error: float) -> None:
    with pytest.raises(ValueError, match="must be finite"):
        sampled("S14", "x", 1.0, measured, error, "made up")


def test_a_law_is_accepted_if_true_and_rejected_if_not() -> None:
    """1000 uniform numbers, seed 1: as such, and as squares; false alarms 1 percent for another seed."""
    values = np.random.Generator(np.random.PCG64(1)).random(1000)
    assert abs(law("S14", "x", values, lambda u: u, "made up").pull) < stats.norm.isf(0.005)
    assert law("S14", "x", values**2, lambda u: u, "made up").pull > 8.0


def test_holm_rejects_step_by_step() -> None:
    """At 3 percent three p-values meet 1, 1.5 and 3 percent in turn, up to the first that is too large."""
    assert rejections([statistical(p) for p in (0.025, 0.001, 0.012)], 0.03) == [True, True, True]
    assert rejections([statistical(p) for p in (0.025, 0.001, 0.016)], 0.03) == [False, True, False]
    assert rejections([statistical(p) for p in (0.011, 0.02, 0.02)], 0.03) == [False, False, False]


def test_tolerances_do_not_enter_the_family() -> None:
    wrong = computed("S14", "x", 1.0, 2.0, 0.1, "made up")
    assert rejections([wrong, statistical(0.02), wrong], 0.03) == [True, True, True]


def test_false_alarms_are_as_rare_as_stated() -> None:
    """2000 families of 15 correlated true claims at 10 percent: the share with an alarm is not above it.

    Seed 2, 3 sigma of the binomial law: false alarms of this test 0.1 percent for another seed.
    """
    rng = np.random.Generator(np.random.PCG64(2))
    pulls = math.sqrt(0.7) * rng.standard_normal((2000, 15)) + math.sqrt(0.3) * rng.standard_normal((2000, 1))
    p_values = 2.0 * stats.norm.sf(np.abs(pulls))
    blank = statistical(0.5)
    alarms = sum(any(rejections([replace(blank, p_value=p) for p in family], 0.1)) for family in p_values)
    assert alarms / 2000 <= 0.1 + 3.0 * math.sqrt(0.09 / 2000)
    assert alarms / 2000 > 0.05  # and Holm's bound is not idle


UNTESTED = "S7"
OTHERS = tuple(one for one in EXPERIMENTS if UNTESTED not in one.claims)
"""As if nobody had tested that claim: each has an experiment."""


def verdict(claim: str, *comparisons: Comparison, error: str | None = None) -> tuple[str, bool]:
    """Return the verdict on a claim and whether it makes the command fail."""
    judged = judge([CLAIMS[claim]], outcomes(claim, *comparisons, error=error), OTHERS, quick=True)
    return judged.rows[0].verdict, judged.alarming


def test_a_claim_without_experiment_is_not_tested() -> None:
    assert verdict(UNTESTED) == ("not tested", False)


def test_a_claim_holds_or_fails_by_its_comparisons() -> None:
    good, bad = computed("S14", "x", 1.0, 1.0, 0.1, ""), computed("S14", "x", 1.0, 2.0, 0.1, "")
    assert verdict("S14", good) == ("holds", False)
    assert verdict("S14", good, bad) == ("fails", True)


def test_a_claim_that_cannot_reject_its_alternatives_is_not_tested_sharply() -> None:
    """9 sigma tell 1 from 0, 3 sigma do not; one comparison that does is enough; failing stays failing."""
    vague, sharp, off = (
        sampled("S14", name, 1.0, measured, error, "", alternatives={"none": 0.0})
        for name, measured, error in (("x", 1.0, 1.0 / 3.0), ("y", 1.0, 1.0 / 9.0), ("z", 3.0, 1.0 / 3.0))
    )
    assert verdict("S14", vague) == ("not tested sharply", False)
    assert verdict("S14", vague, sharp) == ("holds", False)
    assert verdict("S14", off) == ("fails", True)
    judged = judge([CLAIMS["S14"]], outcomes("S14", vague), EXPERIMENTS, quick=True)
    assert "1 are not tested sharply" in report.legend(judged)
    text = (
        "S14: none would be rejected with a probability of 0.66 only"  # at 1 percent: 3 - 2.576 = 0.424 sigma
    )
    assert text in report.to_text(judged)
    assert "| S14 | none | 1 | 0 | 0.664 | x |" in report.to_markdown(judged)
    assert json.loads(report.to_json(judged))["rows"][0]["alternatives"][0]["value"] == 0.0


def test_only_derived_claims_and_errors_make_the_command_fail() -> None:
    off = computed("glassy-omega4", "x", 4.0, 3.0, 0.1, "")
    assert CLAIMS["glassy-omega4"].kind == "empirical"
    assert verdict("glassy-omega4", off) == ("fails", False)
    assert verdict("glassy-omega4", error="ValueError: broken") == ("fails", True)


@pytest.mark.parametrize("made", [("S14",), ("S14", "S7")])
def test_what_takes_many_samples_is_asked_at_full_size_alone(made: tuple[str, ...]) -> None:
    """One that a run has not asked for is as much an error as one that is lacking."""
    found = [computed(claim, "x", 1.0, 1.0, 0.1, "") for claim in made]
    experiment = Experiment(claims=("S14",), full=("S7",), run=lambda quick: found)
    for quick, asked in ((True, ("S14",)), (False, ("S14", "S7"))):
        task = Task("experiment", experiment.name, quick)
        assert task in tasks_of([CLAIMS["S14"]], [experiment], quick=quick)
        assert (perform(task, [experiment]).error is None) == (made == asked)
        rare = [
            one for one in tasks_of([CLAIMS["S7"]], [experiment], quick=quick) if one.kind == "experiment"
        ]
        assert len(rare) == (not quick)


@pytest.mark.parametrize("kind", ["derivation", "property"])
def test_a_claim_fails_with_its_derivation_or_property(kind: str) -> None:
    done = [
        Outcome(o.task, o.comparisons, "Error: wrong" if o.task.kind == kind else None, 0.0)
        for o in outcomes("S14", computed("S14", "x", 1.0, 1.0, 0.1, ""))
    ]
    judged = judge([CLAIMS["S14"]], done, EXPERIMENTS, quick=True)
    assert judged.rows[0].verdict == "fails"
    assert judged.alarming
    assert "Error: wrong" in report.to_markdown(judged)


def test_the_shown_comparison_is_the_one_nearest_to_rejection() -> None:
    mild, worst = computed("S14", "x", 1.0, 1.09, 0.1, ""), computed("S14", "y", 1.0, 1.2, 0.1, "")
    row = judge([CLAIMS["S14"]], outcomes("S14", worst, mild), EXPERIMENTS, quick=True).rows[0]
    assert row.decisive is worst
    assert row.rejected == (True, False)


def test_experiments_have_names_and_known_claims() -> None:
    names = [e.name for e in EXPERIMENTS]
    assert len(set(names)) == len(names)
    assert {claim for e in EXPERIMENTS for claim in e.asked(quick=False)} <= set(CLAIMS)
    assert all(e.run.__doc__ for e in EXPERIMENTS)


def test_a_task_reports_what_it_raises() -> None:
    assert perform(Task("derivation", "barriers", True)).error is None
    assert "no-such" in str(perform(Task("derivation", "no-such", True)).error)
    assert "KeyError" in str(perform(Task("property", "no_such", True)).error)


def test_a_property_is_run_on_the_same_examples_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    from theory import properties

    seen: list[list[float]] = []

    @given(st.floats(0.0, 1.0))
    def notes(value: float) -> None:
        seen[-1].append(value)

    monkeypatch.setitem(properties.PROPERTIES, "notes", notes)
    for _ in range(2):
        seen.append([])
        assert perform(Task("property", "notes", True)).error is None
    assert seen[0] == seen[1]
    assert len(seen[0]) > 1


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Verify four claims by two processes; return the files without suffix, and both streams."""
    prefix = tmp_path_factory.mktemp("verification") / "out"
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr("qle.experiments.catalogue.EXPERIMENTS", OTHERS)
        ids = [UNTESTED, "S14", "S5", "S22-equipartition"]
        assert main(["verify", *ids, "--quick", "--workers", "2", "-o", str(prefix)]) == 0
    return prefix, out.getvalue(), err.getvalue()


def test_rows_come_in_the_order_of_the_claims(small: tuple[Path, str, str]) -> None:
    rows = json.loads(small[0].with_suffix(".json").read_text())["rows"]
    assert [row["claim"]["id"] for row in rows] == ["S14", "S5", UNTESTED, "S22-equipartition"]
    assert [row["verdict"] for row in rows] == ["holds", "holds", "not tested", "holds"]
    assert [row["derivation"] for row in rows] == ["proved", "proved", "none", "proved"]
    assert {c["claim"] for row in rows for c in row["comparisons"]} == {"S14", "S5", "S22-equipartition"}


def test_a_plain_script_may_call_it(tmp_path: Path) -> None:
    """Without a guard of __main__; its own experiments are refused, which no other process can import."""
    (tmp_path / "plain.py").write_text(
        "from qle.verification import verify\nfrom qle.verification.experiment import Experiment\n"
        "def mine(quick): return []\n"
        "print(verify(['S14'], experiments=[], workers=1, progress='none').rows[0].derivation)\n"
        "verify(experiments=[Experiment(claims=('S14',), run=mine)], progress='none')\n"
    )
    ended = subprocess.run([sys.executable, tmp_path / "plain.py"], capture_output=True, text=True)
    assert ended.stdout == "proved\n"
    assert "SpecError: experiment = mine: must be in a module, a file of its own that is" in ended.stderr


def test_a_worker_that_dies_ends_it_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    died = "derivation barriers: its worker died with exit code 1"
    with pytest.raises(VerificationError, match=f"^{died}$"):
        verify(["S14"], experiments=[], workers=1, progress="none")
    monkeypatch.setattr("qle.experiments.catalogue.EXPERIMENTS", ())
    assert main(["verify", "S14", "--workers", "1", "-o", str(tmp_path / "out")]) == 1
    end = f"0 of 2 tasks are in {tmp_path / 'out.unfinished'}; the same command resumes"
    assert capsys.readouterr().err.splitlines()[-1] == f"qle: error: {died}: {end}"


def test_claims_without_tasks_are_no_mistake() -> None:
    judged = verify([UNTESTED], experiments=OTHERS, progress="none")
    assert [row.verdict for row in judged.rows] == ["not tested"]
    assert judged.tests == 0


def test_screen_and_files_say_the_same(small: tuple[Path, str, str]) -> None:
    prefix, out, err = small
    rows = json.loads(prefix.with_suffix(".json").read_text())["rows"]
    markdown = prefix.with_suffix(".md").read_text()
    for row, line in zip(rows, out.splitlines()[1:], strict=False):
        head = row["claim"]["id"], row["claim"]["kind"]
        assert tuple(line.split()[:2]) == head
        assert line.endswith(row["verdict"])
        assert f"| {head[0]} | {head[1]} |" in markdown
    assert "experiment wells.cubic_barriers" in err
    assert str(prefix.with_suffix(".md")) in out


def test_the_time_of_every_task_is_told(small: tuple[Path, str, str]) -> None:
    """Each task of the four claims once, the longest first."""
    tasks = json.loads(small[0].with_suffix(".json").read_text())["tasks"]
    ids = [UNTESTED, "S14", "S5", "S22-equipartition"]
    expected = tasks_of([CLAIMS[name] for name in ids], OTHERS, quick=True)
    assert {(one["kind"], one["name"]) for one in tasks} == {(task.kind, task.name) for task in expected}
    seconds = [one["seconds"] for one in tasks]
    assert seconds == sorted(seconds, reverse=True)
    assert len(tasks) == len(expected)
    markdown = small[0].with_suffix(".md").read_text()
    assert all(f"| {task.name} | " in markdown for task in expected if task.kind == "experiment")


def test_the_command_fails_with_a_derived_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = computed("S14", "x", 1.0, 2.0, 0.1, "")
    bad = judge([CLAIMS["S14"]], outcomes("S14", wrong), EXPERIMENTS, quick=True)
    monkeypatch.setattr("qle.verification.run.verify", lambda *_, **__: bad)
    assert main(["verify", "S14", "--workers", "1", "-o", str(tmp_path / "out")]) == 1


def test_list_says_what_would_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qle.experiments.catalogue.EXPERIMENTS", OTHERS)
    assert main(["verify", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CLAIMS)
    assert any(line.startswith("S14") and "wells.cubic_barriers" in line for line in lines)
    assert any(line.startswith(UNTESTED) and line.endswith("not tested") for line in lines)


def test_claims_are_listed_and_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(CLAIMS)
    assert main(["claims", "S14"]) == 0
    assert CLAIMS["S14"].domain in capsys.readouterr().out


def test_a_derivation_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "S14"]) == 0
    assert "cubic_barrier = " in capsys.readouterr().out
    assert main(["derive", "S14", "--latex"]) == 0
    assert "\\begin{enumerate}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (["verify", "S99"], "claim = 'S99': is none of those that `qle claims` lists"),
        (["claims", "s14"], "lists, did you mean 'S14'?"),
        (["derive", "S7"], "has no derivation"),
        (["verify", "S14", "--workers", "0"], "must be an integer of at least 1"),
    ],
)
def test_one_line_for_a_mistake(arguments: list[str], rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert rule in err


def test_the_table_in_docs_has_every_claim() -> None:
    """Else `qle verify -o docs/claims` is due."""
    text = (Path(__file__).parents[3] / "docs" / "claims.md").read_text()
    assert [name for name in CLAIMS if f"| {name} | {CLAIMS[name].kind} |" not in text] == []


@pytest.mark.verify
def test_all_claims_quickly() -> None:
    """Every derived claim holds; false alarms 1 percent for other seeds, the seeds are fixed."""
    judged = verify(experiments=EXPERIMENTS, quick=True, progress="none")
    assert not judged.alarming, report.to_text(judged)
