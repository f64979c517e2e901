"""What a sweep is to compute: read from TOML or a mapping, and validated wholly before anything runs."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from qle.description.grid import (
    ADDRESSES,
    SpecError,
    Value,
    check_keys,
    corners,
    expand_grid,
    fault,
    integer,
    points,
)
from qle.description.identity import FORMAT_VERSION, Identity
from qle.description.measure import LINES, Measure
from qle.description.models import described, identified, loaded
from qle.description.own_model import is_own, look_in
from qle.description.protocol import Protocol
from qle.description.stiffness import with_law
from qle.description.target import LEAST_MODES, Target
from qle.description.toml_file import read_toml
from quartic.nonlinear.stationary import STILL

Section = TypeVar("Section", Protocol, Measure, Target)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A sweep: samples 0 <= s < samples of every point of a grid.

    Parameters
    ----------
    model : str, or class
        A key of `qle.description.models.MODELS`; for a model of your own ``"module:Class"`` or the class, a
        dataclass of parameters whose samples are drawn by a method or a function beside it, draw(params, *,
        seed, sample). After construction that with ``@`` and the digest of its source.
    samples : int
        Number of samples at every grid point, at least 1.
    grid : mapping
        For each parameter of the model a value, several, or a range (`qle.description.grid.expand_grid`).
        After construction: every parameter of the model with the ascending tuple of its values.
    seed : int in [0, 2**32)
        With the sample's number and N the address of its disorder (`khgps.draw`, `lattice_gps.draw`).
    protocol : Protocol, or a mapping with its keys
        What is left out is as the model has it: of particles a quench from where they were drawn.
    measure : Measure, or a mapping with its keys
    target : Target, or a mapping with its keys, optional
        An error to be reached; `samples` is then the most that a grid point gets.

    Raises
    ------
    SpecError
        One line with the key, its value and the rule.

    Examples
    --------
    >>> import qle
    >>> spec = qle.Spec(model="khgps", samples=20, grid={"N": 50, "J": [0.2, 0.1], "h": 0.01})
    >>> spec.grid["J"], spec.grid["kappa_0"], spec.protocol.method
    ((0.1, 0.2), (1.0,), 'lbfgs')
    """

    model: str  # given as a class, too
    samples: int
    grid: Mapping[str, Any]
    seed: int = 1
    protocol: Protocol = field(default_factory=dict)  # type: ignore[assignment]  # of the model
    measure: Measure = field(default_factory=Measure)
    target: Target | None = None

    def __post_init__(self) -> None:
        given = self.model
        object.__setattr__(self, "model", identified(given))
        object.__setattr__(self, "samples", integer("samples", self.samples, 1, ADDRESSES + 1))
        object.__setattr__(self, "seed", integer("seed", self.seed, 0, ADDRESSES))
        model = described(self.model) if given == self.model else loaded(self.model)
        grid = _mapping("grid", self.grid)
        if self.model == "khgps" and "stiffness" in grid:
            grid = with_law(grid)
        axes = expand_grid(grid, model.fields(grid))
        object.__setattr__(self, "grid", {name: axes[name] for name in model.names(axes)})
        object.__setattr__(self, "protocol", _section("protocol", self.protocol, Protocol, model.protocol))
        object.__setattr__(self, "measure", _section("measure", self.measure, Measure))
        try:
            smallest = min(map(model.oscillators, corners(self.grid)))
        except SpecError:
            raise
        except (ValueError, TypeError) as error:
            raise SpecError(f"grid.{error}") from None
        if self.measure.count(smallest) > smallest:
            most = f"{smallest}, the modes" if model.particles else f"N = {smallest}"
            raise fault("measure.modes", self.measure.modes, f"must be at most {most}, or 'all'")
        self._check_model()
        self._check_start()
        if self.target is not None:
            object.__setattr__(self, "target", _section("target", self.target, Target))
            self._check_target(min(LEAST_MODES, smallest))

    def _check_model(self) -> None:
        """Refuse a protocol and measurements that the model does not have."""
        if is_own(self.model):  # its first sample tells
            return
        model = described(self.model)
        for name, allowed in (("method", model.methods), ("start", model.starts)):
            if (value := getattr(self.protocol, name)) not in allowed:
                rule = f"must be {' or '.join(map(repr, allowed))} with model = {self.model!r}"
                raise fault(f"protocol.{name}", value, rule)
        kind = "particles" if model.particles else "oscillators"
        for name in self.measure.asked:
            if (of := LINES[name]["of"]) not in ("", kind):
                raise fault(f"measure.{name}", True, f"is of {of}, and {self.model!r} has {kind}")

    def _check_start(self) -> None:
        """Refuse what would end in saddles, and excitations of what has hardly converged."""
        protocol = self.protocol
        unforced = protocol.start in ("zero", "decoupled") and protocol.field_path == "constant"
        starts_at_saddle = described(self.model).starts_at_saddle
        if unforced and any(starts_at_saddle(values, protocol.start) for values in corners(self.grid)):
            rule = "at h = 0 is x = 0, stationary and mostly a saddle; write start = 'kick' or 'random'"
            raise fault("protocol.start", protocol.start, rule)
        if self.measure.still and protocol.tol > STILL:
            names = " or ".join(name for name in LINES if LINES[name]["still"])
            raise fault("protocol.tol", protocol.tol, f"must be at most {STILL:g} with {names}")

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
        return max(map(described(self.model).oscillators, corners(self.grid)))

    def points(self) -> Iterator[dict[str, Value]]:
        """Yield the model's parameters at every grid point."""
        return points(self.grid)


def read_spec(path: str | PathLike[str]) -> Spec:
    """Return the sweep described by a TOML file; raise SpecError naming the file for any mistake in it.

    The module of a model of your own may be in the folder of the file.

    Returns
    -------
    Spec

    Examples
    --------
    >>> from pathlib import Path
    >>> import qle
    >>> lines = ['model = "khgps"', "samples = 20", "grid = {N = 50, J = [0.2, 0.1], h = 0.01}"]
    >>> written = Path("sweep.toml").write_text(chr(10).join(lines))
    >>> qle.read_spec("sweep.toml").grid["J"]
    (0.1, 0.2)
    """
    try:
        table = read_toml(path)
        grid, model = table.get("grid"), table.get("model")
        if model == "khgps" and isinstance(grid, Mapping) and isinstance(grid.get("stiffness"), str):
            table["grid"] = with_law(grid, Path(path).parent)  # the file is beside that of the sweep
        if is_own(model):
            look_in(Path(path).parent, model)
        return Spec.from_mapping(table)
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


def _section(
    key: str, value: object, kind: type[Section], default: Mapping[str, Any] | None = None
) -> Section:
    """Return value, or what a mapping with the same keys describes, beside those of the default."""
    if isinstance(value, kind):
        return value
    table = _mapping(key, value)
    check_keys(f"{key}.", table, [f.name for f in dataclasses.fields(kind)])
    return kind(**{**(default or {}), **table})


def _mapping(key: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise fault(key, value, "must be a table")
    return value
