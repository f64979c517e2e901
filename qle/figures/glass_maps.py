"""Maps of modes of plane glasses: an arrow for each particle."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from numpy.typing import NDArray

import glass

Array = NDArray[np.float64]
LONGEST = 0.08  # of the box: the arrow of the particle that moves most
SEEN = 0.06  # of the longest, below which no arrow is drawn


@dataclass(frozen=True, eq=False)
class Map:
    """Displacements of the particles of a plane glass.

    Attributes
    ----------
    places, arrows : (N, 2) arrays
        Places in the box, and displacements over the largest.
    box : (2,) array
    """

    places: Array
    arrows: Array
    box: Array

    @classmethod
    def of(cls, made: glass.PairGlass, x: Array, modes: Sequence[Array]) -> "Map":
        """Return the map of modes on top of each other, each over its largest displacement."""
        arrows = np.zeros((made.particles, 2))
        for mode in modes:
            z = mode.reshape(-1, 2)
            arrows += z / np.linalg.norm(z, axis=1).max()
        largest = float(np.linalg.norm(arrows, axis=1).max()) if len(modes) else 1.0
        return cls(made.places(x) % made.box, arrows / largest, made.box)

    def around(self, place: Array) -> "Map":
        """Return the same with a place in the middle."""
        return Map((self.places - place + self.box / 2.0) % self.box, self.arrows, self.box)


def draw_map(panel: Axes, one: Map, *, core: float | None = None) -> None:
    """Draw the arrows of the particles that move, and a circle of radius `core` around the middle.

    A caption explains particles, arrows and circle.
    """
    lengths = np.linalg.norm(one.arrows, axis=1)
    panel.scatter(one.places[:, 0], one.places[:, 1], s=0.6, color="0.75", linewidths=0.0, label="_particles")
    some = lengths > SEEN
    panel.quiver(
        *one.places[some].T, *(LONGEST * one.box.max() * one.arrows[some]).T, lengths[some],
        cmap="viridis_r", clim=(-0.2, 1.0), angles="xy", scale_units="xy", scale=1.0, width=0.006,
        label="_arrows",
    )  # fmt: skip
    if core is not None:
        circle = Circle(
            tuple(one.box / 2.0), core, fill=False, color="#c02020", linewidth=1.2, label="_circle"
        )
        panel.add_patch(circle)
    panel.set(xlim=(0.0, one.box[0]), ylim=(0.0, one.box[1]), aspect="equal", xticks=[], yticks=[])
    panel.set(xlabel=f"$x$ from 0 to {one.box[0]:.3g}", ylabel=f"$y$ from 0 to {one.box[1]:.3g}")
