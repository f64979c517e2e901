"""Modes by block Lanczos of the inverse: the kernel, the one factor, corrections, and when it gives way."""

from typing import Any

import numpy as np
import pytest

import landscape
import quartic
from landscape.linear.cholesky import factorise
from landscape.linear.microkernels import lanczos
from landscape.modes import certificate
from landscape.modes import low as low_modes
from quartic.curvature import Curvature, curvature_at
from tests.quartic.test_modes_methods import KINDS, check, minimum, planted


@pytest.mark.parametrize(("kind", "rounding"), [(np.float32, 1e-4), (np.float64, 1e-12)])
@pytest.mark.parametrize("n", [61, 64])
def test_the_space_is_orthonormal_and_has_the_inverse_in_it(n: int, kind: Any, rounding: float) -> None:
    """Also where 8 does not divide N, and grown in two parts; condition number 40, |K| = 4."""
    rng = np.random.default_rng(1)
    q, _ = np.linalg.qr(rng.normal(size=(n, n)))
    matrix = (q * np.linspace(0.25, 10.0, n)) @ q.T
    factor = factorise(matrix.astype(kind))
    assert factor is not None
    v, t = np.zeros((40, 64), kind), np.zeros((24, 40))
    v[:4, :n] = np.linalg.qr(rng.normal(size=(n, 4)))[0].T
    assert [lanczos(factor.lower, v, t, 0, 12), lanczos(factor.lower, v, t, 12, 24)] == [12, 24]
    basis = v[:28, :n].astype(np.float64)
    assert not v[:, n:].any()
    np.testing.assert_allclose(basis @ basis.T, np.eye(28), rtol=0, atol=rounding)
    np.testing.assert_allclose(t[:, :28], basis[:24] @ np.linalg.solve(matrix, basis.T), atol=rounding)
    assert abs(t[20:, 24:28]).max() > 0.01  # what leads out of 24 vectors is known, too


def test_a_space_that_closes_is_noticed() -> None:
    """Of the identity the first block is all there is."""
    v, t = np.zeros((24, 40)), np.zeros((12, 24))
    v[:4] = np.eye(40)[:4]
    assert lanczos(np.eye(40), v, t, 0, 12) == 0


def test_a_minimum_and_its_modes_take_one_factor_and_the_proof_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders = []

    def counted(matrix: np.ndarray) -> Any:
        orders.append(matrix.dtype.itemsize)
        return factorise(matrix)

    monkeypatch.setattr(certificate, "factorise", counted)
    problem, _ = minimum(400, 0.2)
    x = quartic.minimize(problem).x
    first = quartic.low_modes(problem, x, 8)
    assert orders == [8, 4]
    curvature_at(problem, np.zeros(400))  # another point is the last now
    again = quartic.low_modes(problem, x, 8)
    assert orders == [8, 4, 8, 4]
    assert (first.method, first.complete) == ("factor", True)
    np.testing.assert_array_equal(first.vectors, again.vectors)
    x += 0.01  # the same array, another point
    check(problem, x, 8, quartic.low_modes(problem, x, 8))


@pytest.mark.parametrize("j", [0.03, 0.3])
def test_modes_from_a_factor_in_float32_have_the_residuals_asked_for(
    j: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Corrections are enough for 3e-9 of the spectrum, where without them 1e-7 is left: no search goes on.

    Each takes it down by a factor 20 or more, also below the 3e-8 by which float32 products are wrong.
    """
    monkeypatch.setattr(certificate, "DOUBLE_SIZE", 100)
    monkeypatch.setattr(low_modes, "davidson", lambda *_, **__: pytest.fail("corrections were not enough"))
    problem, x = minimum(600, j)
    curvature = Curvature(problem, x)
    found = certificate.definite(curvature)
    assert found is not None
    assert found.factor.lower.dtype == np.float32
    low = quartic.low_modes(problem, x, 12, tol=3e-9)
    assert low.method == "factor"
    check(problem, x, 12, low)


@pytest.mark.parametrize("copies", [4, 7])
def test_more_copies_than_a_block_are_not_missed(copies: int) -> None:
    values = np.append(np.full(copies, 0.1), np.linspace(0.5, 2.0, 400 - copies))
    problem = planted(values, seed=3)
    check(problem, np.zeros(400), 9, quartic.low_modes(problem, np.zeros(400), 9))


@pytest.mark.parametrize("kind", KINDS)
def test_the_lower_half_is_that_of_the_matrix(kind: str) -> None:
    problem, x = minimum(105, 0.2, kind)
    for number in (np.float32, np.float64):
        lower = Curvature(problem, x).lower(number)
        assert lower.dtype == number
        expected = np.tril(quartic.hessian(problem, x))
        np.testing.assert_allclose(np.tril(lower), expected, rtol=2.0 * float(np.finfo(number).eps))


@pytest.mark.parametrize("size", [1e-200, 1e-25, 1e25, 1e150])
def test_a_matrix_of_any_size_has_its_modes(size: float) -> None:
    """Of a Hessian alone, which comes in no units of its own: beyond float32, LAPACK has them."""
    rng = np.random.default_rng(7)
    noise = rng.normal(size=(320, 320)) / 320.0
    matrix = np.diag(np.linspace(0.1, 2.0, 320)) + noise + noise.T
    exact = np.linalg.eigvalsh(matrix)[:3]
    low = landscape.low_modes(landscape.Harmonic(size * matrix).hessian(), 3)
    np.testing.assert_allclose(low.eigenvalues / size, exact, rtol=1e-7)
    assert low.method == ("factor" if 1e-30 < size < 1e30 else "dense")
