"""Densities of states in bins: a Debye part, an omega^4 law that bends and a peak, all known, are found."""

import csv
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.constants import N_A, R, hbar, k
from scipy.special import erf

import spm
from qle.cli import main
from qle.readers.binned import BinnedDensity, binned_density, read_binned
from qle.readers.spectra import spectra
from qle.statistics import tail
from qle.statistics.binned_law import binned_tail
from qle.statistics.binned_peak import binned_peak
from qle.statistics.debye import debye_level
from tests import own_modes

DEBYE, A_G, OMEGA_0 = 0.005, 0.01, 2.0
"""D = DEBYE omega^2 + A_G omega^4 exp(-(omega/OMEGA_0)^2): the excess of D/omega^2 is largest at OMEGA_0."""
N, SAMPLES = 1000, 200
EDGES = np.linspace(0.0, 3.2, 65)
SETTING: dict[str, Any] = {"N": N, "dimension": 3, "samples": SAMPLES}


def below(omega: np.ndarray) -> np.ndarray:
    """Return the share of modes below omega: x^4 exp(-x^2) in closed form, whose derivative gives D back."""
    x = omega / OMEGA_0
    soft = 3.0 * math.sqrt(math.pi) / 8.0 * erf(x) - x * np.exp(-(x**2)) * (2.0 * x**2 + 3.0) / 4.0
    return np.asarray(DEBYE * omega**3 / 3.0 + A_G * OMEGA_0**5 * soft)


SHARES = np.diff(below(EDGES))


def counted(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(3 * N * SAMPLES * SHARES)


def binned(seed: int) -> BinnedDensity:
    return binned_density(EDGES[:-1], EDGES[1:], counts=counted(seed), **SETTING)


def with_errors(seed: int, errors: bool, relative: float = 0.05) -> BinnedDensity:
    D = SHARES / np.diff(EDGES)
    drawn = D * (1.0 + relative * np.random.default_rng(seed).standard_normal(D.size))
    given: dict[str, Any] = {"density_error": relative * D} if errors else {}
    return binned_density(EDGES[:-1], EDGES[1:], density=drawn, **given)


def test_the_shares_are_those_of_the_law() -> None:
    omega, step = np.array([0.3, 1.0, 2.5]), 1e-4
    slope = (below(omega + step) - below(omega - step)) / (2.0 * step)
    law = DEBYE * omega**2 + A_G * omega**4 * np.exp(-((omega / OMEGA_0) ** 2))
    np.testing.assert_allclose(slope, law, rtol=1e-6)


FORMS: dict[str, Callable[[int], Any]] = {
    "counts": lambda seed: (binned(seed), None),
    "errors": lambda seed: (with_errors(seed, True), 0.7),
    "no errors": lambda seed: (with_errors(seed, False), 0.7),
}


@pytest.mark.parametrize("form", FORMS)
def test_prefactor_and_peak_of_a_known_law_are_found(form: str) -> None:
    """Of ten sets: intervals of 95 percent, 7 or fewer in 1.2 percent of all cases; the peak as it errs."""
    covered, exponents, pulls, heights = 0, 0, [], []
    for seed in range(10):
        given, cutoff = FORMS[form](seed)
        law = binned_tail(given, debye=DEBYE, cutoff=cutoff)
        assert law.verdict == "given"
        covered += law.A_g_low < A_G < law.A_g_high
        # what it rejects: a prefactor three times as large or small, in every one of these sets
        assert not law.A_g_low < 3.0 * A_G < law.A_g_high
        assert not law.A_g_low < A_G / 3.0 < law.A_g_high
        exponents += law.exponent_low < 4.0 < law.exponent_high
        peak = binned_peak(given, debye=DEBYE, resamples=100)
        pulls.append((peak.omega_b - OMEGA_0) / peak.error)
        true = A_G * OMEGA_0**2 * math.exp(-1.0)
        heights.append((peak.height / true - 1.0, peak.height_error / true))
    assert min(covered, exponents) >= 8
    # mean of ten pulls of variance 1: 4 of its errors, one time in 16,000; the errors are right within 1/2
    assert abs(np.mean(pulls)) < 4.0 / math.sqrt(10.0)
    assert 0.5 < math.sqrt(np.mean(np.square(pulls))) < 2.0
    off, error = np.array(heights).T
    assert abs(off.mean()) < 4.0 * error.mean() / math.sqrt(10.0) + 0.01


@pytest.mark.verify
@pytest.mark.parametrize("form", FORMS)
def test_intervals_hold_as_often_as_the_page_says(form: str) -> None:
    """150 sets: docs/your-data.md has 99 percent; 93 would be missed by 3 of its deviations."""
    covered, pulls = np.zeros(2), []
    for seed in range(1000, 1150):
        given, cutoff = FORMS[form](seed)
        law, peak = binned_tail(given, debye=DEBYE, cutoff=cutoff), binned_peak(given, debye=DEBYE)
        covered += law.A_g_low < A_G < law.A_g_high, law.exponent_low < 4.0 < law.exponent_high
        pulls.append((peak.omega_b - OMEGA_0) / peak.error)
    assert (covered / 150 > 0.93).all()
    # a standard deviation of 150 pulls is known to 6 percent: four of these
    assert 0.75 < np.std(pulls) < 1.25


def test_a_debye_part_left_in_is_no_quartic_law() -> None:
    """With D to 5 percent it is always seen; from few counts A_g comes out too large, or is withheld."""
    for seed in range(3):
        law = binned_tail(with_errors(seed, True), cutoff=0.7)
        assert law.verdict == "not_quartic"
        assert math.isnan(law.A_g)
        assert law.exponent_high < 4.0
        counts = binned_tail(binned(seed))
        assert counts.exponent_high < 4.0
        assert not counts.A_g_low < A_G
    # of too high a level nothing is left
    with pytest.raises(ValueError, match="above the Debye part"):
        binned_tail(binned(0), debye=10 * DEBYE)


def test_narrow_bins_say_what_the_modes_say() -> None:
    """Two routes: the likelihood of the modes, and that of their counts in bins of a hundredth."""
    lists = own_modes.draw(0.05, 1500, 3)
    law = tail(spectra(lists, 500, dimension=3, complete=own_modes.TOP), resamples=2).squeeze()
    edges = np.linspace(0.0, own_modes.TOP, 181)
    counts = np.histogram(np.concatenate(lists), edges)[0]
    given = binned_density(edges[:-1], edges[1:], counts=counts, N=500, dimension=3, samples=len(lists))
    found = binned_tail(given, cutoff=law["omega_cut"].item())
    assert abs(found.omega_window - law["omega_window"].item()) < 0.02
    # the windows differ by less than a bin of 6 percent of the modes, which moves A_g by some of its error
    A_g, low, high = (law[name].item() for name in ("A_g", "A_g_low", "A_g_high"))
    assert abs(math.log(found.A_g / A_g)) < 0.2 * law["A_g_error"].item() / A_g
    assert math.log(found.A_g_high / found.A_g_low) == pytest.approx(math.log(high / low), rel=0.2)


@pytest.mark.parametrize("d", [2, 3])
def test_the_debye_level_counts_plane_waves(d: int) -> None:
    """Those of a periodic box of 64^d particles at density 1, with omega = c k below 0.8, one by one."""
    c_l, c_t, L, top = 2.0, 1.0, 64, 0.8
    k = 2.0 * math.pi / L * np.arange(-20, 21)
    size = np.sqrt(sum(one**2 for one in np.meshgrid(*[k] * d, sparse=True)))
    waves = (c_l * size < top).sum() + (d - 1) * (c_t * size < top).sum() - d
    level = debye_level(c_l, c_t, 1.0, dimension=d)
    # waves in shells: the count scatters by about its surface, a few percent here
    assert waves / (d * L**d) == pytest.approx(level * top**d / d, rel=0.06)


def test_the_debye_level_is_that_of_the_debye_frequency_in_its_units() -> None:
    c, rho = 3000.0, 6e28
    largest = c * (6.0 * math.pi**2 * rho) ** (1 / 3)
    assert debye_level(c, c, rho, units="rad/s") == pytest.approx(3.0 / largest**3, rel=1e-12)
    thz = largest / (2e12 * math.pi)
    assert debye_level(c, c, rho, units="THz") == pytest.approx(3.0 / thz**3, rel=1e-12)
    # 1 meV is 0.2417989 THz, 8.065544 cm^-1
    assert debye_level(c, c, rho, units="meV") == pytest.approx(3.0 / (thz / 0.2417989) ** 3, rel=1e-6)
    assert debye_level(c, c, rho, units="cm^-1") == pytest.approx(3.0 / (thz * 33.35641) ** 3, rel=1e-6)


def test_waves_have_the_heat_of_their_density_of_states() -> None:
    """C/k_B of an atom is 3 A_D (k_B T/hbar)^3 int x^4 e^x/(e^x - 1)^2 dx, and the integral 4 pi^4/15."""
    longitudinal, transverse, density, molar_mass = 5968.0, 3764.0, 2200.0, 60.08
    level = debye_level(longitudinal, transverse, 1e3 * density / molar_mass * N_A, units="rad/s")
    heat = spm.debye_coefficient(
        longitudinal=longitudinal, transverse=transverse, density=density, molar_mass=molar_mass
    )
    assert heat == pytest.approx(R * 3 * level * 4 * math.pi**4 / 15 * (k / hbar) ** 3, rel=1e-12)


def write(path: Path, counts: np.ndarray) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["low [THz]", "high [THz]", "count"])
        rows.writerows(zip(EDGES[:-1].tolist(), EDGES[1:].tolist(), counts.tolist(), strict=True))


def test_the_command_prints_and_draws_what_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bins.csv"
    write(path, counted(0))
    options = ["--particles", "1000", "--dimension", "3", "--samples", "200", "--debye", str(DEBYE)]
    assert main(["vdos-fit", str(path), *options]) == 0
    law = binned_tail(binned(0), debye=DEBYE)
    out = capsys.readouterr().out
    assert f"A_g       {law.A_g:.4g} ({law.A_g_low:.4g} .. {law.A_g_high:.4g}) THz^-5" in out
    assert "counts: each bin has the variance of a Poisson law" in out
    assert re.search(r"omega_b   \S+ \+- \S+ THz", out)
    assert out.splitlines()[-1] == str(tmp_path / "bins.png")
    assert (tmp_path / "bins.png").stat().st_size > 10_000
    sound = ["--sound", "5230", "3140", "--density", "6e28"]
    assert main(["vdos-fit", str(path), *options[:6], *sound]) == 0
    level = debye_level(5230.0, 3140.0, 6e28, units="THz")
    assert f"Debye     {level:.4g} THz^-3, from the velocities of sound" in capsys.readouterr().out


BINS = "low,high,counts\n"
MISTAKES = {
    "overlap": (BINS + "0,1,3\n0.5,2,3\n", "line 3: low = 0.5: the bin overlaps the one before"),
    "not ascending": (BINS + "1,2,3\n0,1,3\n", "line 3: low = 0: must ascend"),
    "no width": (BINS + "1,1,3\n", "line 2: high = 1: must be > low"),
    "negative edge": (BINS + "-1,1,3\n", "line 2: low = -1: must be >= 0"),
    "negative counts": (BINS + "0,1,3\n1,2,-3\n", "line 3: counts = -3: must be an integer >= 0"),
    "half a count": (BINS + "0,1,3.5\n", "line 2: counts = 3.5: must be an integer >= 0"),
    "no counts": (BINS + "0,1,0\n1,2,0\n", "counts: must not be all 0"),
    "nan": (BINS + "0,1,nan\n", "line 2: counts = nan: must be finite"),
    "too many": (BINS + "0,1,70\n", "counts: are 70 together, more than samples (N dimension"),
    "nothing counted": ("low,high\n0,1\n", "counts, density: must be one of them"),
    "both": ("low,high,count,D\n0,1,2,3\n", "counts, density: must be one of them, and not both"),
    "missing edges": ("low,counts\n0,1\n", "line 1: has no column high"),
    "negative density": ("low,high,D\n0,1,-2\n", "line 2: density = -2: must be >= 0"),
    "no error of nothing": ("low,high,D\n0,1,0\n", "line 2: density = 0: must be > 0, or have an error"),
    "error of 0": ("low,high,D,D_error\n0,1,2,0\n", "line 2: density_error = 0: must be > 0"),
    "errors of counts": ("low,high,count,D_error\n0,1,2,1\n", "density_error: must not be given with counts"),
    "units of the other edge": ("low (THz),high (meV),count\n0,1,2\n", "units of high: meV: must be THz"),
    "unknown units": ("low (eV),high (eV),count\n0,1,2\n", "units of low = 'eV': must be one of"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_in_bins_is_one_line_with_file_and_row(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, message = MISTAKES[kind]
    path = tmp_path / "bins.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: {message}")):
        read_binned(path, 20, dimension=3, samples=1)
    assert main(["vdos-fit", str(path), "--particles", "20", "--dimension", "3", "--samples", "1"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_what_cannot_be_fitted_says_why() -> None:
    with pytest.raises(ValueError, match=r"N, samples .--particles, --samples.: must be given with counts"):
        binned_density([0.0], [1.0], counts=[3])
    with pytest.raises(ValueError, match=r"cutoff .--cutoff.: must be given"):
        binned_tail(with_errors(0, True))
    with pytest.raises(ValueError, match=r"cutoff = 100.0: must be in \(0, .*\], or the bins end below it"):
        binned_tail(with_errors(0, True), cutoff=100.0)
    with pytest.raises(ValueError, match=r"debye = 5: counts are at most .* are all modes in them"):
        binned_tail(binned(0), debye=5.0)
    with pytest.raises(ValueError, match="bins: 1 end below omega_window"):
        binned_tail(binned(0), cutoff=0.05)
    D = 1.0 / EDGES[1:-1]
    falling = binned_density(EDGES[1:-1], EDGES[2:], density=D, density_error=1e-3 * D)
    with pytest.raises(ValueError, match="is at the end of those that are well above it"):
        binned_peak(falling)
