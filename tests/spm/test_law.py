"""Laws of the coefficients: densities against quantiles, what is refused, and addresses of the numbers."""

import itertools
import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

import spm
from spm.law import draw

MARGINALS = [
    spm.Gaussian(),
    spm.Gaussian(mean=1.0, deviation=0.5, low=0.0),
    spm.Gaussian(mean=-0.3, deviation=2.0, low=-1.0, high=4.0),
    spm.Uniform(low=-0.5, high=2.0),
    spm.StudentT(freedom=3.0, location=0.2, scale=0.7),
    spm.StudentT(freedom=1.0, location=1.0, low=0.0, high=30.0),
    spm.Tabulated([-1.0, 0.0, 0.5, 3.0], [0.0, 1.0, 3.0, 0.0]),
]


@pytest.mark.parametrize("law", MARGINALS, ids=lambda law: type(law).__name__)
def test_the_integral_of_the_density_up_to_a_quantile_is_its_probability(law: spm.Gaussian) -> None:
    u = np.array([1e-3, 0.05, 0.3, 0.5, 0.8, 0.999])
    a = law.quantile(u)
    marks = [law.low, *a]
    pieces = [
        quad(lambda x: float(law.density(x)), *ends, limit=400)[0] for ends in itertools.pairwise(marks)
    ]
    np.testing.assert_allclose(np.cumsum(pieces), u, atol=1e-7)  # of the quadrature, over kinks
    outside = [np.nextafter(law.low, -np.inf), np.nextafter(law.high, np.inf)]
    np.testing.assert_array_equal(law.density(outside)[np.isfinite(outside)], 0.0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: spm.Gaussian(deviation=0.0), "deviation = 0.0: must be finite and > 0"),
        (lambda: spm.Gaussian(mean=math.nan), "mean = nan: must be finite"),
        (lambda: spm.Gaussian(low=1.0, high=1.0), "high = 1.0: must be > 1"),
        (lambda: spm.Gaussian(low=9.0), "low = 9.0, high = inf: keep 0.0e+00 of the law; must keep 1e-06"),
        (lambda: spm.Uniform(low=0.0, high=math.inf), "high = inf: must be finite and > 0"),
        (lambda: spm.StudentT(freedom=0.5), "freedom = 0.5: must be finite and >= 1"),
        (lambda: spm.StudentT(scale=-1.0), "scale = -1.0: must be finite and > 0"),
        (lambda: spm.Tabulated([0.0, 1.0], [1.0]), "densities has shape (1,): must be (2,)"),
        (lambda: spm.Tabulated([0.0, 0.0], [1.0, 1.0]), "values = [0.0, 0.0]: must be two or more"),
        (lambda: spm.Tabulated([-1.0, 0.0, 1.0], [1.0, math.inf, 1.0]), "densities[1] = inf: must be finite"),
        (lambda: spm.Tabulated([0.0, 1.0], [0.0, 0.0]), "densities: must be > 0 somewhere"),
        (lambda: spm.SoftPotentials(a2=spm.Uniform(low=1.0, high=2.0)), "a2: density 0.0 at the origin; "),
        (lambda: spm.SoftPotentials(a1=spm.Tabulated([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0])), "a1: density 0.0"),
        (lambda: spm.SoftPotentials(a4=spm.Gaussian()), "a4: low = -inf: must be >= 0, or U(q) is"),
        (lambda: spm.SoftPotentials(a4=spm.Uniform(low=-2.0, high=-1.0)), "a4: low = -2.0: must be >= 0"),
    ],
)  # fmt: skip
def test_an_invalid_law_is_refused_with_the_reason(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_a_number_is_no_law() -> None:
    with pytest.raises(TypeError, match=re.escape("a3 = 1.0: must be a law of spm.marginals")):
        spm.SoftPotentials(a3=1.0)  # type: ignore[arg-type]


def test_a_potential_is_a_function_of_its_number_alone() -> None:
    law = spm.SoftPotentials(a2=spm.StudentT(), a3=spm.Uniform())
    whole = np.array(draw(law, 0, 1000, seed=7))
    np.testing.assert_array_equal(np.array(draw(law, 300, 50, seed=7)), whole[:, 300:350])
    few, many = spm.sample(law, 500, seed=7), spm.sample(law, 1000, seed=7)
    np.testing.assert_array_equal(few.b2, many.b2[: few.size])
    assert not np.any(np.array(draw(law, 0, 1000, seed=8)) == whole)


def test_sampled_coefficients_follow_their_laws() -> None:
    """Means and variances of 200,000 of each; 8 numbers within 4 sigma: false alarms 5e-4, seed fixed."""
    law = spm.SoftPotentials(
        a2=spm.Uniform(low=-1.0, high=2.0), a3=spm.Tabulated([-1.0, 0.0, 1.0], [0.0, 1.0, 0.0])
    )
    n = 200_000
    moments = {  # mean, variance, fourth central moment
        "a1": (0.0, 1.0, 3.0),
        "a2": (0.5, 9.0 / 12.0, 81.0 / 80.0),
        "a3": (0.0, 1.0 / 6.0, 1.0 / 15.0),
    }
    coefficients = dict(zip(("a1", "a2", "a3", "a4"), draw(law, 0, n, seed=1), strict=True))
    for name, (mean, variance, fourth) in moments.items():
        a = coefficients[name]
        assert abs(a.mean() - mean) < 4.0 * math.sqrt(variance / n)
        assert abs(np.mean((a - mean) ** 2) - variance) < 4.0 * math.sqrt((fourth - variance**2) / n)
    a4 = coefficients["a4"]  # normal of mean 1, deviation 1/2, cut at z = -2: mean 1 + phi(2)/Phi(2)/2
    phi, share = math.exp(-2.0) / math.sqrt(2.0 * math.pi), 0.5 * math.erfc(-math.sqrt(2.0))
    mean, variance = 1.0 + 0.5 * phi / share, 0.25 * (1.0 - 2.0 * phi / share - (phi / share) ** 2)
    assert abs(a4.mean() - mean) < 4.0 * math.sqrt(variance / n)
    assert abs(a4.var() - variance) < 4.0 * math.sqrt(2.0 * variance**2 / n)
    assert a4.min() > 0.0


@pytest.mark.parametrize(
    ("n", "seed", "message"),
    [
        (0, 0, "n = 0: must be an integer from 1 to 2**32"),
        (2**32 + 1, 0, "n = 4294967297: must be an integer from 1 to 2**32"),
        (1, -1, "seed = -1: must be an integer in [0, 2**32)"),
    ],
)
def test_sizes_and_seeds_out_of_range(n: int, seed: int, message: str) -> None:
    for call in (spm.sample, spm.stream):
        with pytest.raises(ValueError, match=re.escape(message)):
            call(spm.SoftPotentials(), n, seed=seed)
