"""What holds for every input: an answer or one line that names something, within ten seconds, without nan."""

import dataclasses
import io
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from qle.cli import main
from tests.packages import PACKAGES

ROOT = Path(__file__).parents[2]
SECONDS = 10.0  # of work; a machine with other work to do may take longer
LONG = 60.0  # of waiting
LONGEST = 2000


class Broken(Exception):
    """An input for which a rule does not hold."""


class Hang(BaseException):
    """The time is over; nobody catches it by mistake."""


@contextmanager
def within_limit() -> Iterator[None]:
    """Raise Broken after ten seconds of work in the body, or a minute of waiting."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = [signal.signal(number, end) for number in (signal.SIGPROF, signal.SIGALRM)]
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, LONG)
    try:
        yield
    except Hang:
        raise Broken("hangs") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        for number, handler in zip((signal.SIGPROF, signal.SIGALRM), before, strict=True):
            signal.signal(number, handler)


def check_call(function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Call a public function: it returns numbers, or raises an error of its own.

    The error is ValueError, TypeError or one of the packages', raised there or by Python for a wrong call,
    and its message says of what it speaks. MemoryError is an answer too. nan is one where the function, or
    the record that it returns, says when.
    """
    try:
        with within_limit():
            result = function(**arguments)
    except Broken:
        raise
    except MemoryError:
        return
    except Exception as error:
        _check_error(error)
        return
    told = f"{function.__doc__} {type(result).__doc__} {[type(part).__doc__ for part in _first(result)]}"
    if (place := find_nan(result)) is not None and "nan" not in told:
        raise Broken(f"returns nan in {place or 'the result'}")


def _first(result: Any) -> list[Any]:
    """Return the first of the parts that a result lists."""
    return list(result[:1]) if isinstance(result, tuple | list) else []


def _check_error(error: Exception) -> None:
    name, text = type(error).__name__, str(error)
    ours = type(error).__module__.partition(".")[0] in PACKAGES
    if not (ours or isinstance(error, ValueError | TypeError) or type(error) is ArithmeticError):
        raise Broken(f"raises {name}: {text[:200]}: {_where(error)}")
    last = traceback.extract_tb(error.__traceback__)[-1]
    inside = Path(last.filename).is_relative_to(ROOT)
    if not inside or "<" in last.filename:
        raise Broken(f"{name} from {Path(last.filename).name}: {text[:200]}: {_where(error)}")
    call = isinstance(error, TypeError) and Path(last.filename) == Path(__file__)
    if not call and (":" not in text or "\n" in text or len(text) > LONGEST):
        raise Broken(f"{name} says {text[:200]!r}: {_where(error)}")


def _where(error: Exception) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(ROOT)]
    return f"{Path(frames[-1].filename).relative_to(ROOT)}:{frames[-1].lineno}"


def find_nan(result: Any, depth: int = 0) -> str | None:
    """Return the name of the first number in a result that is nan, None if there is none."""
    if isinstance(result, float | np.floating | complex):
        return "" if result != result else None
    if isinstance(result, np.ndarray):
        return "" if result.dtype.kind in "fc" and np.isnan(result).any() else None
    parts: list[tuple[str, Any]] = []
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        parts = [(f.name, getattr(result, f.name, None)) for f in dataclasses.fields(result)]
    elif isinstance(result, tuple | list):
        parts = [(str(i), value) for i, value in enumerate(result[:50])]
    for name, value in parts if depth < 4 else ():
        if (inner := find_nan(value, depth + 1)) is not None:
            return f"{name}.{inner}".rstrip(".")
    return None


def check_command(arguments: Sequence[str]) -> tuple[int, str, str]:
    """Run the command: it returns a status and says one line if that is an error, but no fault of its own."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            with within_limit():
                code = main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
    lines = [line for line in err.getvalue().splitlines() if "error: " in line]
    text = err.getvalue()
    if "Traceback" in text or "should not happen" in text:
        raise Broken(f"a fault: {text[-400:]}")
    if code not in (0, 1, 2):
        raise Broken(f"status {code}")
    if len(lines) != (code != 0 and "did not converge" not in text):
        raise Broken(f"status {code} with {len(lines)} lines of error: {text[-400:]}")
    if any(len(line) > LONGEST for line in lines):
        raise Broken("an endless line")
    return code, out.getvalue(), text
