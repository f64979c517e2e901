"""Stationarity of the cubic barrier B(z) on the unit sphere is the equation of cubic modes (S 15)."""

import itertools

import sympy as sp

from theory.derivations.steps import Derivation, Draft

SIZE = 3  # coordinates; M and U''' are free symmetric tensors, and (S 15) holds one by one of its components


def derive() -> Derivation:
    """Return dB/dz = (4 b2^2/b3^2) (M z - (b2/b3) U''' : z z)."""
    d = Draft("Stationary directions of the barrier B(z) are cubic modes")
    z = sp.symbols(f"z0:{SIZE}", real=True)
    M = sp.Matrix(SIZE, SIZE, lambda i, j: sp.Symbol(f"M{min(i, j)}{max(i, j)}"))
    third = {
        i: sp.Symbol("U" + "".join(map(str, sorted(i)))) for i in itertools.product(range(SIZE), repeat=3)
    }
    b2 = sum(M[i, j] * z[i] * z[j] for i in range(SIZE) for j in range(SIZE))
    b3 = sum(U * z[i] * z[j] * z[k] for (i, j, k), U in third.items())
    two, three, scale = sp.symbols("b2 b3 c", positive=True)
    barrier = d.step("The barrier by its two coefficients (S 14).", 2 * two**3 / (3 * three**2))
    d.conclude("cubic_barrier", (two, three), barrier)
    scaled = barrier.subs({two: scale**2 * two, three: scale**3 * three}, simultaneous=True)
    d.require("It does not depend on the length of z: no multiplier is needed.", sp.simplify(scaled), barrier)
    by_two, by_three = sp.diff(barrier, two), sp.diff(barrier, three)
    d.step("Its slopes by b2 and by b3.", sp.Tuple(by_two, by_three))
    for i in range(SIZE):
        force = sum(M[i, j] * z[j] for j in range(SIZE))
        push = sum(third[i, j, k] * z[j] * z[k] for j in range(SIZE) for k in range(SIZE))
        slope = by_two * sp.expand(sp.diff(b2, z[i])) + by_three * sp.expand(sp.diff(b3, z[i]))
        equation = 4 * two**2 / three**2 * (force - two / three * push)
        d.require(f"Component {i} of dB/dz is 4 b2^2/b3^2 times that of M z - (b2/b3) U''' : z z.",
                  sp.expand(slope), sp.expand(equation))  # fmt: skip
    return d.finish()
