"""KHGPS: parameters, the laws of its disorder, and what a sample depends on."""

import dataclasses
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import khgps
from khgps.model import COUPLINGS
from quartic.couplings import Packed, Regenerated

BASE = khgps.KHGPS(N=64, J=0.1, h=0.01)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"N": 1}, ValueError, "N = 1: must be an integer from 2 to 2**32 - 1"),
        ({"N": -3}, ValueError, "N = -3: must be an integer from 2 to 2**32 - 1"),
        ({"N": 10.5}, ValueError, "N = 10.5: must be an integer from 2 to 2**32 - 1"),
        ({"J": -0.1}, ValueError, "J = -0.1: must be finite and >= 0"),
        ({"h": -1}, ValueError, "h = -1: must be finite and >= 0"),
        ({"h": np.nan}, ValueError, "h = nan: must be finite"),
        ({"J": 10**400}, ValueError, "J = 1000"),
        ({"J": "0.1"}, ValueError, "J = '0.1': must be a real number"),
        ({"J": [0.1]}, ValueError, "J = [0.1]: must be a real number"),
        ({"J": None}, ValueError, "J = None: must be a real number"),
        ({"kappa_0": np.inf}, ValueError, "kappa_0 = inf: must be finite"),
        ({"kappa_min": 2.0}, ValueError, "kappa_min = 2.0: must be finite and <= 1"),
        ({"beta": -1.0}, ValueError, "beta = -1.0: must be finite and > -1, or"),
        ({"A": 0.0}, ValueError, "A = 0.0: must be finite and > 0, or"),
        (
            {"coupling": "dense"},
            ValueError,
            "coupling = 'dense': must be one of stored, regenerated, structured",
        ),
    ],
)
def test_bad_parameters_name_value_and_rule(
    change: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match="^" + re.escape(message)):
        dataclasses.replace(BASE, **change)


def test_parameters_are_canonical() -> None:
    one = khgps.KHGPS(N=np.int64(64), J=1, h=np.float32(0.5))  # type: ignore[arg-type]
    assert one == khgps.KHGPS(N=64, J=1.0, h=0.5)
    assert [type(v) for v in dataclasses.asdict(one).values()] == [int, *6 * [float], str, type(None)]


@given(
    st.floats(0.001, 3.0),
    st.floats(-1.0, 1.0),
    st.floats(0.0, 2.0),
    st.floats(0.1, 9.0),
    st.sampled_from(COUPLINGS),
)
def test_parameters_only_scale_the_disorder(
    J: float, kappa_min: float, width: float, A: float, coupling: str
) -> None:
    params = khgps.KHGPS(
        N=16, J=J, h=0.3, kappa_min=kappa_min, kappa_0=kappa_min + width, A=A, coupling=coupling
    )
    problem = khgps.draw(params, seed=4, sample=2)
    unit = khgps.draw(khgps.KHGPS(N=16, J=1.0, h=0.0, coupling=coupling), seed=4, sample=2)
    rounding = 1e-14 * J if coupling == "structured" else 0.0
    np.testing.assert_allclose(problem.coupling, J * unit.coupling.dense(), rtol=1e-15, atol=rounding)
    np.testing.assert_allclose(problem.stiffness, kappa_min + width * unit.stiffness, rtol=1e-15, atol=1e-16)
    assert (problem.anharmonicity, set(problem.field)) == (A, {0.3})


def test_samples_differ_and_repeat() -> None:
    one, again = (khgps.draw(BASE, seed=1, sample=17) for _ in range(2))
    np.testing.assert_array_equal(one.coupling, again.coupling)
    np.testing.assert_array_equal(one.stiffness, again.stiffness)
    for seed, sample in ((1, 18), (2, 17)):
        other = khgps.draw(BASE, seed=seed, sample=sample)
        assert not np.any(other.stiffness == one.stiffness)


@pytest.mark.parametrize("beta", [-0.5, 0.0, 1.0, 3.0])
def test_stiffness_law(beta: float) -> None:
    """P(kappa < k) = ((k - kappa_min)/(kappa_0 - kappa_min))^(beta + 1): Kolmogorov-Smirnov at p = 1e-4."""
    params = khgps.KHGPS(N=2000, J=0.0, h=0.0, kappa_min=0.2, kappa_0=1.7, beta=beta)
    kappa = np.concatenate([khgps.draw(params, seed=1, sample=s).stiffness for s in range(5)])
    assert stats.kstest(kappa, lambda k: ((k - 0.2) / 1.5) ** (beta + 1)).pvalue > 1e-4


def test_couplings_are_gaussian_of_variance_J2_over_N() -> None:  # noqa: N802
    """Kolmogorov-Smirnov at p = 1e-4 over 180,000 pairs; the spectrum ends at +-2 J."""
    params = khgps.KHGPS(N=600, J=0.3, h=0.0)
    coupling = khgps.draw(params, seed=1, sample=0).coupling.dense()
    pairs = coupling[np.triu_indices(600, 1)]
    assert stats.kstest(pairs * np.sqrt(600) / 0.3, "norm").pvalue > 1e-4
    np.testing.assert_allclose(np.abs(np.linalg.eigvalsh(coupling)[[0, -1]]), 0.6, rtol=0.03)


def test_regenerated_couplings_are_the_stored_ones() -> None:
    x = np.linspace(-1.0, 1.0, BASE.N)
    stored, regenerated, structured = (
        khgps.draw(dataclasses.replace(BASE, coupling=coupling), seed=1, sample=3) for coupling in COUPLINGS
    )
    assert isinstance(regenerated.coupling, Regenerated)
    np.testing.assert_array_equal(stored.coupling @ x, regenerated.coupling @ x)
    assert not np.any(stored.coupling @ x == structured.coupling @ x)
    for other in (regenerated, structured):
        np.testing.assert_array_equal(stored.stiffness, other.stiffness)


def test_couplings_too_large_to_store_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: Any, **__: Any) -> Packed:
        raise MemoryError

    monkeypatch.setattr(Packed, "normal", no_room)
    with pytest.raises(MemoryError, match=r"^coupling = 'stored' needs 931 GiB at N = 1000000; the others"):
        khgps.draw(khgps.KHGPS(N=10**6, J=0.1, h=0.01), seed=1, sample=0)


def test_special_cases() -> None:
    kh = khgps.draw(khgps.KHGPS(N=20, J=0.3, h=0.1, kappa_min=1.0, kappa_0=1.0), seed=1, sample=0)
    np.testing.assert_array_equal(kh.stiffness, 1.0)
    sk = khgps.draw(khgps.KHGPS(N=20, J=0.3, h=0.1, kappa_min=-0.5, kappa_0=-0.5), seed=1, sample=0)
    np.testing.assert_array_equal(sk.stiffness, -0.5)
