"""Many starts for one disorder: the ends are minima, counted once each."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import khgps
import quartic
from quartic.batch import descend
from quartic.explore import explore
from quartic.methods.lbfgs import narrow
from tests.oscillators import problems

GLASSY = khgps.KHGPS(N=120, J=0.4, h=0.01)
WELLS = quartic.Problem(np.array([-1.0, -1.0]), np.array([[0.0, 0.1], [0.1, 0.0]]), 0.0, 1.0)


def test_the_ends_are_minima_and_the_account_is_consistent() -> None:
    """More starts than run at a time, each held against the energy, the gradient and the dense Hessian."""
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    found = explore(problem, starts=70, seed=5)
    assert found.statuses == ("converged",) * 70
    assert found.multiplicities.sum() == 70
    np.testing.assert_array_equal(np.bincount(found.which), found.multiplicities)
    assert (np.diff(found.energies) >= 0.0).all()
    np.testing.assert_allclose(found.overlaps, found.x @ found.x.T / 120, rtol=1e-13)
    for x, energy in zip(found.x, found.energies, strict=True):
        assert energy == pytest.approx(quartic.energy(problem, x), rel=1e-12)
        assert np.linalg.eigvalsh(quartic.hessian(problem, x))[0] > 0.0
        terms = np.abs(problem.stiffness * x) + np.abs(problem.coupling @ x) + np.abs(x) ** 3 / 6 + 0.01
        bound = 1e-10 * np.sqrt(np.mean(terms**2)) + 1e-14 * terms.max()
        assert np.abs(quartic.gradient(problem, x)).max() <= bound


def test_different_minima_have_a_barrier_between_them() -> None:
    """The energy on the segment, sampled, rises above both ends; and the starts of one end are near it."""
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    found = explore(problem, starts=30, seed=5)
    assert len(found.x) > 5
    for k in range(len(found.x)):
        for m in range(k):
            segment = [found.x[k] + s * (found.x[m] - found.x[k]) for s in np.linspace(0.0, 1.0, 41)]
            energies = [quartic.energy(problem, x) for x in segment]
            assert max(energies) > max(energies[0], energies[-1])


@pytest.mark.parametrize("J", [0.05, 0.4])
def test_random_starts_have_the_addresses_of_single_ones(J: float) -> None:
    """At weak coupling there is one minimum; at strong coupling ends may differ, where rounding decides.

    None of these 20 does, but it would be no fault if at another rounding one did.
    """
    problem = khgps.draw(dataclasses.replace(GLASSY, J=J), seed=1, sample=0)
    found = explore(problem, starts=20, seed=3)
    alone = [quartic.minimize(problem, start="random", seed=3 + k * 2**32) for k in range(20)]
    near = [np.abs(a.x - found.x[w]).max() < 1e-7 for a, w in zip(alone, found.which, strict=True)]
    assert sum(near) >= 19
    assert len(found.x) == (1 if J == 0.05 else len(found.x))
    # steps in float32 and two products to confirm them cost hardly more products
    assert found.products.sum() <= 1.2 * sum(a.products for a in alone) + 2 * 20


def test_starts_can_be_given() -> None:
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    points = np.random.default_rng(1).normal(size=(3, 120))
    found = explore(problem, starts=["zero", "decoupled", *points], seed=1)
    assert len(found.which) == 5
    for k, start in enumerate(["zero", "decoupled", *points]):
        alone = quartic.minimize(problem, start=start)
        assert np.abs(alone.x - found.x[found.which[k]]).max() < 1e-7


@given(problems(max_size=3))
@settings(max_examples=25)
def test_counting_by_convexity_and_by_distance_agree(problem: quartic.Problem) -> None:
    """Small problems: minima that differ are far apart, ends of one are close. Newton's ends beside it."""
    found = explore(problem, starts=12, check=False)
    ends = found.x
    if not problem.field.any():
        ends = np.concatenate([ends, -ends])
    for k in range(12):
        alone = quartic.minimize(problem, start="random", seed=k * 2**32, check=False)
        if found.which[k] < 0 or alone.status != "converged":
            continue  # a degenerate minimum, not reached to tolerance
        curvature = np.linalg.eigvalsh(quartic.hessian(problem, alone.x))[0]
        if curvature > 1e-2:
            distance = np.abs(ends - alone.x).max(axis=1)
            # |gradient| <= 1e-10 times forces below 100, divided by the curvature
            assert np.sum(distance < 1e-5) <= 2 if not problem.field.any() else np.sum(distance < 1e-5) <= 1


def test_two_wells_and_their_mirror_images() -> None:
    """At zero field x and -x are one minimum; in a field they are two."""
    starts = [[2.0, -2.0], [-3.0, 3.0], [2.0, 2.0], [1.0, 1.0]]
    found = explore(WELLS, starts=starts)
    np.testing.assert_array_equal(found.which, [0, 0, 1, 1])
    # (x, -x): kappa x - 0.1 x + x^3/6 = 0, and (x, x) with the other sign
    np.testing.assert_allclose(np.abs(found.x), np.sqrt([[6.6, 6.6], [5.4, 5.4]]), rtol=1e-9)
    np.testing.assert_allclose(np.abs(found.overlaps), [[6.6, 0.0], [0.0, 5.4]], atol=1e-8)
    in_field = dataclasses.replace(WELLS, field=np.full(2, 1e-3))
    np.testing.assert_array_equal(np.unique(explore(in_field, starts=starts).which), [0, 1, 2])


def test_two_crowds_keep_the_order_of_the_starts() -> None:
    """Starts at the minima themselves, in an order that is its own in both batches."""
    low, high = np.sqrt(6.6) * np.array([1.0, -1.0]), np.sqrt(5.4) * np.array([1.0, 1.0])
    order = np.random.default_rng(2).integers(0, 2, size=37)
    found = explore(WELLS, starts=[(high if k else low) + 1e-3 for k in order])
    np.testing.assert_array_equal(found.which, order)


def test_counting_needs_no_tight_tolerance() -> None:
    """Ends that differ in their third digit, and mirror images among them, are counted as sharp ones are."""
    problem = khgps.draw(khgps.KHGPS(N=60, J=0.3, h=0.0), seed=1, sample=0)
    sharp, loose = explore(problem, starts=40), explore(problem, starts=40, tol=1e-3)
    assert 1 < len(sharp.x) < 20
    assert np.abs(loose.x - sharp.x).max() > 1e-5
    np.testing.assert_array_equal(loose.which, sharp.which)


def test_the_threads_leave_no_trace() -> None:
    problem = khgps.draw(dataclasses.replace(GLASSY, N=200), seed=1, sample=0)
    results, before = [], quartic.threads.count()
    try:
        for count in (1, 2, 3):
            quartic.set_threads(count)
            results.append(explore(problem, starts=40))  # two batches
    finally:
        quartic.set_threads(before)
    for other in results[1:]:
        np.testing.assert_array_equal(other.x, results[0].x)
        np.testing.assert_array_equal(other.products, results[0].products)


def test_a_walk_depends_neither_on_its_company_nor_on_who_had_its_row_before() -> None:
    """A few vectors are multiplied one by one: ends are those of a run alone to the last bit, work too."""
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    points = np.random.default_rng(4).normal(size=(8, 120))
    in_turn = descend(problem, points, 1e-10, 10_000, together=3)
    for end, x in zip(in_turn, points, strict=True):
        (alone,) = descend(problem, [x], 1e-10, 10_000)
        assert (end.status, end.moved) == ("converged", True)
        assert end.run.products == alone.run.products
        np.testing.assert_array_equal(end.run.x, alone.run.x)


def test_a_tolerance_below_rounding_stalls_as_a_single_walk_does() -> None:
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    found = explore(problem, starts=3, tol=1e-18, check=False)
    alone = quartic.minimize(problem, start="random", tol=1e-18, check=False)
    assert {alone.status, *found.statuses} == {"stalled"}
    assert (found.gradient_norms <= 1e-14 * alone.force_scale).all()


def test_work_is_bounded_and_reported() -> None:
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    with pytest.raises(quartic.MinimizationError, match=r"max_products is used up .* after 9 products"):
        explore(problem, starts=8, max_products=9)
    found = explore(problem, starts=8, max_products=9, check=False)
    assert found.statuses == ("max_products",) * 8
    assert (found.products == 9).all()
    assert (found.which == -1).all()
    assert found.x.shape == (0, 120)


def test_an_error_says_which_start_it_is_of() -> None:
    """Its record has the seed from which `minimize` alone makes the same."""
    problem = khgps.draw(GLASSY, seed=1, sample=0)
    products = explore(problem, starts=8, seed=3).products
    most = int(products[0])
    first = int(np.argmax(products > most))
    assert first > 0
    with pytest.raises(quartic.MinimizationError) as caught:
        explore(problem, starts=8, seed=3, max_products=most)
    assert caught.value.result.seed == 3 + first * 2**32
    alone = quartic.minimize(
        problem, start="random", seed=caught.value.result.seed, max_products=most, check=False
    )
    np.testing.assert_allclose(alone.x, caught.value.result.x, atol=1e-4)  # both on their way to one minimum


def test_a_stationary_start_is_not_taken_for_a_minimum() -> None:
    with pytest.raises(quartic.MinimizationError, match=r"saddle of lowest eigenvalue -1\.09999"):
        explore(WELLS, starts=["zero"])
    found = explore(WELLS, starts=["zero", [2.0, 2.0]], check=False)
    assert found.statuses == ("saddle", "converged")
    np.testing.assert_array_equal(found.which, [-1, 0])


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=20), st.integers(-500, 300))
@example([2.2250738585e-313], 0)
@example([1e30], 924)
def test_narrowing_loses_single_rounding_only(values: list[float], power: int) -> None:
    """Whatever the scale, elements near the largest keep 24 bits, smaller ones the same absolute error."""
    v = np.ldexp(np.array(values), power)
    out = np.empty(v.size, np.float32)
    narrow(v, out)
    assert np.abs(out).max() <= 1.0  # 1 by rounding
    exponent = max(int(np.frexp(np.abs(v).max())[1]), -1023)  # 2**1023 is the largest factor
    np.testing.assert_allclose(
        np.ldexp(out.astype(float), exponent), v, rtol=0, atol=2.0**-24 * np.abs(v).max()
    )


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("starts", 0, "starts = 0: must be an integer from 1 to 2**32 - 1"),
        ("starts", 1.5, "starts = 1.5: must be an integer from 1 to 2**32 - 1"),
        ("starts", ["zero", [1.0]], "starts[1] has shape (1,)"),
        ("tol", 2.0, "tol = 2.0: must be in (0, 1)"),
        ("max_products", 0, "max_products = 0: must be an integer of at least 1"),
        ("seed", 2**32, "seed = 4294967296: must be an integer in [0, 2**32)"),
    ],
)
def test_bad_arguments_name_value_and_rule(argument: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        explore(WELLS, **{argument: value})  # type: ignore[arg-type]
