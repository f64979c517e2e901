"""Whole spectra of minima, from their dense Hessians."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

import quartic

Array = NDArray[np.float64]
Minima = Iterable[tuple[quartic.Problem, Array]]
LARGEST = 6000  # oscillators of a sample whose Hessian is diagonalised, or inverted


def frequencies(minima: Minima) -> Array:
    """Return all frequencies of minima of N oscillators, ascending, shape (S, N)."""
    return np.array([np.sqrt(np.linalg.eigvalsh(quartic.hessian(*found))) for found in minima])


def frequencies_and_participation(minima: Minima) -> tuple[Array, Array]:
    """Return all frequencies of minima and the participation ratios of their modes, both (S, N)."""
    rows = []
    for found in minima:
        values, vectors = np.linalg.eigh(quartic.hessian(*found))
        rows.append((np.sqrt(values), quartic.participation_ratio(vectors)))
    omega, e = np.array(rows).transpose(1, 0, 2)
    return omega, e
