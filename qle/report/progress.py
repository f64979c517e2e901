"""How far a sweep is, and when it may be done."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qle.store.batches import StoreError
from qle.store.inventory import Series
from qle.store.unfinished import unfinished_sweeps

if TYPE_CHECKING:
    import xarray as xr

STAMP = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True)
class Progress:
    """Samples of a sweep that are there, of those asked for.

    Attributes
    ----------
    there, asked : int
        Samples, all points together; `asked` is the most there may be, for a sweep with a target.
    points : int
        Grid points.
    target : bool
        Whether the sweep stops where it has reached an error.
    """

    there: int
    asked: int
    points: int
    target: bool

    @property
    def percent(self) -> float:
        """Samples that are there, in percent; 100 only where none is missing."""
        return 100.0 if self.there == self.asked else min(100.0 * self.there / self.asked, 99.9)


def of_series(series: Series, dataset: "xr.Dataset") -> list[Progress]:
    """Return the sweeps of a series that are unfinished; if there is none, all that the data set has."""
    found = []
    for one in unfinished_sweeps(series.folder):
        if not isinstance(one, StoreError):
            asked = one.spec.size * one.spec.samples
            found.append(
                Progress(asked - one.missing, asked, one.spec.size, target=one.spec.target is not None)
            )
    if found:
        return found
    status = dataset["status"]
    there = int((status >= 0).sum())
    return [Progress(there, there, int((status >= 0).any("sample").sum()), target=False)]


@dataclass
class Pace:
    """How fast the samples of a store come in, from two looks at it on."""

    _first: tuple[float, int] | None = field(default=None)

    def words(self, progress: list[Progress], now: float) -> str:
        """Return how many samples come in an hour, and when all may be there; "" before any has come.

        Parameters
        ----------
        progress : list of Progress
        now : float
            Seconds, of `time.time`.
        """
        there, asked = (sum(getattr(one, name) for one in progress) for name in ("there", "asked"))
        if self._first is None:
            self._first = now, there
        began, before = self._first
        if there >= asked or there <= before or now <= began:
            return ""
        pace = (there - before) / (now - began)
        end = stamp(now + (asked - there) / pace)
        return f"{3600.0 * pace:.3g} samples an hour since {stamp(began)}: all may be there about {end}"


def stamp(seconds: float) -> str:
    """Return date and minute of `seconds` since 1970, in UTC."""
    return time.strftime(STAMP, time.gmtime(seconds))
