"""How a sweep tells how far it is: a bar on a terminal, plain lines in a log, or nothing."""

import sys
import time
from typing import Literal, TextIO

from tqdm import tqdm

from qle.description.grid import choice

Kind = Literal["bar", "lines", "none"]
KINDS: tuple[Kind, ...] = ("bar", "lines", "none")

INTERVAL = 5.0
"""Seconds between two lines."""


def kind_for(stream: TextIO) -> Kind:
    """Return "bar" for a terminal and "lines" for anything else."""
    return "bar" if stream.isatty() else "lines"


class Progress:
    """Counts samples and points that are in the store, and shows it.

    Parameters
    ----------
    kind : {"bar", "lines", "none"}
    samples, points : int
        How many there are to be in the end.
    stream : text stream
        Where to write; standard error by default.

    Raises
    ------
    SpecError
        For another kind.
    """

    def __init__(self, kind: Kind, *, samples: int, points: int, stream: TextIO | None = None) -> None:
        self._kind = choice("progress", kind, KINDS)
        self._stream = sys.stderr if stream is None else stream
        self._totals = samples, points
        self.samples = self.points = self._gained = self._new = 0
        self._began = self._spoke = time.monotonic()
        # only where it is seen: with a bar comes a lock between processes, and a process that looks after it
        self._bar = tqdm(total=samples, unit=" samples", file=self._stream) if kind == "bar" else None

    def found(self, samples: int, *, points: int) -> None:
        """Count samples that are in the store already, and points that need no more."""
        self._count(samples, points)

    def gained(self, samples: int, *, points: int, new: int) -> None:
        """Count samples that came in, `new` of them computed by this run, and points finished by them."""
        self._gained += samples
        self._new += new
        self._count(samples, points)

    def close(self) -> None:
        """Show the last state."""
        if self._bar is not None:
            self._bar.close()
        if self._kind == "lines":
            self._line()

    def _count(self, samples: int, points: int) -> None:
        self.samples += samples
        self.points += points
        if self._bar is not None:
            self._bar.set_postfix_str(f"{self.points}/{self._totals[1]} points", refresh=False)
            self._bar.update(samples)
        if self._kind == "lines" and time.monotonic() - self._spoke >= INTERVAL:
            self._line()

    def _line(self) -> None:
        self._spoke = time.monotonic()
        seconds = self._spoke - self._began
        left = self._totals[0] - self.samples
        rest = f", about {seconds * left / self._gained:.0f} s left" if left and self._gained else ""
        print(
            f"{self.samples}/{self._totals[0]} samples ({self._new} by this run), "
            f"{self.points}/{self._totals[1]} points, {seconds:.0f} s{rest}",
            file=self._stream,
            flush=True,
        )
