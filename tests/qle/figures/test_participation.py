"""The figure of participation numbers: its medians, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from qle.figures.participation import BINS, LEAST, draw, medians


def test_medians_of_a_power_law_lie_on_it() -> None:
    omega = np.geomspace(0.01, 1.0, 3001)
    centre, middle = medians(omega, omega**-2)
    # omega^-2 is monotonic, so the median of a bin is the value at the middle one of its points, which are
    # equidistant in ln(omega): the geometric mean, to half a step of them on both sides
    np.testing.assert_allclose(middle, centre**-2, rtol=2.0 * np.log(100.0) / 3000)
    assert centre.size == np.unique(np.floor(BINS * np.log2(omega))).size - (omega[-1:] == 1.0).sum()


def test_bins_of_few_modes_have_no_median() -> None:
    crowd, few = np.full(LEAST, 1.5), np.full(LEAST - 1, 3.0)
    centre, middle = medians(np.append(crowd, few), np.append(2.0 * crowd, few))
    assert centre == pytest.approx([1.5])
    assert middle == pytest.approx([3.0])


@pytest.mark.parametrize(
    ("modes", "name", "message"),
    [
        ({}, "a.png", "0 sizes, must be 1 to"),
        ({8: (np.ones(3), np.ones(2))}, "a.png", r"e of modes\[8\] has shape \(2,\): must be \(3,\)"),
        ({8: (np.ones(3), np.ones(3))}, "a.gif", "must end in"),
    ],
)
def test_what_cannot_be_drawn_is_named(
    tmp_path: Path, modes: dict[int, tuple[np.ndarray, np.ndarray]], name: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        draw(modes, tmp_path / name)
    assert not any(tmp_path.iterdir())
