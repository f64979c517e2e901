"""The errors that are planted, what is left alone, and which tests could see one."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.mutation.changes import changes, planted
from tests.mutation.choice import Choice, Mutant, is_recorded, read_record, sample, sources
from tests.mutation.reach import users

ROOT = Path(__file__).resolve().parents[2]
KERNELS = """\
LIMIT = 3


@kernel
def inner(x):
    return x + LIMIT


@kernel
def outer(x):
    return inner(x)


def face(x):
    return outer(x)


def other(x):
    return x + 1
"""


def new_lines(source: str) -> list[str]:
    return [change.new for change in changes(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y = a + b", {"y = (a - b)", "y = a", "y = b"}),
        ("y = a - b", {"y = (a + b)", "y = a", "y = (-b)"}),
        ("y = -x", {"y = x"}),
        ("y = 0.5", {"y = 0.75"}),
        ("y = a < b", {"y = (a <= b)", "y = (a > b)"}),
        ("y = f(a, b)", {"y = f(b, a)"}),
        ("y = R(p=a, q=b)", {"y = R(p=b, q=a)"}),
        ("y = np.argmin(a, axis=0)", {"y = np.argmax(a, axis=0)", "y = np.argmin(a, axis=1)"}),
        ("y += x", {"y -= x", "pass"}),
        ("x.sort()", {"pass"}),
        ("return a, b", {"return (b, a)"}),
        ("if known:\n    pass", {"if (not known):"}),
        ("y = a or b", {"y = (a and b)", "y = a", "y = b"}),
    ],
)
def test_a_line_goes_wrong_in_these_ways(source: str, expected: set[str]) -> None:
    assert set(new_lines(source)) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""Text of 1 + 1."""',
        "def f(x: tuple[int, 2]) -> Literal[3]:\n    '''1 + 1.'''",
        "raise ValueError(1 + 1)",
        "text = f'{1 + 1}'",
        "from a import b",
    ],
)
def test_words_and_types_are_left_alone(source: str) -> None:
    assert changes(source) == []


def test_every_error_is_python_and_another_program() -> None:
    """All of a file with kernels, characters of two bytes before them or not."""
    source = "# \u03ba\n" + (ROOT / "spm" / "counting.py").read_text(encoding="utf-8")
    right = ast.dump(ast.parse(source))
    found = changes(source)
    assert len(found) > 100
    assert all(ast.dump(ast.parse(planted(source, change))) != right for change in found)


def test_a_sample_takes_from_each_package_in_turn_and_is_the_same_again() -> None:
    drawn = sample(ROOT, ["spm/law.py", "qle/description/grid.py"], 10, seed=1)
    assert [mutant.file for mutant in drawn] == ["spm/law.py", "qle/description/grid.py"] * 5
    assert drawn == sample(ROOT, ["spm/law.py", "qle/description/grid.py"], 10, seed=1)
    assert drawn != sample(ROOT, ["spm/law.py", "qle/description/grid.py"], 10, seed=2)


def test_what_is_recorded_is_there_and_is_not_planted() -> None:
    """An entry that fits no error any more is due to go."""
    entries, files = read_record(), sources(ROOT)

    @cache
    def mutants(name: str) -> list[Mutant]:
        return [Mutant(name, change) for change in changes((ROOT / name).read_text(encoding="utf-8"))]

    for entry in entries:
        near = [name for name in files if name.startswith(entry["file"].rstrip("*"))]
        assert any(is_recorded(mutant, [entry]) for name in near for mutant in mutants(name)), entry
    assert not any(is_recorded(mutant, entries) for mutant in sample(ROOT, ["theory"], 10**6, seed=1))


def test_tests_are_those_that_run_the_function_or_use_a_kernel(tmp_path: Path) -> None:
    """A kernel does not show in what ran: the functions that name it stand for it, through other kernels."""
    package = tmp_path / "spm"
    package.mkdir()
    (package / "a.py").write_text(KERNELS)
    assert users(tmp_path, ["spm/a.py"])["outer"] == {"spm/a.py:face"}
    ran = ["spm/a.py:face"]
    choice = Choice(tmp_path, {"slow": (2.0, ran), "fast": (1.0, ran), "no": (1.0, [])})
    by_line = {change.line: Mutant("spm/a.py", change) for change in changes(KERNELS)}
    assert choice.tests(by_line[1]) == choice.tests(by_line[6]) == (["fast", "slow"], 0)
    choice = Choice(tmp_path, {"one": (1.0, ["spm/a.py:other"]), "no": (1.0, ran)})
    assert choice.tests(by_line[19]) == (["one"], 0)
