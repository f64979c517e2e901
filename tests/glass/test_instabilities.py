"""Glasses sheared through avalanches."""

import numpy as np
import pytest

import glass
import landscape


@pytest.mark.verify
def test_ten_instabilities() -> None:
    """Of two glasses the first five each: b2 of the cubic mode over (2 |b3 F| (gamma_c - gamma))^1/2 (S 21).

    It is 1 with a correction of the order of the root of the distance: 10 times farther away 10^1/2 times as
    large. Energy and stress fall in avalanches.
    """
    for sample in (1, 3):
        made = glass.draw(glass.SoftSpheres(N=64, T_p=1.0, sweeps=400), seed=71, sample=sample)
        family = glass.SimpleShear(made)
        found = landscape.drive(family, glass.quench(made).x, h_from=0.0, h_to=0.4, max_events=5)
        assert len(found.events) == 5
        for event in found.events:
            assert event.fold.residual < 1e-8
            assert event.energy_drop > 0.0
            assert event.slope < 0.0
            far = event.fold.h - 1e-7
            near = landscape.softening(family, event.fold, h_from=far, nearest=0.1, points=2)
            excess = near.b2 / near.predicted - 1.0
            assert np.all(np.abs(excess) < 0.02)
            assert excess[1] / excess[0] == pytest.approx(10.0**0.5, rel=0.05)
