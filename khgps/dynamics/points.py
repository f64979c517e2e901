"""Scrambled Sobol points: what one batch averages over."""

import numpy as np
import scipy
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray

from landscape import disorder

Array = NDArray[np.float64]
DIMENSIONS = 320  # stiffness, start, and as many normal numbers as the fields of a trajectory may need
DEGREE = 5


def uniform_points(samples: int, *, seed: int, batch: int) -> Array:
    """Return (DIMENSIONS, samples) numbers in (0, 1), each row even to 1/samples; samples a power of two.

    Sobol's points with nested scrambling of their bits, independent between batches: by the hash of Laine
    and Karras with the constants of Burley (2020).
    """
    points = scipy.stats.qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random(samples)
    words = np.ascontiguousarray(np.ldexp(points.T, 32)).astype(np.uint32)
    keys = disorder.vector_words(1, DIMENSIONS, seed=seed, sample=batch, label="dynamics")[:DIMENSIONS]
    scrambled = _reversed(_mixed(_reversed(words), keys.astype(np.uint32)[:, None]))
    return (scrambled.astype(np.float64) + 0.5) * 2.0**-32


def normal_points(uniform: Array) -> Array:
    """Return standard normal numbers of uniform ones, both (rows, samples); row 0 stays, that of stiffnesses.

    Row by row they are made orthogonal to polynomials in row 0 and to the rows before, and of mean square
    one: with them go most of the noise of first moments and that of second ones.
    """
    rows, samples = uniform.shape
    held = min(rows, samples // 4)  # more would leave no room in the space of samples
    columns = np.hstack([legvander(2.0 * uniform[0] - 1.0, DEGREE), scipy.special.ndtri(uniform[1:held]).T])
    frame, triangle = np.linalg.qr(columns)
    frame *= np.sign(np.diagonal(triangle)) * np.sqrt(samples)
    found = np.vstack([uniform[:1], frame[:, DEGREE + 1 :].T, scipy.special.ndtri(uniform[held:])])
    return np.ascontiguousarray(found)


def _mixed(v: NDArray[np.uint32], key: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return words whose every bit is flipped or not by a hash of the lower ones."""
    v = v ^ (v * np.uint32(0x3D20ADEA))
    v = (v + key) * ((key >> np.uint32(16)) | np.uint32(1))
    v = v ^ (v * np.uint32(0x05526C56))
    return v ^ (v * np.uint32(0x53A22864))


def _reversed(v: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return words with their bits in the opposite order."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF)):
        m, k = np.uint32(mask), np.uint32(shift)
        v = ((v >> k) & m) | ((v & m) << k)
    return (v >> np.uint32(16)) | (v << np.uint32(16))
