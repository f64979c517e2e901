"""Why cubic modes of glasses have r = b3^2/(b2 b4) above about 0.4: the valleys are curved (S IV.G)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import glass
from landscape import Valley
from qle.experiments.exceptions import EXCEPTIONS
from qle.experiments.nonlinear_modes import ratio_law
from qle.measurements.frozen_modes import frozen_modes
from qle.measurements.valleys import (
    SOFT,
    ValleyModes,
    collected,
    modes_near,
    soft_directions,
    valley_quartic,
)
from qle.statistics.pooled import quantile, scatter, share
from qle.verification.comparison import Comparison, computed, counted, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEED = 411
LIQUID = glass.SoftSpheres(N=400, T_p=2.0, sweeps=1000)
SPHERES, SOFTEST = 10, 4  # exponents: of the source's glasses, and of the softest potential, a control
FROZEN = 40  # glasses of which particles are frozen, and valleys followed
LOW = 0.4
PLAIN = 0.79  # median of f/r_+
SHUFFLES = 20
SAMPLES = {True: {SPHERES: 10, SOFTEST: 6}, False: {SPHERES: 240, SOFTEST: 120}}


class Glass(NamedTuple):
    """What one glass gives.

    Attributes
    ----------
    modes : (n, 7) array
        Rows of `qle.measurements.valleys.modes_near`.
    valleys : (m, 2) array
        (1 - f, fourth derivative along the valley over b4) of its softest direction.
    frozen : (k, 3) array
        Rows of `qle.measurements.frozen_modes.frozen_modes`.
    """

    modes: Array
    valleys: Array
    frozen: Array


def measured(exponent: int, sample: int) -> Glass:
    """Return what the glass of a sample gives: a liquid of x^-10 at T_p = 2, quenched with x^-exponent."""
    liquid = glass.draw(LIQUID, seed=SEED, sample=sample)
    potential = glass.soft_spheres(exponent=exponent)
    places = liquid.x.reshape(liquid.particles, -1)
    made = glass.PairGlass(places, sizes=liquid.sizes, box=liquid.box, potential=potential)
    x = glass.quench(made).x
    soft = soft_directions(made, x)
    rows = modes_near(made, x, soft)
    if exponent != SPHERES or sample >= FROZEN:
        return Glass(rows, np.zeros((0, 2)), np.zeros((0, 3)))
    first = Valley(*(number[..., 0] for number in soft.valley))
    along = valley_quartic(made, x, soft.directions[:, 0], first) / first.b4
    few = frozen_modes(made, x, seed=SEED, sample=sample)
    return Glass(rows, np.array([[1.0 - first.undone, along]]), few)


def spheres(quick: bool) -> list[Comparison]:
    """Compare modes of the source's glasses with their valleys, whole and frozen."""
    return compared([measured(SPHERES, sample) for sample in range(SAMPLES[quick][SPHERES])])


def softest(quick: bool) -> list[Comparison]:
    """Compare the share of r < 0.4 of the softest potential with the bound."""
    made = [measured(SOFTEST, sample) for sample in range(SAMPLES[quick][SOFTEST])]
    return _low(collected([one.modes for one in made]), f"x^-{SOFTEST}")


def compared(made: list[Glass]) -> list[Comparison]:
    """Return all comparisons of glasses of the first potential."""
    modes = collected([one.modes for one in made])
    valleys = np.concatenate([one.valleys for one in made])
    apart = float(np.abs(modes.exact / modes.ratio - 1.0).max())
    off = float(np.abs(valleys[:, 0] - valleys[:, 1]).max())
    return [
        computed(
            "valley-response", "largest |X/(b4 r) - 1|", 0.0, apart, 1e-10,
            f"{modes.ratio.size} cubic modes of {len(made)} glasses; errors are squares of residuals of 1e-8",
        ),
        computed(
            "valley-undone", "largest |b4 along the valley/b4 - (1 - f)|", 0.0, off, 0.01,
            f"softest directions of {len(valleys)} glasses, constrained energies at steps of 0.05 and 0.025 "
            "(b2/b4)^(1/2); tolerance: bonds that pass the cut-off, where the fourth derivative jumps",
        ),
        *_ratios(modes, len(made)),
        *_low(modes, f"x^-{SPHERES}"),
        *_frozen([one.frozen for one in made if len(one.frozen)]),
    ]  # fmt: skip


def _ratios(modes: ValleyModes, samples: int) -> list[Comparison]:
    """Compare r with r_+ of f and r_z."""
    near, few = modes.near, modes.soft
    how = f"{near.sum()} cubic modes near a soft direction, {samples} glasses; tolerance: two coordinates"
    middle, error = quantile((modes.ratio / modes.predicted)[near], modes.sample[near], samples, 0.5)
    below = int(np.sum(modes.ratio[near] < modes.undone[near] / 3.0))
    logs = np.log(modes.ratio / modes.predicted)[few]
    left, doubt = scatter(logs, modes.sample[few], samples)
    without = shuffled(modes, few)
    return [
        sampled(
            "valley-ratio", "median of r/r_+", 1.0, middle, error, how, tolerance=0.05,
            alternatives={"r = f": PLAIN},
        ),
        computed(
            "valley-ratio", "modes near a soft direction of r < f/3", 0.0, below, 0.0,
            f"{near.sum()} modes; no tolerance",
        ),
        sampled(
            "valley-ratio", "scatter of ln(r/r_+) over that with f shuffled, soft modes",
            0.5, left / without, doubt / without,
            f"{few.sum()} modes of b2 < {SOFT:g}, scatter {left:.3f} against {without:.3f}; tolerance: the "
            "claim says little of what is left", tolerance=0.2, alternatives={"f does not matter": 1.0},
        ),
    ]  # fmt: skip


def shuffled(modes: ValleyModes, chosen: NDArray[np.bool_]) -> float:
    """Return the scatter of ln(r/r_+) where f are those of other modes, the mean over shuffles."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    f, soft, logs = modes.undone[chosen], modes.soft_ratio[chosen], np.log(modes.ratio[chosen])
    others = (formulas.valley_ratio(np, rng.permutation(f), soft) for _ in range(SHUFFLES))
    return float(np.mean([np.std(logs - np.log(other)) for other in others]))


def _low(modes: ValleyModes, name: str) -> list[Comparison]:
    """Compare how many glasses have r < 0.4 in their softest mode."""
    ahead = np.flatnonzero(~modes.backward)
    first = ahead[np.unique(modes.sample[ahead], return_index=True)[1]]
    all_low = int(np.sum(modes.ratio[ahead] < LOW))
    how = (
        f"cubic modes of lowest barrier, one of each glass of {name}; of all {ahead.size} modes {all_low} "
        f"have it; the claim allows {EXCEPTIONS:.0%} of exceptions"
    )
    others = {"r of soft sites": float(ratio_law(np.array([LOW]))[0])}
    quantity = f"share of r < {LOW:g}, soft spheres {name}, T_p = 2"
    hits = modes.ratio[first] < LOW
    return [counted("S18-lower", quantity, EXCEPTIONS, hits, how, bound=True, alternatives=others)]


def _frozen(rows: list[Array]) -> list[Comparison]:
    """Compare the share of r < 0.4 of few and of many particles in frozen surroundings."""
    sample = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
    count, ratio, _ = np.concatenate(rows).T
    found = []
    for word, chosen, predicted, allowed, others in (
        ("m = 1", count == 1.0, 1.0, 0.1, {"as in the whole glass": 0.0}),
        ("m >= 37", count >= 37.0, 0.0, 0.005, {"as of one particle": 0.95}),
    ):
        number, error = share(ratio[chosen] < LOW, sample[chosen], len(rows))
        how = (
            f"{chosen.sum()} cubic modes of particles drawn at random with their neighbours in {len(rows)} "
            "glasses; tolerance: what the claim says"
        )
        quantity = f"share of r < {LOW:g}, all but m particles frozen, {word}"
        found.append(
            sampled(
                "valley-frozen", quantity, predicted, number, error, how, tolerance=allowed,
                alternatives=others,
            )
        )  # fmt: skip
    return found


CLAIMS = ("valley-response", "valley-undone", "valley-ratio", "S18-lower", "valley-frozen")
EXPERIMENTS = (
    Experiment(claims=CLAIMS, run=spheres, seconds=40.0),
    Experiment(claims=("S18-lower",), run=softest, seconds=12.0),
)
