"""The Radau IIA rule of three stages, order 5, with its local error (Hairer and Wanner 1996)."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_R = np.sqrt(6.0)
STAGES = 3
NODES: Array = np.array([(4.0 - _R) / 10.0, (4.0 + _R) / 10.0, 1.0])
MATRIX: Array = np.array(
    [
        [(88.0 - 7.0 * _R) / 360.0, (296.0 - 169.0 * _R) / 1800.0, (-2.0 + 3.0 * _R) / 225.0],
        [(296.0 + 169.0 * _R) / 1800.0, (88.0 + 7.0 * _R) / 360.0, (-2.0 - 3.0 * _R) / 225.0],
        [(16.0 - _R) / 36.0, (16.0 + _R) / 36.0, 1.0 / 9.0],
    ]
)
WEIGHTS: Array = MATRIX[-1]
"""The last stage is the end of the step."""

INVERSE: Array = np.asarray(np.linalg.inv(MATRIX), np.float64)
GAMMA = (6.0 + 81.0 ** (1.0 / 3.0) - 9.0 ** (1.0 / 3.0)) / 30.0
"""The real eigenvalue of the matrix."""

DEFECT: Array = np.array([-(13.0 + 7.0 * _R) / 3.0, (-13.0 + 7.0 * _R) / 3.0, -1.0 / 3.0])
"""dt F(start) + DEFECT (stages - start) vanishes for polynomials of degree 3: the rule's own has it not."""


def extrapolation(ratio: float) -> Array:
    """Return weights (3, 4) of start and stages of a step for the stages of the next, `ratio` as long."""
    nodes = np.concatenate([[0.0], NODES])
    at = 1.0 + ratio * NODES
    weights = np.ones((STAGES, STAGES + 1))
    for j in range(STAGES + 1):
        for i in range(STAGES + 1):
            if i != j:
                weights[:, j] *= (at - nodes[i]) / (nodes[j] - nodes[i])
    return weights
