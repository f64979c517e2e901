"""Liquids of polydisperse soft spheres, equilibrated at a parent temperature by swap Monte Carlo."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arguments import count, real, settled
from glass import cells, swap
from glass.equilibration import Equilibration, bond_order, judged
from glass.pair_glass import PairGlass
from glass.potentials import soft_spheres
from landscape import disorder
from landscape.arrays import Matrix, Vector

LARGEST = 2.22  # size; the smallest is 1
_BLOCKS = 32  # stretches of a run, whose mean energies tell of ageing
_SHARE, _WINDOW = 0.2, 0.3  # of swaps among the steps; largest difference of sizes that are exchanged
_SKIN = {2: 0.8, 3: 0.4}  # of lists of neighbours: neighbours cost more in three dimensions
_TAKEN = 0.4  # share of moves accepted, at which their width is aimed in the first eighth of a run
_CAGE = 0.3  # a particle that has moved by less has not moved


@dataclass(frozen=True, kw_only=True)
class SoftSpheres:
    """Polydisperse soft spheres at a parent temperature: what the source's glasses are quenched from.

    Sizes are drawn from p(lambda) ~ lambda^-3 on [1, 2.22].

    Attributes
    ----------
    N : int
        Particles.
    d : {2, 3}
    T_p : float
        Temperature, > 0, in units of the pair energy.
    density : float
        N/L^d, > 0.
    sweeps : int
        Steps for each particle: a fifth exchanges of sizes. Whether they were enough, `equilibrate` tells.

    Raises
    ------
    ValueError
        For a parameter outside its range, and where the box is smaller than twice the longest reach.
    """

    N: int
    d: int = 2
    T_p: float
    density: float = 0.65
    sweeps: int = 4000

    def __post_init__(self) -> None:
        settled(
            self,
            N=count("N", self.N),
            d=count("d", self.d, least=2, most=3),
            T_p=real("T_p", self.T_p, above=0.0),
            density=real("density", self.density, above=0.0),
            sweeps=count("sweeps", self.sweeps, least=_BLOCKS),
        )
        least = math.ceil(self.density * (2.0 * soft_spheres().reach * LARGEST) ** self.d)
        if least > self.N:
            raise ValueError(f"N = {self.N}: must be >= {least}, for a box of twice the reach")

    @property
    def box(self) -> float:
        """L."""
        return float((self.N / self.density) ** (1.0 / self.d))


class Liquid(PairGlass):
    """A configuration of a liquid, `run` being what its Markov chain says of equilibrium.

    Examples
    --------
    >>> import glass
    >>> liquid = glass.draw(glass.SoftSpheres(N=64, T_p=2.0, sweeps=100), seed=1, sample=0)
    >>> type(liquid).__name__, liquid.run.energy.shape
    ('Liquid', (32,))
    """

    run: Equilibration


def draw(params: SoftSpheres, *, seed: int, sample: int) -> Liquid:
    """Return one liquid configuration: a pure function of the parameters and of (seed, sample).

    Returns
    -------
    Liquid

    Examples
    --------
    >>> import glass
    >>> liquid = glass.draw(glass.SoftSpheres(N=64, T_p=2.0, sweeps=100), seed=1, sample=0)
    >>> solid = glass.quench(liquid)
    >>> solid.energy < liquid.energy(liquid.x)
    True
    """
    return equilibrate(params, seed=seed, sample=sample)[0]


def equilibrate(params: SoftSpheres, *, seed: int, sample: int) -> tuple[Liquid, Equilibration]:
    """Return the configuration of `draw`, and what its run says of equilibrium.

    Returns
    -------
    Liquid, Equilibration

    Examples
    --------
    >>> import glass
    >>> liquid, run = glass.equilibrate(glass.SoftSpheres(N=64, T_p=2.0, sweeps=32), seed=1, sample=0)
    >>> liquid.size, 0 < run.swaps_taken < 1, run.energy.shape
    (128, True, (32,))
    """
    run = Chain(params, seed=seed, sample=sample)
    energies, middle = [], run.x
    every = params.N * params.sweeps // _BLOCKS
    for block in range(_BLOCKS):
        energies.append(run.advance(every, aim=block < _BLOCKS // 8))
        if block == _BLOCKS // 2 - 1:
            middle = run.x.copy()
    made = Liquid(run.x, sizes=run.sizes, box=params.box, potential=soft_spheres())
    way = run.x - middle
    stayed = np.sum((way - way.mean(axis=0)) ** 2, axis=1) < _CAGE**2
    bonds = made.bonds(made.x, 0)
    tally = run.tally
    made.run = judged(
        energy=np.array(energies) / params.N,
        overlap=float(stayed.mean()),
        order=bond_order(bonds),
        moves_taken=float(tally[swap.TAKEN] / tally[swap.TRIED]),
        swaps_taken=float(tally[swap.SWAPS_TAKEN] / max(tally[swap.SWAPS_TRIED], 1.0)),
    )
    return made, made.run


class Chain:
    """A Markov chain on its way, which began with particles at random.

    Attributes
    ----------
    x : (N, d) array
        Positions, from which no boxes are taken off.
    sizes : (N,) array
    tally : (5,) array
        How many moves and swaps were tried and taken, and the energy, as `glass.swap` names them.
    """

    def __init__(self, params: SoftSpheres, *, seed: int, sample: int, share: float = _SHARE) -> None:
        n, d = params.N, params.d
        self._params, self._share = params, share
        self.x: Matrix = params.box * disorder.uniform(
            n * d, seed=seed, sample=sample, label="positions"
        ).reshape(n, d)
        u = disorder.uniform(n, seed=seed, sample=sample, label="sizes")
        self.sizes: Vector = 1.0 / np.sqrt(1.0 - u * (1.0 - LARGEST**-2))
        words = disorder.vector_words(2, 4, seed=seed, sample=sample, label="swap")
        self._state = (words[0::2] << np.uint64(32)) | words[1::2]
        law = soft_spheres()
        self._law = (law.reach**2, law.mixing.non_additivity, np.array(law.taylor))
        self._reach, self._width = law.reach * LARGEST, 0.1
        self.tally = np.zeros(5)
        self._near, self._count = np.empty((n, 48), np.int64), np.empty(n, np.int64)
        self._list()

    def advance(self, moves: int, *, aim: bool) -> float:
        """Do so many steps; return the mean energy after every sweep of them."""
        energies, here = (
            [],
            PairGlass(self.x, sizes=self.sizes, box=self._params.box, potential=soft_spheres()),
        )
        self.tally[swap.ENERGY] = here.energy(here.x)  # anew: sums of steps begin with overlaps of 1e10
        for _ in range(max(1, moves // self._params.N)):
            before = self.tally[[swap.TRIED, swap.TAKEN]].copy()
            left = self._params.N
            while left:
                left -= self._walk(left)
                if left:
                    self._list()
            energies.append(self.tally[swap.ENERGY])
            if aim:
                tried, taken = self.tally[[swap.TRIED, swap.TAKEN]] - before
                self._width *= 1.1 if taken > _TAKEN * tried else 1.0 / 1.1
                self._width = min(self._width, 0.5)
        return float(np.mean(energies))

    def _walk(self, moves: int) -> int:
        law = (self._params.box, *self._law)
        rule = (self._share, self._width, _WINDOW, _SKIN[self._params.d] / 2.0)
        where = (self.x, self.sizes, self._near, self._count)
        temperature = self._params.T_p
        return int(swap.walk(*where, law, temperature, moves, rule, self._origin, self._state, self.tally))

    def _list(self) -> None:
        """Find who is near enough for any sizes."""
        n, d = self.x.shape
        same: tuple[Vector, NDArray[np.int64], Matrix] = (
            np.full(n, 1.0),
            np.zeros(n, np.int64),
            np.zeros((0, 0)),
        )
        box = np.full(d, self._params.box)
        i, j = cells.neighbours(self.x, box, 0.0, *same, 0.0, self._reach, 1.0, _SKIN[d])
        most = swap.tabulate(i, j, self._near, self._count)
        if most > self._near.shape[1]:
            self._near = np.empty((n, 2 * most), np.int64)
            swap.tabulate(i, j, self._near, self._count)
        self._origin = self.x.copy()
