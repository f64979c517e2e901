"""The lower bound of r: modes beside their valleys, frozen surroundings, bent models, and their figure."""

import numpy as np
import pytest
from numpy.typing import NDArray

import glass
import khgps
from qle.experiments import bent_valleys, lower_bound
from qle.experiments.lower_bound import Glass, compared
from qle.figures import lower_bound as lower_bound_figure
from qle.measurements.bent_modes import collect_bent
from qle.measurements.ensemble import Ensemble
from qle.measurements.frozen_modes import FREE, nearest
from qle.measurements.valleys import collected
from qle.statistics.pooled import quantile, scatter
from qle.verification.verdicts import rejections
from tests.on_paper import differences
from tests.pages import Drawn
from tests.planted import check_that_errors_are_noticed
from theory import formulas

Array = NDArray[np.float64]


def made_up(glasses: int = 100, spread: float = 0.1) -> list[Glass]:
    """Modes that two coordinates describe but for a factor, f uniform between 0.5 and 1.4, seed 3."""
    rng = np.random.Generator(np.random.PCG64(3))
    made = []
    for _ in range(glasses):
        f, soft = rng.uniform(0.5, 1.4, 4), 0.3 * rng.random(4)
        r = formulas.valley_ratio(np, f, soft) * np.exp(spread * rng.normal(size=4))
        rows = np.column_stack([r, r, soft, f, np.full(4, 0.95), np.array([0.0, 0.0, 0.0, 1.0]), np.ones(4)])
        frozen = np.column_stack(
            [np.repeat(np.array(FREE, float), 2), np.repeat([0.1, 0.5, 1.0, 1, 1, 1, 1], 2)] * 1
        )
        made.append(Glass(rows, np.array([[0.1, 0.1]]), np.column_stack([frozen, frozen[:, 1]])))
    return made


def test_glasses_of_the_law_are_accepted_and_others_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A factor of 1.2 in r_+, any f in the place of one's own, and wrong responses are noticed."""
    made = made_up()
    errors = [("valley_ratio", 1.2)]
    check_that_errors_are_noticed(lambda quick: compared(made), errors, monkeypatch)
    rng = np.random.Generator(np.random.PCG64(4))
    mixed = [one._replace(modes=one.modes.copy()) for one in made]
    pooled = rng.permutation(np.concatenate([one.modes[:, 3] for one in made]))
    for one, f in zip(mixed, pooled.reshape(-1, 4), strict=True):
        one.modes[:, 3] = f
    found = compared(mixed)
    assert any(no and "shuffled" in one.quantity for no, one in zip(rejections(found), found, strict=True))
    for wrong in (
        made[0]._replace(modes=made[0].modes * [1, 1.001, 1, 1, 1, 1, 1]),
        made[0]._replace(valleys=np.array([[0.1, 0.2]])),
    ):
        assert any(rejections(compared([wrong, *made[1:]])))


def test_soft_modes_are_near_and_ahead() -> None:
    cases = ((0.9, 0, 1.0), (0.5, 0, 1.0), (0.9, 1, 1.0), (0.9, 0, 2.0))
    modes = collected([np.array([[1, 1, 0, 1, o, b, b2] for o, b, b2 in cases], float)])
    assert np.flatnonzero(modes.near).tolist() == [0, 3]
    assert np.flatnonzero(modes.soft).tolist() == [0]


def test_quantiles_and_scatter_have_errors() -> None:
    """2000 normal numbers of 500 samples: errors (pi/2n)^(1/2) of the median, (2n)^(-1/2) of the scatter."""
    y, sample = np.random.Generator(np.random.PCG64(5)).normal(size=2000), np.repeat(np.arange(500), 4)
    value, error = quantile(y, sample, 500, 0.5)
    assert abs(value) < 4.0 * error
    assert error == pytest.approx((np.pi / 2.0) ** 0.5 / 2000.0**0.5, rel=0.25)
    value, error = scatter(y, sample, 500)
    assert abs(value - 1.0) < 4.0 * error
    assert error == pytest.approx(4000.0**-0.5, rel=0.25)


def test_a_small_glass_has_what_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """r = X/b4 to 1e-10; energies along the valley to 1 percent of b4; few particles have smaller r."""
    monkeypatch.setattr(lower_bound, "LIQUID", glass.SoftSpheres(N=64, T_p=2.0, sweeps=64))
    monkeypatch.setattr("qle.measurements.valleys.STARTS", 6)
    monkeypatch.setattr("qle.measurements.frozen_modes.FREE", (1, 19))
    one = lower_bound.measured(lower_bound.SPHERES, 1)
    np.testing.assert_allclose(one.modes[:, 0], one.modes[:, 1], rtol=1e-10)
    assert abs(one.valleys[0, 0] - one.valleys[0, 1]) < 0.01
    assert np.median(one.frozen[one.frozen[:, 0] == 1.0, 1]) < np.median(
        one.frozen[one.frozen[:, 0] == 19.0, 1]
    )
    other = lower_bound.measured(lower_bound.SOFTEST, 1)
    assert other.frozen.shape == (0, 3)
    assert other.modes.shape[1] == 7


def test_neighbours_are_counted_across_the_box() -> None:
    corner = glass.PairGlass(
        [[0.1, 0.1], [3.0, 3.0], [7.9, 7.9], [0.1, 1.0]], sizes=1.0, box=8.0, potential="soft_spheres"
    )
    assert nearest(corner, corner.x, 0, 3).tolist() == [0, 2, 3]


def test_bent_models_obey_their_share_and_keep_their_minima() -> None:
    ensemble = Ensemble(name="small", params=khgps.KHGPS(N=40, J=0.3, h=0.01), seed=7)
    straight, bent = collect_bent(ensemble, 2, (0.0, 0.6))
    assert straight.off == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(bent.undone.min(), 0.6, atol=0.05)
    assert np.median(straight.undone) < 0.2 < 0.6 <= np.median(bent.undone)
    np.testing.assert_allclose(bent.ratio, 0.6 / (3.0 * bent.off), rtol=1e-6)


def test_the_figure_explains_every_mark(drawn: Drawn) -> None:
    ensemble = Ensemble(name="small", params=khgps.KHGPS(N=40, J=0.06, h=0.01), seed=7)
    made = made_up(5)
    modes = collected([one.modes for one in made])
    bent = collect_bent(ensemble, 1, (0.0, 0.8))
    drawing = drawn(lambda path: lower_bound_figure.draw(modes, bent, [one.frozen for one in made], path))
    words = {text.get_text() for panel in drawing.axes for text in panel.get_legend().texts}  # type: ignore[union-attr]
    assert {"glass", "$r = f$", "$r = f/3$", "$r$ = 0.4", "$F$ = 0", "$F$ = 0.8"} <= words
    assert "none frozen, all glasses" in words


@pytest.mark.verify
def test_bent_models_are_what_docs_say_and_notice_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [("bent_ratio", 1.00001)]
    assert differences(check_that_errors_are_noticed(bent_valleys.bent, errors, monkeypatch)) == []
