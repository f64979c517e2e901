"""The law of local fields P(q_EA, H | kappa) in a ground state of K steps (J = A = 1).

An oscillator of kappa' = kappa - u in the field H rests at the lower minimum x of
kappa' x^2/2 + x^4/24 - H x.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from khgps.oscillators import Oscillators
from khgps.rsb.functional import Flow, Trial, flow, resolution_for
from khgps.rsb.stiffness_rule import lagrange, panel_ends, signed_root
from khgps.rsb.transport import first_law, last_law, next_law

Array = NDArray[np.float64]

STIFFNESS = 16  # nodes per panel of stiffness
HERMITE = 28  # nodes of a step,
LAST = 20  # and of the last one


@cache
def _hermite(order: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    return nodes, weights / weights.sum()


@dataclass(frozen=True, eq=False)
class LocalFields:
    """ln P and f at the lower end of the last cell, from where P(q_EA, .) is one average away.

    Attributes
    ----------
    oscillators : Oscillators
    trial : Trial
    flow : Flow
    before : (2 M - 1, n) array
        ln P at the fields +-flow.fields[-1], for each stiffness, ascending in kappa'.
    mass : (n,) array
        What the quadratures made of the mass one, before it was set to one.
    panels : (panels + 1,) array
        Ends of the panels of kappa' between which laws are interpolated.
    """

    oscillators: Oscillators
    trial: Trial
    flow: Flow
    before: Array
    mass: Array
    panels: Array

    @property
    def least(self) -> float:
        """The least kappa'."""
        return self.oscillators.kappa_min - self.trial.u

    def density(self, kappa: Array, x: Array) -> Array:
        """Return P(q_EA, H | kappa') at H = kappa' x + x^3/6, for arrays of one shape."""
        found, shape = self.flow, kappa.shape
        kappa, x = np.atleast_1d(kappa).ravel(), np.atleast_1d(x).ravel()
        count = found.kappa.size // (self.panels.size - 1)
        first = count * np.clip(np.searchsorted(self.panels, kappa) - 1, 0, self.panels.size - 2)
        near = signed_root(found.kappa[first[:, np.newaxis] + np.arange(count)])
        weights = lagrange(signed_root(kappa), near)
        values = np.empty(kappa.size)
        last_law(
            kappa, x, self.before, found.f[-1], first, weights, found.core[-1], found.spacing[-1],
            self.trial.q_EA - found.q[-2], found.y[-1], *_hermite(LAST), values,
        )  # fmt: skip
        return values.reshape(shape)


def local_fields(oscillators: Oscillators, trial: Trial) -> LocalFields:
    """Return the law of fields of a trial, of which every mass is > 0 and K >= 2."""
    resolution = resolution_for(oscillators, trial)._replace(stiffness=STIFFNESS, hermite=HERMITE)
    found = _ascending(flow(oscillators, trial, resolution))
    rule, size = _hermite(HERMITE), resolution.fields
    widths = np.diff(found.q)
    law, onward = np.empty((2, 2 * size - 1, found.kappa.size))
    for i in range(resolution.cells - 1):
        lower = found.f[i], found.core[i], found.spacing[i]
        cell = found.f[i + 1], found.fields[i + 1], widths[i], found.y[i], *rule
        if i == 0:
            first_law(oscillators.h, found.q[0], *lower, *cell, onward)
        else:
            next_law(law, *lower, *cell, onward)
        law, onward = onward, law
    step = found.spacing[-1] * np.hypot(found.fields[-1], found.core[-1])  # dH/dl: all decays at both ends
    mass = np.concatenate([step[:0:-1], step]) @ np.exp(law)
    return LocalFields(
        oscillators, trial, found, law - np.log(mass), mass, panel_ends(found.kappa, STIFFNESS)
    )


def _ascending(found: Flow) -> Flow:
    """Return a flow with its stiffnesses in ascending order."""
    order = np.argsort(found.kappa)
    return Flow(**{
        name: value[..., order] if name in ("kappa", "weight", "f", "last") else value
        for name, value in vars(found).items()
    })  # fmt: skip
