"""All measurements beside normal modes: those that `Measure` names, each in the file of its name."""

from importlib import import_module

from qle.description.measure import Measure
from qle.measurements.record import Measurement


def measurement(name: str) -> Measurement:
    """Return the record of a measurement."""
    record: Measurement = import_module(f"qle.measurements.{name}").MEASUREMENT
    return record


def asked(measure: Measure) -> list[Measurement]:
    """Return the records of what is measured beside normal modes."""
    return [measurement(name) for name in measure.asked]
