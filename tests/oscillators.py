"""Problems and strategies that several tests share."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quartic import Problem

TINY = (
    2.0**-100
)  # beside 1: nonlinear functions refuse forces so far apart, tests/quartic/test_scales.py goes on


@st.composite
def problems(draw: st.DrawFn, *, max_size: int = 8, min_stiffness: float = -2.0) -> Problem:
    """Small problems with stiffnesses of either sign, any couplings and fields, and A over two decades."""
    n = draw(st.integers(1, max_size))

    def numbers(low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
        elements = st.floats(low, high, width=32).map(lambda value: value if abs(value) > TINY else 0.0)
        return draw(arrays(np.float64, shape, elements=elements))

    upper = np.triu(numbers(-2.0, 2.0, (n, n)), 1)
    stiffness, field = numbers(min_stiffness, 3.0, (n,)), numbers(-2.0, 2.0, (n,))
    assume(upper.any() or stiffness.any() or field.any())
    return Problem(stiffness, upper + upper.T, field, draw(st.floats(0.1, 10.0)))


def points(problem: Problem) -> st.SearchStrategy[np.ndarray]:
    """Configurations of a problem, with |x_i| <= 3."""
    return arrays(np.float64, (problem.size,), elements=st.floats(-3.0, 3.0, width=32))


def rescaled(problem: Problem, a: float) -> Problem:
    """The problem in y = x/a, whose energy is H/(A a^4) and whose anharmonicity is 1."""
    unit = problem.anharmonicity * a**2
    return Problem(problem.stiffness / unit, problem.coupling.dense() / unit, problem.field / (unit * a), 1.0)
