"""Special functions that numpy lacks, by library."""

from typing import Any


def gamma(lib: Any, x: Any) -> Any:
    """Return Euler's Gamma(x)."""
    return _home(lib).gamma(x)


def zeta(lib: Any, x: Any) -> Any:
    """Return Riemann's zeta(x), x > 1."""
    return _home(lib).zeta(x)


def _home(lib: Any) -> Any:
    """Return scipy.special for numpy, and `lib` itself otherwise."""
    if lib.__name__ != "numpy":
        return lib
    from scipy import special

    return special
