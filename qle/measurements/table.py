"""All measurements beside normal modes: what `Measure` or a model names, each in the file of its name."""

from collections.abc import Sequence
from importlib import import_module

from qle.description.measure import Measure
from qle.measurements.record import Measurement


def measurement(name: str) -> Measurement:
    """Return the record of a measurement."""
    record: Measurement = import_module(f"qle.measurements.{name}").MEASUREMENT
    return record


def asked(measure: Measure, always: Sequence[str] = ()) -> list[Measurement]:
    """Return the records of what is measured beside normal modes: what is asked for, and always (`Model`)."""
    return [measurement(name) for name in (*measure.asked, *always)]
