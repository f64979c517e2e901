"""Why r = b3^2/(b2 b4) of cubic modes is bounded from below where valleys are curved (S IV.G)."""

from typing import Any

import sympy as sp

from theory.derivations.steps import Derivation, Draft

SIZE = 3  # coordinates: M is a free symmetric matrix, z the first axis


def derive() -> Derivation:
    """Return r of cubic modes from the response to them, for two coordinates, and in bent models."""
    d = Draft("Straight lines on curved valleys")
    _response(d)
    _valley(d)
    _pair(d)
    _bent(d)
    return d.finish()


def _response(d: Draft) -> None:
    """Derive r = X/b4 and r = f_perp/(3 s^2) of any cubic mode."""
    M = sp.Matrix(SIZE, SIZE, lambda i, j: sp.Symbol(f"M{min(i, j)}{max(i, j)}"))
    pi, z = sp.Matrix(sp.symbols(f"p0:{SIZE}")), sp.Matrix([1] + [0] * (SIZE - 1))
    b2, b3, F, s2, r = sp.symbols("b2 b3 F s2 r", positive=True)
    push = d.step("At a cubic mode U''' : pi pi is, by (S 15),", b3 / b2 * M * pi)
    stiffness = sp.expand((pi.T * M * pi)[0])
    response = _norm(M, push)
    d.require("X = U''' : pi pi . M^-1 . U''' : pi pi is (b3/b2)^2 pi.M.pi. As b2 = pi.M.pi, X is r b4, r = "
              "b3^2/(b2 b4), in any landscape.", response, b3**2 / b2**2 * stiffness)  # fmt: skip
    across = push - M * z * push[0] / M[0, 0]
    beside = pi - z * (M * pi)[0] / M[0, 0]
    energy = (beside.T * M * beside)[0]
    d.require("Of any direction z take the part of the response that is M-orthogonal to it, X_perp. It is "
              "(b3/b2)^2 s^2 b2, s^2 b2 the energy of the part of pi M-orthogonal to z.",
              _norm(M, across), sp.cancel(b3**2 / b2**2 * energy))  # fmt: skip
    undone = d.step("So f_perp = 3 X_perp/b4 is", 3 * s2 * r)
    found = sp.solve(sp.Eq(F, undone), r)[0]
    d.conclude("bent_ratio", (F, s2), d.step("and r, where f_perp = F,", found))
    d.require("As s^2 <= 1, r is at least F/3:", found.subs(s2, 1), F / 3)


def _norm(M: sp.Matrix, push: sp.Matrix) -> Any:
    return sp.cancel((push.T * M.adjugate() * push)[0] / M.det())


def _valley(d: Draft) -> None:
    """Let a stiff coordinate y follow z."""
    z, y = sp.symbols("z y", real=True)
    b2, b3, b4, k, c, X, r = sp.symbols("b2 b3 b4 k c X r", positive=True)
    straight = b2 * z**2 / 2 + b3 * z**3 / 6 + b4 * z**4 / 24
    energy = d.step("All that responds to z to second order is one coordinate y, M-orthogonal to z.",
                    straight + k * y**2 / 2 + c * y * z**2 / 2)  # fmt: skip
    bottom = d.step("The energy is least at y =", sp.solve(sp.diff(energy, y), y)[0])
    along = sp.expand(energy.subs(y, bottom)).coeff(z, 4) * 24
    d.require("There, along the valley, the fourth derivative is", along, b4 - 3 * c**2 / k)
    total = b3**2 / b2 + c**2 / k
    d.step("The response to z, with z itself, is X =", total)
    share = (1 - along / b4).subs(c, sp.sqrt(k * (X - r * b4)))
    d.conclude("undone_share", (X, b4, r), sp.simplify(share))


def _pair(d: Draft) -> None:
    """Find the cubic modes of z and y, without U''' : z y y, U''' : y y y and the change of b4."""
    p = sp.Symbol("p", real=True)
    b2, b3, b4, k, c, f, r_z = sp.symbols("b2 b3 b4 k c f r_z", positive=True)
    stiffness, cubic = b2 + k * p**2, b3 + 3 * c * p
    d.step("Leave out U''' : z y y, U''' : y y y and the change of b4 on tilting. Along (1, p) b2 and b3 are",
           sp.Tuple(stiffness, cubic))  # fmt: skip
    balance = sp.cancel(sp.diff(stiffness**3 / cubic**2, p) * cubic**3 / (6 * stiffness**2))
    d.require("B is stationary where k p b3 = c b2:", balance, sp.expand(k * p * cubic - c * stiffness))
    roots = sp.solve(balance, p)
    scale = {b3: sp.sqrt(r_z * b2 * b4), c: sp.sqrt(f * k * b4 / 3)}
    shapes = [sp.simplify((cubic**2 / (stiffness * b4)).subs(p, root).subs(scale)) for root in roots]
    lower, upper = sorted(shapes, key=lambda shape: float(shape.subs({f: 1, r_z: 1, b2: 1, b4: 1, k: 1})))
    half = sp.sqrt(r_z * (r_z + 8 * f / 3)) / 2
    d.conclude("valley_ratio", (f, r_z), upper)
    d.conclude("backward_ratio", (f, r_z), lower)
    plus, minus = f + r_z / 2 + half, f + r_z / 2 - half
    d.step("With b3^2 = r_z b2 b4 and 3 c^2 = f k b4 the two solutions have r =", sp.Tuple(plus, minus))
    d.require("They lie on either side of the direction with b3 = 0, where B is infinite: both are minima of "
              "B. The first has r_+ >= f + r_z, as the square of twice the root less r_z^2 is not negative,",
              sp.expand(4 * half**2 - r_z**2), 8 * f * r_z / 3)  # fmt: skip
    d.require("and r_+ r_- is", sp.expand(plus * minus), f**2 + f * r_z / 3)
    d.require("so r_- is f at r_z = 0", minus.subs(r_z, 0), f)
    d.require("and f/3 where r_z is large,", sp.limit(f * (f + r_z / 3) / plus, r_z, sp.oo), f / 3)
    slope = sp.diff(minus, r_z)
    d.require("with a slope between that is never positive, (1 - a/b)/2 with a^2 - b^2 =",
              sp.expand((r_z + 4 * f / 3) ** 2 - r_z * (r_z + 8 * f / 3)), 16 * f**2 / 9)  # fmt: skip
    d.require("(b twice the root, a = r_z + 4 f/3),", slope, (1 - (r_z + 4 * f / 3) / (2 * half)) / 2)
    d.require("B is (2/3) (k p/c)^2 (b2 + k p^2): the first, of the smaller |p|, is the lower. Without "
              "curvature, f = 0, its r is", plus.subs(f, 0), r_z)  # fmt: skip


def _bent(d: Draft) -> None:
    """Add a stiff coordinate to each site of an oscillator model."""
    x, y, u, e, v = sp.symbols("x y u e v", real=True)
    K, g, A, b2, b3 = sp.symbols("K g A b2 b3", positive=True)
    added = d.step("Bent models add to each site", K * (y + g * x**2 / 2) ** 2 / 2)
    best = sp.solve(sp.diff(added, y), y)[0]
    d.require("It is least, and zero, at y = -g x^2/2: minima, saddles and what lies between stay.",
              added.subs(y, best), sp.Integer(0))  # fmt: skip
    moved = added.subs({x: x + u, y: best + e - g * x * u}, simultaneous=True)
    d.require("From there, e = dy + g x dx beside u = dx, it is", sp.expand(moved),
              sp.expand(K * (e + g * u**2 / 2) ** 2 / 2))  # fmt: skip
    quartic = A + 24 * sp.expand(moved).coeff(u, 4)
    d.step("So e is M-orthogonal to all u, b2 gains K e^2, b3 gains 3 K g e u^2, and A becomes", quartic)
    d.conclude("bent_share", (K, g, A), sp.together(1 - A / quartic))
    tilt = d.step("The slope of B by e vanishes where e is", b2 / b3 * g * u**2)
    b4 = quartic * (u**4 + v**4)
    s2 = K * (tilt**2 + tilt.subs(u, v) ** 2) / b2
    F = 3 * K * g**2 / (A + 3 * K * g**2)
    d.require("Two sites stand for all: with s^2 = K sum e^2/b2, F/(3 s^2) is b3^2/(b2 b4) in every mode.",
              sp.cancel(F / (3 * s2)), sp.cancel(b3**2 / (b2 * b4)))  # fmt: skip
