"""Where a valley has a second minimum, told by r of the cubic mode beside it (docs/lower-bound.md)."""

import math

import numpy as np
import pytest

from theory.formulas.excitations import valley_ratio


@pytest.mark.parametrize("f", [0.0, 0.5, 0.88, 0.99])
def test_shapes_at_which_second_minima_begin_and_are_lower(f: float) -> None:
    """r_z of a valley of quartic b4 (1 - f) with a second minimum, and with one as deep as the first.

    Both are looked for among the stationary points of the polynomial along the valley itself.
    """
    b2, b4 = 1.0, 1.0 - f
    for share, closed in (
        (8.0 / 3.0, f + 4.0 / 3.0 * (1.0 - f) + 4.0 / 3.0 * math.sqrt(1.0 - f)),
        (3.0, f + 1.5 * (1.0 - f) + 0.5 * math.sqrt((1.0 - f) * (9.0 - f))),
    ):
        r_z = share * (1.0 - f)
        assert valley_ratio(math, f, r_z) == pytest.approx(closed, rel=1e-12)
        for change, beyond in ((0.999, False), (1.001, True)):
            b3 = -math.sqrt(change * r_z * b2)  # of b3^2/(b2 b4) with the straight b4 = 1
            at = np.roots([b4 / 6.0, b3 / 2.0, b2])
            second = at.real.max() if np.abs(at.imag).max() == 0.0 else math.nan
            energy = b2 * second**2 / 2.0 + b3 * second**3 / 6.0 + b4 * second**4 / 24.0
            assert (energy < 0.0 if share == 3.0 else math.isfinite(second)) == beyond
