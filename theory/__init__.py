"""Closed forms, their derivations and the list of claims, independent of the engine they are compared with.

`theory.formulas` has the closed forms, `theory.derivations` derives each of them, `claims()` lists what the
source paper and this project state about the models, `theory.strategies` draws inputs for property tests,
`theory.properties` has the properties of the claims.

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021), the source paper.
"""

from theory.claim import Claim
from theory.statements import claims

__all__ = ["Claim", "claims"]
