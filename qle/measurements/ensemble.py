"""Samples of a model, each with the minimum that a protocol ends in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glass
import quartic
from landscape.disorder import WORD
from qle.description.model import Model
from qle.description.models import model_of
from qle.description.protocol import Protocol
from qle.measurements.general_minimum import general_minimum
from qle.measurements.quenched import quenched
from quartic.anneal import anneal, best_of

Array = NDArray[np.float64]
RANDOM = Protocol(start="random")
GOLDEN = 2654435769  # 2^32 over the golden ratio: multiples are far apart modulo 2^32


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Samples 0, 1, 2 .. of a model at one set of parameters, and how each is minimised.

    Attributes
    ----------
    params : khgps.KHGPS, lattice_gps.GPSLattice, or the parameters of another model, also of your own
    seed : int in [0, 2**32)
        With the number of a sample the address of its disorder.
    protocol : Protocol
        By default from the minimum without couplings; of particles a quench from where they were drawn.
    name : str
        In words, for tables and figures.
    own_starts : bool
        Whether random starts have the address (seed, sample), as in sweeps; by default sample s has the
        starts of address s with every seed.
    """

    params: Any
    seed: int
    protocol: Protocol = None  # type: ignore[assignment]  # of the model
    name: str = ""
    own_starts: bool = False

    def __post_init__(self) -> None:
        if self.protocol is None:
            object.__setattr__(self, "protocol", Protocol(**self.model.protocol))

    @cached_property
    def model(self) -> Model:
        """The record of the model."""
        return model_of(self.params)

    def landscape(self, sample: int) -> quartic.Problem:
        """Return the energy of one sample."""
        drawn: quartic.Problem = self.model.draw(self.params, seed=self.seed, sample=sample)
        return drawn

    def minimum(self, landscape: quartic.Problem, sample: int, **checks: bool) -> quartic.Minimum:
        """Return where the protocol ends in the landscape of a sample; `checks` are those of `minimize`."""
        address = self.seed + sample * WORD if self.own_starts else sample
        return minimum(landscape, self.protocol, address, **checks)

    def relaxed(self, sample: int) -> tuple[quartic.Problem, Array]:
        """Return the landscape of a sample and a minimum; raise as `quartic.minimize` where there is none."""
        landscape = self.landscape(sample)
        return landscape, self.minimum(landscape, sample).x

    def minima(self, samples: int) -> Iterator[tuple[quartic.Problem, Array]]:
        """Yield (landscape, minimum) of the samples 0 .. samples - 1."""
        return map(self.relaxed, range(samples))


def minimum(landscape: quartic.Problem, protocol: Protocol, address: int, **checks: bool) -> quartic.Minimum:
    """Return where a protocol ends, of particles as `quenched` says, of any other as `general_minimum` does.

    Parameters
    ----------
    address : int in [0, 2**64)
        Of the random starts.
    checks : bool
        `certify` and `check` of `quartic.minimize`: whether it must be a minimum, and raise where it is none.
    """
    if isinstance(landscape, glass.PairGlass):
        return quenched(landscape, protocol, address, check=checks.get("check", True))
    if not isinstance(landscape, quartic.Problem):
        return general_minimum(landscape, protocol, address, **checks)
    bounds: Any = {"tol": protocol.tol, "max_products": protocol.max_products, **checks}
    if protocol.starts > 1:
        word, sample = address % WORD, address // WORD
        own = (word + GOLDEN * sample) % WORD  # another address of random starts for every sample
        return best_of(landscape, starts=protocol.starts, seed=own, **bounds)
    if protocol.field_path != "constant":
        path, steps = protocol.field_path, protocol.field_steps
        return anneal(landscape, path=path, steps=steps, method=protocol.method, **bounds)
    return quartic.minimize(landscape, method=protocol.method, start=protocol.start, seed=address, **bounds)
