"""Maps: which cell has which number and mark, the axes, the lines of theory, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import khgps
from qle.figures import plane_map
from qle.figures.plane_theory import curves
from qle.statistics.plane import plane
from tests.pages import Drawn, close
from theory import formulas

LAWS = [0.0, 0.1]


def sweep() -> xr.Dataset:
    """Return a sweep of 3 x 2 x 2 points: omega^4 at the first J of the second law omega^12."""
    rng, grid = np.random.default_rng(3), ("h", "J", "kappa_0", "kappa_min", "sample")
    frequency = np.sort(rng.power(5, size=(3, 2, 1, 2, 60, 50)))[..., :8]
    frequency[:, 0, :, 1] = np.sort(rng.power(13, size=(3, 1, 60, 50)))[..., :8]
    status = np.zeros(frequency.shape[:-1], np.int8)
    status[2, 1, 0, 0, 50:] = -1
    meaning = {"flag_values": np.array([-1, 0], np.int8), "flag_meanings": "missing converged"}
    place = np.arange(12.0).reshape(3, 2, 1, 2, 1) + np.zeros(60)
    wells = {name: ((*grid, "excitation"), np.ones((*status.shape, 4))) for name in ("b2", "b3", "b4")}
    wells["b3"][1][..., 0] = 1.7  # 2.89 > 8/3: one mode in four, in every cell but the first
    wells["b3"][1][0, 0, 0, 0] = 1.6
    return xr.Dataset(
        {
            "status": (grid, status, meaning), "frequency": ((*grid, "mode"), frequency),
            "energy": (grid, place), "mean_x2": (grid, np.exp(place)), **wells,
        },
        {
            "h": [0.01, 0.03, 0.09], "J": [0.1, 0.2], "kappa_0": [1.0], "kappa_min": LAWS,
            "sample": np.arange(60), "N": 50, "A": 1.0, "beta": 0.0,
        },
        {"model": "khgps", "method": "lbfgs", "start": "decoupled"},
    )  # fmt: skip


def test_the_numbers_of_a_map_by_hand() -> None:
    found = plane(sweep())
    assert found["double_wells"].values[0, 0, 0, 0] == 0.0
    assert set(found["double_wells"].values.ravel()[1:]) == {0.25}
    close(found["energy"].values.ravel(), np.arange(12.0))
    close(found["mean_x2"].values.ravel(), np.exp(np.arange(12.0)))
    spoilt = sweep()
    spoilt["energy"][0, 0, 0, 0, 7] = 1e9
    spoilt["status"][0, 0, 0, 0, 7] = -1
    assert plane(spoilt)["energy"].values.ravel()[0] == 0.0


def test_every_cell_is_at_its_place_with_its_mark(drawn: Drawn) -> None:
    dataset = sweep()
    drawing = drawn(lambda path: plane_map.draw(dataset, path, quantities=["A_g", "energy"]))
    found = plane(dataset)
    panels = np.reshape(np.array(drawing.axes[:4], object), (2, 2))
    ratio = 3**0.5
    for (row, k), panel in np.ndenumerate(panels):
        mesh = panel.collections[0]
        values = found[("A_g", "energy")[row]].values[:, :, 0, k].T
        np.testing.assert_array_equal(np.ma.filled(mesh.get_array(), np.nan).reshape(2, 3), values)
        corners = mesh.get_coordinates()
        close([corners[0, :, 0]], [np.array([0.01 / ratio, 0.01 * ratio, 0.03 * ratio, 0.09 * ratio])])
        close([corners[:, 0, 1]], [[0.05, 0.15, 0.25]])
        hatched = [one for one in panel.collections if one.get_hatch()]
        assert len(hatched) == k
        if k:
            lowest = [path.vertices.min(axis=0) for path in hatched[0].get_paths()]
            close(lowest, [(x / ratio, 0.05) for x in (0.01, 0.03, 0.09)])
        cross = next(line for line in panel.lines if line.get_marker() == "x")
        close(cross.get_data(), ([], []) if k else ([0.09], [0.2]))
    assert [panel.get_title() for panel in panels[0]] == [
        r"$\kappa_\mathrm{min}$ = 0",
        r"$\kappa_\mathrm{min}$ = 0.1",
    ]
    caption = drawing.get_supxlabel().replace("\n", " ")
    assert "N = 50, 50 to 60 samples per cell, 10 missing. Minima: lbfgs from decoupled." in caption


def test_lines_are_of_theory() -> None:
    """With a smallest stiffness J_c and its special point, without one J_x; along other parameters too."""
    h = np.array([0.003, 0.03, 0.1])
    fixed = {"kappa_0": 1.0, "kappa_min": 0.1, "A": 1.0, "beta": 0.0}
    line, special = curves("h", h, fixed)
    close([line.J], [khgps.critical_coupling(h, kappa_0=1.0, kappa_min=0.1).J], 1e-6)
    point = khgps.special_point(kappa_0=1.0, kappa_min=0.1)
    assert (special.other[0], special.J[0]) == pytest.approx((point.h, point.J))
    (crossing,) = curves("h", h, {**fixed, "kappa_min": 0.0})
    close([crossing.J], [[formulas.crossover_coupling(np, one, 1.0, 1.0) for one in h]])
    (line,) = curves("kappa_min", np.array([0.0, 0.2, 2.0]), {**fixed, "h": 0.03})
    close([line.other, line.J], [[0.2], [khgps.critical_coupling(0.03, kappa_0=1.0, kappa_min=0.2).J]], 1e-6)
    assert curves("beta", h, fixed) == curves("h", h, {**fixed, "beta": 1.0}) == []


def test_axes_are_those_that_are_asked_for(drawn: Drawn) -> None:
    drawing = drawn(lambda path: plane_map.draw(sweep(), path, x="kappa_min", y="h"))
    assert drawing.axes[0].get_xlabel() == r"$\kappa_\mathrm{min}$"
    assert drawing.axes[0].get_ylabel() == "$h$"
    assert [one.get_title() for one in drawing.axes[:2]] == ["$J$ = 0.1", "$J$ = 0.2"]
    single = drawn(lambda path: plane_map.draw(sweep().isel(kappa_min=[1]), path))
    assert len(single.axes) == 2  # with the colour bar


def test_edges_are_half_way() -> None:
    close([plane_map.cell_edges(np.array([1.0, 10.0, 100.0]))], [10 ** np.array([-0.5, 0.5, 1.5, 2.5])])
    close([plane_map.cell_edges(np.array([1.0, 2.0, 3.0]))], [[0.5, 1.5, 2.5, 3.5]])
    close([plane_map.cell_edges(np.array([0.0, 0.1]))], [[-0.05, 0.05, 0.15]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"quantities": ["A_q"]}, r"quantity = A_q: must be one of .*did you mean 'A_g'"),
        ({"x": "g"}, "x = g: must be one of h, J, kappa_min"),
        ({"x": "h", "y": "h"}, "x = y = h: must be two parameters"),
        ({"quantities": ["A_g"] * 7}, "panels = 14: at most 12"),
    ],
)
def test_what_cannot_be_mapped_is_named(options: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        plane_map.draw(sweep(), tmp_path / "map.svg", **options)  # type: ignore[arg-type]


def test_a_map_needs_two_parameters(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"several values = J: must be two or three"):
        plane_map.draw(sweep().isel(h=[0], kappa_min=[0]), tmp_path / "map.svg")
    with pytest.raises(ValueError, match="double_wells: needs a sweep with nonlinear = true"):
        plane_map.draw(sweep().drop_vars(["b2", "b3", "b4"]), tmp_path / "a.svg", quantities=["double_wells"])
    with pytest.raises(ValueError, match="kappa_min: has words for values"):
        plane_map.draw(sweep().assign_coords(kappa_min=["a", "b"]), tmp_path / "a.svg", x="kappa_min")
