"""Softening towards an instability, of the cubic and of the lowest normal mode (S IV.H, Fig. 12)."""

import math
from dataclasses import dataclass

import numpy as np

from arguments import brief, count, fraction, real
from landscape.arrays import Vector
from landscape.nonlinear.branch import Branch, BranchPoint, LostError
from landscape.nonlinear.cubic import ModeError
from landscape.nonlinear.family import Family
from landscape.nonlinear.fold import Fold
from landscape.nonlinear.modes import NonlinearMode
from landscape.nonlinear.solves import IndefiniteError

_LEAST = 1e-13  # of the way to go: shorter steps do not count as progress
_SAME = 0.5  # least squared overlap of the cubic modes of neighbouring points that are one mode


@brief()
@dataclass(frozen=True, eq=False)
class Softening:
    """The minimum that vanishes at a fold, at distances from it; the nearest first.

    Attributes
    ----------
    distance : (m,) array
        |h_c - h|, ascending.
    lowest_eigenvalue : (m,) array
        lambda of the softest normal mode psi.
    b2, b3, force : (m,) arrays
        z.M.z, U''' : z z z and F = z . d(gradient)/dh of the cubic mode z, A sum_i x_i z_i^3 and -sum_i z_i
        of oscillators in a field. It is followed from the fold, on the side where b3 <= 0: that of the fold.
    overlap, normal_overlap : (m,) arrays
        |z . psi_c| and |psi . psi_c|, psi_c the mode that vanishes at the fold.
    predicted : (m,) array
        (2 |b3 F| distance)^(1/2), with b3 and F of the fold (S 21).
    status : {"arrived", "ended"}
        ``"ended"``: on the way back the minimum vanished after what is recorded, or the cubic mode: it led to
        one whose overlap with it was below 1/2^(1/2).
    """

    distance: Vector
    lowest_eigenvalue: Vector
    b2: Vector
    b3: Vector
    force: Vector
    overlap: Vector
    normal_overlap: Vector
    predicted: Vector
    status: str


def softening(
    family: Family,
    fold: Fold,
    *,
    h_from: float,
    nearest: float = 1e-6,
    points: int = 21,
    tol: float = 1e-10,
) -> Softening:
    """Return how the minimum that ends at a fold softens on the way there from h_from.

    The way is gone backwards, from the fold on, where normal mode, cubic mode and the mode that vanishes are
    one; the cubic mode is followed from point to point. At constant disorder the same states are passed
    forwards.

    Parameters
    ----------
    family : Family
        As given to `drive`.
    fold : Fold
        Of an `Event`.
    h_from : float
        The far end, on the side of the fold where the minimum is.
    nearest : float
        The first distance from h_c, over that of h_from; in (0, 1).
    points : int
        Number of distances, at equal ratios; at least 2.
    tol : float
        Largest |gradient| of the minima, over the typical force.

    Returns
    -------
    Softening

    Raises
    ------
    ValueError
        For an argument outside its range.
    LostError
        If no minimum is found at the first distance.

    Examples
    --------
    Near the fold lambda goes to zero as the root of the distance (S 21):

    >>> import landscape
    >>> class Tilted(landscape.Family):
    ...     def at(self, h):
    ...         energy = lambda x: x[0]**4/4 - x[0]**2/2 - h*x[0]
    ...         return landscape.Functions(energy, lambda x: x**3 - x - h, 1)
    >>> fold = landscape.drive(Tilted(), [-1.0], h_from=0.0, h_to=0.5).events[0].fold
    >>> softened = landscape.softening(Tilted(), fold, h_from=0.0, points=2)
    >>> softened.distance.round(4), (softened.lowest_eigenvalue / softened.predicted).round(2)
    (array([0.    , 0.3849]), array([1.  , 1.22]))
    """
    h_from, nearest, tol = real("h_from", h_from), fraction("nearest", nearest), fraction("tol", tol)
    points = count("points", points, least=2)
    side = math.copysign(1.0, fold.force)  # of h - h_c where the minimum is, for b3 < 0
    if not side * (h_from - fold.h) > 0.0:
        raise ValueError(f"h_from = {h_from}: must be {'above' if side > 0 else 'below'} h_c = {fold.h}")
    way = abs(h_from - fold.h)
    distances = way * np.geomspace(nearest, 1.0, points)
    branch = Branch(family, tol)
    first = fold.h + side * float(distances[0])
    depth = math.sqrt(2.0 * abs(fold.force / fold.b3) * float(distances[0]))
    here = branch.point(branch.correct(fold.x - depth * fold.direction, first), first)
    found, status = [(here, _cubic(branch, here, fold.direction))], "arrived"
    try:
        for distance in distances[1:]:
            target = fold.h + side * float(distance)
            while here.h != target:
                here = branch.advance(here, target, longest=way, least=_LEAST * way)
            before = found[-1][1].direction
            mode = _cubic(branch, here, before)
            if float(mode.direction @ before) ** 2 < _SAME:
                raise ModeError("the cubic mode has gone")
            found.append((here, mode))
    except (LostError, IndefiniteError, ModeError):
        status = "ended"
    return _record(family, fold, found, status)


def _cubic(branch: Branch, here: BranchPoint, z: Vector) -> NonlinearMode:
    """Return the cubic mode that z leads to."""
    return branch.family.cubic_mode(here.x, here.h, z)


def _record(
    family: Family, fold: Fold, found: list[tuple[BranchPoint, NonlinearMode]], status: str
) -> Softening:
    distance = np.array([abs(point.h - fold.h) for point, _ in found])
    modes = [mode for _, mode in found]
    return Softening(
        distance=distance,
        lowest_eigenvalue=np.array([point.eigenvalues[0] for point, _ in found]),
        b2=np.array([mode.b2 for mode in modes]),
        b3=np.array([-mode.b3 for mode in modes]),
        force=np.array([-family.felt(point.x, point.h, mode.direction) for point, mode in found]),
        overlap=np.array([abs(float(mode.direction @ fold.direction)) for mode in modes]),
        normal_overlap=np.array([abs(float(point.direction @ fold.direction)) for point, _ in found]),
        predicted=np.sqrt(2.0 * abs(fold.b3 * fold.force) * distance),
        status=status,
    )
