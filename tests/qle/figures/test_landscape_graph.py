"""Disconnectivity graphs: where groups of minima meet, by hand, and what is drawn of it."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from qle.figures import landscape_graph
from qle.figures.landscape_graph import Join, joins
from tests.pages import Drawn, close

INF = np.inf
ENERGIES = np.array([-1.0, -3.0, -2.0, -1.5])
PASSES = np.array(  # 1 to 2 straight costs 4, over 3 only 1
    [[0.0, 5.0, INF, 3.0], [5.0, 0.0, 4.0, 1.0], [INF, 4.0, 0.0, 0.5], [3.0, 1.0, 0.5, 0.0]]
)


def test_groups_meet_at_the_lowest_of_highest_passes() -> None:
    assert joins(ENERGIES, PASSES) == [Join(2, 3, 0.5), Join(1, 2, 1.0), Join(1, 0, 3.0)]
    apart = np.where(PASSES > 0.6, INF, PASSES)  # three groups that never meet
    assert joins(ENERGIES, apart) == [Join(2, 3, 0.5)]


def test_the_graph_is_drawn_without_crossings(drawn: Drawn) -> None:
    """From the left: 1, then 2 and 3, which meet first, then 0."""
    hits = [4, 10, 1, 5]
    drawing = drawn(lambda path: landscape_graph.draw(ENERGIES, PASSES, hits, path, title="made up"))
    (panel,) = drawing.axes
    first, second, third = (one.get_data() for one in panel.lines)
    close(first, ([1.0, 1.0, 2.0, 2.0], [-2.0, 0.5, 0.5, -1.5]))
    close(second, ([0.0, 0.0, 1.5, 1.5], [-3.0, 1.0, 1.0, 0.5]))
    close(third, ([0.75, 0.75, 3.0, 3.0], [1.0, 3.0, 3.0, -1.0]))
    (symbols,) = panel.collections
    close(np.asarray(symbols.get_offsets()), [[3.0, -1.0], [0.0, -3.0], [1.0, -2.0], [2.0, -1.5]])
    assert list(np.argsort(symbols.get_sizes())) == [2, 0, 3, 1]  # type: ignore[attr-defined]


def test_what_is_no_table_of_passes_is_refused() -> None:
    for wrong in (PASSES[:2], PASSES + np.triu(np.ones((4, 4))), PASSES * np.nan):
        with pytest.raises(ValueError, match="passes: must be a symmetric array of shape"):
            landscape_graph.draw(ENERGIES, wrong, [1, 1, 1, 1], Path("a.svg"))
    with pytest.raises(ValueError, match=r"^passes\[1, 3\] = -1.6: must be above both minima$"):
        joins(ENERGIES, np.where(PASSES == 1.0, -1.6, PASSES))


def test_passes_of_a_sample_are_above_its_minima() -> None:
    """No pass is below the minima that it joins, and the lowest one is joined by all others."""
    parser = argparse.ArgumentParser()
    landscape_graph.add_options(parser)
    options = ["--N", "24", "--J", "0.5", "--starts", "24"]
    found = landscape_graph.collect(parser.parse_args(options))
    E, passes = found["energies"], found["passes"]
    assert E.size >= 2
    assert (np.diff(E) > 0.0).all()
    off = ~np.eye(E.size, dtype=bool)
    assert (passes >= np.maximum(E[:, np.newaxis], E))[off].all()
    assert len(joins(E, passes)) == E.size - 1
    assert int(found["hits"].sum()) == 24
