"""First order in temperature of any average, (S 22), for a general energy; equipartition."""

import itertools
from typing import Any

import sympy as sp

from theory import formulas
from theory.derivations.steps import Derivation, Draft

Tensor = dict[tuple[int, ...], sp.Symbol]


def derive() -> Derivation:
    """Return d<O>/dT at T = 0 for a general energy and observable.

    The steps are shown for two coordinates with free tensors. The last one repeats them for four: no term
    of (S 22) couples more than the four indices of O' . G . (U''' : G), so four stand for any number.
    """
    d = Draft("Averages to first order in temperature")
    arguments, derived = _slope(2, d)
    d.conclude("thermal_slope", arguments, derived)
    more, derived_of_four = _slope(4, None)
    stated = sp.expand(formulas.thermal_slope(sp, *more))
    d.require(
        "With four coordinates, derived less stated is", sp.expand(derived_of_four - stated), sp.Integer(0)
    )
    _equipartition(d, more, derived_of_four)
    return d.finish()


def _slope(size: int, d: Draft | None) -> tuple[tuple[Any, ...], Any]:
    """Return (O', O'', G, U''') as nested lists, and the coefficient of T in <O>."""
    t, y = sp.Symbol("t", positive=True), sp.symbols(f"y0:{size}", real=True)
    slope, curvature, third = (_tensor(*kind, size) for kind in (("O", 1), ("O", 2), ("U", 3)))
    observable = t * _form(slope, y) + t**2 * _form(curvature, y) / 2
    excess = t * _form(third, y) / 6  # and t^2 U''''/24, which meets no term of O below t^3
    first = sp.expand(observable * (1 - excess))
    G = [[sp.Symbol(f"G{min(i, j)}{max(i, j)}") for j in range(size)] for i in range(size)]
    derived = _mean(first.coeff(t, 2), y, G)
    if d:
        d.step("With x = t y, t = T^(1/2), the energy over T beyond y.M.y/2 is, to order t,", excess)
        d.step("Order t^2 of (O - O(0)) exp(-excess).", first.coeff(t, 2))
        d.require(
            "Order t has no mean over the normal law of y.", _mean(first.coeff(t, 1), y, G), sp.Integer(0)
        )
        d.step("Mean of order t^2, where <y_i y_j> = G_ij = (M^-1)_ij; the norm is 1 + O(T).", derived)
    return (_nested(slope, 1, size), _nested(curvature, 2, size), G, _nested(third, 3, size)), derived


def _equipartition(d: Draft, arguments: tuple[Any, ...], derived: Any) -> None:
    """Put O = U: O' = 0 at the minimum, O'' = M."""
    slope, curvature, G, _ = arguments
    total = 2 * derived.subs(dict.fromkeys(slope, 0))
    d.require("For O = U, O' = 0: twice the slope is the trace of O'' G = M M^-1, the number of coordinates.",
              sp.expand(total), sp.expand((sp.Matrix(curvature) * sp.Matrix(G)).trace()))  # fmt: skip


def _tensor(name: str, rank: int, size: int) -> Tensor:
    """Return a symmetric tensor of free symbols by its indices."""
    indices = itertools.product(range(size), repeat=rank)
    return {i: sp.Symbol(f"{name}{''.join(map(str, sorted(i)))}") for i in indices}


def _form(tensor: Tensor, x: tuple[Any, ...]) -> Any:
    """Return the tensor contracted with x on every index."""
    return sum(value * sp.prod(x[i] for i in index) for index, value in tensor.items())


def _nested(tensor: Tensor, rank: int, size: int, index: tuple[int, ...] = ()) -> Any:
    """Return a tensor as nested lists."""
    if rank == 0:
        return tensor[index]
    return [_nested(tensor, rank - 1, size, (*index, i)) for i in range(size)]


def _mean(polynomial: Any, y: tuple[sp.Symbol, ...], G: list[list[sp.Symbol]]) -> Any:
    """Return the mean over the normal law of covariance G, from the series of exp(j.G.j/2) in j."""
    j = sp.symbols(f"j0:{len(y)}", real=True)
    exponent = sum(G[a][b] * j[a] * j[b] for a in range(len(y)) for b in range(len(y))) / 2
    series = {n: sp.Poly(sp.expand(exponent**n) / sp.factorial(n), *j) for n in (1, 2)}
    total = sp.Integer(0)
    for powers, coefficient in sp.Poly(polynomial, *y).terms():
        half, odd = divmod(sum(powers), 2)
        if not odd:
            moment = series[half].coeff_monomial(powers) * sp.prod(sp.factorial(n) for n in powers)
            total += coefficient * moment
    return sp.expand(total)
