"""How the length and the energy of a pair follow from its two particles."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from arguments import array, real, settled
from landscape.arrays import Matrix, Vector

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Mixing:
    """Lengths lambda_ij and energies eps_ij of pairs.

    Without species lambda_ij = (lambda_i + lambda_j)/2 (1 - n_a |lambda_i - lambda_j|), eps_ij = 1. With
    species, particles have one of the sizes `species`, and pairs what the tables say.

    Attributes
    ----------
    non_additivity : float
        n_a >= 0.
    species : tuple of float
        Sizes lambda_i of the k species, ascending or not, all different.
    lengths, energies : (k, k) tables
        Symmetric, > 0; none without species.

    Raises
    ------
    ValueError
        For a number outside its range, and tables of another shape or that are not symmetric.
    """

    non_additivity: float = 0.0
    species: tuple[float, ...] = ()
    lengths: Table = ()
    energies: Table = ()

    def __post_init__(self) -> None:
        settled(self, non_additivity=real("non_additivity", self.non_additivity, least=0.0))
        settled(self, species=tuple(array("species", self.species, ("k",), (0,), above=0.0).tolist()))
        k = len(self.species)
        for name in ("lengths", "energies"):
            table = array(name, getattr(self, name), (k, k) if k else (0,), above=0.0)
            if not np.array_equal(table, table.T):
                raise ValueError(f"{name}: must be symmetric")
            settled(self, **{name: tuple(map(tuple, table.tolist()))})
        if len(set(self.species)) < k:
            raise ValueError(f"species = {self.species}: must all differ")

    def kinds(self, sizes: Vector) -> NDArray[np.int64]:
        """Return the species of particles (N,), 0 without any; raise ValueError for a size of none."""
        if not self.species:
            widest = float(np.ptp(sizes))
            if self.non_additivity * widest >= 1.0:
                raise ValueError(
                    f"sizes differ by up to {widest:.6g}: must be < 1/non_additivity = "
                    f"{1.0 / self.non_additivity:.6g}"
                )
            return np.zeros(sizes.size, np.int64)
        known = np.array(self.species)
        nearest = np.abs(sizes[:, None] - known).argmin(axis=1)
        wrong = np.abs(known[nearest] - sizes) > 1e-6 * known[nearest]  # a file may hold them in float32
        if wrong.any():
            at = int(wrong.argmax())
            raise ValueError(f"sizes[{at}] = {sizes[at]}: must be one of {', '.join(map(str, self.species))}")
        return np.asarray(nearest, np.int64)

    @property
    def tables(self) -> tuple[Matrix, Matrix]:
        """Lengths and energies as arrays (k, k); the lengths are empty, the energies 1, without species."""
        if not self.species:
            return np.zeros((0, 0)), np.ones((1, 1))
        return np.array(self.lengths, np.float64), np.array(self.energies, np.float64)

    def longest(self, sizes: Vector) -> float:
        """Return a length that no lambda_ij is above."""
        if self.species:
            return max(chain.from_iterable(self.lengths))
        return float(sizes.max())
