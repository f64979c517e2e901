"""Verdicts on claims, with the rate of false alarms held over all of them together."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scipy import stats

from qle.verification.comparison import Alternative, Comparison
from qle.verification.experiment import Experiment
from qle.verification.power import POWER, power
from qle.verification.tasks import Kind, Outcome
from theory import Claim

Verdict = Literal["holds", "fails", "not tested sharply", "not tested"]
FALSE_ALARMS = 0.01
"""Probability that any true claim is called false by chance, in one whole verification (Holm's procedure)."""
PROVEN = ("derived", "corrected")


class Told(NamedTuple):
    """How well a claim is told from an alternative: the comparison that does it best, and its power."""

    alternative: Alternative
    power: float
    comparison: Comparison


@dataclass(frozen=True, kw_only=True)
class Row:
    """One claim, judged.

    Attributes
    ----------
    claim : theory.Claim
    derivation, properties : str
        "proved" or "passed"; "none" where there is none, else the error.
    comparisons : tuple of Comparison
    rejected : tuple of bool
        Which of them contradict the claim.
    levels : tuple of float
        The largest p-value at which each of them is rejected (`levels`).
    errors : tuple of str
        Of experiments that ended without a result.
    """

    claim: Claim
    derivation: str
    properties: str
    comparisons: tuple[Comparison, ...]
    rejected: tuple[bool, ...]
    levels: tuple[float, ...]
    errors: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Of "fails", if anything did; "not tested", without a comparison; "not tested sharply"; "holds".

        A claim is tested sharply if each alternative that its comparisons name is rejected by one of them
        with the power `POWER`.
        """
        if any(self.rejected) or self.broken:
            return "fails"
        if not self.comparisons:
            return "not tested"
        return "holds" if all(told.power >= POWER for told in self.told) else "not tested sharply"

    @property
    def told(self) -> tuple[Told, ...]:
        """Each alternative that is named, once, with the comparison that tells it best from the claim."""
        best: dict[str, Told] = {}
        for comparison, level in zip(self.comparisons, self.levels, strict=True):
            for alternative in comparison.alternatives:
                told = Told(alternative, power(comparison, alternative.value, level), comparison)
                if alternative.name not in best or told.power > best[alternative.name].power:
                    best[alternative.name] = told
        return tuple(best.values())

    @property
    def broken(self) -> bool:
        """Whether a derivation, a property or the run of an experiment ended in an error."""
        return (
            bool(self.errors)
            or self.derivation not in ("proved", "none")
            or self.properties not in ("passed", "none")
        )

    @property
    def alarming(self) -> bool:
        """Whether it fails and must not: it is derived, or what failed was no measurement."""
        return self.verdict == "fails" and (self.claim.kind in PROVEN or self.broken)

    @property
    def decisive(self) -> Comparison | None:
        """The comparison that is shown for the claim: the one nearest to rejection."""
        strains = map(_strain, self.comparisons)
        ranked = sorted(zip(self.rejected, strains, self.comparisons, strict=True), key=lambda t: t[:2])
        return ranked[-1][2] if ranked else None

    def level(self, comparison: Comparison) -> float:
        """Return the level of one of its comparisons."""
        return self.levels[[one is comparison for one in self.comparisons].index(True)]


@dataclass(frozen=True, kw_only=True)
class Report:
    """The rows of a verification.

    Attributes
    ----------
    rows : tuple of Row
    quick : bool
        Whether it was a quick one.
    tests : int
        Statistical comparisons among which the rate of false alarms is held.
    outcomes : tuple of Outcome
        Of all tasks, the longest first.
    """

    rows: tuple[Row, ...]
    quick: bool
    tests: int
    outcomes: tuple[Outcome, ...]

    @property
    def alarming(self) -> bool:
        """Whether a row is."""
        return any(row.alarming for row in self.rows)

    @property
    def threshold(self) -> float:
        """The pull, of a normal law, beyond which the most deviant comparison is rejected."""
        return float(stats.norm.isf(0.5 * FALSE_ALARMS / max(self.tests, 1)))


def judge(
    claims: Sequence[Claim], outcomes: Iterable[Outcome], experiments: Iterable[Experiment], *, quick: bool
) -> Report:
    """Return the rows of some claims from the outcomes of their tasks, given all experiments."""
    tested = {experiment.name: experiment.asked(quick=quick) for experiment in experiments}
    done = {(o.task.kind, o.task.name): o for o in outcomes}
    ids = {claim.id for claim in claims}
    measured = [o for (kind, _), o in done.items() if kind == "experiment"]
    comparisons = [c for o in measured for c in o.comparisons if c.claim in ids]
    rejected = dict(zip(map(id, comparisons), rejections(comparisons), strict=True))
    level = dict(zip(map(id, comparisons), levels(comparisons), strict=True))
    rows = []
    for claim in claims:
        mine = tuple(c for c in comparisons if c.claim == claim.id)
        rows.append(
            Row(
                claim=claim,
                derivation=_state(
                    done, "derivation", [claim.derivation] if claim.derivation else [], "proved"
                ),
                properties=_state(done, "property", claim.properties, "passed"),
                comparisons=mine,
                rejected=tuple(rejected[id(c)] for c in mine),
                levels=tuple(level[id(c)] for c in mine),
                errors=tuple(o.error for o in measured if o.error and claim.id in tested[o.task.name]),
            )
        )
    return Report(
        rows=tuple(rows),
        quick=quick,
        tests=sum(c.p_value is not None for c in comparisons),
        outcomes=tuple(sorted(done.values(), key=lambda outcome: -outcome.seconds)),
    )


def rejections(comparisons: Sequence[Comparison], rate: float = FALSE_ALARMS) -> list[bool]:
    """Return which comparisons are rejected.

    Those without chance if the difference exceeds the tolerance; the statistical ones by Holm's step-down
    procedure: the k-th smallest of m p-values (k from 0) is rejected while it is <= rate/(m - k), which keeps
    the probability of any false rejection at most `rate`, whatever their correlations.
    """
    rejected = [c.p_value is None and not c.within_tolerance for c in comparisons]
    order = sorted((c.p_value, k) for k, c in enumerate(comparisons) if c.p_value is not None)
    for k, (p_value, place) in enumerate(order):
        if not p_value <= rate / (len(order) - k):
            break
        rejected[place] = True
    return rejected


def levels(comparisons: Sequence[Comparison], rate: float = FALSE_ALARMS) -> list[float]:
    """Return at which p-value `rejections` begins to reject each comparison, the others being as they are.

    If the k smallest of the other p-values are at most rate/m, ... rate/(m - k + 1), and the next one is not
    at most rate/(m - k), that is rate/(m - k). nan for comparisons without chance.
    """
    p_values = [c.p_value for c in comparisons if c.p_value is not None]
    m = len(p_values)
    found = []
    for c in comparisons:
        if c.p_value is None:
            found.append(math.nan)
            continue
        others = sorted(p_values)
        others.remove(c.p_value)
        k = next((k for k, p in enumerate(others) if not p <= rate / (m - k)), m - 1)
        found.append(rate / (m - k))
    return found


def _state(done: dict[tuple[Kind, str], Outcome], kind: Kind, names: Sequence[str], good: str) -> str:
    if not names:
        return "none"
    errors = [done[kind, name].error for name in names]
    return "; ".join(error for error in errors if error) or good


def _strain(comparison: Comparison) -> float:
    """Return how near to rejection a comparison is, on a scale common to both kinds; nan counts as inf."""
    scale = 3.0 if comparison.p_value is None else 1.0
    strain = scale * abs(comparison.pull)
    return math.inf if math.isnan(strain) else strain
