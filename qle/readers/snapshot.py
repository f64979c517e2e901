"""A snapshot of particles in a periodic box, as a glass of a pair potential."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments.files import of_file
from glass import PairGlass, Potential
from qle.readers.particle_sizes import sizes_of

Array = NDArray[np.float64]
_NEAR = 0.1  # mean spacings between two particles, at least


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Particles of a file in a periodic box.

    Attributes
    ----------
    name, kind : str
        Of the file, and of its format.
    positions : (N, d) array
        As they are in the file, in the order of their ids where it has any; whole boxes may be added.
    box : (d,) array
    shear : float
        xy/Ly of a tilted box: an image in y is shifted by shear Ly in x.
    columns : dict of str to (N,) array
        What else the file has of each particle.
    frame, frames : int
        Which of how many.
    lines : (N,) array of int, or None
        Of a text file.
    """

    name: str
    kind: str
    positions: Array
    box: Array
    shear: float
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    frame: int = 0
    frames: int = 1
    lines: NDArray[np.int64] | None = None

    @property
    def particles(self) -> int:
        """N."""
        return len(self.positions)

    @property
    def dimension(self) -> int:
        """Coordinates of a particle, d."""
        return int(self.positions.shape[1])

    @property
    def spacing(self) -> float:
        """The mean spacing (V/N)^(1/d)."""
        return float((self.box.prod() / self.particles) ** (1.0 / self.dimension))

    def where(self, i: int) -> str:
        """Return where a particle is in the file."""
        return f"particle {i} (from 0)" if self.lines is None else f"line {self.lines[i]}"

    def glass(
        self,
        potential: str | Potential,
        *,
        sizes: str | ArrayLike | None = None,
        species: Mapping[str, float] | None = None,
    ) -> PairGlass:
        """Return the particles as a landscape, where they are in the file: no minimum yet.

        Parameters
        ----------
        potential : str or Potential
            As of `glass.PairGlass`.
        sizes : str, float or (N,) array, optional
            lambda of the particles, or the column that has it; of one whose name begins with ``radi`` twice
            its numbers. If not given: for potentials with species by their names, A and B or 1 and 2 in the
            order of `Mixing.species`; else the column size, diameter or radius.
        species : dict of str to float, optional
            lambda by the name of a species, for all names in the file.

        Returns
        -------
        PairGlass

        Raises
        ------
        ValueError
            With file, line and rule: for sizes that are not there or not > 0, a species without a size, two
            particles nearer than a tenth of the mean spacing, and what `glass.PairGlass` refuses.
        """
        with of_file(self.name):
            known = sizes_of(self.columns, self.particles, self.where, potential, sizes, species)
            found = PairGlass(
                self.positions, sizes=known, box=self.box, potential=potential, shear=self.shear
            )
            self._check_apart(found)
            return found

    def _check_apart(self, found: PairGlass) -> None:
        """Raise ValueError for two particles that are at the same place or nearly."""
        with np.errstate(all="ignore"):  # where two are at one place
            bonds = found.bonds(found.x, 0)
        if not bonds.i.size:
            raise ValueError("no particle is within reach of another: must be in units of the potential")
        far = np.linalg.norm(bonds.r, axis=1)
        k = int(far.argmin())
        if far[k] < _NEAR * self.spacing:
            one, other = self.where(int(bonds.i[k])), self.where(int(bonds.j[k]))
            raise ValueError(
                f"{one} and {other} are {far[k]:.3g} apart, a mean spacing is {self.spacing:.3g}: must be "
                f">= {_NEAR:g} of it; is a particle there twice, or the box too small?"
            )
