"""The coupling matrix as an object: how it is stored is one file each, what it does is `Coupling`."""

from quartic.couplings.base import Coupling
from quartic.couplings.dense import Dense
from quartic.couplings.packed import Packed
from quartic.couplings.regenerated import Regenerated
from quartic.couplings.rotated import Rotated

__all__ = ["Coupling", "Dense", "Packed", "Regenerated", "Rotated"]
