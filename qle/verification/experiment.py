"""An experiment of the verification: numerics that test claims, and how long they take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qle.verification.comparison import Comparison


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Numerics that test claims.

    Attributes
    ----------
    claims : tuple of str
        Ids of the claims it makes comparisons for.
    run : callable
        run(quick) returns the comparisons; `quick` asks for fewer samples. A function of a module, so that it
        can be sent to another process. It depends on nothing but `quick`: its seeds are fixed.
    seconds : float
        About how long a quick run takes on one core; the longest are started first.
    full : tuple of str
        Ids of further claims, for which a quick run has too few samples.
    """

    claims: tuple[str, ...]
    run: Callable[[bool], Sequence[Comparison]]
    seconds: float = 1.0
    full: tuple[str, ...] = ()

    def asked(self, *, quick: bool) -> tuple[str, ...]:
        """Return the ids of the claims that a run makes comparisons for."""
        return self.claims if quick else (*self.claims, *self.full)

    @property
    def name(self) -> str:
        """`subject.function`."""
        return f"{self.run.__module__.rpartition('.')[2]}.{self.run.__name__}"
