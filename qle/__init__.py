"""The bench: sweeps of the models over grids of parameters, their results, statistics and figures."""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qle.dataset import open_store as open
    from qle.description.grid import SpecError
    from qle.description.measure import Measure
    from qle.description.protocol import Protocol
    from qle.description.spec import Spec, read_spec
    from qle.readers.binned import binned_density, read_binned
    from qle.readers.frequencies import read_spectra
    from qle.readers.hessians import read_hessian
    from qle.readers.modes import modes
    from qle.readers.snapshot import Snapshot
    from qle.readers.snapshots import read_snapshot
    from qle.readers.soft_spots import soft_spots
    from qle.readers.spectra import spectra
    from qle.running.notices import SweepInterrupted, SweepWarning
    from qle.running.run import SweepError
    from qle.running.sweeping import sweep
    from qle.store.batches import StoreDamage, StoreError, StoreWarning
    from qle.store.inventory import info

__version__ = version("qle")

PACKAGES = ("arguments", "landscape", "glass", "quartic", "khgps", "lattice_gps", "spm", "theory", "qle")
"""Those of the distribution, as pyproject.toml has them."""

__all__ = [
    "Measure",
    "Protocol",
    "Snapshot",
    "Spec",
    "SpecError",
    "StoreDamage",
    "StoreError",
    "StoreWarning",
    "SweepError",
    "SweepInterrupted",
    "SweepWarning",
    "__version__",
    "binned_density",
    "info",
    "modes",
    "open",
    "read_binned",
    "read_hessian",
    "read_snapshot",
    "read_spec",
    "read_spectra",
    "soft_spots",
    "spectra",
    "sweep",
]

_HOMES = {
    "qle.dataset": ("open_store",),
    "qle.description.grid": ("SpecError",),
    "qle.description.measure": ("Measure",),
    "qle.description.protocol": ("Protocol",),
    "qle.description.spec": ("Spec", "read_spec"),
    "qle.readers.binned": ("binned_density", "read_binned"),
    "qle.readers.frequencies": ("read_spectra",),
    "qle.readers.spectra": ("spectra",),
    "qle.readers.hessians": ("read_hessian",),
    "qle.readers.modes": ("modes",),
    "qle.readers.snapshot": ("Snapshot",),
    "qle.readers.snapshots": ("read_snapshot",),
    "qle.readers.soft_spots": ("soft_spots",),
    "qle.running.run": ("SweepError",),
    "qle.running.notices": ("SweepInterrupted", "SweepWarning"),
    "qle.running.sweeping": ("sweep",),
    "qle.store.batches": ("StoreDamage", "StoreError", "StoreWarning"),
    "qle.store.inventory": ("info",),
}


def __getattr__(name: str) -> Any:
    """Import a name where it is used first: the engine takes a second, and `qle --help` does without."""
    wanted = "open_store" if name == "open" else name
    for home, names in _HOMES.items():
        if wanted in names:
            globals()[name] = value = getattr(import_module(home), wanted)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
