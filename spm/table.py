"""Tables of quartic wells: of sampled potentials, or of the nonlinear modes of a model."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

import arguments
from arguments import array, brief, frozen, integers, real, settled, truths
from spm.shape import BOUND, asymmetry, barrier, ratio

Array = NDArray[np.float64]


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class QuarticWells:
    """Wells U(s) = b2 s^2/2 + b3 s^3/6 + b4 s^4/24 (S 1, S 16), each at s = 0; all that `laws` needs.

    Attributes
    ----------
    b2, b3, b4 : ndarray, shape (n,)
        Derivatives at the well; b2 > 0 and b4 > 0. A number for b3 or b4 is that of all wells.
    weight : ndarray, shape (n,), optional
        How many wells each row stands for, >= 0; by default one.
    potentials : float, optional
        > 0. The densities of `laws` are per potential: counts are divided by this. By default n, so that
        they are normalised to one.

    All are kept as float64 copies that nothing can change.

    Raises
    ------
    ValueError
        For arrays of different lengths, an empty table, or values out of range; the first one is named.

    Examples
    --------
    >>> import spm
    >>> wells = spm.QuarticWells(b2=[2.0, 2.0], b3=[6.0, 3.0], b4=6.0)
    >>> wells.r, wells.exact_barrier
    (array([3.  , 0.75]), array([0.25,  nan]))
    """

    b2: Array
    b3: Array
    b4: Array
    weight: Array | None = None
    potentials: float | None = None

    def __post_init__(self) -> None:
        b2 = array("b2", self.b2, ("n",), above=0.0)
        given = {
            "b3": array("b3", self.b3, (), b2.shape),
            "b4": array("b4", self.b4, (), b2.shape, above=0.0),
            **self._others(b2.shape),
        }
        if self.weight is not None:
            given["weight"] = array("weight", self.weight, (), b2.shape, least=0.0)
        if self.potentials is not None:
            settled(self, potentials=real("potentials", self.potentials, above=0.0))
        settled(self, b2=frozen(b2), **{k: frozen(np.broadcast_to(v, b2.shape)) for k, v in given.items()})

    def _others(self, shape: tuple[int]) -> dict[str, NDArray[Any]]:
        """Return what a table has beside."""
        return {}

    @property
    def size(self) -> int:
        """Return the number of wells."""
        return int(self.b2.size)

    @property
    def weights(self) -> Array:
        """Return the weight of every well, ones by default, shape (n,)."""
        return np.ones(self.size) if self.weight is None else self.weight

    @property
    def per(self) -> float:
        """Return the number of potentials, n by default."""
        return float(self.size) if self.potentials is None else float(self.potentials)

    @property
    def r(self) -> Array:
        """Return b3^2/(b2 b4): double wells have r > 8/3, and are the upper one of the two if r > 3."""
        return ratio(self.b2, self.b3, self.b4)

    @property
    def violates(self) -> NDArray[np.bool_]:
        """Return which wells violate the stability bound b3^2 <= 3 b2 b4: a lower well is beside them."""
        return self.r > BOUND

    @property
    def exact_barrier(self) -> Array:
        """Return the energy of the saddle above the well; nan where there is no second well."""
        return barrier(self.b2, self.b3, self.b4)

    @property
    def exact_asymmetry(self) -> Array:
        """Return the energy of the second well above this one, nan where there is none."""
        return asymmetry(self.b2, self.b3, self.b4)

    def select(self, rows: ArrayLike) -> Self:
        """Return the table of some rows: indices, or True for those to keep. `potentials` stays."""
        chosen = arguments.rows("rows", rows, self.size)
        arrays = {
            one.name: getattr(self, one.name)[chosen]
            for one in fields(self)
            if isinstance(getattr(self, one.name), np.ndarray)
        }
        return replace(self, **arrays, potentials=self.per)


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class Wells(QuarticWells):
    """The minima of sampled quartic potentials.

    Attributes
    ----------
    position : ndarray, shape (n,)
        q0, where the minimum is.
    energy : ndarray, shape (n,)
        U(q0), with U(0) = 0.
    is_global : ndarray of bool, shape (n,)
        Whether no minimum of the same potential is lower.
    partner : ndarray of int, shape (n,)
        Row of the other minimum in the table that `sample` returned; -1 where there is none.
    barrier, cubic_barrier : ndarray, shape (n,)
        Energy of the saddle above this minimum, exact, and 2 b2^3/(3 b3^2) (S 14); nan where there is no
        second well.
    asymmetry : ndarray, shape (n,)
        Energy of the second well above this one, negative where this one is the upper; nan where there is
        none.
    """

    position: Array
    energy: Array
    is_global: NDArray[np.bool_]
    partner: NDArray[np.int64]
    barrier: Array
    cubic_barrier: Array
    asymmetry: Array

    def _others(self, shape: tuple[int]) -> dict[str, NDArray[Any]]:
        """Return the other columns; nan where there is no second well."""
        given = {name: array(name, getattr(self, name), shape) for name in ("position", "energy")}
        for name in ("barrier", "cubic_barrier", "asymmetry"):
            given[name] = array(name, getattr(self, name), shape, infinite=True, missing=True)
        partner = integers("partner", self.partner, shape, least=-1)
        return {**given, "partner": partner, "is_global": truths("is_global", self.is_global, shape)}
