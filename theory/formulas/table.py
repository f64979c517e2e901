"""Domain and dimension of every formula: where it may be evaluated, and how it scales with the units.

The units are those of energy and of the coordinate x; a stiffness is energy/length^2, a frequency the square
root of a stiffness. In both units at once every formula scales as its entry says, which contains the exact
rescaling of the Hamiltonian (S 10). `thermal_slope`, of tensors, is not in the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Dimension = tuple[Any, Any]  # powers of energy and length

NUMBER: Dimension = (0, 0)
ENERGY: Dimension = (1, 0)
LENGTH: Dimension = (0, 1)
FORCE: Dimension = (1, -1)
STIFFNESS: Dimension = (1, -2)
CUBIC: Dimension = (1, -3)
QUARTIC: Dimension = (1, -4)


def power(dimension: Dimension, exponent: Any) -> Dimension:
    """Return the dimension of a power of a quantity."""
    return dimension[0] * exponent, dimension[1] * exponent


FREQUENCY = power(STIFFNESS, Fraction(1, 2))


@dataclass(frozen=True)
class Argument:
    """Range of an argument, and its dimension, which may depend on the values of the others."""

    low: float
    high: float
    dimension: Dimension | Callable[[Mapping[str, Any]], Dimension] = NUMBER

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low = {self.low}, high = {self.high}: must be low <= high")


@dataclass(frozen=True)
class Entry:
    """Arguments of a formula, in their order, and the dimension of its result."""

    arguments: Mapping[str, Argument]
    dimension: Dimension | Callable[[Mapping[str, Any]], Dimension]


def dimension_of(item: Argument | Entry, values: Mapping[str, Any]) -> Dimension:
    """Return the dimension of an argument or a result, at given values of the arguments."""
    return item.dimension(values) if callable(item.dimension) else item.dimension


def _edge(values: Mapping[str, Any]) -> Dimension:
    """Return the dimension of c in P(k) = c k^(beta + 3/2): a density of k over that power."""
    return power(STIFFNESS, -(values["beta"] + 2.5))


def _special(values: Mapping[str, Any]) -> Dimension:
    """Return the dimension of the prefactor of omega^(1 + 2/(beta + 3/2))."""
    return power(FREQUENCY, -2 - 2 / (values["beta"] + 1.5))


def _heat(values: Mapping[str, Any]) -> Dimension:
    """Return the dimension of the prefactor of omega^delta."""
    return power(FREQUENCY, -1 - values["delta"])


_number = Argument(0.3, 3.0)
_b2 = Argument(0.1, 1.0, STIFFNESS)
_b3 = Argument(2.0, 10.0, CUBIC)
_b4 = Argument(0.1, 1.0, QUARTIC)
_ratio = Argument(2.7, 3.5)
_A = Argument(0.3, 3.0, QUARTIC)
_J = Argument(0.03, 0.1, STIFFNESS)
_h = Argument(0.005, 0.02, FORCE)
_f = Argument(0.001, 0.15, FORCE)
_x = Argument(0.1, 2.0, LENGTH)
_kappa = Argument(0.3, 3.0, STIFFNESS)
_time = Argument(0.3, 3.0, power(STIFFNESS, -1))  # x' = -grad H
_omega = Argument(0.1, 1.0, FREQUENCY)
_beta = Argument(-0.45, 0.45)
_replicon = Argument(0.1, 1.0)
_p_kappa = Argument(0.3, 3.0, power(STIFFNESS, -1))
_p_f = Argument(0.3, 3.0, power(FORCE, -1))
_p = Argument(0.3, 3.0, (-3, 7))  # over (b2, b3), divided by b2
_A_g = power(FREQUENCY, -5)


def _moment(n: int) -> Argument:
    return Argument(0.5, 2.0, power(STIFFNESS, -n))


_y = Argument(0.3, 3.0, power(ENERGY, -1))
_q = Argument(0.3, 3.0, power(LENGTH, 2))
_third = Argument(0.5, 2.0, (-4, 6))  # of the square of a third derivative by a field
_unstable = Argument(-0.3, -0.1)
_weak = {"J": _J, "h": _h, "kappa_0": _kappa, "A": _A}
_free = {"h": _h, "kappa_0": _kappa, "A": _A}
_quartic = {"b2": _b2, "b3": _b3, "b4": _b4}
_wells = {"p_kappa": _p_kappa, "p_f": _p_f, "A": _A, "replicon": _replicon}

TABLE: Mapping[str, Entry] = {
    "cubic_barrier": Entry({"b2": _b2, "b3": _b3}, ENERGY),
    "cubic_barrier_position": Entry({"b2": _b2, "b3": _b3}, LENGTH),
    "stability_margin": Entry(_quartic, power(CUBIC, 2)),
    "double_well_margin": Entry(_quartic, power(CUBIC, 2)),
    "barrier_position": Entry(_quartic, LENGTH),
    "second_well_position": Entry(_quartic, LENGTH),
    "second_well_energy": Entry({"b2": _b2, "b4": _b4, "r": _ratio}, ENERGY),
    "barrier_shape": Entry({"r": _ratio}, NUMBER),
    "quartic_barrier": Entry({"b2": _b2, "b4": _b4, "r": _ratio}, ENERGY),
    "held_force": Entry({"kappa": _kappa, "x": _x, "A": _A}, FORCE),
    "oscillator_stiffness": Entry({"kappa": _kappa, "x": _x, "A": _A}, STIFFNESS),
    "oscillator_minimum": Entry({"kappa": _kappa, "f": _f, "A": _A}, LENGTH),
    "soft_oscillator_minimum": Entry({"f": _f, "A": _A}, LENGTH),
    "two_well_oscillator_minimum": Entry(
        {"kappa": Argument(-3.0, -0.6, STIFFNESS), "f": _f, "A": _A}, LENGTH
    ),
    "minimum_prefactor": Entry({"p": Argument(0.3, 3.0, (-2, 4))}, power(FREQUENCY, -4)),
    "global_minimum_prefactor": Entry({"p": _p, "b4": _b4}, _A_g),
    "ratio_density": Entry({"r": Argument(0.1, 3.0)}, NUMBER),
    "barrier_integral": Entry({"one": Argument(1.0, 1.0)}, NUMBER),
    "barrier_density": Entry({"B": Argument(0.1, 1.0, ENERGY), "b4": _b4, "p": _p}, power(ENERGY, -1)),
    "found_barrier_density": Entry(
        {
            "B": Argument(0.1, 1.0, ENERGY),
            "moment": Argument(0.3, 3.0, power(CUBIC, Fraction(4, 3))),
            "p": Argument(0.3, 3.0, (-2, 4)),
        },
        power(ENERGY, -1),
    ),
    "delocalised_prefactor": Entry({"J": _J, "k_3": _moment(3)}, power(FREQUENCY, -3)),
    "single_well_prefactor": Entry(_wells, _A_g),
    "two_well_prefactor": Entry(_wells, _A_g),
    "descended_density": Entry({"omega": _omega, **_wells, "softening": _kappa}, power(FREQUENCY, -1)),
    "edge_amplitude": Entry({"beta": _beta, "width": _kappa, "p_f": _p_f, "A": _A}, _edge),
    "edge_exponent": Entry({"beta": _beta}, NUMBER),
    "edge_prefactor": Entry({"c": Argument(0.3, 3.0, _edge), "beta": _beta, "replicon": _replicon}, _edge),
    "special_exponent": Entry({"beta": _beta}, NUMBER),
    "special_prefactor": Entry({"c": Argument(0.3, 3.0, _edge), "beta": _beta, "J": _J}, _special),
    "special_divergence": Entry({"beta": _beta}, NUMBER),
    "zero_field_coupling": Entry({"b": _kappa, "width": _kappa}, STIFFNESS),
    "zero_field_kappa_min": Entry({"b": _kappa, "width": _kappa}, STIFFNESS),
    "field_shift": Entry(
        {"h": _h, "A": _A, "J": _J, "k_1": _moment(1), "k_4": _moment(4), "k_8": _moment(8)}, STIFFNESS
    ),
    "weak_displacement": Entry(_free, power(LENGTH, 2)),
    "mean_square_displacement": Entry(_free, power(LENGTH, 2)),
    "weak_response": Entry(_free, power(STIFFNESS, -1)),
    "weak_exponent": Entry(_weak, NUMBER),
    "weak_softening_factor": Entry(_free, NUMBER),
    "weak_field_density": Entry(_weak, power(FORCE, -1)),
    "weak_replicon": Entry(_weak, NUMBER),
    "weak_prefactor_single_well": Entry(_weak, _A_g),
    "weak_prefactor_two_wells": Entry(_weak, _A_g),
    "strong_displacement": Entry({"J": _J, "kappa_0": _kappa, "A": _A}, LENGTH),
    "strong_prefactor": Entry({"J": _J, "kappa_0": _kappa, "A": _A}, _A_g),
    "crossover_coupling": Entry(_free, STIFFNESS),
    "crossover_frequency": Entry({"f": _f, "A": _A}, FREQUENCY),
    "strong_crossover_frequency": Entry({"J": _J, "kappa_0": _kappa}, FREQUENCY),
    "reconstructed_density": Entry({"omega": _omega, "p_0": _p_kappa}, power(FREQUENCY, -1)),
    "boson_peak_frequency": Entry({"f_0": _f, "A": _A}, FREQUENCY),
    "dilute_field_width": Entry(
        {"n": Argument(0.001, 0.1), "J": _J, "x": _x, "d": Argument(1.0, 3.0)}, FORCE
    ),
    "dilute_field_tail": Entry({"f": _f, "width": Argument(1e-4, 1e-3, FORCE)}, power(FORCE, -1)),
    "lattice_field_width": Entry(
        {"n": Argument(0.001, 0.1), "J": _J, "x": _x, "d": Argument(1.0, 3.0)}, FORCE
    ),
    "dense_field_kurtosis": Entry(
        {"kurtosis": Argument(2.0, 30.0), "S_2": Argument(3.0, 9.0), "S_4": Argument(2.0, 7.0)}, NUMBER
    ),
    "unstable_pair_probability": Entry({"c": Argument(0.01, 1.0)}, NUMBER),
    "pair_mean_square": Entry(
        {"J": _J, "kappa_0": _kappa, "A": _A, "S": Argument(6.0, 8.0)}, power(LENGTH, 2)
    ),
    "pair_mean_displacement": Entry({"J": _J, "kappa_0": _kappa, "A": _A, "S": Argument(6.0, 8.0)}, LENGTH),
    "boson_peak_exponent": Entry({"beta": _beta}, NUMBER),
    "neighbour_weight": Entry({"V": _J, "detuning": _kappa}, NUMBER),
    "resonant_weight": Entry({"V": _J, "p": _p_kappa}, NUMBER),
    "box_participation_ratio": Entry({"N_c": _number, "N": _number}, NUMBER),
    "mode_number": Entry({"A_g": Argument(0.3, 3.0, _A_g), "omega_g": _omega}, NUMBER),
    "softest_mode_law": Entry(
        {"omega": _omega, "N": Argument(1.0, 5.0), "A_g": Argument(1.0, 5.0, _A_g)}, NUMBER
    ),
    "cubic_coefficient_bound": Entry({"omega": _omega, "b4": _b4}, CUBIC),
    "mode_pull": Entry({"k_i": _kappa, "k_j": _kappa, "J": _J, "x_i": _x, "x_j": _x}, NUMBER),
    "pull_threshold": Entry({"epsilon": Argument(0.001, 0.1)}, NUMBER),
    "window_ratio": Entry({"k_i": _kappa, "k_j": _kappa, "J": _J, "r_j": Argument(0.1, 3.0)}, NUMBER),
    "undone_share": Entry({"X": Argument(1.0, 3.0, QUARTIC), "b4": _b4, "r": Argument(0.1, 3.0)}, NUMBER),
    "bent_share": Entry({"K": _kappa, "g": Argument(0.1, 2.0, power(LENGTH, -1)), "A": _A}, NUMBER),
    "bent_ratio": Entry({"F": Argument(0.1, 0.9), "s2": Argument(0.1, 1.0)}, NUMBER),
    "valley_ratio": Entry({"f": Argument(0.1, 2.0), "r_z": Argument(0.01, 3.0)}, NUMBER),
    "backward_ratio": Entry({"f": Argument(0.1, 2.0), "r_z": Argument(0.01, 3.0)}, NUMBER),
    "softening_stiffness": Entry({"b3": _b3, "F": _f, "distance": _number}, STIFFNESS),
    "soft_mode_heat": Entry({"omega": _omega, "b3": _b3, "force": _f}, NUMBER),
    "heat_tail_exponent": Entry({"delta": Argument(0.0, 6.0), "steepness": Argument(0.0, 2.0)}, NUMBER),
    "specific_heat_factor": Entry({"delta": Argument(0.0, 6.0)}, NUMBER),
    "power_law_specific_heat": Entry(
        {"T": _omega, "A_g": Argument(0.3, 3.0, _heat), "delta": Argument(0.0, 6.0)}, NUMBER
    ),
    "minimum_temperature": Entry(
        {"C_TLS": Argument(0.3, 3.0, power(FREQUENCY, -1)), "C_sm": Argument(0.3, 3.0, power(FREQUENCY, -5))},
        FREQUENCY,
    ),
    "band_width": Entry(
        {"disorder": _number, "omega": _omega, "degeneracy": _number, "N": _number}, FREQUENCY
    ),
    "hybridisation_exponent": Entry({"d": Argument(1.0, 4.0)}, NUMBER),
    "hybridisation_frequency": Entry({"disorder": _number, "L": _number, "d": Argument(1.0, 4.0)}, NUMBER),
    "flow_rate": Entry({"J": _J, "y": _y, "first": _x, "second": _moment(1)}, STIFFNESS),
    "law_rate": Entry(
        {
            "J": _J,
            "y": _y,
            "density": _p_f,
            "slope": Argument(0.3, 3.0, power(FORCE, -2)),
            "curvature": Argument(0.3, 3.0, power(FORCE, -3)),
            "first": _x,
            "second": _moment(1),
        },
        (-1, -1),
    ),
    "measure_gradient": Entry({"J": _J, "q": _q, "q_hat": _q}, (2, -2)),
    "edge_gradient": Entry(
        {"J": _J, "y": _y, "chi": _moment(1), "response": _moment(1), "q": _q, "q_hat": _q}, STIFFNESS
    ),
    "coupling_slope": Entry({"J": _J, "moment": Argument(0.3, 3.0, (-1, 4))}, power(LENGTH, 2)),
    "marginality_slope": Entry({"J": _J, "y": _y, "third": _third, "second": _moment(3)}, power(LENGTH, -2)),
    "response_density": Entry({"third": _third, "second": _moment(3)}, power(ENERGY, -1)),
    "onset_spread": Entry({"J": _J, "replicon": _unstable, "third": _third}, power(LENGTH, 2)),
    "onset_energy": Entry({"J": _J, "replicon": _unstable, "third": _third, "second": _moment(3)}, ENERGY),
    "deep_well_energy": Entry(
        {"kappa": Argument(-3.0, -0.6, STIFFNESS), "J": _J, "A": _A, "e_sk": Argument(-0.8, -0.7)}, ENERGY
    ),
    "edge_response_exponent": Entry({"g": _number}, NUMBER),
    "edge_response": Entry(
        {
            "v": Argument(0.01, 0.1, power(FORCE, 2)),
            "r": _replicon,
            "p_kappa": _p_kappa,
            "P": _p_f,
            "J": _J,
            "A": _A,
            "number": Argument(0.05, 0.1),
        },
        power(ENERGY, -1),
    ),
    "field_gap_exponent": Entry(
        {
            "H": _f,
            "kappa": Argument(-3.0, -0.6, STIFFNESS),
            "c": Argument(0.1, 0.3, (Fraction(1, 4), Fraction(-5, 4))),
            "A": _A,
        },
        NUMBER,
    ),
    "flow_energy": Entry(
        {"J": _J, "site": Argument(-0.3, 0.3, ENERGY), "memory": Argument(0.3, 3.0, (-1, 4))}, ENERGY
    ),
    "linear_flow": Entry({"eigenvalue": _kappa, "t": _time}, power(STIFFNESS, -1)),
    "linear_flow_energy": Entry({"h": _h, "eigenvalue": _kappa, "t": _time}, ENERGY),
}
