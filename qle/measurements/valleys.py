"""Cubic modes of glasses beside the soft directions that they are near to, and the valleys along these."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import landscape
from glass import PairGlass
from landscape import Landscape, Valley
from landscape.modes.inverse import Inverse
from theory import formulas

Array = NDArray[np.float64]
STARTS = 60  # softest normal modes from which pseudo-harmonic modes are searched
RESIDUAL = 1e-8  # of a mode, above which it does not count
NEAR = 0.7  # least overlap of a cubic mode with the soft direction that it is said to belong to
SOFT = 1.5  # largest b2 of a soft one; the phonon of longest wave has 1.0 at N = 400
STEP = 0.05  # along a valley, in units of (b2/b4)^(1/2)
_STILL = 1e-11  # step of Newton's method across a valley, over `length`, with which it has arrived
_NEWTON = 20  # steps to it


@dataclass(frozen=True, eq=False)
class ValleyModes:
    """Cubic modes of glasses, each with its nearest pseudo-harmonic mode z.

    Attributes
    ----------
    ratio : (n,) array
        r of the cubic mode.
    exact : (n,) array
        X/b4 along it.
    soft_ratio, undone : (n,) arrays
        r_z and f along z.
    overlap : (n,) array
        |pi.z|.
    backward : (n,) array of bool
        Whether it was found only from z tilted backwards, the search for the mode behind the barrier of B.
    b2 : (n,) array
    sample : (n,) array of int
    """

    ratio: Array
    exact: Array
    soft_ratio: Array
    undone: Array
    overlap: Array
    backward: NDArray[np.bool_]
    b2: Array
    sample: NDArray[np.int64]

    @property
    def near(self) -> NDArray[np.bool_]:
        """Which belong to their soft direction."""
        return (self.overlap > NEAR) & ~self.backward

    @property
    def soft(self) -> NDArray[np.bool_]:
        """Which of these are soft, beside the response of the rest."""
        return self.near & (self.b2 < SOFT)

    @property
    def predicted(self) -> Array:
        """r_+ of f and r_z, with no parameter."""
        return np.asarray(formulas.valley_ratio(np, self.undone, self.soft_ratio))


def collected(rows: list[Array]) -> ValleyModes:
    """Return the table of the rows of samples 0, 1 .., as `modes_near` has them."""
    sample = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
    ratio, exact, soft_ratio, undone, overlap, backward, b2 = np.concatenate(rows).T
    return ValleyModes(ratio, exact, soft_ratio, undone, overlap, backward > 0.0, b2, sample)


class Soft(NamedTuple):
    """Soft directions of a glass.

    Attributes
    ----------
    directions : (N d, m) array
        Pseudo-harmonic modes, least cost first.
    valley : Valley
        Along them.
    """

    directions: Array
    valley: Valley


def soft_directions(glass: PairGlass, x: Array) -> Soft:
    """Return the pseudo-harmonic modes of a minimum that its softest normal modes lead to."""
    bonds = glass.bonds(x, 0)
    pairs = np.column_stack([bonds.i, bonds.j])
    modes = landscape.pseudo_harmonic_modes(glass, x, pairs=pairs, count=STARTS)
    z = np.column_stack([mode.direction for mode in modes if mode.residual < RESIDUAL])
    return Soft(z, landscape.valley(glass, x, z))


def modes_near(glass: PairGlass, x: Array, soft: Soft) -> Array:
    """Return (r, X/b4, r_z, f, overlap, backward, b2) of the cubic modes that soft directions lead to.

    In rows, that of the lowest barrier first, each mode with the direction of largest overlap.
    """
    z, along = soft
    starts = np.column_stack([z, z + backward_tilt(along)])
    modes = [m for m in landscape.cubic_modes(glass, x, starts=starts) if m.residual < RESIDUAL]
    pi = np.column_stack([mode.direction for mode in modes])
    own = landscape.valley(glass, x, pi)
    overlap = np.abs(pi.T @ z)
    best = overlap.argmax(axis=1)
    behind = [min(mode.starts) >= z.shape[1] for mode in modes]
    known = (own.ratio, own.response / own.b4, along.ratio[best], along.undone[best])
    return np.column_stack([*known, overlap.max(axis=1), behind, own.b2])


def backward_tilt(along: Valley) -> Array:
    """Return what leads from z to the second minimum of B that two coordinates have (`bent_valley`), (N, m).

    Where b3 > 0 the response has there the weight -((b2 b4)^(1/2)/4) (r_z^(1/2) + (r_z + 8 f/3)^(1/2))/c.
    """
    f, r = along.undone, along.ratio
    weight = np.sqrt(along.b2 * along.b4) / 4.0 * (np.sqrt(r) + np.sqrt(r + 8.0 * f / 3.0))
    return np.asarray(along.bend * (np.sign(along.b3) * weight * 3.0 / (f * along.b4)))


def valley_quartic(glass: Landscape, x: Array, z: Array, along: Valley) -> float:
    """Return the fourth derivative of the energy along the valley of one direction, from energies on it.

    These are least at each z.M.(x - x0) = s b2; differences of even order at two steps, extrapolated.
    """
    normal = glass.hessian(x).products(z[:, None])[:, 0]
    here, unit = glass.energy(x), float(np.sqrt(along.b2 / along.b4))
    found = []
    for step in (STEP * unit, STEP * unit / 2.0):
        ends = [across(glass, x + s * z + s**2 / 2.0 * along.bend, normal) for s in (step, -step)]
        excess = sum(glass.energy(end) - here for end in ends) - along.b2 * step**2
        found.append(12.0 * excess / step**4)
    return float(4.0 * found[1] - found[0]) / 3.0


def across(glass: Landscape, x: Array, normal: Array) -> Array:
    """Return where the energy is least in the plane through x across a normal, by Newton's method."""
    for _ in range(_NEWTON):
        point = glass.at(x)
        inverse = Inverse(point.hessian)
        force, lean = inverse.solve(np.column_stack([point.gradient, normal])).T
        step = lean * (float(normal @ force) / float(normal @ lean)) - force
        x = x + step
        if float(np.abs(step).max()) <= _STILL * glass.length:
            return x
    raise RuntimeError(f"Newton's method across a valley: steps of {np.abs(step).max():.3g} remain")
