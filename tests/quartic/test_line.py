"""The first minimum of a quartic, against the roots of its slope."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from quartic.line import first_minimum, slope

coefficient = st.floats(-5.0, 5.0).filter(lambda c: c == 0.0 or abs(c) > 1e-6)
size = st.floats(-6.0, 6.0).map(lambda e: 10.0**e)


@given(size, coefficient, coefficient, size)
@example(1.0, -2.0, 0.0, 1.0)
@example(1e-30, 1.0, -3.0, 1.0)  # almost at a minimum
@example(
    2.0, 4.5, -4.0, 1.0
)  # slope -2 + 9 s - 12 s^2 + 4 s^3 = 4 (s - 1/2)^2 (s - 2): it touches zero at 1/2
def test_it_is_where_the_slope_first_turns_positive(steep: float, c2: float, c3: float, c4: float) -> None:
    s = first_minimum(-steep, c2, c3, c4)
    assert s > 0.0
    # no positive slope before s: the energy falls all the way
    before = s * np.linspace(0.0, 1.0, 2001)[:-1]
    magnitude = steep + 2 * abs(c2) * s + 3 * abs(c3) * s**2 + 4 * c4 * s**3
    assert slope(-steep, c2, c3, c4, before).max() <= 1e-13 * magnitude
    assert abs(slope(-steep, c2, c3, c4, s)) <= 1e-14 * magnitude


@given(st.floats(0.1, 3.0), st.floats(0.1, 3.0), st.floats(0.1, 3.0), size)
def test_of_two_minima_it_takes_the_nearer(first: float, gap: float, gap2: float, scale: float) -> None:
    roots = np.array([first, first + gap, first + gap + gap2])
    k1, k2, k3 = roots.sum(), roots[0] * roots[1] + roots[1] * roots[2] + roots[2] * roots[0], roots.prod()
    # q' = 4 c4 (s - r1)(s - r2)(s - r3) with c4 = scale/4
    s = first_minimum(-scale * k3, scale * k2 / 2, -scale * k1 / 3, scale / 4)
    # conditioning of a simple root: eps times the size of the terms over |q''|
    error = 4e-16 * k3 / (gap * (gap + gap2)) * 10
    assert abs(s - first) <= error + 4e-16 * first
