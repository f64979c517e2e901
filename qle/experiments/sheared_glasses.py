"""Softening on the way to the first instability of glasses under simple shear (S IV.H, Fig. 12)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import glass
import landscape
from landscape import Softening
from qle.experiments.exceptions import EXCEPTIONS
from qle.experiments.nonlinear_driving import exponents, kept
from qle.verification.comparison import Comparison, computed, counted
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEED = 71
LIQUID = glass.SoftSpheres(N=64, T_p=1.0, sweeps=400)
REACH = 0.4  # of gamma, within which an instability is looked for
POINTS = 13  # distances from it, two for each factor of 10, the nearest at 1e-6 of the way to it
NEAREST, STEP = 1e-7, 10.0  # three distances, a factor apart, at which the prefactor of b2 is measured
SAMPLES = {True: 4, False: 40}
WITHOUT_2 = 1.0 - math.sqrt(0.5)  # how far off the prefactor were, had (S 21) no factor of 2


class Way(NamedTuple):
    """The first instability of one glass.

    Attributes
    ----------
    prefactor : (2,) array
        b2/(2 |b3 F| (gamma_c - gamma))^(1/2) less 1 at the instability, from the nearer and the farther two
        of three distances.
    softening : Softening
        From gamma = 0 on.
    """

    prefactor: Array
    softening: Softening


def sheared(quick: bool) -> list[Comparison]:
    """Compare b2 next to instabilities with its law, and count which mode keeps their direction longer."""
    return compared([way for sample in range(SAMPLES[quick]) if (way := first(sample)) is not None])


def first(sample: int) -> Way | None:
    """Return the way of one glass to its first instability; None if there is none within reach."""
    made = glass.draw(LIQUID, seed=SEED, sample=sample)
    family = glass.SimpleShear(made)
    driven = landscape.drive(family, glass.quench(made).x, h_from=0.0, h_to=REACH, max_events=1)
    if not driven.events:
        return None
    fold = driven.events[0].fold
    reach = NEAREST * STEP**2
    near = landscape.softening(family, fold, h_from=fold.h - reach, nearest=STEP**-2, points=3)
    law = formulas.softening_stiffness(np, abs(fold.b3), abs(fold.force), near.distance)
    return Way(straight(near.b2 / law - 1.0), landscape.softening(family, fold, h_from=0.0, points=POINTS))


def compared(ways: list[Way]) -> list[Comparison]:
    """Return the comparisons of instabilities."""
    how = (
        f"{len(ways)} first instabilities of soft spheres, N = {LIQUID.N}, T_p = {LIQUID.T_p:g}, simple shear"
    )
    at, away = np.abs([way.prefactor for way in ways]).max(axis=0)
    limit = (
        f"; from gamma_c - gamma = {NEAREST:g} and {NEAREST * STEP:g} on to 0, without what goes as the "
        "root; tolerance: half of what ten times these distances give, of which the next order is a tenth"
    )
    quantity = "largest |b2/(2 b3 F (gamma_c - gamma))^(1/2) - 1|, soft spheres"
    others = {"no factor of 2": WITHOUT_2}
    found = [computed("S21", quantity, 0.0, at, 0.5 * away, how + limit, alternatives=others)]
    whole = [way.softening for way in ways if way.softening.distance.size > 4]
    near, change = np.median([exponents(way) for way in whole], axis=0)
    limit = "; from 1e-6 to 1e-5 of the way, tolerance: 1.5 times the change to the next decade"
    quantity = "median exponent of b2 of cubic modes in gamma_c - gamma, soft spheres"
    others = {"(gamma_c - gamma)^(1/3)": 1.0 / 3.0, "gamma_c - gamma": 1.0}
    found.append(
        computed("nonlinear-softening", quantity, 0.5, near, 1.5 * change, how + limit, alternatives=others)
    )
    sooner = np.array([kept(way, way.overlap) < kept(way, way.normal_overlap) for way in whole])
    quantity = "share of cubic modes that turn away before the normal mode, soft spheres"
    text = f"{how}; the claim allows {EXCEPTIONS:.0%} of exceptions"
    others = {"as often as not": 0.5}
    found.append(
        counted("softening-range", quantity, EXCEPTIONS, sooner, text, bound=True, alternatives=others)
    )
    return found


def straight(excess: Array) -> Array:
    """Return what is left of excesses at distance 0, of neighbours in turn, without what goes as the root."""
    return np.asarray(excess[:-1] - np.diff(excess) / (math.sqrt(STEP) - 1.0))


EXPERIMENTS = (
    Experiment(claims=("S21", "nonlinear-softening", "softening-range"), run=sheared, seconds=10.0),
)
