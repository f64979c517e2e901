"""What is stored of a sample: every number by another route, and the address of every start."""

from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import khgps
import quartic
from landscape import disorder
from qle.description.measure import Measure
from qle.description.protocol import Protocol
from qle.measurements.ensemble import minimum
from qle.measurements.sample import measure, measure_range
from quartic.anneal import anneal
from quartic.starts import random_amplitude

SAMPLE, N = 5, 100
GOLDEN_WORD = round(2**32 * (5**0.5 - 1) / 2)  # of the golden ratio: as far as can be from all fractions


def drawn() -> quartic.Problem:
    """Return sample 5 of a law with so many minima that two random starts hardly end in one."""
    return khgps.draw(khgps.KHGPS(N=N, J=1.2, h=0.05), seed=3, sample=SAMPLE)


def measured(**protocol: Any) -> dict[str, np.ndarray]:
    """Return sample 5 of seed 3, measured as in a sweep; where the protocol ends is what is compared."""
    point = {
        "model": "khgps",
        "seed": 3,
        "parameters": {"N": N, "J": 1.2, "h": 0.05, "kappa_0": 1.0},
        "protocol": protocol,
        "measure": {"modes": 3, "chi": False},
    }
    return {name: values[0] for name, values in measure_range(point, SAMPLE, SAMPLE + 1).items()}


def random_start(problem: quartic.Problem, seed: int, sample: int) -> np.ndarray:
    return random_amplitude(problem) * disorder.normal(N, seed=seed, sample=sample, label="start")


def ended(problem: quartic.Problem, **protocol: Any) -> quartic.Minimum:
    """Return where a protocol ends, whatever it is."""
    return minimum(problem, Protocol(**protocol), 0, certify=False, check=False)


def test_numbers_are_those_of_the_hessian_and_the_displacements() -> None:
    """Modes, participation, response by numpy from the dense Hessian; energy and means from x."""
    problem = drawn()
    with threadpool_limits(1):
        found = measure(problem, ended(problem), Measure(modes=4, chi=True))
        x = quartic.minimize(problem).x
    coupling = problem.coupling.dense()
    hessian = coupling + np.diag(problem.stiffness + problem.anharmonicity * x**2 / 2)
    values, vectors = np.linalg.eigh(hessian)
    np.testing.assert_allclose(found["frequency"], values[:4] ** 0.5, rtol=1e-9)
    shares = np.sum(vectors[:, :4] ** 2, axis=0) ** 2 / np.sum(vectors[:, :4] ** 4, axis=0) / N
    np.testing.assert_allclose(found["participation_ratio"], shares, rtol=1e-6)
    assert found["chi"] == pytest.approx(np.trace(np.linalg.inv(hessian)) / N, rel=1e-9)
    energy = (
        x @ coupling @ x / 2 + problem.stiffness @ x**2 / 2 + problem.anharmonicity * np.sum(x**4) / 24
    ) - problem.field @ x
    assert found["energy"] == pytest.approx(energy / N, rel=1e-12)
    assert found["mean_x"] == pytest.approx(x.mean(), rel=1e-12)
    assert found["mean_x2"] == pytest.approx(np.mean(x**2), rel=1e-12)
    assert found["status"] == 0
    assert (found["mode_residual"] < 1e-8 * values[-1]).all()


def test_a_random_start_has_the_address_of_its_sample() -> None:
    problem = drawn()
    end = quartic.minimize(problem, start=random_start(problem, seed=3, sample=SAMPLE))
    assert measured(start="random")["energy"] * N == pytest.approx(end.energy, rel=1e-12)
    others = [quartic.minimize(problem, start=random_start(problem, 3, k)).energy for k in (0, 1, 3)]
    assert min(abs(other - end.energy) for other in others) > 1e-6  # so that another address would be seen


@pytest.mark.parametrize("starts", [2, 5])
def test_the_best_of_some_starts_has_addresses_of_its_own(starts: int) -> None:
    """Start k of sample s: words of (seed + 2^32 s/golden ratio mod 2^32, k), by one minimisation each."""
    problem = drawn()
    word = (3 + GOLDEN_WORD * SAMPLE) % 2**32
    ends = [quartic.minimize(problem, start=random_start(problem, word, k)) for k in range(starts)]
    found = measured(start="random", starts=starts)
    assert found["energy"] * N == pytest.approx(min(end.energy for end in ends), rel=1e-10)
    assert len({round(end.energy, 6) for end in ends}) == starts  # so that another address would be seen


@pytest.mark.parametrize("path", ["falling", "alternating"])
def test_a_field_path_is_that_of_the_protocol(path: str) -> None:
    found = measured(field_path=path, field_steps=3, method="cg")
    with threadpool_limits(1):
        end = anneal(drawn(), path=path, steps=3, method="cg", certify=False)
    assert float(found["energy"]) == end.energy / N
    assert int(found["products"]) == end.products


def test_a_saddle_has_an_imaginary_frequency_and_no_response() -> None:
    """x = 0 of two oscillators of stiffness 1 and 2 that are coupled by 3: lambda = (3 -+ 37^(1/2))/2."""
    problem = quartic.Problem(np.array([1.0, 2.0]), np.array([[0.0, 3.0], [3.0, 0.0]]), 0.0, 1.0)
    found = measure(problem, ended(problem, start="zero"), Measure(modes=2, chi=True))
    assert quartic.STATUSES[int(found["status"])] == "saddle"
    values = (3.0 + np.array([-1.0, 1.0]) * 37**0.5) / 2.0
    np.testing.assert_allclose(found["frequency"], np.sign(values) * np.abs(values) ** 0.5, rtol=1e-12)
    assert np.isnan(found["chi"])
    assert found["energy"] == found["mean_x2"] == 0.0


def test_what_did_not_converge_has_no_modes() -> None:
    wanted = Measure(modes=2, chi=True, nonlinear=True, wells=True, heat=True)
    stopped = ended(drawn(), max_products=2)
    found = measure(drawn(), stopped, wanted)
    assert quartic.STATUSES[int(found["status"])] == "max_products"
    for name in ("b2", "cubic_barrier", "well_barrier", "heat_capacity"):
        assert np.isnan(found[name]).all()
    assert "well_barrier" not in measure(drawn(), stopped, Measure(nonlinear=True))
    for name in ("frequency", "participation_ratio", "mode_residual", "chi"):
        assert np.isnan(found[name]).all()
    assert found["gradient_norm"] > 0.0
