"""How the number A_g omega_g^5 of soft modes of glasses hangs on the temperature of their liquids (S 7)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from qle.measurements.glass_modes import GlassModes
from qle.statistics.glassy_phase import Line, fit_line
from qle.statistics.pooled import RESAMPLES
from qle.statistics.resampling import resampled_sums, spread

Array = NDArray[np.float64]


def excitation_number(modes: GlassModes) -> tuple[float, float]:
    """Return A_g omega_g^5, and its error from resampling samples: their counts and their omega_g together.

    The number of modes of which all would be at omega_g, if D ~ omega^4 went on up to there.
    """
    cut, _ = modes.soft()
    columns = np.column_stack([np.sum(modes.omega < cut, axis=1), modes.omega_g**2])
    counts, squares = np.vstack([columns.sum(axis=0), resampled_sums(columns, RESAMPLES)]).T / modes.samples
    found = counts / expected(modes) * (squares / modes.frequency_scale**2) ** 2.5
    return float(found[0]), float(spread(found[1:]))


def expected(modes: GlassModes) -> float:
    """Return how many soft modes a sample would have if A_g omega_g^5 were 1."""
    cut, _ = modes.soft()
    vibrations = modes.dimension * (modes.particles - 1)
    return float(vibrations * (cut / modes.frequency_scale) ** 5 / 5.0)


def formation_energy(found: Mapping[float, GlassModes], below: float) -> Line | None:
    """Return the line ln(A_g omega_g^5) against 1/T_p over the T_p up to one: its slope is -E.

    Temperatures whose glasses have no soft mode are left out; None with fewer than two others.

    Parameters
    ----------
    found : mapping of T_p to GlassModes
    below : float
        Largest T_p.
    """
    T = np.array(sorted(t for t, one in found.items() if t <= below and one.soft()[1]))
    rows = np.array([excitation_number(found[t]) for t in T]).reshape(-1, 2)
    return fit_line(1.0 / T, np.log(rows[:, 0]), rows[:, 1] / rows[:, 0])
