"""Some particles of a landscape, all others held where they are."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, frozen, integers
from landscape.arrays import Matrix, Vector
from landscape.forms import Form
from landscape.hessian import Hessian, ProductHessian, SparseHessian
from landscape.protocol import Landscape


class Held(Landscape):
    """The energy as a function of a few particles in frozen surroundings.

    Parameters
    ----------
    whole : Landscape
    x : (N,) array
        Where all are; the others stay there.
    free : (m,) array of int
        Particles that move, each once; in their order are the coordinates of this landscape.

    Attributes
    ----------
    coordinates : (m dimension,) array of int
        Places of its coordinates among those of the whole.

    Raises
    ------
    ValueError
        For an argument outside its range.

    Examples
    --------
    The middle one of three masses on two springs, held by its neighbours, has the stiffness of both:

    >>> import landscape
    >>> chain = landscape.Harmonic([[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]])
    >>> middle = landscape.Held(chain, [0.0, 0.0, 0.0], [1])
    >>> landscape.spectrum(middle.hessian([0.0]))
    array([2.])
    """

    def __init__(self, whole: Landscape, x: ArrayLike, free: ArrayLike) -> None:
        self.whole, self.dimension, self.length = whole, whole.dimension, whole.length
        self._x = frozen(array("x", x, (whole.size,)).copy())
        particles = integers("free", free, below=whole.size // whole.dimension)
        if particles.ndim != 1 or not particles.size or np.unique(particles).size != particles.size:
            raise ValueError(
                f"free has shape {particles.shape}: must be (m,), m > 0, and hold each particle once"
            )
        steps = np.arange(whole.dimension)
        self.coordinates: NDArray[np.int64] = (particles[:, None] * whole.dimension + steps).ravel()
        self.masses = None if whole.masses is None else whole.masses[self.coordinates]

    @property
    def size(self) -> int:
        """Number of coordinates that move."""
        return self.coordinates.size

    def whole_of(self, x: Vector) -> Vector:
        """Return all coordinates where the free ones are at x."""
        place = self._x.copy()
        place[self.coordinates] = x
        return place

    def energy(self, x: Vector) -> float:
        """Return the energy of the whole."""
        return self.whole.energy(self.whole_of(x))

    def gradient(self, x: Vector) -> Vector:
        """Return its slopes by the free coordinates."""
        return self.whole.gradient(self.whole_of(x))[self.coordinates]

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """Return both."""
        energy, gradient = self.whole.evaluate(self.whole_of(x))
        return energy, gradient[self.coordinates]

    @property
    def has_hessian(self) -> bool:
        """Whether that of the whole is known by more than differences."""
        return self.whole.has_hessian

    def hessian(self, x: Vector) -> Hessian:
        """Return the block of M; nothing in it is a zero mode, unless particles touch nothing."""
        whole = self.whole.hessian(self.whole_of(np.asarray(x, np.float64)))
        if whole.form == "sparse":
            matrix: Any = whole.matrix  # type: ignore[attr-defined]
            return SparseHessian(matrix[self.coordinates][:, self.coordinates], masses=self.masses)
        return ProductHessian(
            lambda block: whole.products(self._lifted(block))[self.coordinates],
            self.size,
            blocks=True,
            masses=self.masses,
        )

    def third(self, x: Vector) -> Form:
        """Return U''' of the free coordinates."""
        return _HeldForm(self.whole.third(self.whole_of(x)), self)

    def fourth(self, x: Vector) -> Form:
        """Return U'''' of the free coordinates."""
        return _HeldForm(self.whole.fourth(self.whole_of(x)), self)

    def _lifted(self, block: Matrix) -> Matrix:
        """Return directions of the whole in which the held coordinates rest."""
        lifted = np.zeros((self.whole.size, block.shape[1]), block.dtype)
        lifted[self.coordinates] = block
        return lifted


class _HeldForm(Form):
    """A form of the whole, of directions in which some coordinates rest."""

    def __init__(self, form: Form, held: Held) -> None:
        self.order, self.error, self._form, self._held = form.order, form.error, form, held

    def vectors(self, block: Matrix) -> Matrix:
        """Return the free rows of the form."""
        return self._form.vectors(self._held._lifted(block))[self._held.coordinates]
