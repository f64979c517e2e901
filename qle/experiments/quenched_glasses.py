"""Laws of normal and cubic modes of glasses quenched from a hot liquid (S IV.A, IV.F, IV.G)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import glass
import landscape
from landscape import Expansion
from qle.experiments.exceptions import EXCEPTIONS
from qle.experiments.nonlinear_modes import BARRIERS, barrier_laws, ratio_law
from qle.statistics.excitations import BELOW_PHONONS, LEAST, Excitations
from qle.statistics.pooled import cut_at, first_of_each, power, slope
from qle.verification.comparison import BESIDE_4, Comparison, counted, sampled
from qle.verification.experiment import Experiment

Array = NDArray[np.float64]
SEED = 421
LIQUID = glass.SoftSpheres(N=100, T_p=2.0, sweeps=500)
NAME = "soft spheres, N = 100, T_p = 2"
STARTS = 8  # softest normal modes that searches begin with
MODES = 12  # normal modes of a glass: those below the first phonons are far fewer
EACH = 0.5  # softest modes a glass that count as soft
LOWEST = 0.4  # share of the double wells whose barriers count
LOW, HIGH = 0.4, 3.0
RESIDUAL = 1e-8  # of a mode, above which it does not count
SAMPLES = {True: 40, False: 3000}


class Quenched(NamedTuple):
    """What one glass gives.

    Attributes
    ----------
    omega : (12,) array
        Of its softest normal modes.
    modulus : float
    cubic : (3, n) array
        b2, |b3| and b4 of its cubic modes, that of the lowest barrier first.
    normal, pseudoharmonic : float
        r of its softest normal mode, and of the pseudo-harmonic one of lowest cost.
    """

    omega: Array
    modulus: float
    cubic: Array
    normal: float
    pseudoharmonic: float


def quenched(quick: bool) -> list[Comparison]:
    """Compare what the modes of many small glasses follow with what the source says of larger ones."""
    return compared([measured(sample) for sample in range(SAMPLES[quick])])


def measured(sample: int) -> Quenched:
    """Return what one glass gives."""
    made = glass.draw(LIQUID, seed=SEED, sample=sample)
    x = glass.quench(made).x
    low = landscape.low_modes(made.hessian(x), MODES, verify=False)
    modes = [one for one in landscape.cubic_modes(made, x, count=STARTS) if one.residual < RESIDUAL]
    rows = np.array([(one.b2, abs(one.b3), one.b4) for one in modes]).reshape(-1, 3).T
    local = landscape.pseudo_harmonic_modes(made, x, count=STARTS)[0].direction
    normal, other = _ratios(landscape.expansion(made, x, np.column_stack([low.vectors[:, 0], local])))
    return Quenched(np.sqrt(low.eigenvalues), glass.shear_modulus(made, x), rows, normal, other)


def _ratios(along: Expansion) -> tuple[float, float]:
    first, second = np.asarray(along.ratio).tolist()
    return first, second


def compared(made: list[Quenched]) -> list[Comparison]:
    """Return the comparisons of glasses."""
    b2, b3, b4 = np.concatenate([one.cubic for one in made], axis=1)
    sample = np.repeat(np.arange(len(made)), [one.cubic.shape[1] for one in made])
    cubic = Excitations(b2, b3, b4, sample, len(made))
    return [*_spectra(made, cubic), *_shapes(made, cubic), *barriers(cubic)]


def _spectra(made: list[Quenched], cubic: Excitations) -> list[Comparison]:
    """Compare exponents of D of normal modes below the first phonons, and of the softest cubic modes."""
    omega = np.array([one.omega for one in made])
    phonon = 2.0 * np.pi / LIQUID.box * np.sqrt(np.mean([one.modulus for one in made]) / LIQUID.density)
    cuts = (
        min(BELOW_PHONONS * float(phonon), float(omega[:, -1].min())),
        cut_at(cubic.frequency, cubic.samples, EACH),
    )
    sample = np.repeat(np.arange(len(made)), omega.shape[1])
    found = []
    for claim, kind, values, of, cut in (
        (
            "S6-glasses",
            f"normal modes below {BELOW_PHONONS:g} of the first phonons",
            omega.ravel(),
            sample,
            cuts[0],
        ),
        ("nonlinear-omega4", f"cubic modes, {EACH:g} a glass", cubic.frequency, cubic.sample, cuts[1]),
    ):
        exponent, error, n = power(values, of, len(made), cut)
        how = f"{n} {kind}, {len(made)} glasses, maximum likelihood; error from resampling glasses"
        found.append(
            sampled(
                claim, f"exponent of D, {NAME}", 4.0, exponent, error, how, scale="power",
                alternatives=BESIDE_4,
            )
        )  # fmt: skip
    return found


def _shapes(made: list[Quenched], cubic: Excitations) -> list[Comparison]:
    """Compare shares of r below 0.4 and above 3 of one mode of each glass, and how b3 grows with omega."""
    softest = first_of_each(np.arange(cubic.b2.size, dtype=np.float64), cubic.sample)
    r = cubic.ratio
    how = f"cubic modes of lowest barrier, one of each of {len(made)} glasses; of all {r.size} modes"
    allowed = f"the claim allows {EXCEPTIONS:.0%} of exceptions"
    sites = {"r of soft sites": float(ratio_law(np.array([LOW]))[0])}
    found = [
        counted(
            "S18-lower", f"share of r < {LOW:g}, {NAME}", EXCEPTIONS, r[softest] < LOW,
            f"{how} {np.sum(r < LOW)} have it; {allowed}", bound=True, alternatives=sites,
        ),
        counted(
            "nonlinear-bound", f"share of r > {HIGH:g}, {NAME}", EXCEPTIONS, r[softest] > HIGH,
            f"{how} {np.sum(r > HIGH)} have it; {allowed}", bound=True,
            alternatives={"as often as in KHGPS as found": 0.26},
        ),
    ]  # fmt: skip
    for word in ("normal", "pseudoharmonic"):
        ratios = np.array([getattr(one, word) for one in made])
        kind = {"normal": "softest normal modes", "pseudoharmonic": "pseudo-harmonic modes of lowest cost"}
        text = f"{kind[word]}, one of each of {len(made)} glasses; the least r is {ratios.min():.1g}"
        found.append(
            counted(
                "S18-cubic-alone", f"share of r >= {LOW:g}, {kind[word]}, {NAME}", 0.5, ratios >= LOW, text,
                bound=True, alternatives={"bounded as cubic modes are": 1.0 - EXCEPTIONS},
            )
        )  # fmt: skip
    soft = cubic.frequency < cut_at(cubic.frequency, cubic.samples, EACH)
    logs = np.log(cubic.frequency[soft]), np.log(cubic.b3[soft])
    steepness, error = slope(*logs, cubic.sample[soft], cubic.samples)
    how = f"{soft.sum()} cubic modes of {len(made)} glasses, {EACH:g} a glass; error from resampling glasses"
    others = {"b3 ~ omega^0": 0.0, "b3 ~ omega^2": 2.0}
    quantity = f"slope of ln b3 in ln omega, {NAME}"
    return [*found, sampled("nonlinear-b3", quantity, 1.0, steepness, error, how, alternatives=others)]


def barriers(cubic: Excitations) -> list[Comparison]:
    """Compare the exponent of p(B) of the lowest barriers; nothing where they are few, as in a quick run."""
    heights, sample = cubic.barriers()
    if LOWEST * heights.size < LEAST:
        return []
    exponent, error, n = power(heights, sample, cubic.samples, float(np.quantile(heights, LOWEST)))
    how = f"the {n} lowest of {heights.size} cubic modes of r > 8/3, {cubic.samples} glasses"
    return barrier_laws(BARRIERS, NAME, exponent, error, how)


CLAIMS = ("S6-glasses", "nonlinear-omega4", "S18-lower", "S18-cubic-alone", "nonlinear-bound", "nonlinear-b3")
EXPERIMENTS = (Experiment(claims=CLAIMS, full=BARRIERS, run=quenched, seconds=8.0),)
