"""What all solvers for N -> infinity take: oscillators of a stiffness law in a field; and how they fail."""

from typing import NamedTuple

from khgps.stiffness_law import StiffnessLaw

LEAST_SCALE = 1e-60  # of stiffnesses: powers up to k^-3 and panels down to 1e-40 of kappa^(1/2) are in reach


class StalledError(RuntimeError):
    """The equations of the limit of large N were not solved."""


class Oscillators(NamedTuple):
    """A stiffness law and a field, with A = 1."""

    law: StiffnessLaw
    h: float

    @property
    def kappa_min(self) -> float:
        """The least stiffness."""
        return self.law.kappa_min

    @property
    def width(self) -> float:
        """Largest less least stiffness."""
        return self.law.width


def check_scales(oscillators: Oscillators) -> Oscillators:
    """Return a law whose averages are in the range of floats and of the quadrature, or raise ValueError."""
    kappa_min = oscillators.kappa_min
    kappa_0 = kappa_min + oscillators.width
    if kappa_0 != 0.0 and not LEAST_SCALE <= abs(kappa_0) <= 1.0 / LEAST_SCALE:
        raise ValueError(
            f"kappa_0 = {kappa_0}: must be within {LEAST_SCALE:g} and {1.0 / LEAST_SCALE:g}; rescale all"
        )
    if 0.0 < kappa_min < LEAST_SCALE * kappa_0:
        raise ValueError(f"kappa_min = {kappa_min}: must be at least {LEAST_SCALE:g} kappa_0, or 0")
    return oscillators
