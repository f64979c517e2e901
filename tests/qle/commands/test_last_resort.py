"""What nobody foresaw, and what ends a command from outside: one line each, never a traceback."""

import argparse
import os
import subprocess
import sys

import pytest

from qle.cli import main
from qle.commands import claims
from qle.machine import MemoryShortage


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `qle claims` raise an error."""

    def show(options: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(claims, "show", show)


@pytest.mark.parametrize(
    ("error", "line", "code"),
    [
        (KeyError("x"), "error: KeyError: 'x': this should not happen; QLE_TRACEBACK=1", 1),
        (RecursionError("deep"), "error: RecursionError: deep: this should not happen", 1),
        (MemoryError(), "error: the memory does not suffice", 1),
        (MemoryError("8 GiB"), "error: the memory does not suffice: 8 GiB", 1),
        (MemoryShortage("N = 9:\ntoo large"), "error: N = 9: too large", 1),
        (ModuleNotFoundError("No module named 'x'"), "error: No module named 'x'", 1),
        (FileNotFoundError(2, "No such file", "x"), "error: x: No such file", 2),
        (IsADirectoryError(21, "Is a directory", "x"), "error: x: Is a directory", 2),
        (PermissionError(13, "Permission denied", "x"), "error: x: Permission denied", 1),
        (KeyboardInterrupt(), "interrupted", 130),
        (ValueError("9" * 10_000), "error: ValueError: 99999", 1),
    ],
)
def test_every_error_is_one_line(
    error: BaseException,
    line: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fail_with(error, monkeypatch)
    assert main(["claims"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"qle: {line}")
    assert err.count("\n") == 1
    assert len(err) < 2000


def test_the_traceback_can_be_had(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(KeyError("x"), monkeypatch)
    monkeypatch.setenv("QLE_TRACEBACK", "1")
    assert main(["claims"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("qle: error: KeyError: 'x'")


QLE = [sys.executable, "-m", "qle.cli"]


def test_a_reader_that_leaves_or_a_full_disk_is_no_traceback() -> None:
    """What is printed is written at the end of the command: Python itself would complain there, later."""
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*QLE, "claims"], stdout=write, stderr=subprocess.PIPE, text=True, env=buffered)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
    with open("/dev/full", "w") as full:
        done = subprocess.run([*QLE, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, env=buffered)
    assert (done.returncode, done.stderr) == (1, "qle: error: [Errno 28] No space left on device\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["swep"], "did you mean 'sweep'?"),
        (["figure", "vdso", "store"], "did you mean 'vdos'?"),
        (
            ["sweep", "a.toml", "--sampels", "3"],
            "unrecognized arguments: --sampels 3, did you mean '--samples'?",
        ),
        (["lattice", "--sampels=3"], "did you mean '--samples'?"),
        (["figure", "participation", "--bta", "1"], "did you mean '--beta'?"),
        (["figure", "--foldr=x"], "did you mean '--folder'?"),
        (["spm", "--law", "gausian"], "did you mean 'gaussian'?"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest_one(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(hint)


def test_an_endless_number_is_not_repeated_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lattice", "--samples", "9" * 5000])
    assert len(capsys.readouterr().err.splitlines()[-1]) < 2000
