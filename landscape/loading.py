"""Modules that take long to load, loaded when something of them is wanted."""

from importlib import import_module
from typing import Any


class Deferred:
    """A module, imported when one of its names is first read or set."""

    def __init__(self, name: str) -> None:
        self.__dict__["_module"] = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__dict__["_module"]), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(import_module(self.__dict__["_module"]), name, value)
