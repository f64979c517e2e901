"""Soft modes of a sample of the lattice model as files that OVITO and ParaView open."""

from pathlib import Path

import numpy as np

import quartic
from arguments import count
from lattice_gps import GPSLattice, coordinates
from qle.measurements.lattice import relax
from qle.readers.mode_files import Mode, Place, write_modes


def write_lattice_modes(
    params: GPSLattice, path: Path, *, modes: int = 20, seed: int = 0, sample: int = 0
) -> None:
    """Write the lowest modes of a minimum, reached as `qle.measurements.lattice` does.

    Sites have their displacement x and bare stiffness kappa at the minimum. An oscillator moves along no
    direction of space: a mode is one number at each site, its amplitude psi. A .xyz has a frame for each
    mode, a .vtk a field normal_0, normal_1, ... on a grid, which can be sliced and contoured.

    Parameters
    ----------
    path : Path
        Ends in .xyz or .vtk.
    modes : int
        From 1 to N.

    Raises
    ------
    ValueError
        For another suffix, or a number out of range.
    OSError
        The file cannot be written.
    """
    modes = count("modes", modes, most=params.N)
    problem, x = relax(params, seed=seed, sample=sample)
    found = quartic.low_modes(problem, x, modes)
    positions = coordinates(params.L, params.d).astype(np.float64)
    cell = np.diag([float(params.L) if axis < params.d else 1.0 for axis in range(3)])
    place = Place(positions, cell, {"x": x, "kappa": problem.stiffness}, grid=params.L)
    shares = quartic.participation_ratio(found.vectors)
    told = [
        {"mode": "normal", "number": k, "frequency": float(square) ** 0.5, "participation": float(share)}
        for k, (square, share) in enumerate(zip(found.eigenvalues, shares, strict=True))
    ]
    write_modes(path, place, (Mode(f"normal_{k}", told[k], found.vectors[:, k]) for k in range(modes)))
