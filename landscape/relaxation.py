"""The state that every method of minimisation shares: where it is, when it has arrived, when it must stop."""

import math
from collections.abc import Callable

import numpy as np

from landscape.arrays import Vector
from landscape.protocol import Landscape, Point

Callback = Callable[[Vector, float], object]

PATIENCE = 100  # steps at the level of rounding before a minimisation has stalled
_LOOK = 1.5  # times the goal: gradients above are taken for no arrival, by the last typical force


class Stop(Exception):
    """Ends a minimisation that cannot go on; its text is the status of the result."""


class Relaxation:
    """A minimisation on its way.

    Attributes
    ----------
    point : Point
        Where it is.
    steps : int
        Points it has moved to.
    """

    def __init__(
        self, landscape: Landscape, x: Vector, tol: float, most: int, callback: Callback | None = None
    ) -> None:
        self.landscape, self.point, self.tol, self.most = landscape, landscape.at(x), tol, most
        self.steps, self._callback = 0, callback
        self._force, self._best, self._idle = math.inf, math.inf, 0

    def to_end(self, method: Callable[["Relaxation"], None]) -> str:
        """Let a method go to its end; return the status."""
        try:
            method(self)
            return "converged"
        except Stop as stop:
            return str(stop)

    @property
    def arrived(self) -> bool:
        """Whether the largest |gradient_i| is at most tol times the typical force.

        That force is asked for where the last one says that it may be so: it may cost several gradients.
        """
        norm = self.point.gradient_norm
        if norm > _LOOK * self.tol * self._force:
            return False
        self._force = self.point.force_scale
        return norm <= self.tol * self._force

    def step(self, direction: Vector) -> None:
        """Move to the first minimum along a direction, or as far as the landscape's length allows.

        Where it does not fall, or falls no more, to that along the gradient.
        """
        end = self._along(direction)
        if end is self.point:
            end = self._along(-self.point.gradient)
        self.move(end)

    def move(self, point: Point) -> None:
        """Move to a point, which counts as a step; stop where no step is left, or none does anything."""
        if point is self.point:
            raise Stop("stalled")
        fell = point.energy < self.point.energy or point.gradient_norm < self._best
        self._idle = 0 if fell else self._idle + 1
        self._best = min(self._best, point.gradient_norm)
        self.point, self.steps = point, self.steps + 1
        if self._callback is not None:
            self._callback(point.x.copy(), point.energy)
        if self._idle >= PATIENCE:
            raise Stop("stalled")
        if self.steps >= self.most and not self.arrived:
            raise Stop("max_steps")

    def _along(self, d: Vector) -> Point:
        largest = float(np.abs(d).max())
        longest = self.landscape.length / largest if largest > 0.0 else math.inf
        return self.landscape.step(self.point, d, longest=longest)
