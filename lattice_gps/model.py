"""The GPS model: anharmonic oscillators on a lattice, coupled like elastic dipoles (S 2)."""

from dataclasses import dataclass

from arguments import choice, real, settled
from landscape import disorder
from landscape.memory import memory
from lattice_gps.couplings import RegeneratedLattice, stored_bytes
from lattice_gps.geometry import check
from quartic import Problem

COUPLINGS = ("stored", "regenerated")
UNKNOWN = 2**31  # bytes to store couplings in where it is unknown how much memory is free


@dataclass(frozen=True, kw_only=True)
class GPSLattice:
    """Parameters of the GPS model, dimensionless; the lattice constant is 1.

    N = L^d oscillators on a periodic hypercubic lattice. All pairs interact, J_ij = J g_ij / r_ij^d with g_ij
    uniform on [-1/2, 1/2] and r_ij the distance of the nearest images; the stiffnesses have the density
    g0(kappa) = (beta + 1) kappa^beta / kappa_0^(beta + 1) on [0, kappa_0], which has no gap.

    Parameters
    ----------
    L : int
        Sites along an edge, at least 2; site i has the coordinates of `lattice_gps.geometry`.
    J : float
        Coupling strength, >= 0.
    beta : float
        Exponent of the stiffness law, > -1; 0 is uniform.
    kappa_0 : float
        Largest stiffness, > 0.
    A : float
        Anharmonicity, > 0.
    d : {1, 2, 3}
        Dimensions.
    h : float
        Field on every oscillator, >= 0 (-h is the mirror image). Without it H(-x) = H(x).

    Raises
    ------
    ValueError
        With the name of the parameter, its value and the rule.

    Examples
    --------
    In a field x = 0 is no minimum; couplings of zero leave h = kappa_i x_i + x_i^3/6:

    >>> import numpy as np, lattice_gps, quartic
    >>> problem = lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=0.0, h=0.1), seed=1, sample=0)
    >>> x = quartic.minimize(problem).x
    >>> problem.size, np.allclose(problem.stiffness * x + x**3 / 6, 0.1)
    (64, True)
    """

    L: int
    J: float
    beta: float = 0.0
    kappa_0: float = 1.0
    A: float = 1.0
    d: int = 3
    h: float = 0.0

    def __post_init__(self) -> None:
        L, d = check(self.L, self.d)
        settled(
            self,
            L=L,
            J=real("J", self.J, least=0.0),
            beta=real("beta", self.beta, above=-1.0, otherwise="the stiffness law has no norm"),
            kappa_0=real("kappa_0", self.kappa_0, above=0.0, otherwise="the stiffness law has no width"),
            A=real("A", self.A, above=0.0, otherwise="the energy has no minimum"),
            d=d,
            h=real("h", self.h, least=0.0),
        )

    @property
    def N(self) -> int:
        """Number of oscillators, L^d."""
        return int(self.L**self.d)


def draw(params: GPSLattice, *, seed: int, sample: int, coupling: str | None = None) -> Problem:
    """Return one sample of the model, ready for `quartic.minimize`.

    The random numbers behind it, uniform u_i and g_ij, depend on (seed, sample, L, d) and i, j only, on no
    thread and no order of calls:

        kappa_i = kappa_0 u_i^(1/(beta + 1)),    J_ij = J g_ij / r_ij^d.

    The other parameters only scale them: the same sample at another J or h is the same disorder.

    Parameters
    ----------
    params : GPSLattice
    seed, sample : int
        In [0, 2**32).
    coupling : {"stored", "regenerated"}, optional
        Whether J_ij is held in memory, 2 N^2 bytes, or made anew in every product: the same numbers, and the
        same bits of everything. If not given, stored where that takes at most half of the memory that is
        free, or 2 GiB where it is unknown what is free. What was chosen is the type of the problem's
        coupling: `quartic.couplings.Packed` or `lattice_gps.couplings.RegeneratedLattice`.

    Returns
    -------
    quartic.Problem
        Of N = L^d oscillators.

    Raises
    ------
    ValueError
        For an argument outside its range.
    MemoryError
        If ``"stored"`` takes more memory than is free; nothing is allocated then.

    Examples
    --------
    g_ij = J_ij r_ij^d/J is uniform on [-1/2, 1/2]; the root of its mean square is 1/12^(1/2) = 0.289:

    >>> import numpy as np, lattice_gps
    >>> problem = lattice_gps.draw(lattice_gps.GPSLattice(L=16, J=0.2, d=2), seed=1, sample=0)
    >>> i, j = np.triu_indices(256, 1)
    >>> g = problem.coupling.dense()[i, j] * lattice_gps.distance(16, 2, i, j) ** 2 / 0.2
    >>> bool((abs(g) <= 0.5).all()), round(float((g**2).mean()) ** 0.5, 2)
    (True, 0.29)
    """
    if coupling is not None:
        choice("coupling", coupling, COUPLINGS, also=", or None")
    need, free = stored_bytes(params.N), memory()
    if coupling == "stored" and free is not None and need > free:
        raise MemoryError(
            f"coupling = 'stored' takes {need / 2**30:.3g} GiB at L = {params.L}, d = {params.d}, and "
            f"{free / 2**30:.3g} GiB are free; coupling = 'regenerated' needs next to none"
        )
    if coupling is None:
        coupling = "stored" if need <= (UNKNOWN if free is None else free / 2) else "regenerated"
    label = f"lattice stiffness, d = {params.d}"
    u = disorder.uniform(params.N, seed=seed, sample=sample, label=label)
    made = RegeneratedLattice(params.L, params.d, J=params.J, seed=seed, sample=sample)
    stiffness = params.kappa_0 * u ** (1.0 / (params.beta + 1.0))
    return Problem(stiffness, made.stored() if coupling == "stored" else made, params.h, params.A)
