"""The energy and its derivatives, each by a second route."""

import dataclasses
import re

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.linalg import aslinearoperator

from quartic import Problem, energy, gradient, hessian, line_coefficients
from quartic.couplings import Dense
from tests.oscillators import points, problems, rescaled

NAN = np.array([[0.0, np.nan, 0.0], [np.nan, 0.0, 0.0], [0.0, 0.0, 0.0]])
GOOD = {
    "stiffness": np.ones(3),
    "coupling": np.zeros((3, 3)),
    "field": 0.1,
    "anharmonicity": 1.0,
}
# Sums of at most 8 x 8 terms of magnitude up to 2 * 3^2: rounding stays below 100 eps of the largest.
ROUNDING = 1e-12


@given(st.data())
def test_energy_is_the_double_sum_over_pairs(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    coupling = problem.coupling.dense()
    with mpmath.workdps(40):
        total = mpmath.mpf(0)
        a = mpmath.mpf(problem.anharmonicity)
        for i in range(problem.size):
            xi = mpmath.mpf(float(x[i]))
            total += mpmath.mpf(float(problem.stiffness[i])) * xi**2 / 2 + a * xi**4 / 24
            total -= mpmath.mpf(float(problem.field[i])) * xi
            for j in range(i + 1, problem.size):
                total += mpmath.mpf(float(coupling[i, j])) * xi * mpmath.mpf(float(x[j]))
    assert energy(problem, x) == pytest.approx(float(total), rel=ROUNDING, abs=100 * ROUNDING)


@given(st.data())
def test_gradient_is_the_complex_step_derivative_of_the_energy(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    step = 1e-30  # no cancellation: the error of the complex step is of relative order step^2
    numerical = [energy(problem, x + 1j * step * e).imag / step for e in np.eye(problem.size)]
    np.testing.assert_allclose(gradient(problem, x), numerical, rtol=ROUNDING, atol=100 * ROUNDING)


@given(st.data())
def test_gradient_is_the_central_difference_of_the_energy(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    step = 1e-4  # truncation: step^2/6 * A |x| <= 5e-8 * 10 * 3 / 3; rounding: 1e-13/1e-4
    numerical = [
        (energy(problem, x + step * e) - energy(problem, x - step * e)) / (2 * step)
        for e in np.eye(problem.size)
    ]
    np.testing.assert_allclose(gradient(problem, x), numerical, rtol=1e-7, atol=1e-6)


@given(st.data())
def test_hessian_is_the_complex_step_derivative_of_the_gradient(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    step = 1e-30
    numerical = [gradient(problem, x + 1j * step * e).imag / step for e in np.eye(problem.size)]
    np.testing.assert_allclose(hessian(problem, x), numerical, rtol=ROUNDING, atol=100 * ROUNDING)


@given(st.data(), st.floats(-3.0, 3.0))
def test_the_energy_along_a_line_is_the_quartic(data: st.DataObject, s: float) -> None:
    problem = data.draw(problems())
    x, d = data.draw(points(problem)), data.draw(points(problem))
    c = line_coefficients(problem, x, d)
    terms = c * s ** np.arange(5)
    # the terms may cancel: rounding is relative to the largest
    tolerance = 10 * ROUNDING * (1.0 + np.abs(terms).max())
    assert energy(problem, x + s * d) == pytest.approx(terms.sum(), rel=0, abs=tolerance)


@given(st.data())
def test_line_coefficients_are_the_taylor_coefficients(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x, d = data.draw(points(problem)), data.draw(points(problem))
    c = line_coefficients(problem, x, d)
    a = problem.anharmonicity
    third = a * np.sum(x * d**3)  # U''' : d d d with U'''_ijk = A x_i delta_ijk
    fourth = a * np.sum(d**4)
    expected = [
        energy(problem, x),
        gradient(problem, x) @ d,
        d @ hessian(problem, x) @ d / 2,
        third / 6,
        fourth / 24,
    ]
    np.testing.assert_allclose(c, expected, rtol=ROUNDING, atol=1e3 * ROUNDING)


@given(st.data(), st.floats(0.1, 10.0))
def test_rescaling_is_exact(data: st.DataObject, a: float) -> None:
    problem = data.draw(problems())
    x = data.draw(points(problem))
    small = rescaled(problem, a)
    unit = problem.a_max * a**2
    magnitude = 1e3 * max(1.0, 1.0 / (problem.a_max * a**4))
    assert energy(small, x / a) == pytest.approx(
        energy(problem, x) / (unit * a**2), rel=ROUNDING, abs=ROUNDING * magnitude
    )
    np.testing.assert_allclose(
        hessian(small, x / a), hessian(problem, x) / unit, rtol=ROUNDING, atol=ROUNDING * magnitude
    )


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("stiffness", [1.0, np.nan, 1.0], "stiffness[1] = nan: must be finite"),
        ("stiffness", [[1.0]], "stiffness has shape (1, 1): must be (N,)"),
        ("stiffness", [], "stiffness has shape (0,): must be (N,)"),
        ("stiffness", ["soft"], "stiffness = ['soft']: must be real numbers"),
        ("stiffness", np.ones(3) * 1j, "stiffness = array([0.+1.j...+1.j, 0.+1.j]): must be real numbers"),
        ("field", {}, "field = {}: must be a real number"),
        ("anharmonicity", "much", "anharmonicity = 'much': must be real numbers, not of type"),
        ("anharmonicity", [1.0], "anharmonicity has shape (1,): must be a number or (3,)"),
        ("anharmonicity", [1.0, -2.0, 1.0], "anharmonicity[1] = -2.0: must be finite and > 0"),
        ("anharmonicity", 10**400, "anharmonicity = inf: must be finite and > 0"),
        ("field", [0.1, 0.2], "field has shape (2,): must be a number or (3,)"),
        ("field", np.inf, "field = inf: must be finite"),
        ("anharmonicity", 0.0, "anharmonicity = 0.0: must be finite and > 0"),
        ("anharmonicity", np.nan, "anharmonicity = nan: must be finite and > 0"),
        ("coupling", np.zeros((2, 2)), "coupling has shape (2, 2): must be (3, 3)"),
        ("coupling", np.eye(3), "coupling[0, 0] = 1.0: the diagonal must be zero"),
        (
            "coupling",
            np.triu(np.ones((3, 3)), 1),
            "coupling[0, 1] = 1.0 but coupling[1, 0] = 0.0: must be symm",
        ),
        ("coupling", "strong", "coupling = 'strong': must be real numbers, not"),
        ("coupling", [[0, 1], [1]], "coupling = [[0, 1], [1]]: must be an array of real numbers"),
        ("coupling", [[0, 1j], [1j, 0]], "coupling = [[0, 1j], [1j, 0]]: must be real numbers, not"),
        ("coupling", [[0, np.nan, 0], [np.nan, 0, 0], [0, 0, 0]], "coupling[0, 1] = nan: must be finite"),
        ("coupling", csr_array(np.zeros((2, 2))), "coupling has shape (2, 2): must be (3, 3)"),
        ("coupling", csr_array(np.zeros((2, 3))), "coupling has shape (2, 3): must be (N, N)"),
        ("coupling", csr_array(np.eye(3)), "coupling[0, 0] = 1.0: the diagonal must be zero"),
        (
            "coupling",
            csr_array(np.eye(3, k=1)),
            "coupling[0, 1] = 1.0 but coupling[1, 0] = 0.0: must be symm",
        ),
        ("coupling", csr_array(NAN), "coupling[0, 1] = nan: must be finite"),
        (
            "coupling",
            csr_array(1j * np.eye(3, k=1)),
            "coupling holds elements of type complex128: must be real",
        ),
        ("coupling", aslinearoperator(np.zeros((2, 3))), "coupling has shape (2, 3): must be (N, N)"),
        (
            "coupling",
            aslinearoperator(1j * np.eye(3)),
            "coupling has products of type complex128: must be real",
        ),
        ("coupling", aslinearoperator(np.eye(3, k=1)), "coupling: u.J v = "),
        ("coupling", aslinearoperator(NAN), "coupling @ X[0, 0] = nan: must be finite"),
        ("coupling", [[0, np.inf, 0], [1, 0, 0], [0, 0, 0]], "coupling[0, 1] = inf: must be finite"),
    ],
)
def test_bad_arguments_name_value_and_rule(argument: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        Problem(**{**GOOD, argument: value})  # type: ignore[arg-type]


def test_bad_configurations_name_value_and_rule() -> None:
    problem = Problem(**GOOD)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=re.escape("x has shape (2,): must be (3,)")):
        energy(problem, [0.0, 1.0])
    with pytest.raises(ValueError, match=re.escape("x[2] = nan: must be finite")):
        gradient(problem, [0.0, 1.0, np.nan])
    with pytest.raises(ValueError, match=r"^d has shape"):
        line_coefficients(problem, np.zeros(3), np.zeros(4))


def test_a_problem_is_frozen_and_can_be_varied() -> None:
    coupling = np.zeros((3, 3))
    problem = Problem(np.ones(3), coupling, 0.1, 1.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        problem.anharmonicity = 2.0  # type: ignore[misc]
    assert isinstance(problem.coupling, Dense)
    with pytest.raises(ValueError, match="read-only"):
        problem.coupling.matrix[0, 1] = 1.0
    coupling[0, 1] = coupling[1, 0] = 5.0  # the caller's own array stays as it was, and changes nothing
    np.testing.assert_array_equal(problem.coupling.matrix, np.zeros((3, 3)))
    coupling.flags.writeable = False
    assert np.shares_memory(Dense(coupling).matrix, coupling)  # what nobody can write to is not copied
    driven = dataclasses.replace(problem, field=np.array(0.2))
    np.testing.assert_array_equal(driven.field, np.full(3, 0.2))
    assert driven.coupling is problem.coupling


@given(problems())
def test_coupling_strength_is_the_row_norm(problem: Problem) -> None:
    np.testing.assert_allclose(
        problem.coupling.strength, np.linalg.norm(problem.coupling.dense(), axis=1), rtol=1e-14
    )
