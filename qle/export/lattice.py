"""Soft modes of a sample of the lattice model, in space."""

import numpy as np
from numpy.typing import NDArray

import quartic
from lattice_gps import GPSLattice, coordinates
from qle.export.modes import Mode, Place

Array = NDArray[np.float64]


def lattice_modes(
    params: GPSLattice, problem: quartic.Problem, x: Array, modes: quartic.Modes
) -> tuple[Place, list[Mode]]:
    """Return the sites of a sample, with displacement x and bare stiffness kappa, and its modes.

    An oscillator moves along no direction of space: a mode is one number at each site, its amplitude psi. Its
    name is normal_0, normal_1, ...
    """
    positions = coordinates(params.L, params.d).astype(np.float64)
    cell = np.diag([float(params.L) if axis < params.d else 1.0 for axis in range(3)])
    place = Place(positions, cell, {"x": x, "kappa": problem.stiffness}, grid=params.L)
    shares = quartic.participation_ratio(modes.vectors)
    found = []
    for k, (square, share) in enumerate(zip(modes.eigenvalues, shares, strict=True)):
        told = {
            "mode": "normal",
            "number": k,
            "frequency": float(square) ** 0.5,
            "participation": float(share),
        }
        found.append(Mode(f"normal_{k}", told, modes.vectors[:, k]))
    return place, found
