"""Cubic modes M z = (b2/b3) U''' : z z (S 15) and quartic modes M z = (b2/b4) U'''' : z z z of a minimum."""

import numpy as np
from numpy.typing import ArrayLike

import arguments
from landscape import threads
from landscape.arrays import Matrix
from landscape.forms import Form
from landscape.hessian import Hessian
from landscape.modes.inverse import Inverse
from landscape.modes.zero import project_out
from landscape.nonlinear.expansion import Expansion, coefficients
from landscape.nonlinear.modes import NonlinearMode, collect
from landscape.nonlinear.rotation import rotation
from landscape.nonlinear.search import Search, run
from landscape.nonlinear.starts import starting_directions
from landscape.nonlinear.stationary import stationary
from landscape.protocol import Landscape, NotGivenError, Point

METHODS = ("descent", "fixed-point")
_LOST = 1e-14  # |b_p| of a start, relative to the sum of its terms' magnitudes, that is rounding


class ModeError(RuntimeError):
    """No search for a nonlinear mode converged."""


def cubic_modes(
    landscape: Landscape,
    x: ArrayLike,
    *,
    starts: str | ArrayLike = "modes",
    count: int | None = None,
    method: str = "descent",
    tol: float = 1e-9,
    max_steps: int = 1000,
    seed: int = 0,
) -> list[NonlinearMode]:
    """Return the cubic modes of a minimum to which the starts lead, lowest barrier first.

    They are local minima over directions of B(z) = 2 b2^3/(3 b3^2) (S 14), and solve
    M z = (b2/b3) U''' : z z (S 15), but for zero modes, of which they have no part. Each comes once, with all
    the starts that ended there. Searches that did not converge follow, as they are, with their status. No
    search ends higher than it began.

    * ``"descent"``: conjugate gradients of ln B, with M^-1 as their metric or an approximation to it
      (`landscape.modes.inverse` chooses by size; oscillators take ``"products"``, no factorisation), each
      step to the first minimum along its line.
    * ``"fixed-point"``: the scheme z <- normalise(M^-1 U''' : z z), which is steepest descent of ln(B)/6 in
      the metric M with steps of length 1. A step that would raise the barrier ends at the first minimum along
      its line instead, and the status of the mode is ``"descended"``. From a residual of 0.1 on, steps are
      conjugate to each other and all end at their first minimum. It factorises M, in 12 N^2 bytes. A
      deviation from a mode along which ln(B)/6 has the second derivative m, in the metric M, is multiplied by
      1 - m in a step: minima of B where some m is above 2 are rarely found.

    Both may end in different modes from the same start. All starts advance together.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
        A minimum, with a Hessian M that is positive definite but for zero modes.
    starts : {"modes", "sites", "random"} or (N,) or (N, m) array
        See `landscape.nonlinear.starts.starting_directions`. The sign of a direction does not matter.
    count : int, optional
        How many starts, unless they are given as an array: 20 if not given, or what there is. At most N, less
        the number of zero modes, of ``"modes"`` and ``"sites"``.
    method : {"descent", "fixed-point"}
    tol : float
        Largest residual |M z - (b2/b3) U''' : z z| / |M z| of a mode that has converged; in (0, 1). Where
        derivatives come from differences, their stated errors are added to it.
    max_steps : int
        Bound on the steps of each search, of one product M d each.
    seed : int
        Address of random starts.

    Returns
    -------
    list of NonlinearMode

    Raises
    ------
    ValueError
        For an argument out of range, where x is not stationary, and where M is seen not to be positive
        definite: by ``"fixed-point"`` always, by ``"descent"`` along the starts.
    NotGivenError
        Where the landscape says nothing of third derivatives.
    ModeError
        If no search converged; the message holds the numbers.

    Examples
    --------
    The well -x^2/2 + x^4/4 about x = 1, where b2 = 2 and b3 = 6: B = 2 b2^3/(3 b3^2) = 4/27.

    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**4/4 - x[0]**2/2, lambda x: x**3 - x, 1)
    >>> mode = landscape.cubic_modes(well, [1.0])[0]
    >>> mode.status, round(mode.barrier, 4), round(mode.ratio, 3)
    ('converged', 0.1481, 3.0)
    """
    point = stationary(landscape, x)
    return _modes(point, point.third, (starts, count, seed), method, tol, max_steps)


def quartic_modes(
    landscape: Landscape,
    x: ArrayLike,
    *,
    starts: str | ArrayLike = "modes",
    count: int | None = None,
    method: str = "descent",
    tol: float = 1e-9,
    max_steps: int = 1000,
    seed: int = 0,
) -> list[NonlinearMode]:
    """Return the quartic modes of a minimum to which the starts lead, lowest cubic barrier first.

    They are local minima over directions of b2^2/|b4|, and solve M z = (b2/b4) U'''' : z z z. Arguments and
    errors are those of `cubic_modes`, the scheme is z <- normalise(M^-1 U'''' : z z z).

    Returns
    -------
    list of NonlinearMode

    Examples
    --------
    Wells x^2/2 + x^4/24 and 2 y^2/2 + y^4/24, apart from each other:

    >>> import landscape, numpy as np
    >>> k = np.array([1.0, 2.0])
    >>> wells = landscape.Functions(lambda x: k @ x**2/2 + np.sum(x**4)/24, lambda x: k*x + x**3/6, 2)
    >>> sorted(round(mode.b2, 4) for mode in landscape.quartic_modes(wells, [0.0, 0.0]))
    [1.0, 2.0]
    """
    point = stationary(landscape, x)
    return _modes(point, point.fourth, (starts, count, seed), method, tol, max_steps)


def _modes(
    point: Point,
    form: Form,
    begin: tuple[str | ArrayLike, int | None, int],
    method: str,
    tol: float,
    max_steps: int,
) -> list[NonlinearMode]:
    """Return the modes of a form to which the starts lead; `begin` is starts, count, seed."""
    tol, max_steps = checked(method, tol, max_steps)
    z = starting_directions(point.hessian, *begin)
    searches = search(point.hessian, form, z, method=method, tol=tol, max_steps=max_steps)
    with threads.single_blas():
        dimension, zero = point.landscape.dimension, point.hessian.zero_modes
        return collect(searches, lambda block: _expanded(point, block), dimension, zero)


def _expanded(point: Point, block: Matrix) -> Expansion:
    """Return b2, b3, b4 along columns; b4 is nan where the landscape says nothing of fourth derivatives."""
    try:
        return coefficients(point, block)
    except NotGivenError:
        b2 = np.einsum("ij,ij->j", block, point.hessian.products(block))
        return Expansion(b2, point.third.values(block), np.full(b2.shape, np.nan))


def checked(method: str, tol: float, max_steps: int) -> tuple[float, int]:
    """Return tol and max_steps; raise ValueError for a bad one, or a bad method."""
    arguments.choice("method", method, METHODS)
    return arguments.fraction("tol", tol), arguments.count("max_steps", max_steps)


def search(
    hessian: Hessian,
    form: Form,
    z: Matrix,
    *,
    method: str,
    tol: float,
    max_steps: int,
    metric: str | None = None,
) -> list[Search]:
    """Return the searches for minima of the barrier of a form that begin with the columns of z.

    `metric` is how ``"descent"`` has M^-1, by `landscape.modes.inverse`; chosen by size if not given.

    Raises
    ------
    ValueError
        Where M is seen not to be positive definite.
    ModeError
        If none converged.
    """
    zero = hessian.zero_modes
    form = _Projected(form, zero) if zero.shape[1] else form
    scheme = method == "fixed-point"
    with threads.single_blas():
        inverse = Inverse(hessian, method="factor" if scheme else metric)
        z = _with_slope(inverse, form, z)
        tol = tol + _noise(hessian, form, z)
        searches = [Search(rotation(form), column, scheme=scheme) for column in z.T]
        run(inverse.curvature, inverse.precondition, searches, tol=tol, max_steps=max_steps)
    down = [k for k, s in enumerate(searches) if s.status == "saddle"]
    if down:
        raise ValueError(f"z.M.z <= 0 along start {down[0]}: x is no minimum")
    if not any(s.converged for s in searches):
        best = min(searches, key=lambda s: s.residual)
        raise ModeError(
            f"none of {len(searches)} searches by {method} converged: the best ended as {best.status} with "
            f"residual {best.residual:.3g} after {best.steps} steps, must be <= {tol}"
        )
    return searches


def _with_slope(inverse: Inverse, form: Form, z: Matrix) -> Matrix:
    """Return z, with one step of the scheme taken where b_p = 0 and ln|b_p| has no gradient."""
    f = form.vectors(z)
    if not f.any():
        raise ValueError(f"derivatives of order {form.order} vanish along all starts: there is no such mode")
    terms = z * f
    flat = np.abs(terms.sum(axis=0)) <= (_LOST + form.error) * np.abs(terms).sum(axis=0)
    flat &= np.any(f, axis=0)
    if flat.any():
        z = z.copy()
        z[:, flat] = inverse.precondition(f[:, flat])
    return z


def _noise(hessian: Hessian, form: Form, z: Matrix) -> float:
    """Return what the stated errors of differences make of a residual."""
    if not (hessian.error or form.error):
        return 0.0
    length = np.linalg.norm(hessian.products(z), axis=0) / np.linalg.norm(z, axis=0)
    return 10.0 * (form.error + hessian.error * hessian.scale / float(length.min()))


class _Projected(Form):
    """A form of the part of a direction across zero modes."""

    def __init__(self, form: Form, zero: Matrix) -> None:
        self.order, self._form, self._zero = form.order, form, zero

    @property
    def error(self) -> float:  # type: ignore[override]
        """That of the form."""
        return self._form.error

    def vectors(self, block: Matrix) -> Matrix:
        """Return P U''' : (P z) (P z) of each column, P = 1 - Z Z^T."""
        return project_out(self._form.vectors(project_out(block, self._zero)), self._zero)
