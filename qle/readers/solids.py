"""What a snapshot is once its energy is minimal: how far particles moved, and what bears forces."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments.files import of_file
from glass import PairGlass, Potential, pressure, quench, shear_modulus, stress
from landscape import MinimizationError, Minimum
from landscape.modes.inverse import InverseError
from qle.readers.snapshot import Snapshot

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Solid:
    """A snapshot at the minimum that its particles lead to.

    Attributes
    ----------
    snapshot : Snapshot
    start : PairGlass
        Its particles where the file has them.
    force : float
        Largest |gradient| of the file over the typical force.
    minimum : landscape.Minimum
        Of all particles.
    backbone : PairGlass
        Of those that are held, at the minimum: `backbone.x`.
    held : (N,) array of bool
    moved : (N,) array
        How far each particle is from where the file has it, in mean spacings. Forces add up to nothing, and
        all together have not moved.
    """

    snapshot: Snapshot
    start: PairGlass
    force: float
    minimum: Minimum
    backbone: PairGlass
    held: NDArray[np.bool_]
    moved: Array

    @property
    def rattlers(self) -> int:
        """How many particles nothing holds."""
        return int(np.sum(~self.held))

    def elastic(self) -> dict[str, float]:
        """Return energy, pressure, shear stress and shear modulus (d2U/dgamma2 over the volume).

        The modulus is nan where the response to a strain cannot be computed.
        """
        solid, x = self.backbone, self.backbone.x
        try:
            modulus = shear_modulus(solid, x)
        except (ValueError, InverseError):
            modulus = np.nan
        return {
            "energy": self.minimum.energy,
            "pressure": pressure(solid, x),
            "shear_stress": float(stress(solid, x)[0, 1]),
            "shear_modulus": modulus,
        }

    def of_all(self, vectors: Array) -> Array:
        """Return vectors (n d, m) of the backbone as those of all particles, (m, N, d)."""
        d, m = self.snapshot.dimension, vectors.shape[1]
        out = np.zeros((m, self.held.size, d))
        out[:, self.held] = vectors.T.reshape(m, self.backbone.particles, d)
        return out


def solid(
    snapshot: Snapshot,
    potential: str | Potential,
    *,
    sizes: str | ArrayLike | None = None,
    species: Mapping[str, float] | None = None,
) -> Solid:
    """Return the minimum that a snapshot leads to; arguments are those of `Snapshot.glass`.

    Raises
    ------
    ValueError
        As `Snapshot.glass`; and where no minimum is reached, or nothing is held there.
    """
    start = snapshot.glass(potential, sizes=sizes, species=species)
    with of_file(snapshot.name):
        try:
            minimum = quench(start)
        except MinimizationError as error:
            raise ValueError(f"no minimum is reached: {error}") from None
        backbone, held = start.backbone(minimum.x), np.ones(start.particles, bool)
    held[start.rattlers(minimum.x)] = False
    way = (minimum.x - start.x).reshape(start.particles, -1)
    moved = np.linalg.norm(way, axis=1) / snapshot.spacing
    return Solid(snapshot, start, start.at(start.x).relative_gradient, minimum, backbone, held, moved)
