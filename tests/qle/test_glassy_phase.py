"""The main job's physics, end to end: in the glassy phase the density of states grows as omega^4."""

from pathlib import Path

import pytest

import qle
from qle.statistics import tail


def exponents(
    store: Path, N: int, samples: int, points: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the tail exponent and its error at each point (J, kappa_0), for h = 0.01 and kappa_min = 0."""
    measured = []
    for J, kappa_0 in points:
        spec = {"model": "khgps", "samples": samples, "grid": {"N": N, "h": 0.01, "J": J, "kappa_0": kappa_0}}
        law = tail(qle.sweep(spec, store=store, progress="none"))
        measured.append((law.exponent.item(), law.exponent_error.item()))
    return measured


def test_the_tail_exponent_is_four(tmp_path: Path) -> None:
    """One point with an error below 0.3; 2.6 sigma: 1 percent false alarms over seeds, the seed is fixed."""
    ((exponent, error),) = exponents(tmp_path, 400, 1000, [(0.03, 0.3)])
    assert error < 0.3
    assert abs(exponent - 4.0) < 2.6 * error


@pytest.mark.verify
def test_the_tail_exponent_is_four_wherever_the_coupling_is_weak(tmp_path: Path) -> None:
    """2,000 samples of N = 500 at three points, chi-square of the pulls below its 1 percent point, 11.3.

    In weak coupling only: at J >= 0.2 and this N the exponent below the default cut-off falls short of 4 by
    up to 0.8 (`qle.statistics.tail` on finite cut-offs).
    """
    measured = exponents(tmp_path, 500, 2000, [(0.03, 0.3), (0.06, 1.0), (0.1, 3.0)])
    assert max(error for _, error in measured) < 0.2
    assert sum(((exponent - 4.0) / error) ** 2 for exponent, error in measured) < 11.3, measured
