"""The claims, subject by subject."""

from theory.claim import Claim
from theory.statements.broken_symmetry import BROKEN_SYMMETRY
from theory.statements.excitations import EXCITATIONS
from theory.statements.glassy_phase import GLASSY_PHASE
from theory.statements.gradient_flow import GRADIENT_FLOW
from theory.statements.lattice import LATTICE
from theory.statements.mean_field import MEAN_FIELD
from theory.statements.soft_potentials import SOFT_POTENTIALS
from theory.statements.thermal import THERMAL
from theory.statements.valleys import VALLEYS


def claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of the source paper's subjects; ids are unique.

    Returns
    -------
    tuple of Claim

    Examples
    --------
    >>> from theory import claims
    >>> [claim.statement for claim in claims() if claim.id == "S14"]
    ['The cubic truncation has its barrier 2 b2^3/(3 b3^2) at s = -2 b2/b3.']
    """
    return (
        SOFT_POTENTIALS
        + LATTICE
        + EXCITATIONS
        + VALLEYS
        + MEAN_FIELD
        + GLASSY_PHASE
        + BROKEN_SYMMETRY
        + GRADIENT_FLOW
        + THERMAL
    )
