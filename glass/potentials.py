"""The pair potentials by name, as their papers have them, and those of a user."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from arguments import choice, count, real
from glass.mixing import Mixing
from glass.potential import Potential
from glass.powers import Contact, SmoothedPowers, StickyPowers
from landscape.arrays import Matrix, Vector

_MOST = 3  # derivatives made continuous at a cut-off


def soft_spheres(
    *, exponent: int = 10, reach: float = 1.4, smooth: int = 3, non_additivity: float = 0.1
) -> SmoothedPowers:
    """Return x^-10 of polydisperse spheres, cut off smoothly: the source's glasses (lerner2021, Sec. II).

    Its sizes are drawn from lambda^-3 on [1, 2.22], at N/L^d = 0.65. Another exponent must be even.

    Returns
    -------
    SmoothedPowers

    Raises
    ------
    ValueError
        For an argument outside its range.

    Examples
    --------
    >>> import glass
    >>> spheres = glass.soft_spheres()
    >>> spheres.reach, spheres.smooth, spheres.repulsive
    (1.4, 3, True)
    """
    half, odd = divmod(count("exponent", exponent, least=2), 2)
    if odd:
        raise ValueError(f"exponent = {exponent}: must be even")
    return _powers("soft spheres", ((half, 1.0),), Mixing(non_additivity), reach, smooth)


def inverse_power_mixture(*, reach: float = 1.48, smooth: int = 3) -> Potential:
    """Return x^-10 of spheres of sizes 1 and 1.4, lambda = 1.18 between them (lerner2019).

    Returns
    -------
    Potential

    Examples
    --------
    >>> import glass
    >>> mixture = glass.inverse_power_mixture()
    >>> mixture.mixing.species, mixture.mixing.lengths
    ((1.0, 1.4), ((1.0, 1.18), (1.18, 1.4)))
    """
    return _powers("inverse power mixture", ((5, 1.0),), _two_sizes(), reach, smooth)


def ninarello(*, reach: float = 1.25, smooth: int = 2, non_additivity: float = 0.2) -> Potential:
    """Return x^-12 of polydisperse, non-additive spheres made for swap Monte Carlo (ninarello2017).

    Returns
    -------
    Potential

    Examples
    --------
    >>> import glass
    >>> spheres = glass.ninarello()
    >>> spheres.reach, spheres.smooth, spheres.mixing.non_additivity
    (1.25, 2, 0.2)
    """
    return _powers("Ninarello-Berthier-Coslovich", ((6, 1.0),), Mixing(non_additivity), reach, smooth)


def kob_andersen(*, reach: float = 2.5, smooth: int = 3) -> Potential:
    """Return the binary Lennard-Jones mixture of Kob and Andersen (kob1995), cut off smoothly.

    Sizes are 1 and 0.88. The paper cuts 4 eps (x^-12 - x^-6) and shifts it: forces jump at x_c, and no
    mode is defined. Here `smooth` derivatives go to zero as well, by a polynomial in x^2.

    Returns
    -------
    Potential

    Examples
    --------
    >>> import glass
    >>> mixture = glass.kob_andersen()
    >>> mixture.mixing.species, mixture.mixing.energies
    ((1.0, 0.88), ((1.0, 1.5), (1.5, 0.5)))
    """
    mixing = Mixing(0.0, (1.0, 0.88), ((1.0, 0.8), (0.8, 0.88)), ((1.0, 1.5), (1.5, 0.5)))
    terms = ((6, 4.0), (3, -4.0))
    return _powers("Kob-Andersen", terms, mixing, reach, smooth, repulsive=False)


def harmonic_spheres() -> Potential:
    """Return (1 - x)^2/2 within contact (ohern2003): M is defined, third derivatives are not.

    Returns
    -------
    Potential

    Examples
    --------
    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4, potential=glass.harmonic_spheres())
    >>> round(pair.energy(pair.x), 6)  # 0.1^2/2
    0.005
    """
    return Contact("harmonic spheres", Mixing(), alpha=2.0)


def hertzian_spheres() -> Potential:
    """Return (1 - x)^(5/2) 2/5 within contact (ohern2003): fourth derivatives are not defined.

    Third derivatives are, but grow as (1 - x)^(-1/2) towards contact.

    Returns
    -------
    Potential

    Examples
    --------
    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4, potential=glass.hertzian_spheres())
    >>> round(pair.energy(pair.x), 6), round(0.4 * 0.1**2.5, 6)
    (0.001265, 0.001265)
    """
    return Contact("Hertzian spheres", Mixing(), alpha=2.5)


def sticky_spheres(*, r_c: float = 1.5) -> Potential:
    """Return a Lennard-Jones core with an attraction that ends at r_c (gonzalezlopez2021; S Fig. 7).

    r_c > 1, the control parameter of the source, is in units of the minimum's place 2^(1/6) lambda, where
    the core ends: its r_c = 1.1 would be in the core if the unit were lambda. So the potential's `reach` is
    2^(1/6) r_c. Sizes are 1 and 1.4 with lambda = 1.18 between them, as of `inverse_power_mixture`.

    Returns
    -------
    Potential

    Examples
    --------
    The well is 1 deep, at 2^(1/6):

    >>> import glass
    >>> two = [[0.0, 0.0], [2 ** (1 / 6), 0.0]]
    >>> pair = glass.PairGlass(two, sizes=1.0, box=5.0, potential=glass.sticky_spheres())
    >>> round(pair.energy(pair.x), 6)
    -1.0
    """
    reach = 2.0 ** (1.0 / 6.0) * real("r_c", r_c, above=1.0)
    return StickyPowers("sticky spheres", _two_sizes(), reach=reach)


_NAMED: dict[str, Callable[[], Potential]] = {
    function.__name__: function
    for function in (
        soft_spheres,
        inverse_power_mixture,
        ninarello,
        kob_andersen,
        harmonic_spheres,
        hertzian_spheres,
        sticky_spheres,
    )
}
NAMES = tuple(_NAMED)


def named(given: str | Potential) -> Potential:
    """Return a potential as given, or the one of a name with the parameters of its paper."""
    if isinstance(given, Potential):
        return given
    return _NAMED[choice("potential", given, NAMES, also=" or a glass.Potential")]()


class Custom(Potential):
    """A potential of your own, v(q) between particles with lambda = eps = 1.

    Parameters
    ----------
    functions : sequence of callable
        v, v', v'' ...: by q = r^2/2, of arrays (P,); at least two more than `smooth`, or five.
    reach : float
        The distance from which it is zero, > 0.
    smooth : int
        How many derivatives vanish there, 1 to 3; this is looked at.
    mixing : Mixing, optional
        How sizes scale it; additive if not given.
    repulsive : bool
        Whether v falls everywhere: tells which particles rattle.

    Raises
    ------
    ValueError
        For an argument outside its range, and where v or one of its first derivatives does not vanish there.

    Examples
    --------
    (1 - q)^4 and its derivatives, which ends at r = 2^(1/2):

    >>> import glass
    >>> v = [lambda q: (1-q)**4, lambda q: -4*(1-q)**3, lambda q: 12*(1-q)**2, lambda q: -24*(1-q)]
    >>> v += [lambda q: 24 + 0*q]
    >>> soft = glass.Custom(v, reach=2**0.5, smooth=3)
    >>> pair = glass.PairGlass([[0.0, 0.0], [1.0, 0.0]], sizes=1.0, box=4.0, potential=soft)
    >>> round(pair.energy(pair.x), 6)  # q = 1/2
    0.0625
    """

    def __init__(
        self,
        functions: Sequence[Callable[[Vector], Any]],
        *,
        reach: float,
        smooth: int,
        mixing: Mixing | None = None,
        repulsive: bool = False,
    ) -> None:
        smooth = count("smooth", smooth, most=_MOST)
        known = Mixing() if mixing is None else mixing
        super().__init__(
            "this potential", known, reach=real("reach", reach, above=0.0), smooth=smooth, repulsive=repulsive
        )
        self._functions = tuple(functions)
        if len(self._functions) < smooth + 2:
            raise ValueError(
                f"functions: {len(self._functions)} given, must be v and {smooth + 1} derivatives"
            )
        near = np.linspace(0.25, 0.5, 9) * self.reach**2  # from 0.7 of the reach to its end
        for k, values in enumerate(self.profile(near, smooth)):
            if abs(values[-1]) > 1e-9 * float(np.abs(values).max()):
                raise ValueError(f"derivative {k} of v is {values[-1]:.3g} at reach {reach}: must vanish")

    def profile(self, s: Vector, order: int) -> Matrix:
        """Return v and its derivatives."""
        return np.array([np.broadcast_to(f(s), s.shape) for f in self._functions[: order + 1]], np.float64)


def symbolic(expression: Any, *, reach: float, smooth: int, **given: Any) -> Custom:
    """Return the potential of an expression of sympy, or its text, in the symbol q = r^2/2.

    Where ``smooth`` derivatives do not vanish at the reach by themselves, subtract what is there: see
    `Custom`, which takes the other arguments.

    Examples
    --------
    >>> import glass
    >>> glass.symbolic("(1 - q)**4", reach=2**0.5, smooth=3).smooth
    3
    """
    import sympy

    q = sympy.Symbol("q")
    v = sympy.sympify(expression, locals={"q": q})
    if v.free_symbols - {q}:
        raise ValueError(f"expression holds {sorted(map(str, v.free_symbols - {q}))}: must be of q alone")
    known = [sympy.lambdify(q, sympy.diff(v, q, k), "numpy") for k in range(5)]
    return Custom(known, reach=reach, smooth=smooth, **given)


def _two_sizes() -> Mixing:
    return Mixing(0.0, (1.0, 1.4), ((1.0, 1.18), (1.18, 1.4)), ((1.0, 1.0), (1.0, 1.0)))


def _powers(
    name: str,
    terms: tuple[tuple[int, float], ...],
    mixing: Mixing,
    reach: float,
    smooth: int,
    *,
    repulsive: bool = True,
) -> SmoothedPowers:
    reach, smooth = real("reach", reach, above=0.0), count("smooth", smooth, most=_MOST)
    return SmoothedPowers(name, terms, mixing, reach=reach, smooth=smooth, repulsive=repulsive)
