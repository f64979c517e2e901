"""Experiments notice an error planted in the formula they test, hold without one, and find what docs say."""

import pytest

from qle.experiments import (
    critical_line,
    cubic_modes,
    dilute_fields,
    driving,
    gapless_spectra,
    gradient_flow,
    nonlinear_window,
    phonons,
    reconstruction,
    rescaling,
    soft_potentials,
    softest_mode,
    specific_heat,
    strong_coupling,
    thermal_response,
    weak_coupling,
    wells,
)
from tests.on_paper import differences
from tests.planted import Run, check_that_errors_are_noticed

PLANTED: list[tuple[Run, str, float]] = [
    (wells.stability, "stability_margin", -1.0),
    (wells.stability, "cubic_coefficient_bound", 1.02),
    (wells.double_wells, "double_well_margin", -1.0),
    (wells.double_wells, "barrier_position", 1.001),
    (wells.cubic_barriers, "cubic_barrier", 1.001),
    (wells.cubic_barriers, "cubic_barrier_position", 1.01),
    (wells.quartic_barriers, "quartic_barrier", 1.001),
    (gapless_spectra.delocalised, "delocalised_prefactor", 1.01),
    (gapless_spectra.localised, "single_well_prefactor", 1.01),
    (gapless_spectra.edges, "edge_exponent", 1.03),
    (gapless_spectra.edges, "edge_amplitude", 1.03),
    (gapless_spectra.edges, "edge_prefactor", 1.03),
    (gapless_spectra.special, "special_exponent", 1.01),
    (gapless_spectra.special, "special_prefactor", 1.01),
    (gradient_flow.linear, "linear_flow", 1.0002),
    (gradient_flow.linear, "linear_flow_energy", 1.0002),
    (gradient_flow.energy, "flow_energy", 1.001),
    (critical_line.zero_field, "zero_field_coupling", 1.00001),
    (critical_line.zero_field, "zero_field_kappa_min", 1.00001),
    (critical_line.field_shift, "field_shift", 1.01),
    (critical_line.divergence, "special_divergence", 1.02),
    (reconstruction.destabilised, "reconstructed_density", 1.01),
    (reconstruction.stiffened, "two_well_prefactor", 1.03),
    (reconstruction.boson_peak, "boson_peak_frequency", 1.1),
    (dilute_fields.cauchy, "dilute_field_width", 1.2),
    (dilute_fields.cauchy, "dilute_field_tail", 1.3),
    (softest_mode.independent, "softest_mode_law", 0.9),
    (rescaling.single, "held_force", 1.00001),
    (rescaling.single, "oscillator_stiffness", 1.00001),
    (rescaling.single, "oscillator_minimum", 1.00001),
    (rescaling.single, "soft_oscillator_minimum", 1.00001),
    (rescaling.single, "two_well_oscillator_minimum", 1.00001),
    (cubic_modes.cubic_modes, "cubic_barrier", 1.00001),
    (driving.softening, "softening_stiffness", 1.001),
    (thermal_response.slopes, "thermal_slope", 1.05),
    (thermal_response.equipartition, "thermal_slope", 1.00001),
    (specific_heat.soft_modes, "specific_heat_factor", 1.001),
    (specific_heat.soft_modes, "power_law_specific_heat", 1.03),
    (specific_heat.minimum, "minimum_temperature", 1.001),
    (soft_potentials.ratios, "ratio_density", 1.5),
    (soft_potentials.minima, "minimum_prefactor", 1.2),
    (soft_potentials.minima, "global_minimum_prefactor", 1.1),
    (soft_potentials.barriers, "barrier_density", 1.2),
    (phonons.merging, "hybridisation_exponent", 1.05),
]


def planted(run: Run) -> list[tuple[str, float]]:
    return [(name, factor) for other, name, factor in PLANTED if other is run]


@pytest.mark.parametrize("run", dict.fromkeys(run for run, _, _ in PLANTED), ids=lambda run: run.__name__)
def test_an_experiment_holds_and_notices_planted_errors(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The formula times a factor is rejected; without it nothing is, at 1 percent over the experiment."""
    assert differences(check_that_errors_are_noticed(run, planted(run), monkeypatch)) == []


@pytest.mark.verify
@pytest.mark.parametrize(
    "run",
    [
        cubic_modes.shallow, gradient_flow.rest, gradient_flow.samples, gradient_flow.slowing,
        nonlinear_window.pairs, phonons.widths, rescaling.rescaled, strong_coupling.powers,
        weak_coupling.limit,
    ],
    ids=lambda run: run.__name__,
)  # fmt: skip
def test_an_experiment_finds_what_docs_say(run: Run) -> None:
    """Of those that take a second or two; the others of docs are found by `qle verify --quick` alone."""
    assert differences(run(True)) == []
