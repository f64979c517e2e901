"""Rotation of a direction z towards d on the ellipsoid z.M.z = 1, to the first minimum of the barrier.

There b2 = 1 everywhere, and the barrier of order p falls as |b_p| grows, b_p the form of z: for p = 3 it is
the cubic barrier 2/(3 b3^2), for p = 4 it is b2^2/b4. The gradient of p ln(b2)/2 - ln|b_p| is p g,
g = M z - f/b_p, f the vector of the form (U''' : z z for p = 3), with g.z = 0. With d made M-orthogonal to
z and of the same length, b_p(z cos t + d sin t) = sum_k c_k cos(t)^(p-k) sin(t)^k.
"""

import math

import numpy as np

from landscape.arrays import Vector
from landscape.forms import Diagonal, Form
from landscape.nonlinear import diagonal
from landscape.nonlinear.diagonal import first_maximum, value


class Rotation:
    """The rotations of one direction, by any form: two vectors of it each for p = 3, three for p = 4.

    Attributes
    ----------
    threaded : bool
        Whether many directions may be rotated side by side.
    """

    threaded = False

    def __init__(self, form: Form) -> None:
        self.form, self.order = form, form.order
        self._f = np.empty(0)

    def level(self, z: Vector, mz: Vector, g: Vector) -> tuple[float, float]:
        """Scale z and M z to z.M.z = 1 in place and fill g; return (|g|/|M z|, max |g_i|), nan for b_p = 0.

        nan, and nothing else is done, also for z.M.z <= 0.
        """
        b2 = float(z @ mz)
        if not b2 > 0.0:
            return math.nan, math.nan
        z /= math.sqrt(b2)
        mz /= math.sqrt(b2)
        self._f = self.form.vector(z)
        bp = float(self._f @ z)
        if bp == 0.0:
            return math.nan, math.nan
        g[:] = mz - self._f / bp
        return float(np.linalg.norm(g) / np.linalg.norm(mz)), float(np.abs(g).max())

    def rotate(
        self, z: Vector, mz: Vector, g: Vector, d: Vector, md: Vector, plain: bool
    ) -> tuple[float, float, bool]:
        """Rotate z and M z in place towards d, d with them; return (t, share of d in z, whether plain).

        If `plain`, to z + d where |b_p| is no smaller there; else to the first maximum of |b_p|. (0, 0,
        False) where d leads nowhere: it is parallel to z, or |b_p| does not grow along it.
        """
        along = float(d @ mz)
        d -= along * z
        md -= along * mz
        square, downhill = float(d @ md), -float(d @ g)
        if not (square > 0.0 and downhill > 0.0):
            return 0.0, 0.0, False
        length = math.sqrt(square)
        d /= length
        md /= length
        c = self.form.along(z, d, own=self._f)
        c[1] = self.order * c[0] * (downhill / length)  # the same number, without the cancellation in its sum
        t = math.atan2(length, 1.0 + along)
        taken = plain and abs(value(c, t)) >= abs(c[0])
        if not taken:
            t = float(first_maximum(c))
        u, v = math.cos(t), math.sin(t)
        old = z.copy()
        z[:] = u * z + v * d
        mz[:] = u * mz + v * md
        d[:] = length * (u * d - v * old)
        return t, v / length, taken


class DiagonalRotation(Rotation):
    """The same for a diagonal form, by kernels."""

    threaded = True

    def __init__(self, form: Diagonal) -> None:
        self._w, self.order = form.weights, form.order

    def level(self, z: Vector, mz: Vector, g: Vector) -> tuple[float, float]:
        """Return what `Rotation.level` does."""
        residual, largest = diagonal.level(z, mz, self._w, self.order, g)
        return residual, largest

    def rotate(
        self, z: Vector, mz: Vector, g: Vector, d: Vector, md: Vector, plain: bool
    ) -> tuple[float, float, bool]:
        """Return what `Rotation.rotate` does."""
        t, share, taken = diagonal.rotate(z, mz, self._w, self.order, g, d, md, plain)
        return t, share, taken


def rotation(form: Form) -> Rotation:
    """Return the rotations of a new direction."""
    return DiagonalRotation(form) if isinstance(form, Diagonal) else Rotation(form)
