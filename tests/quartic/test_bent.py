"""Bent coordinates change straight lines, and nothing that does not hang on them."""

import numpy as np
import pytest

import khgps
import landscape
import quartic
from qle.measurements.cubic_modes import modes_at
from theory import formulas

PROBLEM = khgps.draw(khgps.KHGPS(N=40, J=0.3, h=0.01), seed=3, sample=1)
X = quartic.minimize(PROBLEM).x


def lifted_modes(bent: quartic.Bent) -> list[landscape.NonlinearMode]:
    """Return the modes to which straight starts along the valleys lead."""
    starts = np.zeros((80, 12))
    starts[::2] = quartic.low_modes(PROBLEM, X, 12).vectors
    starts[1::2] = -bent.g * X[:, None] * starts[::2]
    return landscape.cubic_modes(bent, bent.lifted(X), starts=starts)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_every_cubic_mode_has_the_ratio_of_its_share(share: float) -> None:
    """r = F/(3 s^2) (derivation `bent_valley`), to the residual of the modes; so r > F/3."""
    bent = quartic.Bent.of_share(PROBLEM, share, K=0.7)
    np.testing.assert_allclose(bent.undone, share)
    for mode in lifted_modes(bent):
        off = mode.direction[1::2] + bent.g * X * mode.direction[::2]
        s2 = bent.K * float(off @ off) / mode.b2
        assert mode.ratio == pytest.approx(formulas.bent_ratio(np, share, s2), rel=1e-7)
        assert mode.ratio > share / 3.0


def test_only_the_product_of_stiffness_and_squared_curvature_matters() -> None:
    soft, stiff = (
        sorted(mode.ratio for mode in lifted_modes(quartic.Bent.of_share(PROBLEM, 0.5, K=K)))
        for K in (0.5, 8.0)
    )
    assert min(abs(r - soft[0]) for r in stiff) < 1e-6 * soft[0]


def test_without_a_bend_the_modes_are_those_of_the_oscillators() -> None:
    flat = [mode.ratio for mode in lifted_modes(quartic.Bent(PROBLEM, K=1.0, g=0.0))]
    known = np.array([mode.ratio for mode in modes_at(PROBLEM, X)])
    for r in flat:
        assert np.abs(known / r - 1.0).min() < 1e-6


def test_minima_and_barriers_stay() -> None:
    """The saddle between two wells of a pair, and its height, by a path in the bent coordinates."""
    pair = quartic.Problem([-1.0, -0.8], [[0.0, -0.1], [-0.1, 0.0]], 0.05, 6.0)
    low = quartic.minimize(pair).x
    high = quartic.minimize(pair, start=-low).x
    bent = quartic.Bent(pair, K=2.0, g=0.8)
    ends = [bent.lifted(x) for x in (low, high)]
    for end, x in zip(ends, (low, high), strict=True):
        assert bent.energy(end) == pytest.approx(pair.energy(x), rel=1e-12)
        assert landscape.minimize(bent, end).x == pytest.approx(end, abs=1e-8)
    height = landscape.minimum_energy_path(bent, *ends).barrier
    assert height == pytest.approx(quartic.minimum_energy_path(pair, low, high).barrier, rel=1e-8)


def test_one_share_for_all_needs_one_anharmonicity() -> None:
    uneven = quartic.Problem([1.0, 1.0], [[0.0, 0.0], [0.0, 0.0]], 0.0, [1.0, 2.0])
    np.testing.assert_allclose(quartic.Bent(uneven, K=1.0, g=1.0).undone, [3.0 / 4.0, 3.0 / 5.0])
    with pytest.raises(ValueError, match="share: one for all sites needs one anharmonicity for all"):
        quartic.Bent.of_share(uneven, 0.5)
    with pytest.raises(ValueError, match=r"share = 1.0: must be"):
        quartic.Bent.of_share(PROBLEM, 1.0)
