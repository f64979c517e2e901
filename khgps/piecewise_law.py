"""A law of the local stiffness k, its density a polynomial on each panel of a composite Gauss rule."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.stiffness import gauss_rules

Array = NDArray[np.float64]
MOST_HALVINGS = 12


class PiecewiseLaw(NamedTuple):
    """The law of k, in panels of y where k = origin + y^2, with Gauss-Legendre nodes.

    P (2 y / k) dy, the density of 1/k times the law, is a polynomial on each panel within rounding.
    """

    origin: Array  # (panels,): an end of a piece of the law of kappa', where P(k) is not smooth
    middle: Array  # (panels,) of y
    half: Array  # (panels,): half the length
    density: Array  # (panels, nodes): 2 y P(k) / k


def refined(
    ends: Array,
    which: NDArray[np.int64],
    origins: Array,
    density: Callable[[Array, NDArray[np.int64]], Array],
    tolerance: float,
    negligible: float,
) -> PiecewiseLaw:
    """Return a law of k on panels that are halved until their Legendre series end, at most 12 times.

    Parameters
    ----------
    ends : (panels, 2) array
        Of y.
    which : (panels,) array
        Which of the `origins` of k = origin + y^2 a panel has.
    density : callable
        2 y P(k) / k at the (panels, nodes) y of panels with the (panels,) `which`.
    tolerance : float
        Of the last coefficients, in units of the largest of the panel,
    negligible : float
        or times the length of half a panel.
    """
    nodes, weights = gauss_rules(0.0).nodes[0], gauss_rules(0.0).weights[0]
    orders = np.arange(nodes.size)
    to_series = np.polynomial.legendre.legvander(nodes, orders[-1]) * np.outer(weights, orders + 0.5)
    accepted: list[tuple[Array, ...]] = []
    for halvings in range(MOST_HALVINGS + 1):
        half = 0.5 * (ends[:, 1] - ends[:, 0])
        middle = ends[:, 0] + half
        values = density(middle[:, None] + half[:, None] * nodes, which)
        series = np.abs(values @ to_series)
        error = np.max(series[:, -4:], axis=1)
        fine = error <= tolerance * np.max(series, axis=1) + negligible / half
        fine |= halvings == MOST_HALVINGS
        origin = origins[which]
        accepted.append((origin[fine], middle[fine], half[fine], values[fine]))
        split = np.stack([ends[~fine, 0], middle[~fine], middle[~fine], ends[~fine, 1]], axis=1)
        ends, which = split.reshape(-1, 2), np.repeat(which[~fine], 2)
    return PiecewiseLaw(*(np.concatenate(parts) for parts in zip(*accepted, strict=True)))


def with_rule(law: PiecewiseLaw) -> tuple[Array, ...]:
    """Return what `khgps.resolvent` wants to know of the law of k, with the rule on its panels."""
    rules = gauss_rules(0.0)
    nodes, weights = rules.nodes[0], rules.weights[0]
    barycentric = (-1.0) ** np.arange(nodes.size) * np.sqrt((1.0 - nodes**2) * weights)
    return (*law, nodes, weights, barycentric)
