"""The coupling matrix as an object: how it is stored is one file each, what it does is `Coupling`."""

from typing import Any

from quartic.couplings.base import Coupling
from quartic.couplings.dense import Dense
from quartic.couplings.operator import Operator
from quartic.couplings.packed import Packed
from quartic.couplings.regenerated import Regenerated
from quartic.couplings.rotated import Rotated
from quartic.couplings.sparse import Sparse

__all__ = ["Coupling", "Dense", "Operator", "Packed", "Regenerated", "Rotated", "Sparse"]


def as_coupling(given: Any) -> Coupling:
    """Return a `Coupling` as it is, a matrix of scipy.sparse, a LinearOperator or an array as one.

    Raises
    ------
    ValueError
        For what is none of these, or no symmetric one.
    """
    if isinstance(given, Coupling):
        return given
    if hasattr(given, "tocsr"):  # a matrix of scipy.sparse, seen without loading it
        return Sparse(given)
    return Operator(given) if hasattr(given, "matvec") else Dense(given)
