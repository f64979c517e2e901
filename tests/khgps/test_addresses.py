"""Sample 9 of seed 4 is the same for everyone who asks: the addresses of its numbers."""

import dataclasses

import numpy as np
import pytest

import khgps
from khgps.semicircle import semicircle_spectrum
from landscape import disorder
from quartic.couplings import Packed, Regenerated, Rotated

PARAMS = khgps.KHGPS(N=40, J=0.3, h=0.2, kappa_0=1.5, kappa_min=-0.5, beta=0.5, A=1.3)


@pytest.mark.parametrize("coupling", ["stored", "regenerated", "structured"])
def test_a_sample_is_made_of_numbers_with_addresses(coupling: str) -> None:
    """kappa_i of "stiffness", J_ij of "coupling"; the seed is the seed and the sample the sample."""
    problem = khgps.draw(dataclasses.replace(PARAMS, coupling=coupling), seed=4, sample=9)
    u = disorder.uniform(40, seed=4, sample=9, label="stiffness")
    np.testing.assert_allclose(problem.stiffness, -0.5 + 2.0 * u ** (2.0 / 3.0), rtol=1e-13, atol=1e-15)
    spectrum = semicircle_spectrum(40, 0.3)
    expected = {
        "stored": Packed.normal(40, scale=0.3 / 40**0.5, seed=4, sample=9, label="coupling"),
        "regenerated": Regenerated(40, scale=0.3 / 40**0.5, seed=4, sample=9, label="coupling"),
        "structured": Rotated(40, spectrum, seed=4, sample=9, label="coupling"),
    }[coupling]
    assert type(problem.coupling) is type(expected)
    np.testing.assert_array_equal(problem.coupling.dense(), expected.dense())
    assert (set(problem.field), problem.anharmonicity) == ({0.2}, 1.3)
