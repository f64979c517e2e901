"""Comparison of numbers in properties."""

from typing import Any


def agree(found: Any, expected: Any, tolerance: float) -> None:
    """Raise AssertionError unless two numbers agree within `tolerance` of the larger."""
    if not abs(found - expected) <= tolerance * max(abs(found), abs(expected)):
        raise AssertionError(f"{found} is not {expected} within {tolerance} of it")


def require(holds: Any, what: str) -> None:
    """Raise AssertionError with `what` unless it holds."""
    if not holds:
        raise AssertionError(what)
