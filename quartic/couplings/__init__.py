"""The coupling matrix as an object: how it is stored is one file each, what it does is `Coupling`."""

from quartic.couplings.base import Coupling
from quartic.couplings.dense import Dense

__all__ = ["Coupling", "Dense"]
