"""Claims about glasses: what is counted of modes that are made up, and what small glasses have."""

import numpy as np
import pytest
from numpy.typing import NDArray

import glass
from qle.experiments import depletion, glass_phonons, quenched_glasses, sheared_glasses
from qle.experiments.quenched_glasses import LIQUID, Quenched
from qle.measurements.glass_modes import GlassModes
from qle.statistics.depletion import excitation_number, expected, formation_energy
from qle.statistics.excitations import Excitations
from qle.verification.comparison import Comparison
from qle.verification.power import power
from qle.verification.verdicts import rejections
from tests.planted import check_that_errors_are_noticed

Array = NDArray[np.float64]


def made_up(samples: int = 2000, exponent: float = 4.0, least: float = 0.4) -> list[Quenched]:
    """Glasses of D ~ omega^exponent, 4 modes a glass below 1, first phonons at 1, r from `least` to 3."""
    rng = np.random.Generator(np.random.PCG64(5))
    modulus = LIQUID.density * (LIQUID.box / (2.0 * np.pi)) ** 2
    made = []
    for _ in range(samples):
        omega, r = np.sort(rng.power(exponent + 1.0, 4)), rng.uniform(least, 3.0, 4)
        rows = np.stack([omega**2, np.sqrt(r) * omega, np.ones(4)])
        low = np.concatenate([omega, np.full(8, 2.0)])
        made.append(Quenched(low, modulus, rows, *rng.exponential(0.1, 2).tolist()))
    return made


def rejected(found: list[Comparison]) -> set[str]:
    return {one.claim for one, no in zip(found, rejections(found), strict=True) if no}


def test_glasses_of_the_laws_are_accepted_and_others_not() -> None:
    """At 1 percent over all comparisons; D ~ omega^3, r without a bound, normal modes with one.

    p(r) is uniform, so that D ~ omega^4 gives p(B) ~ B^(1/4), and not B^(-1/3).
    """
    assert rejected(quenched_glasses.compared(made_up())) == {"barriers-found"}
    assert {"S6-glasses", "nonlinear-omega4"} <= rejected(quenched_glasses.compared(made_up(exponent=3.0)))
    assert "S18-lower" in rejected(quenched_glasses.compared(made_up(least=0.0)))
    bounded = [one._replace(normal=0.5, pseudoharmonic=0.5) for one in made_up(200)]
    assert "S18-cubic-alone" in rejected(quenched_glasses.compared(bounded))


def test_barriers_of_upper_wells_are_told_from_those_of_lower_ones() -> None:
    """B = 2 b2^3/(3 b3^2) with p(b2) ~ b2 has p(B) ~ B^(-1/3); a quick run has too few for either law."""
    rng = np.random.Generator(np.random.PCG64(6))
    b2 = 0.1 * rng.random(600) ** 0.5
    cubic = Excitations(b2, np.ones(600), np.full(600, 0.2), np.arange(600), 600)
    found = quenched_glasses.barriers(cubic)
    assert [one.claim for one in found] == ["S20-glasses", "barriers-found"]
    assert rejections(found) == [True, False]
    assert all(power(one, one.alternatives[0].value, 0.01) > 0.99 for one in found)
    few = Excitations(b2[:20], np.ones(20), np.full(20, 0.2), np.arange(20), 600)
    assert quenched_glasses.barriers(few) == []


def test_one_small_glass_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its modes below each other, and r of the softest normal mode by the expansion of the energy."""
    monkeypatch.setattr(quenched_glasses, "LIQUID", glass.SoftSpheres(N=64, T_p=2.0, sweeps=64))
    one = quenched_glasses.measured(0)
    assert one.omega.shape == (12,)
    assert np.all(np.diff(one.omega) >= 0.0)
    b2, b3, b4 = one.cubic
    barrier = 2.0 * b2**3 / (3.0 * b3**2)
    assert np.all(np.diff(barrier) >= 0.0)
    assert np.all(b2 >= one.omega[0] ** 2)
    assert np.all(b3**2 / (b2 * b4) > one.normal)


def soft_glasses(level: float, samples: int, seed: int, *, scale: float = 4.0) -> GlassModes:
    """Modes of A_g = level alone, of glasses whose first phonons are at 1, omega_g = scale."""
    rng = np.random.default_rng(seed)
    omega = np.sort((5.0 * rng.random((samples, 286)) / level) ** 0.2, axis=1)[:, :12]
    side = (144 / 0.65) ** 0.5
    modulus = np.full(samples, 0.65 * (side / (2.0 * np.pi)) ** 2)
    omega_g = np.full(samples, scale)
    return GlassModes(omega, omega, modulus, omega_g, np.zeros(samples, bool), 144, 2, side, 0.65)


def test_the_number_of_excitations_is_that_of_the_law() -> None:
    """Within four errors, which are those of a law of Poisson; E of numbers ~ e^(-2/T_p)."""
    one = soft_glasses(0.02, 400, 1)
    number, error = excitation_number(one)
    _, n = one.soft()
    assert number == pytest.approx(one.prefactor()[0] * 4.0**5)
    assert abs(number - 0.02 * 4.0**5) < 4.0 * error
    assert error == pytest.approx(
        number / n**0.5, rel=0.15
    )  # of 400 resamples, and of counts below Poisson's
    assert n == pytest.approx(number * expected(one) * 400)
    falling = {
        T: soft_glasses(0.4 * np.exp(-2.0 / T), 2000, k) for k, T in enumerate((1.0, 0.7, 0.5), start=2)
    }
    line = formation_energy(falling, 0.7)
    assert line is not None
    assert line.points == 2
    assert abs(line.slope + 2.0) < 4.0 * line.slope_error
    assert formation_energy(falling, 0.5) is None


def test_more_soft_modes_in_cold_glasses_are_noticed() -> None:
    """Twice as many; as many or fewer are accepted, and as many can not be told from fewer."""
    hot = soft_glasses(0.02, 400, 1)
    for level, wrong in ((0.04, True), (0.02, False), (0.01, False)):
        one = depletion.compared(hot, soft_glasses(level, 200, 2), 0.5)
        assert rejections([one]) == [wrong]
        assert one.predicted == pytest.approx(1.0 / 3.0)
    assert power(one, one.alternatives[0].value, 0.01) < 0.02


def test_widths_of_bands_that_do_not_fall_are_noticed() -> None:
    rng = np.random.default_rng(1)
    small, large = (0.2 * rng.uniform(0.7, 1.3, 60) for _ in range(2))
    assert rejections([glass_phonons.compared(small, large / 2.0)]) == [False]
    assert rejections([glass_phonons.compared(small, large)]) == [True]
    narrow = glass_phonons.width(glass.SoftSpheres(N=64, T_p=1.0, sweeps=64), 0)
    assert 0.0 < narrow < 0.6


def test_what_goes_as_the_root_is_taken_off() -> None:
    """Of 1 + 3 s + 5 s^2, s the root of the distance: -5 s^2 10^(1/2) is left."""
    s = np.array([1e-7, 1e-6, 1e-5]) ** 0.5
    left = sheared_glasses.straight(3.0 * s + 5.0 * s**2)
    np.testing.assert_allclose(left, -5.0 * 10.0**0.5 * s[:2] ** 2, rtol=1e-6)


@pytest.mark.verify
def test_instabilities_hold_and_notice_another_law(monkeypatch: pytest.MonkeyPatch) -> None:
    check_that_errors_are_noticed(sheared_glasses.sheared, [("softening_stiffness", 1.01)], monkeypatch)
