"""The bench: sweeps of the models over grids of parameters, their results, statistics and figures."""

from importlib.metadata import version

from qle.dataset import open_store as open
from qle.grid import SpecError
from qle.inventory import info
from qle.run import SweepError
from qle.spec import Measure, Protocol, Spec, read_spec
from qle.store import StoreDamage, StoreError, StoreWarning
from qle.sweep import SweepInterrupted, SweepWarning, sweep

__version__ = version("qle")

__all__ = [
    "Measure",
    "Protocol",
    "Spec",
    "SpecError",
    "StoreDamage",
    "StoreError",
    "StoreWarning",
    "SweepError",
    "SweepInterrupted",
    "SweepWarning",
    "__version__",
    "info",
    "open",
    "read_spec",
    "sweep",
]
