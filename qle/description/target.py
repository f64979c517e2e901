"""The error that a sweep is to reach, instead of a number of samples."""

from dataclasses import dataclass

from qle.description.grid import fault, number

LEAST_MODES = 8  # that must be measured: P(8 or more below omega_cut) < 1e-6 for a mean of 0.5


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a sweep is to reach at every grid point, within its number of samples.

    Parameters
    ----------
    error : float in (0, 1)
        Relative standard error of A_at_cut, the mean of D/omega^4 below omega_cut (`qle.statistics.tail`).
        The interval of A_g is longer: what it allows for a bend hardly falls with the number of samples.
    cutoff : float, optional
        omega_cut at every point; by default the pilot of each point chooses its own, with half a mode per
        sample below it.

    Raises
    ------
    SpecError
        A value is out of range.
    """

    error: float = 0.1
    cutoff: float | None = None

    def __post_init__(self) -> None:
        error = number("target.error", self.error)
        if not 0.0 < error < 1.0:
            raise fault("target.error", self.error, "must be in (0, 1)")
        object.__setattr__(self, "error", error)
        if self.cutoff is not None:
            cutoff = number("target.cutoff", self.cutoff)
            if not cutoff > 0.0:
                raise fault("target.cutoff", self.cutoff, "must be positive")
            object.__setattr__(self, "cutoff", cutoff)
