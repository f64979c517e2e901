"""Liquids: that they are in equilibrium at their temperature, and what is said where they are not."""

import itertools
import math

import numpy as np
import pytest

import glass
from glass import swap
from glass.equilibration import bond_order, judged
from glass.liquid import LARGEST, Chain


def as_glass(chain: Chain, box: float) -> glass.PairGlass:
    return glass.PairGlass(chain.x, sizes=chain.sizes, box=box, potential="soft_spheres")


def test_the_temperature_is_that_of_forces_and_curvatures() -> None:
    """<|grad U|^2> = T <trace M> in equilibrium: by derivatives of the energy, which no step has seen.

    Four standard errors of 150 configurations: a false alarm in 16,000. A temperature wrong by 8 percent
    would be seen.
    """
    params = glass.SoftSpheres(N=64, T_p=0.8)
    chain = Chain(params, seed=1, sample=0)
    chain.advance(300 * 64, aim=True)
    forces, curvatures = [], []
    for _ in range(150):
        chain.advance(10 * 64, aim=False)
        made = as_glass(chain, params.box)
        forces.append(float(np.sum(made.gradient(made.x) ** 2)))
        curvatures.append(float(made.bonds(made.x, 2).matrix().diagonal().sum()))
    rest = np.array(forces) - 0.8 * np.array(curvatures)
    error = rest.std(ddof=1) / np.sqrt(rest.size)
    assert abs(rest.mean()) < 4.0 * error
    assert 4.0 * error < 0.08 * 0.8 * np.mean(curvatures)
    assert chain.tally[swap.ENERGY] == pytest.approx(made.energy(made.x), rel=1e-11)


def test_swaps_change_no_average() -> None:
    """Mean energies with and without them, in a liquid so hot that particles change places by themselves.

    Four standard errors of 30 stretches each.
    """
    params = glass.SoftSpheres(N=64, T_p=3.0)
    means, errors = [], []
    for share in (0.0, 0.5):
        chain = Chain(params, seed=2, sample=1, share=share)
        chain.advance(200 * 64, aim=True)
        energies = np.array([chain.advance(100 * 64, aim=False) for _ in range(30)])
        means.append(energies.mean())
        errors.append(energies.std(ddof=1) / np.sqrt(30))
    assert abs(means[0] - means[1]) < 4.0 * np.hypot(*errors)
    assert 4.0 * np.hypot(*errors) < 0.03 * means[0]
    assert chain.tally[swap.SWAPS_TAKEN] > 0.2 * chain.tally[swap.SWAPS_TRIED]
    unmixed = np.sort(chain.sizes)
    assert np.array_equal(unmixed, np.sort(Chain(params, seed=2, sample=1).sizes))


def test_swaps_alone_sample_the_weights_of_boltzmann() -> None:
    """Of the 24 orders of four sizes at four places that stay, whose energies are those of `PairGlass`.

    Four standard errors of 20,000 orders, 40 swaps apart. A temperature wrong by 3 percent would be seen.
    """
    x = 0.85 * np.array([[0.0, 0.0], [1.3, 0.1], [0.2, 1.4], [1.6, 1.5]])
    sizes = np.array([1.0, 1.15, 1.3, 1.45])
    law, temperature, box = glass.soft_spheres(), 0.4, 20.0

    def energy(order: np.ndarray) -> float:
        return glass.PairGlass(x, sizes=order, box=box, potential=law).energy(x.ravel())

    exact = np.array([energy(np.array(order)) for order in itertools.permutations(sizes)])
    weights = np.exp(-(exact - exact.min()) / temperature)
    mean, square = (float(weights @ exact**p / weights.sum()) for p in (1, 2))
    near = np.array([[k for k in range(4) if k != i] for i in range(4)])
    walls = box, law.reach**2, law.mixing.non_additivity, np.array(law.taylor)
    state, tally, found = np.arange(1, 5, dtype=np.uint64) << np.uint64(40), np.zeros(5), np.empty(20_000)
    tally[swap.ENERGY] = energy(sizes)
    for k in range(found.size):
        rule = (1.0, 0.1, 10.0, 1.0)
        swap.walk(x, sizes, near, np.full(4, 3), walls, temperature, 40, rule, x, state, tally)
        found[k] = tally[swap.ENERGY]
    error = np.sqrt((square - mean**2) / found.size)
    assert abs(found.mean() - mean) < 4.0 * error
    assert 4.0 * error < 0.03 * (square - mean**2) / temperature  # what 3 percent of T would change
    assert energy(sizes) == pytest.approx(tally[swap.ENERGY], rel=1e-9)


def test_random_numbers_are_those_of_the_generator() -> None:
    """The first words of its authors' program from the state 1, 2, 3, 4; a number is the upper 53 bits."""
    state = np.arange(1, 5, dtype=np.uint64)
    words = 5, 211106232532999, 211106635186183, 9223759065350669058, 9250833439874351877
    assert [swap.uniform(state) * 2.0**53 for _ in words] == [float(word >> 11) for word in words]


def test_boltzmann_weights() -> None:
    for x in np.linspace(0.0, 59.0, 400):
        assert swap.boltzmann(x) == pytest.approx(math.exp(-x), rel=1e-10)
    assert swap.boltzmann(1e300) == swap.boltzmann(math.inf) == 0.0


@pytest.mark.parametrize("d", [2, 3])
def test_a_liquid_is_a_function_of_its_address(d: int) -> None:
    params = glass.SoftSpheres(N=160 if d == 3 else 64, d=d, T_p=1.0, sweeps=32)
    one, same = (glass.draw(params, seed=3, sample=5) for _ in range(2))
    assert np.array_equal(one.x, same.x)
    assert np.array_equal(one.sizes, same.sizes)
    assert not np.array_equal(one.x, glass.draw(params, seed=3, sample=6).x)
    assert one.volume == pytest.approx(params.N / 0.65)


def test_sizes_have_their_law() -> None:
    """lambda^-2 is uniform on [2.22^-2, 1]; mean and variance within four standard errors."""
    chain = Chain(glass.SoftSpheres(N=4000, T_p=1.0), seed=1, sample=0)
    u = (chain.sizes**-2 - LARGEST**-2) / (1.0 - LARGEST**-2)
    assert u.min() >= 0.0
    assert u.max() <= 1.0
    assert abs(u.mean() - 0.5) < 4.0 / np.sqrt(12 * 4000)
    assert abs(u.var() - 1.0 / 12.0) < 4.0 / np.sqrt(180 * 4000)


def lattice(*motif: tuple[float, ...], cells: int, box: tuple[float, ...]) -> glass.PairGlass:
    """Return spheres on the sites of a lattice, of which only nearest neighbours touch."""
    d = len(box)
    corners = np.argwhere(np.ones((cells,) * d)).astype(float)
    sites = np.concatenate([corners + np.array(one) for one in motif]) * np.array(box)
    return glass.PairGlass(sites, sizes=1.05, box=np.array(box) * cells, potential="harmonic_spheres")


def test_order_of_crystals() -> None:
    """|psi_6| = 1 of the triangular lattice; Q_6 = 0.57452 of fcc (Steinhardt et al. 1983)."""
    plane = lattice((0.0, 0.0), (0.5, 0.5), cells=6, box=(1.0, 3.0**0.5))
    bonds = plane.bonds(plane.x, 0)
    assert bonds.i.size == 3 * plane.particles
    assert bond_order(bonds) == pytest.approx(bonds.i.size**0.5, rel=1e-12)
    motif = (0.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5)
    solid = lattice(*motif, cells=3, box=(2.0**0.5,) * 3)
    bonds = solid.bonds(solid.x, 0)
    assert bonds.i.size == 6 * solid.particles
    assert bond_order(bonds) == pytest.approx(0.57452 * bonds.i.size**0.5, rel=1e-5)


def test_what_is_out_of_equilibrium_is_said() -> None:
    quiet = {"overlap": 0.1, "order": 1.0, "moves_taken": 0.4, "swaps_taken": 0.3}
    noise = 0.01 * np.random.default_rng(0).normal(size=32)
    assert judged(energy=3.0 + noise, **quiet).faults == ()
    assert judged(energy=3.0 + noise - 0.005 * np.arange(32), **quiet).faults == ("ageing",)
    assert judged(energy=3.0 + noise, **(quiet | {"overlap": 0.5, "order": 9.0})).faults == (
        "overlap",
        "order",
    )
    _, short = glass.equilibrate(glass.SoftSpheres(N=64, T_p=0.1, sweeps=64), seed=1, sample=0)
    assert "overlap" in short.faults


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"N": 20}, "N = 20: must be >= 26, for a box of twice the reach"),
        ({"d": 4}, "d = 4: must be an integer from 2 to 3"),
        ({"T_p": 0.0}, "T_p = 0.0: must be finite and > 0"),
        ({"sweeps": 3}, "sweeps = 3: must be an integer of at least 32"),
    ],
)
def test_refused(change: dict[str, float], message: str) -> None:
    known = {"N": 64, "T_p": 1.0} | change
    with pytest.raises(ValueError, match=message):
        glass.SoftSpheres(**known)  # type: ignore[arg-type]


@pytest.mark.verify
@pytest.mark.parametrize(("temperature", "modulus"), [(2.0, (10.1, 3.0)), (0.5, (12.2, 2.1))])
def test_shear_moduli_of_quenched_liquids(temperature: float, modulus: tuple[float, float]) -> None:
    """Mean and standard deviation over 584 and 277 glasses of another code; 40 here, four standard errors."""
    found = []
    for sample in range(40):
        liquid = glass.draw(glass.SoftSpheres(N=400, T_p=temperature, sweeps=2000), seed=7, sample=sample)
        found.append(glass.shear_modulus(liquid, glass.quench(liquid).x))
    mean, width = modulus
    assert abs(np.mean(found) - mean) < 4.0 * width / np.sqrt(40) + 0.05
    assert abs(np.std(found, ddof=1) / width - 1.0) < 4.0 / np.sqrt(80) + 0.05
