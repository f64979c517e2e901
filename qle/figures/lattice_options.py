"""The options of the lattice model, and the samples that they describe.

The engine is imported where it is used: `qle --help` does without.
"""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tqdm import tqdm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    import quartic
    from lattice_gps import GPSLattice


def add_model(
    command: argparse.ArgumentParser,
    *,
    samples: int | None,
    L: int | tuple[int, ...] = 8,
    J: float | tuple[float, ...] = 0.1,
    d: int = 3,
) -> None:
    """Add the options of the model; those whose default is a tuple take several values."""
    for name, default, kind in (("L", L, int), ("J", J, float)):
        several = isinstance(default, tuple)
        shown = " ".join(map(str, default)) if isinstance(default, tuple) else default
        command.add_argument(
            f"--{name}",
            type=kind,
            nargs="+" if several else None,
            default=list(default) if isinstance(default, tuple) else default,
            help=f"default {shown}",
        )
    command.add_argument("--beta", type=float, default=0.0, help="exponent of the stiffness law; default 0")
    command.add_argument("--kappa-0", metavar="K", type=float, default=1.0, help="default 1")
    command.add_argument("--A", type=float, default=1.0, help="anharmonicity; default 1")
    command.add_argument("--d", type=int, default=d, help=f"dimensions; default {d}")
    if samples is not None:
        command.add_argument("--samples", metavar="N", type=int, default=samples, help=f"default {samples}")
    command.add_argument("--seed", type=int, default=0, help="default 0")


def params_of(options: argparse.Namespace, L: int, J: float) -> "GPSLattice":
    """Return the model that the options describe, of size L and coupling J."""
    from lattice_gps import GPSLattice

    return GPSLattice(L=L, J=J, beta=options.beta, kappa_0=options.kappa_0, A=options.A, d=options.d)


def whole(params: "GPSLattice") -> "GPSLattice":
    """Return the model; raise ValueError if its matrices are too large for a whole spectrum."""
    from qle.measurements.spectra import LARGEST

    if params.N > LARGEST:
        raise ValueError(
            f"L = {params.L}, d = {params.d}: the whole spectrum takes N x N matrices, N = {params.N}; N "
            f"must be at most {LARGEST}"
        )
    return params


def minima(
    options: argparse.Namespace, params: "GPSLattice"
) -> "Iterator[tuple[quartic.Problem, NDArray[np.float64]]]":
    """Yield the samples and their minima, with a bar."""
    from qle.measurements.lattice import relax

    for sample in tqdm(range(options.samples), unit=" samples", disable=None):
        yield relax(params, seed=options.seed, sample=sample)


def title_of(params: "GPSLattice") -> str:
    """Return the parameters as the title of a figure."""
    return rf"$L = {params.L}$, $d = {params.d}$, $J = {params.J:g}$, $\beta = {params.beta:g}$"
