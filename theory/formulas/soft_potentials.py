"""Laws of the soft potential model (S II.A, IV.G).

p is the regular part: the density of minima of (b2, b3) at given b4 is b2 p near b2 = b3 = 0, p having been
integrated over the position q0. `minimum_prefactor` takes p integrated over b3 too.
"""

from typing import Any


def minimum_prefactor(lib: Any, p: Any) -> Any:
    """Return the prefactor of D -> 2 p omega^3, all minima; p is integrated over b3 (S II.A)."""
    return 2 * p


def global_minimum_prefactor(lib: Any, p: Any, b4: Any) -> Any:
    """Return the prefactor of D -> 4 (3 b4)^(1/2) p omega^4, global minima (S II.A)."""
    return 4 * lib.sqrt(3 * b4) * p


def ratio_density(lib: Any, r: Any) -> Any:
    """Return the density of r = b3^2/(b2 b4) on (0, 3) among soft global minima, r^(-1/2)/(2 sqrt 3)."""
    return 1 / (2 * lib.sqrt(3 * r))


def barrier_integral(lib: Any, one: Any = 1) -> Any:
    """Return int_{8/3}^3 beta(r)^(-5/4) r^(-1/2) dr = (2^(15/4)/(7 sqrt 3)) (2/3^(1/4) - 1) = 0.5766...

    `one` is 1, in the number type whose precision is wanted.
    """
    fourth_root = lib.sqrt(lib.sqrt(3 * one))
    return 16 * (2 / fourth_root - 1) / (7 * lib.sqrt(3 * one) * lib.sqrt(lib.sqrt(2 * one)))


def barrier_density(lib: Any, B: Any, b4: Any, p: Any) -> Any:
    """Return p(B) -> B^(1/4) b4^(7/4) p barrier_integral/2 of global minima with a second well (S 20)."""
    root = lib.sqrt(lib.sqrt(B * b4**7))
    return root * p * barrier_integral(lib, B / B) / 2


def found_barrier_density(lib: Any, B: Any, moment: Any, p: Any) -> Any:
    """Return p(B) -> (9/(4 B))^(1/3) p moment/3 of minima in any well, moment = E|b3|^(4/3) at b2 = 0.

    p is integrated over b3, as in `minimum_prefactor`.
    """
    return lib.cbrt(9 / (4 * B)) * p * moment / 3
