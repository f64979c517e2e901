"""A cached kernel uses nothing of the project from outside its own file.

numba keys its cache by the file a kernel is written in: what it calls or reads from another file of the
project would be served from the cache after that file is edited.
"""

import ast
from pathlib import Path

import pytest

COMPILERS = {"cfunc", "guvectorize", "jit", "jit_module", "njit", "stencil", "vectorize"}


def violations(source: str, packages: list[str]) -> list[str]:
    """Return one line for each forbidden use in the kernels (functions under `@kernel`) of a file.

    Forbidden are names imported from `packages` and calls of functions that are arguments or that the
    file defines without making them kernels.
    """
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    kernels = [f for f in functions if any(_is_kernel_decorator(d) for d in f.decorator_list)]
    plain = {f.name for f in functions} - {k.name for k in kernels}
    imported = _project_names(tree, packages)
    found = []
    for function in kernels:
        arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
        for node in (n for statement in function.body for n in ast.walk(statement)):
            if isinstance(node, ast.Name) and node.id in imported:
                found.append(f"{function.name} uses {node.id} from another file")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in plain:
                    found.append(f"{function.name} calls {node.func.id}, which is no kernel")
                if node.func.id in arguments:
                    found.append(f"{function.name} calls its argument {node.func.id}")
    return found


def _is_kernel_decorator(node: ast.expr) -> bool:
    """Return whether a decorator is `kernel`, `landscape.jit.kernel` or a call of it."""
    node = node.func if isinstance(node, ast.Call) else node
    return (isinstance(node, ast.Name) and node.id == "kernel") or (
        isinstance(node, ast.Attribute) and node.attr == "kernel"
    )


def _project_names(tree: ast.Module, packages: list[str]) -> set[str]:
    """Return the names that a file binds by importing from the project."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or str(node.module).split(".")[0] in packages):
            names |= {alias.asname or alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            ours = [alias for alias in node.names if alias.name.split(".")[0] in packages]
            names |= {alias.asname or alias.name.split(".")[0] for alias in ours}
    return names


def compilers(source: str) -> list[str]:
    """Return the compiling decorators that a file takes from numba directly."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "numba":
            found += [alias.name for alias in node.names if alias.name in COMPILERS]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "numba":
            found += [node.attr] if node.attr in COMPILERS else []
    return found


HEAD = """
import math
import numpy as np
import quartic.line
from numba import prange
from landscape.jit import kernel
from quartic.line import slope as steepness
from .site import WIDTH

SIZE = 3

def plain(a):
    return a

@kernel
def half(a):
    return 0.5 * a
"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return steepness(a)", "outer uses steepness from another file"),
        ("return quartic.line.slope(a)", "outer uses quartic from another file"),
        ("return a * WIDTH", "outer uses WIDTH from another file"),
        ("return plain(a)", "outer calls plain, which is no kernel"),
        ("return [f(a) for _ in range(3)]", "outer calls its argument f"),
    ],
)
def test_a_planted_violation_is_found(body: str, message: str) -> None:
    source = f"{HEAD}\n@kernel\ndef outer(a, f):\n    {body}\n"
    assert violations(source, ["quartic"]) == [message]


def test_what_a_kernel_may_use_is_not_reported() -> None:
    body = "b = half(a) + SIZE\n    for k in prange(len(b)):\n        b[k] = math.sqrt(abs(b[k]))"
    source = f"{HEAD}\n@kernel\ndef outer(a):\n    {body}\n    return np.dot(b.copy(), a)\n"
    assert violations(source, ["quartic"]) == []


def test_face_functions_may_use_other_files() -> None:
    assert violations(f"{HEAD}\ndef face(a):\n    return steepness(plain(a))\n", ["quartic"]) == []


@pytest.mark.parametrize("line", ["from numba import njit", "import numba\nf = numba.jit(len)"])
def test_a_planted_compiler_is_found(line: str) -> None:
    assert len(compilers(line)) == 1


def test_kernels_of_the_packages_stay_in_their_files(
    root: Path, sources: list[Path], packages: list[str]
) -> None:
    found = {
        str(path.relative_to(root)): violations(path.read_text(encoding="utf-8"), packages)
        for path in sources
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_kernels_are_compiled_in_one_way_only(root: Path, sources: list[Path]) -> None:
    users = [path for path in sources if compilers(path.read_text(encoding="utf-8"))]
    assert users == [root / "landscape" / "jit.py"]
