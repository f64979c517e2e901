"""What can be known of a user's model before any work: its first sample, drawn twice and looked at."""

import numpy as np

import glass
import quartic
from landscape import Landscape
from qle.description.grid import SpecError, fault
from qle.description.identity import Identity
from qle.description.measure import Measure
from qle.description.models import loaded
from qle.description.protocol import Protocol
from qle.measurements.general_minimum import check_general, starting_point
from qle.measurements.quenched import check_quench
from qle.measurements.record import reference
from qle.measurements.sample import draw, failure
from qle.measurements.table import measurement

_SAME = 1e-12  # relative difference of energies and forces of one sample: another draw has one of order 1


def rehearse(point: Identity) -> Landscape:
    """Return sample 0 of a point of a user's model, after all checks of model, protocol and measurements.

    Raises
    ------
    SpecError
        With the rule that one of them breaks.
    SampleError
        It cannot be drawn, or fails at a point.
    """
    model = loaded(point["model"])
    first: Landscape = draw(model, point, 0)
    try:
        _check_same(point["model"], first, draw(model, point, 0))
        _check_measurable(first, Protocol(**point["protocol"]), Measure(**point["measure"]))
    except SpecError:
        raise
    except Exception as error:  # the landscape is a user's, too
        raise failure(point, 0, error) from error
    return first


def _check_same(name: str, first: Landscape, second: Landscape) -> None:
    """Raise SpecError unless two draws of one sample have the same energies and forces."""
    x = reference(first) if isinstance(first, glass.PairGlass) else starting_point(first, "random", 0)
    one, other = (np.hstack(drawn.evaluate(x)) for drawn in (first, second))
    largest = float(np.max(np.abs(one)))
    if not np.allclose(one, other, rtol=_SAME, atol=_SAME * largest, equal_nan=True):
        raise SpecError(
            f"model = {name}: sample 0, drawn twice, is two different samples: draw must hang on params, "
            "seed and sample alone, as the random numbers of landscape.disorder do"
        )


def _check_measurable(landscape: Landscape, protocol: Protocol, measure: Measure) -> None:
    """Raise SpecError for what a landscape cannot be asked."""
    if isinstance(landscape, glass.PairGlass):
        check_quench(protocol)
    elif not isinstance(landscape, quartic.Problem):
        check_general(protocol)
    for name in measure.asked:
        if reason := measurement(name).lacks(landscape):
            raise fault(f"measure.{name}", True, f"cannot be measured: {reason}")
    room = landscape.size - landscape.zero_modes(reference(landscape)).shape[1]
    if measure.count(landscape.size) > room:
        raise fault(
            "measure.modes", measure.modes, f"must be at most {room}, the modes that are no zero modes"
        )
