"""What a sweep is to compute: read from TOML or a mapping, and validated wholly before anything runs."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, TypeVar

import quartic
from qle.description.grid import (
    ADDRESSES,
    SpecError,
    Value,
    check_keys,
    choice,
    corners,
    expand_grid,
    fault,
    integer,
    number,
    points,
)
from qle.description.models import MODELS
from qle.description.toml_file import read_toml
from qle.running.adaptive import LEAST_MODES, Target
from qle.store.batches import FORMAT_VERSION, Identity
from quartic.anneal import FIELD_PATHS
from quartic.nonlinear.stationary import STILL


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """How each sample is minimised.

    Parameters
    ----------
    method, start, tol, max_products
        Of `quartic.minimize`.
    starts : int
        More than 1: the lowest minimum of so many random starts (`quartic.anneal.best_of`).
    field_path : {"constant", "falling", "alternating"}
        Unless constant, a strong field is taken away (`quartic.anneal.anneal`), in `field_steps` steps.
    field_steps : int
    """

    method: str = "lbfgs"
    start: str = "decoupled"
    tol: float = 1e-10
    max_products: int = 100_000
    starts: int = 1
    field_path: str = "constant"
    field_steps: int = 30

    @property
    def identity(self) -> dict[str, Any]:
        """What the protocol is in the store, without starts and field where they are as by default."""
        table = dataclasses.asdict(self)
        if self.starts == 1:
            del table["starts"]
        if self.field_path == "constant":
            del table["field_path"], table["field_steps"]
        return table

    def __post_init__(self) -> None:
        self._check_slow()
        choice("protocol.method", self.method, quartic.METHODS)
        choice("protocol.start", self.start, quartic.STARTS)
        tol = number("protocol.tol", self.tol)
        if not 0.0 < tol < 1.0:
            raise fault("protocol.tol", self.tol, "must be in (0, 1)")
        object.__setattr__(self, "tol", tol)
        object.__setattr__(self, "max_products", integer("protocol.max_products", self.max_products, 1))

    def _check_slow(self) -> None:
        object.__setattr__(self, "starts", integer("protocol.starts", self.starts, 1))
        choice("protocol.field_path", self.field_path, ("constant", *FIELD_PATHS))
        object.__setattr__(self, "field_steps", integer("protocol.field_steps", self.field_steps, 1))
        if self.starts > 1 and (self.method, self.start, self.field_path) != ("lbfgs", "random", "constant"):
            raise fault(
                "protocol.starts",
                self.starts,
                "more than 1 needs method 'lbfgs', start 'random', no field_path",
            )
        if self.field_path != "constant" and self.start != "decoupled":
            raise fault(
                "protocol.field_path", self.field_path, "needs start 'decoupled', in the strong field"
            )


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is measured at each minimum.

    Parameters
    ----------
    modes : int or "all"
        How many of the softest normal modes.
    chi : bool
        Also the static susceptibility tr(M^-1)/N.
    nonlinear : bool
        Also the cubic modes that the softest sites lead to (`qle.measurements.excitations`).
    wells : bool
        Also the second minima that these lead to, with the barriers on the way.
    heat : bool
        Also the local heat capacity of every site.
    """

    modes: int | str = 20
    chi: bool = False
    nonlinear: bool = False
    wells: bool = False
    heat: bool = False

    @property
    def identity(self) -> dict[str, Any]:
        """What is measured, in the store, without the excitations that are not."""
        table = dataclasses.asdict(self)
        return {key: value for key, value in table.items() if value or key in ("modes", "chi")}

    def __post_init__(self) -> None:
        if not (isinstance(self.modes, str) and self.modes == "all"):
            try:
                object.__setattr__(self, "modes", integer("measure.modes", self.modes, 1))
            except SpecError as error:
                raise SpecError(f"{error}, or 'all'") from None
        for name in ("chi", "nonlinear", "wells", "heat"):
            if not isinstance(value := getattr(self, name), bool):
                raise fault(f"measure.{name}", value, "must be true or false")
        if self.wells and not self.nonlinear:
            raise fault("measure.wells", self.wells, "needs nonlinear = true, whose modes it follows")

    @property
    def factored(self) -> bool:
        """Whether a factor of the Hessian is needed, 8 N^2 bytes or more."""
        return self.chi or self.heat

    def count(self, size: int) -> int:
        """Return the number of modes of a sample of `size` oscillators."""
        return size if isinstance(self.modes, str) else self.modes


Section = TypeVar("Section", Protocol, Measure, Target)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A sweep: samples 0 <= s < samples of every point of a grid.

    Parameters
    ----------
    model : str
        A key of `qle.description.models.MODELS`.
    samples : int
        Number of samples at every grid point, at least 1.
    grid : mapping
        For each parameter of the model a value, several, or a range (`qle.description.grid.expand_grid`).
        After construction: every parameter of the model with the ascending tuple of its values.
    seed : int in [0, 2**32)
        With the sample's number and N the address of its disorder (`khgps.draw`, `lattice_gps.draw`).
    protocol : Protocol, or a mapping with its keys
    measure : Measure, or a mapping with its keys
    target : Target, or a mapping with its keys, optional
        An error to be reached; `samples` is then the most that a grid point gets.

    Raises
    ------
    SpecError
        One line with the key, its value and the rule.
    """

    model: str
    samples: int
    grid: Mapping[str, Any]
    seed: int = 1
    protocol: Protocol = field(default_factory=Protocol)
    measure: Measure = field(default_factory=Measure)
    target: Target | None = None

    def __post_init__(self) -> None:
        choice("model", self.model, tuple(MODELS))
        object.__setattr__(self, "samples", integer("samples", self.samples, 1, ADDRESSES + 1))
        object.__setattr__(self, "seed", integer("seed", self.seed, 0, ADDRESSES))
        model = MODELS[self.model]
        object.__setattr__(self, "grid", expand_grid(_mapping("grid", self.grid), model.parameters))
        object.__setattr__(self, "protocol", _section("protocol", self.protocol, Protocol))
        object.__setattr__(self, "measure", _section("measure", self.measure, Measure))
        try:
            smallest = min(map(model.oscillators, corners(self.grid)))
        except (ValueError, TypeError) as error:
            raise SpecError(f"grid.{error}") from None
        if self.measure.count(smallest) > smallest:
            raise fault("measure.modes", self.measure.modes, f"must be at most N = {smallest}, or 'all'")
        self._check_start()
        if self.target is not None:
            object.__setattr__(self, "target", _section("target", self.target, Target))
            self._check_target(min(LEAST_MODES, smallest))

    def _check_start(self) -> None:
        """Refuse what would end in saddles, and excitations of what has hardly converged."""
        protocol = self.protocol
        unforced = protocol.start in ("zero", "decoupled") and protocol.field_path == "constant"
        rests = MODELS[self.model].rests
        if unforced and any(rests(values, protocol.start) for values in corners(self.grid)):
            rule = "at h = 0 is x = 0, stationary and mostly a saddle; write start = 'kick' or 'random'"
            raise fault("protocol.start", protocol.start, rule)
        if (self.measure.nonlinear or self.measure.heat) and protocol.tol > STILL:
            raise fault("protocol.tol", protocol.tol, f"must be at most {STILL:g} with nonlinear or heat")

    def _check_target(self, least: int) -> None:
        if self.samples < 2:
            raise fault("samples", self.samples, "must be at least 2 with a target: some are the pilot's")
        if self.measure.count(least) < least:
            raise fault("measure.modes", self.measure.modes, f"must be at least {least} with a target")

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any]) -> "Spec":
        """Return the sweep that a mapping laid out as the TOML file describes."""
        check_keys("", table, [f.name for f in dataclasses.fields(cls)])
        for key in ("model", "samples", "grid"):
            if key not in table:
                raise SpecError(f"{key}: is missing")
        return cls(**table)

    @property
    def series(self) -> Identity:
        """What all results of this sweep have in common, from format to measure."""
        return {
            "format": FORMAT_VERSION,
            "model": self.model,
            "seed": self.seed,
            "protocol": self.protocol.identity,
            "measure": self.measure.identity,
        }

    @property
    def size(self) -> int:
        """Number of grid points."""
        size = 1
        for values in self.grid.values():
            size *= len(values)
        return size

    @property
    def largest(self) -> int:
        """The largest number of oscillators of its samples."""
        return max(map(MODELS[self.model].oscillators, corners(self.grid)))

    def points(self) -> Iterator[dict[str, Value]]:
        """Yield the model's parameters at every grid point."""
        return points(self.grid)


def read_spec(path: str | PathLike[str]) -> Spec:
    """Return the sweep described by a TOML file; raise SpecError naming the file for any mistake in it."""
    try:
        return Spec.from_mapping(read_toml(path))
    except FileNotFoundError:
        raise SpecError(f"{path}: no such file") from None
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from None
    except SpecError as error:
        raise SpecError(f"{path}: {error}") from None


def as_spec(source: Spec | Mapping[str, Any] | str | PathLike[str]) -> Spec:
    """Return a sweep from a Spec, a mapping, or the path of a TOML file."""
    if isinstance(source, Spec):
        return source
    if isinstance(source, Mapping):
        return Spec.from_mapping(source)
    if not isinstance(source, str | PathLike):
        raise fault("spec", source, "must be a Spec, a mapping or the path of a TOML file")
    return read_spec(source)


def _section(key: str, value: object, kind: type[Section]) -> Section:
    """Return value, or what a mapping with the same keys describes."""
    if isinstance(value, kind):
        return value
    table = _mapping(key, value)
    check_keys(f"{key}.", table, [f.name for f in dataclasses.fields(kind)])
    return kind(**table)


def _mapping(key: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise fault(key, value, "must be a table")
    return value
