"""Pseudo-harmonic modes: directions that are soft and local, from the Hessian alone.

They minimise C(z) = (z.M.z)^2 / sum_ij |z_j - z_i|^4 over directions, the sum over pairs of particles that
interact (Richard, Kapteijns, Giannini, Manning and Lerner, Phys. Rev. Lett. 126, 015501 (2021)): quartic
modes with the stretching of bonds in the place of U''''. Plane waves stretch all bonds a little,
and cost more than what is soft in one place.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import brief, integers
from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.forms import Form
from landscape.hessian import Hessian
from landscape.modes.measures import participation_ratio
from landscape.nonlinear.cubic import checked, search
from landscape.nonlinear.modes import directions, distinct, largest
from landscape.nonlinear.search import Search
from landscape.nonlinear.starts import starting_directions
from landscape.nonlinear.stationary import stationary
from landscape.protocol import Landscape

Pairs = NDArray[np.int64]


@brief()
@dataclass(frozen=True, eq=False)
class PseudoHarmonicMode:
    """A direction that is a minimum of C(z).

    Attributes
    ----------
    direction : (N,) array
        z, |z| = 1, the component of largest magnitude positive.
    b2 : float
        z.M.z.
    bonds : float
        sum_ij |z_j - z_i|^4 over the pairs, or sum_i |z_i|^4.
    cost : float
        C = b2^2/bonds.
    residual : float
        |M z - (b2/bonds) f| / |M z|, f the gradient of `bonds` over 4.
    participation : float
        e = 1/(N sum_i |z_i|^4) over particles (S 3).
    status, starts, steps
        As of `NonlinearMode`.
    """

    direction: Vector
    b2: float
    bonds: float
    cost: float
    residual: float
    participation: float
    status: str
    starts: tuple[int, ...]
    steps: int


def pseudo_harmonic_modes(
    landscape: Landscape,
    x: ArrayLike,
    *,
    pairs: ArrayLike | None = None,
    starts: str | ArrayLike = "modes",
    count: int | None = None,
    method: str = "descent",
    tol: float = 1e-9,
    max_steps: int = 1000,
    seed: int = 0,
) -> list[PseudoHarmonicMode]:
    """Return the pseudo-harmonic modes of a minimum to which the starts lead, lowest cost first.

    Only the Hessian is used: `landscape.Harmonic` with x = 0 will do.

    Parameters
    ----------
    pairs : (P, 2) array of int, optional
        Particles that interact, each pair once. If not given: those that a dense or sparse Hessian couples;
        where the landscape has no zero modes, displacements themselves count, sum_i |z_i|^4, as they do for
        oscillators on sites. Their pseudo-harmonic modes are quartic modes.
    starts, count, method, tol, max_steps, seed
        As of `cubic_modes`.

    Returns
    -------
    list of PseudoHarmonicMode

    Raises
    ------
    ValueError, ModeError
        As `cubic_modes`; where pairs are no pairs of different particles; and where they are not given, and
        cannot be read off a Hessian that is known by its products alone.

    Examples
    --------
    Four springs in a ring, one of them weak: it is stretched.

    >>> import numpy as np, landscape
    >>> k = np.array([1.0, 1.0, 0.1, 1.0])
    >>> ring = np.diag(k + np.roll(k, 1)) - np.roll(np.diag(k), 1, 0) - np.roll(np.diag(k), 1, 0).T
    >>> springs = landscape.Harmonic(ring, zero_modes=np.ones((4, 1)))
    >>> mode = landscape.pseudo_harmonic_modes(springs, np.zeros(4))[0]
    >>> [float(b) for b in mode.direction.round(2)]
    [-0.22, 0.22, 0.67, -0.67]
    """
    point = stationary(landscape, x)
    hessian, dimension = point.hessian, landscape.dimension
    tol, max_steps = checked(method, tol, max_steps)
    form = Bonds(_pairs(hessian, dimension, pairs), hessian.size, dimension)
    z = starting_directions(hessian, starts, count, seed)
    searches = search(hessian, form, z, method=method, tol=tol, max_steps=max_steps)
    with threads.single_blas():
        return _collect(searches, hessian, form, dimension)


class Bonds(Form):
    """sum_ij |z_j - z_i|^4 over pairs of particles; sum_i |z_i|^4 where there are no pairs."""

    order = 4

    def __init__(self, pairs: Pairs | None, size: int, dimension: int) -> None:
        self._pairs, self._shape = pairs, (size // dimension, dimension)

    def vectors(self, block: Matrix) -> Matrix:
        """Return a quarter of the gradient of each column, (N, m)."""
        z = block.reshape(*self._shape, -1)
        if self._pairs is None:
            return np.asarray((z * np.sum(z**2, axis=1, keepdims=True)).reshape(block.shape))
        i, j = self._pairs.T
        apart = z[j] - z[i]
        pull = apart * np.sum(apart**2, axis=1, keepdims=True)
        out = np.zeros_like(z)
        np.add.at(out, j, pull)
        np.subtract.at(out, i, pull)
        return out.reshape(block.shape)


def _pairs(hessian: Hessian, dimension: int, given: ArrayLike | None) -> Pairs | None:
    """Return the pairs (P, 2), as given or as coupled; None where displacements themselves count."""
    particles = hessian.size // dimension
    if given is not None:
        pairs = integers("pairs", given, below=particles)
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise ValueError(f"pairs have shape {pairs.shape}: must be (P, 2)")
        if np.any(own := pairs[:, 0] == pairs[:, 1]):
            raise ValueError(f"pairs hold particle {pairs[own][0, 0]} twice: they must differ")
        return pairs
    if not hessian.zero_modes.shape[1]:
        return None
    if hessian.form == "products":
        raise ValueError("pairs: not given, and a Hessian known by its products alone does not tell them")
    i, j = hessian.matrix.nonzero() if hessian.form == "sparse" else np.nonzero(hessian.dense())  # type: ignore[attr-defined]
    coupled = np.unique(np.column_stack([i // dimension, j // dimension]), axis=0)
    return np.asarray(coupled[coupled[:, 0] < coupled[:, 1]], np.int64)


def _collect(
    searches: list[Search], hessian: Hessian, form: Bonds, dimension: int
) -> list[PseudoHarmonicMode]:
    """Return the distinct modes that converged, lowest cost first, then the searches that failed."""
    z = directions(searches, hessian.zero_modes)
    z *= np.where(largest(z) < 0.0, -1.0, 1.0)[:, None]
    block = np.ascontiguousarray(z.T)
    b2, bonds = np.einsum("ij,ij->j", block, hessian.products(block)), form.values(block)
    cost, shares = b2**2 / bonds, participation_ratio(block, dimension=dimension)
    return [
        PseudoHarmonicMode(
            direction=z[best].copy(),
            b2=float(b2[best]),
            bonds=float(bonds[best]),
            cost=float(cost[best]),
            residual=searches[best].residual,
            participation=float(shares[best]),
            status=searches[best].status,
            starts=starts,
            steps=steps,
        )
        for best, starts, steps in distinct(searches, z, cost)
    ]
