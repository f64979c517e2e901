"""What the command of soft potentials is given, small."""

from typing import NamedTuple

import spm


class Given(NamedTuple):
    """Laws of plain and of soft potentials, the derived limits, and the ranges of the fits."""

    plain: spm.Laws
    soft: spm.Laws
    limits: spm.SoftLimits
    ranges: dict[str, tuple[float, float]]


def soft_laws(potentials: int) -> Given:
    """Return them from so many plain potentials and 20,000 soft ones."""
    law = spm.SoftPotentials()
    wells = spm.sample_soft(law, 20_000, b2_max=0.01, seed=1)
    plain = spm.laws(spm.stream(law, potentials, seed=1, threads=1))
    ranges = {"b2": (2e-8, 9e-3), "barrier": spm.barrier_range(wells)}
    return Given(plain, spm.laws(wells), spm.soft_limits(law), ranges)
