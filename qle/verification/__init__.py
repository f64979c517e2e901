"""Verification: every claim of `theory` against its derivation, its properties and the models.

`verify` runs what there is and judges it. An experiment measures by a route of its own what `theory.formulas`
predicts; they are one room further up, one small file per subject (`qle.experiments`).
"""

from qle.verification.comparison import Comparison
from qle.verification.run import verify
from qle.verification.verdicts import FALSE_ALARMS, Report, Row

__all__ = ["FALSE_ALARMS", "Comparison", "Report", "Row", "verify"]
