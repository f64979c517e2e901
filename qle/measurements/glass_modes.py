"""Normal modes of ensembles of computer glasses, and the scales that they are measured in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import glass
import landscape
from glass.potential import Potential
from landscape import disorder

Array = NDArray[np.float64]
BELOW = 0.7  # of the first band of phonons: up to there modes are counted as localised
_FILLED, _ROUGH = 0.95, 1e-3  # share of the plane, and relative forces, of discs that take overlaps away


@dataclass(frozen=True, kw_only=True)
class Glasses:
    """An ensemble of glasses.

    Attributes
    ----------
    name : str
        As in legends.
    start : callable
        start(sample) is the configuration that is quenched, and whether it may be out of equilibrium.
    """

    name: str
    start: Callable[[int], tuple[glass.PairGlass, bool]]


def from_liquid(name: str, params: glass.SoftSpheres, seed: int) -> Glasses:
    """Return glasses quenched from an equilibrated liquid."""

    def start(sample: int) -> tuple[glass.PairGlass, bool]:
        made, run = glass.equilibrate(params, seed=seed, sample=sample)
        return made, bool(run.faults)

    return Glasses(name=name, start=start)


def from_chance(
    name: str, potential: str | Potential, sizes: Sequence[float], *, N: int, density: float, seed: int
) -> Glasses:
    """Return plane glasses quenched from particles thrown at random, sizes in turn: of infinite temperature.

    Overlaps are taken out first, as of Hertzian discs that fill the plane: where potentials diverge, two
    particles at the same place have no forces to speak of.
    """
    box, widths = (N / density) ** 0.5, np.resize(sizes, N)
    discs = widths * (_FILLED * box**2 / (np.pi / 4.0 * np.sum(widths**2))) ** 0.5

    def start(sample: int) -> tuple[glass.PairGlass, bool]:
        places = box * disorder.uniform(2 * N, seed=seed, sample=sample, label="positions").reshape(N, 2)
        soft = glass.PairGlass(places, sizes=discs, box=box, potential="hertzian_spheres")
        x = landscape.minimize(soft, soft.x, method="fire", tol=_ROUGH, certify=False).x
        return glass.PairGlass(x.reshape(-1, 2), sizes=widths, box=box, potential=potential), False

    return Glasses(name=name, start=start)


@dataclass(frozen=True, eq=False)
class GlassModes:
    """Lowest modes of samples, and what they are compared with.

    Attributes
    ----------
    omega, participation : (S, k) arrays
        The k lowest of each sample.
    modulus, omega_g : (S,) arrays
        Shear modulus, and the frequency of local force dipoles.
    doubtful : (S,) array of bool
        Liquids whose runs do not look like equilibrium (`glass.equilibrate`).
    particles, dimension : int
    side, density : float
        Shortest side of the box, and N/V.
    """

    omega: Array
    participation: Array
    modulus: Array
    omega_g: Array
    doubtful: NDArray[np.bool_]
    particles: int
    dimension: int
    side: float
    density: float

    @property
    def samples(self) -> int:
        """How many."""
        return int(self.omega.shape[0])

    @property
    def speed(self) -> float:
        """c_s of the mean modulus."""
        return float(np.sqrt(self.modulus.mean() / self.density))

    @property
    def first_band(self) -> float:
        """omega_1 = 2 pi c_s/L."""
        return 2.0 * np.pi * self.speed / self.side

    @property
    def omega_0(self) -> float:
        """c_s/a_0, a_0 the distance between particles."""
        return float(self.speed * self.density ** (1.0 / self.dimension))

    @property
    def frequency_scale(self) -> float:
        """omega_g, root mean square over samples."""
        return float(np.sqrt(np.mean(self.omega_g**2)))

    @property
    def core(self) -> float:
        """xi_g = 2 pi c_s/omega_g."""
        return 2.0 * np.pi * self.speed / self.frequency_scale

    @property
    def core_error(self) -> float:
        """Relative standard error of xi_g, from the scatter of moduli and frequencies over samples."""
        scatter = self.modulus.std(ddof=1) / self.modulus.mean() / 2.0
        other = self.omega_g.std(ddof=1) / self.omega_g.mean()
        return float(np.hypot(scatter, other) / np.sqrt(self.samples))

    def soft(self) -> tuple[float, int]:
        """Return up to which frequency modes are counted as localised, and how many they are.

        0.7 omega_1, or what is complete in all samples if that is less.
        """
        cut = min(BELOW * self.first_band, float(self.omega[:, -1].min()))
        return cut, int(np.sum(self.omega < cut))

    @property
    def soft_extent(self) -> tuple[float, float]:
        """(N e)^(1/d) of the modes that `soft` counts, mean and standard error; nan of fewer than two."""
        cut, n = self.soft()
        if n < 2:
            return np.nan, np.nan
        sizes = (self.particles * self.participation[self.omega < cut]) ** (1.0 / self.dimension)
        return float(sizes.mean()), float(sizes.std(ddof=1)) / n**0.5

    def prefactor(self) -> tuple[float, float]:
        """Return A_g of D = A_g omega^4 by the number n of soft modes, and its error, n^(-1/2) of it."""
        cut, n = self.soft()
        vibrations = self.dimension * (self.particles - 1)
        level = 5.0 / (self.samples * vibrations * cut**5)
        return n * level, max(n, 1) ** 0.5 * level


def collect(ensemble: Glasses, samples: int, *, modes: int = 12) -> GlassModes:
    """Return the modes of samples 0, 1, ... of an ensemble.

    Raises
    ------
    MinimizationError
        Where a quench does not converge.
    """
    rows = []
    for sample in range(samples):
        made, doubtful = ensemble.start(sample)
        x = glass.quench(made).x
        low = landscape.low_modes(made.hessian(x), modes, verify=False)
        spread = landscape.participation_ratio(low.vectors, dimension=made.dimension)
        scales = glass.shear_modulus(made, x), glass.dipole_frequency(made, x, most=300)
        rows.append((np.sqrt(low.eigenvalues), spread, *scales, doubtful))
    omega, spreads, moduli, frequencies, doubts = (np.array(column) for column in zip(*rows, strict=True))
    n, d = made.particles, made.dimension
    return GlassModes(
        omega, spreads, moduli, frequencies, doubts, n, d, float(made.box.min()), n / made.volume
    )
