"""The protocol: derivatives that a landscape does not give are those of one that does."""

import math

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import aslinearoperator

import landscape
import quartic
from landscape.forms import Diagonal

N = 30
X = np.random.default_rng(1).normal(size=N)


def sample() -> quartic.Problem:
    """Return coupled oscillators, whose derivatives are closed forms."""
    rng = np.random.default_rng(2)
    upper = np.triu(rng.normal(size=(N, N)), 1) / 4.0
    return quartic.Problem(rng.uniform(0.5, 1.5, N), upper + upper.T, 0.3, 1.0)


PROBLEM = sample()
BARE = landscape.Functions(PROBLEM.energy, PROBLEM.gradient, N)
WITH_HESSIAN = landscape.Functions(
    PROBLEM.energy, PROBLEM.gradient, N, hessian=lambda x: quartic.hessian(PROBLEM, x)
)
WITH_PRODUCTS = landscape.Functions(
    PROBLEM.energy, PROBLEM.gradient, N, products=lambda x, d: quartic.hessian(PROBLEM, x) @ d
)


@pytest.mark.parametrize("given", [BARE, WITH_HESSIAN, WITH_PRODUCTS])
def test_what_is_not_given_comes_from_differences_with_the_error_stated(given: landscape.Functions) -> None:
    """The stated error is an estimate of the largest element's: a factor of 30 is allowed to it."""
    z = np.random.default_rng(3).normal(size=(N, 3))
    hessian = given.hessian(X)
    exact = quartic.hessian(PROBLEM, X)
    np.testing.assert_allclose(hessian.products(z), exact @ z, rtol=0, atol=1e-10)
    np.testing.assert_allclose(hessian.dense(), exact, rtol=0, atol=1e-10)
    for found, true in ((given.third(X), PROBLEM.third(X)), (given.fourth(X), PROBLEM.fourth(X))):
        wanted = true.vectors(z)
        error = np.abs(found.vectors(z) - wanted).max() / np.abs(wanted).max()
        assert error <= min(30.0 * found.error, 1e-5)
        np.testing.assert_allclose(found.along(z[:, 0], z[:, 1]), true.along(z[:, 0], z[:, 1]), rtol=1e-4)


@pytest.mark.parametrize("order", [3, 4])
def test_the_polynomial_along_a_line_is_that_of_the_form(order: int) -> None:
    """Of sum_i w_i (z_i + t d_i)^p, whose coefficients are binomial sums."""
    w, z, d = np.random.default_rng(order).normal(size=(3, N))
    wanted = [math.comb(order, k) * np.sum(w * z ** (order - k) * d**k) for k in range(order + 1)]
    np.testing.assert_allclose(Diagonal(w, order).along(z, d), wanted, rtol=1e-9)


def test_a_step_ends_in_the_first_minimum_on_its_line() -> None:
    """Exactly so for the quartic; the default where the slope has fallen to a tenth, and lower."""
    here = PROBLEM.at(X)
    d = -here.gradient
    end, near = PROBLEM.step(here, d), BARE.step(BARE.at(X), d)
    assert abs(end.gradient @ d) <= 1e-12 * abs(here.gradient @ d)
    assert 0.0 < -(near.gradient @ d) / (here.gradient @ d) + 0.1 < 0.2
    assert near.energy < here.energy
    assert PROBLEM.step(here, -d) is here
    assert BARE.step(here, -d) is here
    short = PROBLEM.step(here, d, longest=1e-3)
    np.testing.assert_allclose(short.x, X + 1e-3 * d, rtol=1e-14)


def test_a_point_computes_what_is_known_once() -> None:
    calls: list[str] = []

    def hessian(x: np.ndarray) -> np.ndarray:
        calls.append("hessian")
        return quartic.hessian(PROBLEM, x)

    point = landscape.Functions(PROBLEM.energy, PROBLEM.gradient, N, hessian=hessian).at(X)
    assert point.hessian is point.hessian
    assert point.third is point.third
    assert point.force_scale == point.force_scale
    assert calls == ["hessian"]
    assert point.gradient_norm == np.abs(quartic.gradient(PROBLEM, X)).max()
    assert point.relative_gradient == point.gradient_norm / point.force_scale


def test_the_typical_force_of_oscillators_is_that_of_their_minima() -> None:
    found = quartic.minimize(PROBLEM)
    assert PROBLEM.at(found.x).force_scale == pytest.approx(found.force_scale, rel=1e-12)
    assert PROBLEM.at(found.x).energy == pytest.approx(found.energy, rel=1e-12)


def test_a_hessian_alone_answers_what_it_can_and_refuses_the_rest() -> None:
    matrix = quartic.hessian(PROBLEM, np.zeros(N))
    kinds = [
        matrix,
        scipy.sparse.csr_array(matrix),
        scipy.sparse.coo_matrix(matrix),
        aslinearoperator(matrix),
    ]
    for kind in kinds:
        own = landscape.Harmonic(kind)
        assert own.energy(X) == pytest.approx(X @ matrix @ X / 2.0, rel=1e-12)
        np.testing.assert_allclose(own.gradient(X), matrix @ X, rtol=1e-12)
        np.testing.assert_allclose(own.hessian(X).dense(), matrix, rtol=0, atol=1e-14)
        np.testing.assert_allclose(own.hessian(X).row(3), matrix[3], rtol=0, atol=1e-14)
        np.testing.assert_allclose(own.hessian(X).diagonal, matrix.diagonal(), rtol=0, atol=1e-14)
        with pytest.raises(landscape.NotGivenError, match="a Hessian alone says nothing of third"):
            own.third(X)
        with pytest.raises(landscape.NotGivenError, match="a Hessian alone says nothing of fourth"):
            own.fourth(X)


def test_zero_modes_are_no_modes() -> None:
    """A ring of springs: 2 - 2 cos(2 pi k/N) in pairs, and a translation that is left out."""
    ring = 2.0 * np.eye(N) - np.roll(np.eye(N), 1, 0) - np.roll(np.eye(N), -1, 0)
    wanted = np.sort(2.0 - 2.0 * np.cos(2.0 * np.pi * np.arange(1, N) / N))
    for kind in (ring, scipy.sparse.csr_array(ring), aslinearoperator(ring)):
        own = landscape.Harmonic(kind, zero_modes=np.ones((N, 1))).hessian(X)
        modes = landscape.low_modes(own, N - 1)
        np.testing.assert_allclose(modes.eigenvalues, wanted, rtol=0, atol=1e-13)
        np.testing.assert_allclose(np.ones(N) @ modes.vectors, 0.0, atol=1e-12)
        np.testing.assert_allclose(landscape.spectrum(own), wanted, rtol=0, atol=1e-13)
        assert landscape.response(own) == pytest.approx(np.sum(1.0 / wanted) / N, rel=1e-12)
        with pytest.raises(ValueError, match=f"k = {N}"):
            landscape.low_modes(own, N)


def test_modes_are_those_of_the_masses() -> None:
    """Two masses and a spring: omega^2 = k (1/m1 + 1/m2), displacements m^-1/2 psi ~ (1/m1, -1/m2)."""
    own = landscape.Harmonic(
        [[3.0, -3.0], [-3.0, 3.0]], masses=[1.0, 4.0], zero_modes=np.ones((2, 1))
    ).hessian(np.zeros(2))
    modes = landscape.low_modes(own, 1)
    assert modes.eigenvalues[0] == pytest.approx(3.0 * (1.0 + 0.25), rel=1e-14)
    moves = modes.vectors[:, 0] / np.sqrt([1.0, 4.0])
    assert moves[0] / moves[1] == pytest.approx(-4.0, rel=1e-13)


def test_participation_counts_particles() -> None:
    psi = np.zeros((12, 1))
    psi[3:6, 0] = 1.0, 2.0, -2.0  # one particle of four
    assert landscape.participation_ratio(psi, dimension=3) == pytest.approx([0.25], rel=1e-15)
    assert landscape.participation_ratio(psi) == pytest.approx([81.0 / 33.0 / 12.0], rel=1e-15)
    with pytest.raises(ValueError, match="must be a multiple of dimension = 5"):
        landscape.participation_ratio(psi, dimension=5)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"matrix": np.ones((2, 3))}, "matrix has shape"),
        ({"matrix": [[1.0, 2.0], [1.0, 1.0]]}, "matrix is not symmetric"),
        ({"matrix": scipy.sparse.csr_array([[1.0, 2.0], [1.0, 1.0]])}, "matrix is not symmetric"),
        ({"matrix": [[1.0, math.nan], [math.nan, 1.0]]}, "matrix"),
        ({"matrix": scipy.sparse.csr_array([[math.inf]])}, "matrix: must hold finite real numbers"),
        ({"matrix": np.eye(4), "dimension": 3}, "must be a multiple of dimension = 3"),
        ({"matrix": np.eye(2), "masses": [1.0, 0.0]}, "masses"),
        ({"matrix": np.eye(2), "zero_modes": np.ones((2, 2))}, "2 columns are not independent"),
        ({"matrix": 3.0}, "N = 0"),
    ],
)
def test_a_bad_hessian_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        landscape.Harmonic(**given)  # type: ignore[arg-type]
