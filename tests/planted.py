"""Experiments against wrong formulas."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from qle.verification.comparison import Comparison
from qle.verification.verdicts import rejections
from theory import formulas

Run = Callable[[bool], list[Comparison]]


def check_that_errors_are_noticed(
    run: Run, errors: Iterable[tuple[str, float]], monkeypatch: pytest.MonkeyPatch
) -> list[Comparison]:
    """Return what the experiment finds, rejected nowhere; each formula times its factor must be rejected."""
    right = run(True)
    assert not any(rejections(right))
    for name, factor in errors:
        formula = getattr(formulas, name)

        def wrong(*arguments: Any, formula: Any = formula, factor: float = factor) -> Any:
            return factor * formula(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(formulas, name, wrong)
            assert any(rejections(run(True))), f"{name} times {factor} goes unnoticed"
    return right
