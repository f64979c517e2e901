"""Wells and barriers of U(s) = b2 s^2/2 + b3 s^3/6 + b4 s^4/24 (S 1), b2, b4 > 0; in units, r = b3^2/(b2 b4).

Positions are for b3 > 0; b3 < 0 is the mirror image. They are written so that nothing cancels as b2 -> 0.
"""

from typing import Any


def cubic_barrier(lib: Any, b2: Any, b3: Any) -> Any:
    """Return the barrier of b2 s^2/2 + b3 s^3/6, 2 b2^3/(3 b3^2) (S 14)."""
    return 2 * b2**3 / (3 * b3**2)


def cubic_barrier_position(lib: Any, b2: Any, b3: Any) -> Any:
    """Return where the cubic barrier is, s = -2 b2/b3 (below S 14)."""
    return -2 * b2 / b3


def stability_margin(lib: Any, b2: Any, b3: Any, b4: Any) -> Any:
    """Return 3 b2 b4 - b3^2: s = 0 is the global minimum where it is >= 0 (S II.A)."""
    return 3 * b2 * b4 - b3**2


def double_well_margin(lib: Any, b2: Any, b3: Any, b4: Any) -> Any:
    """Return 3 b3^2 - 8 b2 b4: there is a second minimum where it is > 0 (S IV.G)."""
    return 3 * b3**2 - 8 * b2 * b4


def barrier_position(lib: Any, b2: Any, b3: Any, b4: Any) -> Any:
    """Return where the maximum between the two wells is, for b3 > 0 and 3 b3^2 > 8 b2 b4."""
    return -12 * b2 / (3 * b3 + lib.sqrt(9 * b3**2 - 24 * b2 * b4))


def second_well_position(lib: Any, b2: Any, b3: Any, b4: Any) -> Any:
    """Return where the second minimum is, for b3 > 0 and 3 b3^2 > 8 b2 b4."""
    return -(3 * b3 + lib.sqrt(9 * b3**2 - 24 * b2 * b4)) / (2 * b4)


def second_well_energy(lib: Any, b2: Any, b4: Any, r: Any) -> Any:
    """Return U at the second minimum, for r > 8/3: positive for r < 3, zero at 3, negative beyond."""
    sigma = (3 * lib.sqrt(r) + lib.sqrt(9 * r - 24)) / 2
    return sigma**2 * (12 - sigma**2) / 72 * b2**2 / b4


def barrier_shape(lib: Any, r: Any) -> Any:
    """Return beta = B b4/b2^2 of the exact barrier between the wells, r > 8/3: 1/2 at 8/3, 3/8 at 3."""
    sigma = 12 / (3 * lib.sqrt(r) + lib.sqrt(9 * r - 24))
    return sigma**2 * (12 - sigma**2) / 72


def quartic_barrier(lib: Any, b2: Any, b4: Any, r: Any) -> Any:
    """Return the exact barrier seen from s = 0, beta(r) b2^2/b4 with r = b3^2/(b2 b4) > 8/3 (S 19)."""
    return barrier_shape(lib, r) * b2**2 / b4
