"""The source of a module of a user's: that of its file, and of the files of his that it imports."""

import ast
import hashlib
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import arguments

HOME = Path(arguments.__file__).resolve().parents[1]
"""The folder of the packages of this distribution, none of which is a user's."""


def root_of(module: ModuleType) -> Path:
    """Return the folder in which a module is found by its name."""
    file = Path(str(module.__file__)).resolve()
    place = file.parent if file.name == "__init__.py" else file
    return place.parents[module.__name__.count(".")]


def source_digest(module: ModuleType) -> str:
    """Return 16 hexadecimal digits, the head of the SHA-256 of a module's source.

    It is of the module's file and of those that this and they import, anywhere in them, from the same folder
    and below: what a user has written for his model. Installed packages are no part of it.
    """
    files = _files(module.__name__, root_of(module))
    sha = hashlib.sha256()
    for name, content in sorted(files.items()):
        sha.update(f"{name} {len(content)}\n".encode() + content)
    return sha.hexdigest()[:16]


def _files(name: str, root: Path) -> dict[str, bytes]:
    """Return the contents of the files that a module is made of, by the names of their modules."""
    installed = str(root) in {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    top = name.partition(".")[0]
    found: dict[str, bytes] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        head = one.partition(".")[0]
        foreign = head != top and (installed or (root == HOME and (root / head).is_dir()))
        path = None if foreign or one in found else _file(root, one)
        if path is not None:
            found[one] = path.read_bytes().replace(b"\r\n", b"\n")
            waiting += [*_imports(found[one], one, package=path.name == "__init__.py"), *_parents(one)]
    return found


def _file(root: Path, name: str) -> Path | None:
    place = root.joinpath(*name.split("."))
    choices = (place.with_name(f"{place.name}.py"), place / "__init__.py")
    return next((path for path in choices if path.is_file()), None)


def _parents(name: str) -> list[str]:
    """Return the packages that a module is in: they are imported before it."""
    parts = name.split(".")
    return [".".join(parts[:k]) for k in range(1, len(parts))]


def _imports(source: bytes, name: str, *, package: bool) -> Iterator[str]:
    """Yield the names of all that a file imports; some are of things in modules, and of no modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = name.split(".") if package else name.split(".")[:-1]
            before = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*before, *([node.module] if node.module else [])])
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))
