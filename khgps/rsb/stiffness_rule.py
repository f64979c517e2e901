"""Nodes and weights of a law of stiffness for what is costly at each node: few panels, however many pieces.

A law of one piece has Gauss's rule of its own. For others the panels are those of its whole width, and the
weights those which integrate over the law, in t = +-|kappa'|^(1/2), the polynomials through t F at the nodes
of a panel, as averages such as E[1/k^2] at fixed kappa' go as 1/t:

    sum_j w_j F(t_j) = int p(kappa')/t sum_j t_j F(t_j) L_j(t) d kappa'.

At a point mass nearer to 0 than all nodes, where such an average is lost, it is F itself.
"""

import numpy as np
from numpy.typing import NDArray

from khgps.stiffness import gauss_rules, law_nodes, stiffness_nodes
from khgps.stiffness_law import StiffnessLaw

Array = NDArray[np.float64]


def panel_nodes(law: StiffnessLaw, b: float, scale: float, count: int) -> tuple[Array, Array]:
    """Return nodes kappa', `count` on each panel, and weights, as `khgps.stiffness.law_nodes` does."""
    if len(law.pieces) == 1:
        return law_nodes(law, b, scale, count)
    nodes, _ = stiffness_nodes(b, law.width, 0.0, scale, gauss_rules(0.0, count))
    nodes = np.sort(nodes)
    kappa, share = law_nodes(law, b, scale)
    panel = np.searchsorted(panel_ends(nodes, count), kappa) - 1
    t, near = signed_root(kappa), signed_root(nodes.reshape(-1, count)[panel])
    parts = lagrange(t, near)
    atoms = [b + (piece.low - law.kappa_min) for piece in law.pieces if piece.width == 0.0]
    far = ~np.isin(kappa, atoms) | (np.abs(t) >= np.abs(near).min(axis=1))
    parts[far] *= near[far] / t[far, np.newaxis]
    weights = np.zeros((nodes.size // count, count))
    np.add.at(weights, panel, share[:, np.newaxis] * parts)
    return nodes, weights.ravel()


def panel_ends(kappa: Array, count: int) -> Array:
    """Return the ends of the panels of ascending nodes: midway between them, and at 0."""
    low, high = kappa[::count], kappa[count - 1 :: count] if kappa.size > 1 else kappa
    between = np.where((high[:-1] < 0.0) & (low[1:] > 0.0), 0.0, 0.5 * (high[:-1] + low[1:]))
    return np.concatenate([[-np.inf], between, [np.inf]])


def signed_root(kappa: Array) -> Array:
    """Return |kappa|^(1/2) with the sign of kappa."""
    return np.asarray(np.copysign(np.sqrt(np.abs(kappa)), kappa))


def lagrange(t: Array, nodes: Array) -> Array:
    """Return the weights of polynomial interpolation from (m, count) nodes at (m,) points."""
    count = nodes.shape[1]
    weights = np.ones_like(nodes)
    for j in range(count):
        for i in range(count):
            if i != j:
                weights[:, j] *= (t - nodes[:, i]) / (nodes[:, j] - nodes[:, i])
    return weights
