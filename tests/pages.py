"""What is on a page that a figure was drawn on."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Array = np.ndarray
Drawn = Callable[[Callable[[Path], Path]], Figure]


def bars(container: Any) -> tuple[Array, Array, Array, Array]:
    """Return x, y and the lower and upper ends of error bars."""
    ends = np.reshape(container[2][0].get_segments(), (-1, 2, 2))
    x, y = (np.asarray(values, np.float64) for values in container[0].get_data())
    return x, y, ends[:, 0, 1], ends[:, 1, 1]


def close(found: Any, expected: Any, rtol: float = 1e-9) -> None:
    """Raise AssertionError unless two sequences of arrays are nearly the same."""
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(np.asarray(one, np.float64), other, rtol=rtol)


def check_explained(drawing: Figure) -> None:
    """Raise AssertionError for an axis without label, a title on a legend, or a mark that nothing explains.

    A mark is explained by its label in a legend, or by "_" and a word of the caption, a legend or a title.
    """
    for panel in drawing.axes:
        for axis, shared in (
            (panel.xaxis, panel.get_shared_x_axes()),
            (panel.yaxis, panel.get_shared_y_axes()),
        ):
            labels = [getattr(one, f"get_{axis.axis_name}label")() for one in shared.get_siblings(panel)]
            other = panel.yaxis if axis is panel.xaxis else panel.xaxis
            bar = panel.get_label() == "<colorbar>" and other.get_label_text()
            assert any(labels) or bar, f"no label along {axis.axis_name}"
    above = [one for one in drawing.legends if getattr(one, "_outside_loc", None) == "upper"]
    assert not (drawing.get_suptitle() and above), "the title lies on the legend above the panels"
    caption = drawing.get_supxlabel()
    assert caption, "no caption"
    entries = [text.get_text() for one in _legends(drawing) for text in one.get_texts()]
    entries += [panel.get_title() for panel in drawing.axes]
    said = " ".join([caption, *entries]).replace("\n", " ").casefold()
    for panel in drawing.axes:
        for label, bars in _labels(panel):
            known = label in entries or (label.startswith("_") and label[1:].casefold() in said)
            assert known, f"{label}: neither in {entries} nor in {said}"
            assert not bars or "error" in said or "interval" in said, f"{label}: its bars are not explained"


def _legends(drawing: Figure) -> list[Any]:
    return [*drawing.legends, *filter(None, (panel.get_legend() for panel in drawing.axes))]


def _labels(panel: Axes) -> list[tuple[str, bool]]:
    """Return the labels of what is drawn, and whether it has error bars; of errors bars that of the whole."""
    inside: set[int] = set()
    found = []
    for container in panel.containers:
        parts: list[Any] = [container[0], *container[1], *container[2]]
        inside |= {id(part) for part in parts}
        if container[0] is None or np.size(container[0].get_xdata()):
            found.append((str(container.get_label()), bool(container[2])))
    alone: list[Artist] = [*panel.lines, *panel.collections, *panel.patches, *panel.images]
    found += [(str(one.get_label()), False) for one in alone if id(one) not in inside and not _empty(one)]
    return [] if panel.get_label() == "<colorbar>" else found


def _empty(one: Any) -> bool:
    return hasattr(one, "get_xdata") and not np.size(one.get_xdata())


def checked_draws() -> set[tuple[str, str]]:
    """Return file and function of all figures that tests draw by the fixture `drawn`, which checks them."""
    found = set()
    for test in Path(__file__).parent.rglob("test_*.py"):
        text = test.read_text(encoding="utf-8")
        names = {other: name for name, other in re.findall(r"from qle\.figures import (\w+) as (\w+)", text)}
        calls = re.findall(r"drawn\(\s*lambda path: (\w+)\.(\w+)\(", text)
        found |= {(names.get(file, file), function) for file, function in calls}
    return found
