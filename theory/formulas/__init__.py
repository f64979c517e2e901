"""The closed forms of the theory: each is one function of `lib`, which is numpy, mpmath or sympy.

`f(numpy, ...)` computes with floats or arrays, `f(mpmath, ...)` to any precision, `f(sympy, ...)` gives the
expression. The functions do not validate: their domains, and how each scales with the units of energy and
length, are in `theory.formulas.table`. Equation numbers (S n) are those of the source paper, Lerner and
Bouchbinder 2021. Constants are integers in the code, so that sympy's results are exact.
"""

from theory.formulas.excitations import (
    box_participation_ratio,
    cubic_coefficient_bound,
    mode_number,
    softening_stiffness,
    softest_mode_law,
)
from theory.formulas.mean_field import (
    delocalised_prefactor,
    descended_density,
    edge_amplitude,
    edge_exponent,
    edge_prefactor,
    field_shift,
    single_well_prefactor,
    special_divergence,
    special_exponent,
    special_prefactor,
    two_well_prefactor,
    zero_field_coupling,
    zero_field_kappa_min,
)
from theory.formulas.oscillator import (
    held_force,
    oscillator_minimum,
    oscillator_stiffness,
    soft_oscillator_minimum,
    two_well_oscillator_minimum,
)
from theory.formulas.phonons import band_width, hybridisation_exponent, hybridisation_frequency
from theory.formulas.reconstruction import (
    boson_peak_frequency,
    dilute_field_tail,
    dilute_field_width,
    reconstructed_density,
)
from theory.formulas.soft_potentials import (
    barrier_density,
    barrier_integral,
    global_minimum_prefactor,
    minimum_prefactor,
    ratio_density,
)
from theory.formulas.strong_coupling import (
    crossover_coupling,
    crossover_frequency,
    strong_crossover_frequency,
    strong_displacement,
    strong_prefactor,
)
from theory.formulas.thermal import (
    minimum_temperature,
    power_law_specific_heat,
    specific_heat_factor,
    thermal_slope,
)
from theory.formulas.weak_coupling import (
    mean_square_displacement,
    weak_displacement,
    weak_exponent,
    weak_field_density,
    weak_prefactor_single_well,
    weak_prefactor_two_wells,
    weak_replicon,
    weak_response,
    weak_softening_factor,
)
from theory.formulas.wells import (
    barrier_position,
    barrier_shape,
    cubic_barrier,
    cubic_barrier_position,
    double_well_margin,
    quartic_barrier,
    second_well_energy,
    second_well_position,
    stability_margin,
)

__all__ = [
    "band_width",
    "barrier_density",
    "barrier_integral",
    "barrier_position",
    "barrier_shape",
    "boson_peak_frequency",
    "box_participation_ratio",
    "crossover_coupling",
    "crossover_frequency",
    "cubic_barrier",
    "cubic_barrier_position",
    "cubic_coefficient_bound",
    "delocalised_prefactor",
    "descended_density",
    "dilute_field_tail",
    "dilute_field_width",
    "double_well_margin",
    "edge_amplitude",
    "edge_exponent",
    "edge_prefactor",
    "field_shift",
    "global_minimum_prefactor",
    "held_force",
    "hybridisation_exponent",
    "hybridisation_frequency",
    "mean_square_displacement",
    "minimum_prefactor",
    "minimum_temperature",
    "mode_number",
    "oscillator_minimum",
    "oscillator_stiffness",
    "power_law_specific_heat",
    "quartic_barrier",
    "ratio_density",
    "reconstructed_density",
    "second_well_energy",
    "second_well_position",
    "single_well_prefactor",
    "soft_oscillator_minimum",
    "softening_stiffness",
    "softest_mode_law",
    "special_divergence",
    "special_exponent",
    "special_prefactor",
    "specific_heat_factor",
    "stability_margin",
    "strong_crossover_frequency",
    "strong_displacement",
    "strong_prefactor",
    "thermal_slope",
    "two_well_oscillator_minimum",
    "two_well_prefactor",
    "weak_displacement",
    "weak_exponent",
    "weak_field_density",
    "weak_prefactor_single_well",
    "weak_prefactor_two_wells",
    "weak_replicon",
    "weak_response",
    "weak_softening_factor",
    "zero_field_coupling",
    "zero_field_kappa_min",
]
