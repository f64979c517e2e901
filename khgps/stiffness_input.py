"""From what a user gives as a law of the stiffness to its pieces: tables, densities, point masses, text."""

import json
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import chebval, chebvander
from numpy.typing import ArrayLike, NDArray

from arguments import array, shown
from khgps.stiffness_law import Piece, StiffnessLaw

Array = NDArray[np.float64]
Density = Callable[[Array], ArrayLike]

ORDERS = 16  # of the polynomial of one panel
SMOOTH = 1e-13  # last terms of its series, in units of the largest of the panel,
NEGLIGIBLE = 1e-16  # or of the whole law
NARROWEST = 1e4  # panels, in units of the rounding of kappa
MOST_PANELS = 4096
UNRESOLVED = 1e-5  # share of the law that may lie in the narrowest panels, if they are not smooth
VANISHING = 1e-8  # of the smooth part at the lower edge, in units of its largest value


def given_law(given: object, kappa_min: float, kappa_0: float, beta: float) -> StiffnessLaw:
    """Return the law that a user gives; kappa_min, kappa_0 and beta are the support and edge of a density.

    Raises
    ------
    ValueError
        With name, value and rule.
    """
    if isinstance(given, StiffnessLaw):
        return given
    if isinstance(given, str):
        return _from_text(given)
    if callable(given):
        return law_of_density(given, kappa_min, kappa_0, beta)
    if not isinstance(given, Sequence | np.ndarray) or getattr(given, "ndim", 1) == 0 or len(given) != 2:
        raise ValueError(
            f"stiffness = {shown(given)}: must be a table (kappa, density), a function or a StiffnessLaw"
        )
    return law_of_table(given[0], given[1])


def law_of_table(kappa: ArrayLike, density: ArrayLike) -> StiffnessLaw:
    """Return the law whose density is linear between the points of a table, made to have the integral one.

    A kappa given twice is a jump; where two neighbours are zero there is a gap.
    """
    kappa = array("stiffness[0]", kappa, ("rows",))
    density = array("stiffness[1]", density, ("rows",), least=0.0)
    if kappa.size < 2 or kappa.size != density.size:
        raise ValueError(
            f"stiffness: {kappa.size} kappa and {density.size} densities: must be as many, at least 2"
        )
    for i in range(1, kappa.size):
        if kappa[i] < kappa[i - 1]:
            raise ValueError(f"stiffness[0][{i}] = {kappa[i]}: must be >= the one before, {kappa[i - 1]}")
        if i > 1 and kappa[i] == kappa[i - 2]:
            raise ValueError(f"stiffness[0][{i}] = {kappa[i]}: must be given at most twice, for a jump")
    pieces = []
    for low, high, start, end in zip(*_neighbours(kappa), *_neighbours(density), strict=True):
        if low == high or start == end == 0.0:
            continue
        mean, slope = 0.5 * (high - low) * (start + end), 0.5 * (high - low) * (end - start)
        if start == 0.0 or start == end:
            pieces.append(Piece(low, high, float(start == 0.0), (mean,)))
        else:
            pieces.append(Piece(low, high, 0.0, (mean, slope)))
    return _normalised(pieces)


def _neighbours(values: Array) -> tuple[list[float], list[float]]:
    return values[:-1].tolist(), values[1:].tolist()


def law_of_points(kappa: ArrayLike, weights: ArrayLike) -> StiffnessLaw:
    """Return the law of stiffnesses that have a few values alone, of weights > 0, made to have the sum one.

    Raises
    ------
    ValueError
        With name, value and rule.

    Examples
    --------
    >>> from khgps import KHGPS, law_of_points
    >>> KHGPS(N=4, J=0.1, h=0.01, stiffness=law_of_points([0.5, 1.0], [1, 3])).law
    StiffnessLaw(2 pieces on [0.5, 1.0], beta = 0.0)
    """
    kappa = array("kappa", kappa, ("n",))
    weights = array("weights", weights, (kappa.size,), above=0.0)
    for one, other in pairwise(kappa.tolist()):
        if not one < other:
            raise ValueError(f"kappa = {other}: must be > the one before, {one}")
    return _normalised(
        [Piece(k, k, 0.0, (w,)) for k, w in zip(kappa.tolist(), weights.tolist(), strict=True)]
    )


def _from_text(text: str) -> StiffnessLaw:
    """Return the law of `StiffnessLaw.text`."""
    try:
        pieces = [
            Piece(float(low), float(high), float(beta), tuple(map(float, shape)))
            for low, high, beta, shape in json.loads(text)
        ]
    except (ValueError, TypeError):
        raise ValueError(f"stiffness = {shown(text)}: must be the text of a StiffnessLaw") from None
    return StiffnessLaw(tuple(pieces))


def _normalised(pieces: Sequence[Piece]) -> StiffnessLaw:
    """Return pieces as a law."""
    total = math.fsum(one.mass for one in pieces)
    if not 0.0 < total < math.inf:
        raise ValueError(f"stiffness: its integral is {total}: must be finite and > 0")
    return StiffnessLaw(
        tuple(one._replace(shape=tuple(term / total for term in one.shape)) for one in pieces)
    )


def law_of_density(density: Density, kappa_min: float, kappa_0: float, beta: float) -> StiffnessLaw:
    """Return the law of a density on [kappa_min, kappa_0], made to have the integral one.

    Parameters
    ----------
    density : callable
        density(kappa) for an array (n,) gives one of the same shape: (kappa - kappa_min)^beta times what is
        smooth at kappa_min, finite there and > 0. Kinks, jumps and roots elsewhere cost panels: it is
        expanded on panels that are halved until its series end.
    """
    if kappa_min == kappa_0:
        raise ValueError(f"kappa_min = {kappa_min}: must be < kappa_0 = {kappa_0} for a density between them")
    ends = np.array([[kappa_min, kappa_0]])
    found: list[tuple[float, float, Array, bool]] = []
    total, rounding = 0.0, np.finfo(float).eps * max(abs(kappa_min), abs(kappa_0))
    while ends.size:
        series = _series(density, ends, kappa_min, beta)
        total = total or float(np.abs(series).max())
        middle, width = 0.5 * (ends[:, 0] + ends[:, 1]), ends[:, 1] - ends[:, 0]
        smooth = _smooth(np.abs(series), total, rounding / width)
        done = smooth | (width <= NARROWEST * rounding)
        found += [(*ends[i].tolist(), series[i], bool(smooth[i])) for i in np.flatnonzero(done)]
        if len(found) + 2 * np.count_nonzero(~done) > MOST_PANELS:
            raise ValueError("stiffness: the density has too many kinks to be expanded: give a table")
        left, right, cut = ends[~done, 0], ends[~done, 1], middle[~done]
        ends = np.stack([left, cut, cut, right], axis=1).reshape(-1, 2)
    found.sort(key=lambda one: one[0])
    _check_edge(found[0], beta)
    pieces = [
        Piece(low, high, beta if low == kappa_min else 0.0, _trimmed(series))
        for low, high, series, _ in found
        if np.any(series != 0.0)
    ]
    law = _normalised(pieces)
    rough = {low for low, _, _, smooth in found if not smooth}
    for one in law.pieces:
        if one.low in rough and one.mass > UNRESOLVED:
            raise ValueError(f"stiffness: the density near kappa = {one.low:.6g}: has too sharp a peak")
    return law


def _smooth(series: Array, total: float, rounding: Array) -> NDArray[np.bool_]:
    """Return which of the series end, but for what the rounding of kappa does to them; all are >= 0."""
    noise = 8.0 * rounding * (series @ np.arange(ORDERS))
    tail = series[:, -3:].max(axis=1)
    return np.asarray(tail <= np.maximum(SMOOTH * series.max(axis=1), NEGLIGIBLE * total) + noise)


def _series(density: Density, ends: Array, kappa_min: float, beta: float) -> Array:
    """Return the Chebyshev series of the shape on panels (n, 2): (n, ORDERS)."""
    nodes = np.cos(math.pi * (np.arange(ORDERS) + 0.5) / ORDERS)
    width = ends[:, 1:] - ends[:, :1]
    distance = 0.5 * width * (1.0 + nodes)
    values = _values(density, (ends[:, :1] + distance).ravel()).reshape(distance.shape)
    first = ends[:, 0] == kappa_min
    values[first] *= (width / distance)[first] ** beta / (beta + 1.0)
    series = (width * values) @ chebvander(nodes, ORDERS - 1) * (2.0 / ORDERS)
    series[:, 0] *= 0.5
    return np.asarray(series)


def _values(density: Density, kappa: Array) -> Array:
    """Return the density, checked."""
    values: Any = density(kappa.copy())
    if np.shape(values) != kappa.shape:
        rule = f"must return an array of the shape of kappa, {kappa.shape}, not {np.shape(values)}"
        raise ValueError(f"stiffness: the density {rule}")
    values = array("stiffness(kappa)", values, infinite=True, missing=True)
    for bad in np.flatnonzero(~(np.isfinite(values) & (values >= 0.0))):
        raise ValueError(f"stiffness({kappa[bad]}) = {values[bad]}: a density must be finite and >= 0")
    return np.array(values, dtype=np.float64)


def _check_edge(first: tuple[float, float, Array, bool], beta: float) -> None:
    """Raise unless the density is (kappa - kappa_min)^beta times what is smooth and > 0 at the edge."""
    low, _, series, smooth = first
    start = float(chebval(-1.0, series))
    if not smooth or start <= VANISHING * float(np.abs(series).max()):
        raise ValueError(
            f"beta = {beta}: the density over (kappa - kappa_min)^beta must be smooth at kappa_min = {low}, "
            "finite and > 0"
        )


def _trimmed(series: Array) -> tuple[float, ...]:
    """Return a series without its last terms that are rounding."""
    large = np.flatnonzero(np.abs(series) > 0.1 * SMOOTH * np.abs(series).max())
    return tuple(series[: large[-1] + 1].tolist())
