"""What commands print and draw: every number once more, by hand."""

import argparse
import csv
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import khgps
import lattice_gps
import quartic
import spm
from lattice_gps import GPSLattice
from qle.commands import lattice, phase_diagram, soft_potentials
from qle.figures.table import figure
from qle.measurements.lattice import LatticeSamples, measure, relax
from qle.statistics.pooled import RESAMPLES
from qle.statistics.resampling import resampling_weights
from tests.soft_laws import soft_laws

Array = np.ndarray


def table(text: str) -> dict[str, list[str]]:
    """Return what lines of "name   value +- error" say, by name."""
    rows = (re.match(r"(.*?)  +(\S+) \+- (\S+)$", line) for line in text.splitlines())
    return {row[1]: [row[2], row[3]] for row in rows if row}


def shown(values: Array) -> list[str]:
    """Return mean and standard error as they are printed."""
    return [f"{values.mean():.4g}", f"{stats.sem(values):.2g}"]


def test_measurements_of_the_lattice_are_means_over_samples() -> None:
    """Seven samples of 27 sites: three modes lie below the cut-off, the fourth lowest of all."""
    rng = np.random.default_rng(1)
    sites = (7, 27)
    found = LatticeSamples(
        GPSLattice(L=3, J=0.3, beta=0.5), np.sort(rng.random((7, 5)), axis=1), rng.random((7, 5)),
        rng.normal(size=sites), rng.normal(size=sites), rng.normal(size=sites),
        rng.integers(0, 9, 7), rng.integers(0, 9, 7),
    )  # fmt: skip
    text = lattice.describe(found)
    cut = np.sort(found.frequency.ravel())[3]
    soft = found.frequency < cut
    assert text.splitlines()[0] == "L = 3, d = 3, J = 0.3, beta = 0.5, 7 samples; modes below omega_cut: 3"
    rows = table(text)
    assert rows["destabilised oscillators"] == shown((found.stiffness < 0).mean(axis=1))
    assert rows["sites with two wells"] == shown(found.double_wells / 27)
    assert rows["sites in upper wells"] == shown(found.upper_wells / 27)
    assert rows["<|x|>"] == shown(np.abs(found.displacement).mean(axis=1))
    assert rows["median |f'|"] == shown(np.median(np.abs(found.field), axis=1))
    assert rows["participation number N e there"] == shown(27 * found.participation[soft])
    logs = np.where(soft, np.log(cut / found.frequency), 0).sum(axis=1)
    exponent = 2 / logs.sum() - 1
    replicates = [  # of samples, whose modes are not independent
        (weights @ soft.sum(axis=1) - 1) / (weights @ logs) - 1
        for weights in resampling_weights(7, RESAMPLES)
        if weights @ logs > 0
    ]
    expected = [f"{exponent:.4g}", f"{np.std(replicates, ddof=1):.2g}"]
    assert rows[f"exponent of D below {cut:.3g}"] == expected


def collected(name: str, options: list[str]) -> dict[str, Any]:
    """Return what a figure is given to draw, beside the path."""
    parser = argparse.ArgumentParser()
    figure(name).options(parser)
    return figure(name).collect(parser.parse_args(options))


def hessians(params: GPSLattice, samples: int) -> list[Array]:
    """Return the Hessians of minima of seed 4."""
    return [quartic.hessian(*relax(params, seed=4, sample=sample)) for sample in range(samples)]


def to_first_order(hessian: Array) -> Array:
    """Return the softest mode by first-order perturbation theory from its largest site, which has 1."""
    values, vectors = np.linalg.eigh(hessian)
    centre = int(np.argmax(np.abs(vectors[:, 0])))
    psi = [
        -hessian[i, centre] / (hessian[i, i] - values[0]) if i != centre else 1.0 for i in range(len(values))
    ]
    return np.array(psi)


SMALL = ("--samples", "3", "--beta", "0.5", "--seed", "4")  # of each figure of the lattice


def test_whole_spectra_with_their_participation_are_drawn() -> None:
    found = collected("participation", ["--L", "4", "3", *SMALL])
    modes = found["modes"]
    assert list(modes) == [27, 64]
    assert found["title"] == r"$d = 3$, $J = 0.1$, $\beta = 0.5$, 3 samples for each $N$"
    for L in (3, 4):
        values, vectors = np.linalg.eigh(hessians(GPSLattice(L=L, J=0.1, beta=0.5), 3))
        np.testing.assert_allclose(modes[L**3][0], values**0.5, rtol=1e-9)
        np.testing.assert_allclose(modes[L**3][1], 1 / (vectors**4).sum(axis=1) / L**3, rtol=1e-6)


def test_profiles_of_the_softest_half_percent_are_drawn() -> None:
    """One mode of 216, as it is and to first order in the couplings."""
    found = collected("mode-profile", ["--L", "6", "--d", "3", *SMALL])
    softest = [np.linalg.eigh(one)[1][:, :1] for one in hessians(GPSLattice(L=6, J=0.1, beta=0.5), 3)]
    expected = lattice_gps.profile.radial_profile(np.concatenate(softest, axis=1), 6, 3)  # 0.5 percent of 216
    assert found["d"] == 3
    np.testing.assert_allclose(found["profiles"][6].mean_log, expected.mean_log, rtol=1e-5)
    first = [to_first_order(one) for one in hessians(GPSLattice(L=6, J=0.1, beta=0.5), 3)]
    expected = lattice_gps.profile.radial_profile(np.transpose(first), 6, 3)
    np.testing.assert_allclose(found["first_order"][6].mean_log, expected.mean_log, rtol=1e-5)
    assert found["title"].endswith("softest 0.5% of the modes of 3 samples for each $L$")


def test_spectra_and_displacements_of_each_coupling_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.figures.boson_peak.boson_peak", lambda omega, N: (omega, N))
    found = collected("boson-peak", ["--L", "3", "--J", "0.3", "0.2", *SMALL])
    assert list(found["peaks"]) == [0.2, 0.3]
    for J, (omega, N) in found.pop("peaks").items():
        squares = np.linalg.eigvalsh(hessians(GPSLattice(L=3, J=J, beta=0.5), 3))
        np.testing.assert_allclose(omega**2, squares, rtol=1e-9)
        assert N == 27
    for J, mean in found.pop("displacements").items():
        x = [relax(GPSLattice(L=3, J=J, beta=0.5), seed=4, sample=sample)[1] for sample in range(3)]
        np.testing.assert_allclose(mean, np.mean(np.abs(x)))
    title = r"$L = 3$, $d = 3$, $\beta = 0.5$, 3 samples for each $J$"
    assert found == {"beta": 0.5, "title": title}


def test_bare_spectra_and_static_fields_are_drawn() -> None:
    found = collected("reconstruction", ["--L", "3", "--J", "0.4", *SMALL])
    for sample, row in enumerate(found["rows"]):
        problem = lattice_gps.draw(GPSLattice(L=3, J=0.4, beta=0.5), seed=4, sample=sample)
        np.testing.assert_array_equal(row.bare, np.sort(problem.stiffness))
    assert (len(found["rows"]), found["title"]) == (3, r"$L = 3$, $d = 3$, $J = 0.4$, $\beta = 0.5$")
    found = collected("fields", ["--L", "3", *SMALL])
    direct = measure(GPSLattice(L=3, J=0.1, beta=0.5), 3, modes=2, seed=4).field
    np.testing.assert_array_equal(found["field"], direct)
    assert found["title"] == r"$L = 3$, $d = 3$, $J = 0.1$, $\beta = 0.5$, 3 samples"


def test_the_softest_mode_of_a_sample_is_drawn() -> None:
    found = collected("mode-map", ["--L", "4", "--d", "2", "--sample", "5", "--seed", "4"])
    values, vectors = np.linalg.eigh(quartic.hessian(*relax(GPSLattice(L=4, J=0.1, d=2), seed=4, sample=5)))
    np.testing.assert_allclose(np.abs(found["vector"]), np.abs(vectors[:, 0]), atol=1e-6)
    number = 1 / (vectors[:, 0] ** 4).sum()
    mode = rf"$\omega = {values[0] ** 0.5:.3g}$, $N e = {number:.3g}$"
    assert found["title"].endswith(f"\nsample 5: {mode}")
    assert (found["L"], found["d"]) == (4, 2)


def test_a_critical_line_is_printed_at_some_fields() -> None:
    """Every second of 17 fields, so nine; numbers under their names."""
    h = np.arange(17.0)
    grid = ("h", "kappa_min", "kappa_0")
    names = ("J", "exponent", "q", "chi", "gap_edge", "replicon")
    values = {name: (grid, (k + 1) * 0.01 * (h + 1).reshape(17, 1, 1)) for k, name in enumerate(names)}
    special = {"special_h": (grid[1:], [[0.25]]), "special_J": (grid[1:], [[0.5]])}
    diagram = xr.Dataset({**values, **special}, coords={"h": h, "kappa_min": [0.1], "kappa_0": [2.0]})
    title, head, *rows = phase_diagram.describe(diagram).splitlines()
    assert title == "kappa_min = 0.1, kappa_0 = 2"
    assert head.split() == ["h", "J_c", "exponent", "q", "chi", "gap", "edge", "replicon"]
    assert [[float(x) for x in row.split()] for row in rows[:-1]] == [
        pytest.approx([at, *((k + 1) * 0.01 * (at + 1) for k in range(6))]) for at in h[::2]
    ]
    assert rows[-1] == "special point h = 0.25, J = 0.5"
    without = diagram.assign(special_h=(grid[1:], [[np.nan]]))
    assert phase_diagram.describe(without).splitlines()[-1] == "no special point"


@pytest.mark.parametrize(("name", "share"), [("fig8b", 1 / 3), ("fig8c", 5.0)])
def test_spectra_are_drawn_below_and_above_the_special_field(name: str, share: float) -> None:
    laws: tuple[list[str], ...] = ([], ["--h", "0.7"], ["--kappa-min", "0.2", "--kappa-0", "2"])
    given = [collected(name, options)["params"] for options in laws]
    fields = [
        share * khgps.special_point(kappa_min=low, kappa_0=high).h for low, high in ((0.1, 1), (0.2, 2))
    ]
    assert [one.h for one in given] == pytest.approx([fields[0], 0.7, fields[1]])
    assert [(one.kappa_min, one.kappa_0) for one in given] == [(0.1, 1.0), (0.1, 1.0), (0.2, 2.0)]


def test_laws_of_soft_potentials_are_printed_and_written(tmp_path: Path) -> None:
    """Exponents of free fits, prefactors at the derived exponents; nan where none is derived."""
    plain, soft, limits, ranges = soft_laws(2000)
    text = soft_potentials.describe(plain, soft, limits, ranges).splitlines()
    ends = {"p(b2)": ranges["b2"], "D(om": tuple(x**0.5 for x in ranges["b2"]), "p(B),": ranges["barrier"]}
    rows = [
        (soft.b2_all, 1.0, None), (soft.b2_global, 1.5, limits.b2), (soft.D_all, 3.0, None),
        (soft.D_global, 4.0, limits.A_g), (soft.barrier_global, 0.25, limits.barrier),
    ]  # fmt: skip
    for line, (density, exponent, derived) in zip(text[1:6], rows, strict=True):
        low, high = ends[line[:5]] if line[:5] in ends else ends[line[:4]]
        free = spm.power_law(density, low=low, high=high)
        fixed = spm.power_law(density, low=low, high=high, exponent=exponent)
        found = line[26:].replace("+-", "").split()
        expected = [f"{free.exponent:.4f}", f"{free.exponent_error:.4f}", f"{exponent:g}"]
        expected += [f"{fixed.prefactor:.5g}", f"{fixed.prefactor_error:.1e}"]
        assert found == expected + ([] if derived is None else [f"{derived:.5g}"])
    for line, (value, error) in zip(text[6:], (plain.global_wells, plain.upper_wells), strict=True):
        assert f"{value:.5g} +- {error:.2g} " in line
    path = soft_potentials.write_laws({"plain": plain, "soft": soft}, tmp_path / "laws.csv")
    with path.open(newline="") as file:
        written = [row for row in csv.DictReader(file) if (row["sample"], row["law"]) == ("soft", "D_all")]
    for k, row in enumerate(written):
        edges = soft.D_all.edges[k : k + 2]
        expected_row = [*edges, soft.D_all.density[k], soft.D_all.error[k], soft.D_all.events[k]]
        names = ("low", "high", "density", "error", "wells")
        assert [float(row[name]) for name in names] == pytest.approx(expected_row, rel=1e-9)
    assert len(written) == soft.D_all.density.size


def test_the_specific_heat_of_soft_wells_is_fitted_where_its_laws_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below 0.02 and above 1 in units of m^(-2/3), and cold only where C is known to a half."""
    unit = 1e24 ** (-2 / 3)
    T = unit * np.geomspace(3e-4, 8.0, 31)
    C = 2e16 * T + 3e48 * T**5 * unit**-1.0 * 1e-16
    error = np.where(np.arange(31) % 4 == 0, 0.6, 0.1) * C
    asked: list[Any] = []

    def specific_heat(wells: Any, at: Array, *, mass: float) -> Any:
        np.testing.assert_allclose(at, T, rtol=1e-12)
        asked.append((wells, mass))
        return argparse.Namespace(T=T, C=C, error=error)

    monkeypatch.setattr(spm, "specific_heat", specific_heat)
    monkeypatch.setattr(spm, "sample_soft", lambda law, n, *, b2_max, seed: (n, b2_max, seed))
    law = spm.SoftPotentials()
    options = argparse.Namespace(mass=1e24, seed=3)
    paths = {"heat.csv": tmp_path / "heat.csv", "heat.png": tmp_path / "heat.png"}
    soft_potentials._heat(law, 50, options, paths)
    assert asked == [((50, pytest.approx(4e4 * 1e-8), 3), 1e24)]
    cold = (0.02 * unit > T) & (error < 0.5 * C)
    used = cold | (unit < T)
    fit = spm.fit_specific_heat(T[used], C[used], error[used], debye=0.0)
    derived = 16 * math.pi**6 / 21 * spm.soft_limits(law).A_g * 1e60 * unit**5
    lines = capsys.readouterr().out.splitlines()
    sizes = [unit**5, unit, 1 / unit]
    values = [fit.C_sm, fit.C_TLS, fit.T_min]
    errors = [fit.covariance[2, 2] ** 0.5, fit.covariance[0, 0] ** 0.5, fit.T_min_error]
    ends = [f", derived {derived:.5g}", "", " = (C_TLS/C_sm)^(1/4)"]
    for line, name, value, spread, size, end in zip(
        lines[1:], ("C_sm  ", "C_TLS ", "T_min "), values, errors, sizes, ends, strict=True
    ):
        assert line == f"{name}{value * size:.5g} +- {spread * size:.2g}{end}"
    assert lines[0].endswith(f"m^(-2/3) = {unit:.4g}")
    written = spm.read_specific_heat(tmp_path / "heat.csv")
    for column, expected in ((written.T, T), (written.C, C), (written.C_error, error)):
        np.testing.assert_allclose(column, expected, rtol=1e-9)  # type: ignore[arg-type]
