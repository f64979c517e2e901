"""What figures of laws and predictions draw: every curve once more, of made-up predictions."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from scipy.interpolate import PchipInterpolator

import khgps
import spm
from qle.figures import critical_spectra, fig9, gapless_density, ground_states, soft_potentials
from qle.solutions.ground_states import COLUMNS
from qle.statistics import tail, vdos
from qle.statistics.glassy_phase import fit_line
from tests.pages import Drawn, bars, close
from tests.soft_laws import soft_laws

Array = np.ndarray


def of_style(panel: Axes, style: str) -> list[Any]:
    """Return x and y of the lines of a style that are not empty."""
    return [
        one.get_data() for one in panel.lines if one.get_linestyle() == style and np.size(one.get_xdata())
    ]


@pytest.fixture
def swept() -> xr.Dataset:
    """Return a sweep at h = 0.01 of the coupling and two largest stiffnesses; D ~ omega^4."""
    rng = np.random.default_rng(1)
    J, kappa_0 = [0.05, 0.1, 0.2, 0.4, 0.8], [0.5, 1.0]
    frequency = np.cumsum(rng.exponential(size=(1, 5, 2, 40, 8)), axis=-1) ** 0.2
    frequency *= 0.1 * np.array(J)[:, np.newaxis, np.newaxis, np.newaxis] ** 0.3
    grid = ("h", "J", "kappa_0", "sample")
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    return xr.Dataset(
        {
            "status": (grid, np.zeros(frequency.shape[:-1], np.int8), meaning),
            "frequency": ((*grid, "mode"), frequency),
        },
        coords={"h": [0.01], "J": J, "kappa_0": kappa_0, "sample": np.arange(40), "N": 200, "kappa_min": 0.0},
        attrs={"model": "khgps"},
    )


@pytest.fixture
def predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put simple functions in the place of predictions, in the figures and in what they measure against."""
    formulas = {
        "state_prefactor": lambda J, h, kappa_0: 100 / J if J < 0.3 else math.nan,
        "global_prefactor": lambda J, h, kappa_0: 50 / J**2,
        "limit_prefactor": lambda J, h, kappa_0: 80 / J,
        "ground_prefactor": lambda J, h, kappa_0, share: 30 / J + 1e3 * share if J < 0.5 else math.nan,
        "exponent": lambda J, h, kappa_0: kappa_0 * 0.03 / J**2,
        "crossing": lambda h, kappa_0: 0.03 * kappa_0**0.5,
    }
    for place in ("qle.figures.fig9", "qle.statistics.glassy_phase"):
        for name, formula in formulas.items():
            monkeypatch.setattr(f"{place}.{name}", formula)


def ground(J: Array, kappa_0: float, share: float) -> tuple[Array, Array]:
    """Return the curve through six couplings, even in ln J, from where E0 = 2 on; none from 0.5 on."""
    few = np.geomspace(max(J.min(), (kappa_0 * 0.03 / 2) ** 0.5), J.max(), 6)
    few = few[few < 0.5]
    fine = np.geomspace(few[0], few[-1], 30)
    smooth = PchipInterpolator(np.log(few), np.log(30 / few + 1e3 * share))
    return fine, np.exp(smooth(np.log(fine)))


@pytest.mark.usefixtures("predicted")
def test_prefactors_across_the_crossover(swept: xr.Dataset, drawn: Drawn) -> None:
    """Power laws at 2.5 J_x < J <= kappa_0; curves over the range of J, of one state while it is known."""
    law = tail(swept, resamples=2).isel(h=0)
    drawing = drawn(lambda path: fig9.draw_crossover(swept, path))
    (panel,) = drawing.axes
    A_g = law["A_g"].values
    low, high = np.nanmin(A_g) / 40, np.nanmax(A_g) * 5
    assert panel.get_ylim() == pytest.approx((low, high))
    J = swept["J"].values
    states, globals_, grounds = (of_style(panel, style) for style in ("-", "--", "-."))
    fine = np.geomspace(0.05, 0.8, 30)
    for k, kappa_0 in enumerate((0.5, 1.0)):
        here = law.isel(kappa_0=k)
        known = [here[name].values for name in ("A_g", "A_g_low", "A_g_high")]
        seen = np.isfinite(known[0])
        close([row[seen] for row in bars(panel.containers[k])], [row[seen] for row in (J, *known)])
        close(globals_[k], (fine, 50 / fine**2))
        close(states[2 * k], (fine, np.where(fine < 0.3, 100 / fine, np.nan)))
        tick = 0.03 * kappa_0**0.5
        close(states[2 * k + 1], ([tick, tick], [low, 1.6 * low]))
        close(grounds[k], ground(J, kappa_0, 0.5 / 200), 1e-6)
        strong = (2.5 * tick < J) & (kappa_0 >= J)
        error = (here["A_g_error"] / here["A_g"]).values
        fit = fit_line(np.log(J[strong]), np.log(known[0][strong]), error[strong])
        assert fit is not None
        ends = np.array([2.5 * tick, min(0.8, kappa_0)])
        close(of_style(panel, ":")[k], (ends, np.exp(fit.value) * (ends / np.exp(fit.middle)) ** fit.slope))
        label = rf"$\kappa_0 = {kappa_0:g}$: $J^{{{fit.slope:.2f} \pm {fit.slope_error:.2f}}}$"
        assert panel.containers[k].get_label() == label
        marks = [one for one in panel.lines if one.get_markerfacecolor() == "none"]
        close(marks[k].get_data(), (J, here["A_at_cut"].values))
    assert panel.get_title() == "$N = 200$, $h = 0.01$, 40 samples per point"


@pytest.mark.usefixtures("predicted")
def test_prefactors_at_weak_coupling(swept: xr.Dataset, drawn: Drawn) -> None:
    """-kappa_0 h^(2/3)/J^2 and ln(kappa_0^(1/2) h^(2/3) J A_g), at E0 >= 1/2; curves to 5 percent beyond."""
    law = tail(swept, resamples=2).isel(h=0)
    drawing = drawn(lambda path: fig9.draw_weak(swept, path))
    (panel,) = drawing.axes
    u = 0.01 ** (2 / 3)
    for k, kappa_0 in enumerate((0.5, 1.0)):
        J = swept["J"].values
        weak = kappa_0 * 0.03 / J**2 >= 0.5
        J, here = J[weak], law.isel(kappa_0=k, J=np.flatnonzero(weak))

        def x(J: Array, kappa_0: float = kappa_0) -> Array:
            return np.asarray(-kappa_0 * u / J**2)

        def y(J: Array, A_g: Array, kappa_0: float = kappa_0) -> Array:
            return np.asarray(np.log(kappa_0**0.5 * u * J * A_g))

        ends = [y(J, here[name].values) for name in ("A_g", "A_g_low", "A_g_high")]
        seen = np.isfinite(ends[0])
        close([row[seen] for row in bars(panel.containers[k])], [row[seen] for row in (x(J), *ends)])
        fine = np.geomspace(0.95 * J.min(), 1.05 * J.max(), 30)
        for style, value in (("-", 100), ("--", 80)):
            close(of_style(panel, style)[k], (x(fine), y(fine, value / fine)))
        if J.size > 1:
            few, A_g = ground(J, kappa_0, 0.5 / 200)
            assert any(np.allclose(one, (x(few), y(few, A_g))) for one in of_style(panel, "-."))
        assert panel.containers[k].get_label() == rf"$\kappa_0 = {kappa_0:g},\ h = 0.01$"
    assert panel.get_title().startswith("$N = 200$, $h = 0.01$, 40 samples per point")


def test_densities_of_one_field_in_one_panel(swept: xr.Dataset, drawn: Drawn) -> None:
    drawing = drawn(lambda path: gapless_density.draw(swept, path, modes_per_sample=0.4))
    (panel,) = drawing.axes
    density, law = vdos(swept).isel(h=0), tail(swept, modes_per_sample=0.4, resamples=2).isel(h=0)
    full, dashed = of_style(panel, "-"), of_style(panel, "--")
    drawn_laws = 0
    for i, (k, j) in enumerate((k, j) for k in range(2) for j in range(5)):
        here, own = density.isel(J=j, kappa_0=k), law.isel(J=j, kappa_0=k)
        seen = here["D"].values > 0
        omega, D, error = (here[name].values[seen] for name in ("omega", "D", "D_error"))
        inside, pale = panel.containers[2 * i : 2 * i + 2]
        both = [np.concatenate(pair) for pair in zip(bars(inside), bars(pale), strict=True)]
        close(both, (omega, D, np.maximum(D - error, 0.001 * D), D + error))
        assert inside.get_label() == f"{swept['J'].values[j]:g}, {(0.5, 1.0)[k]:g}"
        A_g, cut = float(own["A_g"]), float(own["omega_cut"])
        if np.isfinite(A_g):
            ends = np.array([omega[0], cut])
            close(full[drawn_laws], (ends, A_g * ends**4))
            close(dashed[drawn_laws], ([cut, 2 * cut], [A_g * cut**4, A_g * (2 * cut) ** 4]))
            drawn_laws += 1
    assert drawn_laws == len(full) == len(dashed)
    D = density["D"].values
    assert panel.get_ylim() == pytest.approx((D[D > 0].min() / 3, 3 * D[D > 0].max()))


def test_spectra_on_the_way_to_the_critical_line(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """J_c = 0.4: six distances; frequencies from 1e-13 of the range above the gap, or 2e-4 without."""
    critical = SimpleNamespace(J=0.4, exponent=2.0, prefactor=3.0)
    asked: list[float] = []

    def spectrum(params: khgps.KHGPS, omega: Array) -> Array:
        asked.append(params.J)
        return omega**2 + params.J

    monkeypatch.setattr(khgps, "critical_coupling", lambda h, **law: critical)
    monkeypatch.setattr(khgps, "rs_gap", lambda params: max(0.4 - params.J, 0.0))
    monkeypatch.setattr(khgps, "rs_spectrum", spectrum)
    params = khgps.KHGPS(N=2, J=0.0, h=0.1, kappa_min=0.25, kappa_0=4.0)
    drawing = drawn(lambda path: critical_spectra.draw(params, path))
    (panel,) = drawing.axes
    distances = (0.3, 0.1, 0.03, 0.01, 0.003, 0.0)
    assert asked == pytest.approx([0.4 * (1 - distance) for distance in distances])
    for line, J, distance in zip(panel.lines, asked, distances, strict=False):
        gap = max(0.4 - J, 0.0)
        omega = gap + (3.0 - gap) * np.geomspace(1e-13 if gap > 0 else 2e-4, 1.0, 400)
        close(line.get_data(), (omega, omega**2 + J))
        assert line.get_label() == f"{distance:g}"
    omega = np.geomspace(0.006, 0.6, 50)
    close(panel.lines[6].get_data(), (omega, 3 * omega**2))
    assert (*panel.get_xlim(), *panel.get_ylim()) == pytest.approx((0.006, 3.0, 3 * 0.006**2, 2 * 9.4))
    assert panel.get_title() == r"$h = 0.1,\ \kappa_\mathrm{min} = 0.25,\ \kappa_0 = 4$"


def test_laws_of_soft_potentials_beside_the_derived_ones(drawn: Drawn) -> None:
    plain, soft, limits, ranges = soft_laws(3000)
    drawing = drawn(lambda path: soft_potentials.draw(plain, soft, limits, ranges, path))
    roots = (ranges["b2"][0] ** 0.5, ranges["b2"][1] ** 0.5)
    panels: list[tuple[list[str], tuple[float, float], float, float, tuple[str, float] | None]] = [
        (["b2_all", "b2_global"], ranges["b2"], limits.b2, 1.5, ("b2_all", 1.0)),
        (["D_all", "D_global"], roots, limits.A_g, 4.0, ("D_all", 3.0)),
        (["barrier_global"], ranges["barrier"], limits.barrier, 0.25, None),
    ]
    for panel, (names, ends, prefactor, exponent, slope) in zip(drawing.axes, panels, strict=True):
        dots = [one.get_data() for one in panel.lines if one.get_marker() == "."]
        for k, name in enumerate(names):
            one = getattr(plain, name)
            seen = one.events >= 5
            x, p = one.centre[seen], one.density[seen]
            close(
                bars(panel.containers[k]),
                (x, p, np.maximum(p - one.error[seen], 0.001 * p), p + one.error[seen]),
            )
            one = getattr(soft, name)
            inside = (one.edges[:-1] >= ends[0]) & (one.edges[1:] <= ends[1])
            close(dots[k], (one.centre[inside], one.density[inside]))
        first = panel.containers[0][0].get_xdata()
        x = np.array([ends[0], max(ends[1], 10 * first.min())])
        close(of_style(panel, "--")[0], (x, prefactor * x**exponent))
        if slope is not None:
            name, power = slope
            fit = spm.power_law(getattr(soft, name), low=ends[0], high=ends[1], exponent=power)
            close(of_style(panel, ":")[0], (x, fit.prefactor * x**power))
        x, y = panel.containers[0][0].get_data()
        peak = int(np.argmax(x * y))
        last = max(x[k] for k in range(peak, x.size) if x[k] * y[k] > 1e-3 * x[peak] * y[peak])
        assert panel.get_xlim()[1] == pytest.approx(last)


def test_ground_states_along_a_line(drawn: Drawn) -> None:
    """b goes through 0 half way between two points, where a dot is."""
    axes = ("h", "kappa_0", "J")
    values = {name: (axes, np.array([[[1.0, 2.0, 3.0]]])) for name in COLUMNS}
    values |= {
        "gap_edge": (axes, np.array([[[0.2, 0.1, -0.1]]])),
        "status": (axes, np.zeros((1, 1, 3), np.int8)),
    }
    values["energy_symmetric"] = (axes, np.array([[[0.5, 1.0, 1.5]]]))
    coords = {"h": [0.01], "kappa_0": [1.0], "J": [0.1, 0.2, 0.3]}
    drawing = drawn(lambda path: ground_states.draw(xr.Dataset(values, coords), path))
    edge = drawing.axes[2]
    dot = next(one for one in edge.lines if one.get_label() == "_dot")
    close(dot.get_data(), ([0.25], [0.0]))
    close(drawing.axes[4].lines[0].get_data(), ([0.1, 0.2, 0.3], [0.5, 0.5, 0.5]))
