"""Models of a user's own: a dataclass of parameters in a module of his, and what draws their samples.

    module:Class              how one is asked for
    module:Class@<digest>     how its results are filed, with the digest of its source

What draws is a method of the class, or a function beside it, draw(params, *, seed, sample). Results are read
without the module: a store holds numbers, and is never a reason to run code.
"""

import dataclasses
import importlib
import inspect
import re
import socket
import sys
from collections.abc import Collection, Mapping
from functools import cache
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from qle.description.grid import SpecError, fault
from qle.description.model import Model
from qle.description.source import root_of, source_digest

_NAME = re.compile(r"(?P<module>\w+(?:\.\w+)*):(?P<kind>\w+)(?:@(?P<source>[0-9a-f]{16}))?")
_KINDS = (int, float, str)
_FORM = "draw(params, *, seed, sample)"
_imported: dict[str, str] = {}  # the digest of each module's source when it was first asked for here


class OwnModel(Model):
    """A model of a user's; by default one that is known by its results alone."""

    def names(self, given: Collection[str]) -> tuple[str, ...]:
        """Return names of parameters, sorted: a store keeps no other order."""
        return tuple(sorted(given))

    def coordinates(self, values: Mapping[str, Any]) -> int:
        """Return N; raise SpecError where the user's class refuses the parameters."""
        self.check(values)
        try:
            self.parameters(**values)
        except Exception as error:  # his rules may raise anything
            text = ", ".join(f"{name} = {value}" for name, value in values.items())
            raise SpecError(f"grid: the model refuses {text}: {_text(error)}") from error
        return int(values["N"])

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise ValueError unless these can be parameters, N among them."""
        size = values.get("N")
        if not {type(value) for value in values.values()} <= {*_KINDS} or type(size) is not int or size < 1:
            raise ValueError("parameters: must be integers, floats and words, and N an integer >= 1")

    def fields(self, grid: Mapping[str, Any]) -> type[Any]:
        """Return the dataclass; one with the names and kinds of the values, if the user's is not known."""
        if dataclasses.is_dataclass(self.parameters):
            return self.parameters
        firsts = {
            name: entry[0] if isinstance(entry, list | tuple) and entry else entry
            for name, entry in grid.items()
        }
        return dataclasses.make_dataclass("Recorded", [(name, type(value)) for name, value in firsts.items()])


def _undrawn(*_: Any, **__: Any) -> Any:
    raise TypeError("the samples of a model that is known by its results alone cannot be drawn")


def _never(values: Mapping[str, Any], start: str) -> bool:
    """Where a start of a user's model is at a saddle, nobody knows."""
    return False


def _model(parameters: Any, draw: Any) -> OwnModel:
    return OwnModel(
        parameters=parameters, draw=draw, extent=("N",), small=16, labels={}, starts_at_saddle=_never
    )


RECORDED = _model(dict, _undrawn)
"""Any model of a user's, as far as a store knows it."""


def is_own(model: object) -> bool:
    """Return whether this asks for a model of a user's: a class, or a name with a colon."""
    return isinstance(model, type) or (isinstance(model, str) and ":" in model)


def is_recorded(name: object) -> bool:
    """Return whether a name is one that results are filed under."""
    match = isinstance(name, str) and _NAME.fullmatch(name)
    return bool(match and match["source"])


def identify(model: str | type[Any]) -> str:
    """Return the name that results of a model are filed under; raise SpecError where it is none."""
    if isinstance(model, str):
        if is_recorded(model):
            return model
        model = _class(model)
    module = model.__module__
    if module == "__main__" or getattr(sys.modules.get(module), model.__qualname__, None) is not model:
        raise SpecError(
            f"model = {model.__qualname__}: must be at the top of a module, a file of its own that is "
            "imported, as other processes have to find it"
        )
    name = f"{module}:{model.__qualname__}"
    record(model)
    return f"{name}@{_digest(name, sys.modules[module])}"


@cache
def loaded(name: str) -> OwnModel:
    """Return the model that results are filed under a name of; raise SpecError if its source is another."""
    found = identify(name.partition("@")[0])
    if found != name:
        raise SpecError(
            f"model = {name}: its source has changed, here it is {found}; start the same sweep anew, which "
            "files its results apart, or put the source back as it was"
        )
    return record(_class(name))


def record(kind: type[Any]) -> OwnModel:
    """Return the model of a dataclass of parameters; raise SpecError with the rule that it breaks."""
    name = f"model = {kind.__module__}:{kind.__qualname__}"
    if not dataclasses.is_dataclass(kind):
        raise SpecError(f"{name}: must be a dataclass, of the model's parameters")
    try:
        hints = get_type_hints(kind)
    except Exception as error:  # annotations are code
        raise SpecError(f"{name}: its annotations cannot be read: {_text(error)}") from error
    for field in dataclasses.fields(kind):
        if hints[field.name] not in _KINDS or not field.init:
            shown = getattr(hints[field.name], "__name__", hints[field.name])
            raise SpecError(
                f"{name}: {field.name} is {shown}: must be an int, float or str, which stores keep"
            )
    if hints.get("N") is not int:
        raise SpecError(f"{name}: must have a field N: int, the number of coordinates of a sample")
    draw = getattr(kind, "draw", None) or getattr(sys.modules[kind.__module__], "draw", None)
    _check_draw(name, draw)
    return _model(kind, draw)


def look_in(folder: str | PathLike[str], name: str | None = None) -> None:
    """Let modules be found in a folder after all other places, here and in processes started from now on.

    Raises
    ------
    SpecError
        The module of a model of this name is there, but is found elsewhere first.
    """
    place = Path(folder).resolve()
    if str(place) not in sys.path:
        sys.path.append(str(place))
        importlib.invalidate_caches()
    if name is None or not is_own(name) or (match := _NAME.fullmatch(name)) is None:
        return
    wanted = place.joinpath(*match["module"].split(".")).with_suffix(".py")
    if wanted.is_file() and not wanted.samefile(found := str(_module(name, match["module"]).__file__)):
        raise SpecError(f"model = {name}: {wanted} is not found, {found} comes first: rename one of them")


def home(name: str) -> str:
    """Return the folder in which the module of a model is found here."""
    return str(root_of(sys.modules[_class(name).__module__]))


def _class(name: str) -> type[Any]:
    match = _NAME.fullmatch(name)
    if match is None:
        raise fault("model", name, "must be module:Class, as in my_models:Ring")
    module = _module(name, match["module"])
    found = getattr(module, match["kind"], None)
    if not isinstance(found, type):
        there = f"{module.__file__} has no class {match['kind']}"
        raise SpecError(f"model = {name}: {there}")
    return found


def _module(name: str, module: str) -> ModuleType:
    try:
        found = importlib.import_module(module)
    except (Exception, SystemExit) as error:  # a module may do anything
        missing = isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}.")
        if missing:
            raise SpecError(
                f"model = {name}: there is no module {module} on {socket.gethostname()}: it must be beside "
                "the file of the sweep or on PYTHONPATH, also where workers run"
            ) from None
        raise SpecError(f"model = {name}: importing {module} failed: {_text(error)}") from error
    if not str(getattr(found, "__file__", None)).endswith(".py"):
        raise SpecError(f"model = {name}: {module} has no source file, .py, by which its results are known")
    return found


def _digest(name: str, module: ModuleType) -> str:
    """Return the digest of a model's source; raise SpecError where the files have changed under a process."""
    look_in(root_of(module))
    found = source_digest(module)
    if _imported.setdefault(module.__name__, found) != found:
        raise SpecError(
            f"model = {name}: {module.__file__}, or what it imports, has changed since it was imported: "
            "restart this Python, and workers that have imported it"
        )
    return found


def _check_draw(name: str, draw: Any) -> None:
    if not callable(draw):
        raise SpecError(
            f"{name}: nothing draws its samples: write {_FORM}, a function beside it or its method"
        )
    try:
        signature = inspect.signature(draw)
        signature.bind(None, seed=0, sample=0)
    except TypeError as error:
        raise SpecError(f"{name}: draw{signature}: must be {_FORM}: {error}") from None


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip(": ")
